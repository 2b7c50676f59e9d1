"""What stands beside a chart: in what it is measured, until when, and the table that holds its numbers. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from services.reporting.terms import Json
from services.reporting.web.writing import Code, day, month, said
from services.reporting.words import Word

SHARE: Final[Word] = ("Pct. af finansieringen", "Per cent of the financing")
# In what each chart is measured.
UNITS: Final[Mapping[str, Word]] = {
    "attendance": (
        "Fremmødte ved alle månedens mødegange",
        "Attendances over all sessions of a month",
    ),
    "sessions": ("Antal mødegange", "Number of sessions"),
    "participants": ("Antal personer", "Number of people"),
    "spending": SHARE,
    "co_funding": (
        "Pct. af det, som de lokale og Landsbyggefonden finansierer",
        "Per cent of what the local partners and Landsbyggefonden finance",
    ),
    "funders": ("Kroner", "Danish kroner"),
    "change": ("Point på en skala fra 0 til 100", "Points on a scale from 0 to 100"),
    "effort_areas": ("Antal mødegange", "Number of sessions"),
    "age_bands": ("Antal personer", "Number of people"),
    "retention": ("Antal personer og pct. af årgangen", "Number of people, and per cent of the cohort"),
    "milestones": ("Frister", "Due days"),
    "budget": ("Pct. af budgettet", "Per cent of the budget"),
}
# The table of a report's files that has a chart's numbers; a plan's financing has its own.
TABLES: Final[Mapping[str, str]] = {
    "attendance": "months",
    "sessions": "months",
    "participants": "months",
    "spending": "plans",
    "co_funding": "plans",
    "funders": "funders",
    "change": "change",
    "effort_areas": "effort_areas",
    "age_bands": "age_bands",
    "retention": "retention_years",
    "milestones": "milestones",
    "budget": "budget_effort_areas",
}
# Of which rows a chart draws which counts of people; those after the first only where some of them are told.
COUNTED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "attendance": ("months", ("attendances",)),
    "participants": ("months", ("participants", "new_participants")),
    "effort_areas": ("effort_areas", ("participants",)),
    "age_bands": ("age_bands", ("participants",)),
}
BY_MONTH: Final = frozenset({"attendance", "sessions", "participants"})
OF_PEOPLE: Final = frozenset({"attendance", "participants", "change", "age_bands", "retention"})


def about(name: str, report: Json, language: Code) -> str:
    """Say in what a chart is measured, where it is from and until when; and which month is not over in it.

    People are told from a release until its month ends: what came later is not in the chart.
    """
    last_day = report["period"]["to"]
    parts = [said(UNITS[name], language)]
    if last_day is None:
        return f"{parts[0]}."
    parts += _until(report, language, is_of_people=name in OF_PEOPLE, is_by_month=name in BY_MONTH)
    if _hides(name, report):
        parts.append(said(("en prik er et skjult tal", "a dot is a hidden number"), language))
    return "; ".join(parts) + "."


def about_chosen(indicator: str, report: Json, language: Code) -> str:
    """Say where the chart of a figure of one's own choice is from, and what is not complete or not drawn in it."""
    if report["period"]["to"] is None:
        return ""
    values = [row[indicator] for row in report["rows"]]
    counts = [value for value in values if isinstance(value, Mapping)]
    parts = _until(report, language, is_of_people=bool(counts), is_by_month="month" in report["by"])
    if any(count["suppressed"] for count in counts):
        hidden = ("intet er tegnet, hvor tallet er skjult", "nothing is drawn where the number is hidden")
        parts.append(said(hidden, language))
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _until(report: Json, language: Code, *, is_of_people: bool, is_by_month: bool) -> list[str]:
    """Say until when a chart's numbers are told, and which month is not over in it."""
    last_day = report["period"]["to"]
    released = _released_before(report, last_day) if is_of_people else None
    told = month(released, language) if released else day(last_day, language)
    parts = [said((f"kilde: Helhedsnet, til og med {told}", f"source: Helhedsnet, until {told}"), language)]
    if is_by_month and not released and _is_within_a_month(date.fromisoformat(last_day)):
        running = month(last_day[:7], language)
        parts.append(said((f"{running} er ikke hel", f"{running} is not complete"), language))
    return parts


def _hides(name: str, report: Json) -> bool:
    """Tell whether a chart has a mark instead of a number."""
    if name == "retention":
        cohorts = report.get("retention", ())
        return any(
            count["suppressed"]
            for cohort in cohorts
            for count in (cohort["new_participants"], *(each["seen"] for each in cohort["years"]))
        )
    rows, keys = COUNTED.get(name, ("", ()))
    hidden = [[row[key]["suppressed"] for row in report.get(rows, ())] for key in keys]
    # Newcomers of whom no month is told are not drawn at all.
    return any(any(found) for found in hidden[:1]) or any(any(found) and not all(found) for found in hidden[1:])


def _released_before(report: Json, last_day: str) -> str | None:
    """Give the month that a chart of people ends with, where that is over before the report's last day."""
    people = report.get("people", {})
    if people.get("told_from") != "release":
        return None
    until: str = people["month"]
    return until if until < last_day[:7] else None


def table_of(name: str, report: Json) -> str:
    """Name the table of the report's files that has a chart's numbers."""
    return "funding_by_kind" if name == "funders" and "plan" in report else TABLES[name]


def _is_within_a_month(last_day: date) -> bool:
    return (last_day + timedelta(days=1)).month == last_day.month
