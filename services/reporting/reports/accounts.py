"""Taking the accounts of plans out of a report for readers who do not read them. Pure; `shared.accounts` says who."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from services.reporting.terms import Json
from shared.accounts import Accounts

# The sums over the lines of a budget; its lines and versions are lists.
BUDGET_NUMBERS: Final = ("version", "budget_ore", "spent_ore", "remaining_ore")
NOTE: Final = {
    "code": "accounts_withheld",
    "text_da": (
        "Ikke vist: budgetlinjer, de enkelte tilsagn, reguleringskonti, bemærkninger og begrundelser for planer i andre"
        " områder. Dem ser planens egne områder, netværkets ledere og revisorer."
    ),
    "text_en": (
        "Not shown: budget lines, single commitments, regulation accounts, remarks and reasons of plans in other areas."
        " The plan's own areas, the network's leads and auditors see them."
    ),
}


def withhold_accounts(report: Json, accounts: Accounts) -> Json:
    """Take what belongs to the accounts of plans that a reader does not read out of a report that nobody has seen yet.

    A report that holds no such plan stays as it is; any other says so in a note.
    """
    foreign = [plan for plan in report["plans"] if not accounts.include(plan["areas"])]
    if not foreign:
        return report
    readable = {
        account["commitment"]
        for plan in report["plans"]
        if accounts.include(plan["areas"])
        for account in plan["funding"]["regulation_accounts"]
    }
    for funding in _fundings(report):
        funding["regulation_accounts"] = [
            account for account in funding["regulation_accounts"] if account["commitment"] in readable
        ]
    if "funders" in report.get("names", {}):
        report["names"]["funders"] = {
            commitment: name for commitment, name in report["names"]["funders"].items() if commitment in readable
        }
    if "plan" in report:
        _withhold_books(report)
    report["notes"].append(NOTE)
    return report


def readable_items(
    items: Iterable[Json], accounts: Accounts, areas_of: Mapping[str, Collection[str]]
) -> Iterator[Json]:
    """Leave out of what needs attention what tells of the accounts of a plan that a reader does not read.

    That is what tells of a single commitment, and what was remarked on a statement.
    """
    for item in items:
        values = item["values"]
        if accounts.include(areas_of.get(item["plan"], ())) or not {"commitment", "remarks"}.intersection(values):
            yield item
        elif "commitment" not in values:
            yield {**item, "values": {**values, "remarks": None}}


def _fundings(report: Json) -> Iterator[Json]:
    yield report["totals"]["funding"]
    if report.get("previous"):
        yield report["previous"]["totals"]["funding"]
    for row in (*report["areas"], *report["plans"]):
        yield row["funding"]
    if "plan" in report:
        yield report["funding"]


def _withhold_books(report: Json) -> None:
    """Take out what only the report of a plan tells."""
    report["funding"]["commitments"] = []
    report["expenses"] = []
    budget = report["budget"]
    report["budget"] = {name: None if name in BUDGET_NUMBERS else [] for name in budget}
    for statement in report["statements"]:
        statement["auditor_reference"] = statement["remarks"] = None
