"""The tables of the journal: the ledger's entries, and the seals over its events. Rows are added, never changed.

The sequence under which a row stands is its event's, and no field of the row.
"""

from collections.abc import Sequence
from typing import Any, Final

from services.funding.domain.rows import Entry, Seal
from shared.database import Connection
from shared.shape import Shape

ENTRIES: Final = Shape(
    Entry,
    "ledger_entry",
    {"place": "int"},
    {
        "plan": "text",
        "booked_on": "date",
        "amount_ore": "bigint",
        "from_account": "text",
        "from_before_ore": "bigint",
        "from_after_ore": "bigint",
        "from_version": "bigint",
        "to_account": "text",
        "to_before_ore": "bigint",
        "to_after_ore": "bigint",
        "to_version": "bigint",
    },
)
SEALS: Final = Shape(Seal, "ledger_seal", {"plan": "text", "number": "bigint"}, {"digest": "bytea"})


async def insert_journal(connection: Connection, written: Sequence[tuple[int, Entry | Seal]]) -> None:
    """Add entries and seals, each under the sequence of its event; copied, since the log's lock is held."""
    entries: list[tuple[Any, ...]] = []
    seals: list[tuple[Any, ...]] = []
    for sequence, row in written:
        # All fields of either are columns, and `columns` has them in the order in which the row holds them.
        (entries if isinstance(row, Entry) else seals).append((sequence, *row))
    for shape, rows in ((SEALS, seals), (ENTRIES, entries)):
        if rows:
            await connection.copy_records_to_table(shape.table, records=rows, columns=("sequence", *shape.columns))
