"""What a plan owns is kept between units of work, and is what the database holds all the same, whoever wrote it."""

from typing import Any

import asyncpg
import pytest

from services.funding.domain.rows import Account, Commitment, Plan
from services.funding.service import FundingUseCases
from services.funding.store import keeping
from shared import database
from shared.backbone.working_set import WorkingSet
from tests.funding.conftest import Client
from tests.support.builders import PLAN, Json, a_commitment, an_event, an_expense, posted

OWNED = ("FROM commitment ", "FROM account ", "FROM budget_line ", "FROM statement ")


async def _written(use_cases: FundingUseCases, connection: Any, event: Json) -> WorkingSet:  # noqa: ANN401  of a pool
    """Load, decide and save one event, as a unit of work does before it appends to the log."""
    item = posted(event)
    state = await use_cases.load(connection, [item.event])
    use_cases.decide(state, item)
    await use_cases.save(connection, state)
    return state


async def _loaded(use_cases: FundingUseCases, pool: database.Pool) -> tuple[WorkingSet, int]:
    """Load what an expense asks for, and count the questions about what the plan owns."""
    asked: list[str] = []

    def keep(query: asyncpg.connection.LoggedQuery) -> None:
        asked.append(query.query)

    async with pool.acquire() as connection:
        connection.add_query_logger(keep)
        async with connection.transaction():
            state = await use_cases.load(connection, [posted(an_expense("ny")).event])
        connection.remove_query_logger(keep)
    return state, sum(table in query for query in asked for table in OWNED)


async def test_what_was_written_is_not_read_again(funding: Client, funding_pool: database.Pool) -> None:
    """After its own commit a process knows what the plan owns, exactly as one that reads all of it."""
    await funding.post(a_commitment(amount_ore=1_000_000))
    use_cases = FundingUseCases()
    async with funding_pool.acquire() as connection, connection.transaction():
        await _written(use_cases, connection, an_expense("foerste", amount_ore=700))
    kept, questions = await _loaded(use_cases, funding_pool)
    read, all_questions = await _loaded(FundingUseCases(), funding_pool)
    assert (questions, all_questions) == (0, len(OWNED))
    kinds: tuple[type[Any], ...] = (Plan, *keeping.OWNED)
    for kind in kinds:
        assert kept.mapping(kind) == read.mapping(kind)


async def test_what_another_process_wrote_is_read(funding: Client, funding_pool: database.Pool) -> None:
    """A replica that booked in between has moved the plan's seal; nothing that was kept before it counts."""
    await funding.post(a_commitment(amount_ore=1_000_000))
    use_cases = FundingUseCases()
    async with funding_pool.acquire() as connection, connection.transaction():
        await _written(use_cases, connection, an_expense("foerste", amount_ore=700))
    await funding.post(an_expense("anden", amount_ore=11), an_event("funding.withheld", _withheld()))
    state, questions = await _loaded(use_cases, funding_pool)
    assert questions == len(OWNED)
    account, commitment = state.get(Account, (PLAN, "bank")), state.get(Commitment, "tilsagn-1")
    assert account is not None
    assert account.balance_ore == -711
    assert commitment is not None
    assert commitment.withheld_reason == "Manglende regnskab"


async def test_what_was_rolled_back_is_not_believed(funding: Client, funding_pool: database.Pool) -> None:
    """A unit of work that failed after saving leaves rows in memory that the database never came to hold."""
    await funding.post(a_commitment(amount_ore=1_000_000))
    use_cases = FundingUseCases()
    async with funding_pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await _written(use_cases, connection, an_expense("foerste", amount_ore=700))
        await transaction.rollback()
    state, questions = await _loaded(use_cases, funding_pool)
    assert questions == len(OWNED)
    assert state.get(Account, (PLAN, "bank")) is None


async def test_what_is_kept_is_bounded(
    funding: Client, funding_pool: database.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan that was written longest ago goes first, and is read again."""
    await funding.post(a_commitment(amount_ore=1_000_000))
    monkeypatch.setattr(keeping, "KEPT_PLANS", 0)
    use_cases = FundingUseCases()
    async with funding_pool.acquire() as connection, connection.transaction():
        await _written(use_cases, connection, an_expense("foerste", amount_ore=700))
    _, questions = await _loaded(use_cases, funding_pool)
    assert questions == len(OWNED)


def _withheld() -> Json:
    return {"commitment": "tilsagn-1", "reason": "Manglende regnskab", "date": "2025-10-01"}
