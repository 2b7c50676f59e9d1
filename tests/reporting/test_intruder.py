"""Whoever takes all that is published and computes cannot narrow any withheld small count down.

The whole frame is attacked at once: network and area reports, the whole time, school years and months.
"""

import collections
import datetime as dt
import itertools
import json
import random
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import pytest

from services.reporting.folding import folds
from services.reporting.people import disclosure, suppression
from services.reporting.people import store as people_store
from services.reporting.people.keys import PeopleGrain, PeopleKey, Told
from services.reporting.people.knowledge import Belonging, PeopleCell
from services.reporting.people.staying import STATUSES, STAYING_COUNTS, FollowUp, Later, cohorts
from services.reporting.periods import Period, Span, published_spans, school_year
from services.reporting.reports import store
from services.reporting.terms import COUNTS
from shared import clock
from shared.backbone.event_log import Entry
from shared.database import Pool
from tests.oracles.intruder import THRESHOLD, longest, worked_out
from tests.support.extent import long_but_for

DEMO: Final = Path(__file__).parents[2] / "deploy" / "demo" / "registry.jsonl"
SOME_TABLES: Final = 150
RANDOM_TABLES: Final = 2_000
RANDOM_FRAMES: Final = 12
SEVERAL_YEARS: Final = 6
MANY_FRAMES: Final = 20
FROZEN_FRAMES: Final = 30
STAYING: Final = ("", "staying")
EVERYWHERE: Final = ("", "everywhere")
BY_AREA: Final = ("participants", "area")
EFFORT_AREAS: Final = (("2019-26", "beskaeftigelse"), ("2019-26", "uddannelse"))


# Each area has these activities; nobody may come to some of them.
ACTIVITIES: Final = {"club": (EFFORT_AREAS[0], "plan", "club"), "lab": (EFFORT_AREAS[1], "plan", "club")}
ACTIVITIES_BESIDE: Final = {"tour": (EFFORT_AREAS[1], "later", "tour")}


def _people(
    chance: random.Random, areas: int, months: int, most: int
) -> tuple[Period, disclosure.People, dict[str, Belonging]]:
    """Invent who came where and when, and count them in every published span."""
    begin = dt.date(2025, chance.choice((1, 6, 8)), 1)
    whole = Period(begin, begin + dt.timedelta(days=31 * months - 15))
    of_each = ACTIVITIES | (ACTIVITIES_BESIDE if chance.random() < 0.5 else {})
    belongs: dict[str, Belonging] = {}
    people: dict[tuple[str, int], list[tuple[dt.date, str]]] = {}
    for place in range(areas):
        area = f"area-{place}"
        for activity, (effort_area, plan, kind) in of_each.items():
            belongs[f"{area}-{activity}"] = Belonging(area, effort_area, f"{area}-{plan}", kind)
        for person in range(chance.choice((0, 1, 2, 3, 4, 5, 8, most))):
            times = chance.choice((1, 1, 2, 3, 6))
            came = [(chance.choice(whole.months()), f"{area}-{chance.choice(list(of_each))}") for _ in range(times)]
            people[area, person] = came
    counted: dict[PeopleKey, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for span in published_spans(whole):
        for (area, _), came in people.items():
            for told in _told(span, [activity for _, activity in came], belongs):
                days = sorted(day for day, activity in came if told in _of(activity, belongs))
                here = [day for day in days if span.period.first_day.replace(day=1) <= day <= span.period.last_day]
                if not here:
                    continue
                years = {school_year(day) for day in days if day <= span.period.last_day}
                for everywhere_or in (None, area):
                    counts = counted[span.period, everywhere_or, told]
                    counts["participants"] += 1
                    counts["new_participants"] += days[0] == here[0]
                    counts["multi_year_participants"] += len(years) > 1
    for (area, _), came in people.items():
        _count_staying(chance, whole, area, [day for day, _ in came], counted)
    return whole, counted, belongs


def _count_staying(
    chance: random.Random, whole: Period, area: str, days: list[dt.date], counted: dict[PeopleKey, Any]
) -> None:
    """Count in which later school years somebody came again, and where somebody is who perhaps left."""
    seen = {school_year(day) for day in days}
    left = chance.random() < 0.5
    for place in (None, area):
        for cohort in cohorts(whole):
            if school_year(cohort.year.first_day) != min(seen):
                continue
            for number, year in enumerate(cohort.later, start=1):
                counted[cohort.until(year), place, Later(number)]["seen"] += school_year(year.first_day) in seen
            if cohort.followed:
                counted[cohort.followed, place, None]["seen_again"] += len(seen) > 1
        counted[whole, place, None]["left"] += left
    if left and chance.random() < 0.7:
        status = chance.choice(STATUSES[:3])
        for place in (None, area):
            counted[whole, place, FollowUp(6)]["followed_up"] += 1
            counted[whole, place, FollowUp(6, status)]["people"] += 1


def _of(activity: str, belongs: dict[str, Belonging]) -> tuple[Told, ...]:
    belonging = belongs[activity]
    plan, kind = PeopleGrain("plan", belonging.plan), PeopleGrain("kind", belonging.kind)
    return None, belonging.effort_area, PeopleGrain("activity", activity), plan, kind


def _told(span: Span, activities: list[str], belongs: dict[str, Belonging]) -> set[Told]:
    """Give all that a person who came to some activities is counted in, in a span."""
    every = {told for activity in activities for told in _of(activity, belongs)}
    return {
        told
        for told in every
        if told is None or (span.has_parts if isinstance(told, PeopleGrain) else span.has_effort_areas)
    }


def _attack(
    whole: Period,
    people: disclosure.People,
    belongs: dict[str, Belonging],
    known: frozenset[str] = frozenset(),
) -> list[object]:
    shown = disclosure.view(people, whole, THRESHOLD, known, belongs).shown
    # Whoever knows an area's counts takes them off every total, and looks at the rest.
    others: dict[PeopleKey, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for (period, area, told), counts in people.items():
        if area is not None and area not in known:
            others[period, area, told].update(counts)
            others[period, None, told].update(counts)
    return _worked_out(disclosure.published_values(others, whole), shown, belongs, known)


def _assert_no_more_than_everybody_sees(
    whole: Period, people: disclosure.People, belongs: dict[str, Belonging], known: frozenset[str]
) -> None:
    """A coordinator sees of other areas what a lead sees, at most, and of the own all that is large enough."""
    everybody = disclosure.view(people, whole, THRESHOLD, (), belongs)
    own = disclosure.view(people, whole, THRESHOLD, known, belongs)
    assert {cell for cell in own.shown if cell[2] not in known} <= set(everybody.shown)
    assert {cell for cell, value in own.values.items() if cell[2] in known and not 0 < value < THRESHOLD} <= set(
        own.shown
    )


def _table(cell: PeopleCell, short: Collection[Period]) -> tuple[str, str]:
    """Name the table that a cell stands in, by the count, or by what it is about where all of that goes together."""
    name, period, area, told = cell
    if name in STAYING_COUNTS:
        return STAYING
    if isinstance(told, PeopleGrain) or period in short:
        return name, "part" if isinstance(told, PeopleGrain) else "short"
    about = "participants" if name in COUNTS and name != "volunteers" else name
    if told is not None:
        return about, "effort area"
    return EVERYWHERE if area is None else (about, "area")


def _worked_out(
    values: dict[PeopleCell, int],
    shown: Collection[PeopleCell],
    belongs: dict[str, Belonging],
    known: frozenset[str] = frozenset(),
) -> list[object]:
    # Of a table of which nothing is published, not even a 0, nobody knows anything.
    whole = longest(values)
    short = {*whole.by_month(), *whole.by_quarter()} - {whole}
    told = {_table(cell, short) for cell in shown if cell[2] not in known}
    values = {
        cell: value
        for cell, value in values.items()
        if (table := _table(cell, short)) in told or table == EVERYWHERE or (table == BY_AREA and STAYING in told)
    }
    return list(worked_out(values, shown, belongs))


@pytest.mark.parametrize("tables", long_but_for([SOME_TABLES, RANDOM_TABLES], [SOME_TABLES]))
def test_random_tables_give_nothing_away(tables: int) -> None:
    """An area's table under its total, by itself: many of them, with many small counts."""
    chance = random.Random(20)  # noqa: S311  a seed, no secret
    day = Period(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
    for _ in range(tables):
        cells: dict[PeopleCell, int] = {}
        for place in range(chance.randint(1, 7)):
            cells["volunteers", day, f"area-{place}", None] = chance.choice((0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 40))
        total: PeopleCell = ("volunteers", day, None, None)
        values = {total: sum(cells.values()), **cells}
        hidden = suppression.withheld(values, [suppression.total(total, cells)], THRESHOLD)
        assert not worked_out(values, values.keys() - hidden), values


@pytest.mark.parametrize("seed", long_but_for(range(RANDOM_FRAMES), range(1)))
def test_linked_tables_of_a_random_network_give_nothing_away(seed: int) -> None:
    """Not in any combination of reports, and not to a coordinator who knows the own area."""
    chance = random.Random(seed)  # noqa: S311  a seed, no secret
    whole, people, belongs = _people(chance, chance.randint(1, 3), chance.choice((1, 2, 4)), 12)
    assert not _attack(whole, people, belongs)
    own = frozenset({"area-0"})
    assert not _attack(whole, people, belongs, own)
    _assert_no_more_than_everybody_sees(whole, people, belongs, own)


@pytest.mark.parametrize("seed", long_but_for(range(MANY_FRAMES), range(1, 2)))
def test_a_coordinator_sees_no_more_of_other_areas_than_a_lead(seed: int) -> None:
    """On random networks of up to five areas, for coordinators of one and of two of them."""
    chance = random.Random(seed)  # noqa: S311  as above
    whole, people, belongs = _people(
        chance, chance.randint(2, 5), chance.choice((1, 2, 4, 13)), chance.choice((12, 40))
    )
    for known in (frozenset({"area-0"}), frozenset({"area-0", "area-1"})):
        _assert_no_more_than_everybody_sees(whole, people, belongs, known)


@pytest.mark.parametrize("seed", long_but_for(range(SEVERAL_YEARS), range(1)))
def test_who_stays_over_several_school_years_gives_nothing_away(seed: int) -> None:
    """Cohorts that are followed from year to year stand in the same frame, and are attacked with all of it."""
    chance = random.Random(seed)  # noqa: S311  as above
    whole, people, belongs = _people(chance, chance.randint(1, 3), chance.choice((16, 27)), chance.choice((12, 60)))
    assert len(cohorts(whole)) > 1
    assert not _attack(whole, people, belongs)


def test_the_intruder_finds_what_only_being_small_withholds() -> None:
    """The attack is a real one: with nothing but the small counts withheld, it finds many of them."""
    chance = random.Random(4)  # noqa: S311  as above
    found = 0
    for _ in range(4):
        whole, people, belongs = _people(chance, 2, 2, 12)
        values = disclosure.published_values(people, whole)
        shown = {cell for cell, value in values.items() if not 0 < value < THRESHOLD}
        found += len(worked_out(values, shown, belongs))
    assert found > 10


def _later(
    chance: random.Random, people: disclosure.People, whole: Period, belongs: dict[str, Belonging]
) -> dict[PeopleKey, collections.Counter[str]]:
    """Let some cells grow, in a month and in all that holds it: somebody came to an activity who is in no count yet."""
    later: dict[PeopleKey, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for key, counts in people.items():
        later[key].update(counts)
    areas = sorted({area for _, area, _ in people if area is not None})
    for area in chance.sample(areas, k=min(2, len(areas))):
        month = chance.choice(whole.by_month())
        activity = chance.choice([name for name, belonging in belongs.items() if belonging.area == area])
        for span in published_spans(whole):
            if span.period.overlaps(month):
                for place, told in itertools.product((area, None), _told(span, [activity], belongs)):
                    later[span.period, place, told]["participants"] += 1
                    later[span.period, place, told]["new_participants"] += 1
    return later


def _attack_both(seed: int, *, minding: bool) -> list[object]:
    """Attack what is shown now, with all that was published before and still holds."""
    chance = random.Random(seed)  # noqa: S311  a seed, no secret
    whole, people, belongs = _people(chance, 4, 1, 12)
    before = disclosure.view(people, whole, THRESHOLD, (), belongs)
    # What is published are reports of areas and the network, which tell of no activity, plan or kind.
    published = [(cell, before.values[cell]) for cell in before.shown if not isinstance(cell[3], PeopleGrain)]
    later = _later(chance, people, whole, belongs)
    now = disclosure.view(later, whole, THRESHOLD, (), belongs, published=published if minding else ())
    values = disclosure.published_values(later, whole)
    still = {cell for cell, figure in published if values[cell] == figure}
    return _worked_out(values, {*now.shown, *still}, belongs)


@pytest.mark.parametrize("seed", long_but_for(range(FROZEN_FRAMES), range(3)))
def test_a_frozen_report_and_todays_give_nothing_away_together(seed: int) -> None:
    """What was published and still holds is known: what is shown now never completes it."""
    assert not _attack_both(seed, minding=True)


def test_the_intruder_finds_what_forgetting_a_frozen_report_would_show() -> None:
    """Without minding what was published, the two together give small counts away."""
    assert any(_attack_both(seed, minding=False) for seed in range(FROZEN_FRAMES))


@pytest.mark.long(beside="test_linked_tables_of_a_random_network_give_nothing_away")
async def test_the_demos_reports_give_nothing_away(reporting_pool: Pool) -> None:
    """What the demo's events fold to is attacked the same way."""
    entries = [
        Entry({"sequence": sequence, "recorded": "2026-07-01T00:00:00Z", "event": json.loads(line), "outcome": None})
        for sequence, line in enumerate(DEMO.read_text().splitlines(), start=1)
    ]
    async with reporting_pool.acquire() as connection:
        await folds.fold(connection, "registry", folds.prepared(entries))
        whole = await store.whole_period(connection, clock.now().date())
        assert whole is not None
        people, belongs = await people_store.frame(connection, whole)
    assert not _attack(whole, people, belongs)
    for area in ("urbanplanen", "gellerupparken"):
        assert not _attack(whole, people, belongs, frozenset({area}))
        _assert_no_more_than_everybody_sees(whole, people, belongs, frozenset({area}))
