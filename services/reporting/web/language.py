"""Danish and English: texts, and how numbers, amounts and dates are written. Owns no figure.

The texts in the code are Danish; `locale/en.po` says them in English, and is read as it is when the service starts.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from shared.errors import BadRequest

Code = Literal["da", "en"]
FOLDER: Final = Path(__file__).parent / "locale"
TIME_ZONE: Final = ZoneInfo("Europe/Copenhagen")
# The days of English pages are written as in Denmark: the day before the month.
LOCALES: Final[Mapping[Code, str]] = {"da": "da", "en": "en_GB"}
MONTH_OF: Final = len("2026-03")
# A space that does not break: an amount stays on one line.
NARROW: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages; its addresses begin with `prefix`."""

    code: Code
    prefix: str
    messages: Mapping[Any, Any]
    locale: Locale

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
        return numbers.format_decimal(value, f"#,##0.{'#' * decimals}", locale=self.locale)

    def signed(self, value: float | Decimal, decimals: int = 1) -> str:
        """Write a number with its sign: +1,5."""
        return numbers.format_decimal(value, f"+#,##0.{'0' * decimals};-#,##0.{'0' * decimals}", locale=self.locale)

    def amount(self, amount_ore: int) -> str:
        """Write an amount in full: 1.234,56 kr."""
        kroner = numbers.format_decimal(Decimal(amount_ore).scaleb(-2), "#,##0.00", locale=self.locale)
        return f"{kroner}{NARROW}kr." if self.code == "da" else f"DKK{NARROW}{kroner}"

    def millions(self, amount_ore: int) -> str:
        """Write an amount in millions, for where there is no room for all of it: 1,2 mio. kr."""
        value = numbers.format_decimal(Decimal(amount_ore).scaleb(-8), "#,##0.0", locale=self.locale)
        return f"{value}{NARROW}mio. kr." if self.code == "da" else f"DKK{NARROW}{value}{NARROW}million"

    def percent(self, value: float | Decimal, decimals: int = 1) -> str:
        """Write a share that is in per cent already: 22,9 %."""
        written = self.number(value, decimals)
        return f"{written}{NARROW}%" if self.code == "da" else f"{written}%"

    def day(self, value: date | str) -> str:
        """Write a day: 3. marts 2026."""
        return dates.format_date(_day(value), "d. MMMM y" if self.code == "da" else "d MMMM y", locale=self.locale)

    def month(self, value: date | str) -> str:
        """Write a month: marts 2026."""
        text = str(value)
        day = _day(f"{text}-01" if len(text) == MONTH_OF else value)
        return dates.format_date(day, "MMMM y", locale=self.locale)

    def week(self, value: date | str) -> str:
        """Write the week of a day: uge 37."""
        number = _day(value).isocalendar().week
        return f"uge {number}" if self.code == "da" else f"week {number}"

    def moment(self, value: datetime | str) -> str:
        """Write a moment by Danish clocks: 3. marts 2026 kl. 9.05."""
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        here = moment.astimezone(TIME_ZONE)
        if self.code == "da":
            return f"{self.day(here)} kl. {here.hour}.{here:%M}"
        return f"{self.day(here)} at {here:%H:%M}"


@functools.cache
def languages() -> Mapping[Code, Language]:
    """Give both languages; the catalogue is read once."""
    return {
        "da": Language("da", "", {}, Locale.parse(LOCALES["da"])),
        "en": Language("en", "/en", _catalogue("en"), Locale.parse(LOCALES["en"])),
    }


def language_of(path: str) -> Language:
    """Give the language of an address: what begins with /en is English."""
    return languages()["en" if path == "/en" or path.startswith("/en/") else "da"]


def without_prefix(path: str) -> str:
    """Give the address that a page has in Danish."""
    prefix = language_of(path).prefix
    return path.removeprefix(prefix) or "/"


def named(code: str) -> Language:
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


def _day(value: date | str) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value.date() if isinstance(value, datetime) else value


Gettext = Callable[[str], str]
