"""The page that documents an interface: whole, under the pages' policy, and with nothing from anywhere else."""

import itertools
import re
from typing import Any, Final

import httpx
import orjson
import pytest
from playwright.async_api import Browser

from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared import clock
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import Owner
from shared.http import example
from shared.http.mounting import Mounted
from tests.support.browsing import NARROW, WIDE, Scheme, visiting
from tests.support.extent import long_but_for
from tests.support.systems import System

SERVICES: Final[tuple[Owner, ...]] = ("registry", "funding", "reporting")
# What a page has loaded from another host.
FROM_ELSEWHERE: Final = re.compile(r'<(?:link|script|img|iframe)[^>]*(?:href|src)="(?:https?:)?//[^"]*')
VIOLATIONS: Final = """
async () => (await axe.run()).violations.map(
  (item) => `${item.id}: ${item.nodes.map((node) => node.target.join(" ")).join(", ")}`
)
"""
REPORTED: Final = """
document.addEventListener("securitypolicyviolation", (event) => console.error(`refused ${event.blockedURI}`))
"""


def _apps() -> dict[str, Any]:
    """Give the services, of which nothing needs to run for this."""
    return {
        "registry": build_registry(RegistrySettings()),
        "funding": build_funding(FundingSettings()),
        "reporting": build_reporting(ReportingSettings()),
    }


@pytest.mark.parametrize(
    ("service", "width"), long_but_for(itertools.product(SERVICES, (WIDE, NARROW)), [("reporting", NARROW)])
)
async def test_the_page_shows_every_route_and_asks_nobody_else(
    rich_system: System, browser: Browser, service: Owner, width: int
) -> None:
    """In Chromium: no request elsewhere, no violation of the policy, no error, and nothing wider than the screen."""
    async with visiting(browser, rich_system, viewport={"width": width, "height": 900}) as visit:
        await visit.page.add_init_script(REPORTED)
        await visit.open(f"/{service}/docs")
        document = await (await visit.page.request.get(f"{rich_system.address}/{service}/openapi.json")).json()
        shown = set(await visit.page.locator("article h3").all_inner_texts())
        expected = {
            f"{method.upper()} /{service}{path}" for path, routes in document["paths"].items() for method in routes
        }
        assert {" ".join(text.split()) for text in shown} == expected
        assert await visit.page.locator("section.schema").count() == len(document["components"]["schemas"])
        broken = await visit.page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map((link) => link.getAttribute('href').slice(1))"
            ".filter((name) => !document.getElementById(name))"
        )
        assert broken == []
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await visit.page.evaluate(too_wide) <= 0
        assert visit.wrong == []


@pytest.mark.long(beside="test_the_page_shows_every_route_and_asks_nobody_else")
@pytest.mark.parametrize(("scheme", "service"), list(itertools.product(("light", "dark"), SERVICES)))
async def test_nothing_keeps_anybody_from_using_it(
    rich_system: System, browser: Browser, axe: str, scheme: Scheme, service: Owner
) -> None:
    """axe-core finds no violation on any of the three."""
    async with visiting(browser, rich_system, color_scheme=scheme) as visit:
        await visit.open(f"/{service}/docs")
        await visit.page.evaluate(f"{axe}; undefined")
        assert await visit.page.evaluate(VIOLATIONS) == []


@pytest.mark.parametrize("front", ["", "/behind/a/gateway"])
async def test_it_stands_under_the_pages_policy_wherever_a_service_runs(front: str) -> None:
    """Alone, beside the others, and at another path: the look is found, and no script could run."""
    transport = httpx.ASGITransport(app=Mounted(_apps()), root_path=front)
    async with httpx.AsyncClient(transport=transport, base_url="http://helhedsnet.test") as client:
        for service in SERVICES:
            answer = await client.get(f"{front}/{service}/docs")
            assert answer.status_code == httpx.codes.OK
            headers = answer.headers
            assert "unsafe" not in headers["content-security-policy"]
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "<script" not in answer.text
            assert "http:" not in answer.text.replace("http://localhost:8000", "")
            assert FROM_ELSEWHERE.findall(answer.text) == []
            assert headers["x-frame-options"] == "DENY"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            for kind, relation in (("text/css; charset=utf-8", "stylesheet"), ("image/svg+xml", "icon")):
                link = answer.text.partition(f'rel="{relation}"')[2].partition('href="')[2].partition('"')[0]
                asset = await client.get(httpx.URL(f"http://helhedsnet.test{front}/{service}/docs").join(link))
                assert (asset.status_code, asset.headers["content-type"]) == (httpx.codes.OK, kind)
                assert "immutable" in asset.headers["cache-control"]
            assert (await client.get(f"{front}/{service}/redoc")).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("service", SERVICES)
def test_the_examples_of_events_are_events(service: Owner) -> None:
    """Whoever copies one from the page can post it."""
    document = _apps()[service].openapi()
    for event in CATALOGUES[service].events:
        shown = example.of({"$ref": f"#/components/schemas/{event.__name__}Event"}, document)
        posted, faults = CATALOGUES[service].read(orjson.dumps(shown), clock.now())
        assert faults == [], event.event_name
        assert posted
