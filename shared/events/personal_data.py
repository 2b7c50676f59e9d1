"""The guard at the door: finds what could identify a person, before anything is stored or logged."""

import re
from collections.abc import Iterator
from typing import Final

MONTHS_OF_31: Final = frozenset({1, 3, 5, 7, 8, 10, 12})

# Ten digits, or six and four, standing alone: not inside a longer number, a word or a UUID. The separator may be a
# hyphen, a space or nothing. The modulus check is not asked for: since 2007 numbers are issued that fail it.
PERSONAL_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])(\d{2})(\d{2})\d{2}[- ]?\d{4}(?![0-9A-Za-z])", re.ASCII)

# The same in a JSON text, where a line break or a tab before the digits is written with a letter. It may find too
# much, so what it finds is looked at once more as it was meant.
_IN_JSON: Final = re.compile(rb"(?:(?<![0-9A-Za-z])|(?<=\\[nrt]))[0-9]{6}[- ]?[0-9]{4}(?![0-9A-Za-z])")
_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"000000000")


def may_hold_personal_number(document: bytes) -> bool:
    """Tell whether a personal number is worth looking for in a JSON text: False is certain, True is not."""
    # Looking for fixed shapes once every digit is 0 costs a tenth of the pattern, which tries every position.
    shapes = document.translate(_DIGITS_ALIKE)
    is_likely = b"0000000000" in shapes or b"000000-0000" in shapes or b"000000 0000" in shapes
    return is_likely and _IN_JSON.search(document) is not None


def holds_personal_number(text: str) -> bool:
    """Tell whether a text holds something that reads as a Danish personal (CPR) number with a valid date.

    The first six digits are day, month and year; 29 February passes in any year, since the century is not known.

    Source: https://www.cpr.dk/media/12066/personnummeret-i-cpr.pdf
    """
    return any(_is_day(int(found[1]), int(found[2])) for found in PERSONAL_NUMBER.finditer(text))


def personal_numbers(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Walk a decoded JSON value and give the way to each text, or to each object with a key, that holds one.

    Numbers are passed over: an amount of ten digits is no person.
    """
    if isinstance(value, str):
        if holds_personal_number(value):
            yield steps
    elif isinstance(value, dict):
        for key, item in value.items():
            if holds_personal_number(key):
                yield steps
            yield from personal_numbers(item, (*steps, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from personal_numbers(item, (*steps, position))


def _is_day(day: int, month: int) -> bool:
    if month == 2:  # noqa: PLR2004  February
        return 1 <= day <= 29  # noqa: PLR2004
    return 1 <= month <= 12 and 1 <= day <= (31 if month in MONTHS_OF_31 else 30)  # noqa: PLR2004
