"""Disclosure control: the one place where counts of people are withheld, on the way out. Pure.

A count from 1 up to the threshold could point at a person and is withheld. Where a table's total would give a single
withheld cell away, the smallest other cell of the table is withheld with it.
"""

from collections.abc import Sequence
from typing import Any, Final

from services.reporting.domain import COUNTS, Json

# The tables of a report whose cells add up, or nearly, to the totals.
TABLES: Final = ("areas", "effort_areas", "months")


def protect(report: Json, threshold: int) -> Json:
    """Withhold every count that could point at a person, in a report that nobody has seen yet."""
    totals = report["totals"]
    for name in COUNTS:
        _withhold_small(totals, name, threshold)
        for table in TABLES:
            rows = report[table]
            for row in rows:
                _withhold_small(row, name, threshold)
            if not totals[name]["suppressed"]:
                _withhold_second(rows, name)
    return _with_note(report, threshold)


def _withhold_small(row: Json, name: str, threshold: int) -> None:
    value = row[name]["value"]
    if value is not None and 0 < value < threshold:
        row[name] = _withheld()


def _withhold_second(rows: Sequence[Json], name: str) -> None:
    """Where one cell alone is withheld, withhold the smallest other one above 0: their sum says nothing of either."""
    if sum(row[name]["suppressed"] for row in rows) != 1:
        return
    others = [row for row in rows if row[name]["value"]]
    if others:
        smallest = min(others, key=lambda row: (row[name]["value"], _place(row)))
        smallest[name] = _withheld()


def _withheld() -> Json:
    return {"value": None, "suppressed": True}


def _place(row: Json) -> tuple[Any, ...]:
    """Give what tells rows apart, so that the choice between equal cells is the same each time."""
    return tuple(row.get(key, "") for key in ("area", "pool", "effort_area", "month"))


def _with_note(report: Json, threshold: int) -> Json:
    places = [report["totals"], *(row for table in TABLES for row in report[table])]
    withheld = sum(place[name]["suppressed"] for place in places for name in COUNTS)
    if withheld:
        report["notes"].append(
            {
                "code": "counts_withheld",
                "text_da": f"{withheld} tal er udeladt, fordi de ville vise grupper på under {threshold} personer.",
                "text_en": f"{withheld} figures are withheld: they would show groups of fewer than {threshold} people.",
            }
        )
    return report
