"""Where a figure of a page leads: to the events that it was folded from, for those who may read them. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from services.reporting.periods import month_of
from services.reporting.reader.reading import own_areas
from services.reporting.terms import AMOUNTS, OF_PEOPLE, STANDING_AMOUNTS, Json
from services.reporting.web import figure_rules, ground_questions
from services.reporting.web.ground_questions import AskedOfGround, MayFollow
from shared.accounts import accounts_of
from shared.tokens import Identity

# Where a figure stands in a report's JSON; the names of groups are what of it is asked for.
AMOUNT: Final = rf"(?P<figure>{'|'.join(AMOUNTS)})"
FUNDING: Final = re.compile(
    rf"((?P<rows>areas|plans)\.(?P<place>\d+)\.|totals\.)?funding\."
    rf"(by_funder_kind\.(?P<funder_kind>\w+)\.)?(?P<figure>{'|'.join(STANDING_AMOUNTS)})"
)
ACCOUNT: Final = re.compile(r"(((areas|plans)\.\d+\.|totals\.)?funding\.)?regulation_accounts\.\d+\.balance_ore")
COMMITMENT: Final = re.compile(rf"funding\.commitments\.(?P<place>\d+)\.({AMOUNT}|regulation_account_ore)")
BUDGET: Final = re.compile(
    r"budget\.((?P<rows>lines|effort_areas|cost_types|years)\.(?P<place>\d+)\.)?(?P<figure>budget_ore|spent_ore)"
)
BUDGET_FIELDS: Final = {"lines": "line", "effort_areas": "effort_area", "cost_types": "cost_type", "years": "year"}
DONE: Final = re.compile(
    r"(totals|activities\.(?P<activity>\d+)|areas\.(?P<area>\d+)|months\.(?P<month>\d+)"
    r"|effort_areas\.(?P<effort_area>\d+))\."
    rf"(?P<figure>sessions|cancelled_sessions|{'|'.join(OF_PEOPLE)})"
)
FINANCING: Final = re.compile(
    r"(financing\.(?P<place>\d+)|sums\.financing|financing_by_kind\.(?P<funder_kind>\w+))"
    r"\.(?P<field>opening|received|carried|closing)_ore"
)
COSTS: Final = re.compile(r"costs\.(?P<place>\d+)\.amount_ore")
DEVIATIONS: Final = re.compile(r"deviations\.(?P<place>\d+)\.spent_ore")
FLOWS: Final = {"received": "received_ore", "carried": "spent_ore"}
# What stands once on an annual statement, and of which figure of the plan's it is.
SUMS: Final = {
    **dict.fromkeys(("received_ore", "sums.instalments.amount_ore"), "received_ore"),
    **dict.fromkeys(("spent_ore", "sums.costs.amount_ore", "sums.deviations.spent_ore"), "spent_ore"),
    "sums.vouchers.amount_ore": "spent_ore",
}
# Who stayed, left, was followed up and measured, in an area of the visitor's own.
COUNTED: Final = (
    (re.compile(r"retention\.\d+\.new_participants"), "new_participants"),
    (re.compile(r"alumni\.left"), "left"),
    (re.compile(r"alumni\.months\.\d+\.(followed_up|statuses\.\d+\.people)"), "followed_up"),
    (re.compile(r"change\.\d+\.pairs"), "pairs"),
)
BANK: Final = re.compile(r"(?P<field>opening|closing)_bank_ore")


class GroundLinks:
    """Gives the address of the ground of the figures of one report, by their path in its JSON."""

    def __init__(self, report: Json, reader: Identity, first_day: date | None, link: Callable[[str], str]) -> None:
        self._report = report
        self._reading = MayFollow(accounts_of(reader), own_areas(reader))
        self._first_day = first_day
        self._link = link

    def __call__(self, path: str) -> str | None:
        """Give the address of a figure's ground: of its events where the visitor reads them, or else of its rule."""
        if "vouchers" in self._report:
            asked = self._statement(path)
        elif "hour_costs" in self._report:
            asked = ground_questions.of_answers(path, self._report, self._reading)
        elif "rows" in self._report:
            asked = ground_questions.of_choice(path, self._report, self._reading)
        else:
            asked = next(self._asked(path), None) or self._counted(path)
        asked = asked or figure_rules.of_rule(path, self._report)
        return None if asked is None else self._link(f"/ground?{urlencode(asked)}")

    def _asked(self, path: str) -> Iterator[AskedOfGround]:
        report = self._report
        if not report.get("period", {}).get("to"):
            return
        until = {"to": report["period"]["to"]}
        if (found := FUNDING.fullmatch(path)) and (of := self._scope(found["rows"], found["place"])) is not None:
            kind = {"funder_kind": found["funder_kind"]} if found["funder_kind"] else {}
            yield {"figure": found["figure"], **of, **kind, **until}
        elif ACCOUNT.fullmatch(path):
            commitment = self._at(path.rpartition(".")[0])["commitment"]
            yield {"figure": "balance_ore", "commitment": commitment, **until}
        elif found := COMMITMENT.fullmatch(path):
            row = report["funding"]["commitments"][int(found["place"])]
            yield {"figure": found["figure"] or "balance_ore", **self._plan(), "commitment": row["commitment"], **until}
        elif (found := BUDGET.fullmatch(path)) and report["budget"]["lines"]:
            yield {"figure": found["figure"], **self._plan(), **self._line(found), **self._until(found["figure"])}
        elif (found := DONE.fullmatch(path)) and (of := self._done(found)) is not None:
            yield {"figure": found["figure"], **of}

    def _scope(self, rows: str | None, place: str | None) -> AskedOfGround | None:
        """Give of what a sum of money is: of a row, or of all that the report is about."""
        report, accounts = self._report, self._reading.accounts
        if rows is not None:
            row = report[rows][int(place or 0)]
            name = rows.removesuffix("s")
            return {name: row[name]} if accounts.include(row.get("areas", [row.get("area")])) else None
        areas = [area["area"] for area in report["areas"]]
        if "plan" in report:
            return self._plan() if accounts.include(areas) else None
        if "area" in report:
            return {"area": report["area"]["area"]} if accounts.include(areas) else None
        return {} if accounts.areas is None else None

    def _plan(self) -> AskedOfGround:
        return {"plan": self._report["plan"]["plan"]}

    def _line(self, found: re.Match[str]) -> AskedOfGround:
        if found["rows"] is None:
            return {}
        field = BUDGET_FIELDS[found["rows"]]
        return {field: str(self._report["budget"][found["rows"]][int(found["place"])][field])}

    def _until(self, figure: str) -> AskedOfGround:
        # A budget is told as it stands, whatever the period.
        return {} if figure == "budget_ore" else {"to": self._report["period"]["to"]}

    def _done(self, found: re.Match[str]) -> AskedOfGround | None:
        """Give of what a figure of sessions or people is: of an area of the visitor's own, and perhaps of a part of it.

        What is told of people from a release has no events here: those of the area have gone on since.
        """
        report = self._report
        days = {"from": report["period"]["from"], "to": report["period"]["to"]}
        plan = self._plan() if "plan" in report else {}
        if found["activity"] is not None:
            row = report["activities"][int(found["activity"])]
            area, of = row["area"], {**plan, "activity": row["activity"]}
        elif found["area"] is not None:
            area, of = report["areas"][int(found["area"])]["area"], plan
        else:
            areas = [row["area"] for row in report["areas"]]
            area, of = (areas[0] if len(areas) == 1 else None), plan
        if found["effort_area"] is not None:
            row = report["effort_areas"][int(found["effort_area"])]
            of = {**of, "pool": row["pool"], "effort_area": row["effort_area"]}
        if found["month"] is not None:
            days = _within(report["months"][int(found["month"])]["month"], days)
        is_of_part = bool(plan) and (found["activity"] is not None or found["area"] is not None)
        is_live = report["people"]["told_from"] == "area" or is_of_part
        if area not in self._reading.own or not (is_live or found["figure"] not in OF_PEOPLE):
            return None
        return {"area": area, **of, **days}

    def _counted(self, path: str) -> AskedOfGround | None:
        """Give what is asked for behind a count of who stayed, left or was measured in an area of the visitor's own."""
        report = self._report
        areas = [row["area"] for row in report.get("areas", ())]
        if report.get("people", {}).get("told_from") != "area" or len(areas) != 1 or areas[0] not in self._reading.own:
            return None
        days = {"from": report["period"]["from"], "to": report["period"]["to"]}
        for pattern, figure in COUNTED:
            if pattern.fullmatch(path):
                of = figure_rules.named_in(path, report, figure)
                return {"figure": figure, **days, **of, "area": areas[0]}
        return None

    def _statement(self, path: str) -> AskedOfGround | None:
        """Give what is asked for behind a figure of an annual statement; whoever reads it reads the accounts."""
        report, plan, days = self._report, {"plan": self._report["plan"]}, self._of_year()
        if figure := SUMS.get(path):
            return {"figure": figure, **plan, **days}
        if found := BANK.fullmatch(path):
            return self._financing(found["field"], plan)
        if found := FINANCING.fullmatch(path):
            own = {"funder_kind": found["funder_kind"]} if found["funder_kind"] else {}
            if found["place"] is not None:
                own = {"commitment": report["financing"][int(found["place"])]["commitment"]}
            return self._financing(found["field"], {**plan, **own})
        if found := COSTS.fullmatch(path):
            row = report["costs"][int(found["place"])]
            kind = {"effort_area": row["effort_area"], "cost_type": row["cost_type"]}
            return {"figure": "spent_ore", **plan, **kind, **days} if row["effort_area"] else None
        if found := DEVIATIONS.fullmatch(path):
            line = report["deviations"][int(found["place"])]["line"]
            return {"figure": "spent_ore", **plan, "line": line, **days}
        return None

    def _of_year(self) -> AskedOfGround:
        first = {"from": self._first_day.isoformat()} if self._first_day else {}
        return {**first, "to": date(self._report["year"], 12, 31).isoformat()}

    def _financing(self, field: str, own: AskedOfGround) -> AskedOfGround | None:
        """Give what is asked for behind a regulation account's row; before a plan's first year there is nothing."""
        days = self._of_year()
        if field in FLOWS:
            return {"figure": FLOWS[field], **own, **days}
        if field == "closing":
            return {"figure": "balance_ore", **own, "to": days["to"]}
        if self._first_day is None:
            return None
        return {"figure": "balance_ore", **own, "to": (self._first_day - timedelta(days=1)).isoformat()}

    def _at(self, path: str) -> Json:
        found: Any = self._report
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
        row: Json = found
        return row


def _within(month: str, days: Mapping[str, str]) -> AskedOfGround:
    """Give the days of a month that are in a period."""
    whole = month_of(date.fromisoformat(f"{month}-01"))
    return {
        "from": max(whole.first_day.isoformat(), days["from"]),
        "to": min(whole.last_day.isoformat(), days["to"]),
    }
