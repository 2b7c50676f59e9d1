"""What releases tell: the share of counts of five or more that readers outside an area are shown.

`make bench ONLY=shown`, with other numbers of areas by `ARGS=AREAS=12,50`. Networks are realistic ones, each released
from nothing; one of them month after month for a year too. The demo's newest release is read where it is kept.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from services import embedded
from services.reporting.releases import area_facts, store
from services.reporting.releasing import making
from services.reporting.releasing.families import families, network
from services.reporting.releasing.released import NETWORK
from shared import database
from tests.benchmarks.measuring import Row, Target
from tests.benchmarks.options import Options
from tests.benchmarks.release import Measured, measured, shares_of_report
from tests.oracles import realistic_networks, release_bounds
from tests.oracles.release_intruder import THRESHOLD
from tests.support import systems

# Shares in per cent that must be told: of the network's report by number of areas, and of the areas' counts.
REPORT_PCT: Final = {2: 95, 12: 99, 50: 96, 100: 96, 300: 96}
AREAS_PCT: Final = {100: 92, 300: 92}
DEMO_PCT: Final = 95
# Of how many areas a year of releases is made, where no numbers are asked for, and how long a year is.
OF_A_YEAR: Final = 100
YEAR: Final = 12


async def measure(options: Options) -> list[Row]:
    """Measure what is told of each network, beside the most that the promise lets any release tell."""
    rows: list[Row] = []
    for areas in options.areas or REPORT_PCT:
        sys.stderr.write(f"shown: {areas:,} areas …\n")
        rows += _rows(measured(areas))
    sys.stderr.write("shown: a year …\n")
    rows += after_a_year(min(options.areas, default=OF_A_YEAR))
    sys.stderr.write("shown: the demo …\n")
    return [*rows, *await asyncio.to_thread(_of_demo)]


def _rows(found: Measured) -> list[Row]:
    what = f"release of {found.areas:,} areas"
    report = Row(
        *(f"{what}: network report told", "%", found.report_pct),
        limit=found.most_pct,
        targets=_target(REPORT_PCT.get(found.areas)),
    )
    of_areas = Row(
        *(f"{what}: counts of areas told", "%", found.areas_pct),
        limit=found.most_of_areas_pct,
        targets=_target(AREAS_PCT.get(found.areas)),
    )
    return [report, of_areas]


def _target(share_pct: float | None) -> tuple[Target, ...]:
    return () if share_pct is None else (Target("measured", share_pct),)


def after_a_year(areas: int) -> Iterator[Row]:
    """Make the releases of thirteen months in a row, and measure what the first and the last tell."""
    facts, calendar = realistic_networks.network(areas), realistic_networks.CALENDAR
    last: making.Kept | None = None
    for left in range(YEAR, -1, -1):
        now = replace(calendar, months=calendar.months - left)
        decided = making.decisions(facts, now, last)
        if left in {YEAR, 0}:
            made = making.release(1, 1, now, list(decided.values()))
            report_pct = 100 * shares_of_report(made, decided.values())[0]
            areas_pct = 100 * making.share_told(decided.values(), of_network=False)
            what = f"release of {areas:,} areas, " + ("a year later" if not left else "the first of a year")
            yield Row(f"{what}: network report told", "%", report_pct, targets=_target(REPORT_PCT.get(areas)))
            yield Row(f"{what}: counts of areas told", "%", areas_pct, targets=_target(AREAS_PCT.get(areas)))
        last = making.kept(now, decided)


def _of_demo() -> list[Row]:
    """Run the demo to its end, and compare its newest release with the counts that it was made of."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-benchmarks-") as folder:
        data = Path(folder)
        with systems.running("demo", data=data):
            pass
        with embedded.servers(data) as servers:
            shares = asyncio.run(_shares_of_newest(servers.database_url))
    return [
        Row(f"the demo's newest release: counts of {of} told", "%", share, limit=most, targets=_target(DEMO_PCT))
        for of, (share, most) in zip(("the network", "areas"), shares, strict=True)
    ]


async def _shares_of_newest(url: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give what share of the network's counts of five or more, and of the areas', the newest release tells.

    Beside each stands the most that any could.
    """
    connection = await database.connect(database.service_url(url, "reporting"), database.BY_KEY)
    try:
        head = await store.newest(connection)
        assert head is not None, "the demo has no release"
        facts = [each async for each in area_facts.by_area(connection, head.calendar)]
        told = {area: await store.told(connection, head.number, area) for area in (NETWORK, *(a.area for a in facts))}
    finally:
        await connection.close()
    facts.sort(key=lambda each: each.area)
    networks = [
        network(family, facts, [family.count(each) for each in facts])[0] for family in families(facts, head.calendar)
    ]
    bounds = release_bounds.most_told(networks, lambda area, _: area == NETWORK)
    bounds_of_areas = release_bounds.most_told_of_areas(networks)
    large, shown = {True: 0, False: 0}, {True: 0, False: 0}
    for family in families(facts, head.calendar):
        by_area = {each.area: family.count(each) for each in facts}
        cells = dict.fromkeys(cell for counted in by_area.values() for cell in counted)
        by_area[NETWORK] = {cell: sum(counted.get(cell, 0) for counted in by_area.values()) for cell in cells}
        for area, counted in by_area.items():
            for cell, count in counted.items():
                if count >= THRESHOLD and cell in told[area]:
                    large[area == NETWORK] += 1
                    shown[area == NETWORK] += isinstance(told[area][cell], int)
    of_network, of_areas = (100 * most / everything for most, everything in (bounds, bounds_of_areas))
    return (100 * shown[True] / large[True], of_network), (100 * shown[False] / large[False], of_areas)
