"""The annual statement of a plan as reporting tells it, put together from what funding's events say. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.parts.budget import CHANGES, BudgetPlace, BudgetVersionRow
from services.reporting.reports.parts.declaring import (
    AnyNumber,
    FileTable,
    ReportPart,
    ReportShape,
    columns,
    key,
    listed,
    of_row,
    value,
)
from services.reporting.reports.parts.expenses import SpentOn, costs
from services.reporting.reports.parts.figures import AREA, COMMITMENT, FUNDER_KIND
from services.reporting.reports.parts.head import AsOf, CodeNames
from services.reporting.reports.parts.plan_funding import local_share_pct
from services.reporting.reports.parts.statements import StatementState, state_of
from services.reporting.reports.statement_sums import DEVIATIONS, FINANCING, SUMS_TABLE, SumRow, carried, total
from services.reporting.terms import Plan, Row
from services.reporting.words import FIGURE_NAMES, FUNDER_KINDS, HEADINGS, REVISIONS
from shared.events.funding import FunderKind


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
    names: Mapping[str, Mapping[str, str]]


class _Year(TypedDict):
    plan: str
    plan_name: str
    year: int


class _Bank(TypedDict):
    opening_bank_ore: Annotated[int, value(HEADINGS["opening_bank"], "kroner")]
    received_ore: Annotated[int, value(FIGURE_NAMES["received_ore"], "kroner")]
    spent_ore: Annotated[int, value(FIGURE_NAMES["spent_ore"], "kroner")]
    closing_bank_ore: Annotated[int, value(HEADINGS["closing_bank"], "kroner")]
    local_share_pct: Annotated[
        AnyNumber | None, value(("Lokal medfinansiering i året", "Local co-funding in the year"), "percent")
    ]
    local_share_to_date_pct: Annotated[
        AnyNumber | None, value(("Lokal medfinansiering til dato", "Local co-funding to date"), "percent")
    ]


class StatementHead(_Year, StatementState, _Bank):
    """The statement itself: whose it is, where it stands, and what the bank held, in øre."""


StatementPeriod = TypedDict("StatementPeriod", {"from": str, "to": str})


class Instalment(TypedDict):
    """What came in."""

    receipt: Annotated[str, key(("Rate", "Instalment"))]
    commitment: Annotated[str, COMMITMENT]
    received_on: Annotated[str, value(HEADINGS["received_on"], "day")]
    amount_ore: Annotated[int, value(HEADINGS["amount"], "kroner")]
    reference: Annotated[str | None, value(HEADINGS["reference"])]


class CostRow(SpentOn):
    """What went out."""

    amount_ore: Annotated[int, value(HEADINGS["amount"], "kroner")]


class Carried(TypedDict):
    """What was received, and what was carried of the expenses, in øre."""

    received_ore: Annotated[int, value(FIGURE_NAMES["received_ore"], "kroner")]
    carried_ore: Annotated[int, value(HEADINGS["carried"], "kroner")]


class _Funder(TypedDict):
    commitment: Annotated[str, COMMITMENT]
    funder: Annotated[str, value(HEADINGS["funder"])]
    funder_name: Annotated[str | None, value(HEADINGS["funder_name"])]
    funder_kind: Annotated[FunderKind, value(HEADINGS["funder_kind"], words=FUNDER_KINDS)]
    confirmed_on: Annotated[str | None, value(HEADINGS["confirmed_on"], "day")]
    opening_ore: Annotated[int, value(HEADINGS["opening"], "kroner")]


class FinancingRow(_Funder, Carried):
    """The regulation account of one commitment."""

    closing_ore: Annotated[int, value(HEADINGS["closing"], "kroner")]


class Deviation(BudgetPlace):
    """One line against its budget."""

    budget_ore: Annotated[int, value(HEADINGS["budget"], "kroner")]
    spent_ore: Annotated[int, value(FIGURE_NAMES["spent_ore"], "kroner")]
    carried_forward_ore: Annotated[int, value(HEADINGS["carried_forward"], "kroner")]
    left_ore: Annotated[int, value(HEADINGS["deviation"], "kroner")]
    explanation: Annotated[str | None, value(("Forklaring", "Explanation"))]


class Voucher(TypedDict):
    """One voucher; what was taken back stands below zero."""

    booked_on: Annotated[str, value(("Bogført", "Booked"), "day")]
    voucher: Annotated[str, value(HEADINGS["voucher"])]
    expense: Annotated[str, key(HEADINGS["expense"])]
    text: Annotated[str, value(HEADINGS["text"])]
    line: Annotated[str, value(HEADINGS["line"])]
    area: Annotated[str, AREA]
    amount_ore: Annotated[int, value(HEADINGS["amount"], "kroner")]
    reversal: Annotated[str | None, value(("Tilbageførsel", "Reversal"))]


def first_and_last_day(plan: Plan, year: int) -> tuple[date, date]:
    """Give the days of a year's statement; the plan's first year begins with all that was before it."""
    return (date.min if year == plan.start_on.year else date(year, 1, 1)), date(year, 12, 31)


def statement_head(books: Books) -> StatementHead:
    """Tell the statement itself."""
    paid = [row for row in books.financing if not row["in_kind"]]
    opening_bank_ore = sum(row["received_before_ore"] - row["carried_before_ore"] for row in books.financing)
    received_ore = sum(row["received_ore"] for row in paid)
    spent_ore = sum(row["carried_ore"] for row in paid)
    return {
        "plan": books.plan.plan,
        "plan_name": books.plan.name,
        "year": books.year,
        **state_of(books.year, books.words),
        "opening_bank_ore": opening_bank_ore,
        "received_ore": received_ore,
        "spent_ore": spent_ore,
        "closing_bank_ore": opening_bank_ore + received_ore - spent_ore,
        "local_share_pct": local_share_pct((row["funder_kind"], row["carried_ore"]) for row in paid),
        "local_share_to_date_pct": local_share_pct(
            (row["funder_kind"], row["carried_before_ore"] + row["carried_ore"]) for row in books.financing
        ),
    }


def period(books: Books) -> StatementPeriod:
    """Tell the days that the statement is of."""
    first_day = max(books.plan.start_on, date(books.year, 1, 1))
    return {"from": first_day.isoformat(), "to": date(books.year, 12, 31).isoformat()}


def as_of(books: Books) -> AsOf:
    """Tell the cursor."""
    return dict(books.as_of)


def names(books: Books) -> CodeNames:
    """Tell what codes are called."""
    return of_row(CodeNames, books.names)


def instalments(books: Books) -> list[Instalment]:
    """Tell what came in."""
    return [of_row(Instalment, row) for row in books.receipts]


def cost_rows(books: Books) -> list[CostRow]:
    """Tell what went out."""
    return [{**each.on, "amount_ore": each.amount_ore} for each in costs(books.spent, books.lines)]


def financing(books: Books) -> list[FinancingRow]:
    """Tell the regulation accounts of all commitments in money."""
    return [_financing(row) for row in books.financing if not row["in_kind"]]


def financing_by_kind(books: Books) -> dict[FunderKind, Carried]:
    """Tell what each kind of funder paid and carried."""
    sums: dict[FunderKind, Carried] = {}
    for row in financing(books):
        own = sums.setdefault(row["funder_kind"], {"received_ore": 0, "carried_ore": 0})
        own["received_ore"] += row["received_ore"]
        own["carried_ore"] += row["carried_ore"]
    return dict(sorted(sums.items()))


def reallocations(books: Books) -> list[BudgetVersionRow]:
    """Tell what was moved between the year's lines."""
    return _revisions(books, "reallocation")


def carry_forwards(books: Books) -> list[BudgetVersionRow]:
    """Tell what was carried forward to or from the year's lines."""
    return _revisions(books, "carry_forward")


def vouchers(books: Books) -> list[Voucher]:
    """Tell every voucher."""
    return [of_row(Voucher, row) for row in books.vouchers]


def sums(books: Books) -> dict[str, SumRow]:
    """Tell the totals of the statement's tables."""
    forwards = carry_forwards(books)
    return {
        "instalments": total(instalments(books)),
        "costs": total(cost_rows(books)),
        "financing": total(financing(books), FINANCING),
        "deviations": total(deviations(books), DEVIATIONS),
        "carried_in": carried(forwards, is_in=True),
        "carried_out": carried(forwards, is_in=False),
        "vouchers": total(vouchers(books)),
    }


def _financing(row: Row) -> FinancingRow:
    opening_ore = row["received_before_ore"] - row["carried_before_ore"]
    closing_ore = opening_ore + row["received_ore"] - row["carried_ore"]
    return of_row(FinancingRow, row, opening_ore=opening_ore, closing_ore=closing_ore)


def _revisions(books: Books, kind: str) -> list[BudgetVersionRow]:
    of_year = {line["line"] for line in books.lines if line["year"] == books.year}
    revisions = []
    for version in books.versions:
        changes = {line: amount_ore for line, amount_ore in version["changes"].items() if line in of_year}
        if version["kind"] == kind and changes:
            revisions.append(of_row(BudgetVersionRow, version, changes=changes))
    return revisions


def deviations(books: Books) -> list[Deviation]:
    """Compare each line of the year, and each other line that the year spent on, with its budget."""
    explanations = _explanations(books)
    carried: dict[str, int] = {}
    for version in books.versions:
        if version["kind"] == "carry_forward":
            for line, amount_ore in version["changes"].items():
                carried[line] = carried.get(line, 0) - min(amount_ore, 0)
    found = []
    for line in sorted(books.lines, key=lambda line: (line["effort_area"], line["cost_type"], line["line"])):
        is_of_year, spent_ore = line["year"] == books.year, books.spent.get(line["line"], 0)
        if not is_of_year and not spent_ore:
            continue
        carried_ore = carried.get(line["line"], 0) if is_of_year else 0
        budget_ore = line["amount_ore"] + carried_ore if is_of_year else 0
        found.append(
            of_row(
                Deviation,
                line,
                budget_ore=budget_ore,
                spent_ore=spent_ore,
                carried_forward_ore=carried_ore,
                left_ore=budget_ore - spent_ore - carried_ore,
                explanation=explanations.get(line["line"]),
            )
        )
    return found


def _explanations(books: Books) -> Mapping[str, str]:
    submitted = [word for word in books.words if word["year"] == books.year and word["state"] == "submitted"]
    return submitted[-1]["explanations"] if submitted else {}


def _revised(name: str, title: tuple[str, str]) -> tuple[FileTable, FileTable]:
    lines = f"{title[0]}, linjer", f"{title[1]}, lines"
    return (
        listed(name, title, BudgetVersionRow),
        FileTable(f"{name}_lines", lines, (name, "*", "changes", "{line}="), CHANGES),
    )


STATEMENT: Final = ReportShape(
    "AnnualStatement",
    HEADINGS["statement"],
    (
        ReportPart("period", period),
        ReportPart("as_of", as_of),
        ReportPart(
            "",
            statement_head,
            (FileTable("statement", HEADINGS["statement"], (), columns(StatementHead), upright=True),),
        ),
        ReportPart("instalments", instalments, (listed("instalments", HEADINGS["instalments"], Instalment),)),
        ReportPart("costs", cost_rows, (listed("costs", HEADINGS["expenses"], CostRow),)),
        ReportPart("financing", financing, (listed("financing", HEADINGS["regulation_accounts"], FinancingRow),)),
        ReportPart(
            "financing_by_kind",
            financing_by_kind,
            (
                FileTable(
                    "financing_by_kind",
                    HEADINGS["funders"],
                    ("financing_by_kind", "{funder_kind}"),
                    (FUNDER_KIND.at("funder_kind"), *columns(Carried)),
                ),
            ),
        ),
        ReportPart("reallocations", reallocations, _revised("reallocations", REVISIONS["reallocation"])),
        ReportPart("carry_forwards", carry_forwards, _revised("carry_forwards", REVISIONS["carry_forward"])),
        ReportPart("deviations", deviations, (listed("deviations", ("Afvigelser", "Deviations"), Deviation),)),
        ReportPart("vouchers", vouchers, (listed("vouchers", HEADINGS["vouchers"], Voucher),)),
        ReportPart("sums", sums, (SUMS_TABLE,)),
        ReportPart("names", names),
    ),
)
