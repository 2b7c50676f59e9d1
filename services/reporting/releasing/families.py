"""The families of counts: between two of them nobody knows anything to hold, so that each is decided by itself. Pure.

Participants, with who was new, came back and left; volunteers; and the pairs of each lens and kind of respondent.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.reporting.releasing import frame, presence, relations, steps
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count, FrameCell, Of
from services.reporting.releasing.frame import Running
from services.reporting.releasing.network import Network
from services.reporting.releasing.pattern import costs
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.relations import KnownRelation
from services.reporting.releasing.released import NETWORK
from services.reporting.releasing.steps import Memory, Stepped
from services.reporting.releasing.tables import AreaTable, table
from shared.law import SMALLEST_TOLD


@dataclass(frozen=True, slots=True)
class Family:
    """One family: `name` is participants, volunteers, or that of a lens and a kind of respondent."""

    name: str
    calendar: Calendar
    followed: Sequence[int]
    traits: Sequence[Of]

    def frame(self, running: Running) -> Sequence[FrameCell]:
        """Give the cells of an area, or of the network."""
        if self.name == "participants":
            return tuple(frame.participants(self.calendar, running, self.followed, self.traits))
        if self.name == "volunteers":
            return tuple(frame.volunteers(self.calendar, running))
        return tuple(frame.pairs(self.calendar, self.name))

    def relations(self, cells: Collection[Count], running: Running) -> Iterator[KnownRelation]:
        """Give what holds between cells of an area, or of the network."""
        if self.name == "participants":
            return relations.of_participants(cells, self.calendar, running)
        if self.name == "volunteers":
            return relations.of_volunteers(cells, self.calendar, running)
        return relations.of_pairs(self.name, self.calendar)

    def count(self, facts: AreaFacts) -> Mapping[Count, int]:
        """Count the people of an area."""
        if self.name == "participants":
            return presence.count_participants(facts, self.calendar)
        if self.name == "volunteers":
            return presence.count_volunteers(facts, self.calendar)
        return presence.count_pairs(facts, self.name, self.calendar)


def families(facts: Sequence[AreaFacts], calendar: Calendar) -> list[Family]:
    """Give all families of a release."""
    followed = presence.followed_months(facts)
    lenses = sorted({lens for area in facts for lens in area.pairs})
    traits = presence.traits(facts)
    return [Family(name, calendar, followed, traits) for name in ("participants", "volunteers", *lenses)]


@dataclass(frozen=True, slots=True)
class LastRelease:
    """The release before, of one family: its months, and what it counted and told by area, and of the network."""

    calendar: Calendar
    memories: Mapping[str, Memory]


def network(
    family: Family,
    facts: Sequence[AreaFacts],
    counts: Sequence[Mapping[Count, int]],
    last: LastRelease | None = None,
) -> tuple[Network, list[Stepped]]:
    """Put the counts of all areas, in their order, into arrays, stepped from the release before."""
    everywhere = Running(activity for area in facts for activity in area.activities)
    cells = [each for each in family.frame(everywhere) if each.in_network]
    # In the frame's order, which is the same whatever the order of the facts and of hashes.
    names = dict.fromkeys(each.cell for each in cells)
    known = list(family.relations(names, everywhere))
    # What is known to hold in an area is let go of once it stands in its arrays: it takes most of the memory.
    if last is None:
        tight = _tight(known, counts, names)
        areas = [Stepped(_Area(family, area).table(own, tight)) for area, own in zip(facts, counts, strict=True)]
        return Network(cells, (*known, *tight), [each.table for each in areas]), areas
    areas = [_Area(family, area).stepped(own, last) for area, own in zip(facts, counts, strict=True)]
    tight = _tight(known, [each.table.by_cell() for each in areas], names)
    areas = [_with_exact(each, tight) for each in areas] if tight else areas
    memory, earlier = last.memories[NETWORK], steps.before(names, last.calendar)
    return Network(cells, (*known, *tight), [each.table for each in areas], memory, earlier), areas


def _with_exact(area: Stepped, tight: Iterable[KnownRelation]) -> Stepped:
    """Give the same once it is known what holds exactly in the network."""
    made, number = area.table.with_exact(tight)
    told, hidden = (sorted({int(number[unknown]) for unknown in chosen}) for chosen in (area.told, area.hidden))
    return replace(area, table=made, told=told, hidden=hidden)


class _Area:
    """The frame and the relations of one area."""

    def __init__(self, family: Family, facts: AreaFacts) -> None:
        running = Running(facts.activities)
        self.name, self.calendar = facts.area, family.calendar
        self.frame = family.frame(running)
        self.cells = dict.fromkeys(each.cell for each in self.frame)
        self.relations = list(family.relations(self.cells, running))

    def table(self, counted: Mapping[Count, int], tight: Iterable[KnownRelation] = ()) -> AreaTable:
        """Put its counts into arrays."""
        return table(self.name, self.frame, (*self.relations, *_of_area(tight, counted, self.cells)), counted)

    def stepped(self, counted: Mapping[Count, int], last: LastRelease) -> Stepped:
        """Let its counts step from the release before, where it had any."""
        made, memory = self.table(counted), last.memories.get(self.name)
        if memory is None:
            return Stepped(made)
        return steps.stepped(made, memory, steps.before(made.place, last.calendar), costs(made, self.calendar))


def _tight(
    known: Iterable[KnownRelation], counts: Sequence[Mapping[Count, int]], told: Collection[Count]
) -> list[KnownRelation]:
    """Give what holds exactly in the network, and so in each area: sums of what is never negative are 0.

    Only what may be told of the network can be known to be so.
    """
    sums: Counter[Count] = Counter()
    for counted in counts:
        sums.update(counted)
    found = []
    for relation in known:
        slack = sum(factor * sums[cell] for cell, factor in relation.terms)
        if relation.exact or slack > 0:
            continue
        cells = [cell for cell, _ in relation.terms]
        others = [sums[cell] - max(counted.get(cell, 0) for counted in counts) for cell in cells]
        if all(cell in told for cell in cells) and min(others) >= SMALLEST_TOLD:
            found.append(KnownRelation(relation.terms, exact=True))
    return found


def _of_area(
    tight: Iterable[KnownRelation], counted: Mapping[Count, int], cells: Collection[Count]
) -> Iterator[KnownRelation]:
    """Give the same of an area; where nothing ran a cell is missing, and nobody was there."""
    for relation in tight:
        terms = tuple((cell, factor) for cell, factor in relation.terms if cell in cells or cell in counted)
        if terms:
            yield KnownRelation(terms, exact=True)
