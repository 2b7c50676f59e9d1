"""All that somebody from outside reads of people over HTTP, by every route and in every form, as cells of a release.

What no cell of the release says, or says otherwise, is kept apart, and an intruder who reads it knows it all the same.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pypdf

from services.reporting.releasing.released import NETWORK, Release, ReleaseRow, ToldAs
from services.reporting.web.charts.catalogue import available
from tests.oracles import figures_read
from tests.oracles.figures_read import Figure, Path, Reading
from tests.oracles.release_intruder import Place
from tests.support.builders import Json
from tests.support.outsiders import BY, BY_MORE, OF_PEOPLE

# What is asked of a report beside all there is of it: spans of time that releases have, and a day, which none has.
SPANS: Final = ("period=2025", "period=2024/25", "period=2025-Q1", "period=2025-03", "from=2025-03-20&to=2025-03-20")
BY_PLAN: Final = ("plan,school_year", "plan,kind", "area,kind", "activity,school_year", "effort_area,school_year")
CHOICES: Final = tuple(f"by={by}" for by in (*BY, *BY_MORE, *BY_PLAN, "area,plan"))
# The forms of an answer of one's own choice are made of its rows alike: each is asked for by some of the choices.
IN_FILES: Final = ("area,month", "activity", "plan", "kind", "area,effort_area,school_year")
IN_ENGLISH: Final = "language=en"
CHARTS: Final = ("participants", "attendance", "age_bands", "retention")
AMOUNTS: Final = ("attendances", "participant_hours", "volunteer_hours")
HOURS: Final = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """Gives answers of the interface, and pages, as to whoever is from outside; everybody knows where things are."""

    get: Any
    page: Any
    area_of: dict[str, str]
    plans: tuple[str, ...]
    areas: tuple[str, ...]

    def reading(self, release: Release) -> Reading:
        """Make what says of whom the figures of an answer are."""
        plans_of = Counter(self.area_of[plan] for plan in self.plans)
        alone = frozenset(plan for plan in self.plans if plans_of[self.area_of[plan]] == 1)
        return Reading(release.calendar, self.area_of, alone)

    def reports(self) -> Iterator[tuple[str, str, str]]:
        """Give the address of each report, that of its page, and whose people it tells."""
        yield "network", "/", NETWORK
        yield from ((f"areas/{area}", f"/areas/{area}", area) for area in self.areas)
        yield from ((f"plans/{plan}", f"/plans/{plan}", self.area_of[plan]) for plan in self.plans)


@dataclass
class Everything:
    """What a release tells, and all that was read beside it: `more` is what no cell tells, by the way that told it."""

    release: Release
    told: dict[Place, ToldAs]
    at_least: dict[Place, int] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
    read: int = 0

    @classmethod
    def beside(cls, release: Release) -> "Everything":
        """Begin with the release, read cell by cell."""
        return cls(release, dict(release.by_cell()))

    def as_release(self) -> Release:
        """Give all counts that are known from what was read."""
        rows = [ReleaseRow(*place, told) for place, told in sorted(self.told.items(), key=lambda item: item[0])]
        return replace(self.release, rows=rows)

    def take(self, way: str, figures: dict[Path, Figure]) -> None:
        """Take in the figures of an answer, as JSON."""
        for path, figure in figures.items():
            said = figure.said
            if said["value"] is not None:
                self.number(f"{way} {path}", figure.place, said["value"])
            elif figure.place is not None:
                self._hidden(figure.place, said.get("hidden", ""), said.get("at_least", 0))

    def forms(self, way: str, figures: dict[Path, Figure], told: Iterable[tuple[Path, float]]) -> int:
        """Take in what another form of the same answer tells, and give how many figures these are."""
        taken = 0
        for path, value in told:
            if path.endswith("?") or path in figures:
                self.number(f"{way} {path}", figures[path].place if path in figures else None, value)
                taken += 1
        return taken

    def number(self, way: str, place: Place | None, value: float) -> None:
        """Take in a number that is told."""
        self.read += 1
        if place is None:
            self.more.append(f"{way} tells {value}, which is of no cell")
            return
        before = self.told.get(place)
        if not isinstance(before, int | float) or before != value:
            self.more.append(f"{way} tells {value} of {place}, of which the release says {before}")
            self.told[place] = int(value)

    def _hidden(self, place: Place, why: str, at_least: float) -> None:
        if at_least:
            self.at_least[place] = max(self.at_least.get(place, 0), int(at_least))
        if why in {"small", "large"} and self.told.get(place) in {None, "withheld"}:
            self.told[place] = why  # type: ignore[assignment]  # it is one of the two


async def everything(reader: Reader, release: Release) -> Everything:
    """Read every route in every form."""
    found = Everything.beside(release)
    reading = reader.reading(release)
    for address, page, area in reader.reports():
        report = (await reader.get(f"reports/{address}")).json()
        figures = dict(reading.of_report(report, area))
        found.take(address, figures)
        await _forms_of_report(reader, found, address, report, figures)
        for more in (page, *(("/change", "/staying") if area == NETWORK else ())):
            found.forms(f"page {more}", figures, figures_read.on_a_page(await reader.page(more)))
        for span in SPANS:
            document = (await reader.get(f"reports/{address}?{span}")).json()
            found.take(f"{address}?{span}", dict(reading.of_report(document, area)))
    for activity in sorted(set(reader.area_of) - set(reader.plans)):
        await _page_of_activity(reader, found, reading, activity)
    for choice in CHOICES:
        await _of_choice(reader, found, reading, choice)
    return found


async def _forms_of_report(
    reader: Reader, found: Everything, address: str, report: Json, figures: dict[Path, Figure]
) -> None:
    told = sum(figure.said["value"] is not None for figure in figures.values())
    content = (await reader.get(f"reports/{address}.csv?{IN_ENGLISH}")).content
    taken = found.forms(f"{address}.csv", figures, figures_read.in_long_csv(content, report))
    assert taken > told / 2, (address, "of its CSV too little is read")
    content = (await reader.get(f"reports/{address}.xlsx?{IN_ENGLISH}")).content
    taken = found.forms(f"{address}.xlsx", figures, figures_read.in_workbook(content, report))
    assert taken > told / 2, (address, "of its workbook too little is read")
    content = (await reader.get(f"reports/{address}.pdf?{IN_ENGLISH}")).content
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert found.forms(f"{address}.pdf", figures, figures_read.on_paper(text, report)) > len(report["months"]) / 2
    kind, _, name = address.partition("/")
    of = f"&{kind.removesuffix('s')}={name}" if name else ""
    for chart in available(report):
        if chart in CHARTS:
            drawn = (await reader.get(f"charts/{chart}.json?{IN_ENGLISH}{of}")).json()
            found.forms(f"chart {chart}{of}", figures, figures_read.in_chart(chart, drawn, report))


async def _page_of_activity(reader: Reader, found: Everything, reading: Reading, activity: str) -> None:
    html = await reader.page(f"/activities/{activity}")
    plan = next(each for each in reader.plans if reader.area_of[each] == reader.area_of[activity])
    report = (await reader.get(f"reports/plans/{plan}")).json()
    figures = dict(reading.of_report(report, reader.area_of[activity]))
    found.forms(f"page of {activity}", figures, figures_read.on_a_page(html))


async def _of_choice(reader: Reader, found: Everything, reading: Reading, choice: str) -> None:
    asked = f"indicator={','.join(OF_PEOPLE)}&{choice}"
    answer = (await reader.get(f"figures?{asked}")).json()
    figures = dict(reading.of_choice(answer))
    found.take(f"figures?{choice}", figures)
    by = choice.removeprefix("by=")
    content = (await reader.get(f"figures.csv?{asked}&{IN_ENGLISH}")).content
    found.forms(f"figures.csv?{choice}", figures, figures_read.in_table(content, "rows"))
    if by not in IN_FILES:
        return
    package = (await reader.get(f"figures.zip?{asked}")).content
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        taken = found.forms(
            f"figures.zip?{choice}", figures, figures_read.in_table(archive.read("figures.csv"), "rows")
        )
    assert taken or not any(figure.said["value"] for path, figure in figures.items() if path.startswith("rows"))
    content = (await reader.get(f"figures.xlsx?{asked}&{IN_ENGLISH}")).content
    found.forms(f"figures.xlsx?{choice}", figures, figures_read.in_sheet(content, "rows"))
    address = "&".join(f"by={each}" for each in by.split(","))
    html = await reader.page(f"/figures?indicator={OF_PEOPLE[0]}&{address}")
    alone = (await reader.get(f"figures?indicator={OF_PEOPLE[0]}&{choice}")).json()
    of_page = dict(reading.of_choice(alone))
    found.forms(f"page figures?{choice}", of_page, figures_read.on_a_page(html))


def of_published(document: Json, release: Release, area: str, reader: Reader) -> Everything:
    """Read a published report, beside the release that it was published from."""
    found = Everything.beside(release)
    found.take("published", dict(reader.reading(release).of_report(document, area)))
    return found
