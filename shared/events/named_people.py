"""Finds names and homes of private persons in what people write, which the sender has to confirm. Pure.

A name is a usual given name with a capital; a home is a street, a number, and a floor or a door, or a street that
somebody lives in. Neither is certain, so neither is refused once the sender says that it may stand there.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from shared.events.given_names import GIVEN_NAMES

Finding: TypeAlias = Literal["person_named", "home_address"]

_CAPITAL: Final = r"[A-ZÆØÅ]"
# No longer word is a name.
_WORD: Final = re.compile(rf"(?<![\w.@/-]){_CAPITAL}[\wÀ-ÿ]{{1,24}}(?:'s|s')?(?![\w@/])")
_STREET: Final = (
    r"(?:vej|gade|allé|alle|stræde|vænge|vænget|toften|haven|stien|sti|parken|plads|torv|boulevard|have|bakke|gård"
    r"|gården)"
)
_OF_A_STREET: Final = re.compile(rf"(?:[ -][\wÀ-ÿ.]{{1,24}}){{0,2}}[ -]?{_STREET}(?![a-zæøå])", re.IGNORECASE)
# Days and houses that are called after somebody of long ago.
_OF_THE_PAST: Final = re.compile(
    r"(?:sankt|sct\.?|skt\.?|dronning|kong|prins|prinsesse|fonden|skolen) \Z", re.IGNORECASE
)
_OF_A_HOUSE: Final = re.compile(
    r"(?:[ -][\wÀ-ÿ]{1,24}){0,2}(?:[ -](?:fond|legat|stiftelse|skole|kirke|hus|pris|dance))|-?(?:fest|dag|aften)"
)
_NUMBER: Final = r"[0-9]{1,3} ?[a-zA-Z]?"
_DOOR: Final = (
    r"(?:(?:st|kl|stuen|[0-9]{1,2}(?![0-9]))\.?(?: ?sal)?[., -]{0,3}(?:tv|th|mf|t\.v|t\.h|dør|lejl|[0-9]{1,4})(?!\w)"
    r"|[0-9]{1,2}\. ?sal)"
)
_HOME: Final = re.compile(rf"{_STREET} {_NUMBER}(?:, ?| ){_DOOR}", re.IGNORECASE)
_LIVES: Final = re.compile(
    rf"\b(?:bor|boede|bopæl|adresse|hjemme)\b[^.!?\n]{{0,60}}?{_STREET} [0-9]{{1,3}}", re.IGNORECASE
)
_DIGIT: Final = re.compile(r"[0-9]")
_AROUND_WORDS: Final = ".,;:!?()[]{}<>\"'»«”“*_=+&|"
AROUND: Final = 12


def findings(text: str) -> list[Finding]:
    """Give what a text names of private persons, in a fixed order."""
    found: list[Finding] = []
    if _may_name(text) and any(_is_a_person(text, word) for word in _WORD.finditer(text)):
        found.append("person_named")
    if _DIGIT.search(text) and (_HOME.search(text) or _LIVES.search(text)):
        found.append("home_address")
    return found


def _may_name(text: str) -> bool:
    """Tell whether some word is a name, whatever stands around it: False is certain, True is not."""
    for word in text.replace("-", " ").split():
        name = word.strip(_AROUND_WORDS)
        if name[:1].isupper() and not GIVEN_NAMES.isdisjoint((name.lower(), name[:-1].lower(), name[:-2].lower())):
            return True
    return False


def _is_a_person(text: str, word: re.Match[str]) -> bool:
    name = word[0].lower().rstrip("'")
    if name not in GIVEN_NAMES and name.removesuffix("s").rstrip("'") not in GIVEN_NAMES:
        return False
    if _OF_THE_PAST.search(text[max(0, word.start() - AROUND) : word.start()]):
        return False
    return not (_OF_A_STREET.match(text, word.end()) or _OF_A_HOUSE.match(text, word.end()))


def told(way: str, value: object) -> Iterator[tuple[str, str]]:
    """Give the texts in a field: itself, or those of the parts that it lists."""
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, list):
        for place, part in enumerate(value):
            for name, item in part:
                yield from told(f"{way}/{place}/{name}", item)
