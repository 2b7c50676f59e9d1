"""The shapes of a plan's budget."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from services.funding.domain import accounts, rows


class BudgetSum(BaseModel):
    """What is budgeted, spent and left under one heading; below zero is an overrun."""

    name: str
    budget_ore: int
    spent_ore: int
    remaining_ore: int


class BudgetLineSpending(BaseModel):
    """A line of the budget: as first approved, as it stands, what is spent on it and what is left."""

    line: str
    effort_area: str
    cost_type: str
    year: int
    first_ore: int
    budget_ore: int
    spent_ore: int
    remaining_ore: int
    overrun: bool


class BudgetVersion(BaseModel):
    """A version of the budget, by what it changed."""

    version: int
    kind: str
    approval_reference: str
    approved_on: date
    changes: dict[str, int]


class Budget(BaseModel):
    """A plan's budget; `committed_ore` is the agreed financing in money that it is held to."""

    plan: str
    version: int
    committed_ore: int
    budget_ore: int
    spent_ore: int
    remaining_ore: int
    lines: list[BudgetLineSpending]
    effort_areas: list[BudgetSum]
    cost_types: list[BudgetSum]
    years: list[BudgetSum]
    versions: list[BudgetVersion]

    @classmethod
    def of(
        cls,
        plan: rows.Plan,
        lines: Sequence[rows.BudgetLine],
        versions: Sequence[rows.BudgetVersion],
        balances: Mapping[str, int],
    ) -> "Budget":
        """Make the shape from the rows and the balance of each account."""
        first: dict[str, int] = {}
        for version in versions:
            for name, change_ore in version.changes.items():
                first.setdefault(name, change_ore)
        spent = {line.line: balances.get(accounts.expenses(line.line), 0) for line in lines}
        return cls(
            plan=plan.plan,
            version=plan.budget_version,
            committed_ore=plan.agreed_ore,
            budget_ore=sum(line.amount_ore for line in lines),
            spent_ore=plan.spent_ore,
            remaining_ore=sum(line.amount_ore for line in lines) - plan.spent_ore,
            lines=[_budget_line(line, first.get(line.line, 0), spent[line.line]) for line in lines],
            effort_areas=_sums((line.effort_area, line.amount_ore, spent[line.line]) for line in lines),
            cost_types=_sums((line.cost_type, line.amount_ore, spent[line.line]) for line in lines),
            years=_sums((str(line.year), line.amount_ore, spent[line.line]) for line in lines),
            versions=[
                BudgetVersion(
                    version=version.version,
                    kind=version.kind,
                    approval_reference=version.approval_reference,
                    approved_on=version.approved_on,
                    changes=dict(version.changes),
                )
                for version in versions
            ],
        )


def _budget_line(line: rows.BudgetLine, first_ore: int, spent_ore: int) -> BudgetLineSpending:
    return BudgetLineSpending(
        line=line.line,
        effort_area=line.effort_area,
        cost_type=line.cost_type,
        year=line.year,
        first_ore=first_ore,
        budget_ore=line.amount_ore,
        spent_ore=spent_ore,
        remaining_ore=line.amount_ore - spent_ore,
        overrun=spent_ore > line.amount_ore,
    )


def _sums(lines: Iterable[tuple[str, int, int]]) -> list[BudgetSum]:
    sums: dict[str, tuple[int, int]] = {}
    for name, budget_ore, spent_ore in lines:
        before = sums.get(name, (0, 0))
        sums[name] = before[0] + budget_ore, before[1] + spent_ore
    return [
        BudgetSum(name=name, budget_ore=budget_ore, spent_ore=spent_ore, remaining_ore=budget_ore - spent_ore)
        for name, (budget_ore, spent_ore) in sorted(sums.items())
    ]
