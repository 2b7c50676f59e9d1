"""How people type days, amounts and numbers, read as events have them; what cannot be read stays as it was typed.

So there is one judge of what is right: the intake, which refuses it with a code of the catalogue. Pure.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from babel.dates import get_month_names

from services.reporting.entry.shapes import FieldKind
from services.reporting.web.writing import LOCALES, Code

ORE: Final = 100
LONGEST_NUMBER: Final = 40
ISO_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
# 3/9-2026, 3.9.2026, 3-9-26, 3/9 2026, 3. september 2026.
DAY: Final = re.compile(r"(\d{1,2})[./ -]+(\d{1,2}|[^\W\d_]+\.?)[./ -]+(\d{4}|\d{2})")
CLOCK: Final = re.compile(r"(\d{1,2})[.: ]?(\d{2})?", re.ASCII)
GROUPED: Final = {"da": re.compile(r"\d{1,3}(\.\d{3})+(,\d*)?"), "en": re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")}
POINT: Final = {"da": ",", "en": "."}
GROUP: Final = {"da": ".", "en": ","}
TRUE: Final = {"true": True, "false": False}
LAST_HOUR: Final = 23
CENTURY: Final = 2000
IN_A_CENTURY: Final = 100


def read(kind: FieldKind, text: str, code: Code) -> Any:  # noqa: ANN401  whatever JSON has
    """Give what was typed as the event has it, or the text itself where it is nothing of that kind."""
    reader = READERS.get(kind)
    found = text if reader is None else reader(text.strip(), code)
    # A browser sends each line break as two signs.
    return text.replace("\r\n", "\n") if found is None or reader is None else found


def write(kind: FieldKind, value: Any, code: Code) -> str:  # noqa: ANN401  whatever JSON has
    """Give what to type for a value: what `read` makes that value of."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _written_day(value) if kind == "day" else value
    number = Decimal(str(value)) / ORE if kind == "amount" else Decimal(str(value))
    return f"{number:f}".replace(".", POINT[code])


def _day(typed: str, _: Code) -> str | None:
    if found := ISO_DAY.fullmatch(typed):
        year, month, day = (int(part) for part in found.groups())
    elif found := DAY.fullmatch(typed):
        year = int(found[3]) if int(found[3]) >= IN_A_CENTURY else CENTURY + int(found[3])
        month, day = _month(found[2]), int(found[1])
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _month(typed: str) -> int:
    if typed.isdecimal():
        return int(typed)
    name = typed.rstrip(".").lower()
    named = (
        month
        for locale in LOCALES.values()
        for month, whole in get_month_names("wide", locale=locale).items()
        if len(name) >= 3 and whole.lower().startswith(name)  # noqa: PLR2004  as the shortest are written
    )
    return next(named, 0)


def _written_day(value: str) -> str:
    found = ISO_DAY.fullmatch(value)
    return f"{int(found[3])}/{int(found[2])}-{found[1]}" if found else value


def _clock(typed: str, _: Code) -> str | None:
    found = CLOCK.fullmatch(typed)
    if found is None or int(found[1]) > LAST_HOUR:
        return None
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _number(typed: str, code: Code) -> Decimal | None:
    """Read 12.500,50 and 12500,5 in Danish, 12,500.50 in English, and either point where it can mean nothing else."""
    text = re.sub(r"\s|kr\.?$|%$", "", typed, flags=re.IGNORECASE).replace("\N{MINUS SIGN}", "-")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if len(digits) > LONGEST_NUMBER or not digits.isascii():
        return None
    if GROUPED[code].fullmatch(digits):
        digits = digits.replace(GROUP[code], "")
    digits = digits.replace(",", ".")
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", digits):
        return None
    try:
        return Decimal(sign + digits)
    except InvalidOperation:
        return None


def _amount(typed: str, code: Code) -> int | None:
    return _whole(typed, code, ORE)


def _whole(typed: str, code: Code, times: int = 1) -> int | None:
    number = _number(typed, code)
    if number is None or number * times != (number * times).to_integral_value():
        return None
    return int(number * times)


def _decimal(typed: str, code: Code) -> int | float | None:
    number = _number(typed, code)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _yes_or_no(typed: str, _: Code) -> bool | None:
    return TRUE.get(typed)


def _trimmed(typed: str, _: Code) -> str:
    return typed


READERS: Final[Mapping[FieldKind, Callable[[str, Code], Any]]] = {
    "day": _day,
    "clock": _clock,
    "yes_or_no": _yes_or_no,
    "amount": _amount,
    "whole": _whole,
    "decimal": _decimal,
    "name": _trimmed,
    "person": _trimmed,
    "choice": _trimmed,
}
