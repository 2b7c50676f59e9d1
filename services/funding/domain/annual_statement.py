"""A plan's annual statement, put together from its ledger. Pure: the same entries give the same statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.funding.domain import accounts
from services.funding.domain.financing import Gauge, received_between
from services.funding.domain.rows import BudgetLine, BudgetVersion, Commitment, Expense, Plan, Receipt, Statement
from shared.law import STATEMENT_DUE

# The day of the following year by which a statement is to be handed in: month and day.
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Movement:
    """An account in a span of days: what stood on it before, what came to it and what went from it."""

    account: str
    opening_ore: int
    came_ore: int
    went_ore: int

    @property
    def net_ore(self) -> int:
        """Give by how much the span raised the account."""
        return self.came_ore - self.went_ore


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a statement is made from, as one snapshot of the ledger."""

    plan: Plan
    movements: Sequence[Movement]
    commitments: Sequence[Commitment]
    receipts: Sequence[Receipt]
    expenses: Sequence[Expense]
    lines: Sequence[BudgetLine]
    versions: Sequence[BudgetVersion]
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent in the year on one kind of cost in one effort area; both are null before there is a budget."""

    effort_area: str | None
    cost_type: str | None
    amount_ore: int


@dataclass(frozen=True, slots=True)
class Funding:
    """A funder's part of the year, and its regulation account: opening, plus received, less carried, is closing."""

    commitment: str
    funder: str
    funder_kind: str
    opening_ore: int
    received_ore: int
    carried_ore: int
    closing_ore: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of the year's lines of the budget."""

    version: int
    kind: str
    approval_reference: str
    approved_on: date
    changes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A line against its budget: what is left of it after spending and what was carried forward; below zero is over."""

    line: str
    effort_area: str
    cost_type: str
    year: int
    budget_ore: int
    spent_ore: int
    carried_forward_ore: int
    left_ore: int
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Voucher:
    """An expense of the year, or one taken back in it, which stands below zero."""

    booked_on: date
    voucher: str
    expense: str
    text: str
    line: str
    area: str
    amount_ore: int
    reversal: str | None


@dataclass(frozen=True, slots=True)
class ReceivedInstalment:
    """An instalment that came in, as the statement tells of it: by its fields' names, where a row is a tuple."""

    receipt: str
    commitment: str
    amount_ore: int
    received_on: date
    reference: str | None


@dataclass(frozen=True, slots=True)
class AnnualStatement:
    """The statement of a plan's year. All that was before the plan's first year belongs to it."""

    plan: str
    year: int
    status: str
    due_on: date
    days_left: int | None
    submitted_on: date | None
    decided_on: date | None
    auditor_reference: str | None
    remarks: str | None
    opening_bank_ore: int
    received_ore: int
    spent_ore: int
    closing_bank_ore: int
    local_share_pct: float | None
    local_share_to_date_pct: float | None
    instalments: Sequence[ReceivedInstalment]
    costs: Sequence[Cost]
    financing: Sequence[Funding]
    reallocations: Sequence[Revision]
    carry_forwards: Sequence[Revision]
    deviations: Sequence[Deviation]
    vouchers: Sequence[Voucher]


def first_and_last_day(plan: Plan, year: int) -> tuple[date, date]:
    """Give the days of a year's statement; the plan's first year begins with all that was before it."""
    first_day = date.min if year == plan.start_on.year else date(year, 1, 1)
    return first_day, date(year, 12, 31)


def draw_up(sources: Sources, year: int, today: date) -> AnnualStatement:
    """Draw up the statement of a year as the ledger stands; `days_left` counts to the day on which it is due."""
    plan, statement = sources.plan, sources.statement
    first_day, last_day = first_and_last_day(plan, year)
    by_account = {movement.account: movement for movement in sources.movements}
    receipts = received_between(sources.receipts, first_day, last_day)
    bank = by_account.get(accounts.BANK, Movement(accounts.BANK, 0, 0, 0))
    financing = _financing(sources.commitments, by_account, receipts)
    status = statement.status if statement else OPEN
    due_on = date(year + 1, *STATEMENT_DUE)
    handed_in = status in {"submitted", "accepted"}
    return AnnualStatement(
        plan=plan.plan,
        year=year,
        status=status,
        due_on=due_on,
        days_left=None if handed_in else (due_on - today).days,
        submitted_on=statement.submitted_on if statement else None,
        decided_on=statement.decided_on if statement else None,
        auditor_reference=statement.auditor_reference if statement else None,
        remarks=statement.remarks if statement else None,
        opening_bank_ore=bank.opening_ore,
        received_ore=sum(row.amount_ore for row in receipts),
        spent_ore=sum(row.carried_ore for row in financing),
        closing_bank_ore=bank.opening_ore + bank.net_ore,
        local_share_pct=Gauge.of((row.funder_kind, row.carried_ore) for row in financing).local_share_pct,
        local_share_to_date_pct=_to_date(sources.commitments, by_account).local_share_pct,
        instalments=[ReceivedInstalment(**receipt._asdict()) for receipt in receipts],
        costs=_costs(by_account, sources.lines),
        financing=financing,
        reallocations=_revisions(sources, year, "reallocation"),
        carry_forwards=_revisions(sources, year, "carry_forward"),
        deviations=_deviations(sources, by_account, year),
        vouchers=_vouchers(sources.expenses, first_day, last_day),
    )


def _financing(
    commitments: Iterable[Commitment], by_account: Mapping[str, Movement], receipts: Sequence[Receipt]
) -> list[Funding]:
    rows = []
    for item in commitments:
        if item.in_kind:
            continue
        name = item.commitment
        account = by_account.get(accounts.regulation(name), Movement("", 0, 0, 0))
        income = by_account.get(accounts.income(name), Movement("", 0, 0, 0))
        received_ore = sum(row.amount_ore for row in receipts if row.commitment == name)
        # The account is a liability and stands below zero when money is left; a reader expects it the other way round.
        opening_ore, closing_ore = -account.opening_ore, -account.opening_ore - account.net_ore
        rows.append(
            Funding(
                commitment=name,
                funder=item.funder,
                funder_kind=item.funder_kind,
                opening_ore=opening_ore,
                received_ore=received_ore,
                carried_ore=-income.net_ore,
                closing_ore=closing_ore,
            )
        )
    return rows


def _to_date(commitments: Iterable[Commitment], by_account: Mapping[str, Movement]) -> Gauge:
    """Give who carried what from the plan's beginning to the year's end."""
    none = Movement("", 0, 0, 0)
    standing = ((row, by_account.get(accounts.income(row.commitment), none)) for row in commitments)
    return Gauge.of((row.funder_kind, -income.opening_ore - income.net_ore) for row, income in standing)


def _costs(by_account: Mapping[str, Movement], lines: Iterable[BudgetLine]) -> list[Cost]:
    kinds = {line.line: (line.effort_area, line.cost_type) for line in lines}
    costs: dict[tuple[str | None, str | None], int] = {}
    for name, movement in by_account.items():
        group, line = accounts.split_name(name)
        if group == "expenses":
            kind = kinds.get(line, (None, None))
            costs[kind] = costs.get(kind, 0) + movement.net_ore
    ordered = sorted(costs.items(), key=lambda item: (item[0][0] or "", item[0][1] or ""))
    return [Cost(effort_area, cost_type, amount_ore) for (effort_area, cost_type), amount_ore in ordered if amount_ore]


def _revisions(sources: Sources, year: int, kind: str) -> list[Revision]:
    of_year = {line.line for line in sources.lines if line.year == year}
    revisions = []
    for version in sources.versions:
        changes = {name: amount_ore for name, amount_ore in version.changes.items() if name in of_year}
        if version.kind == kind and changes:
            revisions.append(Revision(version.version, kind, version.approval_reference, version.approved_on, changes))
    return revisions


def _deviations(sources: Sources, by_account: Mapping[str, Movement], year: int) -> list[Deviation]:
    """Compare each line of the year, and each other line that the year spent on, with its budget."""
    explanations = sources.statement.explanations if sources.statement else {}
    carried: dict[str, int] = {}
    for version in sources.versions:
        if version.kind == "carry_forward":
            for name, amount_ore in version.changes.items():
                carried[name] = carried.get(name, 0) - min(amount_ore, 0)
    deviations = []
    for line in sorted(sources.lines, key=lambda line: (line.effort_area, line.cost_type, line.line)):
        movement = by_account.get(accounts.expenses(line.line))
        spent_ore = movement.net_ore if movement else 0
        if line.year != year and not spent_ore:
            continue
        carried_ore = carried.get(line.line, 0) if line.year == year else 0
        budget_ore = line.amount_ore + carried_ore if line.year == year else 0
        deviations.append(
            Deviation(
                line.line,
                line.effort_area,
                line.cost_type,
                line.year,
                budget_ore,
                spent_ore,
                carried_ore,
                budget_ore - spent_ore - carried_ore,
                explanations.get(line.line),
            )
        )
    return deviations


def _vouchers(expenses: Iterable[Expense], first_day: date, last_day: date) -> list[Voucher]:
    vouchers = []
    for row in expenses:
        if first_day <= row.incurred_on <= last_day:
            vouchers.append(_voucher(row, row.incurred_on, row.amount_ore, None))
        if row.reversed_on is not None and first_day <= row.reversed_on <= last_day:
            vouchers.append(_voucher(row, row.reversed_on, -row.amount_ore, row.reversal))
    return sorted(vouchers, key=lambda row: (row.booked_on, row.voucher, row.expense, row.amount_ore < 0))


def _voucher(row: Expense, day: date, amount_ore: int, reversal: str | None) -> Voucher:
    return Voucher(day, row.voucher, row.expense, row.text, row.line, row.area, amount_ore, reversal)
