"""What people call the codes of a report, by the fields that hold them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.reporting.exports.tables import Language, say
from services.reporting.terms import Json
from services.reporting.words import ATTENTION, COST_TYPES, inside, word

# Fields that hold codes of a kind under a name of their own.
ALSO: Final[Mapping[str, str]] = {
    "areas": "area",
    "adopted_by": "activity",
    "source_activity": "activity",
    "funder": "organisation",
}


def codes_called(report: Json, language: Language) -> dict[str, dict[str, str]]:
    """Give the names of what a report tells by its code, from areas and plans to budget lines and what needs attention.

    Where two codes of a kind bear one name, the area stands behind it, or the code where that tells no difference.
    """
    names, goals, milestones = report.get("names", {}), report.get("goals", ()), report.get("milestones", ())
    listed = [*report.get("activities", ()), *report.get("practices", ())]
    activities = names.get("activities", {}) | _of_rows(listed, "activity")
    places = names.get("activity_areas", {}) | _of_rows(listed, "activity", "area")
    areas = names.get("areas", {}) | _of_rows(report.get("areas", ()), "area")
    called = {
        "area": areas,
        "plan": _of_rows(report["plans"], "plan") if "plans" in report else {report["plan"]: report["plan_name"]},
        "commitment": _apart(names.get("funders", {})),
        "activity": _apart(_in_areas(activities, places, areas)),
        "effort_area": dict(names.get("effort_areas", {})),
        "organisation": _organisations(report),
        "goal": _apart(_of_rows(goals, "goal", "title")),
        "milestone": _apart(_of_rows(milestones, "milestone", "title")),
        "line": _apart(_lines(report, language)),
        "code": {code: say(said, language) for code, said in ATTENTION.items()},
    }
    return called | {field: called[kind] for field, kind in ALSO.items()}


def _organisations(report: Json) -> dict[str, str]:
    """Give the names of organisations, as partners, as funders, and as those who carry an activity on."""
    funding = report.get("funding") or {}
    return {
        **_of_rows(report.get("anchoring", ()), "organisation", "organisation_name"),
        **_of_rows(report.get("partners", ()), "organisation"),
        **_of_rows([*funding.get("commitments", ()), *report.get("financing", ())], "funder", "funder_name"),
    }


def _lines(report: Json, language: Language) -> dict[str, str]:
    """Name the lines of a budget by what they are for, and by the year."""
    budget = report.get("budget") or {}
    named = report.get("names", {}).get("effort_areas", {})
    lines = {}
    for row in (*budget.get("lines", ()), *report.get("deviations", ())):
        cost_type = say(inside(word(COST_TYPES, row["cost_type"])), language)
        lines[row["line"]] = f"{named.get(row['effort_area'], row['effort_area'])}, {cost_type}, {row['year']}"
    return lines


def _of_rows(rows: Iterable[Mapping[str, Any]], code: str, name: str = "name") -> dict[str, str]:
    return {row[code]: row[name] for row in rows if row.get(name)}


def _in_areas(names: Mapping[str, str], places: Mapping[str, str], areas: Mapping[str, str]) -> dict[str, str]:
    """Say the area behind a name that several activities bear."""
    often = Counter(names.values())
    return {
        code: f"{name} ({areas.get(places[code], places[code])})" if often[name] > 1 and code in places else name
        for code, name in names.items()
    }


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name} ({code})" for code, name in names.items()}
