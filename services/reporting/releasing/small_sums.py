"""Small sums of the network, and those that are small for whoever takes the own area off: their certificates. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Reals
from services.reporting.releasing.certificates import Certificate, Donors, Moves
from services.reporting.releasing.network import Network
from services.reporting.releasing.searching import Allowance, AreaSearch, WantedMove
from shared.law import SMALLEST_TOLD

# What a hidden small count must be able to be.
ENDS: Final = (1, SMALLEST_TOLD - 1)
# How far the values must lie apart that a hidden difference of few people can have.
APART: Final = SMALLEST_TOLD - 2
OF_NETWORK: Final = -1
NOBODY: Final = -1
# How many areas are asked to move, one after another.
ASKED: Final = 12


def small_sums(network: Network) -> Iterator[tuple[int, int, int]]:
    """Give each sum that is small for somebody, who takes it off (-1 for nobody), and what is left."""
    values, parts = network.table.values, network.by_area
    for total in np.flatnonzero(network.is_told_of).tolist():
        if 0 < values[total] < SMALLEST_TOLD:
            yield total, NOBODY, int(values[total])
        left = values[total] - parts[:, total]
        for area in np.flatnonzero((parts[:, total] > 0) & (left > 0) & (left < SMALLEST_TOLD)).tolist():
            yield total, area, int(left[area])


def small_differences(network: Network) -> Iterator[tuple[int, int]]:
    """Give each two told sums, one within the other, that differ by a small number of people for somebody."""
    told, values, parts = ~network.hidden, network.table.values, network.by_area
    for longer in np.flatnonzero(told).tolist():
        inside = np.flatnonzero(network.holds[longer] & told & (values < values[longer]))
        apart = values[longer] - values[inside]
        left = apart[None, :] - (parts[:, [longer]] - parts[:, inside])
        small = ((left > 0) & (left < SMALLEST_TOLD)).any(axis=0) | (apart < SMALLEST_TOLD)
        yield from ((longer, each) for each in inside[small].tolist())


def hide_small_differences(network: Network, cost: Reals) -> None:
    """Hide the cheaper one of each two such sums."""
    for longer, shorter in list(small_differences(network)):
        free = [each for each in (longer, shorter) if not network.public[each]]
        if free and not network.hidden[[longer, shorter]].any():
            network.hide(np.array([min(free, key=lambda each: (cost[each], each))]))


def targets(network: Network) -> Iterator[Certificate]:
    """Give what each of them has to be able to be."""
    for total, area, value in list(small_sums(network)):
        network.unbind(total)
        yield from (Certificate(OF_NETWORK, total, end, (), area) for end in ENDS if end != value)


def is_of(certificate: Certificate, network: Network) -> bool:
    """Tell whether a sum has the certificate's value where its moves are made."""
    own = int(network.by_area[certificate.but, certificate.unknown]) if certificate.but != NOBODY else 0
    moved = int(network.moved_sums(certificate.moves)[certificate.unknown])
    return int(network.table.values[certificate.unknown]) - own + moved == certificate.value


def _moves(search: AreaSearch, wanted: WantedMove, allowed: Allowance) -> tuple[Moves | None, int]:
    """Move an unknown of an area as wanted, or as near to it as can be; what it moves is hidden."""
    for part in range(wanted.by, 0, -1 if wanted.by > 0 else 1):
        for silently in (False, True):
            found = search.reach(replace(wanted, by=part), allowed, silently=silently)
            if found is not None:
                moves = Moves.of(search.area, found)
                search.pattern.hide_moved(moves.unknowns, moves.by)
                return moves, part
    return None, 0


def reach(target: Certificate, network: Network, searches: Sequence[AreaSearch], donors: Donors) -> Certificate | None:
    """Let areas move, one after another, until the sum has its value; None where they cannot."""
    total, but = target.unknown, target.but
    own = int(network.by_area[but, total]) if but != NOBODY else 0
    left = target.value - (int(network.table.values[total]) - own)
    moves: list[Moves] = []
    in_order = np.argsort(-network.by_area[:, total], kind="stable").tolist()
    for number in [each for each in in_order if each != but][:ASKED]:
        part = int(network.by_area[number, total])
        by = max(left, -part)
        unknown = next((searches[number].table.place[cell] for cell in network.cells_of(total, number)), None)
        if not by or unknown is None:
            continue
        down, up = donors.without((number,))
        moved, by = _moves(searches[number], WantedMove(unknown, by), Allowance(up, down, network.bound))
        if moved is not None:
            moves.append(moved)
            left -= by
        if not left:
            return replace(target, moves=tuple(moves))
    return None
