"""Decides what of one family a release tells: every hidden small count gets its certificates, or more is hidden. Pure.

The order of areas and cells is fixed, so that the same facts always give the same pattern.
"""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from services.reporting.releasing.arrays import Numbers
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.certificates import Certificate, Donor, Donors, Moves
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.found_moves import FoundMoves, MovesAgain
from services.reporting.releasing.giving_back import GivingBack
from services.reporting.releasing.network import Network
from services.reporting.releasing.pattern import Pattern, costs
from services.reporting.releasing.searching import Allowance, AreaSearch, Models, WantedMove
from services.reporting.releasing.small_sums import APART, ENDS, hide_small_differences, is_of, reach, targets
from services.reporting.releasing.steps import Stepped
from services.reporting.releasing.together import Together, sets_of
from shared.law import SMALLEST_TOLD
from shared.recent import Recent

# How far donors can move each coordinate from the start, where steps that cost nothing can.
FREELY: Final = SMALLEST_TOLD - 2
# Of how many areas, the largest, it is asked what a donor would cost.
ASKED: Final = 6
MOST_DONORS: Final = 12
# A donor that costs more than this, and more than to withhold the network's sum, is too dear.
DEAREST_DONOR: Final = 100.0
ROUNDS: Final = 6
# Of how many areas the models are kept; each takes a megabyte or more, and areas are gone through in their order.
MOST_MODELS: Final = 32
# From which round on sums of the network are hidden; from the next on also those that were told before.
HIDING: Final = 2


def decide(
    network: Network, calendar: Calendar, areas: Sequence[Stepped], known: Sequence[MovesAgain] = ()
) -> Decision:
    """Decide on the pattern of one family.

    `areas` say what of them stays told or hidden from the release before, and `known` which moves served it.
    """
    patterns = []
    for area in areas:
        pattern = Pattern(area.table, costs(area.table, calendar), area.hidden, area.told)
        pattern.cheapen_differing()
        patterns.append(pattern)
    return _Deciding(network, calendar, patterns, areas, known or [MovesAgain()] * len(patterns)).run()


class _Room:
    """How far the steps of an area can be taken as it was when the round began."""

    def __init__(self, search: AreaSearch, allowed: Allowance) -> None:
        self.search, self.allowed = search, allowed
        self.rows = {number: row for row, number in enumerate(search.steps.of.tolist())}
        self.back, self.forth = search.step_room(reserved=False)


class _Deciding:
    def __init__(
        self,
        network: Network,
        calendar: Calendar,
        patterns: Sequence[Pattern],
        areas: Sequence[Stepped],
        known: Sequence[MovesAgain],
    ) -> None:
        self.network, self.calendar = network, calendar
        self.donors = Donors(len(patterns), len(network.table.values))
        models: Models = Recent(MOST_MODELS)
        self.searches = [AreaSearch(network, number, pattern, models) for number, pattern in enumerate(patterns)]
        self.patterns, self.known = patterns, known
        self.found = [
            FoundMoves(network, search, again.certificates) for search, again in zip(self.searches, known, strict=True)
        ]
        self.decision = Decision(network, patterns, areas, self.donors)
        # Of each coordinate, up and down, the areas that have been asked for a donor.
        self._tried: dict[tuple[int, int], set[int]] = {}
        self._spared = network.spared
        self._sum_cost = costs(network.table, calendar, of_network=True)
        self._sets: dict[tuple[int, ...], Together] = {}
        self._with_own: dict[int, Together] = {}
        # Of each coordinate, the areas that may hold it by their part in it, the largest first.
        self.largest = np.argsort(-network.by_area, axis=0, kind="stable")

    def run(self) -> Decision:
        """Find certificates, then donors for them; what has none at the end costs the sums of the network it needs."""
        hide_small_differences(self.network, self._sum_cost)
        self._donate_again()
        waiting = list(self._targets())
        for round_ in range(ROUNDS):
            found = self._certify(waiting, self.donors if round_ else self._hoped_for(), strict=round_ > 0)
            if not round_:
                # What certificates have hidden by now may be one of two that would have to be hidden.
                for search in self.searches:
                    search.pattern.hide_small_differences()
                    search.pattern.hide_small_sums()
                found += self._certify(list(self._differences()), self.donors, strict=False)
            self._supply(found)
            waiting = self._settle(found, round_)
            if not waiting:
                break
        self.decision.lost += waiting
        self._certify_sums()
        GivingBack(self.decision, self.searches, self.found).give_back()
        return self.decision

    def _donate_again(self) -> None:
        """Take the donors of the release before, as far as they still are some."""
        for search, known in zip(self.searches, self.known, strict=True):
            for once, times in known.donors:
                donor = search.donor_again(once.astype(np.int64), times, self.network.bound)
                if donor is not None:
                    search.reserve(donor)
                    self.donors.add(donor)

    def _certify_sums(self) -> None:
        """Find certificates for small sums of the network; what they move that is told is hidden where it has to be."""
        for target in targets(self.network):
            found = reach(target, self.network, self.searches, self.donors)
            if found is None:
                self.decision.lost.append(target)
                continue
            self._supply([found])
            self._hide_sums(self._beyond(found))
            if not is_of(found, self.network):
                self._hide_sums(self.network.needs(found.moves))
            # At the very last, what was told before and cannot be moved back is not told again.
            self._hide_sums(self._beyond(found), again=True)
            is_proven = is_of(found, self.network) and not self._beyond(found)
            (self.decision.certificates if is_proven else self.decision.lost).append(found if is_proven else target)

    def _hide_sums(self, moved: Iterable[int], *, again: bool = False) -> None:
        """Hide the sums that move with coordinates; where `again`, also what was told before."""
        for coordinate in sorted(moved):
            self.network.hide(self.network.moved_with(coordinate), again=again)

    def _targets(self) -> Iterator[Certificate]:
        for number, search in enumerate(self.searches):
            table = search.table
            is_small = table.counted & (table.values > 0) & (table.values < SMALLEST_TOLD) & search.pattern.hidden
            for unknown in np.flatnonzero(is_small).tolist():
                for end in ENDS:
                    if end != table.values[unknown]:
                        yield Certificate(number, unknown, end, ())

    def _hoped_for(self) -> Donors:
        """Give the donors there are, and would be if each step that moves one coordinate alone had all room."""
        hoped = Donors(len(self.searches), len(self.network.table.values))
        down, up = self.donors.down.copy(), self.donors.up.copy()
        for number, search in enumerate(self.searches):
            back, forth = (np.minimum(room, FREELY) for room in search.step_room(reserved=False))
            coordinates, by = search.effects
            for sign in (1, -1):
                some = (coordinates >= 0) & (by == sign)
                np.maximum.at(up[number], coordinates[some], (forth if sign > 0 else back)[some])
                np.maximum.at(down[number], coordinates[some], (back if sign > 0 else forth)[some])
        hoped.hope_for(down, up)
        return hoped

    def _differences(self) -> Iterator[Certificate]:
        """Give what a hidden count has to be able to be where it differs by few from one within it, or around it."""
        for number, search in enumerate(self.searches):
            pattern, values = search.pattern, search.table.values
            for longer, shorter in pattern.small_differences():
                if pattern.hidden[longer]:
                    yield Certificate(number, longer, int(values[longer]) + APART, (), beside=shorter)
                else:
                    yield Certificate(number, shorter, int(values[shorter]) - APART, (), beside=longer)

    def _certify(self, targets: Sequence[Certificate], donors: Donors, *, strict: bool) -> list[Certificate]:
        """Search other numbers for targets; those without any are lost."""
        found = []
        rooms: dict[int, _Room] = {}
        for target in targets:
            search = self.searches[target.area]
            room = rooms.get(target.area)
            if room is None:
                down, up = donors.without((target.area,))
                # Where others can rise, an area may fall.
                room = rooms[target.area] = _Room(search, Allowance(up, down, self.network.bound))
            wanted = WantedMove(target.unknown, target.value - int(search.table.values[target.unknown]), target.beside)
            moves = self._one_step(room, wanted) or self._cheapest(room, wanted, strict=strict)
            if moves is None:
                self.decision.lost.append(target)
            else:
                found.append(target.with_moves((moves,)))
        return found

    def _cheapest(self, room: "_Room", wanted: WantedMove, *, strict: bool) -> Moves | None:
        """Give the cheapest moves, within what donors can move back where it is `strict` and can be."""
        search = room.search
        served = self.found[search.area].serving(wanted, room.allowed)
        if served is not None:
            return served
        own = search.reach(wanted, room.allowed, strict=strict)
        if own is None and strict:
            own = search.reach(wanted, room.allowed)
        if own is None:
            own = search.reach(wanted, room.allowed, silently=True)
        if own is None:
            return None
        moves = self.found[search.area].add(own)
        search.pattern.hide_moved(moves.unknowns, moves.by)
        return moves

    def _one_step(self, room: "_Room", wanted: WantedMove) -> Moves | None:
        search, row = room.search, room.rows.get(wanted.unknown)
        if row is None or not -room.back[row] <= wanted.by <= room.forth[row]:
            return None
        entries = slice(search.steps.unknowns.begins[row], search.steps.unknowns.begins[row + 1])
        moves = Moves(
            search.area, search.steps.unknowns.columns[entries], wanted.by * search.steps.unknowns.factors[entries]
        )
        beyond = room.allowed.beyond(self.network.moved_few(moves))
        return None if beyond or wanted.beside in moves.unknowns else moves

    def _beyond(self, certificate: Certificate, needs: Mapping[int, int] | None = None) -> dict[int, int]:
        """Give what a certificate moves, by its needs, beyond what donors in other areas can move back."""
        needs = self.network.needs(certificate.moves) if needs is None else needs
        if not needs:
            # Most certificates stay within their area.
            return {}
        down, up = self.donors.without([moves.area for moves in certificate.moves])
        return Allowance(up, down, self.network.bound).beyond(needs)

    def _together(self, certificate: Certificate) -> Certificate | None:
        """Give a certificate that has its own ways back, with the same moves or others; None where there is none."""
        (moves,), bound = certificate.moves, self.network.bound
        sets = sets_of(self.searches, certificate.area)
        if not sets:
            return None
        numbers = tuple(each.area for some in sets for each in some)
        if numbers not in self._sets:
            self._sets[numbers] = Together(self.network, None, sets)
        backs = self._sets[numbers].move_back(self.network.needs(certificate.moves), bound)
        if backs:
            return replace(certificate, backs=backs)
        search = self.searches[certificate.area]
        if certificate.area not in self._with_own:
            self._with_own[certificate.area] = Together(self.network, search, sets)
        by = certificate.value - int(search.table.values[certificate.unknown])
        wanted = WantedMove(certificate.unknown, by, certificate.beside)
        found = self._with_own[certificate.area].reach(wanted, bound)
        if found is None:
            return None
        moves, backs = found
        hiding = moves.unknowns[search.pattern.told[moves.unknowns]]
        if search.pattern.cost[hiding].sum() > DEAREST_DONOR:
            return None
        search.pattern.hide(hiding)
        return replace(certificate, moves=(moves,), backs=backs)

    def _supply(self, found: Sequence[Certificate]) -> None:
        """Find donors for what certificates move."""
        # By coordinate and direction: of the areas that donors are wanted without, how far they must move it at most.
        wanted: dict[tuple[int, int], dict[tuple[int, ...], int]] = {}
        for certificate in found:
            needs = self.network.needs(certificate.moves)
            own = tuple(moves.area for moves in certificate.moves)
            for coordinate, beyond in self._beyond(certificate, needs).items():
                most = wanted.setdefault((coordinate, 1 if beyond < 0 else -1), {})
                most[own] = max(most.get(own, 0), abs(needs[coordinate]))
        for (coordinate, sign), most in sorted(wanted.items(), key=lambda item: item[0]):
            self._donors_for(coordinate, sign, most)

    def _donors_for(self, coordinate: int, sign: int, needs: Mapping[tuple[int, ...], int]) -> None:
        """Hide counts of large areas until a coordinate can be moved as far as is needed without some areas."""
        most = max(needs.values())
        dearest = max(DEAREST_DONOR, float(self._sum_cost[coordinate]))
        dearest = 0.0 if self._spared[coordinate] else dearest
        for _ in range(MOST_DONORS):
            if self._are_enough(coordinate, sign, needs):
                return
            self._free_donors(coordinate, most)
            if self._are_enough(coordinate, sign, needs):
                return
            offers = self._offers(coordinate, sign * most, dearest)
            if not offers:
                return
            _, area, donor, hiding = min(offers, key=operator.itemgetter(0))
            self._tried[coordinate, sign].add(area)
            self.searches[area].pattern.hide(hiding)
            self.searches[area].reserve(donor)
            self.donors.add(donor)

    def _offers(self, coordinate: int, by: int, dearest: float) -> list[tuple[float, int, Donor, Numbers]]:
        """Give donors of some large areas, with what each costs and hides; one that hides nothing is enough."""
        offers: list[tuple[float, int, Donor, Numbers]] = []
        tried = self._tried.setdefault((coordinate, 1 if by > 0 else -1), set())
        for area in self.largest[:, coordinate].tolist():
            if len(offers) == ASKED:
                break
            if area in tried or not self.network.by_area[area, coordinate]:
                continue
            search, pattern = self.searches[area], self.patterns[area]
            if not search.may_donate(coordinate, by, self.network.bound, freely=not dearest):
                # In most areas little can move, above all where counts stay as they were told.
                tried.add(area)
                continue
            donor = search.donate(coordinate, by, self.network.bound)
            hiding = np.zeros(0, dtype=np.int64) if donor is None else donor.moves.unknowns
            hiding = hiding[pattern.told[hiding]]
            cost = float(pattern.cost[hiding].sum())
            if donor is None or cost > dearest:
                tried.add(area)
                continue
            offers.append((cost, area, donor, hiding))
            if not len(hiding):
                break
        return offers

    def _are_enough(self, coordinate: int, sign: int, needs: Mapping[tuple[int, ...], int]) -> bool:
        """Tell whether donors can move a coordinate as far as is needed without some areas."""
        return all(self.donors.of(coordinate, sign, own) >= need for own, need in needs.items())

    def _free_donors(self, coordinate: int, wanted: int) -> None:
        """Take steps that move one coordinate alone for donors, until without any two areas there is enough."""
        for sign, side in ((1, self.donors.up), (-1, self.donors.down)):
            for number, step, factor in self._steps_of.get(coordinate, ()):
                if self.donors.without_two(coordinate, sign) >= wanted:
                    break
                if side[number, coordinate] >= wanted:
                    continue
                search = self.searches[number]
                times = search.room_of_step(step, sign * factor)
                times = min(times, wanted - int(side[number, coordinate]))
                if times > 0:
                    donor = search.step_donor(step, coordinate, sign * factor * times)
                    search.reserve(donor)
                    self.donors.add(donor)

    @cached_property
    def _steps_of(self) -> Mapping[int, list[tuple[int, int, int]]]:
        """Give for each coordinate the areas, with their steps, that move it alone, and by how much."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        for number, search in enumerate(self.searches):
            for step, (coordinate, by) in enumerate(zip(*(part.tolist() for part in search.effects), strict=True)):
                if coordinate >= 0 and abs(by) == 1:
                    found.setdefault(coordinate, []).append((number, step, by))
        return found

    def _settle(self, found: Sequence[Certificate], round_: int) -> list[Certificate]:
        """Keep the certificates that hold; give those to search again, and at the end hide the sums that they need."""
        again = []
        for each in found:
            certificate, beyond = each, self._beyond(each)
            while beyond and round_ >= HIDING:
                if own_ways := self._together(each):
                    certificate, beyond = own_ways, {}
                elif not self._hide_cheapest(beyond, again=round_ > HIDING):
                    break
                else:
                    beyond = self._beyond(each)
            if not beyond:
                self.decision.certificates.append(certificate)
                continue
            again.append(certificate.with_moves(()))
        return again

    def _hide_cheapest(self, beyond: Iterable[int], *, again: bool) -> bool:
        """Hide the sums that move with one coordinate, where that is cheapest; tell whether there were any."""
        told = {
            each: sums[~self.network.hidden[sums]]
            for each in sorted(beyond)
            if len(sums := self.network.moved_with(each))
        }
        free = {each: sums for each, sums in told.items() if again or not self.network.public[sums].any()}
        if not free:
            return False
        cheapest = min(free, key=lambda each: (float(self._sum_cost[free[each]].sum()), each))
        self.network.hide(free[cheapest], again=again)
        return True
