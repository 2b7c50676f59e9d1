"""Many writers on the same few plans: what they are told adds up, nobody overspends, nobody deadlocks or waits long."""

import asyncio
from collections import Counter

import asyncpg
import orjson
import pytest

from services.funding import handlers
from services.funding.domain.rows import Plan
from services.funding.service import FundingUseCases
from services.funding.verification import verify
from shared import database
from tests.funding.conftest import Client, as_entries
from tests.support.builders import PLAN, a_commitment, a_plan, an_expense, posted, typed
from tests.support.ledger_writers import PLANS
from tests.support.running import as_process

PROCESSES = 4
WRITERS = 4
ROUNDS = 12
# Less than the writers would like to spend, so that they meet the end of it.
FUND_ORE, LOCAL_ORE = 18_000, 6_000


async def test_sixteen_writers_in_four_processes_agree_to_the_ore(
    funding: Client, funding_pool: database.Pool, funding_database: str
) -> None:
    """Spending, reversals and receipts mixed, in batches over all plans in any order; PostgreSQL sees no deadlock."""
    async with funding_pool.acquire() as connection:
        await handlers.apply(connection, "registry", as_entries(*(a_plan(plan) for plan in PLANS)))
    for plan in PLANS:
        for name, kind, amount_ore in (("lbf", "landsbyggefonden", FUND_ORE), ("by", "municipality", LOCAL_ORE)):
            await funding.post(a_commitment(f"{plan}-{name}", plan=plan, funder_kind=kind, amount_ore=amount_ore))

    async def told_by(seed: int) -> list[dict[str, dict[str, dict[str, int]]]]:
        arguments = (funding_database, str(seed), str(WRITERS), str(ROUNDS))
        async with as_process("-m", "tests.support.ledger_writers", *arguments, environment={}) as process:
            assert process.stdout is not None
            written = await process.stdout.read()
            assert await process.wait() == 0
        told: list[dict[str, dict[str, dict[str, int]]]] = orjson.loads(written)
        return told

    told = await asyncio.gather(*(told_by(seed) for seed in range(1, PROCESSES + 1)))
    writers = [writer for process in told for writer in process]
    assert len(writers) == 16
    refusals = sum((Counter(writer["refusals"]) for writer in writers), Counter())
    assert set(refusals) <= {"over_financing", "over_commitment"}
    assert refusals["over_financing"] > 0, "nobody met the limit"
    for plan in PLANS:
        sums = sum((Counter(writer["sums"][plan]) for writer in writers), Counter())
        document = await funding.read(f"plans/{plan}")
        assert document["spent_ore"] == sums["spent"] - sums["reversed"] <= FUND_ORE + LOCAL_ORE
        assert document["received_ore"] == sums["received"] <= FUND_ORE
        assert sums["reversed"] > 0
    async with funding_pool.acquire() as connection:
        assert (await verify(connection)).findings == ()
        deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert await connection.fetchval(deadlocks) == 0


async def test_a_writer_of_one_plan_does_not_wait_for_that_of_another(funding_pool: database.Pool) -> None:
    """While one plan is locked, another is loaded at once; the same one is not to be had."""
    use_cases = FundingUseCases()
    async with funding_pool.acquire() as first, funding_pool.acquire() as second:
        await handlers.apply(first, "registry", as_entries(a_plan("anden-plan")))
        async with first.transaction(), second.transaction():
            await use_cases.load(first, [typed(an_expense())])
            await second.execute("SET LOCAL lock_timeout = '200ms'")
            state = await use_cases.load(second, [typed(an_expense(plan="anden-plan"))])
            assert len(state.all(Plan)) == 1
            with pytest.raises(asyncpg.LockNotAvailableError):
                await use_cases.load(second, [typed(an_expense(plan=PLAN))])


async def test_a_batch_takes_as_many_statements_as_a_single_event(funding: Client, funding_pool: database.Pool) -> None:
    """Nothing is asked in a loop over events."""
    await funding.post(a_commitment(amount_ore=1_000_000))

    async def statements(*names: str) -> int:
        seen: list[str] = []

        def keep(query: asyncpg.connection.LoggedQuery) -> None:
            seen.append(query.query)

        async with funding_pool.acquire() as connection:
            connection.add_query_logger(keep)
            async with connection.transaction():
                expenses = [posted(an_expense(name, amount_ore=5)) for name in names]
                use_cases = FundingUseCases()
                state = await use_cases.load(connection, [item.event for item in expenses])
                decisions = [use_cases.decide(state, item) for item in expenses]
                assert all(decision.entries for decision in decisions)
                await use_cases.save(connection, state)
        return len(seen)

    # A connection's first use also asks what the types of parameters are.
    await statements("udgift-0")
    single = await statements("udgift-1")
    assert single == await statements(*(f"udgift-{number}" for number in range(2, 302)))
    assert single <= 15
