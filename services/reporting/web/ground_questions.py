"""What is asked for behind a figure of the answers of a day, or of a visitor's own choice. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.reporting import periods
from services.reporting.ground.rules import FIGURES, OF_PEOPLE, SCOPES
from services.reporting.terms import OF_PEOPLE as FIGURES_OF_PEOPLE
from services.reporting.terms import Json
from shared.accounts import Accounts

# What is asked of a ground: which figure, of what, over which days.
AskedOfGround = dict[str, str]
OF_ANSWERS: Final = re.compile(
    r"(?P<rows>plan_ends|instalments|hour_costs)\.(?P<place>\d+)\.(?P<figure>committed|received|spent)_ore"
)
OF_CHOICE: Final = re.compile(r"rows\.(?P<place>\d+)\.(?P<figure>\w+)")
OVER_TIME: Final = frozenset({"month", "quarter", "year", "school_year"})


@dataclass(frozen=True, slots=True)
class MayFollow:
    """What the visitor may follow: the accounts of which plans, and the areas of its own."""

    accounts: Accounts
    own: frozenset[str]


def of_answers(path: str, report: Json, reading: MayFollow) -> AskedOfGround | None:
    """Give what is asked for behind an amount of the answers of a day; None where it has no ground for the visitor."""
    found = OF_ANSWERS.fullmatch(path)
    if found is None:
        return None
    row, figure = report[found["rows"]][int(found["place"])], f"{found['figure']}_ore"
    areas = {plan["plan"]: plan["areas"] for plan in report["plans"]}
    if not reading.accounts.include(areas.get(row["plan"], ())):
        return None
    of = {"figure": figure, "plan": row["plan"]}
    if found["rows"] == "instalments":
        year = row["year"]
        return {**of, "commitment": row["commitment"], "from": f"{year}-01-01", "to": f"{year}-12-31"}
    if found["rows"] == "hour_costs":
        return {**of, **row["period"]}
    return {**of, "to": row["until"] if figure == "spent_ore" else report["period"]["to"]}


def of_choice(path: str, report: Json, reading: MayFollow) -> AskedOfGround | None:
    """Give what is asked for behind a cell of a choice; None where it has no ground, or not for the visitor.

    An amount is as it stands at the end of its days; the rest is of its days alone.
    """
    found, to = OF_CHOICE.fullmatch(path), report["period"]["to"]
    if found is None or to is None or found["figure"] not in FIGURES:
        return None
    figure, row = found["figure"], report["rows"][int(found["place"])]
    of = _of_row(row, report)
    if of is None or not of.keys() <= set(SCOPES[FIGURES[figure][0]]):
        return None
    days = _days(row, report)
    if FIGURES[figure][0] not in OF_PEOPLE:
        # The areas of a plan are not told here, so those of one area, or all, are known to be read.
        is_read = reading.accounts.areas is None or reading.accounts.include([of.get("area", "")])
        return {"figure": figure, **of, "to": days["to"]} if is_read else None
    is_live = report["people"]["told_from"] == "area" or figure not in FIGURES_OF_PEOPLE
    return {"figure": figure, **of, **days} if is_live and of.get("area") in reading.own else None


def _of_row(row: Mapping[str, Any], report: Json) -> AskedOfGround | None:
    """Give of what a row of a choice is, by its dimensions and filters; None where no ground is asked for so."""
    of: AskedOfGround = {}
    for name, values in report["filters"].items():
        if len(values) > 1 and name not in report["by"]:
            return None
        if values and name not in report["by"]:
            of[name] = values[0]
    for name in report["by"]:
        if name in OVER_TIME:
            continue
        if row[name] is None:
            return None
        of[name] = row[name]
    return of


def _days(row: Mapping[str, Any], report: Json) -> dict[str, str]:
    """Give the days of a row: those of the choice, or of the part of them that the row is of."""
    whole = periods.Period(date.fromisoformat(report["period"]["from"]), date.fromisoformat(report["period"]["to"]))
    for name in OVER_TIME & set(report["by"]):
        if (part := periods.named(row[name])) is not None:
            whole = part.within(whole)
    return {"from": whole.first_day.isoformat(), "to": whole.last_day.isoformat()}
