"""The families of counts: between two of them nobody knows anything to hold, so that each is decided by itself. Pure.

Participants, with who was new, came back and left; volunteers; and the pairs of each lens and kind of respondent.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.reporting.releasing import frame, presence, relations, steps
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Cell, FrameCell
from services.reporting.releasing.frame import Running
from services.reporting.releasing.network import Network, sums_of
from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.relations import Relation
from services.reporting.releasing.released import NETWORK
from services.reporting.releasing.steps import Memory, Stepped
from services.reporting.releasing.tables import table
from shared.law import SMALLEST_TOLD


@dataclass(frozen=True, slots=True)
class Family:
    """One family: `name` is participants, volunteers, or that of a lens and a kind of respondent."""

    name: str
    calendar: Calendar
    followed: Sequence[int]

    def frame(self, running: Running) -> Sequence[FrameCell]:
        """Give the cells of an area, or of the network."""
        if self.name == "participants":
            return tuple(frame.participants(self.calendar, running, self.followed))
        if self.name == "volunteers":
            return tuple(frame.volunteers(self.calendar, running))
        return tuple(frame.pairs(self.calendar, self.name))

    def relations(self, cells: Collection[Cell], running: Running) -> Iterator[Relation]:
        """Give what holds between cells of an area, or of the network."""
        if self.name == "participants":
            return relations.of_participants(cells, self.calendar, running)
        if self.name == "volunteers":
            return relations.of_volunteers(cells, self.calendar, running)
        return relations.of_pairs(self.name, self.calendar)

    def count(self, facts: AreaFacts) -> Mapping[Cell, int]:
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
    return [Family(name, calendar, followed) for name in ("participants", "volunteers", *lenses)]


def network(
    family: Family,
    facts: Sequence[AreaFacts],
    counts: Sequence[Mapping[Cell, int]],
    memories: Mapping[str, Memory] | None = None,
    old: Calendar | None = None,
) -> tuple[Network, list[Stepped]]:
    """Put the counts of all areas, in their order, into arrays, as they are after the release before."""
    everywhere = Running(activity for area in facts for activity in area.activities)
    cells = [each for each in family.frame(everywhere) if each.in_network]
    known = list(family.relations({each.cell for each in cells}, everywhere))
    # What holds exactly in the network by chance holds so for this release alone.
    tight = _tight(known, counts, {each.cell for each in cells}) if old is None else []
    stepped = []
    for area, counted in zip(facts, counts, strict=True):
        running = Running(area.activities)
        own = family.frame(running)
        names = {each.cell for each in own}
        made = table(area.area, own, (*family.relations(names, running), *_of_area(tight, counted, names)), counted)
        memory = (memories or {}).get(area.area)
        stepped.append(
            steps.stepped(made, memory, steps.before(made.place, old, family.calendar))
            if memory and old
            else Stepped(made)
        )
    hidden: set[Cell] = set()
    public: set[Cell] = set()
    if memories and old and NETWORK in memories:
        sums = sums_of([each.table for each in stepped])
        names = {each.cell for each in cells}
        for cell, is_told in steps.kept_sums(sums, memories[NETWORK], steps.before(names, old, family.calendar)):
            (public if is_told else hidden).add(cell)
    return Network(cells, (*known, *tight), [each.table for each in stepped], hidden, public), stepped


def _tight(known: Iterable[Relation], counts: Sequence[Mapping[Cell, int]], told: Collection[Cell]) -> list[Relation]:
    """Give what holds exactly in the network, and so in each area: sums of what is never negative are 0.

    Only what may be told of the network can be known to be so.
    """
    sums: Counter[Cell] = Counter()
    for counted in counts:
        sums.update(counted)
    found = []
    for relation in known:
        if relation.exact or sum(factor * sums[cell] for cell, factor in relation.terms):
            continue
        cells = [cell for cell, _ in relation.terms]
        others = [sums[cell] - max(counted.get(cell, 0) for counted in counts) for cell in cells]
        if all(cell in told for cell in cells) and min(others) >= SMALLEST_TOLD:
            found.append(Relation(relation.terms, exact=True))
    return found


def _of_area(tight: Iterable[Relation], counted: Mapping[Cell, int], cells: Collection[Cell]) -> Iterator[Relation]:
    """Give the same of an area; where nothing ran a cell is missing, and nobody was there."""
    for relation in tight:
        terms = tuple((cell, factor) for cell, factor in relation.terms if cell in cells or cell in counted)
        if terms:
            yield Relation(terms, exact=True)
