"""How figures, amounts and days are written in each language, on screen and on paper. Owns no word of any page."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal, TypeAlias

from babel.dates import format_date
from babel.numbers import format_decimal

from services.reporting.periods import month_named
from services.reporting.words import AT_LEAST, SMALL, Word, least_of
from shared.clock import DENMARK

Code: TypeAlias = Literal["da", "en"]

# The days of English pages are written as in Denmark: the day before the month.
LOCALES: Final[Mapping[Code, str]] = {"da": "da_DK", "en": "en_GB"}
WITHHELD: Final = "•"
NOTHING: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
ORE_PER_KRONE: Final = 100
ORE_PER_MILLION: Final = 100_000_000
ORE_PER_THOUSAND: Final = 100_000
# Amounts below this many øre are shortened to thousands, the others to millions: nobody says a thousand thousands.
LEAST_IN_MILLIONS: Final = ORE_PER_MILLION - ORE_PER_THOUSAND // 2


def said(words: Word, language: Code) -> str:
    """Give words in a language."""
    return words[0] if language == "da" else words[1]


def called(names: Mapping[str, Mapping[str, str]], kind: str, code: str) -> str:
    """Give what a code of a report is called there; what nobody has named goes by its code."""
    named: str = names.get(kind, {}).get(code, code)
    return named


def number(value: Decimal | float | None, language: Code, decimals: int = 1, least: int = 0) -> str:
    """Write a number with at most so many decimals, and at least so many: 1.234,5; a dash where there is none."""
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * least + "#" * (decimals - least) if decimals else "")
    # What rounds to nothing has no sign.
    return format_decimal(_rounded(value, decimals) + 0, pattern, LOCALES[language]).replace("-", MINUS)


def signed(value: Decimal | float, language: Code, decimals: int = 1) -> str:
    """Write a number with its sign and so many decimals: +1,5."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(_rounded(max(value, -value), decimals), pattern, LOCALES[language])
    return ("+" if value >= 0 else MINUS) + written


def count(value: Any, language: Code) -> str:  # noqa: ANN401  a plain number of the JSON, or a count of people
    """Write a number or a figure of people; a hidden one is what is told of it, or a mark."""
    if isinstance(value, Mapping):
        return (hidden(value, language) or WITHHELD) if value["suppressed"] else number(value["value"], language)
    return number(value, language)


def hidden(count: Mapping[str, Any], language: Code) -> str:
    """Write what is told of a figure of people that is hidden: under 5, or mindst 12; nothing where nothing is."""
    if count.get("hidden") == "small":
        return said(SMALL, language)
    least = least_of(count)
    return "" if least is None else f"{said(AT_LEAST, language)} {number(least, language)}"


def percent(value: Decimal | float | None, language: Code, decimals: int = 1) -> str:
    """Write a share that is given in per cent: 22,9 %."""
    if value is None:
        return NOTHING
    return f"{number(value, language, decimals)}{_SPACE if language == 'da' else ''}%"


def amount(amount_ore: int | None, language: Code) -> str:
    """Write an amount to the øre: 1.234.567,89 kr."""
    return NOTHING if amount_ore is None else _kroner(plain_amount(amount_ore, language), language)


def whole_amount(amount_ore: int | None, language: Code) -> str:
    """Write an amount in whole kroner, as a board reads it: 1.234.568 kr."""
    if amount_ore is None:
        return NOTHING
    return _kroner(number(Decimal(amount_ore) / ORE_PER_KRONE, language, 0), language)


def plain_amount(amount_ore: int | None, language: Code) -> str:
    """Write an amount to the øre without its unit, for a table that names it: 1.234.567,89."""
    if amount_ore is None:
        return NOTHING
    return format_decimal(Decimal(amount_ore) / ORE_PER_KRONE, "#,##0.00", LOCALES[language]).replace("-", MINUS)


def short_amount(amount_ore: int | None, language: Code) -> str:
    """Write an amount as a reader says it: 13,3 mio. kr.; 430 t.kr."""
    if amount_ore is None:
        return NOTHING
    if abs(amount_ore) >= LEAST_IN_MILLIONS:
        return _kroner(number(Decimal(amount_ore) / ORE_PER_MILLION, language), language, ("mio.", "m"))
    if amount_ore and abs(amount_ore) >= ORE_PER_THOUSAND:
        return _kroner(number(Decimal(amount_ore) / ORE_PER_THOUSAND, language, 0), language, ("t.", "k"))
    return _kroner(number(Decimal(amount_ore) / ORE_PER_KRONE, language, 0), language)


def day(value: date | str | None, language: Code) -> str:
    """Write a day in full: 3. marts 2026."""
    if value is None:
        return NOTHING
    return format_date(_date(value), "long", LOCALES[language])


def short_day(value: date | str | None, language: Code) -> str:
    """Write a day for a column: 03.03.2026, or 03/03/2026."""
    if value is None:
        return NOTHING
    return f"{_date(value):%d.%m.%Y}" if language == "da" else f"{_date(value):%d/%m/%Y}"


def month(value: str, language: Code) -> str:
    """Write a month, given as 2026-03, for a column or a sentence: marts 2026."""
    return month_named(value, LOCALES[language])


def week(value: date | str, language: Code) -> str:
    """Write the week of a day: uge 37."""
    return f"{'uge' if language == 'da' else 'week'} {_date(value).isocalendar().week}"


def moment(value: datetime | str, language: Code) -> str:
    """Write a moment by Danish clocks: 3. marts 2026 kl. 9.05."""
    here = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(DENMARK)
    written = day(here.date(), language)
    return f"{written} kl. {here.hour}.{here:%M}" if language == "da" else f"{written} at {here:%H:%M}"


def decimals_of(value: Decimal | float, most: int) -> int:
    """Give how many decimals a number is written with, of so many at most."""
    exponent = _rounded(value, most).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(value: Decimal | float, decimals: int) -> Decimal:
    """Round as readers do, half of a step away from nothing: 2,25 is 2,3 and 5,75 is 5,8."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def _kroner(written: str, language: Code, short: Word = ("", "")) -> str:
    if language == "da":
        # "t.kr." is written together, "mio. kr." apart.
        unit = f"{short[0]}{_SPACE if short[0] == 'mio.' else ''}kr."
        return f"{written}{_SPACE}{unit}"
    return f"DKK{_SPACE}{written}{short[1]}"


# A figure and its unit stay on one line.
_SPACE: Final = "\N{NO-BREAK SPACE}"
