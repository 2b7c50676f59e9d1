"""Which columns the books of a plan have."""

from collections.abc import Iterable, Mapping, Sequence

from services.funding.domain.rows import Entry, Expense
from services.funding.exports.tables import Column, DataTable


def ledger(entries: Iterable[tuple[int, Entry]], authors: Mapping[int, str] | None = None) -> DataTable:
    """Make the table of a plan's entries, each with its event's sequence.

    `authors` are who sent those events, by opaque names, for whoever may be told; events from before have none.
    """
    columns = [
        Column("sequence", "Løbenummer", "number"),
        Column("place", "Post", "number"),
        Column("booked_on", "Bogført", "day"),
        Column("amount_ore", "Beløb", "amount"),
        Column("from_account", "Fra konto"),
        Column("from_before_ore", "Saldo før", "amount"),
        Column("from_after_ore", "Saldo efter", "amount"),
        Column("from_version", "Version", "number"),
        Column("to_account", "Til konto"),
        Column("to_before_ore", "Saldo før", "amount"),
        Column("to_after_ore", "Saldo efter", "amount"),
        Column("to_version", "Version", "number"),
    ]
    own = [column.name for column in columns[1:]]
    rows = ((sequence, *(getattr(entry, name) for name in own)) for sequence, entry in entries)
    if authors is None:
        return DataTable("Finansjournal", columns, rows)
    columns.append(Column("author", "Sendt af"))
    return DataTable("Finansjournal", columns, ((*row, authors.get(row[0])) for row in rows))


def vouchers(expenses: Sequence[Expense]) -> DataTable:
    """Make the table of a plan's vouchers, with a column for what each funder carries."""
    columns = [
        Column("incurred_on", "Dato", "day"),
        Column("voucher", "Bilag"),
        Column("expense", "Udgift"),
        Column("text", "Tekst"),
        Column("area", "Område"),
        Column("line", "Budgetlinje"),
        Column("activity", "Aktivitet"),
        Column("amount_ore", "Beløb", "amount"),
        Column("reversal", "Tilbageførsel"),
        Column("reversed_on", "Tilbageført", "day"),
        Column("reversal_reason", "Begrundelse"),
    ]
    own = [column.name for column in columns]
    commitments = sorted({name for row in expenses for name in row.shares})
    columns.extend(Column(f"share_ore:{name}", f"Andel {name}", "amount") for name in commitments)
    rows = (
        (*(getattr(row, name) for name in own), *(row.shares.get(name, 0) for name in commitments)) for row in expenses
    )
    return DataTable("Bilag", columns, rows)


def trial_balance(balances: Mapping[str, int]) -> DataTable:
    """Make the table of a plan's trial balance: above zero is debit, below is credit."""
    columns = (
        Column("account", "Konto"),
        Column("debit_ore", "Debet", "amount"),
        Column("credit_ore", "Kredit", "amount"),
    )
    rows = ((name, max(balance_ore, 0), max(-balance_ore, 0)) for name, balance_ore in balances.items())
    return DataTable("Saldobalance", columns, rows)
