"""How a part of a report is declared. Owns no part.

A part's shape is a `TypedDict`, so that the type checker, the interface's document and files read one declaration. A
field that files have a column of says so by a `Mark`; an object without one has the columns of its own fields.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, GetJsonSchemaHandler, create_model
from pydantic_core import CoreSchema
from typing_extensions import is_typeddict

from services.reporting.indicators import INDICATORS, Indicator
from services.reporting.terms import Json, Row, number
from services.reporting.words import FIGURE_NAMES, Word

# `decimal` has two decimals; `kroner` are øre, `percent` is from 0 to 100, `number` is whole. A
# `calendar_month` is `2026-09`.
Kind = Literal["text", "number", "decimal", "kroner", "percent", "calendar_year", "calendar_month", "day", "moment"]
AnyNumber = int | float
BY_NAME: Final[Mapping[str, Indicator]] = {indicator.name: indicator for indicator in INDICATORS}
KIND_OF_UNIT: Final[Mapping[str, Kind]] = {"øre": "kroner", "per cent": "percent", "hours": "decimal"}
FORMATS: Final[Mapping[Kind, str]] = {"day": "date", "moment": "date-time"}

Source_contra = TypeVar("Source_contra", contravariant=True)
Shape = TypeVar("Shape")


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
class Mark:
    """What a field is called and how it is written; one without a label is a figure of the catalogue."""

    label: Word | None = None
    kind: Kind = "text"
    names_row: bool = False
    words: Mapping[Any, Word] | None = None

    def at(self, *path: str) -> Column:
        """Give the column of the field at a path."""
        if self.label is None:
            name = path[-1]
            return Column(path, FIGURE_NAMES[name], KIND_OF_UNIT.get(BY_NAME[name].unit, "number"))
        return Column(path, self.label, self.kind, self.names_row, self.words)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say in the interface's document what a day is."""
        schema = handler(core)
        for each in schema.get("anyOf", [schema]):
            if each.get("type") == "string" and self.kind in FORMATS:
                each["format"] = FORMATS[self.kind]
        return schema


FIGURE: Final = Mark()


def key(label: Word, kind: Kind = "text", words: Mapping[Any, Word] | None = None) -> Mark:
    """Mark a field that names its row."""
    return Mark(label, kind, names_row=True, words=words)


def value(label: Word, kind: Kind = "text", words: Mapping[Any, Word] | None = None) -> Mark:
    """Mark a field under a label of its own."""
    return Mark(label, kind, words=words)


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table that files have: where its rows stand in the report, and its columns.

    In `path`, `*` goes through a list, `{name}` through the objects in an object, whose keys the rows then have under
    that name, and `{name}=` through its plain values, which the rows have as `value`. An `upright` table is one object,
    of which each figure becomes a row with its meaning.
    """

    name: str
    title: Word
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    upright: bool = False


@dataclass(frozen=True, slots=True)
class ReportPart(Generic[Source_contra]):
    """A part of a report: its name in the JSON, how it is told, and the tables that files have of it.

    What it holds is what `tell` returns. One without a name is an object whose fields are the report's own.
    """

    name: str
    tell: Callable[[Source_contra], Any]
    tables: tuple[FileTable, ...] = ()

    @property
    def holds(self) -> Any:  # noqa: ANN401  a type
        """Give the type of what it holds."""
        return get_type_hints(self.tell, include_extras=True)["return"]


@dataclass(frozen=True)
class ReportShape(Generic[Source_contra]):
    """A report: what it is called, and its parts in the order in which files have them."""

    name: str
    title: Word
    parts: tuple[ReportPart[Source_contra], ...]

    @property
    def tables(self) -> list[FileTable]:
        """Give the tables that its files have."""
        return [table for part in self.parts for table in part.tables]

    def tell(self, source: Source_contra) -> Json:
        """Put the report together, without its digest."""
        report: Json = {}
        for part in self.parts:
            told = part.tell(source)
            report |= {part.name: told} if part.name else told
        return report

    @functools.cached_property
    def model(self) -> type[BaseModel]:
        """Give the report as the interface's document describes it."""
        fields: dict[str, Any] = {}
        for part in self.parts:
            if not part.name:
                fields |= {name: (hint, ...) for name, hint in get_type_hints(part.holds, include_extras=True).items()}
            else:
                fields[part.name] = (part.holds, ...)
        return create_model(self.name, **fields, rules=(int, ...), digest=(str, ...))


def columns(shape: Any, *path: str) -> tuple[Column, ...]:  # noqa: ANN401  a type
    """Give the columns of a shape, those of the objects in it too; `path` leads to it from the row."""
    found: list[Column] = []
    for name, hint in get_type_hints(shape, include_extras=True).items():
        mark = next((each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Mark)), None)
        if mark is not None:
            found.append(mark.at(*path, name))
        elif inner := _object_in(hint):
            found += columns(inner, *path, name)
    return tuple(found)


def listed(name: str, title: Word, shape: Any) -> FileTable:  # noqa: ANN401  a type
    """Declare the table of a part that is a list."""
    return FileTable(name, title, (name, "*"), columns(shape))


def of_row(shape: type[Shape], row: Row, **others: Any) -> Shape:
    """Give an object of a shape: its fields from a statement's row, days as text, but for `others`."""
    return cast("Shape", {name: others[name] if name in others else _told(row[name]) for name in shape.__annotations__})


def _told(found: Any) -> Any:  # noqa: ANN401  a value of a row
    if isinstance(found, date):
        return found.isoformat()
    return number(found) if isinstance(found, Decimal) else found


def _object_in(hint: Any) -> Any:  # noqa: ANN401  a type
    """Give the object that a field is, or is where it is there; None where it is no object."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in {Union, UnionType}:
        hint = next((each for each in get_args(hint) if is_typeddict(each)), None)
    return hint if is_typeddict(hint) else None
