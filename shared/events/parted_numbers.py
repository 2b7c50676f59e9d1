"""Finds personal numbers whose serial stands apart from the day: behind words, letters or many signs. Pure.

Days are written as `spelt_days` writes them. Every pattern has bounds, so that reading takes time in proportion to a
text's length.
"""

import re
from typing import Final

from shared.events import other_numbers
from shared.events.spelt_numbers import A_SERIAL_IN_WORDS

_IN_FIGURES: Final = r"[0-9]{4}|[0-9]{2}[ .-][0-9]{2}|[0-9](?:[ .,-]{1,2}[0-9]){3}"
_SERIAL: Final = rf"({_IN_FIGURES}|{A_SERIAL_IN_WORDS})(?![0-9a-zæøå]|[.,-][0-9])"
_DAY: Final = (
    r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:[./-] ?|(?:\. )|[ ])?(?:0[1-9]|1[0-2])"
    r"(?:[./-] ?|[ ])?(?:(?:18|19|20)[0-9]{2}|[0-9]{2})"
)
# What leads from the day to the serial, and words that go along with that but lead nowhere alone.
_LEADS: Final = (
    r"(?:(?:binde|tanke|skrå|under)?streg|minus|plus|mellemrum|punktum|komma|kolon|dash|og|dernæst|derefter|derpå"
    r"|herefter|efterfulgt|efter|l(?:ø|oe)be(?:nr|nummer)|lbnr|kontrol(?:tal|ciffer|cifre(?:ne)?)|sidste|bagefter|resten"
    r"|bagved|bagerst|til sidst|ende(?:lsen?|r)|slutter|slut(?:tal|cifre(?:ne)?)|firecifret|[a-z]|xx{1,2}"
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
_PARTED_BY_WORDS: Final = re.compile(rf"(?<![0-9./-]){_DAY}(?:{_BY_WORDS}|{_BY_SIGNS}){_SERIAL}")
# The serial before the day.
_TURNED_ROUND: Final = re.compile(
    rf"\b(?:(?:sidste|bagerste) (?:fire|4)\b[^0-9!?\n]{{0,16}}|(?:cpr|personnummer)\b[^0-9!?\n]{{0,6}}"
    rf"|(?:løbe|kontrol|serie)(?:nr|nummer|tal|cifre)\b[^0-9!?\n]{{0,10}})([0-9]{{4}})(?![0-9])"
    rf"[^0-9!?\n]{{1,30}}{_DAY}(?![0-9])"
)
# However a day and a serial are parted, behind what says that a number is a person's.
_CALLED: Final = re.compile(
    rf"\b(?:cpr|c\.p\.r|person(?:nr|nummer))[^0-9!?\n]{{0,24}}{_DAY}[^0-9!?\n]{{1,30}}{_SERIAL}"
)
# A day of birth, and a number that nothing else is said of.
_BORN: Final = re.compile(
    rf"\b(?:f(?:ø|oe)d(?:t|selsda(?:g|to)\w{{0,3}})?|f)[^0-9a-z!?\n]{{1,4}}(?:(?:den|d|i)[ .]{{1,2}})?{_DAY}"
    rf"[ ,.:;(-]{{1,4}}(?:(?:med|og|har) )?(?:nr|no|nummer|id)[ .:]{{1,3}}{_SERIAL}"
)
_BY_LETTERS: Final = re.compile(
    r"(?<![0-9a-z])[0-9]([a-z])(?:[0-9]\1){8}[0-9](?![0-9])"
    r"|(?<![0-9a-z])[0-9]{2}[a-z][0-9]{2}[a-z][0-9]{2}[a-zæøå][0-9]{4}(?![0-9a-z])"
)
_A_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


def is_parted(written: str) -> bool:
    """Tell whether a plain text with its days in digits holds a personal number whose serial stands apart."""
    if _BY_LETTERS.search(written) or _CALLED.search(written) or _BORN.search(written):
        return True
    if any(not other_numbers.is_of_a_thing(written, found.start()) for found in _TURNED_ROUND.finditer(written)):
        return True
    return any(_is_one(written, found) for found in _PARTED_BY_WORDS.finditer(written))


def _is_one(written: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    is_a_thing = other_numbers.is_of_a_thing(written, start) or other_numbers.is_counted(written, start)
    return not (is_a_thing or other_numbers.has_unit(written, end) or _A_YEAR.fullmatch(found[1]))
