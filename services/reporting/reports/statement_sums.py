"""The totals of an annual statement's tables: each is the sum of the rows that stand above it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, cast

from typing_extensions import TypedDict

from services.reporting.reports.parts.declaring import FileTable, columns, key, value
from services.reporting.words import FIGURE_NAMES, HEADINGS, Word

FINANCING: Final = ("opening_ore", "received_ore", "carried_ore", "closing_ore")
DEVIATIONS: Final = ("budget_ore", "spent_ore", "carried_forward_ore", "left_ore")
# Money of the year before that was added to its lines, and what of its lines goes on to the next.
CARRIED_IN: Final[Word] = ("Overført fra året før", "Carried forward from the year before")
CARRIED_OUT: Final[Word] = ("Overført til næste år", "Carried forward to the next year")
TABLES: Final[Mapping[str, Word]] = {
    "instalments": HEADINGS["instalments"],
    "costs": HEADINGS["expenses"],
    "financing": HEADINGS["regulation_accounts"],
    "deviations": ("Afvigelser", "Deviations"),
    "carried_in": CARRIED_IN,
    "carried_out": CARRIED_OUT,
    "vouchers": HEADINGS["vouchers"],
}


class SumRow(TypedDict):
    """The totals of one table, in øre; None for a column that it does not have."""

    amount_ore: Annotated[int | None, value(HEADINGS["amount"], "kroner")]
    opening_ore: Annotated[int | None, value(HEADINGS["opening"], "kroner")]
    received_ore: Annotated[int | None, value(FIGURE_NAMES["received_ore"], "kroner")]
    carried_ore: Annotated[int | None, value(HEADINGS["carried"], "kroner")]
    closing_ore: Annotated[int | None, value(HEADINGS["closing"], "kroner")]
    budget_ore: Annotated[int | None, value(HEADINGS["budget"], "kroner")]
    spent_ore: Annotated[int | None, value(FIGURE_NAMES["spent_ore"], "kroner")]
    carried_forward_ore: Annotated[int | None, value(HEADINGS["carried_forward"], "kroner")]
    left_ore: Annotated[int | None, value(HEADINGS["deviation"], "kroner")]


def total(rows: Iterable[Mapping[str, Any]], names: Sequence[str] = ("amount_ore",)) -> SumRow:
    """Add up some columns of some rows."""
    rows = list(rows)
    return _row({name: sum(row[name] for row in rows) for name in names})


def carried(revisions: Iterable[Mapping[str, Any]], *, is_in: bool) -> SumRow:
    """Add up what carry-forwards brought into the year's lines, or took from them to the next."""
    changes = [amount_ore for revision in revisions for amount_ore in revision["changes"].values()]
    return _row({"amount_ore": sum(amount_ore for amount_ore in changes if (amount_ore > 0) is is_in)})


def _row(sums: Mapping[str, int]) -> SumRow:
    return cast("SumRow", {name: sums.get(name) for name in SumRow.__annotations__})


SUMS_TABLE: Final = FileTable(
    "sums",
    ("Summer", "Totals"),
    ("sums", "{table}"),
    (key(("Tabel", "Table"), words=TABLES).at("table"), *columns(SumRow)),
)
