"""Finds personal numbers whose serial stands apart from the day: behind words, letters or many signs. Pure.

Days are written as `spelt_days` writes them. Every pattern has bounds, so that reading takes time in proportion to a
text's length.
"""

import re
from typing import Final

from shared.events import other_numbers
from shared.events.given_names import GIVEN_NAMES
from shared.events.spelt_numbers import A_SERIAL_IN_WORDS

_IN_FIGURES: Final = r"[0-9]{4}|[0-9]{2}[ .-][0-9]{2}|[0-9](?:[ .,-]{1,2}[0-9]){3}"
_SERIAL: Final = rf"(?P<serial>{_IN_FIGURES}|{A_SERIAL_IN_WORDS}|(?:[0-9]-){{3}}[0-9])(?![0-9a-zæøå]|[.,-][0-9])"
_DAY: Final = (
    r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:[./-] ?|(?:\. )|[ ])?(?:0[1-9]|1[0-2])"
    r"(?:[./-] ?|[ ])?(?:(?:18|19|20)[0-9]{2}|[0-9]{2})"
)
# What leads from the day to the serial, and words that go along with that but lead nowhere alone.
_LEADS: Final = (
    r"(?:(?:binde|tanke|skrå|under)?streg|minus|plus|mellemrum|punktum|komma|kolon|dash|og|dernæst|derefter|derpå"
    r"|herefter|efterfulgt|efter|l(?:ø|oe)be(?:nr|nummer)|lbnr|kontrol(?:tal|ciffer|cifre(?:ne)?)|sidste|bagefter|resten"
    r"|bagved|bagerst|slut|du ved|t[dr]|br|\([a-zæøå]{3,10}\)|til sidst|ende(?:lsen?|r)|slutter"
    r"|slut(?:tal|cifre(?:ne)?)|firecifret|[a-z]|xx{1,2}"
    r"|serie(?:nr|nummer))"
)
_GOES_ALONG: Final = (
    r"(?:så|af|med|på|er|var|de|den|der|det|fire|4|cifre(?:ne)?|tal(?:let|lene)?|nr|nummer(?:et)?|hedder|lyder|kommer|står"
    r"|i|hans|hendes|så kommer|cpr|kode(?:n)?|stå|ciffer|som|hun|han|også)"
)
# Signs between two words; only what begins and ends with none of them is a word.
_SIGNS: Final = r"[ ,.:;()<>\[\]\"'/*=_-]{1,4}"
_BY_WORDS: Final = (
    rf"(?:{_SIGNS}{_GOES_ALONG}){{0,3}}(?:{_SIGNS}|(?<=[0-9])(?=[a-z][0-9])){_LEADS}"
    rf"(?:{_SIGNS}(?:{_GOES_ALONG}|{_LEADS})){{0,6}}(?:{_SIGNS}|(?<=[0-9][a-z])(?=[0-9]))"
)
_BY_SIGNS: Final = r"[ _.·=-]{6,30}"
_BY_SIGN: Final = r"[0-3]([-. ])[0-9]\1[01]\1[0-9]\1[0-9]\1[0-9]"
_MED: Final = r" (?:med|har|så) (?=[0-9]{4} (?:bagefter|bagved|bagerst|til sidst|efter))"
_PARTED_BY_WORDS: Final = re.compile(rf"(?<![0-9./-])(?:{_DAY}|{_BY_SIGN})(?:{_BY_WORDS}|{_BY_SIGNS}|{_MED}){_SERIAL}")
# What says that a number is a person's, and what says that four digits are the last of one.
_OF_A_PERSON: Final = (
    r"(?:\bcpr|\bc\.p\.r|\bperson-?(?:nr|nummer)|\berstatnings(?:nr|nummer|cpr)|\bsundhedskort|\bsygesikring)"
)
_THE_LAST: Final = (
    r"(?:\b(?:sidste|bagerste) (?:fire|4|cifre|tal)\b|\b(?:fire|4) (?:sidste|tal)\b|\(sidste\)|\b(?:slut"
    r"|ende)(?:tal|cifre)"
    r"|\bkontrol(?:nr|nummer|tal|ciffer|cifre)?\b|\bl(?:ø|oe)be(?:nr|nummer)\b|\b(?:slutter|ender) på\b|\bends with\b"
    r"|\blast (?:four|4)\b|\bresten\b|[-. ](?:x{4}|\*{4}|\?{4}|_{4}|#{4})(?![x*?_#])|\bfirecifret)"
)
_SAID_OF_IT: Final = re.compile(rf"{_OF_A_PERSON}|{_THE_LAST}")
# A day of now is an event's more often than somebody's.
_LONG_AGO: Final = re.compile(
    r"(?<![0-9.,/-])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])([. ]?)(?:0[1-9]|1[0-2])\1"
    r"(?:(?:18|19)[0-9]{2}|20[01][0-9]|[013-9][0-9])(?![0-9]|[./][0-9])"
)
_FOUR: Final = re.compile(
    rf"(?<![0-9a-z.,/])(?<![0-9]-)({_IN_FIGURES})(?![0-9a-zæøå]|[.,/-][0-9]|[- ][0-9]{{2}}(?![0-9]))"
    rf"|(?<![a-zæøå]){A_SERIAL_IN_WORDS}(?![a-zæøå])"
)
# As far as people write between the two, and as often as it is looked for in one text.
FAR: Final = 130
NEAR: Final = 60
MOST_SAID: Final = 50
# Written wrongly in ways that only what it is called tells: month first, or without its first nought.
_WRONGLY: Final = re.compile(
    r"(?<![0-9.,/-])(?:(?:0[1-9]|1[0-2])(?:1[3-9]|2[0-9]|3[01])[0-9]{2}[- ]?[0-9]{4}"
    r"|[1-9](?:0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}|[1-9](?:\.[0-9]{3}){3}|[0-9]{4}[- ][0-9]{6})(?![0-9]|[.-][0-9])"
)
# Of somebody who has none yet: letters stand in the serial.
_OF_LETTERS: Final = re.compile(
    r"(?<![0-9])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:0[1-9]|1[0-2])[0-9]{2}-(?:[0-9][a-z]{2}[0-9]|[a-z]{2}[0-9]{2})(?![0-9a-z])"
)
# The serial before the day, which nothing but a hyphen parts; a day and a number, and whose they are.
_TURNED_ROUND: Final = re.compile(
    r"(?<![0-9a-z.,/-])([0-9]{4}) ?- ?(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[013-9][0-9](?![0-9-])"
)
_NUMBERED: Final = re.compile(
    rf"(?<![0-9.,/-]){_DAY}[ ,.:;(-]{{1,4}}(?:(?:med|og|har) )?(?:nr|no|nummer|id)[ .:]{{1,3}}([0-9]{{4}})(?![0-9])"
)
_BORN: Final = re.compile(r"\b(?:f(?:ø|oe)d\w{0,12}|f|f?dato)\W{1,4}(?:(?:den|d|i)\W{1,3})?\Z")
_WORD: Final = re.compile(r"[a-zæøå]+")
_BY_LETTERS: Final = re.compile(
    r"(?<![0-9a-z])[0-9]([a-z])(?:[0-9]\1){8}[0-9](?![0-9])"
    r"|(?<![0-9a-z])[0-9]{2}[a-z][0-9]{2}[a-z][0-9]{2}[a-zæøå][0-9]{4}(?![0-9a-z])"
)
_A_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_WORDS_OF_PERSONS: Final = ("cpr", "c.p", "pers", "erst", "sund", "syge")


def is_parted(written: str) -> bool:
    """Tell whether a plain text with its days in digits holds a personal number whose serial stands apart."""
    if _BY_LETTERS.search(written) or _is_said(written):
        return True
    if any(
        _is_somebodys(written, found) for pattern in (_TURNED_ROUND, _NUMBERED) for found in pattern.finditer(written)
    ):
        return True
    if any(not other_numbers.is_of_a_thing(written, found.start()) for found in _OF_LETTERS.finditer(written)):
        return True
    return any(_is_one(written, found) for found in _PARTED_BY_WORDS.finditer(written))


def _is_said(written: str) -> bool:
    """Tell whether a day and four digits stand around what says that they belong together, in any order."""
    for place, found in enumerate(_SAID_OF_IT.finditer(written)):
        is_of_a_person = found[0].startswith(_WORDS_OF_PERSONS)
        far = NEAR if is_of_a_person else FAR
        around = written[max(0, found.start() - far) : found.end() + far]
        if place == MOST_SAID or (is_of_a_person and _WRONGLY.search(around)):
            return True
        days = [day.span() for day in _LONG_AGO.finditer(around)]
        if days and any(_is_serial(around, four, days) for four in _FOUR.finditer(around)):
            return True
    return False


def _is_serial(around: str, four: re.Match[str], days: list[tuple[int, int]]) -> bool:
    """Tell whether four digits are no part of a day, no year, and not counted."""
    start, end = four.span()
    if any(start < last and first < end for first, last in days) or _A_YEAR.fullmatch(four[0]):
        return False
    return not (other_numbers.has_unit(around, end) or other_numbers.is_counted(around, start))


def _is_somebodys(written: str, found: re.Match[str]) -> bool:
    """Tell whether a number stands behind a word of birth or beside a name."""
    start, end = found.span()
    if _A_YEAR.fullmatch(found[1]) or other_numbers.is_of_a_thing(written, start):
        return False
    before = written[max(0, start - other_numbers.AROUND) : start]
    words = _WORD.findall(before + written[end : end + other_numbers.AROUND // 2])
    return _BORN.search(before) is not None or not GIVEN_NAMES.isdisjoint(words)


def _is_one(written: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    is_a_thing = other_numbers.is_of_a_thing(written, start) or other_numbers.is_counted(written, start)
    return not (is_a_thing or other_numbers.has_unit(written, end) or _A_YEAR.fullmatch(found["serial"]))
