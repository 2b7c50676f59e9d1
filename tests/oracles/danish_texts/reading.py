"""Reads the corpus of Danish texts beside it, and fills in numbers by rule. `README.md` says what its files mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
ORDINARY: Final = "ordinary"
MONTHS: Final = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
ENGLISH: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
NUMERALS: Final = ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
# The years in which people of the activities and their families are born, in no order.
BIRTH_YEARS: Final = (2009, 2012, 1998, 2007, 2014, 1961, 2010, 1984, 2005, 2016, 1948, 2011, 2013, 2003)
STYLES: Final = {
    "wide": "０１２３４５６７８９",
    "arabic": "٠١٢٣٤٥٦٧٨٩",
    "persian": "۰۱۲۳۴۵۶۷۸۹",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "super": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "sub": "₀₁₂₃₄₅₆₇₈₉",
    "look": "Ol23456789",
}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-f]{4})|n|t|\\)")
_FILLED: Final = re.compile(r"‹(?:([a-z]+):)?([^›]*)›")
_LETTERS: Final = re.compile(r"MÅNED|MND|MONTH|[DRMYSPN]|[dm](?![a-zæøå])")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, what it holds (a code of the guard, or `ordinary`), how that is written, and where it is tried."""

    kind: str
    shape: str
    fields: tuple[str, ...]
    text: str


def labelled_texts() -> list[Labelled]:
    """Give all texts of the corpus, the same ones each time."""
    numbers = count(1)
    filled_in = [each for path in sorted(FOLDER.glob("*.txt")) for each in _texts_of(path.read_text(), numbers)]
    return filled_in + [each for path in sorted(FOLDER.glob("*.tsv")) for each in _rows_of(path.read_text())]


def _rows_of(document: str) -> Iterator[Labelled]:
    """Give the texts of a table: a kind, a text and its shape in each row, and no place to fill in."""
    for row in document.rstrip("\n").split("\n"):
        kind, text, shape = row.split("\t")
        yield Labelled(kind, shape, ("free",), _ESCAPE.sub(_escaped, text))


def _texts_of(document: str, numbers: Iterator[int]) -> Iterator[Labelled]:
    kind, shape = "", ""
    fields: tuple[str, ...] = ()
    for line in document.split("\n"):
        if line.startswith("## "):
            kind, _, shape = line.removeprefix("## ").partition(" · ")
        elif line.startswith("fields: "):
            fields = tuple(line.removeprefix("fields: ").split())
        elif line:
            yield Labelled(kind, shape, fields, filled(_ESCAPE.sub(_escaped, line), numbers))


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return {"n": "\n", "t": "\t", "\\": "\\"}[found[0][1]]


def filled(text: str, numbers: Iterator[int]) -> str:
    """Put numbers made by rule where a text has a place for some; each place takes the next person or number."""
    return _FILLED.sub(lambda found: written(found[2], next(numbers), found[1]), text)


def written(shape: str, number: int, style: str | None = None) -> str:
    """Write the person, the telephone or the other number of some position in a shape."""
    day, month = 1 + number * 7 % 28, 1 + number * 5 % 12
    year = BIRTH_YEARS[number % len(BIRTH_YEARS)]
    signs = {
        "D": f"{day:02}",
        "R": f"{day + 60:02}",
        "M": f"{month:02}",
        "Y": f"{year}" if shape.count("Y") == 4 else f"{year % 100:02}",
        "S": f"{number * 1237 % 10_000:04}",
        "P": f"{20_000_000 + number * 7_654_321 % 79_000_000}",
        "N": f"{number * 7_919 % 10_000_000:07}" * 3,
    }
    left = {letter: iter(digits) for letter, digits in signs.items()}
    words = {
        "MÅNED": MONTHS[month - 1],
        "MND": MONTHS[month - 1][:3],
        "MONTH": ENGLISH[month - 1],
        "d": f"{day}",
        "m": f"{month}",
    }
    plain = _LETTERS.sub(lambda found: words.get(found[0]) or next(left[found[0]]), shape)
    if style is None:
        return plain
    if style == "words":
        return re.sub(r"[0-9]", lambda found: f"{NUMERALS[int(found[0])]} ", plain).strip()
    return plain.translate({48 + digit: sign for digit, sign in enumerate(STYLES[style])})
