"""What a release is decided from is the same in whichever order the same facts were posted."""

import random
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any, Final

import pytest

from services.reporting.releases import area_facts
from services.reporting.releasing.calendar import Calendar
from shared import database
from shared.backbone.event_log import Entry
from shared.database import Pool
from tests.conftest import MakeDatabase
from tests.oracles.histories import FIRST_DAY, Logs, history
from tests.support.folding import fold

SEEDS: Final = [3, 11, 19]
CALENDAR: Final = Calendar(FIRST_DAY, 17)
OF_PEOPLE: Final = frozenset({"dk.helhedsnet.participant.enrolled.v1", "dk.helhedsnet.volunteer.engaged.v1"})


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    """Give connections to a fresh reporting database."""
    opened = await database.open_pool(await make_database("reporting"), 4)
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_order_of_enrolments_changes_no_fact(pool: Pool, seed: int) -> None:
    """An age band is that of the latest day, not that which came last; nobody is numbered by the time of the post."""
    chance = random.Random(seed)  # noqa: S311  drawn from a seed
    logs = history(chance)
    one = await _facts(pool, {**logs, "registry": _shuffled(logs["registry"], chance)})
    other = await _facts(pool, {**logs, "registry": _shuffled(logs["registry"], chance)})
    assert any(area["age_bands"] for area in one)
    assert one == other


def _shuffled(entries: list[Entry], chance: random.Random) -> list[Entry]:
    """Give the entries with all enrolments first, in an order of chance; whoever left on the same day did so later."""
    first = [entry for entry in entries if entry.document["event"]["type"] in OF_PEOPLE]
    rest = [entry for entry in entries if entry.document["event"]["type"] not in OF_PEOPLE]
    chance.shuffle(first)
    return [
        replace(entry, document={**entry.document, "sequence": sequence})
        for sequence, entry in enumerate([*first, *rest], start=1)
    ]


async def _facts(pool: Pool, logs: Logs) -> list[dict[str, Any]]:
    await fold(pool, list(logs.items()))
    async with pool.acquire() as connection, connection.transaction():
        return [asdict(facts) async for facts in area_facts.by_area(connection, CALENDAR)]
