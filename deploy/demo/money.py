"""The money of the demo's plans: what is promised, paid and held back, budgeted, spent, corrected and accounted for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from deploy.demo.story import NETWORK, Dice, Story, Table, at, last_day_of, months, source_of

ORE: Final = 100
CARRIED_PERCENT: Final = 70
# What is carried forward is said in whole thousands of kroner.
CARRIED_STEP_ORE: Final = 1_000 * ORE


@dataclass(frozen=True)
class Cost:
    """Something that was paid for; the line without its year."""

    day: date
    line: str
    text: str
    amount_ore: int
    activity: str | None = None

    @property
    def budget_line(self) -> str:
        """Give the line of the budget: each year has its own."""
        return f"{self.line}-{self.day.year}"


def tell_commitments(story: Story, area: Table) -> None:
    """Tell who finances the plan, what the network confirmed of it, what came in, and what was held back for a time."""
    source = source_of(area)
    for item in area["commitment"]:
        name = item["commitment"]
        data = {"plan": area["plan"], **{key: item[key] for key in ("funder", "funder_kind", "reference", "date")}}
        data = {"commitment": name, **data, "amount_ore": item["amount"] * ORE}
        story.tell(source, "funding.committed", name, at(item["date"], 13), data)
        if item["confirmed"]:
            day, reference = item["confirmed"]
            data = {"commitment": name, "amount_ore": item["amount"] * ORE, "date": day, "reference": reference}
            story.tell(NETWORK, "funding.confirmed", name, at(day, 14), data)
        for place, (day, amount) in enumerate(item["releases"], start=1):
            data = {"commitment": name, "amount_ore": amount * ORE, "date": day}
            story.tell(source, "funding.released", f"{name}-{place}", at(day, 10), data)
        for place, (day, amount) in enumerate(item["receipts"], start=1):
            data = {"commitment": name, "receipt": f"{name}-rate-{place}", "amount_ore": amount * ORE, "date": day}
            story.tell(source, "funding.received", f"{name}-{place}", at(day + timedelta(1), 9), data)
        for happened in ("withheld", "resumed"):
            for day, reason in item.get(happened, ()):
                data = {"commitment": name, "date": day, "reason": reason}
                story.tell(source, f"funding.{happened}", f"{name}-{day.isoformat()}", at(day, 8), data)


def costs_of_plan(scenario: Table, area: Table) -> Iterator[Cost]:
    """Give the plan's own costs: wages and running costs by month but for vacancies, and what comes once."""
    # Kroner times per cent are øre.
    dice = Dice(scenario["seed"], area["area"], "plan")
    for item in scenario["monthly"]:
        for day in months(scenario):
            amount_ore = dice.about(item["amount"] * area["scale_percent"])
            if not any(item["line"] == line and first <= day <= last for line, first, last in area["vacant"]):
                yield Cost(day, item["line"], item["text"], amount_ore)
    for item in scenario["single"]:
        amount_ore = dice.about(item["amount"] * area["scale_percent"])
        yield Cost(item["date"], item["line"], item["text"], amount_ore)


def costs_of_activity(scenario: Table, area: Table, activity: Table, held: Sequence[date]) -> Iterator[Cost]:
    """Give what an activity costs in each month in which it met."""
    slug = f"{area['area']}-{activity['kind']}"
    dice = Dice(scenario["seed"], slug, "costs")
    met = {(day.year, day.month) for day in held}
    for line, text, low, high in activity.get("costs", ()):
        for day in months(scenario):
            if (day.year, day.month) in met:
                # An activity that has ended pays no more after its last day.
                paid_on = min(day, last_day_of(activity))
                amount_ore = dice.whole(low * area["scale_percent"], high * area["scale_percent"])
                yield Cost(paid_on, line, text, amount_ore, slug)


def tell_money(story: Story, area: Table, costs: Iterable[Cost]) -> None:
    """Tell the plan's budget, its expenses in the order in which they came, and its annual statements."""
    ordered = sorted(costs, key=lambda cost: (cost.day, cost.line, cost.text))
    spent_ore = _tell_expenses(story, area, ordered)
    budget_ore: dict[str, int] = {}
    for day, reference in area["budget_approved"]:
        budget_ore = _tell_budget(story, area, day, reference)
    _tell_revisions(story, area, budget_ore, spent_ore)
    for statement in area["statement"]:
        _tell_statement(story, area, statement)


def _tell_expenses(story: Story, area: Table, costs: Sequence[Cost]) -> Counter[str]:
    """Book each cost with its voucher, and correct those that were wrong; give what is spent by line."""
    spent_ore: Counter[str] = Counter()
    corrections = {(text, month): rest for text, month, *rest in area["correction"]}
    for number, cost in enumerate(costs, start=1):
        expense = f"{area['area']}-udgift-{number:04d}"
        voucher = f"Bilag nr. {number}"
        _book(story, area, expense, voucher, cost)
        spent_ore[cost.budget_line] += cost.amount_ore
        correction = corrections.pop((cost.text, f"{cost.day:%Y-%m}"), None)
        if correction is None:
            continue
        day, reason, percent = correction
        data = {"expense": expense, "reversal": f"{expense}-retur", "date": day, "reason": reason}
        story.tell(source_of(area), "expense.reversed", expense, at(day, 14), data)
        right = Cost(day, cost.line, f"{cost.text}, rettet", cost.amount_ore * percent // 100, cost.activity)
        _book(story, area, f"{expense}-rettet", f"{voucher}, rettet", right)
        # What came back after its year was closed was not there when that year's remainder was carried forward.
        spent_ore[cost.budget_line] -= cost.amount_ore if day.year == cost.day.year else 0
        spent_ore[right.budget_line] += right.amount_ore
    if corrections:
        raise ValueError(f"nothing was booked that could be corrected: {sorted(corrections)}")
    return spent_ore


def _book(story: Story, area: Table, expense: str, voucher: str, cost: Cost) -> None:
    data: Table = {
        "expense": expense,
        "plan": area["plan"],
        "area": area["area"],
        "line": cost.budget_line,
        "amount_ore": cost.amount_ore,
        "incurred_on": cost.day,
        "voucher": voucher,
        "text": cost.text,
    }
    if cost.activity is not None:
        data["activity"] = cost.activity
    story.tell(source_of(area), "expense.booked", expense, at(cost.day + timedelta(3), 15), data)


def _tell_budget(story: Story, area: Table, day: date, reference: str) -> dict[str, int]:
    """Tell the budget of all that is promised by a day, by line and year, and give its lines."""
    scenario = story.scenario
    total = sum(item["amount"] for item in area["commitment"] if item["date"] <= day)
    weights = {
        f"{line['line']}-{year}": (line, year, line["per_mille"] * count)
        for year, count in _months_by_year(scenario).items()
        for line in scenario["budget_line"]
    }
    whole = sum(weight for _, _, weight in weights.values())
    lines: list[Table] = []
    passed = 0
    for name, (line, year, weight) in weights.items():
        # The difference of two rounded sums: so that the lines add up to the whole.
        amount = total * (passed + weight) // whole - total * passed // whole
        passed += weight
        kind = {"effort_area": line["effort_area"], "cost_type": line["cost_type"]}
        lines.append({"line": name, **kind, "year": year, "amount_ore": amount * ORE})
    data = {"plan": area["plan"], "lines": lines, "approval_reference": reference}
    story.tell(source_of(area), "budget.approved", f"{area['plan']}-{day.isoformat()}", at(day, 16), data)
    return {line["line"]: line["amount_ore"] for line in lines}


def _months_by_year(scenario: Table) -> Counter[int]:
    """Count the plan's months in each calendar year."""
    first, last = scenario["plan_start"], scenario["plan_end"]
    return Counter(month // 12 for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month))


def _tell_revisions(story: Story, area: Table, budget_ore: dict[str, int], spent_ore: Counter[str]) -> None:
    """Tell what moved between lines, and what a year left unspent to the next."""
    revisions: dict[date, tuple[str, str, dict[str, int]]] = {}
    for day, reference, giving, taking, amount in area["reallocation"]:
        revisions[day] = ("reallocation", reference, {giving: -amount * ORE, taking: amount * ORE})
    carried = {day: (reference, year) for day, reference, year in area["carry_forward"]}
    for day in sorted({*revisions, *carried}):
        if day in carried:
            reference, year = carried[day]
            changes_ore = _left_of(year, budget_ore, spent_ore)
            revisions[day] = ("carry_forward", reference, changes_ore)
        kind, reference, changes_ore = revisions[day]
        for line, amount_ore in changes_ore.items():
            budget_ore[line] += amount_ore
        changes = [{"line": line, "amount_ore": amount_ore} for line, amount_ore in changes_ore.items()]
        data = {"plan": area["plan"], "kind": kind, "changes": changes, "approval_reference": reference}
        story.tell(source_of(area), "budget.revised", f"{area['plan']}-{day.isoformat()}", at(day, 17), data)


def _left_of(year: int, budget_ore: dict[str, int], spent_ore: Counter[str]) -> dict[str, int]:
    """Give most of what the lines of a year left, taken from them and given to the same lines of the next."""
    changes_ore: dict[str, int] = defaultdict(int)
    for line, amount_ore in budget_ore.items():
        name, _, of_year = line.rpartition("-")
        left_ore = (amount_ore - spent_ore[line]) * CARRIED_PERCENT // 100 // CARRIED_STEP_ORE * CARRIED_STEP_ORE
        if int(of_year) == year and left_ore > 0:
            changes_ore[line] -= left_ore
            changes_ore[f"{name}-{year + 1}"] += left_ore
    return dict(changes_ore)


def _tell_statement(story: Story, area: Table, statement: Table) -> None:
    """Tell where the annual statement of a year stands: handed in by the area, decided by the network."""
    key = f"{area['plan']}-{statement['year']}"
    data = {"plan": area["plan"], "year": statement["year"]}
    said = ("auditor_reference", "remarks", "explanations")
    handed_in = {**data, **{name: statement[name] for name in said if name in statement}}
    story.tell(source_of(area), "statement.submitted", key, at(statement["submitted"], 11), handed_in)
    if "accepted" in statement:
        story.tell(NETWORK, "statement.accepted", key, at(statement["accepted"], 11), data)
    if "returned" in statement:
        returned = {**data, "remarks": statement["returned_because"]}
        story.tell(NETWORK, "statement.returned", key, at(statement["returned"], 11), returned)
