"""The guard at the door: finds personal numbers, however they are typed, before anything is stored or logged.

Every pattern has bounds, so that reading takes time in proportion to a text's length, whatever it holds.
"""

import re
from collections.abc import Iterator
from typing import Final

from shared.events.fields import MAX_TEXT
from shared.events.plain_text import plain

LONG_BYTES: Final = 16_384
MONTHS_OF_31: Final = frozenset({1, 3, 5, 7, 8, 10, 12})
# A replacement number, for somebody who has none, is written with a day that is 60 later.
REPLACED_DAYS: Final = 60

# Day, month, year of two or four digits, and four more, with what people type between them; not inside a longer
# number. The modulus check is not asked for: since 2007 numbers are issued that fail it.
_BETWEEN: Final = r"[ ._/\\-]{0,3}"
PERSONAL_NUMBER: Final = re.compile(
    rf"(?<![0-9])([0-9]{{2}})({_BETWEEN})([0-9]{{2}}){_BETWEEN}((?:19|20)?[0-9]{{2}})({_BETWEEN})([0-9]{{4}})(?![0-9])"
)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What stands right before and after a number, as far as anybody looks.
AROUND: Final = 40
_WORD_BEFORE: Final = re.compile(r"[0-9a-z]{1,40}\Z")
_WORD_AFTER: Final = re.compile(r"\A[0-9a-z]{1,40}")
_NOT_A_DIGIT: Final = re.compile(r"[^0-9]{1,3}")
_HEXADECIMAL: Final = frozenset("0123456789abcdef")
SHORTEST_HASH: Final = 12
_OF_A_WORKPLACE: Final = re.compile(r"\bp-?(?:nr|nummer|numre)[. :]{0,3}\Z")
_A_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")

_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"000000000")
_BETWEEN_BYTES: Final = rb" ._/\-"
# What a text of Danish letters is made of: ASCII, and the two bytes of each of the letters from U+00C0 to U+00FF.
_ORDINARY: Final = bytes([*range(0x80), *range(0x80, 0xC0), 0xC3])


def may_hold_personal_number(document: bytes) -> bool:
    """Tell whether a personal number is worth looking for in a JSON text: False is certain, True is not."""
    if b"\\" in document:
        document = document.replace(rb"\t", b" ")
    # Deleting what may stand between digits, and looking for ten of them, costs a tenth of any pattern.
    shapes = document.translate(_DIGITS_ALIKE, _BETWEEN_BYTES)
    if b"0000000000" not in shapes and not document.translate(None, _ORDINARY):
        return False
    # What is long is looked through text by text, since nothing else of the process runs while a pattern reads on.
    return len(document) > LONG_BYTES or holds_personal_number(document.decode())


def holds_personal_number(text: str) -> bool:
    """Tell whether a text holds something that reads as a Danish personal (CPR) number with a valid date.

    The first six digits are day, month and year; 29 February passes in any year, since the century is not known.

    Source: https://www.cpr.dk/media/12066/personnummeret-i-cpr.pdf
    """
    written = plain(text)
    if "-" in written:
        written = _UUID.sub(" ", written)
    return any(_is_one(found) for found in PERSONAL_NUMBER.finditer(written))


def personal_numbers(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Walk a decoded JSON value and give the way to each text, or to each object with a key, that holds one.

    Numbers are passed over: an amount of ten digits is no person. So are texts that are longer than any field takes.
    """
    if isinstance(value, str):
        if len(value) <= MAX_TEXT and holds_personal_number(value):
            yield steps
    elif isinstance(value, dict):
        for key, item in value.items():
            if len(key) <= MAX_TEXT and holds_personal_number(key):
                yield steps
            yield from personal_numbers(item, (*steps, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from personal_numbers(item, (*steps, position))


def _is_one(found: re.Match[str]) -> bool:
    """Tell whether digits that look like a personal number are one, by their date and by what stands around them."""
    day, first_gap, month, year, gap, serial = found.groups()
    if not _is_day(int(day), int(month)):
        return False
    if len(year) == len(serial) and gap and first_gap and _A_YEAR.fullmatch(serial):
        return False  # from 14.10.2025 to 2026
    text = found.string
    before = text[max(0, found.start() - AROUND) : found.start()]
    after = text[found.end() : found.end() + AROUND]
    left, right = _word(_WORD_BEFORE, before), _word(_WORD_AFTER, after)
    if found[0].isdecimal():
        if _is_of_a_hash(left + right, len(found[0])):
            return False
        return _OF_A_WORKPLACE.search(before) is None
    pieces = _NOT_A_DIGIT.split(found[0])
    return not (_is_of_a_hash(left, len(pieces[0])) or _is_of_a_hash(right, len(pieces[-1])))


def _word(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _is_of_a_hash(around: str, digits: int) -> bool:
    """Tell whether digits stand in a long hexadecimal number, such as a pseudonym."""
    return bool(around) and digits + len(around) >= SHORTEST_HASH and _HEXADECIMAL.issuperset(around)


def _is_day(day: int, month: int) -> bool:
    day = day - REPLACED_DAYS if day > REPLACED_DAYS else day
    if month == 2:  # noqa: PLR2004  February
        return 1 <= day <= 29  # noqa: PLR2004  the days of a month
    return 1 <= month <= 12 and 1 <= day <= (31 if month in MONTHS_OF_31 else 30)  # noqa: PLR2004  as above
