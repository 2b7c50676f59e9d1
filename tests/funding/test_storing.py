"""What is decided reaches the database whole, in few statements, and cannot be changed there."""

import asyncio
from datetime import date

import asyncpg
import pytest
from alembic import command

from services.funding import handlers
from services.funding.app import FOLDER
from services.funding.domain.rows import Commitment
from services.funding.store import commitments
from shared import alembic_environment, database
from shared.shape import load_by
from tests.funding.conftest import Client, as_entries
from tests.support.builders import PLAN, a_commitment, a_plan, an_expense
from tests.support.ledger_in_memory import Ledger
from tests.support.money import (
    LBF,
    MUNICIPALITY,
    WAGES,
    a_budget,
    a_receipt,
    a_release,
    a_resumption,
    a_reversal,
    a_revision,
    a_statement,
    a_withholding,
    three_commitments,
)


async def test_every_event_of_funding_is_stored_as_the_rules_decide_it(
    funding: Client, funding_pool: database.Pool
) -> None:
    """The database's accounts are those of the rules alone, in one batch and over many."""
    events = [
        *three_commitments(),
        a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5),
        a_budget(),
        a_release(MUNICIPALITY, 100_000),
        a_receipt(MUNICIPALITY, 90_000),
        a_withholding(),
        a_receipt(LBF, 300_000, "rate-2"),
        a_resumption(),
        an_expense(line=WAGES, amount_ore=100_003),
        an_expense("udgift-2", line=WAGES, amount_ore=7),
        a_reversal(),
        a_revision("carry_forward", loen_2026=10),
        a_statement("submitted"),
        a_reversal("udgift-2"),
        a_statement("returned"),
        a_statement("submitted"),
        a_statement("accepted"),
    ]
    for event in events[:10]:
        await funding.post(event)
    await funding.post(*events[10:])
    ledger = Ledger()
    ledger.post(*events)
    stored = await funding_pool.fetch("SELECT account, balance_ore FROM account ORDER BY account")
    assert {row["account"]: row["balance_ore"] for row in stored} == ledger.balances()
    entries = await funding_pool.fetchval("SELECT count(*) FROM ledger_entry")
    assert entries == len(ledger.entries)
    seals = await funding_pool.fetch("SELECT digest FROM ledger_seal ORDER BY number")
    assert [row["digest"] for row in seals] == [seal.digest for seal in ledger.seals]
    assert await funding_pool.fetchval("SELECT seal FROM plan") == ledger.seals[-1].digest


async def test_a_refused_batch_leaves_nothing(funding: Client, funding_pool: database.Pool) -> None:
    """Every fault is listed, no row is there, and the chain of the plan is where it was."""
    await funding.post(*three_commitments())
    before = await funding_pool.fetchrow("SELECT seals, seal FROM plan")
    faults = await funding.refuse(
        an_expense(amount_ore=5), an_expense(amount_ore=5), a_release(MUNICIPALITY, 125_001), a_statement("accepted")
    )
    assert faults == [
        ("expense_exists", "/data/expense"),
        ("over_commitment", "/data/amount_ore"),
        ("statement_not_submitted", "/data/year"),
    ]
    assert await funding_pool.fetchval("SELECT count(*) FROM expense") == 0
    assert await funding_pool.fetchrow("SELECT seals, seal FROM plan") == before


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_seal", "budget_version"])
@pytest.mark.parametrize("change", ["UPDATE {} SET plan = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_journal_only_grows(funding: Client, funding_pool: database.Pool, table: str, change: str) -> None:
    """The database refuses every change, of the owner and of a superuser too."""
    await funding.post(*three_commitments(), a_budget())
    with pytest.raises(asyncpg.RestrictViolationError):
        await funding_pool.execute(change.format(table))


async def test_a_service_with_a_role_of_its_own_has_no_right_to_change_the_journal(
    funding_pool: database.Pool,
) -> None:
    """The right itself is taken, from the owner and from everybody."""
    granted = await funding_pool.fetch(
        "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)"
        " WHERE relname IN ('ledger_entry', 'ledger_seal', 'budget_version') ORDER BY 1, 2"
    )
    assert not {row["privilege_type"] for row in granted} & {"UPDATE", "DELETE", "TRUNCATE"}
    assert {row["relname"] for row in granted} == {"ledger_entry", "ledger_seal", "budget_version"}


async def test_a_name_that_another_plan_took_first_is_a_lost_race(funding_pool: database.Pool) -> None:
    """Two plans give one commitment the same name at once: the second fails to be tried again, and changes nothing."""
    first = Commitment("tilsagn", PLAN, "fond", "foundation", 5, False, "1", date(2025, 8, 1))  # noqa: FBT003  is not in kind
    async with funding_pool.acquire() as connection:
        await commitments.save_commitments(connection, [first])
        await handlers.apply(connection, "registry", as_entries(a_plan("anden-plan")))
        with pytest.raises(database.LOST_RACE):
            await commitments.save_commitments(connection, [first._replace(plan="anden-plan", released_ore=1)])
        assert await load_by(connection, commitments.COMMITMENTS, "plan", [PLAN]) == [first]


async def test_the_migrations_make_the_tables_that_the_models_declare(funding_database: str) -> None:
    """Nothing is declared that is not migrated, nor the other way round."""
    configuration = alembic_environment.configuration(FOLDER / "migrations", funding_database)
    await asyncio.to_thread(command.check, configuration)
