"""How rows go in and out in bulk: a table's columns, said once, and the statements made from them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import asyncpg

from services.registry.domain import Span
from shared.database import Connection, columns

RowT = TypeVar("RowT")

# A list of slugs travels as one text: slugs hold no comma, and `unnest` takes no lists of different lengths.
SLUGS: Final = "slugs"


@dataclass(frozen=True, slots=True)
class Shape(Generic[RowT]):
    """A table and the row of the domain whose fields are its columns, each with its type."""

    row: type[RowT]
    table: str
    key: Mapping[str, str]
    rest: Mapping[str, str]

    @property
    def columns(self) -> Mapping[str, str]:
        """Give every column with its type."""
        return {**self.key, **self.rest}

    @property
    def names(self) -> str:
        """Give the columns as SQL lists them."""
        return ", ".join(self.columns)

    def values(self, row: RowT) -> Iterable[Any]:
        """Give a row's values as they travel."""
        for name, kind in self.columns.items():
            value = getattr(row, name)
            yield ",".join(value) if kind == SLUGS else value

    def read(self, record: asyncpg.Record) -> RowT:
        """Make a row of what was read."""
        return self.row(
            **{name: tuple(record[name]) if kind == SLUGS else record[name] for name, kind in self.columns.items()}
        )


async def load(
    connection: Connection, shape: Shape[RowT], by: Sequence[str], keys: Collection[Iterable[Any]]
) -> list[RowT]:
    """Load the rows whose columns `by` have any of these values, in the order of their keys."""
    if not keys:
        return []
    wanted = ", ".join(f"${place}::{shape.columns[name]}[]" for place, name in enumerate(by, start=1))
    records = await connection.fetch(
        f"SELECT {shape.names} FROM {shape.table} JOIN unnest({wanted}) AS wanted({', '.join(by)})"  # noqa: S608  constants
        f" USING ({', '.join(by)}) ORDER BY {', '.join(shape.key)}",
        *columns(keys, len(by)),
    )
    return [shape.read(record) for record in records]


async def insert(connection: Connection, shape: Shape[RowT], rows: Sequence[RowT]) -> None:
    """Insert new rows. Where another transaction was first, this one loses the race and is decided again."""
    if rows:
        await connection.execute(_insert(shape), *columns(map(shape.values, rows), len(shape.columns)))


async def upsert(connection: Connection, shape: Shape[RowT], rows: Sequence[RowT]) -> None:
    """Insert rows, or replace all that is not their key."""
    if rows:
        replaced = ", ".join(f"{name} = excluded.{name}" for name in shape.rest)
        await connection.execute(
            f"{_insert(shape)} ON CONFLICT ({', '.join(shape.key)}) DO UPDATE SET {replaced}",
            *columns(map(shape.values, rows), len(shape.columns)),
        )


def _insert(shape: Shape[Any]) -> str:
    kinds = list(shape.columns.items())
    taken = ", ".join(f"string_to_array({name}, ',')" if kind == SLUGS else name for name, kind in kinds)
    given = ", ".join(
        f"${place}::{'text' if kind == SLUGS else kind}[]" for place, (_, kind) in enumerate(kinds, start=1)
    )
    return f"INSERT INTO {shape.table} ({shape.names}) SELECT {taken} FROM unnest({given}) AS new({shape.names})"  # noqa: S608  constants


@dataclass(frozen=True, slots=True)
class SpanShape:
    """A table that holds one row for each span of days of a thing that `key` names."""

    table: str
    key: tuple[str, ...]
    start: str
    end: str

    async def load(
        self, connection: Connection, by: Sequence[str], keys: Collection[Iterable[str]]
    ) -> list[tuple[tuple[str, ...], tuple[Span, ...]]]:
        """Load the spans of each thing whose columns `by` have any of these values."""
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
        return [
            (
                tuple(record[name] for name in self.key),
                tuple(Span(*days) for days in zip(record["starts"], record["ends"], strict=True)),
            )
            for record in records
        ]

    async def save(self, connection: Connection, things: Iterable[tuple[tuple[str, ...], tuple[Span, ...]]]) -> None:
        """Insert new spans, or note that one ended. The earlier ones come first: only one may be open at a time."""
        rows = [(*key, span.start_on, span.end_on) for key, spans in things for span in spans]
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
