"""Disclosure control: the one place where counts of people are withheld, on the way out. Pure.

Readers outside an area get counts of people only from one set of tables, the frame: the whole time, each school year,
year, quarter and month, by area; for all but quarters and months by effort area; and for the whole time and school
years by activity, plan and kind of activity. All of it is protected together, so that nothing that can
be asked at one cursor gives away what is withheld in another answer. Counts for any other period are withheld.
"""

import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from services.reporting.people import staying, suppression
from services.reporting.people.change import PAIR_COUNTS
from services.reporting.people.keys import PeopleGrain, PeopleKey, Told
from services.reporting.people.knowledge import UNIONS, Belonging, PeopleCell, relations
from services.reporting.people.staying import FollowUp
from services.reporting.periods import Period, Span, published_spans
from services.reporting.terms import COUNTS, Json, Plan

# Where a row is counted, None where it is counted in no table that is published.
PublishedKey = PeopleKey | None
People = Mapping[PeopleKey, Mapping[str, int]]

NOTHING: Final[Mapping[str, Belonging]] = MappingProxyType({})
PAIR_NAMES: Final = frozenset(PAIR_COUNTS.values())


def _is_short(period: Period, whole: Period) -> bool:
    return period in _short_periods(whole)


@functools.lru_cache(maxsize=16)
def _short_periods(whole: Period) -> frozenset[Period]:
    # Asked for each of thousands of cells.
    return frozenset({*whole.by_month(), *whole.by_quarter()} - {whole})


def _is_part(cell: PeopleCell) -> bool:
    return isinstance(cell[3], PeopleGrain)


def _is_of_staying(cell: PeopleCell) -> bool:
    return cell[0] in staying.STAYING_COUNTS


def _is_first(cell: PeopleCell) -> bool:
    return not _is_part(cell) and not _is_of_staying(cell)


def _is_plain(cell: PeopleCell) -> bool:
    return _is_first(cell) and cell[3] is None


def _is_newcomers_of_short(cell: PeopleCell, whole: Period) -> bool:
    return cell[0] == "new_participants" and _is_short(cell[1], whole)


# Where not all of a family is proven safe, less of it is published: first no newcomers by month, then of activities,
# plans and kinds only who took part, then nothing of them, then no cohorts and former participants, then newcomers and
# those who stayed several years not by month or quarter, then nobody; then nobody by effort area, who took part by
# month too or not; then nobody by area. Newcomers by month go first because they bind most: each is in exactly one
# month of every longer period.
_TABLES: Final[tuple[Callable[[PeopleCell, Period], bool], ...]] = (
    lambda cell, whole: True,  # noqa: ARG005  the whole frame
    lambda cell, whole: not _is_newcomers_of_short(cell, whole),
    lambda cell, whole: not _is_newcomers_of_short(cell, whole) and (cell[0] in UNIONS or not _is_part(cell)),
    lambda cell, whole: not _is_part(cell),  # noqa: ARG005  a table of any time
    lambda cell, whole: _is_first(cell),  # noqa: ARG005  a table of any time
    lambda cell, whole: _is_first(cell) and (cell[0] in UNIONS or not _is_short(cell[1], whole)),
    lambda cell, whole: _is_first(cell) and not _is_short(cell[1], whole),
    lambda cell, whole: _is_plain(cell) and (cell[0] in UNIONS or not _is_short(cell[1], whole)),
    lambda cell, whole: _is_plain(cell) and not _is_short(cell[1], whole),
    lambda cell, whole: _is_plain(cell) and cell[2] is None and not _is_short(cell[1], whole),
)
# A frame of more cells is not tried: to find out would take longer than anybody waits for a report.
TRIED_CELLS: Final = 20_000


@dataclass(frozen=True, slots=True)
class View:
    """What one reader may see of the counts of people: the cells shown; everything else is withheld."""

    threshold: int
    shown: Collection[PeopleCell]
    whole: Period | None = None
    values: Mapping[PeopleCell, int] = field(default_factory=dict)
    people: People = field(default_factory=dict)

    def protect(self, report: Json, period: Period | None, area: str | None) -> Json:
        """Withhold what this reader may not see, in a report that nobody has seen yet; `area` is an area report's."""
        return self._withhold(report, _places(report, period, area) if period else ())

    def protect_plan(self, report: Json, period: Period | None, plan: Plan, plans: Iterable[Plan]) -> Json:
        """Withhold what this reader may not see in the report of a plan; `plans` are all that there are."""
        is_alone = not any(set(plan.areas) & set(other.areas) for other in plans if other.plan != plan.plan)
        places = self._places_of_plan(report, period, plan, is_alone=is_alone) if period else ()
        # What is shown is the published cell's own figure, or nothing.
        return self._withhold(report, places, self.values)

    def _withhold(
        self,
        report: Json,
        places: Iterable[tuple[Json, tuple[str, ...], PublishedKey]],
        only: Mapping[PeopleCell, int] | None = None,
    ) -> Json:
        withheld = published = 0
        for row, names, place in places:
            for name in names:
                if place and self._may_show((name, *self._published(*place)), _figure(row, name), only):
                    published += 1
                    continue
                withheld += 1
                if name in row:
                    row[name] = {"value": None, "suppressed": True}
                else:
                    # A row of change has one count, of pairs, and goes with it.
                    row.update(dict.fromkeys(row.keys() - {"lens", "respondent"}), suppressed=True)
        report["disclosure"] = {"threshold": self.threshold, "withheld": withheld, "published": published}
        if withheld:
            report["notes"].append(_note(withheld, self.threshold))
        return report

    def _may_show(self, cell: PeopleCell, figure: Any, only: Mapping[PeopleCell, int] | None) -> bool:  # noqa: ANN401  a count
        return cell in self.shown and (only is None or figure == only.get(cell, 0))

    def _places_of_plan(
        self, report: Json, period: Period, plan: Plan, *, is_alone: bool
    ) -> Iterator[tuple[Json, tuple[str, ...], PublishedKey]]:
        """Give each row of a plan's report with the cell that it is.

        Where a plan is the only one of its only area, its people are the area's. Other plans have cells of their own.
        """
        area = plan.areas[0] if len(plan.areas) == 1 else None
        days, part = self._days_of_plan(period, plan), None if is_alone and area else PeopleGrain("plan", plan.plan)
        yield report["totals"], COUNTS, (days, area, part)
        if report.get("previous"):
            yield (
                report["previous"]["totals"],
                COUNTS,
                (self._days_of_plan(_days(report["previous"]), plan), area, part),
            )
        for row in report["areas"]:
            yield row, COUNTS, (days, row["area"], part)
        for row in report["effort_areas"]:
            yield row, COUNTS, None if part else (days, area, (row["pool"], row["effort_area"]))
        for row, month in zip(report["months"], period.by_month(), strict=True):
            yield row, COUNTS, None if part else (self._days_of_plan(month, plan), area, None)
        for row in report["activities"]:
            yield row, COUNTS, (days, row["area"], PeopleGrain("activity", row["activity"]))
        for row in report["change"]:
            yield row, (PAIR_COUNTS[row["lens"], row["respondent"]],), None if part else (days, area, None)

    def _days_of_plan(self, period: Period, plan: Plan) -> Period:
        """Take in the days before a plan began, in which nobody was counted, where that makes a published period."""
        days = self._known_days(period)
        if days.first_day <= plan.start_on and self.whole:
            for span in published_spans(self.whole):
                if span.period.last_day == days.last_day and span.period.first_day <= days.first_day:
                    return span.period
        return days

    def counts(self, people: People, period: Period) -> People:
        """Give the published counts under the days that a report of a period calls them by."""
        watched = [days for cohort in staying.cohorts(period) for days in cohort.days()]
        called: dict[Period, list[Period]] = {}
        for days in {*period.by_month(), *watched, period}:
            called.setdefault(self._known_days(days), []).append(days)
        renamed: dict[PeopleKey, Mapping[str, int]] = {}
        # Once over all counts: there are thousands, of dozens of periods.
        for (counted, area, told), counts in people.items():
            for days in called.get(counted, ()):
                renamed[days, area, told] = counts
        return renamed

    def count(
        self, people: People, name: str, period: Period, area: str | None, effort_area: tuple[str, str] | None
    ) -> int | None:
        """Give one of the published counts, or None where it is withheld."""
        cell: PeopleCell = (name, *self._published(period, area, effort_area))
        return _value(people, cell) if cell in self.shown else None

    def _published(self, period: Period, area: str | None, told: Told) -> PeopleKey:
        """Name a place by the days of its period of which anything is known."""
        return self._known_days(period), area, told

    def _known_days(self, period: Period) -> Period:
        return period.within(self.whole) if self.whole and period.overlaps(self.whole) else period


def told(report: Json) -> list[tuple[PeopleCell, int]]:
    """Give the counts that a published report shows, by the days that it calls them by."""
    days = report["period"]
    if days["from"] is None:
        return []
    period = Period(date.fromisoformat(days["from"]), date.fromisoformat(days["to"]))
    area = report["area"]["area"] if "area" in report else None
    return [
        ((name, *place), figure)
        for row, names, place in _places(report, period, area)
        for name in names
        if place is not None and (figure := _figure(row, name)) is not None
    ]


def view(  # noqa: PLR0913  each is something that a reader may know
    people: People,
    whole: Period,
    threshold: int,
    known: Collection[str] = (),
    belongs: Mapping[str, Belonging] = NOTHING,
    *,
    published: Collection[tuple[PeopleCell, int]] = (),
    everybody: View | None = None,
) -> View:
    """Decide what a reader may see; `known` are the areas whose counts this reader knows anyway.

    Of other areas such a reader sees nothing that `everybody` does not see: the view of readers who know no area's
    counts, decided here where it is not given.

    `belongs` says of each activity what it is part of, which everybody may know.

    `people` holds the counts of all areas in every published span; what is not in it is 0. Whoever knows an area's
    counts can take them off every total, so what must be safe is the network of all other areas. `published` is what
    frozen reports show: where that still holds it is known, and nothing else may be shown that it would complete.
    """
    values = published_values(people, whole)
    public = {cell for cell, figure in _as_of_now(published, whole) if values.get(cell) == figure}
    others = published_values(_without(people, known), whole)
    safe: set[PeopleCell] = set()
    for family in _families(others).values():
        safe |= _safe(family, others, whole, belongs, threshold, public)
    if known:
        safe &= set((everybody or view(people, whole, threshold, (), belongs, published=published)).shown)
    shown = {cell for cell in values if (cell in safe or cell[2] in known) and not 0 < values[cell] < threshold}
    return View(threshold, shown, whole, values, people)


def _families(values: Mapping[PeopleCell, int]) -> dict[str, dict[PeopleCell, int]]:
    """Part the counts into those between which nobody knows anything to hold: each family is safe by itself.

    The counts of newcomers, of those who stayed and of former participants belong to the family of participants.
    """
    families: dict[str, dict[PeopleCell, int]] = {}
    for cell, value in values.items():
        own = cell[0] if cell[0] == "volunteers" or cell[0] in PAIR_NAMES else "participants"
        families.setdefault(own, {})[cell] = value
    return families


def _safe(  # noqa: PLR0913, PLR0917  each is something that a reader may know
    family: Mapping[PeopleCell, int],
    others: Mapping[PeopleCell, int],
    whole: Period,
    belongs: Mapping[str, Belonging],
    threshold: int,
    public: Collection[PeopleCell],
) -> set[PeopleCell]:
    """Give what may be shown of a family: all of it but what must be withheld, or as much as is proven safe."""
    public = {cell for cell in public if cell in family}
    for is_published in _TABLES:
        frame = {cell: value for cell, value in family.items() if is_published(cell, whole) or cell in public}
        if len(frame) > TRIED_CELLS:
            continue
        try:
            withheld = suppression.withheld(frame, relations(frame, whole, belongs, others), threshold, public)
        except suppression.NotProvenSafe:
            continue
        return frame.keys() - withheld
    return set()


def _as_of_now(published: Iterable[tuple[PeopleCell, int]], whole: Period) -> Iterator[tuple[PeopleCell, int]]:
    for (name, period, area, part), figure in published:
        yield (name, period.within(whole) if period.overlaps(whole) else period, area, part), figure


def _without(people: People, known: Collection[str]) -> People:
    """Take areas out of the counts, and off the totals."""
    kept: dict[PeopleKey, dict[str, int]] = {}
    for (period, area, effort_area), counts in people.items():
        if area is not None and area not in known:
            for place in (area, None):
                sums = kept.setdefault((period, place, effort_area), {})
                for name, count in counts.items():
                    sums[name] = sums.get(name, 0) + count
    return kept


def published_values(people: People, whole: Period) -> dict[PeopleCell, int]:
    """Give the true value of every cell of the frame."""
    cells = itertools.chain(_cells(people, published_spans(whole)), _cells_of_staying(people, whole))
    return {cell: _value(people, cell) for cell in cells}


def _days(report: Json) -> Period:
    told = report["period"]
    return Period(date.fromisoformat(told["from"]), date.fromisoformat(told["to"]))


def _figure(row: Json, name: str) -> Any:  # noqa: ANN401  a report's JSON
    return row[name]["value"] if name in row else row["pairs"]


def _places(report: Json, period: Period, area: str | None) -> Iterator[tuple[Json, tuple[str, ...], PublishedKey]]:
    """Give each row of figures with the counts in it and its period, area and effort area."""
    yield report["totals"], COUNTS, (period, area, None)
    if report.get("previous"):
        yield report["previous"]["totals"], COUNTS, (_days(report["previous"]), area, None)
    for row in report["areas"]:
        yield row, COUNTS, (period, row["area"], None)
    for row in report["effort_areas"]:
        yield row, COUNTS, (period, area, (row["pool"], row["effort_area"]))
    for row, month in zip(report["months"], period.by_month(), strict=True):
        yield row, COUNTS, (month, area, None)
    for row in report["change"]:
        yield row, (PAIR_COUNTS[row["lens"], row["respondent"]],), (period, area, None)
    yield from staying.places(report, period, area)


def _cells(people: People, spans: list[Span]) -> Iterator[PeopleCell]:
    areas: list[str | None] = [None, *sorted({area for _, area, _ in people if area is not None})]
    effort_areas = [None, *sorted({told for _, _, told in people if isinstance(told, tuple)})]
    for name in PAIR_COUNTS.values():
        for span in spans:
            if span.has_effort_areas:
                yield from ((name, span.period, area, None) for area in areas)
    # An activity is in one area, so there is no total of it.
    parts = sorted(
        {
            (told, area or "")
            for _, area, told in people
            if isinstance(told, PeopleGrain) and (area or told.kind != "activity")
        }
    )
    for name in COUNTS:
        for span in spans:
            # Newcomers of a month, a quarter and a year would be three ways to add up the same few people.
            if span.kind == "quarter" and name not in UNIONS:
                continue
            for area in areas:
                for effort_area in effort_areas if span.has_effort_areas else [None]:
                    yield name, span.period, area, effort_area
            if span.has_parts:
                yield from ((name, span.period, place or None, part) for part, place in parts)


def _cells_of_staying(people: People, whole: Period) -> Iterator[PeopleCell]:
    followed = {told.months_after for _, _, told in people if isinstance(told, FollowUp)}
    for area in (None, *sorted({area for _, area, _ in people if area is not None})):
        yield from staying.cells(whole, area, followed)


def _value(people: People, cell: PeopleCell) -> int:
    name, period, area, told = cell
    return people.get((period, area, told), {}).get(name, 0)


def _note(withheld: int, threshold: int) -> Json:
    return {
        "code": "counts_withheld",
        "text_da": (
            f"{withheld} tal er udeladt: de ville vise grupper på under {threshold} personer, eller kunne bruges til at"
            " regne dem ud. Antal personer vises for hele perioden og for hele skoleår, år, kvartaler og måneder."
        ),
        "text_en": (
            f"{withheld} figures are withheld: they would show groups of fewer than {threshold} people, or could be"
            " used to work them out. People are counted for the whole period and whole school years, years, quarters"
            " and months."
        ),
    }
