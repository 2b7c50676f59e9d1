"""Finds personal numbers whose serial stands apart from the day: behind words, letters, a comma or many signs. Pure.

Every pattern has bounds, so that reading takes time in proportion to a text's length.
"""

import re
from typing import Final

from shared.events import other_numbers

_MONTH: Final = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}"
_SERIAL: Final = r"([0-9]{4})(?![0-9])"
# A day as people say it, and four digits that hang on to it.
_SAID: Final = re.compile(
    r"(?<![0-9])[0-9]{1,2}"
    rf"(?:[. ]{{0,2}}{_MONTH}[. ]{{0,2}}|[./][0-9]{{1,2}}(?:[./-]| (?=[12])))"
    rf"(?:(?:18|19|20)[0-9]{{2}}|[0-9]{{2}}) ?- ?{_SERIAL}"
)
# The same with a comma or a blank, of a day that is no event's; and a day of the standard, or one that is written so.
_SAID_APART: Final = re.compile(
    rf"(?<![0-9])[0-9]{{1,2}}[. ]{{0,2}}{_MONTH}[. ]{{0,2}}"
    rf"(?:18[0-9]{{2}}|19[0-9]{{2}}|20[01][0-9])(?: ?, ?| {{1,2}}){_SERIAL}"
    r"|(?<![0-9])(?:19[0-9]{2}|20[01][0-9])([-./ ]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12][0-9]|3[01])"
    rf"[-/, ]{{0,3}}{_SERIAL}"
)
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:0[1-9]|1[0-2])(?:(?:18|19|20)[0-9]{2}|[0-9]{2})"
_YEAR: Final = r"(?:(?:18|19|20)[0-9]{2}|[0-9]{2})"
_DAY_IN_PARTS: Final = rf"[0-9]{{1,2}}(?:([./-])[0-9]{{1,2}}\1|[. ]{{1,2}}{_MONTH} ){_YEAR}"
# What leads from the day to the serial, and words that go along with that but lead nowhere alone.
_LEADS: Final = (
    r"(?:(?:binde|tanke|skrå)?streg|minus|plus|mellemrum|punktum|komma|kolon|og|dernæst|derefter|derpå|efterfulgt"
    r"|l(?:ø|oe)be(?:nr|nummer)|lbnr|kontrol(?:tal|ciffer|cifre)|sidste|ende(?:lsen?|r)|slutter|[a-z]|xx{1,2})"
)
_GOES_ALONG: Final = r"(?:så|af|med|på|er|var|de|fire|4|cifre|tal|nr)"
# Signs between two words; only what begins and ends with none of them is a word.
_SIGNS: Final = r"[ ,.:;()<>\"'/*-]{1,4}"
_BY_WORDS: Final = (
    rf"(?:{_SIGNS}{_GOES_ALONG}){{0,2}}(?:{_SIGNS}|(?<=[0-9])(?=[a-z][0-9])){_LEADS}"
    rf"(?:{_SIGNS}(?:{_GOES_ALONG}|{_LEADS})){{0,5}}(?:{_SIGNS}|(?<=[0-9][a-z])(?=[0-9]))"
)
_BY_SIGNS: Final = r"[ _.·=-]{6,30}"
_PARTED_BY_WORDS: Final = re.compile(
    rf"(?<![0-9./-])(?:{_DAY}(?:{_BY_WORDS}|{_BY_SIGNS})|{_DAY_IN_PARTS}{_BY_WORDS}){_SERIAL}"
)
# The serial before the day.
_TURNED_ROUND: Final = re.compile(
    rf"\b(?:sidste (?:fire|4)\b[^0-9!?\n]{{0,16}}|(?:cpr|personnummer)\b[^0-9!?\n]{{0,6}})([0-9]{{4}})(?![0-9])"
    rf"[^0-9!?\n]{{1,30}}{_DAY}(?![0-9])"
)
# However a day is written, behind what says that a number is a person's.
_CALLED: Final = re.compile(
    rf"\b(?:cpr|person(?:nr|nummer))\b[^0-9!?\n]{{0,16}}"
    rf"(?:{_DAY_IN_PARTS}|[0-9]{{1,2}}/[0-9]{{1,2}}[- ][0-9]{{2,4}})"
    rf"[-/., ]{{1,3}}{_SERIAL}"
)
_BY_LETTERS: Final = re.compile(
    r"(?<![0-9a-z])[0-9]([a-z])(?:[0-9]\1){8}[0-9](?![0-9])"
    r"|(?<![0-9a-z])[0-9]{2}[a-z][0-9]{2}[a-z][0-9]{2}[a-zæøå][0-9]{4}(?![0-9a-z])"
)
_A_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


def is_parted(written: str) -> bool:
    """Tell whether a plain text holds a personal number whose serial stands apart from its day."""
    if any(map(_is_said, _SAID.finditer(written))) or _BY_LETTERS.search(written) or _CALLED.search(written):
        return True
    if any(not other_numbers.is_of_a_thing(written, found.start()) for found in _TURNED_ROUND.finditer(written)):
        return True
    patterns = (_PARTED_BY_WORDS, _SAID_APART)
    return any(_is_one(written, found) for pattern in patterns for found in pattern.finditer(written))


def _is_said(found: re.Match[str]) -> bool:
    """Tell whether what hangs on to a day is no year, and is not called a thing's number."""
    return not (_A_YEAR.fullmatch(found[1]) or other_numbers.is_of_a_thing(found.string, found.start()))


def _is_one(written: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    is_a_thing = other_numbers.is_of_a_thing(written, start) or other_numbers.is_counted(written, start)
    return not (is_a_thing or other_numbers.has_unit(written, end) or _A_YEAR.fullmatch(found[0][-4:]))
