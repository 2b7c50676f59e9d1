"""What people call the codes of a report, by the fields that hold them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.reporting.terms import Json

# Fields that hold codes of a kind under a name of their own.
ALSO: Final[Mapping[str, str]] = {"areas": "area", "adopted_by": "activity", "source_activity": "activity"}


def codes_called(report: Json) -> dict[str, dict[str, str]]:
    """Give the names of areas, plans, commitments, activities and effort areas that a report tells.

    Where two codes of a kind bear one name, the code stands behind it.
    """
    names = report.get("names", {})
    called = {
        "area": _of_rows(report.get("areas", ()), "area"),
        "plan": _of_rows(report["plans"], "plan") if "plans" in report else {report["plan"]: report["plan_name"]},
        "commitment": _apart(names.get("funders", {})),
        "activity": _apart(names.get("activities", {}) | _of_rows(report.get("activities", ()), "activity")),
        "effort_area": dict(names.get("effort_areas", {})),
    }
    return called | {field: called[kind] for field, kind in ALSO.items()}


def _of_rows(rows: Iterable[Mapping[str, Any]], code: str) -> dict[str, str]:
    return {row[code]: row["name"] for row in rows if row.get("name")}


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name} ({code})" for code, name in names.items()}
