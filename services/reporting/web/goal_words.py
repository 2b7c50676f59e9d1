"""How goals that fill themselves are spoken of: what they are measured by, and where a value is from. Pure."""

from typing import Final

from services.reporting.reports.parts.goals import ORIGINS
from services.reporting.terms import Json, ValueOrigin
from services.reporting.web.writing import Code, called, count, said
from services.reporting.words import DIMENSIONS, FIGURE_NAMES, Word, inside

VALUE: Final[Word] = ("Beregnet værdi", "Computed value")
WHERE_FROM: Final[Word] = (
    "Beregnede værdier er talt op til og med nr. {cursor}. Uden for området er tal om personer fra seneste udgivelse.",
    "Computed values are as of no. {cursor}. Outside the area, figures of people are from the newest release.",
)


def value_heading(language: Code) -> str:
    """Name the column of computed values."""
    return said(VALUE, language)


def fills_itself(report: Json) -> bool:
    """Tell whether some goal of a report does."""
    return any(goal["measure"] for goal in report["goals"])


def origin(code: ValueOrigin, language: Code) -> str:
    """Say where a value is from, inside a sentence."""
    return said(inside(ORIGINS[code]), language)


def where_from(report: Json, language: Code) -> str:
    """Say where computed values are from, with the place in the logs that they were read at."""
    as_of = report["as_of"]
    cursor = " · ".join(f"{owner}:{as_of[owner]}" for owner in ("registry", "funding") if owner in as_of)
    return said(WHERE_FROM, language).format(cursor=cursor)


def measured_by(goal: Json, report: Json, language: Code) -> str:
    """Say by which figure a goal is measured, and of what: Deltagere · Lektiecafé · pr. skoleår."""
    measure = goal["measure"]
    named = {
        "area": {row["area"]: row["name"] for row in report["areas"]},
        "effort_area": report["names"]["effort_areas"],
    }
    of = [called(named, kind, measure[kind]) for kind in ("area", "effort_area") if measure[kind]]
    if measure["activity"]:
        of.append(called(report["names"], "activities", measure["activity"]))
    if measure["kind"]:
        of.append(measure["kind"])
    per = said(inside(DIMENSIONS[measure["per"]]), language) if measure["per"] else ""
    each = [said(("pr. {}", "per {}"), language).format(per)] if per else []
    return " · ".join([said(FIGURE_NAMES[measure["figure"]], language), *of, *each])


def values(goal: Json, language: Code) -> list[str]:
    """Write what the figures say of a goal, span by span: 2025/26: 41 (beregnet)."""
    mark = origin("computed", language)
    return [
        f"{each['period']}: {count(each['value'], language)} ({mark})"
        if each["period"]
        else f"{count(each['value'], language)} ({mark})"
        for each in goal["figures"]
    ]
