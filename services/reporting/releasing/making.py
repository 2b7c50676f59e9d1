"""Makes a release from who was where when. Pure, and the same facts always make the same release."""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from services.reporting.releasing.amounts import COUNTED_AS, AmountMemory, Amounts, amounts_of
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.certificates import Certificate, Donor
from services.reporting.releasing.deciding import decide
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.families import Family, LastRelease, families, network
from services.reporting.releasing.found_moves import KeptMoves, MovesAgain
from services.reporting.releasing.lowest import Lowest
from services.reporting.releasing.means import MeansMemory, MeansOfChange, means_of
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import NETWORK, Release, ReleaseRow
from services.reporting.releasing.small_sums import OF_NETWORK
from services.reporting.releasing.steps import Memory, before, carried, memory_of_sums, with_told
from services.reporting.releasing.tables import AreaTable
from shared.law import SMALLEST_TOLD


@dataclass(frozen=True, slots=True)
class Kept:
    """What the next release has to know of one: its months, by family and area what was counted, and what added up.

    `moves` are what its certificates were made of; without them all are searched again.
    """

    calendar: Calendar
    memories: Mapping[str, Mapping[str, Memory]]
    moves: Mapping[str, Mapping[str, KeptMoves]] = field(default_factory=dict)
    amounts: Mapping[str, AmountMemory] = field(default_factory=dict)
    means: Mapping[str, MeansMemory] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a release tells beside counts of people: attendances and hours, and means of change."""

    amounts: Sequence[Amounts] = ()
    means: Sequence[MeansOfChange] = ()

    def rows(self) -> Iterator[ReleaseRow]:
        """Give its rows."""
        for amounts in self.amounts:
            yield from amounts.rows()
        for means in self.means:
            yield from means.rows()

    def faults(self) -> list[str]:
        """Say everything that is not proven; nothing where it is."""
        graphs = [(each.name, each.graph) for each in self.amounts]
        graphs += [(each.name, each.graph) for each in self.means]
        return [f"{name}: {fault}" for name, graph in graphs for fault in graph.faults()]


def decisions(facts: Sequence[AreaFacts], calendar: Calendar, last: Kept | None = None) -> dict[str, Decision]:
    """Decide on each family, after the release before where there is one."""
    in_order = sorted(facts, key=lambda area: area.area)
    return {family.name: _decided(family, in_order, last) for family in families(in_order, calendar)}


def _decided(family: Family, facts: Sequence[AreaFacts], last: Kept | None = None) -> Decision:
    counts = [family.count(area) for area in facts]
    memories = last.memories.get(family.name) if last else None
    made, areas = network(family, facts, counts, LastRelease(last.calendar, memories) if last and memories else None)
    known = [_again(each.table, last, family.name) for each in areas]
    decision = decide(made, family.calendar, areas, known)
    made.forget()
    for pattern in decision.patterns:
        pattern.forget()
    return decision


def _again(table: AreaTable, last: Kept | None, family: str) -> MovesAgain:
    """Give the moves of an area that served the release before."""
    kept = last.moves.get(family, {}).get(table.area) if last else None
    return kept.again(table, before(table.place, last.calendar)) if kept and last else MovesAgain()


def beside(
    facts: Sequence[AreaFacts], calendar: Calendar, decided: Mapping[str, Decision], last: Kept | None = None
) -> Beside:
    """Decide what is told beside counts; `decided` are the counts of the same release."""
    in_order = sorted(facts, key=lambda area: area.area)
    lowest = {name: Lowest(decided[name]) for name in dict.fromkeys(COUNTED_AS.values())}
    found = []
    for name, counted in COUNTED_AS.items():
        memory = last.amounts.get(name) if last else None
        found.append(amounts_of(name, in_order, calendar, lowest[counted].is_many, memory))
    return Beside(found, list(_means(in_order, calendar, decided, last)))


def _means(
    facts: Sequence[AreaFacts], calendar: Calendar, decided: Mapping[str, Decision], last: Kept | None
) -> Iterator[MeansOfChange]:
    for name in sorted({name for area in facts for name in area.scores}):
        pairs = {(row.area, row.cell): row.told for row in _rows(decided[name])}
        # What is told first in a release that follows another one has been nothing before.
        memory = last.means.get(name, MeansMemory()) if last else None
        yield means_of(name, facts, calendar, pairs, memory)


def kept(
    calendar: Calendar, decided: Mapping[str, Decision], others: Beside | None = None, last: Kept | None = None
) -> Kept:
    """Give what the next release has to know; `last` is what this one had to, which it may not have counted again."""
    memories = {name: dict(_memories(decision)) for name, decision in decided.items()}
    if last is not None:
        for name, areas in last.memories.items():
            now = memories.setdefault(name, {})
            now.update(
                {area: carried(now.get(area, Memory()), was, last.calendar, calendar) for area, was in areas.items()}
            )
    moves = {name: _moves(decision) for name, decision in decided.items()}
    amounts = {each.name: each.memory() for each in others.amounts} if others else {}
    of_change = dict(last.means) if last else {}
    of_change.update({each.name: each.memory() for each in others.means} if others else {})
    return Kept(calendar, memories, moves, amounts, of_change)


def _moves(decision: Decision) -> dict[str, KeptMoves]:
    certificates: list[list[Certificate]] = [[] for _ in decision.patterns]
    donors: list[list[Donor]] = [[] for _ in decision.patterns]
    for certificate in decision.certificates:
        if certificate.area != OF_NETWORK:
            certificates[certificate.area].append(certificate)
    for donor in decision.donors.all:
        donors[donor.moves.area].append(donor)
    return {
        pattern.table.area: KeptMoves.of(pattern.table, own, donated)
        for pattern, own, donated in zip(decision.patterns, certificates, donors, strict=True)
    }


def _memories(decision: Decision) -> Iterator[tuple[str, Memory]]:
    for pattern, area in zip(decision.patterns, decision.areas, strict=True):
        place, values = pattern.table.place, pattern.table.values.tolist()
        told = {each.cell for each in pattern.table.cells if each.by_area and pattern.told[place[each.cell]]}
        past = {cell: each for cell, each in area.past.items() if cell in place}
        past.update({cell: with_told(past.get(cell, ()), values[place[cell]]) for cell in told})
        yield pattern.table.area, Memory({cell: values[unknown] for cell, unknown in place.items()}, told, past)
    sums = decision.network
    place, values = sums.table.place, sums.table.values.tolist()
    now = {each.cell: values[place[each.cell]] for each in sums.table.cells if each.in_network}
    told = {cell for cell in now if not sums.hidden[place[cell]]}
    yield NETWORK, memory_of_sums(now, told, sums.memory, sums.earlier)


def share_told(decided: Iterable[Decision], *, of_network: bool) -> float:
    """Give what share is told of the counts of the threshold or more, of areas or of the network."""
    told = all_large = 0
    for decision in decided:
        sums = decision.network
        tables = (
            [(sums.table, sums.hidden)] if of_network else [(each.table, each.hidden) for each in decision.patterns]
        )
        for table, hidden in tables:
            in_frame = [each.in_network if of_network else each.by_area for each in table.cells]
            cells = table.unknown[in_frame]
            large = cells[table.values[cells] >= SMALLEST_TOLD]
            told, all_large = told + int((~hidden[large]).sum()), all_large + len(large)
    return told / all_large if all_large else 1.0


def release(
    number: int, cursor: int, calendar: Calendar, decided: Sequence[Decision], others: Beside | None = None
) -> Release:
    """Write down what was decided of counts, and of what is told beside them."""
    rows = [row for decision in decided for row in _rows(decision)] + list(others.rows() if others else ())
    return Release(number, cursor, SMALLEST_TOLD, calendar, sorted(rows, key=operator.attrgetter("area", "cell")))


def _rows(decision: Decision) -> Iterator[ReleaseRow]:
    for pattern in decision.patterns:
        table = pattern.table
        size = np.where(pattern.silent, "withheld", np.where(table.values < SMALLEST_TOLD, "small", "large")).tolist()
        for (cell, by_area, _), unknown in zip(table.cells, table.unknown.tolist(), strict=True):
            if by_area:
                told = size[unknown] if pattern.hidden[unknown] else int(table.values[unknown])
                yield ReleaseRow(table.area, cell, told)
    sums = decision.network
    for (cell, _, in_network), unknown in zip(sums.table.cells, sums.table.unknown.tolist(), strict=True):
        if in_network:
            yield ReleaseRow(NETWORK, cell, "withheld" if sums.hidden[unknown] else int(sums.table.values[unknown]))
