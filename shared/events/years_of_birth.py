"""Finds years of birth that stand without a day: `hun er fra 98`, `årgang 2009`, `en 2012'er`. Pure; all bounded."""

import re
from typing import Final

from shared.events.given_names import GIVEN_NAMES
from shared.events.plain_text import holds_any
from shared.events.spelt_days import MONTH

# Who joins an activity is older, and hardly anybody is older than that.
YOUNGEST_YEARS: Final = 3
OLDEST_YEARS: Final = 110
# Whoever belongs to a year's class that is grown up plays in no team of children.
GROWN_UP_YEARS: Final = 20
CENTURY: Final = 100
YEAR: Final = r"(?:18|19|20)[0-9]{2}"
PERSON: Final = re.compile(
    r"\b(?:dreng(?:en)?|pige[n]?|barn(?:et)?|søn(?:nen)?|datter(?:en)?|mor|far|(?:lille|store)?(?:bror|søster)(?:en)?"
    r"|tvilling(?:en|erne)|elev(?:en)?|deltager(?:en)?|beboer(?:en)?|borger(?:en)?|kvinde(?:n)?|mand(?:en)?"
    r"|klient(?:en)?|ældste|yngste|mellemste|teenager(?:en)?|nevø(?:en)?|niece(?:n)?|fætter(?:en)?"
    r"|kusine(?:n)?|bruger(?:en)?|patient(?:en)?|(?:den )?unge?)\b"
)
# A year's class is a person's where it is said of one, or where its people are grown up; a volume has a year too.
_YEARS_CLASS: Final = re.compile(
    rf"(?<![\w-])(?:årgang|årg\.?) ({YEAR}|'?[0-9]{{2}})"
    r"(?![0-9]|[ ]?[-/][ ]?[0-9]|,? ?(?:nr|hæfte|nummer|side|s\.|udg))"
)
_CLASS_OF_A_THING: Final = re.compile(
    r"(?:vin\w{0,3}|avis\w{0,3}|\w{0,12}blad\w{0,4}|tidsskrift\w{0,2}|statistik\w{0,3}|regnskab\w{0,3}|bind|bog\w{0,3}"
    r"|boldklub\w{0,4}|hold\w{0,3}|u1[0-9]|bil\w{0,3}|bus\w{0,3}|vogn\w{0,3}"
    r"|flaske\w{0,2}|mønt\w{0,2}|frimærke\w{0,2}|magasin\w{0,3}|cykel)[ ,(]{1,3}\Z"
)
_SAID_OF: Final = re.compile(r"\b(?:hun|han|hende|ham|jeg|hendes|hans)\b[^.!?\n]{0,24}\Z")
# Whose year it is, what leads to it, and what is made of it.
_OF_A_YEAR: Final = re.compile(
    r"(?<![a-zæøå])([a-zæøå]{2,14}),?((?: (?:er|var|en|barn|af|fra|født)){0,3}[ ,(*'-]{1,4})"
    rf"(?:{MONTH} )?({YEAR}|[0-9]{{2}})(?![0-9./-][0-9]|[0-9])('?er\b|-?model\b|-?årgang)?"
)
_ENDS: Final = re.compile(r"\s*\Z|[.,;!)]|,? og\b")
_SUBJECTS: Final = frozenset({"hun", "han", "børnene", "drengene", "pigerne", "søskende"})
_LEADS: Final = ("fra", "barn af", "*")
_WORD: Final = re.compile(r"[a-zæøå]+")
_MARKS: Final = ("'er", "model", "årg", " fra ", "barn af", "*", "0er", "1er", "2er")
NEAR_BEFORE: Final = 28


def holds_year_of_birth(plain_text: str, year: int) -> bool:
    """Tell whether a plain text that was written in a year says in which one somebody was born."""
    if not holds_any(plain_text, _MARKS):
        return False
    if any(_is_somebodys_class(found, year) for found in _YEARS_CLASS.finditer(plain_text)):
        return True
    return any(_is_somebodys_year(found, year) for found in _OF_A_YEAR.finditer(plain_text))


def _is_somebodys_class(found: re.Match[str], year: int) -> bool:
    """Tell whether a year's class is what somebody belongs to, not a team or a paper."""
    before = found.string[max(0, found.start() - NEAR_BEFORE) : found.start()]
    if _CLASS_OF_A_THING.search(before):
        return False
    if year - full_year(found[1], year) >= GROWN_UP_YEARS or _SAID_OF.search(before) or PERSON.search(before):
        return True
    return not GIVEN_NAMES.isdisjoint(_WORD.findall(before))


def _is_somebodys_year(found: re.Match[str], year: int) -> bool:
    """Tell whether a year stands behind somebody, and is said to be theirs."""
    who, leads, said, made_of_it = found.groups()
    if not (who in _SUBJECTS or who in GIVEN_NAMES or PERSON.fullmatch(who)):
        return False
    if not YOUNGEST_YEARS <= year - full_year(said, year) <= OLDEST_YEARS:
        return False
    if made_of_it:
        return True
    is_led_to = any(lead in leads for lead in _LEADS)
    return is_led_to and (len(said) > 2 or "'" in leads or _ENDS.match(found.string, found.end()) is not None)  # noqa: PLR2004  the digits of a year


def full_year(said: str, year: int) -> int:
    """Give a year of two or four digits as the last one that it may be."""
    born = int(said.lstrip("'"))
    return born + CENTURY * ((year - born) // CENTURY) if born < CENTURY else born
