"""The other worlds that certificates stand for, each as the counts that everybody would then have."""

from collections.abc import Iterator, Mapping

import numpy as np

from services.reporting.releasing.calendar import Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.certificates import Certificate, Moves
from services.reporting.releasing.decision import Decision

Counts = dict[tuple[str, Count], int]


def truth(decision: Decision) -> Counts:
    """Give all counts of all areas as they are."""
    return _counts(decision, {})


def worlds(decision: Decision, known: str = "") -> Iterator[tuple[Certificate, Counts]]:
    """Give each certificate with all counts of its world, for a coordinator of whose area nothing moves."""
    names = [pattern.table.area for pattern in decision.patterns]
    spared = names.index(known) if known in names else -1
    for certificate in decision.certificates:
        if spared in {moves.area for moves in certificate.moves}:
            continue
        moved: dict[int, np.ndarray] = {}
        for moves in (*certificate.moves, *_back(decision, certificate, spared)):
            once = moved.setdefault(
                moves.area, np.zeros(len(decision.patterns[moves.area].table.values), dtype=np.int64)
            )
            once[moves.unknowns] += moves.by
        yield certificate, _counts(decision, moved)


def _back(decision: Decision, certificate: Certificate, spared: int) -> Iterator[Moves]:
    if certificate.backs:
        yield from next(back for back in certificate.backs if all(moves.area != spared for moves in back))
        return
    network, own = decision.network, {moves.area for moves in certificate.moves}
    left = sum(network.moved(moves.area, moves.unknowns, moves.by) for moves in certificate.moves)
    left = np.where(network.bound, left, 0)
    for donor in decision.donors.all:
        missing = -int(left[donor.coordinate])
        if donor.moves.area in own or donor.moves.area == spared or missing * donor.step <= 0:
            continue
        times = min(donor.times, abs(missing) // abs(donor.step))
        if times:
            left[donor.coordinate] += times * donor.step
            yield Moves(donor.moves.area, donor.moves.unknowns, times * donor.moves.by)
    assert not left.any()


def _counts(decision: Decision, moved: Mapping[int, np.ndarray]) -> Counts:
    found: Counts = {}
    for number, pattern in enumerate(decision.patterns):
        table = pattern.table
        values = (table.values + moved.get(number, 0)).tolist()
        for cell, unknown in table.place.items():
            found[table.area, cell] = values[unknown]
        months = sum(cell.name == "so_far" for cell in table.place)
        found.update(new_by_month(found, table.area, months))
    return found


def new_by_month(found: Mapping[tuple[str, Count], int], area: str, months: int) -> Counts:
    """Give how many were new in an area in each month, from how many were by then."""
    new: Counts = {}
    so_far = 0
    for month in range(months):
        now = found.get((area, Count("so_far", Months(0, month))), so_far)
        new[area, Count("new in month", Months(month, month))] = now - so_far
        so_far = now
    return new
