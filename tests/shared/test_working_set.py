"""The working set behaves like a copied dictionary, only cheaper."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.backbone.working_set import ASKED_BEFORE, Row, WorkingSet

keys = st.sampled_from("abcd")


@dataclass(frozen=True, slots=True)
class Apple:
    """A row of one kind."""

    key: str
    value: int


@dataclass(frozen=True, slots=True)
class Pear:
    """A row of another kind, under the same keys."""

    key: str
    value: int


Kind: TypeAlias = type[Apple] | type[Pear]
kinds = st.sampled_from([Apple, Pear])


class WorkingSetMachine(RuleBasedStateMachine):
    """Puts, savepoints and roll-backs in any order, beside a model that copies everything at each savepoint."""

    def __init__(self) -> None:
        super().__init__()
        self.state = WorkingSet()
        self.rows: dict[tuple[Kind, str], int] = {}
        self.changed: set[tuple[Kind, str]] = set()
        self.savepoints: list[tuple[int, dict[tuple[Kind, str], int], set[tuple[Kind, str]]]] = []

    @precondition(lambda self: not self.changed and not self.savepoints)
    @rule(kind=kinds, key=keys, value=st.integers())
    def load(self, kind: Kind, key: str, value: int) -> None:
        """Take a row from the database; it counts as unchanged."""
        self.state.add(kind(key, value))
        self.rows[kind, key] = value

    @rule(kind=kinds, key=keys, value=st.integers())
    def put(self, kind: Kind, key: str, value: int) -> None:
        """Change a row."""
        self.state.put(kind(key, value))
        self.rows[kind, key] = value
        self.changed.add((kind, key))

    @rule()
    def savepoint(self) -> None:
        """Mark this moment."""
        self.savepoints.append((self.state.savepoint(), dict(self.rows), set(self.changed)))

    @precondition(lambda self: self.savepoints)
    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        """Go back to any savepoint that still stands."""
        place = data.draw(st.integers(0, len(self.savepoints) - 1))
        savepoint, rows, changed = self.savepoints[place]
        del self.savepoints[place + 1 :]
        self.state.roll_back(savepoint)
        self.rows, self.changed = dict(rows), set(changed)

    @invariant()
    def equals_the_model(self) -> None:
        """Every row, and which of them changed, is as in the model; what changed comes in the order of the keys."""
        kind: Kind
        for kind in (Apple, Pear):
            for key in "abcd":
                row: Apple | Pear | None = self.state.get(kind, key)
                assert (None if row is None else row.value) == self.rows.get((kind, key))
            expected = sorted(key for changed_kind, key in self.changed if changed_kind is kind)
            assert [row.key for row in self.state.changed(kind)] == expected


TestWorkingSet = WorkingSetMachine.TestCase
TestWorkingSet.settings = settings(max_examples=40, stateful_step_count=30)


@pytest.mark.parametrize(
    "change", [lambda state: state.put(Apple("a", 2)), lambda state: state.remove(Apple, "a")], ids=["put", "removed"]
)
def test_an_index_is_of_what_was_loaded_alone(change: Callable[[WorkingSet], None]) -> None:
    """Once a row of its kind was changed, there is none, even where that is taken back; nor is there for the first."""
    state = WorkingSet()
    state.add(Apple("a", 1), Pear("a", 1))
    made: list[list[Row]] = []

    def make(rows: Iterable[Row]) -> int:
        made.append(list(rows))
        return len(made)

    assert [state.index(kind, make) for kind in (Apple, Pear) for _ in range(ASKED_BEFORE)] == [None] * 2 * ASKED_BEFORE
    assert made == []
    assert [state.index(Apple, make), state.index(Apple, make)] == [1, 1]
    assert made == [[Apple("a", 1)]]
    savepoint = state.savepoint()
    change(state)
    assert state.index(Apple, make) is None
    state.roll_back(savepoint)
    assert state.index(Apple, make) is None
    assert state.index(Pear, make) == 2
