"""The rows that one unit of work has loaded and changed. Owns no database: it is what pure rules read and write."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final, Protocol, TypeVar


class Row(Protocol):
    """A frozen dataclass of a service's domain that knows its key."""

    @property
    def key(self) -> Hashable:
        """Give what tells this row from the others of its kind."""


# How often an index is asked for before it is made. Single events that are written together ask less often.
ASKED_BEFORE: Final = 32

RowT = TypeVar("RowT", bound=Row)
FoundT = TypeVar("FoundT")


class WorkingSet:
    """An identity map with savepoints: rows by kind and key, which of them changed, and how to take that back."""

    def __init__(self) -> None:
        self._rows: defaultdict[type[Any], dict[Hashable, Any]] = defaultdict(dict)
        self._changed: defaultdict[type[Any], dict[Hashable, None]] = defaultdict(dict)
        self._stored: defaultdict[type[Any], set[Hashable]] = defaultdict(set)
        self._undo: list[tuple[type[Any], Hashable, Any, bool]] = []
        self._indexes: dict[type[Any], Any] = {}
        self._asked: dict[type[Any], int] = {}

    def add(self, *rows: Row) -> None:
        """Take rows as they are in the database."""
        for row in rows:
            kind, key = type(row), row.key
            self._rows[kind][key] = row
            self._stored[kind].add(key)

    def take(self, kind: type[RowT], rows: Mapping[Hashable, RowT]) -> None:
        """Take many rows of one kind, by their keys, as they are in the database."""
        self._rows[kind].update(rows)
        self._stored[kind].update(rows)

    def get(self, kind: type[RowT], key: Hashable) -> RowT | None:
        """Give a row as it stands now, None when there is none."""
        row: RowT | None = self._rows[kind].get(key)
        return row

    def all(self, kind: type[RowT]) -> list[RowT]:
        """Give every row of a kind that is here, as it stands now."""
        return list(self._rows[kind].values())

    def mapping(self, kind: type[RowT]) -> Mapping[Hashable, RowT]:
        """Give every row of a kind that is here, as it stands now, by its key."""
        return self._rows[kind]

    def index(self, kind: type[RowT], make: Callable[[Iterable[RowT]], FoundT]) -> FoundT | None:
        """Give what is made once of all rows of a kind as they were loaded; None once any of them was changed.

        None too for the first who ask, of whom there may be no more: to make it costs more than they would gain.
        """
        # Whoever puts or removes a row asks for what has changed of its kind, which is there from then on.
        if kind in self._changed:
            return None
        found: FoundT | None = self._indexes.get(kind)
        if found is None:
            asked = self._asked.get(kind, 0)
            if asked < ASKED_BEFORE:
                self._asked[kind] = asked + 1
                return None
            found = self._indexes[kind] = make(self._rows[kind].values())
        return found

    def put(self, *rows: Row) -> None:
        """Change rows, or add new ones; they will be saved."""
        for row in rows:
            kind, key = type(row), row.key
            known, changed = self._rows[kind], self._changed[kind]
            self._undo.append((kind, key, known.get(key), key in changed))
            known[key] = row
            changed[key] = None

    def remove(self, kind: type[Row], key: Hashable) -> None:
        """Forget a row, if it is here: it is not saved. To delete it from the database is the service's part."""
        rows, changed = self._rows[kind], self._changed[kind]
        if key in rows:
            self._undo.append((kind, key, rows.pop(key), key in changed))
            changed.pop(key, None)

    def rows(self, kind: type[RowT]) -> list[RowT]:
        """Give the rows of a kind, as many as were loaded or put, in the order of their keys."""
        rows = self._rows[kind]
        return [rows[key] for key in sorted(rows)]  # type: ignore[type-var]  # the keys of one kind compare with one another

    def changed(self, kind: type[RowT]) -> list[RowT]:
        """Give the rows of a kind that changed, in the order of their keys, so that locks are taken in one order."""
        rows = self._rows[kind]
        return [rows[key] for key in sorted(self._changed[kind])]  # type: ignore[type-var]  # as above

    def added(self, kind: type[RowT]) -> list[RowT]:
        """Give those of the changed rows that are not in the database yet."""
        stored = self._stored[kind]
        return [row for row in self.changed(kind) if row.key not in stored]

    def updated(self, kind: type[RowT]) -> list[RowT]:
        """Give those of the changed rows that are in the database already."""
        stored = self._stored[kind]
        return [row for row in self.changed(kind) if row.key in stored]

    def savepoint(self) -> int:
        """Mark this moment, for `roll_back`."""
        return len(self._undo)

    def roll_back(self, savepoint: int) -> None:
        """Take back every change since a savepoint."""
        while len(self._undo) > savepoint:
            kind, key, before, was_changed = self._undo.pop()
            if before is None:
                del self._rows[kind][key]
            else:
                self._rows[kind][key] = before
            changed = self._changed[kind]
            if was_changed:
                changed[key] = None
            else:
                changed.pop(key, None)
