"""Every way out: each report in each format and language, each page, each chart, each book. Owns the list of them.

All of them must answer 200 and open, whatever has been accepted.
"""

import random
from collections.abc import Iterable, Iterator
from typing import Final

from fastapi.routing import APIRoute

from services.reporting.web import pages
from services.reporting.web.charts.catalogue import CHARTS
from tests.fuzz import opening
from tests.fuzz.calls import Answer, Call, Headers
from tests.fuzz.findings import Breach
from tests.fuzz.world import World
from tests.support.builders import Json

LANGUAGES: Final = ("da", "en")
CHOICES: Final = (
    "by=area,month",
    "by=activity",
    "by=plan,school_year",
    "indicator=participants&by=area,kind",
    "by=quarter",
)
# Every page that is about no one thing; that of figures leads on to a choice.
PLAIN_PAGES: Final = tuple(
    route.path.rstrip("/")
    for route in pages.router.routes
    if isinstance(route, APIRoute) and "{" not in route.path and route.path != "/figures"
)
PAGES: Final = (
    *PLAIN_PAGES,
    *("/figures?indicator=attendances&by=area&by=quarter", "/figures?indicator=participants&by=area", "/sign-in"),
    # Forms as they are sent: with nothing filled in, and with some of it.
    *("/?from=&to=", "/?period=", "/?from=&to=2025-06-30&period=", "/money?to=", "/change?area=&from=&to=&period="),
    *(
        "/staying?area=&from=&to=",
        "/feed?area=",
        "/monday?area=",
        "/figures?indicator=attendances&from=&to=&area=&plan=",
    ),
)
OF_REGISTRY: Final = ("areas", "pools", "organisations", "plans", "milestones", "activities", "practices", "stories")
OF_REPORTING: Final = (
    "feed",
    "attention",
    "indicators",
    "published",
    "rejections",
    "dead-letters",
    "metrics",
    "asyncapi.json",
)
SHOWN_PUBLISHED: Final = 10
BOOKS: Final = ("", "/budget", "/expenses", "/ledger", "/trial-balance", "/journal.beancount")
FILES_OF_BOOKS: Final = ("ledger", "expenses", "trial-balance")


def every(worlds: Iterable[World], reader: Headers, visitor: Headers) -> list[Call]:
    """List every way out of what these worlds hold; a reader reads everything, a visitor has signed in."""
    worlds = list(worlds)
    areas = sorted(area for world in worlds for area in world.areas)
    plans = [plan for world in worlds for plan in world.plans.values() if plan.is_agreed]
    reports = ["network", *(f"areas/{area}" for area in areas), *(f"plans/{plan.name}" for plan in plans)]
    statements = [f"plans/{plan.name}/statements/{year}" for plan in plans for year in plan.years]
    targets = [
        *_reports(reports, statements),
        *_figures(),
        *_charts(areas, [plan.name for plan in plans]),
        *_of_services([plan.name for plan in plans], statements),
    ]
    numbers = sorted(number for world in worlds for number in world.published)[-SHOWN_PUBLISHED:]
    return [
        *(Call("GET", target, reader, route="way out") for target in targets),
        *(
            Call("GET", target, (*visitor, ("Accept", "text/html")), route="way out")
            for target in _pages(worlds, statements, numbers)
        ),
    ]


def some(ways: list[Call], dice: random.Random, number: int) -> list[Call]:
    """Choose the network's reports, and some others of each kind."""
    network = [way for way in ways if "/network" in way.target]
    others = [way for way in ways if "/network" not in way.target]
    return [*network, *dice.sample(others, min(number, len(others)))]


def judge(call: Call, answer: Answer) -> Iterator[Breach]:
    """Say what is wrong with a way out; a chart may have nothing to draw."""
    if answer.status == 404 and "/charts/" in call.target and answer.code == "not_found":
        return
    if answer.status != 200:
        yield Breach(f"a way out answers {answer.status}", f"{call.target}: {answer.shortly()}", call=call)
        return
    for said in opening.faults(answer.media_type, answer.body):
        yield Breach(f"a way out that is spoilt ({answer.media_type})", f"{call.target}: {said}", call=call)


def _reports(reports: list[str], statements: list[str]) -> Iterator[str]:
    for report in (*reports, *statements):
        yield f"/reporting/reports/{report}"
        for language in LANGUAGES:
            yield from (
                f"/reporting/reports/{report}.{suffix}?language={language}" for suffix in ("csv", "xlsx", "pdf")
            )


def _figures() -> Iterator[str]:
    for choice in CHOICES:
        yield f"/reporting/figures?{choice}"
        for language in LANGUAGES:
            yield from (
                f"/reporting/figures.{suffix}?{choice}&language={language}" for suffix in ("csv", "xlsx", "zip")
            )


def _charts(areas: list[str], plans: list[str]) -> Iterator[str]:
    of = ["", *(f"&area={area}" for area in areas[:2]), *(f"&plan={plan}" for plan in plans[:2])]
    for name in sorted(CHARTS):
        for narrowed in of:
            yield f"/reporting/charts/{name}.json?language=da{narrowed}"
            yield f"/reporting/charts/{name}.svg?language=en{narrowed}"


def _of_services(plans: list[str], statements: list[str]) -> Iterator[str]:
    yield from (f"/registry/{name}" for name in OF_REGISTRY)
    yield from (f"/reporting/{name}" for name in OF_REPORTING)
    yield from ("/funding/plans", "/funding/verification", "/registry/openapi.json", "/reporting/openapi.json")
    for plan in plans:
        yield f"/registry/plans/{plan}"
        yield from (f"/funding/plans/{plan}{book}" for book in BOOKS)
        yield from (f"/funding/plans/{plan}/{book}.{suffix}" for book in FILES_OF_BOOKS for suffix in ("csv", "xlsx"))
    yield from (f"/funding/{statement}" for statement in statements)


def _pages(worlds: list[World], statements: list[str], numbers: list[int]) -> Iterator[str]:
    own = [
        *PAGES,
        *(f"/areas/{area}" for world in worlds for area in world.areas),
        *(f"/plans/{plan.name}" for world in worlds for plan in world.plans.values() if plan.is_agreed),
        *(f"/activities/{activity}" for world in worlds for activity in world.activities),
        *(f"/{statement}" for statement in statements),
    ]
    for prefix in ("", "/en"):
        yield from (f"{prefix}{page}" if prefix or page else "/" for page in own)
    yield from (f"/published/{number}" for number in numbers)


def reported(document: Json) -> int:
    """Count the findings of a verification of the ledger."""
    return len(document.get("findings", ()))
