"""Funding's events as a sender would write them, with readable defaults; the plan is that of `builders`."""

from typing import Any

from tests.support.builders import AREA, PLAN, Json, a_commitment, an_event

LBF, MUNICIPALITY, HOUSING = "tilsagn-lbf", "tilsagn-kommune", "tilsagn-bolig"
WAGES, ACTIVITIES, WAGES_LATER = "loen-2025", "aktiviteter-2025", "loen-2026"


def three_commitments(total_ore: int = 1_000_000) -> list[Json]:
    """Landsbyggefonden promises 75 %, municipality and housing organisation an eighth each."""
    return [
        a_commitment(LBF, amount_ore=total_ore * 6 // 8),
        a_commitment(MUNICIPALITY, funder="kommune", funder_kind="municipality", amount_ore=total_ore // 8),
        a_commitment(HOUSING, funder="bolig", funder_kind="housing_organisation", amount_ore=total_ore // 8),
    ]


def a_release(commitment: str = MUNICIPALITY, amount_ore: int = 1, date: str = "2025-08-20") -> Json:
    """A part of a commitment may be drawn."""
    return an_event("funding.released", {"commitment": commitment, "amount_ore": amount_ore, "date": date})


def a_receipt(commitment: str = LBF, amount_ore: int = 1, receipt: str = "rate-1", *, date: str = "2025-09-01") -> Json:
    """An instalment comes in."""
    data = {"commitment": commitment, "receipt": receipt, "amount_ore": amount_ore, "date": date}
    return an_event("funding.received", data)


def a_withholding(commitment: str = LBF, date: str = "2025-10-01") -> Json:
    """A funder holds back what it owes."""
    data = {"commitment": commitment, "date": date, "reason": "Årsopgørelsen mangler"}
    return an_event("funding.withheld", data)


def a_resumption(commitment: str = LBF, date: str = "2025-10-15") -> Json:
    """A funder pays again."""
    return an_event("funding.resumed", {"commitment": commitment, "date": date})


def a_confirmation(commitment: str = LBF, amount_ore: int = 750_000, date: str = "2025-08-10") -> Json:
    """The network confirms what an area has stated."""
    data = {"commitment": commitment, "amount_ore": amount_ore, "date": date, "reference": "Tilsagnsbrev"}
    return an_event("funding.confirmed", data, source="/network")


def a_line(line: str = WAGES, amount_ore: int = 600_000, **changes: Any) -> Json:
    """One line of a budget."""
    return {
        "line": line,
        "effort_area": "beskaeftigelse",
        "cost_type": "wages",
        "year": 2025,
        "amount_ore": amount_ore,
        **changes,
    }


def three_lines() -> list[Json]:
    """Lines of 1,000,000 øre in all: wages in two years, activities in one."""
    return [
        a_line(),
        a_line(ACTIVITIES, 300_000, cost_type="activities", effort_area="kriminalitetsforebyggelse"),
        a_line(WAGES_LATER, 100_000, year=2026),
    ]


def a_budget(lines: list[Json] | None = None) -> Json:
    """A plan's budget is approved."""
    data = {"plan": PLAN, "lines": lines or three_lines(), "approval_reference": "Bestyrelsen 2025-3"}
    return an_event("budget.approved", data)


def a_revision(kind: str = "reallocation", **changes: int) -> Json:
    """Money moves between lines, named with underscores for hyphens: `a_revision(loen_2025=-5, loen_2026=5)`."""
    listed = [{"line": name.replace("_", "-"), "amount_ore": amount_ore} for name, amount_ore in changes.items()]
    data = {"plan": PLAN, "kind": kind, "changes": listed, "approval_reference": "Bestyrelsen 2025-7"}
    return an_event("budget.revised", data)


def a_reversal(expense: str = "udgift-1", *, date: str = "2025-11-03", **changes: Any) -> Json:
    """The area takes an expense back."""
    data = {"expense": expense, "reversal": f"retur-{expense}", "date": date, "reason": "Forkert bilag", **changes}
    return an_event("expense.reversed", data, source=f"/areas/{AREA}")


def a_statement(word: str, year: int = 2025, **changes: Any) -> Json:
    """A statement is submitted, returned or accepted."""
    return an_event(f"statement.{word}", {"plan": PLAN, "year": year, **changes})
