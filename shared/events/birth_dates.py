"""Finds dates of birth: by a word of birth near a date, by a person near one, or where nothing else is said. Pure.

A day of long ago alone is none: houses, clubs and laws have days too. Every pattern has bounds.
"""

import re
from typing import Final

from shared.events.given_names import GIVEN_NAMES

# Who joins an activity is older, and hardly anybody is older than that.
YOUNGEST_YEARS: Final = 3
OLDEST_YEARS: Final = 110
CENTURY: Final = 100
# Letters beside a date that stands by itself; with more it is the day of something.
FEW_LETTERS: Final = 0

_MONTH: Final = r"(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-zæøå]{0,9}\.?"
_PART: Final = r"[ \n]?[ .,/·_-][ \n]?"
_YEAR: Final = r"(?:18|19|20)[0-9]{2}"
_DAY_AND_YEAR: Final = (
    rf"(?:[0-9]{{1,2}}{_PART}[0-9]{{1,2}}{_PART}(?:{_YEAR}|[0-9]{{2}})"
    rf"|[0-9]{{1,2}}[.-]?[ -]?{_MONTH}[ -](?:{_YEAR}|[0-9]{{2}})"
    rf"|{_MONTH} [0-9]{{1,2}},? {_YEAR}|{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}|[0-9]{{6}}|[0-9]{{8}})(?![0-9])"
)
_ORDINAL: Final = (
    r"(?:første|anden|tredje|fjerde|femte|sjette|syvende|ottende|niende|tiende|ellevte|tolvte|\w{1,7}tende"
    r"|(?:(?:en|to|tre|fire|fem|seks|syv|otte|ni)og)?(?:tyvende|tredivte))"
)
_IN_WORDS: Final = rf"{_ORDINAL} (?:i )?(?:{_MONTH}|{_ORDINAL})"
_ROMAN: Final = rf"[0-9]{{1,2}}[./ -]{{1,2}}(?:i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})[./ -]{{1,2}}{_YEAR}(?![0-9])"
_DAY: Final = rf"(?:[0-9]{{1,2}}[.-]?[ -]?{_MONTH}|[0-9]{{1,2}} ?[./-] ?[0-9]{{1,2}})(?![0-9]|[a-zæøå])"
_BIRTHDAY: Final = (
    r"(?:f(?:ø|oe|o)d(?:s|sels)?[-. ]{0,2}(?:dag|dato|d\.)\w{0,4}|\bdato for f(?:ø|oe|o)dsel"
    r"|\bfdato|date of birth|birth ?da(?:y|te)|\bdob\b)"
)
_BORN: Final = r"(?:\bf(?:ø|oe|o)d(?:t\b|\.)|\bnyf(?:ø|oe)dt\b|\btil verden\b|\bf\. ?d?\.?|\bfdt\.?|\bborn\b)"
_TO: Final = r"[^0-9!?]{0,30}"
_BORN_ON: Final = re.compile(rf"(?:{_BIRTHDAY}|{_BORN}){_TO}{_DAY_AND_YEAR}")
_HAS_BIRTHDAY_ON: Final = re.compile(
    rf"(?:{_BIRTHDAY}{_TO}|\b(?:fyld(?:er|te)\b(?: [0-9]{{1,2}})?|blev [0-9]{{1,2}})(?: år)?[^0-9.!?]{{0,8}}){_DAY}"
    rf"|(?:{_BIRTHDAY}|{_BORN}|\bfyld(?:er|te)\b(?: [0-9]{{1,2}})?)[^0-9.!?\n]{{0,20}}?\b{_IN_WORDS}"
    rf"|{_BORN}{_TO}{_ROMAN}"
    rf"|{_BORN}[ :]{{1,2}}(?:den |d\. ?)?[0-9]{{1,2}}(?:\.? ?{_MONTH}|/[0-9]{{1,2}})(?![0-9]|[a-zæøå])"
)
_YEAR_OF_BIRTH: Final = r"f(?:ø|oe|o)dselsår"
_BORN_IN: Final = re.compile(
    rf"{_YEAR_OF_BIRTH}[ :.=(]{{1,3}}[0-9]{{2}}(?![0-9])"
    rf"|(?:{_BORN}|{_YEAR_OF_BIRTH})[ :.=(]{{0,3}}(?:(?:i|år|året|ca|in|den)\.?:? ){{0,2}}"
    rf"(?:{_MONTH} |[0-9]{{1,2}}[./-])?{_YEAR}(?![0-9]|[ ]?[-/][ ]?[0-9])"
)
_ON_BORN: Final = re.compile(
    rf"(?<![0-9])(?:(?:{_DAY_AND_YEAR}|{_DAY})[^0-9.!?]{{0,30}}{_BIRTHDAY}"
    rf"|{_DAY_AND_YEAR}[^0-9.!?]{{0,30}}(?:{_BORN}|\btil verden\b)"
    rf"|{_YEAR} (?:er|var) [^0-9.!?]{{0,20}}f(?:ø|oe|o)dselsår)"
)
# What is born without being a person, and what days of long ago belong to.
_A_THING: Final = re.compile(
    r"\b(?:id[eé]\w{0,3}|projekt\w{0,4}|forening\w{0,3}|tanke\w{0,2}|plan\w{0,5}|klub\w{0,4}|tradition\w{0,3}"
    r"|initiativ\w{0,3}|aktivitet\w{0,3}|skole\w{0,2}|beboerhus\w{0,3}|afdeling\w{0,3}|bibliotek\w{0,3}|helhedsplan\w{0,3}|hele)\b"
)
_PERSON: Final = re.compile(
    r"\b(?:dreng(?:en)?|pige[n]?|barn(?:et)?|søn(?:nen)?|datter(?:en)?|mor|far|(?:lille|store)?(?:bror|søster)(?:en)?"
    r"|tvilling(?:en|erne)|elev(?:en)?|deltager(?:en)?|beboer(?:en)?|borger(?:en)?|kvinde(?:n)?|mand(?:en)?|klient(?:en)?|ældste|yngste|mellemste)\b"
)
_FOUNDED: Final = re.compile(
    r"\b(?:grundlag|stifte|indvi|opfør|bygge|åbne|åbnin|opret|godkend|vedta|underskr|lov|bekendtg|aftale|siden|lukke"
    r"|flytte|færdig|trådte|beslut|brev|rapport|jubil|uddelt|dateret)"
)
_FULL_DATE: Final = re.compile(
    rf"(?<![0-9.,/-])(?:[0-9]{{1,2}} ?[./ -] ?[0-9]{{1,2}} ?[./ -] ?({_YEAR})|[0-9]{{1,2}}\.? {_MONTH} ({_YEAR})"
    rf"|({_YEAR})-[0-9]{{2}}-[0-9]{{2}}|[0-3][0-9][01][0-9]({_YEAR})"
    r"|[0-3]?[0-9][./][01]?[0-9][./ -]([0-9]{2})(?![./][0-9]))(?![0-9-])"
)
_LETTERS: Final = re.compile(r"[a-zæøå]")
_NAME: Final = re.compile(r"[A-ZÆØÅ][\w]{1,20}")
_SENTENCE_ENDS: Final = re.compile(r"[.!?]\s|\n")
NEAR_BEFORE: Final = 28
NEAR_AFTER: Final = 14


def holds_birth_date(text: str, plain_text: str, year: int) -> bool:
    """Tell whether a text that is written in some year holds a date of birth.

    `text` is as it was typed, since a name is known by its capital; `plain_text` is what `plain` makes of it.
    """
    if _BORN_ON.search(plain_text) or _ON_BORN.search(plain_text):
        return True
    for pattern in (_HAS_BIRTHDAY_ON, _BORN_IN):
        if any(not _is_of_a_thing(plain_text, found) for found in pattern.finditer(plain_text)):
            return True
    return any(_is_somebodys(text, plain_text, found, year) for found in _FULL_DATE.finditer(plain_text))


def _is_of_a_thing(text: str, found: re.Match[str]) -> bool:
    return bool(_A_THING.search(text, max(0, found.start() - NEAR_BEFORE), found.end()))


def _is_somebodys(text: str, plain_text: str, found: re.Match[str], year: int) -> bool:
    """Tell whether a full date stands beside a person, or alone."""
    born = int(found[1] or found[2] or found[3] or found[4] or found[5])
    if found[5]:
        born += CENTURY * ((year - born) // CENTURY)
    if not YOUNGEST_YEARS <= year - born <= OLDEST_YEARS:
        return False
    start, end = found.span()
    if not found[5] and len(_LETTERS.findall(plain_text[:start] + plain_text[end:])) <= FEW_LETTERS:
        return True
    before = _SENTENCE_ENDS.split(plain_text[max(0, start - NEAR_BEFORE) : start])[-1]
    after = _SENTENCE_ENDS.split(plain_text[end : end + NEAR_AFTER])[0]
    if _FOUNDED.search(before) or _FOUNDED.search(after):
        return False
    return bool(_PERSON.search(before) or _PERSON.search(after)) or _names_somebody(text, before, after)


def _names_somebody(text: str, before: str, after: str) -> bool:
    """Tell whether a name stands in what is near; the text as it was typed says which words begin with a capital."""
    near = set(re.findall(r"\w+", f"{before} {after}")) & GIVEN_NAMES
    return bool(near) and any(name.lower() in near for name in _NAME.findall(text))
