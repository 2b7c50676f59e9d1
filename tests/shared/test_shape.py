"""A value finds its column by name, in whatever order fields and columns stand."""

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pytest

from services.funding.models import metadata as funding_tables
from services.funding.store import budget, commitments, expenses, journal, plans, statements
from services.registry.models import metadata as registry_tables
from services.registry.service import THEMES
from services.registry.store import activities, network, people, sharing
from services.registry.store import plans as registry_plans
from services.registry.store.spans import SpanShape
from shared import database
from shared.shape import JSON, SLUGS, Shape, copy, insert, load, load_all, load_by, update, upsert
from tests.conftest import MakeDatabase

# Of a commitment that was made for these tests. Two of its amounts must never take each other's place.
KINDS: Final = {"promised_ore": "bigint", "received_ore": "bigint", "areas": SLUGS, "shares": JSON}
VALUES: Final[Mapping[str, Any]] = {
    "promise": "loefte",
    "promised_ore": 1_000,
    "received_ore": 7,
    "areas": ("nord", "syd"),
    "shares": {"lbf": 5},
}
TABLE: Final = (
    "CREATE TEMPORARY TABLE promise (received_ore bigint, shares jsonb, promise text PRIMARY KEY, areas text[],"
    " promised_ore bigint)"
)
REGISTRY: Final[tuple[Shape[Any], ...]] = (
    registry_plans.PLANS,
    *(shape for theme in THEMES for shape in (*theme.once, *theme.replaced)),
)
# The registry's tables that statements of their own fill, and those that every service has.
BY_STATEMENTS: Final = frozenset(
    {"accepted_statement", "adoption", "area", "attendance", "crossing", "enrolment", "erasure", "merging", "pool"}
    | {"withdrawn"}
)
OF_EVERY_SERVICE: Final = frozenset(
    {"dead_letter", "deed", "event_log", "event_log_head", "forgery", "log_epoch", "parting", "position", "rejection"}
    | {"lookup", "lookup_head", "lookup_person"}
)
FUNDING: Final[tuple[Shape[Any], ...]] = (
    plans.PLANS,
    plans.POOLS,
    plans.ACTIVITIES,
    plans.ACCOUNTS,
    commitments.COMMITMENTS,
    commitments.RECEIPTS,
    expenses.EXPENSES,
    budget.BUDGET_LINES,
    budget.BUDGET_VERSIONS,
    statements.STATEMENTS,
    journal.ENTRIES,
    journal.SEALS,
)
# Its event's sequence, under which a row of the journal stands.
OF_EVENT: Final = {"ledger_entry": {"sequence"}, "ledger_seal": {"sequence"}}


class Promise(NamedTuple):
    """A row."""

    promise: str
    promised_ore: int
    received_ore: int
    areas: tuple[str, ...]
    shares: Mapping[str, int]


class Swapped(NamedTuple):
    """The same fields, the amounts swapped and the key last."""

    received_ore: int
    promised_ore: int
    shares: Mapping[str, int]
    areas: tuple[str, ...]
    promise: str


class Derived(NamedTuple):
    """The same with a field between them that is no column."""

    received_ore: int
    shares: Mapping[str, int]
    promise: str
    areas: tuple[str, ...]
    open_ore: int = 0
    promised_ore: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """The same as a dataclass, in an order of its own."""

    shares: Mapping[str, int]
    received_ore: int
    promise: str
    promised_ore: int
    areas: tuple[str, ...]


@pytest.fixture(params=[Promise, Swapped, Derived, Record])
def shape(request: pytest.FixtureRequest) -> Shape[Any]:
    """Give the shape of the table with each kind of row; the columns are named in an order of their own."""
    return Shape(request.param, "promise", {"promise": "text"}, dict(reversed(KINDS.items())))


def _told(row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in VALUES}


async def test_no_order_of_fields_or_columns_changes_what_is_written_and_read(
    shape: Shape[Any], make_database: MakeDatabase
) -> None:
    """Amounts that stand beside each other keep their names through every statement that is made of the names."""
    connection = await database.connect(await make_database("funding"))
    await connection.execute(TABLE)
    row = shape.row(**VALUES)
    await insert(connection, shape, [row])
    stored = await connection.fetchrow("SELECT promised_ore, received_ore, areas FROM promise")
    assert stored is not None
    assert (stored["promised_ore"], stored["received_ore"], stored["areas"]) == (1_000, 7, ["nord", "syd"])
    for read in (
        await load(connection, shape, ("promise",), [("loefte",)]),
        await load_by(connection, shape, "promise", ["loefte"]),
        await load_all(connection, shape),
    ):
        assert [_told(item) for item in read] == [VALUES]
    await upsert(connection, shape, [shape.row(**{**VALUES, "promised_ore": 2_000, "received_ore": 8})])
    await update(connection, shape, [shape.row(**{**VALUES, "received_ore": 9})], ("received_ore",))
    await upsert(connection, shape, [shape.row(**{**VALUES, "areas": ("vest",)})], replacing=("areas",))
    (last,) = await load_all(connection, shape)
    assert _told(last) == {**VALUES, "promised_ore": 2_000, "received_ore": 9, "areas": ("vest",)}
    await connection.close()


@pytest.mark.parametrize("row", [Promise, Swapped])
async def test_no_order_changes_what_is_copied(row: type[Any], make_database: MakeDatabase) -> None:
    """A copy tells the columns in the order of the row's own fields."""
    kinds = {name: kind for name, kind in reversed(KINDS.items()) if kind != SLUGS}
    copied: Any = namedtuple("copied", [name for name in row._fields if name != "areas"])  # type: ignore[misc]  # noqa: PYI024  its fields are only known here
    shape: Shape[Any] = Shape(copied, "promise", {"promise": "text"}, kinds)
    connection = await database.connect(await make_database("funding"))
    await connection.execute(TABLE)
    values = {name: value for name, value in VALUES.items() if name != "areas"}
    await copy(connection, shape, [shape.row(**values)])
    (read,) = await load_all(connection, shape)
    assert read._asdict() == values
    await connection.close()


def test_a_column_without_a_field_is_refused() -> None:
    """A name that is written wrong is found when the process starts, not when money is read."""
    with pytest.raises(ValueError, match="promise_ore"):
        Shape(Promise, "promise", {"promise": "text"}, {"promise_ore": "bigint"})


@pytest.mark.parametrize("shape", FUNDING, ids=lambda shape: shape.table)
def test_a_shape_of_funding_names_every_column_of_its_table(shape: Shape[Any]) -> None:
    """A column that a row does not know would be lost whenever the row is saved."""
    columns = set(funding_tables.tables[shape.table].columns.keys())
    assert columns - OF_EVENT.get(shape.table, set()) == set(shape.columns)


@pytest.mark.parametrize("shape", REGISTRY, ids=lambda shape: shape.table)
def test_a_shape_of_the_registry_names_every_column_of_its_table(shape: Shape[Any]) -> None:
    """A column that a row does not know would be lost whenever the row is saved."""
    assert set(registry_tables.tables[shape.table].columns.keys()) == set(shape.columns)


def test_every_shape_and_table_of_the_registry_is_saved() -> None:
    """What its theme does not name would be decided on and never stored; a plan is saved by itself."""
    stores = (network, registry_plans, activities, people, sharing)
    there = [each for store in stores for each in vars(store).values() if isinstance(each, Shape | SpanShape)]
    saved = [
        *(shape.table for theme in THEMES for shape in (*theme.once, *theme.replaced)),
        *(spans.table for theme in THEMES for spans in theme.spans),
        registry_plans.PLANS.table,
    ]
    assert len(saved) == len(set(saved))
    assert {shape.table for shape in there} == set(saved)
    assert registry_tables.tables.keys() - set(saved) == BY_STATEMENTS | OF_EVERY_SERVICE
