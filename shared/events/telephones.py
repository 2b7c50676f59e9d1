"""Finds telephone numbers in plain text, however their digits are grouped. Pure; every pattern has bounds."""

import re
from collections.abc import Iterator
from typing import Final

from shared.events import other_numbers
from shared.events.given_names import GIVEN_NAMES
from shared.events.plain_text import has_digits
from shared.events.spelt_days import is_day

DIGITS: Final = 8
# Rows of so many digits in one text.
MOST_NUMBERS: Final = 200
_EIGHT: Final = r"[2-9](?:(?:[ .·/_()+,;:|*~•x-]{0,3}| og(?: så)? | ?\([a-zæøå]{2,8}\) ?)[0-9]){7}"
# Who has a number; glued to it, or with any sign between.
_SOMEBODY: Final = (
    r"(?:mor|far|moren|faren|mormor|farmor|morfar|farfar|bedstemor|søster|bror|storesøster|storebror|onkel|tante|hun|han|kontakt\w{0,8}"
    r"|pårørende|forælder|forældre|værge)"
)
# What is before a number, said or dialled.
_CALLED: Final = re.compile(
    r"(?:\b(?:tlf|telefon(?!tid)\w{0,12}|mobil\w{0,12}|mob|ring\w{0,3}|sms|whatsapp|(?<![-\w])(?:mit|sit|hans) nr"
    rf"|tel\b|telf\b|fastnet|(?<![-\w])nummer(?:et)?|\b(?:hjemme|privat|kontakt|nød)(?:nr|nummer))[^0-9\n]{{0,20}}"
    r"|(?<![0-9])(?:\+ ?|00 ?)45[ ()./-]{0,3}(?:\(?0\)[ ]?)?"
    rf"|wa\.me/(?:45)?|(?<![a-zæøå]){_SOMEBODY}[-/:=(]{{0,2}})(?:45[ ./-]{{0,2}})?({_EIGHT})(?![0-9])"
)
# The country without its sign, and eight digits whole, or pairs of them.
_OF_HERE: Final = re.compile(
    r"(?<![\w+/-])(?<![0-9][ .,])45 ?[2-9][0-9](?:[0-9]{6}|[0-9]{2} ?[ -] ?[0-9]{4}"
    r"|([ .-])[0-9]{2}\1[0-9]{2}\1[0-9]{2})"
    r"(?![\w/-]|[.,][0-9]|\1[0-9])"
)
# The same, and behind it what it is; here digits may be grouped in any way.
_CALLED_BEHIND: Final = re.compile(
    rf"(?<![\w.,/+-])(?:0[0-9])?({_EIGHT})(?:,00)?(?![0-9])[^0-9!?\n]{{0,24}}\b(?:tlf|telefon(?!tid)|mobil|nummer\b|sms|whatsapp)"
)
# Glued to a word, which says whose it is where it is a name.
_GLUED: Final = re.compile(r"(?<![\w.,/+-])([a-zæøå]{2,12})?([2-9][0-9]{7})(?![0-9])([a-zæøå]{2,12})?")
_ABROAD: Final = re.compile(r"(?<![\w+])\+ ?[1-9](?:[ ().-]{0,2}[0-9]){7,13}(?![0-9<])")
# The same as it is dialled, of every country but this one.
_DIALLED_ABROAD: Final = re.compile(r"(?<![\w+.,/-])00 ?[1-9](?<!5)(?:[ ().-]{0,2}[0-9]){8,13}(?![0-9])")
_NUMBER: Final = re.compile(
    r"[2-9](?<![0-9][0-9])(?<![\w.,][0-9])(?=((?:(?: ?[.·/-] ?|[ _\n]|[()]{1,2} ?|  )?[0-9]){7})(?![0-9]))"
)
# Pairs with the same other sign between all of them, and with a comma and a blank where it is somebody's.
_IN_PAIRS: Final = re.compile(
    r"(?<![0-9])(?<![0-9][,.+:;x|*~/])([2-9][0-9])"
    r"( {0,2}[,+:;x|*~•_=] {0,2}| og | {3}|--)([0-9]{2})\2([0-9]{2})\2([0-9]{2})(?![0-9]|[,.+:;x|*~/][0-9]| ?=)"
)
_BEFORE_IN_PAIRS: Final = re.compile(rf"\b{_SOMEBODY}\b[^0-9!?\n]{{0,25}}\Z")
_AFTER_IN_PAIRS: Final = re.compile(rf"[^0-9!?\n]{{0,12}}\b(?:{_SOMEBODY}s?|tlf|telefon|nummer)\b")
# What parts counts as well, and how far apart the first and the last of some are.
_OF_LISTS: Final = frozenset({",", ";", "+", ":", "og", ""})
_CLOSE: Final = 20
# So many noughts are a sum's.
_ROUND: Final = re.compile(r"[2-9][0-9]{0,2}0{5,7}")
_GROUP: Final = re.compile(r"[0-9]+")
_ENDS: Final = re.compile(r"(?![\w/-]|[.,][0-9])")
# How eight digits are grouped when they are dialled; in an identifier only pairs are a telephone's.
_PAIRS: Final = (2, 2, 2, 2)
_WHOLE: Final = (DIGITS,)
_HALVES: Final = (4, 4)
_GROUPED: Final = frozenset(
    {
        *(_PAIRS, _WHOLE, _HALVES, (2, 3, 3), (3, 3, 2), (3, 2, 3), (2, 6), (2, 2, 4), (4, 2, 2), (2, 4, 2)),
        (1,) * DIGITS,
    }
)
_AROUND_FOUR: Final = (2, 4, 2)
_A_YEAR: Final = re.compile(r"19[0-9]{2}|20(?:[0-2][0-9]|30)")


def holds_phone_number(text: str) -> bool:
    """Tell whether a plain text of sentences holds a telephone number."""
    # To count digits costs a tenth of the patterns, and nearly all texts have fewer.
    return has_digits(text, DIGITS) and _holds_one(text)


def _holds_one(text: str) -> bool:
    if is_called(text) or any(_numbers(text)) or any(_is_in_pairs(found) for found in _IN_PAIRS.finditer(text)):
        return True
    patterns = (_OF_HERE, _CALLED_BEHIND)
    if any(_is_of_here(found) for pattern in patterns for found in pattern.finditer(text)):
        return True
    return any(_is_glued_to_a_name(found) for found in _GLUED.finditer(text))


def _is_glued_to_a_name(found: re.Match[str]) -> bool:
    return any(word == "og" or word in GIVEN_NAMES for word in (found[1], found[3]) if word)


def _is_of_here(found: re.Match[str]) -> bool:
    """Tell whether ten digits that begin as this country's numbers do are one, and no thing's, sum or row of counts."""
    text, start, end = found.string, found.start(), found.end()
    if other_numbers.is_perhaps_of_a_thing(text, start) or other_numbers.has_unit(text, end):
        return False
    return not other_numbers.is_counted(text, start)


def _is_in_pairs(found: re.Match[str]) -> bool:
    """Tell whether four pairs of digits, which some sign parts, are a number, by what is around them."""
    text, start, end = found.string, found.start(), found.end()
    pairs, sign = list(found.groups()[:1] + found.groups()[2:]), found[2]
    if other_numbers.has_unit(text, end) or other_numbers.is_perhaps_of_a_thing(text, start):
        return False
    if other_numbers.is_counted(text, start) or (sign.strip() in _OF_LISTS and _is_ascending(pairs)):
        return False
    if sign.strip() == ":" and all(pair < "60" for pair in pairs):
        return False
    is_loose = sign.isspace() or (sign.strip() in {",", ";"} and sign != sign.strip())
    if not is_loose or _BEFORE_IN_PAIRS.search(text[max(0, start - other_numbers.AROUND) : start]):
        return True
    return _AFTER_IN_PAIRS.match(text, end) is not None


def _is_ascending(pairs: list[str]) -> bool:
    values = [int(pair) for pair in pairs]
    return values == sorted(values) and values[-1] - values[0] <= _CLOSE


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
    if other_numbers.is_counted(text, start) and lengths == _HALVES:
        return False
    # Goods are numbered in threes with dots.
    is_of_goods = lengths == (3, 3, 2) and gaps == [".", "."]
    is_around_a_year = lengths == _AROUND_FOUR and (_A_YEAR.fullmatch(groups[1]) or any(gap.strip() for gap in gaps))
    is_after_a_sign = lengths in {_WHOLE, _HALVES} and text[max(0, start - 1) : start] in {"-", "/"}
    if is_around_a_year or is_after_a_sign or is_of_goods:
        return False
    if len(groups) == 1:
        return not _ROUND.fullmatch(groups[0])
    is_counts = lengths == _PAIRS and (
        other_numbers.is_row_of_counts(groups, gaps) or other_numbers.is_counted(text, start)
    )
    return other_numbers.lie_apart(text, start, end, gaps, ".-:") and not is_counts


def _is_time(groups: list[str], written: str) -> bool:
    """Tell whether digits are two years, or two hours of a day."""
    if tuple(map(len, groups)) == _HALVES and _A_YEAR.fullmatch(groups[0]):
        return " " not in written or _A_YEAR.fullmatch(groups[1]) is not None
    if tuple(map(len, groups)) != _PAIRS:
        return False
    first, between, last = (gap.strip() for gap in _GROUP.split(written)[1:-1])
    days = ((int(groups[0]), int(groups[1])), (int(groups[2]), int(groups[3])))
    if first == last in {".", "/"} and between == "-" and all(is_day(*day) for day in days):
        return True
    return between not in {first, ""} and all(
        other_numbers.is_hour(pair, gap) for pair, gap in ((groups[:2], first), (groups[2:], last))
    )


def _is_date(digits: str, lengths: tuple[int, ...]) -> bool:
    """Tell whether eight digits are a day, first or last year."""
    if lengths in {_WHOLE, (2, 2, 4)} and _A_YEAR.fullmatch(digits[4:]) and is_day(int(digits[:2]), int(digits[2:4])):
        return True
    is_one = _A_YEAR.fullmatch(digits[:4]) and is_day(int(digits[6:]), int(digits[4:6]))
    return lengths in {_WHOLE, (4, 2, 2)} and bool(is_one)
