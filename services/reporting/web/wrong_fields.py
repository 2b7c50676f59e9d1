"""Says which field of a question to a page is wrong, and how, in the reader's language. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from services.reporting.web.language import PageLanguage, marked
from services.reporting.web.writing import said
from services.reporting.words import DIMENSIONS, HEADINGS, Word
from shared.errors import BadRequest, Unanswerable
from shared.events.fields import FIRST_DAY, LAST_DAY

LABELS: Final[Mapping[str, Word]] = {
    "from": HEADINGS["from"],
    "to": HEADINGS["until"],
    "period": HEADINGS["period"],
    "area": DIMENSIONS["area"],
    "indicator": HEADINGS["chosen_figures"],
    "by": HEADINGS["chosen_dimensions"],
}
DAYS: Final = ("from", "to")
# Where a choice is refused by a rule: the field that has to be changed, and what to do about it.
REFUSED: Final = {
    "dates_reversed": ("to", marked("Perioden slutter, før den begynder.")),
    "period_and_days": ("period", marked("Vælg enten en periode eller dens dage.")),
    "invalid_period": ("period", marked("En periode hedder 2026, 2026-Q3, 2026-09 eller 2025/26.")),
    "too_many_dimensions": ("by", marked("Vælg højst tre opdelinger.")),
    "two_time_dimensions": ("by", marked("Vælg højst én opdeling efter tid.")),
    "unknown_dimension": ("by", marked("En af opdelingerne findes ikke.")),
    "unknown_indicator": ("indicator", marked("Et af tallene findes ikke.")),
    "too_many_cells": ("by", marked("Det bliver for mange tal på én gang; vælg færre tal eller opdelinger.")),
    "unknown_table": ("table", marked("Tabellen findes ikke.")),
    "invalid_cursor": ("at_least", marked("Stedet findes ikke.")),
}
NO_DAY: Final = marked("Det er ingen dag. Skriv den som 2026-09-30.")
OUTSIDE: Final = marked("Dagen skal ligge mellem %(first)s og %(last)s.")
UNUSABLE: Final = marked("Det kan ikke bruges her.")


@dataclass(frozen=True, slots=True)
class Field:
    """A field to mend; `value` is what its control can show again, and without a `message` it is right by itself."""

    name: str
    label: str
    kind: str
    value: str
    message: str


def wrong_fields(error: Exception, given: Mapping[str, str], language: PageLanguage) -> list[Field]:
    """Give the fields that an error is about, each once; none where it is about something else.

    A day is shown beside the other: which of them is wrong, only the reader knows.
    """
    found = dict(_found(error, language))
    if any(name in found for name in DAYS):
        found = {name: found.get(name, "") for name in DAYS if name in given or name in found} | found
    return [
        Field(
            name,
            said(LABELS.get(name, (name, name)), language.code),
            "date" if name in DAYS else "text",
            given.get(name, "") if name not in DAYS or _is_day(given.get(name, "")) else "",
            message,
        )
        for name, message in found.items()
    ]


def wrong_choice(refused: Unanswerable, language: PageLanguage) -> dict[str, str]:
    """Say by field what a rule has against a choice of figures."""
    return dict(_found(refused, language)) or {"by": language.gettext(UNUSABLE)}


def _found(error: Exception, language: PageLanguage) -> Iterator[tuple[str, str]]:
    if isinstance(error, RequestValidationError):
        for fault in error.errors():
            if fault["loc"][0] == "query":
                name = str(fault["loc"][1])
                yield name, _said(name, fault, language)
    elif isinstance(error, Unanswerable | BadRequest) and error.code in REFUSED:
        name, message = REFUSED[error.code]
        yield name, language.gettext(message)


def _said(name: str, fault: Mapping[str, Any], language: PageLanguage) -> str:
    if name not in DAYS:
        return language.gettext(UNUSABLE)
    if fault["type"] in {"greater_than_equal", "less_than_equal"}:
        days = {"first": language.day(FIRST_DAY), "last": language.day(LAST_DAY)}
        return language.gettext(OUTSIDE) % days
    return language.gettext(NO_DAY)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
