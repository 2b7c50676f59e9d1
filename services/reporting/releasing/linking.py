"""What is hidden so that two groups of a graph's nodes become one: the cheapest way of told edges between them. Pure.

Each edge of the way is of many people, so that no cut of few parts what it leads through.
"""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from services.reporting.releasing.arrays import Numbers

# An edge that must not be used.
BLOCKED = -1


@dataclass(frozen=True)
class Linking:
    """The edges of a graph by their nodes: those of node i stand from `begins[i]` to before `begins[i + 1]`."""

    ends: Numbers
    begins: Numbers
    edges: Numbers

    @classmethod
    def of(cls, ends: Numbers, nodes: int) -> "Linking":
        """Make it of the two ends of each edge."""
        order = np.argsort(ends.T.ravel(), kind="stable")
        begins = np.searchsorted(ends.T.ravel()[order], np.arange(nodes + 1))
        return cls(ends, begins, np.tile(np.arange(len(ends)), 2)[order])

    def cheapest(self, groups: Numbers, start: int, targets: Collection[int], costs: Numbers) -> list[int]:
        """Give the edges of the cheapest way from a group to one of the targets; none where there is no way.

        `groups` has the group of each node, and `costs` what each edge costs; one that costs nothing is hidden already.
        """
        came: dict[int, tuple[int, int]] = {}
        waiting = [(0, start, -1, start)]
        while waiting:
            cost, group, edge, before = heapq.heappop(waiting)
            if group in came:
                continue
            came[group] = edge, before
            if group in targets:
                return [each for each in self._back(came, group) if costs[each] > 0]
            for edge, neighbour in self._beside(groups, group, costs):
                if neighbour not in came:
                    heapq.heappush(waiting, (cost + int(costs[edge]), neighbour, edge, group))
        return []

    def _beside(self, groups: Numbers, group: int, costs: Numbers) -> Iterator[tuple[int, int]]:
        """Give the edges that lead out of a group, with the groups that they lead to."""
        nodes = np.flatnonzero(groups == group)
        lengths = self.begins[nodes + 1] - self.begins[nodes]
        places = np.arange(lengths.sum()) + np.repeat(self.begins[nodes] - np.cumsum(lengths) + lengths, lengths)
        edges = self.edges[places]
        edges = edges[costs[edges] != BLOCKED]
        ends = groups[self.ends[edges]]
        neighbours = np.where(ends[:, 0] == group, ends[:, 1], ends[:, 0])
        out = neighbours != group
        return zip(edges[out].tolist(), neighbours[out].tolist(), strict=True)

    @staticmethod
    def _back(came: dict[int, tuple[int, int]], group: int) -> Iterator[int]:
        edge, before = came[group]
        while before != group:
            yield edge
            group = before
            edge, before = came[group]
