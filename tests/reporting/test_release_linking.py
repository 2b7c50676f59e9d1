"""The cheapest way between two groups of a graph's nodes, held against a shortest path of SciPy's."""

import itertools
import random

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from services.reporting.releasing.calendar import Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.cuts import Edge, Graph
from services.reporting.releasing.linking import BLOCKED, Linking
from shared.law import SMALLEST_TOLD

NODES, EDGES = 40, 90
HIDDEN = 0


def _drawn(dice: random.Random) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw edges between nodes, what each costs, and the group of each node: the number of its first."""
    ends = np.array([dice.sample(range(NODES), 2) for _ in range(EDGES)], dtype=np.int64)
    costs = np.array([dice.choice((BLOCKED, HIDDEN, 1, 3, 10, 30)) for _ in range(EDGES)], dtype=np.int64)
    groups = np.arange(NODES)
    for _ in range(10):
        one, other = sorted(groups[dice.sample(range(NODES), 2)].tolist())
        groups[groups == other] = one
    return ends, costs, groups


@pytest.mark.parametrize("seed", range(40))
def test_a_way_costs_as_little_as_any(seed: int) -> None:
    """It leads from the group to a target, by no edge that is blocked; there is none where there can be none."""
    ends, costs, groups = _drawn(random.Random(seed))  # noqa: S311  drawn from a seed
    start, *targets = np.unique(groups)[[0, -1, -2]].tolist()
    way = Linking.of(ends, NODES).cheapest(groups, start, set(targets), costs)
    least: dict[tuple[int, int], float] = {}
    for (one, other), cost in zip(groups[ends].tolist(), costs.tolist(), strict=True):
        if cost != BLOCKED and one != other:
            pair = (min(one, other), max(one, other))
            # SciPy takes an entry of nothing for no edge.
            least[pair] = min(least.get(pair, np.inf), cost + 1e-6)
    (rows, columns), lengths = np.array(list(least)).T, list(least.values())
    shortest = dijkstra(coo_array((lengths, (rows, columns)), (NODES, NODES)), directed=False, indices=start)
    cheapest = shortest[targets].min()
    assert sum(costs[way]) == (round(cheapest) if np.isfinite(cheapest) else 0)
    assert BLOCKED not in costs[way]
    assert HIDDEN not in costs[way]
    if np.isfinite(cheapest):
        joined = groups.copy()
        for edge in [*way, *np.flatnonzero(costs == HIDDEN).tolist()]:
            one, other = sorted(joined[ends[edge]].tolist())
            joined[joined == other] = one
        assert joined[start] in joined[targets]


def test_what_few_did_is_joined_by_the_shortest_way_and_not_by_what_is_smallest_beside_it() -> None:
    """A month of few, beside one of many; from where it begins a row of much smaller ones leads elsewhere."""
    few = _edge("begin", "end", hundredths=300, people=3)
    many = _edge("begin", "end", hundredths=9_000, people=40)
    row = ["begin", *(f"node {number}" for number in range(20)), "end"]
    smaller = [_edge(one, other, hundredths=100, people=6) for one, other in itertools.pairwise(row)]
    graph = Graph([few, many, *smaller], SMALLEST_TOLD)
    graph.hidden[0] = True
    assert list(graph.faults())
    graph.protect()
    assert np.flatnonzero(graph.hidden).tolist() == [0, 1]
    assert not list(graph.faults())


def _edge(one: str, other: str, *, hundredths: int, people: int) -> Edge:
    return Edge(("urbanplanen", Count("attendances", Months(0, 0))), (one, other), hundredths, {"urbanplanen": people})
