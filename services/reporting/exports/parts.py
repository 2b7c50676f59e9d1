"""How a part of a report's JSON becomes a table: declared once as data, read generically. Knows no report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.reporting.exports.tables import Cell, DataTable, Heading, Kind, Language, say, typed
from services.reporting.indicators import INDICATORS, Indicator
from services.reporting.terms import Json
from services.reporting.words import FIGURE_NAMES, HEADINGS, Word

BY_NAME: Final[Mapping[str, Indicator]] = {indicator.name: indicator for indicator in INDICATORS}
YES: Final[Word] = ("Ja", "Yes")
NO: Final[Word] = ("Nej", "No")
KIND_OF_UNIT: Final[Mapping[str, Kind]] = {"øre": "kroner", "per cent": "percent", "hours": "decimal"}


@dataclass(frozen=True, slots=True)
class Column:
    """A value of a row: its path from the row, or from one of those that the row stands in.

    `words` says what codes mean; a code that is not in it is written as it is.
    """

    path: tuple[str, ...]
    label: Word
    kind: Kind = "text"
    names_row: bool = False
    words: Mapping[Any, Word] | None = None

    @property
    def name(self) -> str:
        """Give the column's name in the interface."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report: where its rows stand, and its columns.

    In `path`, `*` goes through a list, `{name}` through the objects in an object, whose keys the rows then have under
    that name, and `{name}=` through its plain values, which the rows have as `value`. An `upright` part is one object,
    of which each figure becomes a row with its meaning.
    """

    name: str
    title: Word
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    upright: bool = False


def key(name: str, label: Word, kind: Kind = "text", words: Mapping[Any, Word] | None = None) -> Column:
    """Declare a column that names its row."""
    return Column((name,), label, kind, names_row=True, words=words)


def value(name: str, label: Word, kind: Kind = "text", words: Mapping[Any, Word] | None = None) -> Column:
    """Declare a column under a label of its own; dots part the steps to it."""
    return Column(tuple(name.split(".")), label, kind, words=words)


def figure(name: str) -> Column:
    """Declare a column of a figure that the catalogue of indicators explains; dots part the steps to it."""
    path = tuple(name.split("."))
    name = path[-1]
    return Column(path, FIGURE_NAMES[name], KIND_OF_UNIT.get(BY_NAME[name].unit, "number"))


def upright(part: Part) -> Part:
    """Lay a part that is a single object out vertically, one row for each of its figures."""
    return replace(part, upright=True)


def table(part: Part, report: Json, language: Language) -> DataTable | None:
    """Make the table of a part; None where the report has no such part."""
    found = list(_rows(report, part.path, (report,)))
    if not found and _start(part, report) is None:
        return None
    if part.upright:
        return _upright(part, found[0], language)
    headings = [
        Heading(column.name, say(column.label, language), column.kind, column.names_row) for column in part.columns
    ]
    rows = [[_cell(row, column, language) for column in part.columns] for row in found]
    return DataTable(part.name, say(part.title, language), headings, rows)


def _upright(part: Part, row: Sequence[Json], language: Language) -> DataTable:
    headings = [
        Heading("figure", say(HEADINGS["figure"], language), names_row=True),
        Heading("value", say(HEADINGS["value"], language)),
        Heading("meaning", say(HEADINGS["meaning"], language)),
    ]
    rows = []
    for column in part.columns:
        indicator = BY_NAME.get(column.path[-1])
        meaning = say((indicator.definition_da, indicator.definition_en), language) if indicator else None
        rows.append([Cell(say(column.label, language)), _cell(row, column, language), Cell(meaning)])
    return DataTable(part.name, say(part.title, language), headings, rows)


def _start(part: Part, report: Json) -> object:
    """Give where a part begins, None where it is missing."""
    place: object = report
    for step in part.path:
        if step == "*" or step.startswith("{"):
            break
        place = place.get(step) if isinstance(place, Mapping) else None
    return place


def _rows(place: object, path: tuple[str, ...], around: tuple[Json, ...]) -> Iterator[tuple[Json, ...]]:
    """Give each row, innermost last, with all that it stands in."""
    if not path:
        if isinstance(place, Mapping):
            yield around
        return
    step, *rest = path
    if step == "*" and isinstance(place, list):
        for item in place:
            yield from _rows(item, tuple(rest), (*around, item))
    elif isinstance(place, Mapping) and step.startswith("{"):
        of_values = step.endswith("=")
        for name, item in place.items():
            if isinstance(item, Mapping) != of_values:
                named = {step.strip("{}="): name, **({"value": item} if of_values else item)}
                yield from _rows(named, tuple(rest), (*around, named))
    elif isinstance(place, Mapping) and place.get(step) is not None:
        inner = place[step]
        yield from _rows(inner, tuple(rest), (*around, inner) if isinstance(inner, dict) else around)


def _cell(row: Sequence[Json], column: Column, language: Language) -> Cell:
    first, *rest = column.path
    inside = next((item for item in reversed(row) if first in item), {})
    found: Any = inside.get(first)
    for step in rest:
        found = found.get(step) if isinstance(found, Mapping) else None
    withheld = False
    if isinstance(found, Mapping) and "suppressed" in found:
        withheld, found = bool(found["suppressed"]), found["value"]
    elif found is None and not column.names_row:
        withheld = bool(row[-1].get("suppressed"))
    if isinstance(found, bool):
        found = say(YES if found else NO, language)
    if column.words is not None and isinstance(found, str):
        found = say(column.words.get(found, (found, found)), language)
    return Cell(None if withheld else typed(found, column.kind), column.kind, withheld)
