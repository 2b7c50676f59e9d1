"""Danish and English: the texts of pages, beside figures and days as `writing` writes them. Owns no figure.

The texts in the code are Danish; `locale/en.po` says them in English, and is read as it is when the service starts.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

from services.reporting.web import writing
from services.reporting.web.writing import Code
from shared.errors import BadRequest

FOLDER: Final = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """One language of the pages; its addresses begin with `prefix`."""

    code: Code
    prefix: str
    messages: Mapping[Any, Any]

    def gettext(self, text: str) -> str:
        """Give a text in this language."""
        said: str = self.messages.get(text) or text
        return said

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Give the text that fits a number, in this language."""
        said = self.messages.get(one)
        if not said:
            return one if number == 1 else many
        text: str = said[0 if number == 1 else 1]
        return text

    def number(self, value: float | Decimal, decimals: int = 1) -> str:
        """Write a number, with at most so many decimals: 1.234,5."""
        return writing.number(value, self.code, decimals)

    def signed(self, value: float | Decimal, decimals: int = 1) -> str:
        """Write a number with its sign: +1,5."""
        return writing.signed(value, self.code, decimals)

    def amount(self, amount_ore: int) -> str:
        """Write an amount in full: 1.234,56 kr."""
        return writing.amount(amount_ore, self.code)

    def whole_amount(self, amount_ore: int) -> str:
        """Write an amount in whole kroner: 1.235 kr."""
        return writing.whole_amount(amount_ore, self.code)

    def percent(self, value: float | Decimal, decimals: int = 1) -> str:
        """Write a share that is in per cent already: 22,9 %."""
        return writing.percent(value, self.code, decimals)

    def day(self, value: date | str | None) -> str:
        """Write a day: 3. marts 2026; a dash where there is none."""
        return writing.day(value, self.code)

    def month(self, value: str) -> str:
        """Write a month: marts 2026."""
        return writing.month(value, self.code)

    def week(self, value: date | str) -> str:
        """Write the week of a day: uge 37."""
        return writing.week(value, self.code)

    def moment(self, value: datetime | str) -> str:
        """Write a moment by Danish clocks: 3. marts 2026 kl. 9.05."""
        return writing.moment(value, self.code)


def marked(text: str) -> str:
    """Mark a text for the catalogue, where it is translated only when it is used."""
    return text


@functools.cache
def languages() -> Mapping[Code, PageLanguage]:
    """Give both languages; the catalogue is read once."""
    return {
        "da": PageLanguage("da", "", {}),
        "en": PageLanguage("en", "/en", _catalogue("en")),
    }


def language_of(path: str) -> PageLanguage:
    """Give the language of an address: what begins with /en is English."""
    return languages()["en" if path == "/en" or path.startswith("/en/") else "da"]


def without_prefix(path: str) -> str:
    """Give the address that a page has in Danish."""
    prefix = language_of(path).prefix
    return path.removeprefix(prefix) or "/"


def named(code: str) -> PageLanguage:
    """Give a language by its code.

    Raises:
        BadRequest: there is no such language here.
    """
    for known, language in languages().items():
        if known == code:
            return language
    raise BadRequest("unknown_language", "the languages are da and en")


def _catalogue(code: Code) -> Mapping[Any, Any]:
    with (FOLDER / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    said: dict[Any, Any] = {}
    for message in catalogue:
        if message.id and message.string:
            key = message.id[0] if isinstance(message.id, tuple | list) else message.id
            said[key] = message.string
    return said
