"""Finds telephone numbers in plain text, however their digits are grouped. Pure; every pattern has bounds."""

import re
from collections.abc import Iterator
from typing import Final

from shared.events import other_numbers
from shared.events.personal_data import is_day

DIGITS: Final = 8
# Rows of so many digits in one text.
MOST_NUMBERS: Final = 200
_EIGHT: Final = r"[2-9](?:[ .·/_()-]{0,3}[0-9]){7}"
# What is before a number, said or dialled.
_CALLED: Final = re.compile(
    r"(?:\b(?:tlf|telefon(?!tid)\w{0,12}|mobil\w{0,12}|mob|ring\w{0,3}|sms|whatsapp|(?<![-\w])(?:mit|sit|hans) nr"
    rf"|(?<![-\w])nummer(?:et)?)[^0-9\n]{{0,20}}|(?<![0-9])(?:\+|00)45[ ).-]{{0,3}})({_EIGHT})(?![0-9])"
)
_ABROAD: Final = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}[0-9]){7,13}(?![0-9])")
# The same as it is dialled, of every country but this one.
_DIALLED_ABROAD: Final = re.compile(r"(?<![\w+.,/-])00 ?[1-9](?<!5)(?:[ ().-]{0,2}[0-9]){8,13}(?![0-9])")
_NUMBER: Final = re.compile(
    r"[2-9](?<![0-9][0-9])(?<![\w.,][0-9])(?=((?:(?: ?[.·/-] ?|[ _\n]|[()]{1,2} ?|  )?[0-9]){7})(?![0-9]))"
)
_GROUP: Final = re.compile(r"[0-9]+")
_ENDS: Final = re.compile(r"(?![\w/-]|[.,][0-9])")
# How eight digits are grouped when they are dialled; in an identifier only pairs are a telephone's.
_PAIRS: Final = (2, 2, 2, 2)
_WHOLE: Final = (DIGITS,)
_HALVES: Final = (4, 4)
_GROUPED: Final = frozenset(
    {_PAIRS, _WHOLE, _HALVES, (2, 3, 3), (3, 3, 2), (3, 2, 3), (2, 6), (2, 2, 4), (4, 2, 2), (1,) * DIGITS}
)
_A_YEAR: Final = re.compile(r"(?:19[0-9]|20[0-3])[0-9]")


def holds_phone_number(text: str) -> bool:
    """Tell whether a plain text of sentences holds a telephone number."""
    return is_called(text) or any(_numbers(text))


def is_called(text: str) -> bool:
    """Tell whether a number of a plain text is said to be a telephone's, by a word or by what is dialled before it."""
    if _ABROAD.search(text):
        return True
    abroad = (found.start() for found in _DIALLED_ABROAD.finditer(text))
    if any(not other_numbers.is_perhaps_of_a_thing(text, start) for start in abroad):
        return True
    return any(not _is_time(_GROUP.findall(found[1]), found[1]) for found in _CALLED.finditer(text))


def is_dialled(text: str) -> bool:
    """Tell whether a reference or an identifier holds a number in pairs of digits, as only telephones' are written."""
    return is_called(text) or _PAIRS in _numbers(text)


def _numbers(text: str) -> Iterator[tuple[int, ...]]:
    """Give how the digits of each telephone number are grouped; where there are too many to look at, they are some."""
    for place, number in enumerate(_NUMBER.finditer(text)):
        if place == MOST_NUMBERS:
            yield _PAIRS
            return
        start, end = number.start(), number.end(1)
        groups = _GROUP.findall(text, start, end)
        lengths = tuple(map(len, groups))
        if lengths in _GROUPED and _ENDS.match(text, end) and _is_one(text, start, end, groups):
            yield lengths


def _is_one(text: str, start: int, end: int, groups: list[str]) -> bool:
    lengths = tuple(map(len, groups))
    gaps = _GROUP.split(text[start:end])[1:-1]
    if _is_time(groups, text[start:end]) or _is_date("".join(groups), lengths) or other_numbers.has_unit(text, end):
        return False
    if other_numbers.is_amount(lengths, gaps) or other_numbers.is_perhaps_of_a_thing(text, start):
        return False
    if lengths in {_WHOLE, _HALVES} and text[max(0, start - 1) : start] in {"-", "/"}:
        return False
    if len(groups) == 1:
        return True
    if not other_numbers.lie_apart(text, start, end, gaps, ".-:"):
        return False
    return lengths != _PAIRS or not (
        other_numbers.is_row_of_counts(groups, gaps) or other_numbers.is_counted(text, start)
    )


def _is_time(groups: list[str], written: str) -> bool:
    """Tell whether digits are two years, or two hours of a day."""
    if tuple(map(len, groups)) == _HALVES and _A_YEAR.fullmatch(groups[0]):
        return " " not in written or _A_YEAR.fullmatch(groups[1]) is not None
    if tuple(map(len, groups)) != _PAIRS:
        return False
    first, between, last = (gap.strip() for gap in _GROUP.split(written)[1:-1])
    return between not in {first, ""} and all(
        other_numbers.is_hour(pair, gap) for pair, gap in ((groups[:2], first), (groups[2:], last))
    )


def _is_date(digits: str, lengths: tuple[int, ...]) -> bool:
    """Tell whether eight digits are a day, first or last year."""
    if lengths in {_WHOLE, (2, 2, 4)} and _A_YEAR.fullmatch(digits[4:]) and is_day(int(digits[:2]), int(digits[2:4])):
        return True
    is_one = _A_YEAR.fullmatch(digits[:4]) and is_day(int(digits[6:]), int(digits[4:6]))
    return lengths in {_WHOLE, (4, 2, 2)} and bool(is_one)
