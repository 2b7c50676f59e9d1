"""Whoever reads from outside an area reads figures about its people from the release, by every way out; inside, live.

Each test posts what is in no release, and looks for it wherever somebody may read.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from services.reporting.app import build_app
from services.reporting.settings import ReportingSettings
from services.reporting.web.charts.catalogue import available
from services.reporting.web.site import build_site
from services.reporting.web.visitor import COOKIE
from shared.tokens import Identity, Role
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.answers import texts
from tests.support.builders import Json
from tests.support.extent import long_but_for
from tests.support.outsiders import OF_PEOPLE, SLOWEST_SECONDS, Network, history, person, told
from tests.support.routes import line_of, routes_of
from tests.support.signing_in import Hosts

SEPTEMBER: Final = date(2025, 9, 1)
# As many as nobody counts otherwise: what they add up to is told nowhere but live.
CAME: Final = 4_937
HOURS: Final = 3
NUMBER: Final = "{number}"
PUBLISHED: Final = f"published/{NUMBER}"
OUTSIDERS: Final[dict[str, tuple[Role, tuple[str, ...]]]] = {
    "a lead": ("lead", ()),
    "an auditor": ("auditor", ()),
    "a coordinator of another area": ("coordinator", ("nord",)),
}
ASKED: Final = f"figures?indicator={','.join(OF_PEOPLE)}"
JSON: Final = (
    "reports/network",
    "reports/areas/syd",
    "reports/plans/plan-syd",
    *(f"{ASKED}&by={by}" for by in ("", "area", "area,month", "activity,month", "plan", "kind", "effort_area,year")),
    f"{ASKED}&by=activity&area=syd",
    "reports/answers",
    "attention",
    "attention?area=syd",
    "feed",
    PUBLISHED,
    f"{PUBLISHED}/changes",
    "releases",
    "releases/next",
    "releases/1/cells?area=syd",
)
REPORTS: Final = ("network", "areas/syd", "plans/plan-syd", "answers")
FILES: Final = (
    *(f"reports/{report}.{form}" for report in REPORTS for form in ("csv", "xlsx")),
    *(ASKED.replace("figures", f"figures.{form}") + "&by=area,month&area=syd" for form in ("csv", "xlsx", "zip")),
)
DOCUMENTS: Final = tuple(f"reports/{report}.pdf" for report in REPORTS)
DRAWINGS: Final = ("charts/attendance.svg?area=syd", "charts/participants.svg")
CHOSEN: Final = "/figures/chart.{form}?chart=attendances&indicator=attendances&by=area&by=month&area=syd"
# What is in a picture nobody can search: it must be the same before and after what is not released.
PICTURES: Final = ("/reporting/charts/attendance.png?area=syd", CHOSEN.format(form="png"))
PAGES: Final = (
    "/",
    "/areas/syd",
    "/plans/plan-syd",
    "/activities/syd-cafe",
    "/change",
    "/staying?area=syd",
    "/monday",
    "/answers",
    "/feed",
    "/figures?indicator=attendances&indicator=participant_hours&by=area&by=month",
    *(CHOSEN.format(form=form) for form in ("json", "svg")),
    "/published",
    f"/{PUBLISHED}",
    "/inspiration",
)
# What tells of no people, what another form of the same answer is asked for above, and what is the area's own.
NO_WAY_OUT: Final = frozenset(
    {
        *(
            "/asyncapi.json",
            "/docs",
            "/docs/documentation.css",
            "/docs/documentation.svg",
            "/indicators",
            "/openapi.json",
        ),
        *("/dead-letters", "/dead-letters/{owner}/{sequence}", "/events", "/rebuild", "/rejections", "/status"),
        *("/health/live", "/health/ready", "/health/serving", "/metrics"),
        *("/log/authors", "/log/deeds", "/log/epochs", "/log/lookups", "/log/lookups/verification"),
        *("/log/verification", "/charts/{script}.js", "/feed/stream", "/remade/{form}"),
        *("/ground", "/ground.csv", "/ground.xlsx", "/published"),
        # Asked for by `test_every_route.py` alone, for small counts.
        *(f"/reports/plans/{{plan}}/statements/{{year}}{suffix}" for suffix in ("", ".csv", ".xlsx", ".pdf")),
    }
)
# Pages of the same kind; those under `/figures`, `/reports` and `/charts` are the interface's answers, asked for above.
NO_PAGE_OUT: Final = frozenset(
    {
        *(
            "/administration",
            "/log",
            "/status",
            "/releases",
            "/method",
            "/money",
            "/pseudonyms",
            "/calendar.ics",
        ),
        *("/manifest.webmanifest", "/service-worker.js", "/static/{name}", "/feed/stream"),
        *(
            "/offline",
            "/offline/rosters",
            "/own-area",
            "/people",
            "/register",
            "/register/{name}",
            "/roster",
            "/series",
        ),
        *("/sign-in", "/sign-in/return", "/sign-in/with/{provider}", "/context-figures"),
        *("/subscriptions", "/subscriptions/confirm", "/subscriptions/stop"),
        *("/ground", "/ground.csv", "/ground.xlsx", "/plans/{plan}/statements/{year}"),
        *("/charts/{script}.js", *(f"/charts/{{name}}.{form}" for form in ("json", "svg", "png"))),
        *(f"/figures.{form}" for form in ("csv", "xlsx", "zip")),
        *(
            f"/reports/{report}.{form}"
            for report in ("network", "answers", "areas/{area}", "plans/{plan}", "plans/{plan}/statements/{year}")
            for form in ("csv", "xlsx", "pdf")
        ),
    }
)


def _later() -> list[Json]:
    """Give what comes after the release: thousands at a session that had a few dozen, nobody of them by name."""
    held = b.an_attendance("syd-cafe-2025-09", "syd-cafe", area="syd", date="2025-09-20", headcount=CAME, hours=HOURS)
    return [held, *_people()]


def _people() -> Iterator[Json]:
    newcomer = person("syd", "cafe", 99)
    yield b.an_enrolment(newcomer, "syd-cafe", area="syd", date="2025-09-02", age_band="67+", gender="other")
    for event, data in (
        ("volunteer.engaged", {"volunteer": "syd-hjaelper", "date": "2025-09-03", "role": "volunteer"}),
        ("volunteer.hours", {"volunteer": "syd-hjaelper", "date": "2025-09-04", "hours": 7}),
        ("participant.left", {"participant": newcomer, "date": "2025-09-30", "reason": "job"}),
    ):
        yield b.an_event(event, {"activity": "syd-cafe", **data}, source="/areas/syd")


@pytest.fixture
async def released(system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any]) -> Network:
    """Give a network with a release."""
    found = Network(system, bearer, surroundings["database_url"])
    await found.post(*history())
    await found.release(SEPTEMBER)
    return found


@pytest.fixture
async def network(released: Network) -> Network:
    """Give a network with a release, a published report, and what came after both."""
    found = released
    report = await found.read("reports/network")
    cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding", "reporting"))
    said = {"report": "network", "cursor": cursor, "digest": report["digest"]}
    await found.post(b.an_event("report.published", said), to="reporting")
    await found.post(*_later())
    return found


async def _live_only(network: Network) -> set[str]:
    """Give the numbers that are told inside the area alone: those that thousands are in."""
    paths = ("reports/areas/syd", "reports/plans/plan-syd", f"{ASKED}&by=activity,month&area=syd")
    inside = [dict(told(await network.read(path, "coordinator", "syd"))) for path in paths]
    return {str(int(value)) for document in inside for value in document.values() if value and value >= CAME}


def _numbers(answer: httpx.Response) -> set[str]:
    """Give every number that an answer holds, thousands with or without a sign between them."""
    said = " ".join(part.decode("utf-8", "ignore") for part in texts(answer))
    joined = re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d{3}(?!\d))", "", said)
    return set(re.findall(r"\d+", joined)) | set(re.findall(r"\d+", said))


async def _page(
    system: httpx.AsyncClient, hosts: Hosts, path: str, role: Role, areas: tuple[str, ...]
) -> httpx.Response:
    session = await hosts.session(Identity(role, frozenset(areas)))
    answer = await system.get(path, headers={"cookie": f"{COOKIE}={session}"}, timeout=SLOWEST_SECONDS)
    assert answer.status_code == httpx.codes.OK, (path, answer.text[:500])
    return answer


@pytest.mark.parametrize("who", long_but_for(OUTSIDERS, ["a coordinator of another area"]))
async def test_no_live_figure_about_people_goes_out(
    network: Network, system: httpx.AsyncClient, hosts: Hosts, who: str
) -> None:
    """As JSON, in files and on pages; a lead's, which are everybody's, also on paper and in charts."""
    role, areas = OUTSIDERS[who]
    live = await _live_only(network)
    assert str(CAME) in live
    assert str(CAME * HOURS) in live
    charts = available(await network.read("reports/areas/syd", role, *areas))
    assert "attendance" in charts
    drawn = (*DOCUMENTS, *DRAWINGS) if who == "a lead" else ()
    number = (await network.read("published"))["published"][0]["id"]
    for path in (*JSON, *FILES, *(f"charts/{name}.json?area=syd" for name in charts), *drawn):
        answer = await network.get(f"/reporting/{path.replace(NUMBER, str(number))}", role, *areas)
        assert not _numbers(answer) & live, path
    for path in PAGES:
        page = await _page(system, hosts, path.replace(NUMBER, str(number)), role, areas)
        assert not _numbers(page) & live, path


async def test_inside_the_area_every_way_out_is_live(network: Network, system: httpx.AsyncClient, hosts: Hosts) -> None:
    """So that the test above can fail: the same numbers are found where its own coordinator reads."""
    live = await _live_only(network)
    own = ("coordinator", "syd")
    for form in ("", ".csv", ".xlsx", ".pdf"):
        for report in ("areas/syd", "plans/plan-syd", "answers"):
            assert _numbers(await network.get(f"/reporting/reports/{report}{form}", *own)) & live, (report, form)
    files = (path for path in FILES if path.startswith("figures."))
    drawn = ("charts/attendance.json?area=syd", "charts/attendance.svg?area=syd")
    for path in (f"{ASKED}&by=activity,month&area=syd", *drawn, *files):
        assert _numbers(await network.get(f"/reporting/{path}", *own)) & live, path
    for path in ("/areas/syd", "/plans/plan-syd", "/activities/syd-cafe", "/answers"):
        answer = await _page(system, hosts, path, "coordinator", ("syd",))
        assert _numbers(answer) & live, path
        assert 'class="withheld"' not in answer.text or path == "/answers", path
    for form in ("json", "svg"):
        answer = await _page(system, hosts, CHOSEN.format(form=form), "coordinator", ("syd",))
        assert _numbers(answer) & live, form


async def test_pictures_show_outside_what_is_released_and_inside_what_is_live(
    released: Network, system: httpx.AsyncClient, hosts: Hosts
) -> None:
    """So a picture is the same byte for byte before and after what is in no release; the own coordinator's is not."""
    outside = await _pictures(released, system, hosts, "lead", ())
    inside = await _pictures(released, system, hosts, "coordinator", ("syd",))
    await released.post(*_later())
    assert await _pictures(released, system, hosts, "lead", ()) == outside
    now = await _pictures(released, system, hosts, "coordinator", ("syd",))
    assert all(after != before for after, before in zip(now, inside, strict=True))


async def _pictures(
    network: Network, system: httpx.AsyncClient, hosts: Hosts, role: Role, areas: tuple[str, ...]
) -> list[bytes]:
    found = []
    for path in PICTURES:
        of_interface = path.startswith("/reporting/")
        answer = await (network.get(path, role, *areas) if of_interface else _page(system, hosts, path, role, areas))
        assert answer.headers["content-type"] == "image/png", path
        found.append(answer.content)
    return found


async def test_what_is_told_of_people_says_from_when_it_is(
    network: Network, system: httpx.AsyncClient, hosts: Hosts
) -> None:
    """Every answer with figures about people, and every page that shows some."""
    for path in ("reports/network", "reports/areas/syd", "reports/plans/plan-syd", f"{ASKED}&by=area"):
        assert (await network.read(path))["people"]["month"] == "2025-09", path
    for path in ("/", "/areas/syd", "/plans/plan-syd", "/activities/syd-cafe", "/change", "/staying"):
        page = await _page(system, hosts, path, "lead", ())
        assert "Personer: opgjort til og med september 2025" in page.text, path


def test_every_way_out_is_asked_or_is_said_to_be_none(surroundings: dict[str, Any]) -> None:
    """So that a new route, or a new page, that tells of people is asked for by the tests of this file."""
    at: dict[str, Any] = {f"{name}_url": f"http://127.0.0.1:1/{name}" for name in ("registry", "funding")}
    reporting = build_app(ReportingSettings(**surroundings, **at))
    pictures = (path.removeprefix("/reporting/") for path in PICTURES)
    asked = [*JSON, *FILES, *DOCUMENTS, *DRAWINGS, *pictures, "charts/attendance.json"]
    assert _not_asked(reporting, [f"/{path}" for path in asked]) == NO_WAY_OUT
    # The English pages are the same, under an address of their own.
    in_danish = {
        path for path in _not_asked(build_site(reporting), [*PAGES, *PICTURES]) if not re.match("/en(/|$)", path)
    }
    assert in_danish == NO_PAGE_OUT


def _not_asked(app: FastAPI, asked: Iterable[str]) -> set[str]:
    """Give the paths of an application that no address leads to, without the digests in names of files."""
    addresses = [path.partition("?")[0].replace(NUMBER, "1") for path in asked]
    found = set()
    for method, path in routes_of(app):
        pattern = re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)))
        if method == "GET" and not any(pattern.fullmatch(address) for address in addresses):
            found.add(line_of(method, path).removeprefix("GET "))
    return found


async def test_metrics_say_nothing_of_areas_and_people(network: Network, system: httpx.AsyncClient) -> None:
    """Whoever asks for them needs no token."""
    del network
    for service in ("registry", "funding", "reporting"):
        answer = await system.get(f"/{service}/metrics")
        if answer.status_code == httpx.codes.OK:
            assert "syd" not in answer.text
            assert str(CAME) not in answer.text
