"""Which way a count can move at all is told by signs: what a linear programme finds is never said not to be."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from services.reporting.releasing import making
from services.reporting.releasing.directions import Directions, stays_or_rises
from services.reporting.releasing.searching import AreaSearch
from services.reporting.releasing.tables import Sparse
from tests.oracles import realistic_networks

UNKNOWNS, ROWS, AREAS = 12, 9, 5


def _drawn(seed: int) -> tuple[Sparse, np.ndarray, Directions]:
    """Draw rows of few unknowns, which of them may rise, and which way each unknown can move by itself."""
    dice = np.random.default_rng(seed)
    rows = [
        {int(column): int(dice.choice((-2, -1, 1, 1))) for column in dice.choice(UNKNOWNS, dice.integers(1, 5), False)}  # noqa: FBT003  NumPy's own order
        for _ in range(ROWS)
    ]
    free = dice.random((2, UNKNOWNS)) < 0.6
    return Sparse.of(rows), dice.random(ROWS) < 0.5, Directions(*free)


def _can_move(rows: Sparse, may_rise: np.ndarray, free: Directions, unknown: int, by: int) -> bool:
    matrix = np.zeros((ROWS, UNKNOWNS))
    matrix[rows.rows, rows.columns] = rows.factors
    least, most = np.where(free.down, -100.0, 0), np.where(free.up, 100.0, 0)
    # Half of the way at least, so that no rounding is taken for a move.
    (least if by > 0 else most)[unknown] = 0.5 * by
    if least[unknown] > most[unknown]:
        return False
    sums = LinearConstraint(matrix, 0, np.where(may_rise, np.inf, 0))
    return bool(milp(np.zeros(UNKNOWNS), constraints=[sums], bounds=Bounds(least, most)).status == 0)


@pytest.mark.parametrize("seed", range(60))
def test_what_can_move_is_never_said_not_to(seed: int) -> None:
    """And what is said not to move cannot."""
    rows, may_rise, free = _drawn(seed)
    left = free.within(rows, may_rise)
    for unknown in range(UNKNOWNS):
        for by, said in ((1, left.up[unknown]), (-1, left.down[unknown])):
            assert said or not _can_move(rows, may_rise, free, unknown, by)
    assert not (left.up & ~free.up).any()
    assert not (left.down & ~free.down).any()


def test_much_is_said_not_to_move() -> None:
    """Of what cannot, nearly all: else the solver were asked for nothing."""
    said = cannot = 0
    for seed in range(20):
        rows, may_rise, free = _drawn(seed)
        left = free.within(rows, may_rise)
        for unknown in range(UNKNOWNS):
            for by, is_left in ((1, left.up[unknown]), (-1, left.down[unknown])):
                if not _can_move(rows, may_rise, free, unknown, by):
                    cannot, said = cannot + 1, said + (not is_left)
    assert cannot > 100
    assert said > 0.7 * cannot


def test_of_a_total_and_its_parts_one_part_moves_if_another_does() -> None:
    """The total is told; of three parts one is, and one may only fall: so the third may only rise."""
    parts = Sparse.of([{0: -1, 1: 1, 2: 1, 3: 1}])
    free = Directions(np.array([False, False, True, True]), np.array([False, False, False, True]))
    left = free.within(parts, np.array([False]))
    assert left.down.tolist() == [False, False, True, False]
    assert left.up.tolist() == [False, False, False, True]


def test_a_part_within_a_told_count_cannot_rise_where_it_has_no_room() -> None:
    """Everybody of the count is in the part: the part may fall, and cannot rise."""
    within = Sparse.of([{0: 1, 1: -1}])
    free = Directions(np.array([False, True]), np.array([False, True]))
    rows, may_rise = stays_or_rises(Sparse.of([{0: 1}]), within, (np.array([], dtype=int), np.array([0])))
    left = free.within(rows, may_rise)
    assert left.down.tolist() == [False, True]
    assert left.up.tolist() == [False, False]


@pytest.fixture(name="asked")
def _asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, bool]]:
    """Ask the solver as well, whatever is said before; give what was said, and whether it found a donor."""
    found: list[tuple[bool, bool]] = []
    say = AreaSearch.may_donate

    def may_donate(search: AreaSearch, coordinate: int, by: int, bound: np.ndarray, *, freely: bool) -> bool:
        said = say(search, coordinate, by, bound, freely=freely)
        donor = search.donate(coordinate, by, bound)
        hides = donor is not None and bool(search.pattern.told[donor.moves.unknowns].any())
        found.append((said, donor is not None and not (freely and hides)))
        return said

    monkeypatch.setattr(AreaSearch, "may_donate", may_donate)
    return found


def test_no_donor_is_missed(asked: list[tuple[bool, bool]]) -> None:
    """In a release from nothing, and in that of the next month, where most counts stay as they were told."""
    facts, calendar = realistic_networks.network(AREAS), realistic_networks.CALENDAR
    earlier = replace(calendar, months=calendar.months - 1)
    first = making.decisions(facts, earlier)
    making.decisions(facts, calendar, making.kept(earlier, first))
    assert len(asked) > 50
    assert not any(is_found and not said for said, is_found in asked)
    refused = sum(not said for said, _ in asked)
    assert refused > 0.9 * sum(not is_found for _, is_found in asked)
