"""What funding learns from the registry's events, in any run of them."""

import pytest

from services.funding import handlers
from shared import database
from tests.funding.conftest import Client, as_entries
from tests.support.builders import a_commitment, a_plan, an_activity, an_event, an_expense


async def test_a_plan_that_is_extended_takes_expenses_until_its_new_end(
    funding: Client, funding_pool: database.Pool
) -> None:
    """The day after the old end is refused before, and booked after."""
    async with funding_pool.acquire() as connection:
        ended = a_plan("gammel", start="2022-08-01", end="2026-07-31")
        await handlers.apply(connection, "registry", as_entries(ended))
    await funding.post(a_commitment("gammel-fond", plan="gammel", funder_kind="foundation", date="2022-06-01"))
    expense = an_expense(plan="gammel", incurred_on="2026-08-01", amount_ore=5)
    assert await funding.refuse(expense) == [("outside_plan", "/data/incurred_on")]
    extension = an_event("plan.extended", {"plan": "gammel", "end": "2026-12-31", "approval_reference": "LBF 2026"})
    async with funding_pool.acquire() as connection:
        await handlers.apply(connection, "registry", as_entries(extension))
    await funding.post(expense)


async def test_what_is_learned_twice_changes_nothing(funding_pool: database.Pool) -> None:
    """A plan, its extension and an activity, in one run and again; what does not concern money is passed over."""
    extension = an_event("plan.extended", {"plan": "ny", "end": "2031-07-31", "approval_reference": "LBF"})
    entries = as_entries(a_plan("ny"), extension, an_activity("kor", plan="ny"), an_event("area.registered", {}))
    async with funding_pool.acquire() as connection:
        for _ in ("first", "again"):
            await handlers.apply(connection, "registry", entries)
        rows = await connection.fetch("SELECT plan, end_on::text FROM plan WHERE plan = 'ny'")
    assert [tuple(row) for row in rows] == [("ny", "2031-07-31")]


async def test_funding_follows_the_registry_alone(funding_pool: database.Pool) -> None:
    """Another owner's events are a mistake of ours, not of a sender's."""
    async with funding_pool.acquire() as connection:
        with pytest.raises(ValueError, match="does not follow"):
            await handlers.apply(connection, "funding", [])
