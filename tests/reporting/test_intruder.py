"""Whoever takes all that is published and computes cannot narrow any withheld small count down.

The whole frame is attacked at once: network and area reports, the whole time, school years and months.
"""

import collections
import datetime as dt
import json
import random
from pathlib import Path
from typing import Final

import pytest

from services.reporting import disclosure, store, suppression
from services.reporting.disclosure import Cell
from services.reporting.domain import PeopleKey
from services.reporting.periods import Period, published_spans, school_year
from shared.backbone.event_log import Entry
from shared.database import Pool
from tests.reporting.intruder import THRESHOLD, worked_out

DEMO: Final = Path(__file__).parents[2] / "deploy" / "demo" / "registry.jsonl"
RANDOM_TABLES: Final = 2_000
RANDOM_FRAMES: Final = 12
FROZEN_FRAMES: Final = 30
EFFORT_AREAS: Final = (("2019-26", "beskaeftigelse"), ("2019-26", "uddannelse"))


def _people(chance: random.Random, areas: int, months: int, most: int) -> tuple[Period, disclosure.People]:
    """Invent who came where and when, and count them in every published span."""
    begin = dt.date(2025, chance.choice((1, 6, 8)), 1)
    whole = Period(begin, begin + dt.timedelta(days=31 * months - 15))
    people: dict[tuple[str, int], list[tuple[dt.date, tuple[str, str]]]] = {}
    for place in range(areas):
        for person in range(chance.choice((0, 1, 2, 3, 4, 5, 8, most))):
            times = chance.choice((1, 1, 2, 3, 6))
            came = [(chance.choice(whole.months()), chance.choice(EFFORT_AREAS)) for _ in range(times)]
            people[f"area-{place}", person] = came
    counted: dict[PeopleKey, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for span in published_spans(whole):
        for (area, _), came in people.items():
            for effort_area in (None, *EFFORT_AREAS) if span.has_effort_areas else (None,):
                days = sorted(day for day, what in came if effort_area in (None, what))
                here = [day for day in days if span.period.first_day.replace(day=1) <= day <= span.period.last_day]
                if not here:
                    continue
                years = {school_year(day) for day in days if day <= span.period.last_day}
                for everywhere_or in (None, area):
                    counts = counted[span.period, everywhere_or, effort_area]
                    counts["participants"] += 1
                    counts["new_participants"] += days[0] == here[0]
                    counts["multi_year_participants"] += len(years) > 1
    return whole, counted


def _attack(whole: Period, people: disclosure.People, known: frozenset[str] = frozenset()) -> list[object]:
    shown = disclosure.view(people, whole, THRESHOLD, known).shown
    # Whoever knows an area's counts takes them off every total, and looks at the rest.
    others: dict[PeopleKey, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for (period, area, effort_area), counts in people.items():
        if area is not None and area not in known:
            others[period, area, effort_area].update(counts)
            others[period, None, effort_area].update(counts)
    values = disclosure.published_values(others, whole)
    return list(worked_out(values, shown))


def test_thousands_of_random_tables_give_nothing_away() -> None:
    """An area's table under its total, by itself: 2,000 of them, with many small counts."""
    chance = random.Random(20)  # noqa: S311  a seed, no secret
    day = Period(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
    for _ in range(RANDOM_TABLES):
        cells: dict[Cell, int] = {}
        for place in range(chance.randint(1, 7)):
            cells["volunteers", day, f"area-{place}", None] = chance.choice((0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 40))
        total: Cell = ("volunteers", day, None, None)
        values = {total: sum(cells.values()), **cells}
        hidden = suppression.withheld(values, [suppression.total(total, cells)], THRESHOLD)
        assert not worked_out(values, values.keys() - hidden), values


@pytest.mark.parametrize("seed", range(RANDOM_FRAMES))
def test_linked_tables_of_a_random_network_give_nothing_away(seed: int) -> None:
    """Not in any combination of reports, and not to a coordinator who knows the own area."""
    chance = random.Random(seed)  # noqa: S311
    whole, people = _people(chance, chance.randint(1, 4), chance.choice((1, 2, 4)), 12)
    assert not _attack(whole, people)
    own = frozenset({"area-0"})
    assert not _attack(whole, people, own)


def test_the_intruder_finds_what_only_being_small_withholds() -> None:
    """The attack is a real one: with nothing but the small counts withheld, it finds many of them."""
    chance = random.Random(4)  # noqa: S311
    found = 0
    for _ in range(10):
        whole, people = _people(chance, 3, 3, 12)
        values = disclosure.published_values(people, whole)
        shown = {cell for cell, value in values.items() if not 0 < value < THRESHOLD}
        found += len(worked_out(values, shown))
    assert found > 10


def _later(
    chance: random.Random, people: disclosure.People, whole: Period
) -> dict[PeopleKey, collections.Counter[str]]:
    """Let some cells grow, in a month and in all that holds it: somebody volunteered who is in no count yet."""
    later: dict[PeopleKey, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for key, counts in people.items():
        later[key].update(counts)
    areas = sorted({area for _, area, _ in people if area is not None})
    for area in chance.sample(areas, k=min(2, len(areas))):
        month = chance.choice(whole.by_month())
        for span in published_spans(whole):
            if span.period.overlaps(month):
                for place in (area, None):
                    later[span.period, place, None]["participants"] += 1
                    later[span.period, place, None]["new_participants"] += span.period.overlaps(month)
    return later


def _attack_both(seed: int, *, minding: bool) -> list[object]:
    """Attack what is shown now, with all that was published before and still holds."""
    chance = random.Random(seed)  # noqa: S311  a seed, no secret
    whole, people = _people(chance, 4, 1, 12)
    before = disclosure.view(people, whole, THRESHOLD)
    published = [(cell, before.values[cell]) for cell in before.shown]
    later = _later(chance, people, whole)
    now = disclosure.view(later, whole, THRESHOLD, (), published if minding else ())
    values = disclosure.published_values(later, whole)
    still = {cell for cell, figure in published if values[cell] == figure}
    return list(worked_out(values, {*now.shown, *still}))


@pytest.mark.parametrize("seed", range(FROZEN_FRAMES))
def test_a_frozen_report_and_todays_give_nothing_away_together(seed: int) -> None:
    """What was published and still holds is known: what is shown now never completes it."""
    assert not _attack_both(seed, minding=True)


def test_the_intruder_finds_what_forgetting_a_frozen_report_would_show() -> None:
    """Without minding what was published, the two together give small counts away."""
    assert any(_attack_both(seed, minding=False) for seed in range(FROZEN_FRAMES))


async def test_the_demos_reports_give_nothing_away(reporting_pool: Pool) -> None:
    """What the demo's events fold to is attacked the same way."""
    entries = [
        Entry({"sequence": sequence, "recorded": "2026-07-01T00:00:00Z", "event": json.loads(line), "outcome": None})
        for sequence, line in enumerate(DEMO.read_text().splitlines(), start=1)
    ]
    async with reporting_pool.acquire() as connection:
        await store.fold(connection, "registry", entries)
        whole = await store.whole_period(connection)
        assert whole is not None
        people = await store.count_people(connection, published_spans(whole), None)
    assert not _attack(whole, people)
    for area in ("urbanplanen", "gellerupparken"):
        assert not _attack(whole, people, frozenset({area}))
