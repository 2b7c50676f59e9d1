"""Writes whole days in one way, `01.09.1998`, however people order, part or spell their parts. Pure, and linear.

A day without a year stays as it is, but for its ordinals: `den første september` becomes `den 1. september`.
"""

import re
from typing import Final

from shared.events.plain_text import holds_any
from shared.events.spelt_numbers import DIGITS_OF, NUMERAL, TENS

# A replacement number, for somebody who has none, is written with a day that is 60 later.
REPLACED_DAYS: Final = 60
MOST_DIGITS: Final = 13
MONTHS_OF_30: Final = frozenset({4, 6, 9, 11})
_MONTHS: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH: Final = {"may": 5, "oct": 10}
MONTH: Final = rf"(?:{'|'.join((*_MONTHS, *_ENGLISH))})[a-zæøå]{{0,9}}\.?"
_ROMANS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ORDINALS: Final = (
    *("første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende", "ellevte"),
    *("tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende", "attende", "nittende", "tyvende"),
    *(f"{one}ogtyvende" for one in ("en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")),
    *("tredivte", "enogtredivte"),
)
_VALUE_OF: Final = {
    word: place + 1 for words in (_MONTHS, _ROMANS, _ORDINALS) for place, word in enumerate(words)
} | _ENGLISH
_ORDINAL: Final = rf"(?<![a-zæøå])({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?![a-zæøå])"
# Each ordinal holds one of these, and each day with a month in words one of those.
_OF_ORDINALS: Final = ("ørste", "anden", "redje", "fjerde", "femte", "sjette", "ende", "tolvte", "ellevte", "tredivte")
_AS_DAY: Final = re.compile(rf"{_ORDINAL}(?=[ -](?:i )?(?:{MONTH}|{_ORDINAL}))")
_COUNTED: Final = re.compile(rf"(?<![a-zæøå])({NUMERAL})(?= (?:i )?{MONTH})")
_AS_MONTH: Final = re.compile(rf"(?<=[0-9]\.)([ -](?:i )?){_ORDINAL}")
_BEHIND_MONTH: Final = re.compile(rf"({MONTH} (?:den |d\. ?)?){_ORDINAL}")
_LONG_YEAR: Final = r"(?:18|19|20)[0-9]{2}(?![0-9])"
# Two digits are no year where a part of a version follows, nor behind a blank and before a word: `12/5 14 unge`.
_TWO: Final = r"[0-9]{2}(?![0-9])(?![./][0-9]{1,3}(?![0-9]))"
_SHORT_YEAR: Final = rf"(?:['`]{_TWO}|(?<! ){_TWO}|{_TWO}(?! ?[a-zæøå%]))"
_YEAR_IN_WORDS: Final = (
    rf"(?:(?:nitten|tyve)[ -]?(?:hundrede?)?[ -]?(?:og[ -]?)?{NUMERAL}"
    rf"|(?:to|2)[ -]?tusinde?(?:[ -]?(?:og[ -]?)?{NUMERAL})?|{TENS})(?![a-zæøå])"
)
_YEAR: Final = rf"({_LONG_YEAR}|{_SHORT_YEAR}|{_YEAR_IN_WORDS})"
_FROM: Final = r"(?<![0-9])(?<![0-9][./-])"
_DAY_FIRST: Final = re.compile(
    rf"{_FROM}([0-9]{{1,2}})(?:(?:de|te|ende|st|nd|rd|th)?[.]?[ /-]{{0,2}}(?:i |of )?({MONTH})"
    r"[ ,./'-]{0,3}(?:i |år |anno )?"
    r"|(?: ?[./-] ?|\.? i )([0-9]{1,2})(?: ?[./-] ?|\. ?i | i | )"
    r"|(?:/|[. -]{1,2}(?!i[ ./-]))(i{1,3}|iv|vi{0,3}|ix|xi{0,2})[./ -]{1,2})"
    rf"{_YEAR}"
)
_YEAR_FIRST: Final = re.compile(
    rf"{_FROM}((?:18|19|20)[0-9]{{2}})(?:[-./ ]{{1,2}}(?:([0-9]{{1,2}})|({MONTH}))[-./ ]{{1,2}}([0-9]{{1,2}})(?![0-9])"
    r"|(?<=19[0-9]{2}|20[01][0-9])(0[1-9]|1[0-2])([0-3][0-9])(?=[-/., ]{0,3}[0-9]{4}(?![0-9])))"
)
_MONTH_FIRST: Final = re.compile(
    rf"(?<![a-zæøå])({MONTH}) (?:den |the |d\. ?)?([0-9]{{1,2}})(?:\.|st|nd|rd"
    rf"|th)?[ ,]{{1,2}}(?:i )?({_LONG_YEAR}|{_YEAR_IN_WORDS})"
)
_OF_MONTHS: Final = (*_MONTHS, *_ENGLISH)
# Each part by its name; midnight behind a day, as programs write it; what a spreadsheet makes of a long number.
_BY_NAME: Final = re.compile(
    r"\bdag[ :.]{1,2}([0-9]{1,2})[ ,.;]{1,2}måned[ :.]{1,2}([0-9]{1,2})[ ,.;]{1,2}år[ :.]{1,2}([0-9]{2,4})(?![0-9])"
)
_MIDNIGHT: Final = re.compile(r"(?<=[0-9])[t ]00:00(?::00)?(?:\.0{1,6})?z?(?![0-9:])")
_POWER: Final = re.compile(r"(?<![0-9.,])([1-9])[.,]([0-9]{5,11})e\+?0?([0-9]{1,2})(?![0-9])")
# Without one of these, and without ordinals, a text holds no whole day.
_PARTS: Final = re.compile(r"[0-9][./ -]{1,3}(?:i )?[0-9ivx]|[0-9]{8}")
_OF_DAYS: Final = (*_OF_MONTHS, "måned", "00:00")
_HUNDREDS: Final = {"n": 1900, "t": 2000}


def is_day(day: int, month: int) -> bool:
    """Tell whether a month of some year has such a day."""
    if month == 2:  # noqa: PLR2004  February
        return 1 <= day <= 29  # noqa: PLR2004  the days of a month
    return 1 <= month <= 12 and 1 <= day <= (30 if month in MONTHS_OF_30 else 31)  # noqa: PLR2004  as above


def with_days_in_digits(plain_text: str) -> str:
    """Give a plain text with its days written alike, so that one pattern finds all of them."""
    text = plain_text
    has_ordinals = holds_any(text, _OF_ORDINALS)
    if not (has_ordinals or _PARTS.search(text) or holds_any(text, _OF_DAYS)):
        return text
    if has_ordinals:
        text = _AS_DAY.sub(lambda found: f"{_VALUE_OF[found[1]]}.", text)
        text = _AS_MONTH.sub(lambda found: f"{found[1]}{_VALUE_OF[found[2]]}.", text)
        text = _BEHIND_MONTH.sub(lambda found: f"{found[1]}{_VALUE_OF[found[2]]}.", text)
    if holds_any(text, _OF_MONTHS):
        text = _COUNTED.sub(lambda found: f"{DIGITS_OF.get(found[1], found[1])}.", text)
        text = _MONTH_FIRST.sub(lambda found: _written(found, found[2], found[1], found[3]), text)
    if "måned" in text:
        text = _BY_NAME.sub(lambda found: _written(found, found[1], found[2], found[3]), text)
    if "00:00" in text:
        text = _MIDNIGHT.sub("", text)
    text = _DAY_FIRST.sub(lambda found: _written(found, found[1], found[2] or found[3] or found[4], found[5]), text)
    return _YEAR_FIRST.sub(_year_first, text)


def with_powers_written(plain_text: str) -> str:
    """Give a plain text with digits for the numbers that a spreadsheet has shortened: `6,1728394E7`."""
    return _POWER.sub(_power, plain_text) if "e" in plain_text else plain_text


def _power(found: re.Match[str]) -> str:
    digits = found[1] + found[2]
    places = int(found[3]) + 1
    return digits.ljust(places, "0") if len(digits) <= places <= MOST_DIGITS else found[0]


def _year_first(found: re.Match[str]) -> str:
    return _written(found, found[4] or found[6], found[2] or found[3] or found[5], found[1])


def _written(found: re.Match[str], day: str, month: str, year: str) -> str:
    """Write a day in digits; what is none stays as it is."""
    number = _value(month)
    first = int(day) - REPLACED_DAYS if int(day) > REPLACED_DAYS else int(day)
    return f"{int(day):02}.{number:02}.{_year(year)}" if is_day(first, number) else found[0]


def _value(month: str) -> int:
    if month.isdecimal():
        return int(month)
    return _VALUE_OF.get(month) or _VALUE_OF[month[:3]]


def _year(said: str) -> str:
    """Give a year in digits: as many as were said, four of one in words."""
    said = said.lstrip("'`")
    if said.isdecimal() or said in DIGITS_OF:
        return DIGITS_OF.get(said, said)
    last = re.search(rf"(?:{NUMERAL})?\Z", said.partition("tusind")[2] or said[4:])
    value = DIGITS_OF.get(last[0], "0") if last else "0"
    return f"{_HUNDREDS['n' if said.startswith('nitten') else 't'] + int(value)}"
