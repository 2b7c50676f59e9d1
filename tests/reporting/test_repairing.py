"""Counts that stay and counts that move, made to agree again: what readers miss most goes on being told."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.calendar import Months
from services.reporting.releasing.cells import Count, FrameCell
from services.reporting.releasing.relations import total
from services.reporting.releasing.repairing import FARTHEST, NEVER, CountsAtOdds, repaired
from services.reporting.releasing.tables import AreaTable, table
from shared.law import SMALLEST_TOLD

WHOLE: Final = Months(0, 11)
TOTAL: Final = Count("participants", WHOLE)
BANDS: Final = [Count("participants", WHOLE, ("age_band", f"{number}")) for number in range(10)]
# What everybody misses is a hundred times what few do.
MISSED: Final = 100.0


def _bands(counts: Mapping[int, int]) -> AreaTable:
    """Give an area's counts by age band, and their sum."""
    counted = {band: counts.get(number, 12) for number, band in enumerate(BANDS)}
    cells = [FrameCell(cell, by_area=True, in_network=True) for cell in (TOTAL, *BANDS)]
    return table("area", cells, [total(TOTAL, BANDS)], {**counted, TOTAL: sum(counted.values())})


def _at_odds(now: AreaTable, was: AreaTable, untold: Sequence[Count] = ()) -> CountsAtOdds:
    """Let each count that moved by fewer than five stay as it was."""
    stays = np.abs(now.values - was.values) < SMALLEST_TOLD
    missed = np.ones(len(now.values))
    missed[now.place[TOTAL]] = MISSED
    told_then = np.ones(len(now.values), dtype=np.bool_)
    told_then[[now.place[cell] for cell in untold]] = False
    past = {number: (int(value),) for number, value in enumerate(was.values.tolist()) if told_then[number]}
    return CountsAtOdds(now, np.where(stays, was.values, now.values), was.values, told_then, past, missed)


def _lost(found: Numbers, at_odds: CountsAtOdds) -> list[int]:
    moved = np.abs(found - at_odds.was)
    near: list[int] = np.flatnonzero(at_odds.was_told & (moved > 0) & (moved < SMALLEST_TOLD)).tolist()
    return near


def test_a_total_that_moved_is_told_though_none_of_its_parts_has() -> None:
    """Of ten age bands six have one more: the total is six more, one band goes ahead by five, and one is withheld."""
    was, now = _bands({}), _bands(dict.fromkeys(range(6), 13))
    at_odds = _at_odds(now, was)
    found = repaired(at_odds)
    assert not now.exact.times(found).any()
    assert np.abs(found - now.values).max() <= FARTHEST
    of_total = now.place[TOTAL]
    assert found[of_total] - was.values[of_total] >= SMALLEST_TOLD
    assert len(_lost(found, at_odds)) <= 1


def test_a_total_that_moved_as_one_of_its_parts_did_takes_nothing_from_the_others() -> None:
    """A band has five more: both are told as they are."""
    was, now = _bands({}), _bands({3: 17})
    at_odds = _at_odds(now, was)
    assert (repaired(at_odds) == now.values).all()
    assert not _lost(repaired(at_odds), at_odds)


def test_what_was_hidden_moves_before_what_was_told() -> None:
    """Of two bands that were hidden each can go ahead by three, so that all others stay told as they were."""
    was, now = _bands({}), _bands(dict.fromkeys(range(6), 13))
    at_odds = _at_odds(now, was, BANDS[:2])
    assert not _lost(repaired(at_odds), at_odds)


def test_counts_that_were_not_there_are_taken_as_they_are() -> None:
    """Where nothing was before, nothing stays."""
    now = _bands({})
    never, nothing = np.full(len(now.values), NEVER), np.zeros(len(now.values), dtype=np.bool_)
    at_odds = CountsAtOdds(now, now.values, never, nothing, {}, np.ones(len(now.values)))
    assert (repaired(at_odds) == now.values).all()
