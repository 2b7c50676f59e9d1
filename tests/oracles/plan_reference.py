"""What a plan's report must say, told a second time in the plainest way: loops over all events."""

import collections
import datetime as dt

from tests.oracles.histories import Logs
from tests.support.builders import Json

Day = dt.date


def spending(logs: Logs, plan: str, last_day: Day) -> dict[str, int]:
    """Add up what was spent on each line until the end of a day."""
    spent: collections.Counter[str] = collections.Counter()
    booked = {
        entry.event["data"]["expense"]: entry.event["data"]
        for entry in logs["funding"]
        if entry.name == "expense.booked"
    }
    for expense in booked.values():
        if expense["plan"] == plan and Day.fromisoformat(expense["incurred_on"]) <= last_day:
            spent[expense["line"]] += expense["amount_ore"]
    for entry in logs["funding"]:
        if entry.name == "expense.reversed":
            expense = booked[entry.event["data"]["expense"]]
            if expense["plan"] == plan and Day.fromisoformat(entry.document["outcome"]["booked_on"]) <= last_day:
                spent[expense["line"]] -= expense["amount_ore"]
    return {line: amount_ore for line, amount_ore in spent.items() if amount_ore}


def budget(logs: Logs, plan: str) -> dict[str, int]:
    """Add up what each line stands at after all versions."""
    stands: collections.Counter[str] = collections.Counter()
    for entry in logs["funding"]:
        if entry.name.startswith("budget.") and entry.event["data"]["plan"] == plan:
            stands.update(entry.document["outcome"]["changes"])
    return {line: amount_ore for line, amount_ore in stands.items() if amount_ore}


def goals(logs: Logs, plan: str, last_year: int) -> dict[str, tuple[float, dict[int, str]]]:
    """Give each goal's target, and its attainment by year."""
    targets: dict[str, float] = {}
    reached: dict[str, dict[int, str]] = collections.defaultdict(dict)
    for entry in logs["registry"]:
        data: Json = entry.event["data"]
        if entry.name == "goal.set" and data["plan"] == plan:
            targets[data["goal"]] = data["target"]
        elif entry.name == "goal.assessed" and data["plan"] == plan and data["year"] <= last_year:
            reached[data["goal"]][data["year"]] = data["attainment"]
    return {goal: (target, reached[goal]) for goal, target in targets.items()}


def statement(logs: Logs, plan: str, year: int) -> str:
    """Give the last word on a year's statement."""
    status = "open"
    for entry in logs["funding"]:
        if entry.name.startswith("statement.") and entry.event["data"] == {"plan": plan, "year": year}:
            status = entry.name.removeprefix("statement.")
    return status


def partners(logs: Logs, plan: str, last_day: Day) -> list[tuple[str, str]]:
    """Give the role and the day of everybody who is partner at the end of a day."""
    since: dict[str, str] = {}
    for entry in logs["registry"]:
        data = entry.event["data"]
        if entry.name.startswith("partner.") and data["plan"] == plan and Day.fromisoformat(data["date"]) <= last_day:
            if entry.name == "partner.joined":
                since[data["role"]] = data["date"]
            else:
                since.pop(data["role"], None)
    return sorted(since.items())


def unconfirmed(logs: Logs, last_day: Day) -> set[str]:
    """Give the commitments that an area alone has stated at the end of a day."""
    stated, confirmed = set(), set()
    for entry in logs["funding"]:
        data = entry.event["data"]
        if entry.name == "funding.committed":
            stated.add(data["commitment"])
        by_itself = entry.name == "funding.committed" and entry.document.get("outcome") == {"confirmed": True}
        if (by_itself or entry.name == "funding.confirmed") and Day.fromisoformat(data["date"]) <= last_day:
            confirmed.add(data["commitment"])
    return stated - confirmed


def withheld(logs: Logs, last_day: Day) -> dict[str, str]:
    """Give the commitments that are held back at the end of a day, and since when."""
    since: dict[str, str] = {}
    for entry in logs["funding"]:
        data = entry.event["data"]
        if entry.name in {"funding.withheld", "funding.resumed"} and Day.fromisoformat(data["date"]) <= last_day:
            if entry.name == "funding.withheld":
                since[data["commitment"]] = data["date"]
            else:
                since.pop(data["commitment"], None)
    return since
