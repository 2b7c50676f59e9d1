"""What a release counts, held against what is counted live: the same cell under both names."""

from collections.abc import Mapping
from typing import Final, Literal

from services.reporting.people import store as people_store
from services.reporting.people.change import PAIR_COUNTS
from services.reporting.people.keys import PeopleGrain, PeopleKey
from services.reporting.people.staying import FollowUp, Later
from services.reporting.periods import Period, Span
from services.reporting.releasing import presence
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.presence import AreaFacts
from shared.database import Connection

# Who was new, who came back and who was there, as live counts call them.
NAMES = {"participants": "participants", "new": "new_participants", "back": "multi_year_participants"}
# What binds counts and is told nowhere.
UNTOLD = frozenset({"so_far", "neither", "back_unseen"})
LENSES = {f"{lens} by {respondent}": name for (lens, respondent), name in PAIR_COUNTS.items()}
PARTS: Final[tuple[Literal["activity", "plan", "kind"], ...]] = ("activity", "plan", "kind")
# What everybody is, as was said last: an age band and a gender.
TRAITS: Final[tuple[Literal["age_band", "gender"], ...]] = ("age_band", "gender")
LiveCounts = Mapping[PeopleKey, Mapping[str, int]]


async def counted_live(connection: Connection, calendar: Calendar) -> LiveCounts:
    """Count people live in all days that a release tells of, by all that it tells of."""
    whole = calendar.period(calendar.whole)
    long = [calendar.period(months) for months in (calendar.whole, *calendar.school_years, *calendar.years)]
    short = [calendar.period(months) for months in (*calendar.quarters, *calendar.each_month)]
    spans = [*(Span("year", period) for period in long), *(Span("month", period) for period in short)]
    people = await people_store.count_people(connection, spans, None)
    people |= await people_store.count_people_of_parts(connection, list(dict.fromkeys(long)), PARTS, None)
    years = [calendar.period(months) for months in dict.fromkeys((calendar.whole, *calendar.school_years))]
    people |= await people_store.count_by_traits(connection, years, whole.last_day, None)
    return people_store.together(people, await people_store.count_staying(connection, whole, None))


def released(facts: AreaFacts, calendar: Calendar) -> dict[Count, int]:
    """Count an area as a release does."""
    counted = presence.count_participants(facts, calendar) | presence.count_volunteers(facts, calendar)
    for lens in LENSES:
        counted |= presence.count_pairs(facts, lens, calendar)
    return {cell: count for cell, count in counted.items() if cell.name not in UNTOLD}


def live(cell: Count, area: str, calendar: Calendar, counts: LiveCounts) -> int | None:
    """Give the live count of a cell; None where nothing of it is counted live."""
    days = calendar.period(cell.months)
    if cell.name in ("seen", "seen_again"):
        return _seen(cell, days, area, calendar, counts)
    told, name = _name(cell)
    row = counts.get((days, area, told))
    return None if name is None else (row or {}).get(name, 0)


def _name(cell: Count) -> tuple[tuple[str, str] | PeopleGrain | FollowUp | None, str | None]:
    kind = cell.of[0] if cell.of else ""
    if cell.name in ("followed_up", "status"):
        status = cell.of[2] if cell.name == "status" else None
        return FollowUp(int(cell.of[1]), status), "people" if status else "followed_up"
    name = LENSES.get(cell.name) or NAMES.get(cell.name, cell.name)
    if kind == "effort_area":
        return (cell.of[1], cell.of[2]), name
    for part in (*PARTS, *TRAITS):
        if kind == part:
            return PeopleGrain(part, cell.of[1]), name
    return None, None if kind else name


def _seen(cell: Count, days: Period, area: str, calendar: Calendar, counts: LiveCounts) -> int:
    if cell.name == "seen_again":
        return counts.get((days, area, None), {}).get("seen_again", 0)
    places = [calendar.school_year_of(month) for month in cell.months]
    return counts.get((days, area, Later(places[1] - places[0])), {}).get("seen", 0)
