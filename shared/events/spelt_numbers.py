"""Reads digits that are spelt out in Danish words, one or two at a time, with or without blanks. Pure, and linear."""

import itertools
import re
from typing import Final

_ONES: Final = ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
_TEENS: Final = ("ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten")
_ENGLISH: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS: Final = ("tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems")
DIGITS_OF: Final = {
    **{word: str(value) for value, word in enumerate(_ONES + _TEENS)},
    **{word: str(10 * (place + 2)) for place, word in enumerate(_TENS)},
    **{
        f"{one}og{ten}": f"{place + 2}{value}"
        for place, ten in enumerate(_TENS)
        for value, one in enumerate(_ONES)
        if value
    },
    **{f"etog{ten}": f"{place + 2}1" for place, ten in enumerate(_TENS)},
    "et": "1",
    **dict(zip(_ENGLISH, "0123456789", strict=True)),
}
_ONE: Final = "(?:en|et|to|tre|fire|fem|seks|syv|otte|ni)"
# A year of the last century, as it is said: `tooghalvfjerds`.
TENS: Final = rf"(?:(?:{_ONE}og)?(?:{'|'.join(_TENS)}))"
# In the order in which they have to be tried: what begins with a shorter word goes first.
NUMERAL: Final = rf"(?:(?:{_ONE}og)?(?:{'|'.join(_TENS)})|{'|'.join(_TEENS[1:])}|{_ONE}|nul|ti|{'|'.join(_ENGLISH)})"
# Each numeral holds one of these: to look for them costs a tenth of any pattern.
_NUMERALS: Final = (*_ONES, *_TEENS, *_TENS, *_ENGLISH, "et")
IN_NUMERALS: Final = tuple(
    word for word in _NUMERALS if not any(other in word and other != word for other in _NUMERALS)
)
# Four digits that are said one or two at a time.
A_SERIAL_IN_WORDS: Final = rf"{NUMERAL}(?:[ ,-]{{1,2}}{NUMERAL}){{1,3}}"
_NEXT: Final = rf"(?:{NUMERAL}|[0-9]{{1,4}}(?![0-9]))"
_DASH: Final = r"(?:(?:binde|tanke)?streg|minus|mellemrum|komma|dash|(?:og )?så)"
_GAP: Final = rf"[\W_]{{0,3}}(?:{_DASH}[\W_]{{1,3}})?"
# A row that begins and ends where words do; six digits of a day may go before it, and figures stand in it.
_SPELT: Final = re.compile(
    rf"(?<![^\W_])(?:[0-9]{{1,8}}[\W_]{{1,3}}(?:{_DASH}[\W_]{{1,3}})?)?{NUMERAL}(?:{_GAP}{_NEXT}){{1,15}}(?![^\W_])"
)
# `tre seks` without a blank begins as `tres` does.
_PART: Final = re.compile(rf"{NUMERAL}(?={NUMERAL}|{_DASH}|[^a-zæøå]|\Z)|[0-9]+")
# What every number that is spelt out holds: two in a row.
A_ROW_OF_NUMERALS: Final = re.compile(
    rf"(?<![^\W_])(?:{NUMERAL}{_GAP}{_NEXT}|[0-9]{{1,8}}[\W_]{{1,3}}{NUMERAL})", re.IGNORECASE
)
# Fewer digits are no number of anybody's.
FEWEST: Final = 8


def with_digits_spelt(plain_text: str) -> str:
    """Give a plain text with digits for rows of words that spell some: `fjorten nul fem nul ni`, `nulfemtolv`."""
    return _SPELT.sub(_in_digits, plain_text)


def _in_digits(found: re.Match[str]) -> str:
    parts = [DIGITS_OF.get(part, part) for part in _PART.findall(found[0])]
    digits = "".join(parts)
    if len(digits) < FEWEST or _is_counting(parts):
        return found[0]
    return digits


def _is_counting(parts: list[str]) -> bool:
    """Tell whether somebody counts: from each number to the next it is as far, by one or by ten."""
    steps = {int(after) - int(before) for before, after in itertools.pairwise(parts)}
    return steps in ({1}, {10})
