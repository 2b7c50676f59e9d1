"""How much of a network's report could be told at most, whatever is decided: a bound that no release can exceed.

A told sum must not be small for anybody, nor differ by few from a told one that it holds: for a lead, and for each
coordinator, who takes the own area off. Nor may two told counts of one area differ so. These are not all conditions,
so that less may be possible. The most counts that keep them are found by an integer programme.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from services.reporting.releasing.cells import Count
from services.reporting.releasing.network import Network
from services.reporting.releasing.pattern import holding
from services.reporting.releasing.released import NETWORK
from services.reporting.releasing.tables import AreaTable
from tests.oracles.release_intruder import THRESHOLD

InReport = Callable[[str, Count], bool]
SHARE_GAP: Final = 1e-9


def most_told(networks: Iterable[Network], in_report: InReport) -> tuple[int, int]:
    """Give how many counts of five or more of a report could be told at most, and how many there are."""
    most = everything = 0
    for network in networks:
        for area in network.areas:
            values = area.by_cell()
            large = sum(in_report(area.area, each.cell) and values[each.cell] >= THRESHOLD for each in area.cells)
            most, everything = most + large, everything + large
        weights = _weights(network, in_report)
        most += _heaviest_sums(network, weights)
        everything += sum(weights.values())
    return most, everything


def _weights(network: Network, in_report: InReport) -> dict[int, int]:
    """Give how many counts of the report each sum of five or more is."""
    found: dict[int, int] = {}
    for each in network.table.cells:
        unknown = network.table.place[each.cell]
        if each.in_network and in_report(NETWORK, each.cell) and network.table.values[unknown] >= THRESHOLD:
            found[unknown] = found.get(unknown, 0) + 1
    return found


def most_told_of_areas(networks: Iterable[Network]) -> tuple[int, int]:
    """Give how many counts of five or more of areas could be told at most, and how many there are."""
    most = everything = 0
    for area in (area for network in networks for area in network.areas):
        weights: dict[int, int] = {}
        for each in area.cells:
            unknown = area.place[each.cell]
            if each.by_area and area.values[unknown] >= THRESHOLD:
                weights[unknown] = weights.get(unknown, 0) + 1
        most += _heaviest(list(weights), weights, list(_conflicts_within(area, list(weights))))
        everything += sum(weights.values())
    return most, everything


def _heaviest_sums(network: Network, weights: Mapping[int, int]) -> int:
    """Give the weight of the heaviest set of sums of which each, and each two, may be told."""
    others = network.table.values[None, :] - np.vstack((network.by_area, np.zeros_like(network.table.values)))
    free = [sum_ for sum_ in weights if not _is_small(others[:, sum_])]
    return _heaviest(free, weights, list(_conflicts(network, others, free)))


def _heaviest(free: list[int], weights: Mapping[int, int], conflicts: list[np.ndarray]) -> int:
    """Give the weight of the heaviest set of counts no two of which are in conflict."""
    if not free:
        return 0
    result: Any = milp(
        -np.array([weights[each] for each in free], dtype=float),
        constraints=[LinearConstraint(np.array(conflicts), -np.inf, 1)] if conflicts else [],
        bounds=Bounds(0, 1),
        integrality=np.ones(len(free), dtype=int),
        options={"mip_rel_gap": SHARE_GAP},
    )
    assert result.status == 0, result.message
    return round(-float(result.fun))


def _conflicts_within(area: AreaTable, free: list[int]) -> Iterator[np.ndarray]:
    """Give each two counts of an area, one within the other, that differ by few people."""
    apart = area.values[free][:, None] - area.values[free][None, :]
    some = holding(area)[np.ix_(free, free)] & (apart > 0) & (apart < THRESHOLD)
    for both in zip(*np.nonzero(some), strict=True):
        row = np.zeros(len(free))
        row[list(both)] = 1
        yield row


def _conflicts(network: Network, others: np.ndarray, free: list[int]) -> Iterator[np.ndarray]:
    for number, longer in enumerate(free):
        for place, shorter in enumerate(free):
            if (
                longer != shorter
                and network.holds[longer, shorter]
                and _is_small(others[:, longer] - others[:, shorter])
            ):
                row = np.zeros(len(free))
                row[[number, place]] = 1
                yield row


def _is_small(counts: np.ndarray) -> bool:
    return bool(((counts > 0) & (counts < THRESHOLD)).any())
