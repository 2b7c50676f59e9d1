"""Checks the certificates of a decision by adding up: nothing is searched, and no search is trusted. Pure."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.certificates import Certificate, Donor, Moves
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.small_sums import APART, ENDS, OF_NETWORK, small_differences, small_sums
from shared.law import SMALLEST_TOLD

# A way back that has no area which a coordinator knows, whichever that is: of two that share none, one.
WAYS_BACK: Final = 2


def faults(decision: Decision) -> list[str]:
    """Say everything that a decision does not prove; nothing where it is proven."""
    of_areas = [*_of_donors(decision), *_of_certificates(decision), *_of_small_counts(decision)]
    return [*of_areas, *_of_differences(decision), *_of_sums(decision)]


def _keeps(decision: Decision, area: int, down: Numbers, up: Numbers, falls: Numbers) -> bool:
    """Tell whether an area's unknowns may fall and rise so far, and its relations' sums fall so far, all at once."""
    pattern = decision.patterns[area]
    table, values = pattern.table, pattern.table.values
    told = ~pattern.hidden
    is_large = table.by_area & (values >= SMALLEST_TOLD)
    is_small = table.by_area & (values < SMALLEST_TOLD)
    lowest, highest = values - down, values + up
    return bool(
        (lowest >= 0).all()
        and not (down[told].any() or up[told].any())
        and (lowest[is_large & ~pattern.silent] >= SMALLEST_TOLD).all()
        and (highest[is_small & ~pattern.silent] < SMALLEST_TOLD).all()
        and (table.bounds.times(values) >= falls).all()
    )


def _of_donors(decision: Decision) -> Iterator[str]:
    """Say whose donors, taken all at once and each as often as can be, would show."""
    by_area: dict[int, list[Donor]] = {}
    for donor in decision.donors.all:
        by_area.setdefault(donor.moves.area, []).append(donor)
    for area, donors in by_area.items():
        table = decision.patterns[area].table
        down, up = np.zeros(len(table.values), dtype=np.int64), np.zeros(len(table.values), dtype=np.int64)
        falls = np.zeros(len(table.bounds.begins) - 1, dtype=np.int64)
        for donor in donors:
            once = np.zeros(len(table.values), dtype=np.int64)
            once[donor.moves.unknowns] = donor.moves.by
            up += donor.times * np.maximum(once, 0)
            down += donor.times * np.maximum(-once, 0)
            falls += donor.times * np.maximum(-table.bounds.times(once), 0)
            moved = np.where(decision.network.bound, decision.network.moved_by(area, once), 0)
            alone = np.flatnonzero(moved).tolist() in ([donor.coordinate], [])
            by_one = abs(donor.step) == 1 and moved[donor.coordinate] in {donor.step, 0}
            if table.exact.times(once).any() or not (alone and by_one):
                yield f"{table.area}: a donor does not keep what is known"
        if not _keeps(decision, area, down, up, falls):
            yield f"{table.area}: its donors together would show"


def _of_certificates(decision: Decision) -> Iterator[str]:
    for certificate in decision.certificates:
        moved = np.zeros(len(decision.network.table.values), dtype=np.int64)
        for moves in certificate.moves:
            if not _is_kept(decision, moves):
                yield f"{certificate}: it does not keep what is known"
            moved += decision.network.moved(moves.area, moves.unknowns, moves.by)
        if not _is_moved_back(decision, certificate, moved):
            yield f"{certificate}: others cannot move back what it moves"
        if _value(decision, certificate) != certificate.value:
            yield f"{certificate}: it is of a different value"


def _is_moved_back(decision: Decision, certificate: Certificate, moved: Numbers) -> bool:
    bound, own = decision.network.bound, {moves.area for moves in certificate.moves}
    if not certificate.backs:
        down, up = decision.donors.without(sorted(own))
        return not ((moved > down) | (-moved > up))[bound].any()
    areas = [{moves.area for moves in back} for back in certificate.backs]
    if len(areas) != WAYS_BACK or areas[0] & areas[1] or own & (areas[0] | areas[1]):
        return False
    for back in certificate.backs:
        left = moved.copy()
        for moves in back:
            if not _is_kept(decision, moves):
                return False
            left += decision.network.moved(moves.area, moves.unknowns, moves.by)
        if left[bound].any():
            return False
    return True


def _is_kept(decision: Decision, moves: Moves) -> bool:
    """Tell whether moves of an area keep all that is known of it and told."""
    table = decision.patterns[moves.area].table
    once = np.zeros(len(table.values), dtype=np.int64)
    once[moves.unknowns] = moves.by
    falls = np.maximum(-table.bounds.times(once), 0)
    return not table.exact.times(once).any() and _keeps(
        decision, moves.area, np.maximum(-once, 0), np.maximum(once, 0), falls
    )


def _value(decision: Decision, certificate: Certificate) -> int:
    network = decision.network
    if certificate.area >= 0:
        (moves,) = certificate.moves
        by = dict(zip(moves.unknowns.tolist(), moves.by.tolist(), strict=True))
        return int(
            decision.patterns[certificate.area].table.values[certificate.unknown] + by.get(certificate.unknown, 0)
        )
    own = network.by_area[certificate.but, certificate.unknown] if certificate.but >= 0 else 0
    return int(
        network.table.values[certificate.unknown] - own + network.moved_sums(certificate.moves)[certificate.unknown]
    )


def _of_differences(decision: Decision) -> Iterator[str]:
    """Say which difference of few people, between counts of an area, cannot be told apart from none or more."""
    moved: dict[int, list[Moves]] = {}
    for certificate in decision.certificates:
        for moves in certificate.moves:
            moved.setdefault(moves.area, []).append(moves)
    for area, pattern in enumerate(decision.patterns):
        for longer, shorter in pattern.small_differences():
            found = [0]
            for moves in moved.get(area, ()):
                by = dict(zip(moves.unknowns.tolist(), moves.by.tolist(), strict=True))
                found.append(by.get(longer, 0) - by.get(shorter, 0))
            if max(found) - min(found) < APART:
                yield f"{pattern.table.area}: {longer} and {shorter} differ by few, and by how many is known"


def _of_small_counts(decision: Decision) -> Iterator[str]:
    """Say which hidden small counts of areas have no certificate for an end, and which are told."""
    has = {(each.area, each.unknown, each.value) for each in decision.certificates}
    for area, pattern in enumerate(decision.patterns):
        name, values = pattern.table.area, pattern.table.values
        small = pattern.table.counted & (values > 0) & (values < SMALLEST_TOLD)
        # What was told before is large, or stands for a count that has moved by less than the threshold.
        yield from (
            f"{name}: {each} is small and told" for each in np.flatnonzero(small & pattern.told & ~pattern.public)
        )
        for unknown in np.flatnonzero(small & pattern.hidden).tolist():
            missing = [end for end in ENDS if end != values[unknown] and (area, unknown, end) not in has]
            yield from (f"{name}: {unknown} has no certificate for {end}" for end in missing)


def _of_sums(decision: Decision) -> Iterator[str]:
    """Say which small sums of the network have no certificate for an end, and which are told, or differ by few."""
    network = decision.network
    for longer, shorter in small_differences(network):
        if not network.public[[longer, shorter]].all():
            yield f"{longer} and {shorter} of the network differ by few"
    has = {(each.unknown, each.but, each.value) for each in decision.certificates if each.area == OF_NETWORK}
    for total, but, value in small_sums(network):
        missing = [end for end in ENDS if end != value and (total, but, end) not in has]
        yield from (f"{total} without {but} has no certificate for {end}" for end in missing)
        if not network.hidden[total] and not network.public[total]:
            yield f"{total} is told, and without {but} it is small"
