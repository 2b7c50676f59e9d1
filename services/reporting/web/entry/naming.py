"""Makes the short names of what is new, so that nobody has to invent them. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from services.reporting.entry.field_words import NEW, OPEN
from services.reporting.web.entry.typed import read
from services.reporting.web.writing import Code
from shared.events.fields import SLUG_PATTERN

LONGEST: Final = 63
SLUG: Final = re.compile(SLUG_PATTERN)
# The number of a row in a path.
NUMBER: Final = re.compile(r"\.\d+\.")
DANISH: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
# Names that several events share on purpose: the session of a day is planned, held or cancelled under one.
SHARED: Final = frozenset({"session"})


def slug_of(text: str) -> str:
    """Make a short name of what people write: small letters, digits and hyphens; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(DANISH)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


def unused(name: str, taken: Collection[str]) -> str:
    """Give a name that nothing has yet: itself, or with the first number that is free."""
    if name not in taken:
        return name
    numbered = (f"{name[: LONGEST - 4].rstrip('-')}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in numbered if each not in taken)


def with_names(
    event: str, typed: Mapping[str, Sequence[str]], known: Mapping[str, Collection[str]], code: Code
) -> dict[str, list[str]]:
    """Fill in the names that an event gives to what is new, where they were left blank and can be made.

    What may be known or new, and is written as people write it, becomes a short name.
    """
    filled = {path: list(values) for path, values in typed.items()}
    for (of_event, field), made_from in NEW.items():
        if of_event == event and not any(filled.get(field, ())):
            parts = [_read(name, next(iter(filled.get(name, ())), ""), code) for name in made_from]
            if all(parts) and (made := slug_of("-".join(parts))):
                filled[field] = [made if field in SHARED else unused(made, known.get(field, ()))]
    for path, values in filled.items():
        if (event, NUMBER.sub(".", path)) in OPEN:
            filled[path] = [value if SLUG.fullmatch(value.strip()) else slug_of(value) or value for value in values]
    return filled


def _read(name: str, text: str, code: Code) -> str:
    return str(read("day", text, code)) if name in {"date", "start"} else text
