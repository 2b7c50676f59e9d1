"""A release: how much of the counts it tells, what it costs, and whether an intruder narrows anything.

`make bench ONLY=release`, or by itself with numbers of areas: `python -m tests.benchmarks.release 2 12 50 100 300`.
"""

import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.reporting.releasing import making, proving
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.deciding import Decision
from services.reporting.releasing.released import NETWORK, Release, ReleaseRow
from tests.benchmarks.measuring import Row as Figure
from tests.benchmarks.measuring import Target
from tests.benchmarks.options import Options
from tests.oracles import realistic_networks, release_worlds
from tests.oracles.release_intruder import THRESHOLD, Intruder

YOUNG: Final = Calendar(date(2022, 8, 1), 14)
# What must be reached at a hundred areas: shares in per cent, processor time in seconds.
NETWORK_PCT, AREAS_PCT, COLD_S, NEXT_S = 98, 92, 8, 3
MEASURED_AREAS: Final = 100
ATTACKED: Final = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """One network: shares told of counts of five or more, in per cent, and processor time in seconds."""

    areas: int
    report_pct: float
    network_pct: float
    areas_pct: float
    cold_s: float
    next_s: float
    unproven: int


async def measure(options: Options) -> list[Figure]:
    """Measure a release of a hundred areas."""
    del options
    found = measured(MEASURED_AREAS)
    told = f"release of {MEASURED_AREAS} areas"
    return [
        Figure(f"{told}: network report told", "%", found.report_pct, targets=(Target("measured", NETWORK_PCT),)),
        Figure(f"{told}: counts of areas told", "%", found.areas_pct, targets=(Target("measured", AREAS_PCT),)),
        Figure(f"{told}: from nothing", "CPU s", found.cold_s, targets=(Target("measured", COLD_S, at_least=False),)),
        Figure(f"{told}: the next month", "CPU s", found.next_s, targets=(Target("measured", NEXT_S, at_least=False),)),
        Figure(f"{told}: not proven", "counts", found.unproven, targets=(Target("measured", 0, at_least=False),)),
    ]


def measured(areas: int) -> Measured:
    """Make the release of a realistic network, and that of the month before, which it then follows."""
    facts, calendar = realistic_networks.network(areas), realistic_networks.CALENDAR
    started = time.process_time()
    decided = making.decisions(facts, calendar)
    release = making.release(1, 1, calendar, list(decided.values()))
    cold_s = time.process_time() - started
    unproven = sum(len(proving.faults(each)) for each in decided.values())
    earlier = replace(calendar, months=calendar.months - 1)
    last = making.kept(earlier, making.decisions(facts, earlier))
    started = time.process_time()
    making.decisions(facts, calendar, last)
    next_s = time.process_time() - started
    told_pct, areas_pct = (100 * making.share_told(decided.values(), of_network=each) for each in (True, False))
    report = 100 * _share_of_report(release, decided.values())
    return Measured(areas, report, told_pct, areas_pct, cold_s, next_s, unproven)


def _share_of_report(release: Release, decided: Iterable[Decision]) -> float:
    """Give what share the network's report tells, of the whole time, of what it has of five or more."""
    counts: dict[tuple[str, Count], int] = {}
    for decision in decided:
        for area in (*decision.network.areas, decision.network.table):
            counts |= {(area.area, cell): count for cell, count in area.by_cell().items()}
    rows = [row for row in release.rows if _is_in_report(row, release.calendar)]
    large = [row for row in rows if counts[row.area, row.cell] >= THRESHOLD]
    return sum(isinstance(row.told, int) for row in large) / len(large)


def _is_in_report(row: ReleaseRow, calendar: Calendar) -> bool:
    """Tell whether the network's report has a count: totals, areas, effort areas, months, cohorts, and who left."""
    cell, is_whole = row.cell, row.cell.months == calendar.whole
    if row.area != NETWORK:
        return is_whole and not cell.of and cell.name in {"participants", "new", "back", "volunteers"}
    if cell.of[:1] == ("kind",):
        return False
    is_month = cell.months in calendar.each_month and cell.name in {"participants", "volunteers"}
    is_cohort = cell.name in {"seen", "seen_again"} or (cell.name == "new" and not cell.of)
    return is_whole or is_month or is_cohort


def attacked(networks: int) -> Iterator[tuple[int, int, int]]:
    """Attack small networks, as a lead and as a coordinator: the seed, and how many counts were tried and narrowed."""
    for seed in range(networks):
        facts = realistic_networks.network(3 + seed % 4, seed, median=(20, 40, 60)[seed % 3], calendar=YOUNG)
        decided = making.decisions(facts, YOUNG)
        release = making.release(1, 1, YOUNG, list(decided.values()))
        truth = {place: count for each in decided.values() for place, count in release_worlds.truth(each).items()}
        activities = {area.area: area.activities for area in facts}
        own = {place: count for place, count in truth.items() if place[0] == facts[0].area}
        tried = narrowed = 0
        for intruder in (Intruder(release, activities), Intruder(release, activities, own)):
            hidden = [place for place in intruder.places if 0 < truth.get(place, 0) < THRESHOLD and place not in own]
            some = [place for place in hidden if place[1].name != "new in month"][::7][:ATTACKED]
            tried += len(some)
            narrowed += sum(not (intruder.can_be(place, 1) and intruder.can_be(place, 4)) for place in some)
        yield seed, tried, narrowed


def main(arguments: Sequence[str]) -> int:
    """Print one line for each number of areas, and one for each attacked network."""
    sys.stdout.write("areas  report %  network %  areas %  cold CPU s  next CPU s  unproven  peak MB\n")
    for areas in map(int, arguments):
        found = measured(areas)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"{found.areas:5}  {found.report_pct:8.1f}  {found.network_pct:9.1f}  {found.areas_pct:7.1f}  "
            f"{found.cold_s:10.1f}  {found.next_s:10.1f}  {found.unproven:8}  {peak_mb:7.0f}\n"
        )
        sys.stdout.flush()
    for seed, tried, narrowed in attacked(4):
        sys.stdout.write(f"attacked network {seed}: {tried} counts tried, {narrowed} narrowed\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
