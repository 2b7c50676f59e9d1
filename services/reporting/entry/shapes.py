"""What a form asks for, read off the class of an event: its fields, each of a kind. Pure, and owns no word."""

import functools
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from shared.events.envelope import EventData
from shared.events.fields import CLOCK_PATTERN, MAX_LINE, SLUG_PATTERN, OfAPerson, Written

FieldKind: TypeAlias = Literal[
    "name",
    "person",
    "line",
    "text",
    "day",
    "clock",
    "amount",
    "whole",
    "decimal",
    "choice",
    "yes_or_no",
    "part",
    "parts",
    "amounts",
    "people",
    "names",
    "lines",
    "words",
]
# What holds several values, one in each line.
IN_LINES: Final[frozenset[FieldKind]] = frozenset({"people", "names", "lines"})
# What has rows of fields.
IN_ROWS: Final[frozenset[FieldKind]] = frozenset({"parts", "amounts"})
AMOUNT: Final = "_ore"
OF_PATTERN: Final[Mapping[str, FieldKind]] = {SLUG_PATTERN: "name", CLOCK_PATTERN: "clock"}


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; `name` is that of the event's JSON.

    `codes` are the words of a choice, `fields` those of a part or of each row, and `may_be_empty` tells that a list of
    nobody says something.
    """

    name: str
    kind: FieldKind
    is_required: bool
    codes: Sequence[str] = ()
    fields: Sequence["FormField"] = ()
    may_be_empty: bool = False


@functools.cache
def fields_of(model: type[BaseModel]) -> tuple[FormField, ...]:
    """Give the fields of an event's data, or of a part of it, in the order of the class."""
    return tuple(_field(info.alias or name, info) for name, info in model.model_fields.items())


def form_of(event: type[EventData]) -> tuple[FormField, ...]:
    """Give the fields of an event's form."""
    return fields_of(event)


def _field(name: str, info: FieldInfo) -> FormField:
    base, marks = _bare(info.annotation, info.metadata)
    return replace(_of_type(name, base, marks), is_required=info.is_required())


def _bare(annotation: Any, marks: Sequence[object]) -> tuple[Any, list[object]]:  # noqa: ANN401  any annotation
    """Give a type without what marks it and without None, and the marks."""
    if get_origin(annotation) is Annotated:
        return _bare(annotation.__origin__, [*marks, *annotation.__metadata__])
    if get_origin(annotation) in (Union, types.UnionType):
        (told,) = (part for part in get_args(annotation) if part is not type(None))
        return _bare(told, marks)
    return annotation, list(marks)


def _of_type(name: str, base: Any, marks: Sequence[object]) -> FormField:  # noqa: ANN401  any annotation
    if get_origin(base) is Literal:
        return FormField(name, "choice", is_required=True, codes=get_args(base))
    if get_origin(base) is list:
        return _of_list(name, *_bare(get_args(base)[0], ()), marks)
    if get_origin(base) is dict:
        row = (FormField("commitment", "name", is_required=True), FormField("amount_ore", "amount", is_required=True))
        return FormField(name, "amounts", is_required=True, fields=row)
    if isinstance(base, type) and issubclass(base, BaseModel):
        return FormField(name, "part", is_required=True, fields=fields_of(base))
    return FormField(name, _kind(name, base, marks), is_required=True)


def _of_list(name: str, base: Any, inner: Sequence[object], marks: Sequence[object]) -> FormField:  # noqa: ANN401  any annotation
    if get_origin(base) is Literal:
        return FormField(name, "words", is_required=True, codes=get_args(base))
    if issubclass(base, BaseModel):
        return FormField(name, "parts", is_required=True, fields=fields_of(base))
    of_one: dict[FieldKind, FieldKind] = {"person": "people", "name": "names"}
    is_bound = any(isinstance(mark, MinLen) or getattr(mark, "min_length", None) for mark in _spread(marks))
    return FormField(name, of_one.get(_kind(name, base, inner), "lines"), is_required=True, may_be_empty=not is_bound)


def _kind(name: str, base: Any, marks: Sequence[object]) -> FieldKind:  # noqa: ANN401  any annotation
    kinds: dict[Any, FieldKind] = {bool: "yes_or_no", Decimal: "decimal", date: "day"}
    if base in kinds:
        return kinds[base]
    if base is int:
        return "amount" if name.endswith(AMOUNT) else "whole"
    spread = _spread(marks)
    if any(isinstance(mark, OfAPerson) for mark in spread):
        return "person"
    for mark in spread:
        if isinstance(mark, Written):
            return "text" if mark.max_length > MAX_LINE else "line"
        if isinstance(mark, StringConstraints):
            return OF_PATTERN.get(str(mark.pattern), "line")
    return "line"


def _spread(marks: Sequence[object]) -> list[object]:
    """Give marks, and those inside the ones that pydantic has gathered."""
    return [each for mark in marks for each in (mark, *getattr(mark, "metadata", ()))]
