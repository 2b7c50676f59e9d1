"""Figures by up to three dimensions: what may be asked, the spans of time, and the answer put together. Pure.

An answer holds the rows by all dimensions, and totals by each smaller choice of them. Which rows there are depends on
what is planned, never on whom is counted: a row that is missing would tell that there is nobody in it.
"""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.reporting.digest import sealed
from services.reporting.indicators import INDICATORS, adding_up_over, of_theme
from services.reporting.periods import Period, school_year
from services.reporting.reports.parts.head import Note, PeopleBasis, note_on_people
from services.reporting.reports.released_people import PeopleCount
from services.reporting.terms import NUMBERS, OF_PEOPLE, STANDING_AMOUNTS, Json, Standing, number
from shared import money
from shared.codes import QuestionCode
from shared.errors import Unanswerable
from shared.law import LOCAL_KINDS

# Dimensions that are not of time, with their bit in the masks by which the statements group.
BITS: Final[Mapping[str, int]] = {"area": 1, "plan": 2, "effort_area": 4, "activity": 8, "kind": 16}
TIME_BIT: Final = 32
QUARTER_MONTHS: Final = 3
LABELS: Final[Mapping[str, Callable[[date], str]]] = {
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month - 1) // QUARTER_MONTHS + 1}",
    "year": lambda day: f"{day.year}",
    "school_year": lambda day: f"{school_year(day)}/{(school_year(day) + 1) % 100:02}",
}
DIMENSIONS: Final = (*BITS, *LABELS)
SHARES: Final = of_theme("shares")
OF_MONEY: Final = (*STANDING_AMOUNTS, *SHARES)
NAMES: Final = (*NUMBERS, *OF_PEOPLE, *OF_MONEY)
# What commitments make up is never told without what of them nobody has confirmed (ADR 104).
BESIDE: Final[Mapping[str, str]] = {"committed_ore": "unconfirmed_ore", "local_share_pct": "unconfirmed_ore"}
MAX_DIMENSIONS: Final = 3
MAX_CELLS: Final = 20_000

# Figures that add up over each: over activities where no span of time is told apart, over plans where nothing else is.
OVER_ACTIVITIES: Final = adding_up_over("activities")
OVER_TIME: Final = adding_up_over("time")
OVER_PLANS: Final = adding_up_over("plans")

# What a row is about: a value for each dimension of its margin; an effort area is named with its pool.
Key = tuple[Any, ...]
Margin = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which indicators, by which dimensions, over which days, and of what alone; nothing is all."""

    indicators: tuple[str, ...]
    by: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    areas: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    effort_areas: tuple[str, ...] = ()

    def check(self) -> None:
        """Check that it can be answered.

        Raises:
            Unanswerable: `unknown_indicator`, `unknown_dimension`, `too_many_dimensions`, `two_time_dimensions`.
        """
        named: tuple[tuple[Sequence[str], Collection[str], QuestionCode], ...] = (
            (self.indicators, NAMES, "unknown_indicator"),
            (self.by, DIMENSIONS, "unknown_dimension"),
        )
        for asked, known, code in named:
            if unknown := [name for name in asked if name not in known]:
                raise Unanswerable(code, f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
        if len(self.by) > MAX_DIMENSIONS:
            raise Unanswerable("too_many_dimensions", f"at most {MAX_DIMENSIONS} dimensions, not {len(self.by)}")
        if len(self.by) - len(self.things) > 1:
            raise Unanswerable("two_time_dimensions", f"at most one of {', '.join(LABELS)}")

    @property
    def told(self) -> tuple[str, ...]:
        """Give the indicators that are answered: those that are asked for, each with what it is never told without."""
        pairs = ((name, BESIDE.get(name)) for name in self.indicators)
        return tuple(dict.fromkeys(name for pair in pairs for name in pair if name is not None))

    @property
    def things(self) -> tuple[str, ...]:
        """Give the dimensions that are not of time."""
        return tuple(name for name in self.by if name in BITS)

    @property
    def time(self) -> str | None:
        """Give the dimension of time, if there is one."""
        return next((name for name in self.by if name in LABELS), None)

    def margins(self) -> list[Margin]:
        """Give every choice of the dimensions, all of them first and none of them last."""
        sizes = range(len(self.by), -1, -1)
        return [choice for size in sizes for choice in itertools.combinations(self.by, size)]


@dataclass(frozen=True, slots=True)
class LabelledPeriod:
    """A span of time in an answer; without a label it is the whole of it."""

    label: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Money:
    """How the commitments of one kind of funder to a plan stand at the end of a part of the time, confirmed or not."""

    part: int
    areas: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for an answer.

    `places` are the rows there are of each choice of dimensions that are not of time. `figures` hold the numbers by
    margin and key, `people` what the reader is told of people; it is as it is in reports, `basis` says from where.
    """

    as_of: Mapping[str, Any]
    period: Period | None
    parts: Sequence[LabelledPeriod]
    places: Mapping[Margin, Collection[Key]]
    figures: Mapping[tuple[Margin, Key], Mapping[str, Any]]
    people: Callable[[str, Margin, Key], PeopleCount]
    names: Mapping[str, Mapping[str, str]]
    basis: PeopleBasis


def mask(margin: Margin) -> int:
    """Give the number by which the statements know a choice of dimensions."""
    return sum(BITS.get(name, TIME_BIT) for name in margin)


def parts(period: Period, time: str | None) -> list[LabelledPeriod]:
    """Give the whole of a period first, then its parts along a dimension of time."""
    found: dict[str, Period] = {}
    for month in period.by_month() if time else ():
        label = LABELS[time or ""](month.first_day)
        first_day = found[label].first_day if label in found else month.first_day
        found[label] = Period(first_day, month.last_day)
    return [LabelledPeriod(None, period), *(LabelledPeriod(label, days) for label, days in found.items())]


def adds_up(indicator: str, question: Question) -> bool:
    """Tell whether the rows of an answer add up to its totals."""
    if indicator in OVER_ACTIVITIES:
        return question.time is None or indicator in OVER_TIME
    return indicator in OVER_PLANS and set(question.by) <= {"plan"}


def answer(question: Question, found: Found) -> Json:
    """Put the answer together."""
    period = found.period
    margins = question.margins()
    told = {margin: list(_rows(question, found, margin)) for margin in margins}
    made: Json = {
        "period": {
            "from": period.first_day.isoformat() if period else None,
            "to": period.last_day.isoformat() if period else None,
        },
        "as_of": dict(found.as_of),
        "by": list(question.by),
        "filters": {
            "area": list(question.areas),
            "plan": list(question.plans),
            "effort_area": list(question.effort_areas),
        },
        "indicators": [
            {
                "indicator": item.name,
                "label_da": item.label_da,
                "label_en": item.label_en,
                "unit": item.unit,
                "adds_up": adds_up(item.name, question),
            }
            for name in question.told
            for item in INDICATORS
            if item.name == name
        ],
        "names": {name: dict(found.names.get(name, {})) for name in question.things},
        "rows": told[margins[0]],
        "totals": [{"by": list(margin), "rows": told[margin]} for margin in margins[1:]] if question.by else [],
        "people": found.basis,
        "notes": _notes(question, found.basis),
    }
    return sealed(made)


def keys(question: Question, found: Found, margin: Margin) -> list[Key]:
    """Give the rows of a margin in order: what is planned, and what has figures."""
    things = tuple(name for name in margin if name in BITS)
    labels = [part.label for part in found.parts[1:]]
    planned = {
        _woven(margin, place, label)
        for place in found.places.get(things, ())
        for label in (labels if question.time in margin else [None])
    }
    planned |= {key for of_margin, key in found.figures if of_margin == margin}
    return sorted(planned, key=lambda key: [("",) if value is None else _sortable(value) for value in key])


def amounts(
    margin: Margin, question: Question, standings: Sequence[Money], parts: Sequence[LabelledPeriod]
) -> dict[Key, Json]:
    """Add up how commitments stand by plan, area and time; other dimensions money does not have."""
    if set(margin) & {"effort_area", "activity", "kind"} or question.effort_areas:
        return {}
    added: dict[Key, list[Standing]] = {}
    for item in standings:
        label = parts[item.part].label
        if (label is not None) != (question.time in margin and question.time is not None):
            continue
        areas = [area for area in item.areas if not question.areas or area in question.areas]
        for area in areas if "area" in margin else areas[:1]:
            values = {"area": area, "plan": item.standing.plan}
            key = tuple(values.get(name, label) for name in margin)
            added.setdefault(key, []).append(item.standing)
    return {key: _funding(of_key) for key, of_key in added.items()}


def _funding(standings: Sequence[Standing]) -> Json:
    sums = {name: sum(getattr(item, name) for item in standings) for name in STANDING_AMOUNTS}
    local_ore = sum(item.committed_ore for item in standings if item.funder_kind in LOCAL_KINDS)
    return {**sums, "local_share_pct": money.percent(local_ore, sums["committed_ore"])}


def _woven(margin: Margin, place: Key, label: str | None) -> Key:
    """Put the label of a span of time where its dimension stands."""
    values = iter(place)
    return tuple(label if name in LABELS else next(values) for name in margin)


def _sortable(value: Any) -> tuple[str, ...]:  # noqa: ANN401  a name, or a pool with an effort area
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _rows(question: Question, found: Found, margin: Margin) -> Iterator[Json]:
    for key in keys(question, found, margin):
        row: Json = {}
        for name, value in zip(margin, key, strict=True):
            if name == "effort_area":
                row["pool"], row[name] = value or (None, None)
            else:
                row[name] = value
        figures = found.figures.get((margin, key), {})
        for name in question.told:
            row[name] = _value(name, question, found, margin, key, figures)
        yield row


def _value(  # noqa: PLR0913, PLR0917  a cell, and all that it stands in
    name: str, question: Question, found: Found, margin: Margin, key: Key, figures: Mapping[str, Any]
) -> object:
    if name in OF_PEOPLE:
        return found.people(name, margin, key)
    if name in figures:
        return number(figures[name])
    has_money = not set(margin) & {"effort_area", "activity", "kind"} and not question.effort_areas
    return None if name in SHARES or (name in STANDING_AMOUNTS and not has_money) else 0


def _notes(question: Question, basis: PeopleBasis) -> list[Note]:
    notes: list[Note] = []
    if set(question.indicators) & set(OF_MONEY):
        notes.append(
            {
                "code": "funding_by_plan",
                "text_da": "Finansiering er opgjort ved slutningen af hvert tidsrum, for hele planer, og kan kun deles"
                " op på plan, område og tid; et områdes finansiering er hele den plans.",
                "text_en": "Funding is as it stands at the end of each span of time, of whole plans, and is told apart"
                " by plan, area and time alone; an area's funding is that of the whole plan.",
            }
        )
    if set(question.indicators) & set(OF_PEOPLE) and (of_people := note_on_people(basis)):
        notes.append(of_people)
    return notes
