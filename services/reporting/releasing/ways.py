"""Groups of a graph's nodes with hidden edges of few people between them: of how many each cut is, all the same. Pure.

A group that no area shares lies on one side of a cut, so that of two ways that lead from it to other groups one crosses
each cut between these two: of as many people of an area as both ways have, at least.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.reporting.releasing.arrays import Flags, Numbers

Pair = tuple[int, int]


@dataclass(frozen=True)
class Between:
    """Pairs of groups, in the order of their first edges: `ends` has both groups of each, the lower first.

    A row of `people` has the number of a pair, that of an area, and of how many people of the area its edges are.
    """

    ends: Numbers
    people: Numbers

    def of_many(self, shared: Flags, threshold: int) -> Iterator[tuple[Pair, dict[int, int]]]:
        """Give the pairs between which each cut is of so many people, by area; `shared` tells which groups areas share.

        A pair that ways alone lead between comes after all others.
        """
        steps, ways = self._ways(shared)
        width = int(max(self.ends.max(initial=0), ways.max(initial=0))) + 1
        keys = _keys(np.concatenate((self.ends, ways)), width)
        pairs, first_keys = _in_order(keys)
        people = np.concatenate((self.people, self._people_of(steps, pairs[len(self.ends) :])))
        pairs, areas, counts = _most(people)
        some = (np.bincount(pairs, weights=counts) >= threshold)[pairs]
        found: dict[Pair, dict[int, int]] = {}
        for pair, area, count in zip(pairs[some].tolist(), areas[some].tolist(), counts[some].tolist(), strict=True):
            first, second = divmod(int(first_keys[pair]), width)
            found.setdefault((first, second), {})[area] = count
        yield from found.items()

    def _ways(self, shared: Flags) -> tuple[Numbers, Numbers]:
        """Give ways through one more group: the two pairs that each is made of, and the groups that it leads between.

        They go between neighbours of a group, each with the next one, and the first with all others.
        """
        turned = np.concatenate((self.ends, self.ends[:, ::-1]))
        number = np.tile(np.arange(len(self.ends)), 2)
        place = 2 * number + np.repeat((0, 1), len(self.ends))
        own = ~shared[turned[:, 0]]
        turned, number, place = turned[own], number[own], place[own]
        order = np.lexsort((turned[:, 1], turned[:, 0]))
        (through, to), number, place = turned[order].T, number[order], place[order]
        if not len(through):
            nothing = np.zeros((0, 2), dtype=np.int64)
            return nothing, nothing
        starts = np.flatnonzero(np.diff(through, prepend=-1))
        sizes = np.diff(starts, append=len(through))
        start, seen = np.repeat(starts, sizes), np.repeat(np.minimum.reduceat(place, starts), sizes)
        nth = np.arange(len(through)) - start
        next_ones, later = np.flatnonzero(nth > 0), np.flatnonzero(nth > 1)
        left, right = np.concatenate((next_ones - 1, start[later])), np.concatenate((next_ones, later))
        is_later = np.repeat((0, 1), (len(next_ones), len(later)))
        in_order = np.lexsort((right, is_later, seen[right]))
        left, right = left[in_order], right[in_order]
        return np.stack((number[left], number[right]), axis=1), np.stack((to[left], to[right]), axis=1)

    def _people_of(self, steps: Numbers, pairs: Numbers) -> Numbers:
        """Give rows of people of ways, each of which is one of `pairs`: the fewer of its two steps, by area."""
        width = int(self.people[:, 1].max(initial=0)) + 1
        keys = self.people[:, 0] * width + self.people[:, 1]
        order = np.argsort(keys)
        keys, (numbers, areas, counts) = keys[order], self.people[order].T
        begins = np.searchsorted(numbers, np.arange(len(self.ends) + 1))
        lengths = np.diff(begins)[steps[:, 0]]
        ways = np.repeat(np.arange(len(steps)), lengths)
        rows = np.arange(len(ways)) + np.repeat(begins[steps[:, 0]] - np.cumsum(lengths) + lengths, lengths)
        wanted = steps[ways, 1] * width + areas[rows]
        others = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        both = keys[others] == wanted
        least = np.minimum(counts[rows], counts[others])
        found: Numbers = np.stack((pairs[ways], areas[rows], least), axis=1)[both]
        return found


def _keys(ends: Numbers, width: int) -> Numbers:
    """Give each two groups as one number."""
    found: Numbers = ends[:, 0] * width + ends[:, 1]
    return found


def _in_order(keys: Numbers) -> tuple[Numbers, Numbers]:
    """Number keys by their first places; give the number of each, and the key of each number."""
    found, firsts, places = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    number = np.empty(len(found), dtype=np.int64)
    number[order] = np.arange(len(found))
    return number[places], found[order]


def numbered(ends: Numbers) -> tuple[Numbers, Numbers]:
    """Number pairs of groups by their first places; give the number of each, and both groups of each number."""
    width = int(ends.max(initial=0)) + 1
    number, keys = _in_order(_keys(ends, width))
    return number, np.stack(np.divmod(keys, width), axis=1)


def _most(people: Numbers) -> Numbers:
    """Give for each pair and area the row with most people, in order."""
    order = np.lexsort((people[:, 2], people[:, 1], people[:, 0]))
    in_order = people[order]
    is_last = np.ones(len(in_order), dtype=np.bool_)
    is_last[:-1] = (in_order[1:, :2] != in_order[:-1, :2]).any(axis=1)
    found: Numbers = in_order[is_last].T
    return found
