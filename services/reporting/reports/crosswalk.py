"""Effort areas of different pools side by side: the newest pool's, with what older ones had in their place. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.reporting.terms import Row

# A pool's slug and an effort area's.
EffortAreaKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """For each effort area of the newest pool: itself and those that it carries on; `rest` has no heir."""

    newest: Sequence[Row]
    covers: Mapping[EffortAreaKey, Sequence[EffortAreaKey]]
    rest: Sequence[EffortAreaKey]


def crosswalk(effort_areas: Sequence[Row], pools: Sequence[Row]) -> Crosswalk | None:
    """Find what carries on what; None where all effort areas are of one pool.

    `pools` are all pools from the oldest on, each with its crosswalk, which may look back or ahead.
    """
    age = {pool["pool"]: number for number, pool in enumerate(pools)}
    present = {row["pool"] for row in effort_areas}
    if len(present) <= 1:
        return None
    newest = max(present, key=lambda pool: age.get(pool, -1))
    heirs: dict[EffortAreaKey, set[EffortAreaKey]] = {}
    for older, newer in _steps(pools, age):
        heirs.setdefault(older, set()).add(newer)
    covers: dict[EffortAreaKey, list[EffortAreaKey]] = {
        _place(row): [_place(row)] for row in effort_areas if row["pool"] == newest
    }
    rest = []
    for place in (_place(row) for row in effort_areas if row["pool"] != newest):
        found = sorted(_carried_on(place, heirs) & covers.keys())
        for heir in found:
            covers[heir].append(place)
        if not found:
            rest.append(place)
    return Crosswalk([row for row in effort_areas if row["pool"] == newest], covers, rest)


def _steps(pools: Sequence[Row], age: Mapping[str, int]) -> Iterator[tuple[EffortAreaKey, EffortAreaKey]]:
    """Give every crossing from the older pool to the newer one, whichever of them tells it."""
    for pool in pools:
        for item in pool["crosswalk"]:
            here: EffortAreaKey = pool["pool"], item["effort_area"]
            there: EffortAreaKey = item["other_pool"], item["other_effort_area"]
            if there[0] in age and age[here[0]] != age[there[0]]:
                older, newer = sorted((here, there), key=lambda place: age[place[0]])
                yield older, newer


def _carried_on(place: EffortAreaKey, heirs: Mapping[EffortAreaKey, set[EffortAreaKey]]) -> set[EffortAreaKey]:
    """Give all that carries a place on, over any number of pools; each step leads to a newer one, so it ends."""
    found = set(heirs.get(place, ()))
    for heir in heirs.get(place, ()):
        found |= _carried_on(heir, heirs)
    return found


def _place(row: Row) -> EffortAreaKey:
    return row["pool"], row["effort_area"]
