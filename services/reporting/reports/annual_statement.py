"""A plan's annual statement as reporting tells it, put together from what funding's events say. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reporting.terms import Json, Plan, Row
from shared import money
from shared.law import LANDSBYGGEFONDEN, LOCAL_KINDS, STATEMENT_DUE

OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Books:
    """All that the statement of a year is made from, read in one snapshot; `spent` is øre by line."""

    plan: Plan
    year: int
    as_of: Mapping[str, int]
    financing: Sequence[Row]
    receipts: Sequence[Row]
    vouchers: Sequence[Row]
    spent: Mapping[str, int]
    lines: Sequence[Row]
    versions: Sequence[Row]
    words: Sequence[Row]


def first_and_last_day(plan: Plan, year: int) -> tuple[date, date]:
    """Give the days of a year's statement; the plan's first year begins with all that was before it."""
    return (date.min if year == plan.start_on.year else date(year, 1, 1)), date(year, 12, 31)


def annual_statement(books: Books) -> Json:
    """Draw up the statement of a year, without its digest; the same facts give the same statement."""
    plan, year = books.plan, books.year
    financing = [_financing(row) for row in books.financing if not row["in_kind"]]
    opening_bank_ore = sum(row["received_before_ore"] - row["carried_before_ore"] for row in books.financing)
    received_ore = sum(row["received_ore"] for row in financing)
    spent_ore = sum(row["carried_ore"] for row in financing)
    return {
        "plan": plan.plan,
        "plan_name": plan.name,
        "year": year,
        "period": {"from": max(plan.start_on, date(year, 1, 1)).isoformat(), "to": date(year, 12, 31).isoformat()},
        "as_of": dict(books.as_of),
        **standing(year, books.words),
        "opening_bank_ore": opening_bank_ore,
        "received_ore": received_ore,
        "spent_ore": spent_ore,
        "closing_bank_ore": opening_bank_ore + received_ore - spent_ore,
        "local_share_pct": local_share_pct((row["funder_kind"], row["carried_ore"]) for row in financing),
        "local_share_to_date_pct": local_share_pct(
            (row["funder_kind"], row["carried_before_ore"] + row["carried_ore"]) for row in books.financing
        ),
        "instalments": [{**row, "received_on": row["received_on"].isoformat()} for row in books.receipts],
        "costs": costs(books.spent, books.lines),
        "financing": financing,
        "financing_by_kind": _by_kind(financing),
        "reallocations": _revisions(books, "reallocation"),
        "carry_forwards": _revisions(books, "carry_forward"),
        "deviations": _deviations(books),
        "vouchers": [{**row, "booked_on": row["booked_on"].isoformat()} for row in books.vouchers],
    }


def standing(year: int, words: Iterable[Row]) -> Json:
    """Tell where the statement of a year stands: handed in anew, what was decided before no longer counts."""
    stands: Json = dict.fromkeys(("submitted_on", "decided_on", "auditor_reference", "remarks"))
    stands = {"status": OPEN, "due_on": date(year + 1, *STATEMENT_DUE).isoformat(), **stands}
    for word in words:
        if word["year"] != year:
            continue
        if word["state"] == "submitted":
            stands["submitted_on"], stands["decided_on"] = word["said_on"].isoformat(), None
            stands["auditor_reference"], stands["remarks"] = word["auditor_reference"], word["remarks"]
        else:
            stands["decided_on"] = word["said_on"].isoformat()
            stands["auditor_reference"] = word["auditor_reference"] or stands["auditor_reference"]
            stands["remarks"] = word["remarks"] or stands["remarks"]
        stands["status"] = word["state"]
    return stands


def local_share_pct(amounts: Iterable[tuple[str, int]]) -> float | None:
    """Give what the local funders carry of what they and Landsbyggefonden carry, in per cent."""
    local_ore = fund_ore = 0
    for kind, amount_ore in amounts:
        local_ore += amount_ore if kind in LOCAL_KINDS else 0
        fund_ore += amount_ore if kind == LANDSBYGGEFONDEN else 0
    return money.percent(local_ore, local_ore + fund_ore)


def costs(spent: Mapping[str, int], lines: Iterable[Row]) -> list[Json]:
    """Add up spending by effort area and cost type; both are null for a line that no budget names."""
    kinds = {line["line"]: (line["effort_area"], line["cost_type"]) for line in lines}
    sums: dict[tuple[str | None, str | None], int] = {}
    for line, amount_ore in spent.items():
        kind = kinds.get(line, (None, None))
        sums[kind] = sums.get(kind, 0) + amount_ore
    ordered = sorted(sums.items(), key=lambda item: (item[0][0] or "", item[0][1] or ""))
    return [
        {"effort_area": effort_area, "cost_type": cost_type, "amount_ore": amount_ore}
        for (effort_area, cost_type), amount_ore in ordered
        if amount_ore
    ]


def _financing(row: Row) -> Json:
    opening_ore = row["received_before_ore"] - row["carried_before_ore"]
    return {
        "commitment": row["commitment"],
        "funder": row["funder"],
        "funder_name": row["funder_name"],
        "funder_kind": row["funder_kind"],
        "opening_ore": opening_ore,
        "received_ore": row["received_ore"],
        "carried_ore": row["carried_ore"],
        "closing_ore": opening_ore + row["received_ore"] - row["carried_ore"],
    }


def _by_kind(financing: Iterable[Row]) -> Json:
    sums: dict[str, dict[str, int]] = {}
    for row in financing:
        own = sums.setdefault(row["funder_kind"], dict.fromkeys(("received_ore", "carried_ore"), 0))
        for name in own:
            own[name] += row[name]
    return dict(sorted(sums.items()))


def _revisions(books: Books, kind: str) -> list[Json]:
    of_year = {line["line"] for line in books.lines if line["year"] == books.year}
    revisions = []
    for version in books.versions:
        changes = {line: amount_ore for line, amount_ore in version["changes"].items() if line in of_year}
        if version["kind"] == kind and changes:
            approved_on = version["approved_on"].isoformat()
            revisions.append({**version, "approved_on": approved_on, "changes": changes})
    return revisions


def _deviations(books: Books) -> list[Json]:
    """Compare each line of the year, and each other line that the year spent on, with its budget."""
    explanations = _explanations(books)
    carried: dict[str, int] = {}
    for version in books.versions:
        if version["kind"] == "carry_forward":
            for line, amount_ore in version["changes"].items():
                carried[line] = carried.get(line, 0) - min(amount_ore, 0)
    deviations = []
    for line in sorted(books.lines, key=lambda line: (line["effort_area"], line["cost_type"], line["line"])):
        is_of_year, spent_ore = line["year"] == books.year, books.spent.get(line["line"], 0)
        if not is_of_year and not spent_ore:
            continue
        carried_ore = carried.get(line["line"], 0) if is_of_year else 0
        budget_ore = line["amount_ore"] + carried_ore if is_of_year else 0
        deviations.append(
            {
                **{name: line[name] for name in ("line", "effort_area", "cost_type", "year")},
                "budget_ore": budget_ore,
                "spent_ore": spent_ore,
                "carried_forward_ore": carried_ore,
                "left_ore": budget_ore - spent_ore - carried_ore,
                "explanation": explanations.get(line["line"]),
            }
        )
    return deviations


def _explanations(books: Books) -> Mapping[str, str]:
    submitted = [word for word in books.words if word["year"] == books.year and word["state"] == "submitted"]
    return submitted[-1]["explanations"] if submitted else {}
