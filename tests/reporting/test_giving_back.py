"""What was hidden for moves that are not needed in the end is told again, and everything is proven all the same."""

import copy
from collections.abc import Iterator

import numpy as np
import pytest

from services.reporting.releasing import giving_back, making, proving
from services.reporting.releasing.certificates import Certificate, Donors
from services.reporting.releasing.decision import Decision
from tests.oracles import realistic_networks
from tests.oracles.release_intruder import THRESHOLD
from tests.oracles.releases_in_a_row import YOUNG

# Of so many areas each, from so many seeds, with so many people in an area about.
NETWORKS = [(2, 0, 60), (2, 3, 60)]


def _decided(areas: int, seed: int, median: int) -> list[Decision]:
    facts = realistic_networks.network(areas, seed, median=median, calendar=YOUNG)
    return list(making.decisions(facts, YOUNG).values())


def _hidden_for_donors(decision: Decision) -> Iterator[tuple[int, int]]:
    """Give the counts of five or more that no certificate moves and a donor does, and that nothing else hides."""
    moved: set[tuple[int, int]] = set()
    for certificate in decision.certificates:
        for moves in (*certificate.moves, *(moves for back in certificate.backs for moves in back)):
            moved |= {(moves.area, unknown) for unknown in moves.unknowns.tolist()}
    for area, pattern in enumerate(decision.patterns):
        large = pattern.hidden & pattern.table.by_area & (pattern.table.values >= THRESHOLD)
        for unknown in np.flatnonzero(large).tolist():
            if (area, unknown) not in moved and not (pattern.differs_by_few(unknown) or pattern.leaves_few(unknown)):
                yield area, unknown


def _without_donors_of(decision: Decision, area: int, unknown: int) -> Decision:
    """Give the same where a count is told, without the donors that move it."""
    found = copy.copy(decision)
    found.donors = Donors(len(decision.patterns), len(decision.network.table.values))
    for donor in decision.donors.all:
        if donor.moves.area != area or unknown not in donor.moves.unknowns:
            found.donors.add(donor)
    return found


def _not_needed(decision: Decision) -> list[tuple[int, int]]:
    found = []
    for area, unknown in _hidden_for_donors(decision):
        pattern = decision.patterns[area]
        silent = bool(pattern.silent[unknown])
        pattern.tell(unknown)
        if not proving.faults(_without_donors_of(decision, area, unknown)):
            found.append((area, unknown))
        pattern.tell_no_more(unknown, silent=silent)
    return found


@pytest.mark.parametrize(("areas", "seed", "median"), NETWORKS)
def test_no_count_is_hidden_for_a_donor_that_others_stand_in_for(areas: int, seed: int, median: int) -> None:
    """Where such a count is told and its donors are left out, something is not proven any more."""
    for decision in _decided(areas, seed, median):
        assert not proving.faults(decision)
        assert not _not_needed(decision)


def test_more_is_told_where_counts_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two areas more is told than without it."""
    told = making.share_told(_decided(*NETWORKS[0]), of_network=False)
    monkeypatch.setattr(giving_back.GivingBack, "give_back", lambda _: None)
    assert making.share_told(_decided(*NETWORKS[0]), of_network=False) < told


def test_certificates_are_made_again_without_a_count_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some are, and all of the release is proven."""
    made_again: list[int] = []
    replacing = giving_back.GivingBack._replace

    def _replace(self: giving_back.GivingBack, number: int, certificate: Certificate) -> None:
        made_again.append(number)
        replacing(self, number, certificate)

    monkeypatch.setattr(giving_back.GivingBack, "_replace", _replace)
    for network in NETWORKS:
        for decision in _decided(*network):
            assert not proving.faults(decision)
    assert made_again
