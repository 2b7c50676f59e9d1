"""A release: what it costs, whether it is proven, and whether an intruder narrows anything.

`make bench ONLY=release`, with other numbers of areas by `ARGS=AREAS=12,50`; ten thousand are measured where they are
asked for. By itself with numbers of areas it prints what is told as well: `python -m tests.benchmarks.release 2 12 50`.
`python -m tests.benchmarks.release attack 200` attacks so many networks over twelve releases in a row. What releases
tell is `make bench ONLY=shown`.
"""

import asyncio
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import orjson

from services.reporting.releases.worker import patiently
from services.reporting.releasing import making, proving
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count
from services.reporting.releasing.decision import Decision
from services.reporting.releasing.released import NETWORK, Release, ReleaseRow
from tests.attack import networks as attack_networks
from tests.benchmarks import release_reports
from tests.benchmarks.measuring import Row as Figure
from tests.benchmarks.measuring import Target
from tests.benchmarks.options import Options
from tests.benchmarks.slowness import slowness
from tests.oracles import realistic_networks, release_bounds, release_worlds
from tests.oracles.release_intruder import THRESHOLD, Intruder
from tests.oracles.releases_in_a_row import TWELVE, YOUNG, made_in_a_row, narrowed

# Of the report: told exactly, or at least as "at least", and what any release can tell at most.
_HEADINGS: Final = (
    "areas  report %  at least %  at most %  network %  areas %  beside % (network, areas)  cold CPU s  next CPU s"
    "  unproven  peak MB\n"
)
ATTACKED: Final = 12


@dataclass(frozen=True, slots=True)
class Must:
    """What must be reached with so many areas: processor time in seconds, from nothing and for the next month."""

    areas: int
    cold_s: float
    next_s: float | None = None
    peak_mb: float | None = None
    is_said: bool = True


MUST: Final = (
    Must(100, 8, next_s=3),
    Must(300, 40),
    Must(1_000, 150, peak_mb=1_024),
    Must(10_000, 1_800, peak_mb=1_024),
)
# The numbers of areas that are measured where none are asked for, and the most whose reports are read over HTTP.
USUAL: Final = (100, 300, 1_000)
MOST_READ: Final = 1_000
# Up to how many areas the next month's release is made too.
MOST_FOLLOWED: Final = 300
# What takes so many times the processor time that it may, or so much memory, is given up.
GIVEN_UP_AT: Final = 2
MOST_MEMORY_MB: Final = 6_144
# What it takes beside to draw a network and to check the proofs; and what is waited for where nothing is said.
BESIDE_S: Final = 60
# How many networks are attacked over twelve releases in a row; `make attack` attacks more.
IN_A_ROW: Final = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """One network: shares told of counts of five or more, in per cent, and processor time in seconds.

    `beside_pct` is the share told of what is no count: attendances, hours and means, of the network and of areas.
    """

    areas: int
    report_pct: float
    at_least_pct: float
    most_pct: float
    network_pct: float
    areas_pct: float
    most_of_areas_pct: float
    cold_s: float
    next_s: float
    unproven: int
    beside_pct: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pace:
    """What one release cost: processor time in seconds, from nothing and for the next month where it was asked.

    `peak_mb` is the most memory of the process, what the release was made from included; `slower` how many times as
    slow the machine was meanwhile as the one that the targets were set on.
    """

    cold_s: float
    next_s: float
    unproven: int
    peak_mb: float
    slower: float


async def measure(options: Options) -> list[Figure]:
    """Measure releases of more and more areas, each in a process of its own, and attack some."""
    rows: list[Figure] = []
    for areas in options.areas or USUAL:
        sys.stderr.write(f"release: {areas:,} areas …\n")
        must = _must(areas)
        rows += _rows_of(must, await _in_own_process(must))
        if areas <= MOST_READ:
            rows += await release_reports.measured(areas, options.rounds)
    sys.stderr.write("release: attacks …\n")
    attacked_ones = [await asyncio.to_thread(attack_networks.attacked, seed) for seed in range(IN_A_ROW)]
    found = sum(each.narrowed for each in attacked_ones)
    what = f"{sum(each.releases for each in attacked_ones)} releases of {IN_A_ROW} networks, attacked exactly"
    return [*rows, Figure(what, "narrowed", found, targets=(_at_most(0),))]


def _must(areas: int) -> Must:
    """Give what must be reached with so many areas; where nothing is said of them, what bounds the next larger."""
    return next((each for each in MUST if each.areas == areas), None) or Must(
        areas, next((each.cold_s for each in MUST if each.areas > areas), MUST[-1].cold_s) + BESIDE_S, is_said=False
    )


def _at_most(bound: float) -> Target:
    return Target("measured", bound, at_least=False)


def _rows_of(must: Must, pace: Pace | None) -> Iterator[Figure]:
    what, aims = f"release of {must.areas:,} areas", (_at_most(must.cold_s),) if must.is_said else ()
    if pace is None:
        bound = must.cold_s * GIVEN_UP_AT
        yield Figure(f"{what}: from nothing", "CPU s", bound, targets=aims, missed=True)
        return
    of_next = (_at_most(must.next_s),) if must.next_s else ()
    for of, seconds, bounds in (("from nothing", pace.cold_s, aims), ("the next month", pace.next_s, of_next)):
        if seconds:
            yield Figure(f"{what}: {of}", "CPU s", seconds, targets=bounds)
            there = f"{what}: {of}, divided by {pace.slower:.1f}, as much slower as a loop of additions is here"
            yield Figure(there, "CPU s", seconds / pace.slower, targets=bounds)
    targets = (_at_most(must.peak_mb),) if must.peak_mb else ()
    yield Figure(f"{what}: memory at most", "MB", pace.peak_mb, targets=targets)
    yield Figure(f"{what}: not proven", "counts", pace.unproven, targets=(_at_most(0),))


async def _in_own_process(must: Must) -> Pace | None:
    """Make a release, where it is asked the next month's too; None where it was given up."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.release", "pace", str(must.areas)),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return Pace(**orjson.loads(said)) if process.returncode == 0 else None


def pace(areas: int, *, next_too: bool) -> Pace:
    """Make a release of a realistic network from nothing, and where asked that of the next month."""
    patiently()
    slower = [slowness()]
    facts, calendar = realistic_networks.network(areas), realistic_networks.CALENDAR
    first = replace(calendar, months=calendar.months - 1)
    started = time.process_time()
    decided = making.decisions(facts, first)
    beside = making.beside(facts, first, decided)
    release = making.release(1, 1, first, list(decided.values()), beside)
    assert release.digest
    cold_s = time.process_time() - started
    slower.append(slowness())
    unproven = sum(len(proving.faults(each)) for each in decided.values()) + len(beside.faults())
    next_s = 0.0
    if next_too:
        last = making.kept(first, decided, beside)
        started = time.process_time()
        decided = making.decisions(facts, calendar, last)
        beside = making.beside(facts, calendar, decided, last)
        making.release(2, 2, calendar, list(decided.values()), beside)
        next_s = time.process_time() - started
        slower.append(slowness())
        unproven += sum(len(proving.faults(each)) for each in decided.values()) + len(beside.faults())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Pace(cold_s, next_s, unproven, peak_mb, statistics.mean(slower))


def measured(areas: int) -> Measured:
    """Make the release of a realistic network, and that of the month before, which it then follows."""
    patiently()
    facts, calendar = realistic_networks.network(areas), realistic_networks.CALENDAR
    started = time.process_time()
    decided = making.decisions(facts, calendar)
    beside = making.beside(facts, calendar, decided)
    release = making.release(1, 1, calendar, list(decided.values()), beside)
    cold_s = time.process_time() - started
    unproven = sum(len(proving.faults(each)) for each in decided.values()) + len(beside.faults())
    earlier = replace(calendar, months=calendar.months - 1)
    before = making.decisions(facts, earlier)
    last = making.kept(earlier, before, making.beside(facts, earlier, before))
    started = time.process_time()
    making.beside(facts, calendar, making.decisions(facts, calendar, last), last)
    next_s = time.process_time() - started
    told_pct, areas_pct = (100 * making.share_told(decided.values(), of_network=each) for each in (True, False))
    report, at_least = (100 * share for share in shares_of_report(release, decided.values()))
    networks = [each.network for each in decided.values()]
    most, everything = release_bounds.most_told(
        networks, lambda area, cell: _is_in_report(ReleaseRow(area, cell, 0), calendar)
    )
    of_areas, in_areas = release_bounds.most_told_of_areas(networks)
    most_pcts = 100 * most / everything, 100 * of_areas / in_areas
    return Measured(
        *(areas, report, at_least, most_pcts[0], told_pct, areas_pct, most_pcts[1], cold_s, next_s, unproven),
        _shares_beside(beside),
    )


def _shares_beside(beside: making.Beside) -> tuple[float, float]:
    """Give what share is told beside counts, of the network and of areas, in per cent."""
    rows = [(row.area == NETWORK, not isinstance(row.told, str)) for row in beside.rows()]
    some = [[is_told for of_network, is_told in rows if of_network == wanted] for wanted in (True, False)]
    of_network, of_areas = (100 * sum(each) / len(each) for each in some)
    return of_network, of_areas


def shares_of_report(release: Release, decided: Iterable[Decision]) -> tuple[float, float]:
    """Give what share the network's report tells of its counts of five or more, exactly, and as "at least" too.

    At least so many people are in a withheld sum as in those of its parts that are told.
    """
    counts: dict[tuple[str, Count], int] = {}
    for decision in decided:
        for area in (*decision.network.areas, decision.network.table):
            counts |= {(area.area, cell): count for cell, count in area.by_cell().items()}
    counted = [row for row in release.rows if (row.area, row.cell) in counts]
    rows = [row for row in counted if _is_in_report(row, release.calendar)]
    large = [row for row in rows if counts[row.area, row.cell] >= THRESHOLD]
    of_parts: Counter[Count] = Counter()
    for row in release.rows:
        of_parts[row.cell] += row.told if row.area != NETWORK and isinstance(row.told, int) else 0
    exactly = [isinstance(row.told, int) for row in large]
    at_least = [row.area == NETWORK and of_parts[row.cell] >= THRESHOLD for row in large]
    return sum(exactly) / len(large), sum(map(any, zip(exactly, at_least, strict=True))) / len(large)


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
        tried = found = 0
        for intruder in (Intruder(release, activities), Intruder(release, activities, own)):
            hidden = [place for place in intruder.places if 0 < truth.get(place, 0) < THRESHOLD and place not in own]
            some = [place for place in hidden if place[1].name != "new in month"][::7][:ATTACKED]
            tried += len(some)
            found += sum(not (intruder.can_be(place, 1) and intruder.can_be(place, 4)) for place in some)
        yield seed, tried, found


def attacked_in_a_row(networks: int) -> Iterator[tuple[int, int, int, int]]:
    """Attack releases in a row: the seed, the areas, how many attacks were made, and how many counts were narrowed.

    A lead and each coordinator attack the first two of twelve, and the first with a later one.
    """
    for seed in range(networks):
        dice = random.Random(seed)  # noqa: S311  drawn from a seed
        facts = realistic_networks.network(2 + seed % 11, seed, median=(15, 40, 60)[seed % 3], calendar=YOUNG)
        made = list(made_in_a_row(facts, TWELVE, seed=seed))
        found = [
            narrowed(facts, (made[0], made[later]), known)
            for known in ("", *(area.area for area in facts))
            for later in (1, dice.randrange(2, len(made)))
        ]
        yield seed, len(facts), len(found), sum(map(len, found))


def _limit(must: Must) -> None:
    """Give up what takes far more than it may, on a machine as slow as this one."""
    seconds = round(((must.cold_s + (must.next_s or must.cold_s)) * GIVEN_UP_AT + BESIDE_S) * max(slowness(), 1))
    memory = MOST_MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main(arguments: Sequence[str]) -> int:
    """Print one line for each number of areas, and one for each attacked network."""
    if arguments[:1] == ["pace"]:
        areas = int(arguments[1])
        _limit(_must(areas))
        sys.stdout.buffer.write(orjson.dumps(pace(areas, next_too=areas <= MOST_FOLLOWED)))
        return 0
    if arguments[:1] == ["attack"]:
        for seed, size, attacks, count in attacked_in_a_row(int(arguments[1])):
            sys.stdout.write(f"network {seed} of {size} areas: {attacks} attacks, {count} counts narrowed\n")
            sys.stdout.flush()
        return 0
    sys.stdout.write(_HEADINGS)
    for areas in map(int, arguments):
        found = measured(areas)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"{found.areas:5}  {found.report_pct:8.1f}  {found.at_least_pct:10.1f}  {found.most_pct:9.1f}  "
            f"{found.network_pct:9.1f}  {found.areas_pct:7.1f}  "
            f"{found.beside_pct[0]:17.1f}  {found.beside_pct[1]:7.1f}  "
            f"{found.cold_s:10.1f}  {found.next_s:10.1f}  {found.unproven:8}  {peak_mb:7.0f}\n"
        )
        sys.stdout.flush()
    for seed, tried, count in attacked(4):
        sys.stdout.write(f"attacked network {seed}: {tried} counts tried, {count} narrowed\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
