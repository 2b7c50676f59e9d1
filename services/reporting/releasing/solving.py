"""Linear programmes by HiGHS: the only module that imports it. What it gives is rounded, and has to be checked exactly.

Source: Q. Huangfu and J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical Programming
Computation 10, 2018.
"""

from typing import Final

import highspy
import numpy as np

from services.reporting.releasing.arrays import Numbers, Reals
from services.reporting.releasing.tables import Sparse
from shared.law import SMALLEST_TOLD

WITHOUT_END: Final = float(highspy.kHighsInf)
# How far from a whole number a solution may be, and is still taken for one.
ROUNDING: Final = 1e-6
MOST_NODES: Final = 200
# A sum that may move by so much at most is in the model from the beginning; others come in once one moves too far.
NEAR: Final = SMALLEST_TOLD - 1.0


class _Silent(highspy.Highs):
    """HiGHS, which else writes its name to standard output when the first of it is made."""

    def enableCallbacks(self) -> None:  # noqa: N802  its own name: it is called when one is made
        self.setOptionValue("output_flag", False)  # noqa: FBT003  its own way of taking options
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # its class has no types


class Moving:
    """One area's unknowns, by how much each can move: the cheapest way in which one moves by a number.

    The model stays in HiGHS from one question to the next, which then begins where the last one ended. `lines` are sums
    of moves that stay between `least` and `most`. Most of them could move much further than any question asks for, and
    HiGHS looks through all that it has at each question, so that it is told of those alone that have ever been `near`.
    """

    def __init__(self, lines: Sparse, unknowns: int, least: Reals, most: Reals, *, near: float = NEAR) -> None:
        self._count, self._lines, self._nearness = unknowns, lines, near
        self._least, self._most = least, most
        # The lines in the model, by their rows there.
        self._rows = np.zeros(0, dtype=np.int64)
        self._is_in = np.zeros(len(least), dtype=np.bool_)
        self._bounds, self._costs = np.zeros(2 * unknowns), np.zeros(2 * unknowns)
        self._all = np.arange(2 * unknowns, dtype=np.int32)
        self._highs = _Silent()  # type: ignore[no-untyped-call]  # its class has no types
        for option, value in (
            ("log_to_console", False),
            ("presolve", "off"),
            ("threads", 1),
            ("random_seed", 0),
            # All factors are small whole numbers.
            ("simplex_scale_strategy", 0),
        ):
            self._highs.setOptionValue(option, value)
        self._highs.setOptionValue("mip_max_nodes", MOST_NODES)
        model = highspy.HighsLp()
        model.num_col_ = 2 * unknowns
        model.col_cost_ = model.col_lower_ = model.col_upper_ = np.zeros(2 * unknowns)
        self._highs.passModel(model)
        self._take_in(self._near())

    def allow(self, down: Numbers, up: Numbers, cost: Reals) -> None:
        """Say how far each unknown may go down and up, and what each unit of it costs.

        HiGHS is told of what has changed alone: whatever it is told it sorts and checks first.
        """
        bounds = np.concatenate((np.maximum(up, 0), np.maximum(down, 0))).astype(np.float64)
        costs = np.concatenate((cost, cost))
        if len(changed := self._all[bounds != self._bounds]):
            self._highs.changeColsBounds(len(changed), changed, np.zeros(len(changed)), bounds[changed])
        if len(changed := self._all[costs != self._costs]):
            self._highs.changeColsCost(len(changed), changed, costs[changed])
        self._bounds, self._costs = bounds, costs

    def keep(self, least: Reals, most: Reals) -> None:
        """Say between what each sum of moves has to stay."""
        is_changed = (least != self._least) | (most != self._most)
        self._least, self._most = least, most
        changed = np.flatnonzero(is_changed[self._rows]).astype(np.int32)
        if len(changed):
            lines = self._rows[changed]
            self._highs.changeRowsBounds(  # type: ignore[attr-defined]  # the types that it comes with leave it out
                len(changed), changed, least[lines], most[lines]
            )
        self._take_in(self._near())

    def _near(self) -> Numbers:
        """Give the lines that are not in the model and may move by little."""
        return np.flatnonzero(~self._is_in & ((self._least >= -self._nearness) | (self._most <= self._nearness)))

    def _take_in(self, lines: Numbers) -> None:
        """Take lines into the model. A move up and a move down are two columns, so that both cost."""
        if not len(lines):
            return
        chosen = self._lines.chosen(lines)
        columns = np.stack((chosen.columns, chosen.columns + self._count), axis=1).ravel().astype(np.int32)
        factors = np.stack((chosen.factors, -chosen.factors), axis=1).ravel().astype(np.float64)
        begins = 2 * chosen.begins[:-1].astype(np.int32)
        self._highs.addRows(len(lines), self._least[lines], self._most[lines], len(columns), begins, columns, factors)
        self._rows = np.concatenate((self._rows, lines))
        self._is_in[lines] = True

    def cheapest(self, unknown: int, by: int, beside: int = -1) -> Numbers | None:
        """Give the moves of all unknowns, the cheapest in which one moves by a number; None where there are none.

        The one `beside` it, where it is given, does not move.
        """
        some = [unknown] if beside < 0 else [unknown, beside]
        columns = np.array([*some, *(each + self._count for each in some)], dtype=np.int32)
        fixed = np.zeros(len(columns))
        fixed[0 if by > 0 else len(some)] = abs(by)
        self._highs.changeColsBounds(len(columns), columns, fixed, fixed)
        moves = self.any_moves()
        self._highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), self._bounds[columns])
        return moves

    def any_moves(self) -> Numbers | None:
        """Give the moves of all unknowns, the cheapest that keep all sums where they have to be."""
        moves = self._moves()
        if moves is not None and np.abs(moves - moves.round()).max() > ROUNDING:
            moves = self._whole()
        return None if moves is None else moves.round().astype(np.int64)

    def _moves(self) -> Reals | None:
        """Give the cheapest moves; lines that would move too far come in until none does."""
        while True:
            self._highs.run()
            if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            columns = np.fromiter(self._highs.getSolution().col_value, np.float64, 2 * self._count)
            moves: Reals = columns[: self._count] - columns[self._count :]
            too_far = self._too_far(moves)
            if not len(too_far):
                return moves
            self._take_in(too_far)

    def _too_far(self, moves: Reals) -> Numbers:
        moved = self._lines.times_real(moves)
        return np.flatnonzero(~self._is_in & ((moved < self._least - ROUNDING) | (moved > self._most + ROUNDING)))

    def _whole(self) -> Reals | None:
        """Ask once more, for whole numbers."""
        self._set_kind(highspy.HighsVarType.kInteger)
        moves = self._moves()
        self._set_kind(highspy.HighsVarType.kContinuous)
        return moves

    def _set_kind(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(2 * self._count, int(kind), dtype=np.uint8)
        self._highs.changeColsIntegrality(2 * self._count, self._all, kinds)
