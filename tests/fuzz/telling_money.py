"""How funding's and reporting's events are told, each so that it is accepted: promises, budgets, expenses, context."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from tests.fuzz.plans import Commitment, Line, Plan
from tests.fuzz.telling import LAST_DAY, First, Impossible, Teller, Told
from tests.fuzz.telling_registry import area_registered
from tests.support.builders import Json

MOST_COMMITMENTS: Final = 6
MOST_EXPENSES: Final = 40
EXPENSES_OF_A_STATEMENT: Final = 2
LOCAL_ORE: Final = (25_000_001, 40_000_003, 99_999_999)
COST_TYPES: Final = ("wages", "activities", "administration", "evaluation", "other")
INDICATORS: Final = ("outside_work_or_education_pct", "convicted_pct", "only_primary_school_pct", "income_pct")
FUND: Final = "landsbyggefonden"


def funding_committed(teller: Teller) -> Told:
    """Promise money: the local funders first, the fund at most twice of what they give."""
    plan = teller.one_of(plan for plan in _with_open_years(teller) if len(plan.commitments) < MOST_COMMITMENTS)
    by_kind: dict[str, int] = {}
    for item in plan.commitments.values():
        by_kind[item.kind] = by_kind.get(item.kind, 0) + item.amount_ore
    local_ore = by_kind.get("municipality", 0) + by_kind.get("housing_organisation", 0)
    room_ore = 2 * local_ore - by_kind.get(FUND, 0)
    if not local_ore:
        kind, amount_ore = "municipality", teller.dice.choice(LOCAL_ORE)
    elif room_ore > 1_000 and teller.chance(0.6):
        kind, amount_ore = FUND, teller.dice.randint(1_000, room_ore)
    else:
        kind = teller.dice.choice(("municipality", "housing_organisation", "foundation", "other"))
        amount_ore = teller.dice.choice(LOCAL_ORE)
    in_kind = bool(local_ore) and kind != FUND and teller.chance(0.2)
    data: Json = {"commitment": teller.name("tilsagn"), "plan": plan.name, "funder": kind.replace("_", "-")}
    data |= {"funder_kind": kind, "amount_ore": amount_ore, "in_kind": in_kind, "reference": "LBF 2023-1"}
    # What the network states itself is confirmed at once.
    return Told("funding.committed", teller.dice.choice(plan.areas), {**data, "date": _open_day(teller, plan)})


def funding_confirmed(teller: Teller) -> Told:
    """Confirm what an area has stated."""
    _, name, item = _commitment(teller, lambda item: not item.is_confirmed)
    data = {"commitment": name, "amount_ore": item.amount_ore, "date": LAST_DAY.isoformat()}
    return Told("funding.confirmed", None, {**data, "reference": "Tilsagnsbrev"})


def funding_released(teller: Teller) -> Told:
    """Release a part of what is promised."""
    plan, name, item = _commitment(teller, lambda item: item.released_ore < item.amount_ore)
    data = {"amount_ore": _some_of(teller, item.amount_ore - item.released_ore), "date": _open_day(teller, plan)}
    return _of(teller, "funding.released", plan, name, **data, reference="Frigivelse 1")


def funding_received(teller: Teller) -> Told:
    """Receive a part of what is released, or of what the fund has promised."""

    def room_ore(item: Commitment) -> int:
        return (item.amount_ore if item.kind == FUND else item.released_ore) - item.received_ore

    try:
        plan, name, item = _commitment(teller, lambda item: room_ore(item) > 0)
    except Impossible:
        raise First(funding_released(teller)) from None
    data = {"receipt": teller.name("rate"), "amount_ore": _some_of(teller, room_ore(item))}
    return _of(teller, "funding.received", plan, name, **data, date=_open_day(teller, plan))


def funding_withheld(teller: Teller) -> Told:
    """Hold back."""
    plan, name, _ = _commitment(teller, lambda item: not item.is_withheld)
    return _of(teller, "funding.withheld", plan, name, date=teller.day(plan.start, plan.end), reason="Mangler")


def funding_resumed(teller: Teller) -> Told:
    """Pay again."""
    plan, name, _ = _commitment(teller, lambda item: item.is_withheld)
    return _of(teller, "funding.resumed", plan, name, date=LAST_DAY.isoformat(), reason="Modtaget")


def budget_approved(teller: Teller) -> Told:
    """Approve a budget of the whole financing, anew where it has grown; what is locked or defined stays as it is."""
    plans = [plan for plan in _with_open_years(teller) if plan.agreed_ore]
    if not plans:
        raise First(funding_committed(teller))
    plan = teller.one_of(plans)
    pool = teller.world.pools[plan.pool]
    lines = {
        name: {**line.definition, "amount_ore": line.amount_ore}
        for name, line in plan.lines.items()
        if line.amount_ore or line.spent_ore
    }
    first_open = next(year for year in plan.years if plan.is_open(year))
    for name in plan.used_lines - lines.keys():
        new = {"line": name, "effort_area": pool[0], "cost_type": "other", "year": first_open, "amount_ore": 1}
        lines[name] = {**new, **(plan.lines[name].definition if name in plan.lines else {}), "amount_ore": 1}
    for year in plan.years:
        if plan.is_open(year):
            for cost_type in COST_TYPES[:2]:
                name = f"{cost_type}-{year}"
                known = plan.lines.get(name)
                new = {"line": name, "effort_area": teller.one_of(pool), "cost_type": cost_type, "year": year}
                lines.setdefault(name, {**(known.definition if known else new), "amount_ore": 1})
    given = [line for line in lines.values() if plan.is_open(line["year"])]
    left_ore = plan.agreed_ore - sum(line["amount_ore"] for line in lines.values() if line not in given)
    part_ore = left_ore // max(1, len(given))
    if part_ore < 1:
        raise Impossible
    for line in given:
        line["amount_ore"] = part_ore
    given[-1]["amount_ore"] += left_ore - part_ore * len(given)
    if any(line["amount_ore"] < 1 for line in lines.values()):
        # All of it was moved elsewhere before its year was locked.
        raise Impossible
    data = {"plan": plan.name, "lines": list(lines.values()), "approval_reference": "Bestyrelsen 2023-3"}
    return Told("budget.approved", teller.speaker(plan.areas), data)


def budget_revised(teller: Teller) -> Told:
    """Move money between lines, or forward."""
    plans = [plan for plan in _with_open_years(teller) if plan.has_budget]
    if not plans:
        raise First(budget_approved(teller))
    plan = teller.one_of(plans)
    return _carry_forward(teller, plan) if teller.chance(0.5) else _reallocation(teller, plan)


def _reallocation(teller: Teller, plan: Plan) -> Told:
    open_lines = {name: line for name, line in plan.lines.items() if plan.is_open(line.year)}
    giver = teller.one_of(name for name, line in open_lines.items() if line.amount_ore > 1)
    taker = teller.one_of(name for name in open_lines if name != giver)
    amount_ore = _some_of(teller, open_lines[giver].amount_ore)
    changes = [{"line": giver, "amount_ore": -amount_ore}, {"line": taker, "amount_ore": amount_ore}]
    return _revision(teller, plan, "reallocation", changes)


def _carry_forward(teller: Teller, plan: Plan) -> Told:
    def left_ore(line: Line) -> int:
        return line.amount_ore - line.spent_ore

    pairs = [
        (giver, taker)
        for giver, line in plan.lines.items()
        for taker, later in plan.lines.items()
        if line.year < later.year and left_ore(line) > 1 and plan.is_open(later.year)
    ]
    giver, taker = teller.one_of(pairs)
    amount_ore = _some_of(teller, left_ore(plan.lines[giver]))
    changes = [{"line": taker, "amount_ore": amount_ore}]
    # Without a word of where it comes from, the ledger finds it.
    if teller.chance(0.7):
        changes.append({"line": giver, "amount_ore": -amount_ore})
    return _revision(teller, plan, "carry_forward", changes)


def _revision(teller: Teller, plan: Plan, kind: str, changes: list[dict[str, object]]) -> Told:
    data = {"plan": plan.name, "kind": kind, "changes": changes, "approval_reference": "Bestyrelsen 2024-1"}
    return Told("budget.revised", teller.speaker(plan.areas), data)


def expense_booked(teller: Teller) -> Told:
    """Book an expense in an open year."""
    plans = [plan for plan in _with_open_years(teller) if plan.agreed_ore > plan.spent_ore]
    if not plans:
        raise First(funding_committed(teller))
    return _expense(teller, teller.one_of(plan for plan in plans if len(plan.expenses) < MOST_EXPENSES))


def _expense(teller: Teller, plan: Plan) -> Told:
    left_ore = plan.agreed_ore - plan.spent_ore
    if left_ore < 1:
        raise Impossible
    amount_ore = _some_of(teller, min(left_ore, 3_000_000))
    activities = [each.name for each in teller.world.activities_of(plan.name)]
    area = teller.one_of(plan.areas)
    data = {
        "expense": teller.name("udgift"),
        "plan": plan.name,
        "area": area,
        "line": teller.one_of(plan.lines) if plan.has_budget else "loen",
        "amount_ore": amount_ore,
        "incurred_on": _open_day(teller, plan),
        "voucher": f"B-{teller.told}",
        "text": teller.title(),
    }
    if activities and teller.chance(0.3):
        data["activity"] = teller.one_of(activities)
    paying = [name for name, item in plan.commitments.items() if not item.is_in_kind]
    if teller.chance(0.2):
        data["shares"] = {teller.one_of(paying): amount_ore}
    return Told("expense.booked", None if teller.chance(0.2) else area, data)


def expense_reversed(teller: Teller) -> Told:
    """Take an expense back."""
    plans = [plan for plan in teller.world.plans.values() if plan.expenses and not plan.is_closed]
    if not plans:
        raise First(expense_booked(teller))
    expense = teller.one_of(teller.one_of(plans).expenses)
    data = {"expense": expense, "reversal": f"{expense}-retur", "date": LAST_DAY.isoformat(), "reason": "Forkert linje"}
    return Told("expense.reversed", None, data)


def statement_submitted(teller: Teller) -> Told:
    """Hand in the first open year of a short plan that has a budget and expenses, and of the long one its first."""
    plan = teller.one_of(plan for plan in _with_open_years(teller) if plan.end < LAST_DAY or not plan.statements)
    year = next(year for year in plan.years if plan.is_open(year))
    if plan.end < LAST_DAY and len(plan.expenses) < EXPENSES_OF_A_STATEMENT:
        raise First(funding_committed(teller) if not plan.agreed_ore else _expense(teller, plan))
    lines = [name for name, line in plan.lines.items() if line.year == year][:2]
    data = {"plan": plan.name, "year": year, "auditor_reference": "Revisor 14", "remarks": teller.title()}
    if lines:
        data["explanations"] = [{"line": name, "text": teller.title()} for name in lines]
    return Told("statement.submitted", teller.speaker(plan.areas), data)


def statement_returned(teller: Teller) -> Told:
    """Send back a statement on which no later one rests."""
    plan, year = _submitted(teller, last_only=True)
    return Told("statement.returned", None, {"plan": plan.name, "year": year, "remarks": "Underskrift mangler"})


def statement_accepted(teller: Teller) -> Told:
    """Accept a statement."""
    plan, year = _submitted(teller, last_only=False)
    return Told("statement.accepted", None, {"plan": plan.name, "year": year, "auditor_reference": "Revisor 15"})


def context_imported(teller: Teller) -> Told:
    """Import a figure about an area."""
    if not teller.world.areas:
        raise First(area_registered(teller))
    area = teller.one_of(teller.world.areas)
    day = date(teller.dice.randint(2020, 2026), 1, 1).isoformat()
    data = {
        "area": area,
        "indicator": teller.dice.choice(INDICATORS),
        "value": teller.dice.choice((0, 12.5, 58.4, 100)),
    }
    return Told("context.imported", teller.speaker([area]), {**data, "date": day, "source": "Områdelisten"})


def _with_open_years(teller: Teller) -> list[Plan]:
    plans = teller.world.plans.values()
    return [
        plan
        for plan in plans
        if plan.is_agreed
        and not plan.is_closed
        and any(map(plan.is_open, range(plan.start.year, _last_year(plan) + 1)))
    ]


def _last_year(plan: Plan) -> int:
    return min(plan.end, LAST_DAY).year


def _open_day(teller: Teller, plan: Plan) -> str:
    """Give a day inside a plan, in a year that takes bookings."""
    year = teller.one_of(year for year in plan.years if plan.is_open(year) and year <= _last_year(plan))
    first, last = max(plan.start, date(year, 1, 1)), min(plan.end, date(year, 12, 31))
    return teller.day(first, max(first, last - timedelta(days=1)))


def _commitment(teller: Teller, is_wanted: Callable[[Commitment], bool]) -> tuple[Plan, str, Commitment]:
    plans = _with_open_years(teller)
    if not any(plan.commitments for plan in plans):
        raise First(funding_committed(teller))
    return teller.one_of(
        (plan, name, item)
        for plan in plans
        for name, item in plan.commitments.items()
        if not item.is_in_kind and is_wanted(item)
    )


def _submitted(teller: Teller, *, last_only: bool) -> tuple[Plan, int]:
    found = [
        (plan, year)
        for plan in teller.world.plans.values()
        for year, word in plan.statements.items()
        if word == "submitted"
        and not (last_only and any(not plan.is_open(later) for later in plan.years if later > year))
    ]
    if not found:
        raise First(statement_submitted(teller))
    return teller.one_of(found)


def _some_of(teller: Teller, whole_ore: int) -> int:
    """Give a part of an amount, often an odd one."""
    return max(1, teller.dice.choice((whole_ore, whole_ore // 3, whole_ore // 10 + 1, min(whole_ore, 12_345))))


def _of(teller: Teller, kind: str, plan: Plan, commitment: str, /, **data: object) -> Told:
    return Told(kind, teller.speaker(plan.areas), {"commitment": commitment, **data})


MONEY: Final[Mapping[str, Callable[[Teller], Told]]] = {
    told.__name__.replace("_", "."): told
    for told in (
        funding_committed,
        funding_confirmed,
        funding_released,
        funding_received,
        funding_withheld,
        funding_resumed,
        budget_approved,
        budget_revised,
        expense_booked,
        expense_reversed,
        statement_submitted,
        statement_returned,
        statement_accepted,
        context_imported,
    )
}
