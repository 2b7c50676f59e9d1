"""How a table of a report is read from its JSON. Knows no report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.reporting.exports.tables import Cell, DataTable, Heading, Language, figure_called, say, told_of, typed
from services.reporting.reports.parts.declaring import BY_NAME, Column, FileTable
from services.reporting.terms import Json
from services.reporting.words import HEADINGS, Word

# What the codes of a kind are called, by the field that holds them.
CodesCalled = Mapping[str, Mapping[str, str]]

YES: Final[Word] = ("Ja", "Yes")
NO: Final[Word] = ("Nej", "No")


def table(part: FileTable, report: Json, language: Language, names: CodesCalled) -> DataTable | None:
    """Make a table; None where the report has no such part. `names` says what codes are called."""
    found = list(_rows(report, part.path, (report,)))
    if not found and _start(part, report) is None:
        return None
    if part.upright:
        return _upright(part, found[0], language)
    headings = [
        Heading(
            column.name,
            say(column.label, language),
            column.kind,
            column.names_row,
            figure_called(column.path[-1], language),
        )
        for column in part.columns
    ]
    rows = [[_named(_cell(row, column, language), row, column, names) for column in part.columns] for row in found]
    return DataTable(part.name, say(part.title, language), headings, rows)


def _upright(part: FileTable, row: Sequence[Json], language: Language) -> DataTable:
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


def _named(cell: Cell, row: Sequence[Json], column: Column, names: CodesCalled) -> Cell:
    """Say beside a code, or a list of them, what people call it."""
    called = names.get(column.path[-1])
    if called is None or not isinstance(cell.value, str):
        return cell
    found = next((item[column.path[0]] for item in reversed(row) if column.path[0] in item), None)
    codes = found if isinstance(found, list) else [cell.value]
    return replace(cell, called=", ".join(called.get(code, code) for code in codes))


def _start(part: FileTable, report: Json) -> object:
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
    withheld, told = False, ""
    if isinstance(found, Mapping) and "suppressed" in found:
        withheld, told, found = bool(found["suppressed"]), told_of(found, language), found["value"]
    elif found is None and not column.names_row:
        withheld = bool(row[-1].get("suppressed"))
    if isinstance(found, bool):
        found = say(YES if found else NO, language)
    if column.words is not None and isinstance(found, str):
        found = say(column.words.get(found, (found, found)), language)
    return Cell(None if withheld else typed(found, column.kind), column.kind, withheld, told)
