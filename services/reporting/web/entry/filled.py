"""A filled-in form and the event's data, each made of the other. Pure.

A field goes by its path: `date`, `consent.reference`, `lines.0.amount_ore`; a list of names has one in each line, and
those that were ticked beside.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from services.reporting.entry.shapes import IN_LINES, IN_ROWS, FormField
from services.reporting.terms import Json
from services.reporting.web.entry.typed import read, write
from services.reporting.web.writing import Code

# What people typed, by the path of the field.
Typed = Mapping[str, Sequence[str]]
OTHERS: Final = "others"
NOBODY: Final = "nobody"
MOST_ROWS: Final = 500
ROW: Final = re.compile(r"\.(\d{1,3})\.")


def data_of(fields: Sequence[FormField], typed: Typed, code: Code, prefix: str = "") -> Json:
    """Give the data that a form says; what was left blank is left out."""
    data: Json = {}
    for field in fields:
        found = _value(field, typed, code, f"{prefix}{field.name}")
        if found is not None:
            data[field.name] = found
    return data


def typed_of(fields: Sequence[FormField], data: Json, code: Code, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give what to type, so that a form says these data."""
    for field in fields:
        if (value := data.get(field.name)) is not None:
            yield from _typed(field, value, code, f"{prefix}{field.name}")


def without_blank_rows(fields: Sequence[FormField], typed: Typed) -> dict[str, list[str]]:
    """Number the rows that say something from nought on, so that the place of a row is that in the event."""
    kept = {path: list(values) for path, values in typed.items()}
    for field in fields:
        if field.kind not in IN_ROWS:
            continue
        rows = _rows(field.name, typed)
        for path in [path for path in kept if path.startswith(f"{field.name}.")]:
            del kept[path]
        for place, row in enumerate(rows):
            for path, values in typed.items():
                if path.startswith(f"{field.name}.{row}."):
                    kept[path.replace(f".{row}.", f".{place}.", 1)] = list(values)
    return kept


def path_of(pointer: str, fields: Sequence[FormField]) -> str:
    """Give the path of the field that a JSON pointer is about: the nearest that the form has, or nothing."""
    steps = pointer.removeprefix("/data").strip("/").split("/")
    field = next((field for field in fields if field.name == steps[0]), None)
    if field is None or not pointer.startswith("/data/"):
        return ""
    if field.kind == "part" and len(steps) > 1:
        return ".".join(steps[:2])
    if field.kind == "parts" and len(steps) > 2:  # noqa: PLR2004  the list, its row and the field
        return ".".join(steps[:3])
    return field.name


def _value(field: FormField, typed: Typed, code: Code, path: str) -> Any:  # noqa: ANN401  whatever JSON has
    if field.kind == "part":
        return data_of(field.fields, typed, code, f"{path}.") or None
    if field.kind == "parts":
        rows = [data_of(field.fields, typed, code, f"{path}.{row}.") for row in _rows(path, typed)]
        return rows or None
    if field.kind == "amounts":
        rows = [data_of(field.fields, typed, code, f"{path}.{row}.") for row in _rows(path, typed)]
        return {row.get("commitment", ""): row.get("amount_ore") for row in rows} or None
    if field.kind == "words":
        return [value for value in typed.get(path, ()) if value] or None
    if field.kind in IN_LINES:
        return _list(field, typed, path)
    text = next(iter(typed.get(path, ())), "")
    return read(field.kind, text, code) if text else None


def _list(field: FormField, typed: Typed, path: str) -> list[str] | None:
    lines = next(iter(typed.get(f"{path}.{OTHERS}", ())), "").replace("\r\n", "\n").split("\n")
    is_names = field.kind != "lines"
    others = [line.strip() if is_names else line for line in lines]
    found = [value for value in (*typed.get(path, ()), *others) if value]
    if found:
        return found
    return [] if field.may_be_empty and typed.get(f"{path}.{NOBODY}") else None


def _rows(path: str, typed: Typed) -> list[int]:
    """Give the numbers of the rows in which something was typed, at most `MOST_ROWS`."""
    found = {
        int(match[1])
        for name, values in typed.items()
        if name.startswith(f"{path}.") and any(values) and (match := ROW.match(name, len(path)))
    }
    return sorted(found)[:MOST_ROWS]


def _typed(field: FormField, value: Any, code: Code, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401  whatever JSON has
    if field.kind == "part":
        yield from typed_of(field.fields, value, code, f"{path}.")
    elif field.kind in IN_ROWS:
        rows = (
            value
            if field.kind == "parts"
            else [dict(zip(("commitment", "amount_ore"), row, strict=True)) for row in value.items()]
        )
        for place, row in enumerate(rows):
            yield from typed_of(field.fields, row, code, f"{path}.{place}.")
    elif field.kind == "words":
        yield from ((path, each) for each in value)
    elif field.kind in IN_LINES:
        yield (f"{path}.{OTHERS}", "\n".join(value)) if value else (f"{path}.{NOBODY}", "true")
    else:
        yield path, write(field.kind, value, code)
