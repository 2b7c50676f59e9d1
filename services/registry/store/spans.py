"""How spans of days go in and out in bulk: one row for each span."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import asyncpg

from services.registry.domain.rows import Span, Spans
from shared.database import Connection, columns


class WithSpans(Protocol):
    """A row of the domain that is made of its key and its spans of days."""

    @property
    def key(self) -> tuple[str, ...]:
        """Give what tells this row from the others of its kind."""

    @property
    def spans(self) -> Spans:
        """Give its spans of days, the earliest first."""


RowT = TypeVar("RowT", bound=WithSpans)


@dataclass(frozen=True, slots=True)
class SpanShape(Generic[RowT]):
    """A table that holds one row for each span of days of a row of the domain, which `key` names."""

    row: type[RowT]
    table: str
    key: tuple[str, ...]
    start: str
    end: str

    async def load(self, connection: Connection, by: Sequence[str], keys: Collection[Iterable[str]]) -> list[RowT]:
        """Load the rows whose columns `by` have any of these values, each with all its spans."""
        if not keys:
            return []
        key = ", ".join(self.key)
        wanted = ", ".join(f"${place}::text[]" for place in range(1, len(by) + 1))
        records = await connection.fetch(
            f"SELECT {key}, array_agg({self.start} ORDER BY {self.start}) AS starts,"  # noqa: S608  constants
            f" array_agg({self.end} ORDER BY {self.start}) AS ends FROM {self.table}"
            f" JOIN unnest({wanted}) AS wanted({', '.join(by)}) USING ({', '.join(by)})"
            f" GROUP BY {key} ORDER BY {key}",
            *columns(keys, len(by)),
        )
        return [self._read(record) for record in records]

    async def save(self, connection: Connection, changed: Iterable[RowT]) -> None:
        """Insert new spans, or note that one ended. The earlier ones come first: only one may be open at a time."""
        rows = [(*row.key, span.start_on, span.end_on) for row in changed for span in row.spans]
        if rows:
            names = ", ".join((*self.key, self.start, self.end))
            kinds = ", ".join(
                f"${place}::{kind}[]"
                for place, kind in enumerate([*("text" for _ in self.key), "date", "date"], start=1)
            )
            await connection.execute(
                f"INSERT INTO {self.table} ({names}) SELECT * FROM unnest({kinds})"  # noqa: S608  constants
                f" ON CONFLICT ({', '.join((*self.key, self.start))}) DO UPDATE SET {self.end} = excluded.{self.end}"
                f" WHERE {self.table}.{self.end} IS DISTINCT FROM excluded.{self.end}",
                *columns(rows, len(self.key) + 2),
            )

    def _read(self, record: asyncpg.Record) -> RowT:
        spans = tuple(Span(*days) for days in zip(record["starts"], record["ends"], strict=True))
        fields = {**{name: record[name] for name in self.key}, "spans": spans}
        return self.row(**fields)
