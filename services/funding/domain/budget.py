"""Rules of the budget: its approval, what moves between lines, and what earlier years leave to later ones."""

from collections.abc import Mapping
from typing import Final

from services.funding.domain.accounts import account_of, expenses
from services.funding.domain.checks import plan_of
from services.funding.domain.rows import Account, BudgetLine, BudgetVersion, Plan, Pool
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import NotYetKnown, Refused
from shared.events import funding
from shared.events.envelope import CloudEvent, EventData
from shared.events.funding import BudgetApproved, BudgetRevised

APPROVED: Final = "approved"


def approve_budget(state: WorkingSet, event: CloudEvent[BudgetApproved]) -> Decision:
    """A plan gets a budget as large as its agreed financing; lines that were spent on stay in it."""
    data = event.data
    plan = plan_of(state, data.plan)
    total_ore = sum(item.amount_ore for item in data.lines)
    if total_ore != plan.agreed_ore:
        detail = f"the lines add up to {total_ore} øre, the agreed financing is {plan.agreed_ore} øre"
        raise Refused("budget_mismatch", detail, pointer="/data/lines")
    before = _lines(state, plan)
    after: dict[str, BudgetLine] = {}
    for place, item in enumerate(data.lines):
        _check_line(state, plan, item, before.get(item.line), f"/data/lines/{place}")
        after[item.line] = BudgetLine(
            plan=plan.plan,
            line=item.line,
            effort_area=item.effort_area,
            cost_type=item.cost_type,
            year=item.year,
            amount_ore=item.amount_ore,
        )
    for name in _spent_on(state, plan) - after.keys():
        raise Refused("line_missing", f"'{name}' has been spent on and must stay in the budget", pointer="/data/lines")
    # A line that is left out is kept at 0: earlier versions name it.
    after |= {name: line._replace(amount_ore=0) for name, line in before.items() if name not in after}
    changes = {
        name: line.amount_ore - (before[name].amount_ore if name in before else 0) for name, line in after.items()
    }
    for name in sorted(changes):
        if changes[name] and after[name].year in plan.locked_years:
            detail = f"'{name}' belongs to {after[name].year}, whose annual statement is handed in"
            raise Refused("year_locked", detail, pointer="/data/lines")
    return _new_version(state, event, plan, after, changes)


def revise_budget(state: WorkingSet, event: CloudEvent[BudgetRevised]) -> Decision:
    """Money moves between lines: within the budget, or what earlier years left unspent into later ones."""
    data = event.data
    plan = plan_of(state, data.plan)
    lines = _lines(state, plan)
    for place, change in enumerate(data.changes):
        if change.line not in lines:
            detail = f"the plan's budget has no line '{change.line}'"
            raise Refused("unknown_line", detail, pointer=f"/data/changes/{place}/line")
    changes = {item.line: item.amount_ore for item in data.changes}
    if data.kind == "reallocation":
        _check_reallocation(plan, lines, data)
    else:
        _check_carry_forward(state, plan, lines, data)
        changes |= _drawn(state, plan, lines, data)
    for place, change in enumerate(data.changes):
        left_ore = lines[change.line].amount_ore + change.amount_ore
        if left_ore < 0:
            detail = f"the line would stand at {left_ore} øre"
            raise Refused("line_below_zero", detail, pointer=f"/data/changes/{place}/amount_ore")
    after = {name: lines[name]._replace(amount_ore=lines[name].amount_ore + ore) for name, ore in changes.items()}
    return _new_version(state, event, plan, after, changes)


def _new_version(
    state: WorkingSet,
    event: CloudEvent[BudgetApproved] | CloudEvent[BudgetRevised],
    plan: Plan,
    after: Mapping[str, BudgetLine],
    changes: Mapping[str, int],
) -> Decision:
    """Put the changed lines and the version that changed them; name the lines that now stand below what was spent."""
    version = plan.budget_version + 1
    kind = event.data.kind if isinstance(event.data, BudgetRevised) else APPROVED
    changes = {name: amount_ore for name, amount_ore in sorted(changes.items()) if amount_ore}
    for line in after.values():
        state.put(line)
    state.put(
        BudgetVersion(
            plan=plan.plan,
            version=version,
            kind=kind,
            approval_reference=event.data.approval_reference,
            approved_on=event.time.date(),
            changes=changes,
        )
    )
    state.put(plan._replace(budget_version=version))
    warnings = tuple(
        f"line_overrun:{name}" for name in sorted(after) if after[name].amount_ore < _spent_ore(state, plan, name)
    )
    return Decision(warnings, {"version": version, "changes": changes})


def _check_line(
    state: WorkingSet, plan: Plan, item: funding.BudgetLine, before: BudgetLine | None, pointer: str
) -> None:
    pool = state.get(Pool, plan.pool)
    if pool is None:
        raise NotYetKnown("pool", plan.pool, pointer="/data/plan")
    if item.effort_area not in pool.effort_areas:
        detail = f"the pool '{plan.pool}' has no effort area '{item.effort_area}'"
        raise Refused("effort_area_not_in_pool", detail, pointer=f"{pointer}/effort_area")
    if not plan.start_on.year <= item.year <= plan.end_on.year:
        detail = f"the plan runs from {plan.start_on} to {plan.end_on}"
        raise Refused("outside_plan", detail, pointer=f"{pointer}/year")
    if before is None:
        return
    if (item.effort_area, item.cost_type, item.year) != (before.effort_area, before.cost_type, before.year):
        detail = f"'{item.line}' is {before.cost_type} of {before.effort_area} in {before.year}, and stays that"
        raise Refused("line_redefined", detail, pointer=f"{pointer}/line")


def _check_reallocation(plan: Plan, lines: Mapping[str, BudgetLine], data: BudgetRevised) -> None:
    total_ore = sum(item.amount_ore for item in data.changes)
    if total_ore != 0:
        detail = f"the changes add up to {total_ore} øre, not to 0"
        raise Refused("reallocation_unbalanced", detail, pointer="/data/changes")
    for place, change in enumerate(data.changes):
        _check_year_open(plan, lines[change.line], place)


def _check_carry_forward(state: WorkingSet, plan: Plan, lines: Mapping[str, BudgetLine], data: BudgetRevised) -> None:
    """Check that what is carried forward is there: a line gives at most what it left unspent, to a later year."""
    receivers = [lines[item.line].year for item in data.changes if item.amount_ore > 0]
    total_ore = sum(item.amount_ore for item in data.changes)
    if not receivers or total_ore < 0:
        detail = "a carry-forward gives to later years what earlier ones left"
        raise Refused("carry_forward_unbalanced", detail, pointer="/data/changes")
    for place, change in enumerate(data.changes):
        line = lines[change.line]
        if change.amount_ore > 0:
            _check_year_open(plan, line, place)
        elif line.year >= min(receivers):
            detail = f"'{line.line}' belongs to {line.year}; only an earlier year gives"
            raise Refused("carry_forward_backward", detail, pointer=f"/data/changes/{place}/line")
        else:
            over_ore = -change.amount_ore - _unspent_ore(state, plan, line)
            if over_ore > 0:
                detail = f"{over_ore} øre more than the line left unspent"
                raise Refused("over_unspent", detail, pointer=f"/data/changes/{place}/amount_ore")


def _drawn(state: WorkingSet, plan: Plan, lines: Mapping[str, BudgetLine], data: BudgetRevised) -> dict[str, int]:
    """Find, for what the sender does not say it comes from, the earlier lines that have it: oldest year first."""
    wanted_ore = sum(item.amount_ore for item in data.changes)
    first_year = min(lines[item.line].year for item in data.changes if item.amount_ore > 0)
    given = {item.line: item.amount_ore for item in data.changes if item.amount_ore < 0}
    drawn: dict[str, int] = {}
    for line in sorted(lines.values(), key=lambda line: (line.year, line.line)):
        if line.year >= first_year or not wanted_ore:
            break
        already_ore = given.get(line.line, 0)
        drawn_ore = min(wanted_ore, max(0, _unspent_ore(state, plan, line) + already_ore))
        if drawn_ore:
            drawn[line.line] = already_ore - drawn_ore
            wanted_ore -= drawn_ore
    if wanted_ore:
        detail = f"{wanted_ore} øre more than the years before {first_year} left unspent"
        raise Refused("over_unspent", detail, pointer="/data/changes")
    return drawn


def _check_year_open(plan: Plan, line: BudgetLine, place: int) -> None:
    if line.year in plan.locked_years:
        detail = f"the annual statement for {line.year} is handed in"
        raise Refused("year_locked", detail, pointer=f"/data/changes/{place}/line")


def _lines(state: WorkingSet, plan: Plan) -> dict[str, BudgetLine]:
    return {line.line: line for line in state.all(BudgetLine) if line.plan == plan.plan}


def _spent_on(state: WorkingSet, plan: Plan) -> set[str]:
    prefix = expenses("")
    return {
        account.account.removeprefix(prefix)
        for account in state.all(Account)
        if account.plan == plan.plan and account.account.startswith(prefix)
    }


def _spent_ore(state: WorkingSet, plan: Plan, line: str) -> int:
    return account_of(state, plan, expenses(line)).balance_ore


def _unspent_ore(state: WorkingSet, plan: Plan, line: BudgetLine) -> int:
    return line.amount_ore - _spent_ore(state, plan, line.line)


RULES: Final[Mapping[type[EventData], Rule]] = {
    BudgetApproved: approve_budget,
    BudgetRevised: revise_budget,
}
