"""Tells again what was hidden for moves that are not needed any more, once all certificates are found. Pure.

Counts are hidden one after another, each for the certificate or the donor that needs it then. Of those that are hidden
at the end some are not needed: of a donor that others stand in for by now, or of a certificate that can be made of what
was hidden later. Each such count is told again, the most missed first, where all certificates can do without it.

Example: the 20 of an activity were hidden so that the 3 of its school year could be 4. Later the 30 of a second
activity were hidden too, and the 3 can be 4 with these: so the 20 are told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from services.reporting.releasing.certificates import Certificate, Donor
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.found_moves import FoundMoves
from services.reporting.releasing.searching import Allowance, AreaSearch, WantedMove
from services.reporting.releasing.small_sums import OF_NETWORK
from shared.law import SMALLEST_TOLD

# A count that more certificates move than this is not tried: it is needed.
MOST_MADE_AGAIN: Final = 4


class GivingBack:
    """The certificates and donors of a decision by what they move, and what of it is told again."""

    def __init__(self, decision: Decision, searches: Sequence[AreaSearch], found: Sequence[FoundMoves]) -> None:
        self._decision, self._searches, self._found = decision, searches, found
        self._certificates = decision.certificates
        # Of each area, by unknown: the certificates that move it, the donors, and whether it has to stay hidden.
        self._moving: list[dict[int, set[int]]] = [defaultdict(set) for _ in searches]
        self._donating: list[dict[int, list[Donor]]] = [defaultdict(list) for _ in searches]
        self._needed: list[set[int]] = [set(area.hidden) for area in decision.areas]
        self._by_coordinate: dict[int, dict[int, int]] | None = None
        for number, each in enumerate(self._certificates):
            self._take_in(number, each)
        for donor in decision.donors.all:
            for unknown in donor.moves.unknowns.tolist():
                self._donating[donor.moves.area][unknown].append(donor)

    def give_back(self) -> None:
        """Tell again what can be, area by area."""
        for area, search in enumerate(self._searches):
            pattern, table = search.pattern, search.table
            large = np.flatnonzero(pattern.hidden & table.by_area & (table.values >= SMALLEST_TOLD)).tolist()
            for unknown in sorted(large, key=lambda each: (-pattern.cost[each], each)):
                if unknown not in self._needed[area] and self._may_be_told(search, unknown):
                    self._tell(area, unknown)

    def _take_in(self, number: int, certificate: Certificate) -> None:
        if certificate.area == OF_NETWORK or certificate.backs:
            for moves in (*certificate.moves, *(moves for back in certificate.backs for moves in back)):
                self._needed[moves.area].update(moves.unknowns.tolist())
            return
        (moves,) = certificate.moves
        for unknown in moves.unknowns.tolist():
            self._moving[certificate.area][unknown].add(number)
        if certificate.beside >= 0:
            self._needed[certificate.area].add(certificate.unknown)

    def _may_be_told(self, search: AreaSearch, unknown: int) -> bool:
        """Tell whether nothing follows of few people beside what certificates are for: no difference, and no rest."""
        pattern = search.pattern
        return not pattern.differs_by_few(unknown) and not pattern.leaves_few(unknown)

    def _tell(self, area: int, unknown: int) -> None:
        """Tell a count where all certificates that move it can be made without it, and others donate enough."""
        moving = sorted(self._moving[area][unknown])
        if len(moving) > MOST_MADE_AGAIN:
            return
        search, donors = self._searches[area], self._decision.donors
        dropped = list(self._donating[area][unknown])
        donors.drop(dropped)
        was_silent = bool(search.pattern.silent[unknown])
        search.pattern.tell(unknown)
        made = self._made_again(search, moving) if self._are_enough(dropped, moving) else None
        if made is None:
            search.pattern.tell_no_more(unknown, silent=was_silent)
            for donor in dropped:
                donors.add(donor)
            return
        for donor in dropped:
            for each in donor.moves.unknowns.tolist():
                self._donating[area][each] = [other for other in self._donating[area][each] if other is not donor]
        for number, certificate in made.items():
            self._replace(number, certificate)

    def _replace(self, number: int, certificate: Certificate) -> None:
        area = certificate.area
        for unknown in self._certificates[number].moves[0].unknowns.tolist():
            self._moving[area][unknown].discard(number)
        self._certificates[number] = certificate
        self._take_in(number, certificate)
        if self._by_coordinate is not None:
            for needs in self._by_coordinate.values():
                needs.pop(number, None)
            self._note_needs(number, certificate)

    def _made_again(self, search: AreaSearch, moving: Iterable[int]) -> Mapping[int, Certificate] | None:
        """Make certificates anew of what is hidden now; None where one of them cannot be."""
        down, up = self._decision.donors.without((search.area,))
        allowed = Allowance(up, down, self._decision.network.bound)
        made = {}
        for number in moving:
            certificate = self._certificates[number]
            by = certificate.value - int(search.table.values[certificate.unknown])
            wanted = WantedMove(certificate.unknown, by, certificate.beside)
            moves = self._found[search.area].serving(wanted, allowed, silently=False)
            if moves is None:
                found = search.reach_by_hidden(wanted, allowed)
                if found is None:
                    return None
                moves = self._found[search.area].add(found)
            made[number] = replace(certificate, moves=(moves,))
        return made

    def _are_enough(self, dropped: Sequence[Donor], made_again: Collection[int]) -> bool:
        """Tell whether what all other certificates move can be moved back by the donors that are left."""
        for coordinate, step in {(each.coordinate, each.step) for each in dropped}:
            for number, need in self._needs_of(coordinate):
                if number not in made_again and need * step < 0:
                    own = [moves.area for moves in self._certificates[number].moves]
                    if self._decision.donors.of(coordinate, -need, own) < abs(need):
                        return False
        return True

    def _needs_of(self, coordinate: int) -> Iterator[tuple[int, int]]:
        """Give by how much each certificate moves a coordinate, where it does and donors move it back."""
        if self._by_coordinate is None:
            self._by_coordinate = {}
            for number, certificate in enumerate(self._certificates):
                self._note_needs(number, certificate)
        yield from self._by_coordinate.get(coordinate, {}).items()

    def _note_needs(self, number: int, certificate: Certificate) -> None:
        if certificate.backs or self._by_coordinate is None:
            return
        for coordinate, need in self._decision.network.needs(certificate.moves).items():
            self._by_coordinate.setdefault(coordinate, {})[number] = need
