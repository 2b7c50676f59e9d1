"""What a plan spent, by effort area and cost type."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, NamedTuple

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import ReportPart, key, listed, value
from services.reporting.terms import Row
from services.reporting.words import COST_TYPES, DIMENSIONS, HEADINGS
from shared.events.funding import CostType as CostTypeCode

EFFORT_AREA = key(DIMENSIONS["effort_area"])
COST_TYPE = key(HEADINGS["cost_type"], words=COST_TYPES)


class SpentOn(TypedDict):
    """What money was spent on; both are null for a line that no budget names."""

    effort_area: Annotated[str | None, EFFORT_AREA]
    cost_type: Annotated[CostTypeCode | None, COST_TYPE]


class ExpenseRow(SpentOn):
    """What was spent on one thing, in øre."""

    spent_ore: Annotated[int, value(("Forbrug til dato", "Spent to date"), "kroner")]
    in_period_ore: Annotated[int, value(("Forbrug i perioden", "Spent in the period"), "kroner")]


class Cost(NamedTuple):
    """What was spent on one thing, in øre."""

    on: SpentOn
    amount_ore: int


def costs(spent: Mapping[str, int], lines: Iterable[Row]) -> list[Cost]:
    """Add up spending by effort area and cost type; what comes to nothing is left out."""
    kinds = {line["line"]: (line["effort_area"], line["cost_type"]) for line in lines}
    sums: dict[tuple[str | None, CostTypeCode | None], int] = {}
    for line, amount_ore in spent.items():
        kind = kinds.get(line, (None, None))
        sums[kind] = sums.get(kind, 0) + amount_ore
    ordered = sorted(sums.items(), key=lambda item: (item[0][0] or "", item[0][1] or ""))
    return [
        Cost({"effort_area": effort_area, "cost_type": cost_type}, amount_ore)
        for (effort_area, cost_type), amount_ore in ordered
        if amount_ore
    ]


def expenses(source: PlanSource) -> list[ExpenseRow]:
    """Tell what was spent: until the period's end, and in the period."""
    own = source.own
    in_period = {line: ore - own.spent_before.get(line, 0) for line, ore in own.spent.items()}
    of_period = {tuple(each.on.values()): each.amount_ore for each in costs(in_period, own.lines)}
    return [
        {**each.on, "spent_ore": each.amount_ore, "in_period_ore": of_period.get(tuple(each.on.values()), 0)}
        for each in costs(own.spent, own.lines)
    ]


EXPENSES: Final = ReportPart("expenses", expenses, (listed("expenses", HEADINGS["expenses"], ExpenseRow),))
