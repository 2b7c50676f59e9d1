"""What a form looks like: a control for each field, with what was typed and what is wrong with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.entry.field_words import NEW, OPEN, SHORT_NAME, YES_OR_NO, codes_of, help_of, label_of
from services.reporting.entry.shapes import IN_ROWS, FieldKind, FormField
from services.reporting.web.entry.filled import NOBODY, OTHERS, Typed
from services.reporting.web.writing import Code, said

# What can be chosen, by kind: short names and what they are called.
Choices = Mapping[str, Mapping[str, str]]
# The kind of thing that a field names, where it is not called so itself.
NAMES: Final[Mapping[str, str]] = {
    "areas": "area",
    "source_activity": "practice",
    "funder": "organisation",
    "other_pool": "pool",
    "other_effort_area": "effort_area",
    "participants": "person",
    "participant": "person",
    "members": "person",
    "volunteer": "volunteer",
}
FIRST_ROWS: Final = 3
MORE_ROWS: Final = 5
# What the keyboard of a phone shows.
KEYBOARDS: Final[Mapping[FieldKind, str]] = {"amount": "decimal", "decimal": "decimal", "whole": "numeric"}


@dataclass(frozen=True, slots=True)
class Control:
    """A field as it is shown; `rows` are those of a list of parts, `controls` those of a part.

    `is_made` tells that it is a short name, which is made of something else where it stays blank, and `is_open` that
    what is not among the options may be written too.
    """

    path: str
    kind: FieldKind
    label: str
    help: str
    is_required: bool
    values: Sequence[str]
    wrong: Sequence[str]
    options: Sequence[tuple[str, str]] = ()
    controls: Sequence["Control"] = ()
    rows: Sequence[Sequence["Control"]] = ()
    others: str = ""
    nobody: bool = False
    may_be_empty: bool = False
    is_made: bool = False
    is_open: bool = False

    @property
    def value(self) -> str:
        """Give what was typed."""
        return next(iter(self.values), "")

    @property
    def keyboard(self) -> str:
        """Give which keyboard a phone shows."""
        return KEYBOARDS.get(self.kind, "text")


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all controls of a form are made from; `wrong` says by path what is wrong."""

    event: str
    typed: Typed
    wrong: Mapping[str, Sequence[str]]
    choices: Choices
    code: Code
    more: str = ""

    def draw(self, fields: Sequence[FormField], prefix: str = "", plain: str = "") -> list[Control]:
        """Give the controls of fields; `prefix` is the path that they stand at, `plain` the same without numbers.

        Names that are made stand last: few write them.
        """
        drawn = [self._control(field, f"{prefix}{field.name}", f"{plain}{field.name}") for field in fields]
        return sorted(drawn, key=lambda control: control.is_made)

    def _control(self, field: FormField, path: str, plain: str) -> Control:
        values = list(self.typed.get(path, ()))
        is_made = (self.event, plain) in NEW
        return Control(
            path,
            field.kind,
            said(SHORT_NAME if is_made else label_of(self.event, plain), self.code),
            said(help_of(self.event, plain), self.code),
            # A name that is made is asked for, and yet may stay blank.
            is_required=field.is_required and not is_made,
            values=values,
            wrong=self.wrong.get(path, ()),
            options=self._options(field, plain, values),
            controls=self.draw(field.fields, f"{path}.", f"{plain}.") if field.kind == "part" else (),
            rows=self._rows(field, path, plain) if field.kind in IN_ROWS else (),
            others=next(iter(self.typed.get(f"{path}.{OTHERS}", ())), ""),
            nobody=bool(self.typed.get(f"{path}.{NOBODY}")),
            may_be_empty=field.may_be_empty,
            is_made=is_made,
            is_open=(self.event, plain) in OPEN,
        )

    def _options(self, field: FormField, plain: str, values: Sequence[str]) -> list[tuple[str, str]]:
        if field.kind == "yes_or_no":
            words = YES_OR_NO
        elif field.codes:
            words = codes_of(self.event, plain)
        elif (self.event, plain) in NEW:
            return []
        else:
            named = self.choices.get(NAMES.get(field.name, field.name), {}) if field.kind in NAMING else {}
            missing = [(value, value) for value in values if value and value not in named]
            return [*named.items(), *(missing if named else [])]
        shown = [(key, said(word, self.code)) for key, word in words.items() if not field.codes or key in field.codes]
        return [*shown, *((value, value) for value in values if value and value not in words)]

    def _rows(self, field: FormField, path: str, plain: str) -> list[list[Control]]:
        numbers = {int(name[len(path) + 1 :].split(".")[0]) for name in self.typed if name.startswith(f"{path}.")}
        filled = max(numbers, default=-1) + 1
        count = filled + MORE_ROWS if self.more == path else max(filled, FIRST_ROWS)
        return [self.draw(field.fields, f"{path}.{row}.", f"{plain}.") for row in range(count)]


NAMING: Final[frozenset[FieldKind]] = frozenset({"name", "names", "person", "people"})
