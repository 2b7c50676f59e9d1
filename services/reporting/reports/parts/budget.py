"""The budget of a plan: its lines, what they come to, and its versions."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import (
    Column,
    FileTable,
    ReportPart,
    columns,
    key,
    of_row,
    value,
)
from services.reporting.reports.parts.expenses import COST_TYPE, EFFORT_AREA
from services.reporting.terms import BudgetVersionKind, Row
from services.reporting.words import DIMENSIONS, FIGURE_NAMES, HEADINGS, REVISIONS
from shared.events.funding import CostType

LINE = key(HEADINGS["line"])
YEAR = key(DIMENSIONS["year"], "calendar_year")


class Spending(TypedDict):
    """What was granted and what was spent of it, in øre; null where the reader does not read the plan's accounts."""

    budget_ore: Annotated[int | None, value(HEADINGS["budget"], "kroner")]
    spent_ore: Annotated[int | None, value(FIGURE_NAMES["spent_ore"], "kroner")]
    remaining_ore: Annotated[int | None, value(HEADINGS["remaining"], "kroner")]


class BudgetPlace(TypedDict):
    """A line of a budget: on what, and in which year."""

    line: Annotated[str, LINE]
    effort_area: Annotated[str, EFFORT_AREA]
    cost_type: Annotated[CostType, COST_TYPE]
    year: Annotated[int, YEAR]


class _First(TypedDict):
    first_ore: Annotated[int, value(("Først godkendt", "First approved"), "kroner")]


class BudgetLineRow(BudgetPlace, _First, Spending):
    """One line of the budget."""

    overrun: Annotated[bool, value(("Overskredet", "Overrun"))]


class BudgetEffortArea(Spending):
    """The lines of one effort area."""

    effort_area: str


class BudgetCostType(Spending):
    """The lines of one cost type."""

    cost_type: CostType


class BudgetYear(Spending):
    """The lines of one year."""

    year: int


class BudgetVersionRow(TypedDict):
    """A version of the budget; `changes` are øre by line."""

    version: Annotated[int, key(("Version", "Version"), "number")]
    kind: Annotated[BudgetVersionKind, value(("Art", "Kind"), words=REVISIONS)]
    approved_on: Annotated[str, value(HEADINGS["approved_on"], "day")]
    approval_reference: Annotated[str, value(HEADINGS["reference"])]
    changes: dict[str, int]


class Budget(Spending):
    """The budget as it stands."""

    version: Annotated[int | None, value(("Version", "Version"), "number")]
    lines: list[BudgetLineRow]
    effort_areas: list[BudgetEffortArea]
    cost_types: list[BudgetCostType]
    years: list[BudgetYear]
    versions: list[BudgetVersionRow]


CHANGES: Final[tuple[Column, ...]] = (
    key(("Version", "Version")).at("version"),
    LINE.at("line"),
    value(("Ændring", "Change"), "kroner").at("value"),
)


def budget(source: PlanSource) -> Budget:
    """Tell the budget as it stands, with what was spent of it by the period's end."""
    own = source.own
    lines = [_line(row, own.spent.get(row["line"], 0)) for row in own.lines]
    budget_ore, spent_ore = sum(row["amount_ore"] for row in own.lines), sum(own.spent.values())
    return {
        "version": len(own.versions),
        "budget_ore": budget_ore,
        "spent_ore": spent_ore,
        "remaining_ore": budget_ore - spent_ore,
        "lines": lines,
        "effort_areas": [of_row(BudgetEffortArea, row) for row in _sums(lines, "effort_area")],
        "cost_types": [of_row(BudgetCostType, row) for row in _sums(lines, "cost_type")],
        "years": [of_row(BudgetYear, row) for row in _sums(lines, "year")],
        "versions": [of_row(BudgetVersionRow, row) for row in own.versions],
    }


def _line(row: Row, spent_ore: int) -> BudgetLineRow:
    return of_row(
        BudgetLineRow,
        row,
        budget_ore=row["amount_ore"],
        spent_ore=spent_ore,
        remaining_ore=row["amount_ore"] - spent_ore,
        overrun=spent_ore > row["amount_ore"],
    )


def _sums(lines: Iterable[Mapping[str, Any]], by: str) -> list[Row]:
    sums: dict[Any, dict[str, int]] = {}
    for line in lines:
        own = sums.setdefault(line[by], dict.fromkeys(("budget_ore", "spent_ore", "remaining_ore"), 0))
        for name in own:
            own[name] += line[name]
    return [{by: name, **amounts} for name, amounts in sorted(sums.items())]


def _added_up(name: str, title: tuple[str, str], by: Column) -> FileTable:
    return FileTable(name, title, ("budget", name.removeprefix("budget_"), "*"), (by, *columns(Spending)))


BUDGET: Final = ReportPart(
    "budget",
    budget,
    (
        FileTable("budget", HEADINGS["budget"], ("budget",), columns(Budget), upright=True),
        FileTable("budget_lines", ("Budgetlinjer", "Budget lines"), ("budget", "lines", "*"), columns(BudgetLineRow)),
        _added_up(
            "budget_effort_areas",
            ("Budget pr. indsatsområde", "Budget by effort area"),
            EFFORT_AREA.at("effort_area"),
        ),
        _added_up("budget_cost_types", ("Budget pr. udgiftsart", "Budget by cost type"), COST_TYPE.at("cost_type")),
        _added_up("budget_years", ("Budget pr. år", "Budget by year"), YEAR.at("year")),
        FileTable(
            "budget_versions",
            ("Budgetversioner", "Budget versions"),
            ("budget", "versions", "*"),
            columns(BudgetVersionRow),
        ),
        FileTable(
            "budget_changes",
            ("Budgetændringer", "Budget changes"),
            ("budget", "versions", "*", "changes", "{line}="),
            CHANGES,
        ),
    ),
)
