"""The totals of an annual statement: each table adds up, and what came in is never mixed with what goes out."""

from services.reporting.reports.statement_sums import FINANCING, SUMS_TABLE, SumRow, carried, total


def test_totals_add_up_the_rows_above_them() -> None:
    """Each column by itself, and nothing of no rows."""
    rows = [dict.fromkeys(FINANCING, 3), dict.fromkeys(FINANCING, -1)]
    assert _told(total(rows, FINANCING)) == dict.fromkeys(FINANCING, 2)
    assert _told(total([])) == {"amount_ore": 0}


def test_what_was_carried_in_and_out_is_told_apart() -> None:
    """Money of the year before has a plus on the year's lines, what goes on to the next a minus."""
    forwards = [{"changes": {"a": 300, "b": -100}}, {"changes": {"c": -50}}]
    assert _told(carried(forwards, is_in=True)) == {"amount_ore": 300}
    assert _told(carried(forwards, is_in=False)) == {"amount_ore": -150}


def test_every_column_of_the_totals_is_in_the_files() -> None:
    """A total that only some tables have is a column all the same."""
    assert {column.name for column in SUMS_TABLE.columns} >= {"table", "amount_ore", "left_ore", *FINANCING}


def _told(row: SumRow) -> dict[str, object]:
    return {name: ore for name, ore in row.items() if ore is not None}
