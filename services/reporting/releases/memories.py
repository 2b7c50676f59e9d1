"""How that is written which the next release has to know of one, and read for a calendar that may begin earlier. Pure.

A row is (family, area, counted, told, hidden, past, moves), all but the first two as JSON. Counts of people have their
family's name; attendances and hours, and means of change, have theirs after a mark, and neither past nor moves. What
stands at a place is written with its days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson

from services.reporting.periods import Period, school_year, whole_school_year
from services.reporting.releases import heads
from services.reporting.releases.heads import first_of_month, month_number
from services.reporting.releasing import means
from services.reporting.releasing.amounts import AmountMemory, Then
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.found_moves import KeptMove, KeptMoves
from services.reporting.releasing.making import Kept
from services.reporting.releasing.means import MeansMemory, PairSums
from services.reporting.releasing.steps import Memory

AMOUNT: Final = "amount|"
MEANS: Final = "means|"
ALL_YEARS: Final = "all"


class Written(NamedTuple):
    """One row of what is known of a family in an area."""

    family: str
    area: str
    counted: str
    told: str
    hidden: str
    past: str = "{}"
    moves: str | None = None


def written(kept: Kept) -> Iterator[Written]:
    """Write what the next release has to know."""
    begins = kept.calendar.begins
    for family, areas in kept.memories.items():
        for area, known in areas.items():
            yield _counts(family, area, known, kept.moves.get(family, {}).get(area), begins)
    for name, amount in kept.amounts.items():
        yield from _amount(AMOUNT + name, amount, begins)
    for name, of_change in kept.means.items():
        yield from _means(MEANS + name, of_change, begins)


def read(rows: Iterable[Mapping[str, Any]], last: Calendar, begins: date) -> Kept:
    """Read it, of a release with the months of `last`, for one that begins on a day.

    Where that is earlier, since something older was registered meanwhile, what began with the one before is what
    begins with it now, or in a month between: whichever of these is counted is held against it.
    """
    reading = _Reading(last, begins)
    for row in rows:
        family, area = row["family"], row["area"]
        reading.take(family, area, *(orjson.loads(row[part]) for part in ("counted", "told", "hidden")))
        if not family.startswith((AMOUNT, MEANS)):
            reading.take_past(family, area, orjson.loads(row["past"]))
        if row["moves"] is not None:
            reading.take_moves(family, area, orjson.loads(row["moves"]))
    return reading.kept()


def _row(family: str, area: str, counted: Mapping[str, Any], told: Iterable[str], hidden: Iterable[str]) -> Written:
    texts = (orjson.dumps(part).decode() for part in (counted, sorted(told), sorted(hidden)))
    return Written(family, area, *texts)


def _counts(family: str, area: str, known: Memory, moves: KeptMoves | None, begins: date) -> Written:
    counted = {heads.key(cell, begins): count for cell, count in known.values.items()}
    row = _row(family, area, counted, [heads.key(cell, begins) for cell in known.told], [])
    past = {heads.key(cell, begins): told for cell, told in known.past.items()}
    return row._replace(past=orjson.dumps(past).decode(), moves=None if moves is None else _moves(moves, begins))


def _moves(moves: KeptMoves, begins: date) -> str:
    """Write moves with the names of their counts in a list, since no object of JSON keeps its order."""
    part = {
        "counts": [heads.key(cell, begins) for cell in moves.counts],
        "number": moves.number,
        "certificates": [tuple(each) for each in moves.certificates],
        "donors": [tuple(each) for each in moves.donors],
    }
    return orjson.dumps(part).decode()


def _amount(family: str, memory: AmountMemory, begins: date) -> Iterator[Written]:
    offset = month_number(begins)
    for area in sorted({area for area, _ in (*memory.leaves, *memory.told, *memory.hidden)}):
        leaves = {
            f"{first_of_month(offset + month):%Y-%m}": astuple(leaf)
            for (of_area, month), leaf in memory.leaves.items()
            if of_area == area
        }
        told, hidden = (
            [heads.key(cell, begins) for of_area, cell in places if of_area == area]
            for places in (memory.told, memory.hidden)
        )
        yield _row(family, area, leaves, told, hidden)


def _means(family: str, memory: MeansMemory, begins: date) -> Iterator[Written]:
    for area in sorted({area for area, _ in (*memory.sums, *memory.told, *memory.hidden)}):
        sums = {
            _year(month, begins): [str(part) for part in added]
            for (of_area, month), added in memory.sums.items()
            if of_area == area
        }
        told, hidden = (
            [_year(month, begins) for of_area, month in places if of_area == area]
            for places in (memory.told, memory.hidden)
        )
        yield _row(family, area, sums, told, hidden)


def _year(month: int, begins: date) -> str:
    return ALL_YEARS if month == means.WHOLE else f"{first_of_month(month_number(begins) + month):%Y-%m}"


@dataclass(slots=True)
class _Amount:
    leaves: dict[tuple[str, int], Then] = field(default_factory=dict)
    told: set[tuple[str, Count]] = field(default_factory=set)
    hidden: set[tuple[str, Count]] = field(default_factory=set)


@dataclass(slots=True)
class _Means:
    sums: dict[tuple[str, int], PairSums] = field(default_factory=dict)
    told: set[tuple[str, int]] = field(default_factory=set)
    hidden: set[tuple[str, int]] = field(default_factory=set)


class _Reading:
    """What was read so far, in the months of the calendar that begins now."""

    def __init__(self, last: Calendar, begins: date) -> None:
        self._begins = begins
        self._earlier = month_number(last.begins) - month_number(begins)
        self._calendar = Calendar(begins, last.months + self._earlier)
        self._memories: dict[str, dict[str, Memory]] = {}
        self._moves: dict[str, dict[str, KeptMoves]] = {}
        self._amounts: dict[str, _Amount] = {}
        self._means: dict[str, _Means] = {}

    def take(self, family: str, area: str, counted: Mapping[str, Any], told: list[str], hidden: list[str]) -> None:
        """Take a row."""
        if family.startswith(AMOUNT):
            amount = self._amounts.setdefault(family.removeprefix(AMOUNT), _Amount())
            amount.leaves.update({(area, self._month(month)): Then(*leaf) for month, leaf in counted.items()})
            amount.told.update((area, cell) for key in told for cell in self._cells(key))
            amount.hidden.update((area, cell) for key in hidden for cell in self._cells(key))
        elif family.startswith(MEANS):
            of_change = self._means.setdefault(family.removeprefix(MEANS), _Means())
            of_change.sums.update({(area, self._year(year)): _sums(added) for year, added in counted.items()})
            of_change.told.update((area, self._year(year)) for year in told)
            of_change.hidden.update((area, self._year(year)) for year in hidden)
        else:
            values = {cell: count for key, count in counted.items() for cell in self._cells(key)}
            cells = {cell for key in told for cell in self._cells(key)}
            self._memories.setdefault(family, {})[area] = Memory(values, cells)

    def take_past(self, family: str, area: str, past: Mapping[str, list[int]]) -> None:
        """Take all that was ever told of the counts of an area that was taken."""
        told = {cell: tuple(each) for key, each in past.items() for cell in self._cells(key)}
        of_area = self._memories[family]
        of_area[area] = replace(of_area[area], past=told)

    def take_moves(self, family: str, area: str, moves: Mapping[str, Any]) -> None:
        """Take the moves of an area; a count that may begin earlier moves whenever it begins."""
        named = zip(moves["counts"], moves["number"], strict=True)
        numbers = [(cell, number) for key, number in named for cell in self._cells(key)]
        certificates, donors = (
            tuple(KeptMove(tuple(unknowns), tuple(by), times) for unknowns, by, times in moves[part])
            for part in ("certificates", "donors")
        )
        self._moves.setdefault(family, {})[area] = KeptMoves(
            tuple(cell for cell, _ in numbers), tuple(number for _, number in numbers), certificates, donors
        )

    def kept(self) -> Kept:
        """Give all of it."""
        amounts = {
            name: AmountMemory(self._calendar.months, each.leaves, frozenset(each.told), frozenset(each.hidden))
            for name, each in self._amounts.items()
        }
        of_change = {
            name: MeansMemory(each.sums, frozenset(each.told), frozenset(each.hidden))
            for name, each in self._means.items()
        }
        return Kept(self._calendar, self._memories, self._moves, amounts, of_change)

    def _cells(self, key: str) -> Iterator[Count]:
        cell = heads.cell(key, self._begins)
        begins_with_it = cell.months.first == self._earlier
        for first in range(self._earlier + 1) if begins_with_it else (cell.months.first,):
            yield Count(cell.name, Months(first, cell.months.last), cell.of)

    def _month(self, text: str) -> int:
        return month_number(date.fromisoformat(f"{text}-01")) - month_number(self._begins)

    def _year(self, text: str) -> int:
        """Give the first month of the school year that a month is in; it may begin earlier now."""
        if text == ALL_YEARS:
            return means.WHOLE
        year: Period = whole_school_year(school_year(date.fromisoformat(f"{text}-01")))
        return max(month_number(year.first_day) - month_number(self._begins), 0)


def _sums(added: list[str]) -> PairSums:
    pairs, before, after, squares, first_pairs, *people = added
    # Before people were counted, each pair was taken for one of its own.
    of_people = int(people[0] if people else pairs)
    return PairSums(int(pairs), Decimal(before), Decimal(after), Decimal(squares), int(first_pairs), of_people)
