"""Graphs of cells and sums: which cuts of hidden ones tell of few people, and what is hidden against it. Pure.

At each node what comes in goes out: parts add up to their sums. So whatever follows from told edges by adding and
subtracting is what hidden edges carry over a cut. A cut whose hidden edges are of five different people or more, or of
nobody, tells of no few; nor does one that nothing told crosses. Nodes that no other cut parts are one group. Where of
all groups that hidden edges hold together one alone is crossed by what is told, nothing follows of 1 to 4 people.
"""

import functools
import operator
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.reporting.releasing import crowds
from services.reporting.releasing.arrays import Flags, Numbers
from services.reporting.releasing.cells import Count
from services.reporting.releasing.crowds import Crowd
from services.reporting.releasing.linking import BLOCKED, Linking
from services.reporting.releasing.released import NETWORK
from services.reporting.releasing.ways import Between, numbered

NOBODY: Final = "nobody"
# How many times as much an edge costs as one of the next lower rank; and what one of rank 0 costs beside its amount.
DEARER: Final = 4
DEAREST_AMOUNT: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Leaf:
    """What was done in an area in a month: hundredths, who is known to have, and how many were there at least."""

    hundredths: int
    people: Crowd = crowds.NOBODY
    at_once: int = 0

    @property
    def count(self) -> int:
        """Give how many different people it is the sum over, at least."""
        return max(self.people.bit_count(), self.at_once)


def together(leaves: Iterable[Leaf]) -> int:
    """Give how many different people of one area some leaves are the sum over, at least."""
    some = list(leaves)
    people = functools.reduce(operator.or_, (leaf.people for leaf in some), crowds.NOBODY)
    return max(people.bit_count(), max((leaf.at_once for leaf in some), default=0))


@dataclass(frozen=True)
class Edge:
    """A cell or a sum, of an area or the network, between two nodes; `counts` are the people in it by area, at least.

    A cell has its `leaf`; a sum has none. One of a lower `rank` is hidden before one of a higher.
    """

    place: tuple[str, Count]
    nodes: tuple[str, str]
    hundredths: int
    counts: Mapping[str, int]
    leaf: Leaf | None = None
    rank: int = 0

    @cached_property
    def count(self) -> int:
        """Give how many people it is the sum over."""
        return sum(self.counts.values())

    @cached_property
    def count_for_the_largest(self) -> int:
        """Give how many are left for whoever takes off the area with most people in it."""
        return self.count - max(self.counts.values(), default=0)

    def count_for(self, own: str) -> int:
        """Give how many are left for whoever takes the own area off."""
        return self.count - self.counts.get(own, 0)


class _Groups:
    """Nodes in groups, which are joined; some nodes are shared by all areas. A group has the number of its first."""

    def __init__(self, shared: Flags) -> None:
        self._leader = np.arange(len(shared))
        # Of each group, by its first node, whether it has shared nodes.
        self.shared = shared.copy()

    def of(self, node: int) -> int:
        """Give the node that stands for a node's group."""
        while (next_one := int(self._leader[node])) != node:
            node = next_one
        return node

    def join(self, one: int, other: int) -> bool:
        """Make the groups of two nodes one; tell whether both had shared nodes."""
        first, second = sorted((self.of(one), self.of(other)))
        if first == second:
            return False
        self._leader[second] = first
        both = bool(self.shared[first] and self.shared[second])
        self.shared[first] |= self.shared[second]
        return both

    def join_all(self, ends: Numbers) -> None:
        """Join the groups of the ends of edges: again and again each group to the first one that it meets."""
        leader = self.of_all()
        while len(ends := _apart(leader[ends])):
            leader = leader.copy()
            np.minimum.at(leader, ends[:, 1], ends[:, 0])
            leader = _followed(leader)
        self._leader = leader
        self.shared[leader[self.shared]] = True

    def of_all(self) -> Numbers:
        """Give the group of every node."""
        self._leader = _followed(self._leader)
        return self._leader


def _followed(leader: Numbers) -> Numbers:
    """Give the first of all nodes that lead to one another, for each of them."""
    while (leader != (further := leader[leader])).any():
        leader = further
    return leader


def _apart(ends: Numbers) -> Numbers:
    """Give the ends that are different, the lower first."""
    found: Numbers = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    return found


@dataclass(frozen=True)
class Parted:
    """A group of nodes that is told of as of few people, with the `others` that hidden edges hold it together with.

    `groups` has the group of each node.
    """

    groups: Numbers
    group: int
    others: Collection[int]


class Graph:
    """Cells and sums, by number; what is hidden of them only grows, and what was told before stays told."""

    def __init__(self, edges: Sequence[Edge], threshold: int) -> None:
        self.edges, self._threshold = edges, threshold
        self.hidden: Flags = np.zeros(len(edges), dtype=np.bool_)
        self.public: Flags = np.zeros(len(edges), dtype=np.bool_)
        self.areas = sorted({area for edge in edges for area in edge.counts})
        # The areas without which fewer nodes would be one group: for others nothing is different without their own.
        self._needed: set[str] = set()
        self._names = sorted({node for edge in edges for node in edge.nodes})
        place = {node: number for number, node in enumerate(self._names)}
        self._ends = np.array([[place[node] for node in edge.nodes] for edge in edges], dtype=np.int64).reshape(-1, 2)
        self._counts = np.array([edge.count for edge in edges], dtype=np.int64)
        self._linking = Linking.of(self._ends, len(self._names))
        amounts = np.array([abs(edge.hundredths) for edge in edges], dtype=np.int64)
        ranks = np.array([edge.rank for edge in edges], dtype=np.int64)
        self._costs = DEAREST_AMOUNT * DEARER**ranks + amounts * DEAREST_AMOUNT // (1 + amounts.max(initial=0))
        self._of_area = np.array([edge.place[0] for edge in edges])
        self._area_names = sorted({NETWORK, *self._of_area.tolist()})
        self._area_numbers = {area: number for number, area in enumerate(self._area_names)}
        self._area_of = np.array([self._area_numbers[edge.place[0]] for edge in edges], dtype=np.int64)
        self._of_network = np.flatnonzero(self._of_area == NETWORK)
        self._shared = np.zeros(len(self._names), dtype=np.bool_)
        self._shared[self._ends[self._of_network]] = True
        # Of edges: of how many people they are by area, of how many in all, and which of them are the network's.
        self._together: dict[tuple[int, ...], tuple[Mapping[str, int], int, list[Edge]]] = {}

    def protect(self) -> None:
        """Hide more, the smallest first, until nothing follows of few people, for anybody."""
        self._hide_for_all()
        is_changed = True
        while is_changed:
            is_changed = False
            self._hide_for(NOBODY)
            for own in sorted(self._needed | self._of_weakened_sums()):
                is_changed |= self._hide_for(own)

    def _hide_for_all(self) -> None:
        """Hide what follows for everybody. What is one group stays one when more is hidden, so that it is kept."""
        groups = _Groups(self._shared)
        while (parted := self._parted_by_few(groups, NOBODY, set())) and self._hide_all(parted, NOBODY):
            pass

    def faults(self) -> Iterator[str]:
        """Say for whom something follows of few people."""
        for own in (NOBODY, *self.areas):
            for each in self.unsafe(own):
                nodes = [self._names[node] for node in np.flatnonzero(each.groups == each.group).tolist()]
                yield f"what {nodes} add up to is of few people, for {own}"

    def unsafe(self, own: str) -> list[Parted]:
        """Give the groups of nodes that a cut of few people parts, for whoever takes the own area off."""
        groups, needed = _Groups(self._shared), set[str]()
        if own == NOBODY:
            strong = np.flatnonzero(self.hidden & (self._counts >= self._threshold))
            needed |= {self.edges[number].place[0] for number in _joining(strong, self._ends, self._shared)}
        parted = self._parted_by_few(groups, own, needed)
        if own == NOBODY:
            self._needed = needed - {NETWORK}
        return parted

    def _parted_by_few(self, groups: _Groups, own: str, needed: set[str]) -> list[Parted]:
        """Join what no cut of few people parts, and give what is parted; put down which areas it `needed`."""
        hidden = np.flatnonzero(self.hidden)
        counts = self._counts_for(own)[hidden]
        weak = hidden[(counts > 0) & (counts < self._threshold)]
        groups.join_all(self._ends[hidden[counts >= self._threshold]])
        needed |= self._join_where_many(groups, weak, own)
        of_all = groups.of_all()
        weak_ends = _apart(of_all[self._ends[weak]])
        if not len(weak_ends):
            return []
        held = _Groups(np.zeros(len(self._names), dtype=np.bool_))
        held.join_all(weak_ends)
        return self._parted(of_all, held.of_all(), own)

    def _counts_for(self, own: str) -> Numbers:
        """Give how many people each edge is the sum over, for whoever takes the own area off."""
        counts = self._counts.copy()
        if own != NOBODY:
            counts[self._of_area == own] = 0
            owned = (self.edges[number].counts.get(own, 0) for number in self._of_network.tolist())
            counts[self._of_network] -= np.fromiter(owned, dtype=np.int64)
        return counts

    def _of_weakened_sums(self) -> set[str]:
        """Give the areas without which a hidden sum of the network is of few people."""
        sums = [self.edges[number] for number in self._of_network.tolist() if self.hidden[number]]
        return {
            area
            for edge in sums
            if edge.count_for_the_largest < self._threshold <= edge.count
            for area in edge.counts
            if edge.count_for(area) < self._threshold
        }

    def _join_where_many(self, groups: _Groups, weak: Numbers, own: str) -> set[str]:
        """Join groups between which hidden edges are of few people each, and of many together; give their areas."""
        needed: set[str] = set()
        is_changed = True
        while is_changed:
            is_changed = False
            ends = np.sort(groups.of_all()[self._ends[weak]], axis=1)
            apart = ends[:, 0] != ends[:, 1]
            weak, ends = weak[apart], ends[apart]
            for (one, other), by_area in self._between(weak, ends, own).of_many(groups.shared, self._threshold):
                if groups.of(one) != groups.of(other):
                    total = sum(by_area.values())
                    if groups.join(one, other):
                        few = {area for area, count in by_area.items() if total - count < self._threshold}
                        needed |= {self._area_names[area] for area in few}
                    is_changed = True
        return needed

    def _between(self, edges: Numbers, ends: Numbers, own: str) -> Between:
        """Give between which groups edges lie, and of how many people of each area they are together."""
        pairs, ends_of_pairs = numbered(ends)
        alone = np.bincount(pairs)[pairs] == 1
        several: dict[int, list[int]] = {}
        for number, pair in zip(edges[~alone].tolist(), pairs[~alone].tolist(), strict=True):
            several.setdefault(pair, []).append(number)
        of_several = [
            (pair, self._area_numbers[area], count)
            for pair, numbers in several.items()
            for area, count in self._people(tuple(numbers), own).items()
        ]
        some = edges[alone]
        of_one = np.stack((pairs[alone], self._area_of[some], self._counts_for(own)[some]), axis=1)
        people = np.concatenate((of_one, np.array(of_several, dtype=np.int64).reshape(-1, 3)))
        return Between(ends_of_pairs, people)

    def _people(self, numbers: tuple[int, ...], own: str) -> Mapping[str, int]:
        """Give of how many different people of each area some edges are, at least; of the network's, of all areas."""
        if numbers not in self._together:
            edges = [self.edges[number] for number in numbers]
            by_area = _people(edges)
            of_network = [edge for edge in edges if edge.place[0] == NETWORK]
            self._together[numbers] = by_area, sum(by_area.values()), of_network
        people, count, of_network = self._together[numbers]
        sums = max(edge.count_for(own) for edge in of_network) if of_network else 0
        # People of two areas are different; those of the network's sums may be the same as these.
        return people if count >= sums else {NETWORK: sums}

    def _parted(self, groups: Numbers, held: Numbers, own: str) -> list[Parted]:
        """Give the groups that are crossed by what is told and held together with a larger one that is, too."""
        ends = groups[self._ends]
        told = (ends[:, 0] != ends[:, 1]) & (self._of_area != own) & ~self.hidden
        crossed, firsts = np.unique(ends[told], return_index=True)
        # Of each group the first of those that hidden edges hold it together with, in the order of the edges.
        of, seen = held[crossed], np.full(len(held), len(self.edges) * 2)
        np.minimum.at(seen, of, firsts)
        order = np.lexsort((crossed, np.bincount(groups)[crossed], seen[of]))
        crossed, of = crossed[order], of[order]
        held_together: dict[int, set[int]] = {}
        for group, first in zip(crossed.tolist(), of.tolist(), strict=True):
            held_together.setdefault(first, set()).add(group)
        is_smaller = of[:-1] == of[1:]
        some = zip(crossed[:-1][is_smaller].tolist(), of[:-1][is_smaller].tolist(), strict=True)
        return [Parted(groups, group, held_together[first] - {group}) for group, first in some]

    def _hide_for(self, own: str) -> bool:
        """Hide until nothing follows for whoever takes the own area off; tell whether anything had to be hidden."""
        is_changed = False
        while (parted := self.unsafe(own)) and self._hide_all(parted, own):
            is_changed = True
        return is_changed

    def _hide_all(self, parted: Iterable[Parted], own: str) -> bool:
        """Hide for each group what makes it one with another; tell whether there was anything to hide."""
        counts, is_changed = self._counts_for(own), False
        is_free = (counts >= self._threshold) & (self._of_area != own)
        for each in parted:
            costs = np.where(is_free & ~self.public, self._costs, BLOCKED)
            costs[self.hidden] = np.where(is_free, 0, BLOCKED)[self.hidden]
            way = self._linking.cheapest(each.groups, each.group, each.others, costs) or self._border(each, own)
            self.hidden[way] = True
            is_changed |= bool(len(way))
        return is_changed

    def _border(self, parted: Parted, own: str) -> list[int]:
        """Give the cheapest told edge that crosses a group's border, where there is any."""
        inside = (parted.groups == parted.group)[self._ends]
        crosses = (inside[:, 0] != inside[:, 1]) & (self._of_area != own) & ~self.hidden & ~self.public
        free = np.flatnonzero(crosses)
        return free[np.argmin(self._costs[free])][None].tolist() if len(free) else []


def _joining(edges: Numbers, ends: Numbers, shared: Flags) -> list[int]:
    """Join the groups of the ends of edges, one by one; give the edges both of whose groups had shared nodes."""
    groups, found = list(range(len(shared))), []
    is_shared = shared.tolist()
    for edge, (one, other) in zip(edges.tolist(), ends[edges].tolist(), strict=True):
        first, second = sorted((_first(groups, one), _first(groups, other)))
        if first != second:
            groups[second] = first
            if is_shared[first] and is_shared[second]:
                found.append(edge)
            is_shared[first] |= is_shared[second]
    return found


def _first(groups: list[int], node: int) -> int:
    while (next_one := groups[node]) != node:
        groups[node] = groups[next_one]
        node = next_one
    return node


def _people(edges: Iterable[Edge]) -> Mapping[str, int]:
    """Give of how many different people of each area some edges are, at least, without those of the network."""
    by_area: dict[str, list[Leaf]] = {}
    for edge in edges:
        if edge.place[0] != NETWORK:
            by_area.setdefault(edge.place[0], []).append(edge.leaf or Leaf(0, crowds.NOBODY, edge.count))
    return {area: together(leaves) for area, leaves in by_area.items()}
