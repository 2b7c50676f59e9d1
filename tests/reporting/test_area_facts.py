"""What a release is decided from: people counted from it are as many as are counted live, in every cell."""

import random

import pytest
from hypothesis import given

from services.reporting.releases import area_facts, rules, store
from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.presence import AreaFacts
from shared import database
from shared.backbone.event_log import Entry
from shared.database import Connection, Pool
from shared.errors import Refused
from tests.oracles.histories import history
from tests.support import release_counts
from tests.support.deciding import Rules
from tests.support.folding import CHANCE, EXAMPLES, batches, fold


async def _facts(connection: Connection, calendar: Calendar) -> list[AreaFacts]:
    return [facts async for facts in area_facts.by_area(connection, calendar)]


async def _differing(connection: Connection, calendar: Calendar) -> list[object]:
    """Give every cell of which a release counts something else than is counted live."""
    counts = await release_counts.counted_live(connection, calendar)
    found: list[object] = []
    for facts in await _facts(connection, calendar):
        for cell, count in release_counts.released(facts, calendar).items():
            live = release_counts.live(cell, facts.area, calendar, counts)
            if live is not None and live != count:
                found.append((facts.area, cell, count, live))
        found += await _differing_amounts(connection, facts, calendar)
    return found


async def _differing_amounts(connection: Connection, facts: AreaFacts, calendar: Calendar) -> list[object]:
    """Give every month of an activity with other attendances or hours than are added up live."""
    rows = await connection.fetch(
        "SELECT activity, month, 100 * attendances AS attendances, 100 * participant_hours AS participant_hours,"
        " 100 * volunteer_hours AS volunteer_hours FROM activity_month JOIN activity USING (activity)"
        " WHERE area = $1 AND month <= $2 AND started_on <= $2",
        facts.area,
        calendar.period(calendar.whole).last_day,
    )
    added = {
        (done.amount, done.activity, calendar.period(Months(done.month, done.month)).first_day): done.hundredths
        for done in facts.done
    }
    live = {
        (amount, row["activity"], row["month"]): int(row[amount])
        for row in rows
        for amount in ("attendances", "participant_hours", "volunteer_hours")
    }
    return [
        (place, added.get(place, 0), live.get(place, 0))
        for place in sorted(added.keys() | live.keys())
        if added.get(place, 0) != live.get(place, 0)
    ]


async def _decide(connection: Connection, calendar: Calendar) -> None:
    if facts := await _facts(connection, calendar):
        making.beside(facts, calendar, making.decisions(facts, calendar))


async def _calendar(connection: Connection, months_back: int) -> Calendar | None:
    """Give the months up to so many before the last; None where a history tells of none."""
    days = await store.ground(connection)
    if days is None:
        return None
    last = days.months()[max(-1 - months_back, -len(days.months()))]
    return rules.calendar_of(days, last)


@pytest.mark.parametrize("months_back", [0, 1, 5, 16])
async def test_the_demo_is_counted_as_it_is_live(demo_databases: dict[str, str], months_back: int) -> None:
    """Everything that a release of any month may tell of the demo's areas."""
    connection = await database.connect(demo_databases["reporting"])
    try:
        calendar = await _calendar(connection, months_back)
        assert calendar is not None
        assert await _differing(connection, calendar) == []
        facts = await _facts(connection, calendar)
        counted = [count for area in facts for count in release_counts.released(area, calendar).values()]
        assert len(counted) > 500
        assert sum(count > 4 for count in counted) > 100
        for area in facts:
            assert {stay.person for stay in area.stays} == area.age_bands.keys()
            assert all(done.people or done.at_once for done in area.done if done.hundredths)
    finally:
        await connection.close()


@EXAMPLES
@given(chance=CHANCE)
async def test_any_history_is_counted_as_it_is_live(reporting_pool: Pool, chance: random.Random) -> None:
    """In whatever order it came, as far as the registry takes it."""
    logs = history(chance)
    logs["registry"] = _taken(logs["registry"])
    await fold(reporting_pool, batches(chance, logs))
    async with reporting_pool.acquire() as connection:
        calendar = await _calendar(connection, chance.randint(0, 3))
        if calendar is None:
            return
        assert await _differing(connection, calendar) == []
        # What always holds between counts holds, or deciding would fail.
        await _decide(connection, calendar)


@EXAMPLES
@given(chance=CHANCE)
async def test_whatever_stands_in_a_log_can_be_decided_on(reporting_pool: Pool, chance: random.Random) -> None:
    """Older logs hold what the registry would refuse today; who was there when is still of one piece."""
    logs = history(chance)
    await fold(reporting_pool, batches(chance, logs))
    async with reporting_pool.acquire() as connection:
        if calendar := await _calendar(connection, chance.randint(0, 3)):
            await _decide(connection, calendar)


def _taken(entries: list[Entry]) -> list[Entry]:
    """Give those of some entries that the registry takes, and of these what is of one piece.

    Who helps before an activity starts is counted live, and in a release from its start. Where an end is said later to
    have been before somebody enrolled or came, live counts go on to see that person, and a release does not.
    """
    registry, latest = Rules(), _Latest()
    taken = []
    for entry in entries:
        if latest.is_of_one_piece(entry):
            try:
                registry.say(entry.event)
            except (Refused, ValueError):
                # A rule refuses it, or its shape.
                continue
            latest.note(entry)
            taken.append(entry)
    return taken


class _Latest:
    """When an activity began, and the last day on which anybody enrolled or came."""

    def __init__(self) -> None:
        self._began: dict[str, str] = {}
        self._last: dict[tuple[str, str], str] = {}
        self._activity_of: dict[str, str] = {}

    def is_of_one_piece(self, entry: Entry) -> bool:
        """Tell whether an entry says nothing of an activity before its beginning, and ends nothing too early."""
        data = entry.event["data"]
        if entry.name == "volunteer.engaged":
            return bool(data["date"] >= self._began.get(data["activity"], "9999"))
        if entry.name in ("activity.ended", "course.closed", "participant.left"):
            activity = data.get("activity") or self._activity_of.get(data["course"], "")
            return bool(data["date"] >= self._last.get((activity, data.get("participant", "")), ""))
        return True

    def note(self, entry: Entry) -> None:
        """Remember what an entry says of days."""
        data = entry.event["data"]
        if entry.name == "activity.started":
            self._began.setdefault(data["activity"], data["date"])
        elif entry.name == "course.opened":
            self._activity_of[data["course"]] = data["activity"]
        elif entry.name in ("participant.enrolled", "attendance.recorded"):
            for person in ("", *data.get("participants", ()), data.get("participant", "")):
                key = data["activity"], person
                self._last[key] = max(self._last.get(key, ""), data["date"])
