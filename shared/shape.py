"""A table's columns and the row of the domain that holds them, named once, and the SQL that is made of the names.

A value finds its column by name: the columns of a table, the fields of its row and what is said of both here may each
stand in an order of their own. It owns no table and commits nothing.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Final, Generic, TypeAlias, TypeVar

import asyncpg
import orjson

from shared import database
from shared.database import Connection, columns

RowT = TypeVar("RowT")

# A list of slugs travels as one text: slugs hold no comma, and `unnest` takes no lists of different lengths.
SLUGS: Final = "slugs"
# A mapping from names to numbers or texts.
JSON: Final = "jsonb"

Coder: TypeAlias = Callable[[Any], Any]

ENCODERS: Final[Mapping[str, Coder]] = {
    SLUGS: ",".join,
    JSON: lambda mapping: orjson.dumps(dict(mapping)).decode(),
}
DECODERS: Final[Mapping[str, Coder]] = {SLUGS: tuple, JSON: orjson.loads}


class Shape(Generic[RowT]):
    """A table and the row of the domain whose fields are its columns, each with its type: two columns or more.

    Which field is which column is worked out here, once: to look each up for each row took five times as long.
    """

    def __init__(self, row: type[RowT], table: str, key: Mapping[str, str], rest: Mapping[str, str]) -> None:
        self.row = row
        self.table = table
        self.key = key
        self.rest = rest
        kinds = {**key, **rest}
        fields = tuple(inspect.signature(row).parameters)
        if lacking := kinds.keys() - fields:
            raise ValueError(f"{row.__name__} has no field for {sorted(lacking)} of the table {table}")
        # In the order of the row's fields, whatever it is: so the SQL is written to fit the row.
        self.columns: Final[Mapping[str, str]] = {name: kinds[name] for name in fields if name in kinds}
        self.names: Final = ", ".join(self.columns)
        # Fields that are no columns may stand between those that are: then each value is told with its name.
        self._by_place = fields[: len(self.columns)] == tuple(self.columns)
        # A named tuple whose fields are the columns holds its values in their order already, and is made of them.
        self._make: Callable[[Iterable[Any]], RowT] | None = (
            getattr(row, "_make", None) if fields == tuple(self.columns) else None
        )
        self._of_record = itemgetter(*self.columns)
        self._of_row = attrgetter(*self.columns)
        self._encoders = self._by_column(ENCODERS)
        self._decoders = self._by_column(DECODERS)
        self.insertion: Final = f"INSERT INTO {table} ({self.names}) SELECT {self.taken()} FROM {self.given()}"  # noqa: S608  constants

    def read(self, record: asyncpg.Record, **derived: Any) -> RowT:
        """Make a row of a record that holds all columns, and of the fields that are none of them."""
        values = self._of_record(record)
        if self._decoders:
            values = _each(self._decoders, values)
        if self._by_place and not derived:
            return self.row(*values)
        return self.row(**dict(zip(self.columns, values, strict=True)), **derived)

    def read_all(self, records: Iterable[asyncpg.Record]) -> list[RowT]:
        """Make rows of records that hold all columns."""
        if self._make and not self._decoders:
            return list(map(self._make, map(self._of_record, records)))
        return list(map(self.read, records))

    def values(self, rows: Iterable[RowT]) -> Iterable[Sequence[Any]]:
        """Give rows' values as they travel, in the order of `columns`."""
        values: Iterable[Any] = rows if self._make else map(self._of_row, rows)
        return (_each(self._encoders, of_row) for of_row in values) if self._encoders else values

    def given(self, names: Iterable[str] | None = None, *, first: int = 1) -> str:
        """Give the SQL of rows that come as arguments from `$first` on: these columns, or all, of a table `new`."""
        names = tuple(names or self.columns)
        kinds = ("text" if (kind := self.columns[name]) == SLUGS else kind for name in names)
        arguments = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(kinds, first))
        return f"unnest({arguments}) AS new({', '.join(names)})"

    def taken(self, names: Iterable[str] | None = None) -> str:
        """Give the SQL that takes columns, these or all, of the table `new`."""
        return ", ".join(
            f"string_to_array(new.{name}, ',')" if self.columns[name] == SLUGS else f"new.{name}"
            for name in names or self.columns
        )

    def arguments(self, rows: Iterable[RowT], names: Iterable[str] | None = None) -> list[list[Any]]:
        """Give rows the way `given` takes them: one list for each of the same columns."""
        rows = list(rows)
        arguments = []
        for name in names or self.columns:
            column: Iterable[Any] = map(attrgetter(name), rows)
            kind = self.columns[name]
            arguments.append(list(map(ENCODERS[kind], column) if kind in ENCODERS else column))
        return arguments

    def _by_column(self, coders: Mapping[str, Coder]) -> Sequence[tuple[int, Coder]]:
        return [(place, coders[kind]) for place, kind in enumerate(self.columns.values()) if kind in coders]


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
    return shape.read_all(records)


async def load_by(connection: Connection, shape: Shape[RowT], column: str, values: Collection[Any]) -> list[RowT]:
    """Load the rows whose one column has any of these values, in the order of their keys."""
    if not values:
        return []
    # Several are what events name. What a request asks for may hold any sign.
    are_texts = len(values) > 1 and shape.columns[column] == "text"
    wanted = database.parted(1) if are_texts else "$1"
    records = await connection.fetch(
        f"SELECT {shape.names} FROM {shape.table} WHERE {column} = ANY({wanted}) ORDER BY {', '.join(shape.key)}",  # noqa: S608  constants
        database.joined(list(values)) if are_texts else list(values),
    )
    return shape.read_all(records)


async def load_all(connection: Connection, shape: Shape[RowT]) -> list[RowT]:
    """Load every row, in the order of their keys."""
    records = await connection.fetch(f"SELECT {shape.names} FROM {shape.table} ORDER BY {', '.join(shape.key)}")  # noqa: S608  constants
    return shape.read_all(records)


async def insert(connection: Connection, shape: Shape[RowT], rows: Sequence[RowT]) -> None:
    """Insert new rows. Where another transaction was first, this one loses the race and is decided again."""
    if rows:
        await connection.execute(shape.insertion, *shape.arguments(rows))


async def insert_unknown(connection: Connection, shape: Shape[RowT], rows: Sequence[RowT]) -> None:
    """Insert the rows whose keys are new; the others stay as they are."""
    if rows:
        await connection.execute(f"{shape.insertion} ON CONFLICT DO NOTHING", *shape.arguments(rows))


async def copy(connection: Connection, shape: Shape[RowT], rows: Sequence[RowT]) -> None:
    """Insert new rows as `insert` does, faster where they are many; the table may have no list of slugs."""
    if rows:
        await connection.copy_records_to_table(shape.table, records=shape.values(rows), columns=tuple(shape.columns))


async def upsert(
    connection: Connection, shape: Shape[RowT], rows: Sequence[RowT], *, replacing: Collection[str] | None = None
) -> None:
    """Insert rows, or replace these columns of those that are there: all that is not their key, if none is named."""
    if rows:
        replaced = ", ".join(f"{name} = excluded.{name}" for name in replacing or shape.rest)
        await connection.execute(
            f"{shape.insertion} ON CONFLICT ({', '.join(shape.key)}) DO UPDATE SET {replaced}",
            *shape.arguments(rows),
        )


async def update(connection: Connection, shape: Shape[RowT], rows: Sequence[RowT], names: Sequence[str]) -> None:
    """Update these columns of the rows that are there; one that is not there is passed over."""
    if rows:
        given = (*shape.key, *names)
        await connection.execute(
            f"{updating(shape, names)} FROM {shape.given(given)} WHERE {matching(shape)}",
            *shape.arguments(rows, given),
        )


def updating(shape: Shape[Any], names: Sequence[str]) -> str:
    """Give the SQL that sets columns to those of the table `new`."""
    changes = zip(names, map(shape.taken, ([name] for name in names)), strict=True)
    return f"UPDATE {shape.table} SET {', '.join(f'{name} = {value}' for name, value in changes)}"  # noqa: S608  constants


def matching(shape: Shape[Any]) -> str:
    """Give the SQL that holds a row of the table to that of `new` with the same key."""
    return " AND ".join(f"{shape.table}.{name} = new.{name}" for name in shape.key)


def _each(coders: Sequence[tuple[int, Coder]], values: Sequence[Any]) -> Sequence[Any]:
    """Turn those values that travel as something else."""
    turned = list(values)
    for place, coder in coders:
        turned[place] = coder(turned[place])
    return turned
