"""Every page, in both languages, wide and narrow, light and dark, with scripting and without."""

import dataclasses
import gzip
import re
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page
from starlette.routing import compile_path

from services.reporting.web.language import languages
from services.reporting.web.site import build_site
from services.reporting.web.writing import hidden
from tests.support.browsing import (
    NARROW,
    NOT_THE_LEADS,
    OF_NOBODY,
    PAGES,
    VIOLATIONS,
    WIDE,
    Scheme,
    in_language,
    visiting,
)
from tests.support.builders import Json
from tests.support.extent import long_but_for
from tests.support.systems import System

REPORT_OF: Final = {
    "/": "network",
    "/?period=2026-Q1": "network?period=2026-Q1",
    "/areas/urbanplanen": "areas/urbanplanen",
    "/plans/amagerplanen-2023": "plans/amagerplanen-2023",
    "/plans/amagerplanen-2023/statements/2025": "plans/amagerplanen-2023/statements/2025",
    "/activities/urbanplanen-fritidsjobvejledning": "plans/amagerplanen-2023",
    "/money": "network",
    "/answers": "answers",
    "/change": "network",
    "/staying": "network",
    "/monday": "network",
}
FIGURES: Final = """
() => [...document.querySelectorAll("[data-figure]")].map((element) => ({
  path: element.dataset.figure,
  value: element.getAttribute("value"),
  text: element.textContent,
  withheld: element.classList.contains("withheld"),
}))
"""
# What is wide on one page is wide on all: the menu and the tables that scroll.
ON_A_PHONE: Final = ("/", "/plans/amagerplanen-2023", "/sign-in")
# In short one with charts and tables, a form on a phone, a long text in the dark, and the front. The others are read in
# both languages, and opened by the long runs.
WHOLE_IN_SHORT: Final = ("/",)
FIGURES_IN_SHORT: Final = ("/areas/urbanplanen", "/plans/amagerplanen-2023/statements/2025")
SAID_IN_SHORT: Final = ("/change",)
# A key that never leaves the browser is used by a script or not at all; the page says so where none runs.
BY_SCRIPT: Final = ("/pseudonyms",)
USED_IN_SHORT: Final = (
    ("light", WIDE, "/plans/amagerplanen-2023"),
    ("light", NARROW, "/sign-in"),
    ("dark", WIDE, "/method"),
)
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
# Its figures are held to a report's by `tests/reporting/test_figures.py`.
OF_ONES_CHOICE: Final = "/figures?"
# Addresses that answer with no page and have no suffix of a file.
FILES_AND_STREAMS: Final = frozenset({"/feed/stream", "/static/{name}"})
# Of the first view and what it loads: as a gateway packs it, and as it is.
PACKED_LIMIT_BYTES: Final = 45_000
LIMIT_BYTES: Final = 125_000


# The page of figures stands before the JSON at the same address.
@pytest.mark.filterwarnings("ignore:Duplicate Operation ID get_figures")
def test_every_page_of_the_site_is_walked() -> None:
    """Each address that answers with a page is among the pages that these tests open, in both languages."""
    served = _served()
    opened = {in_language(path, code).partition("?")[0] for path in PAGES for code in ("da", "en")}
    assert served == _matched(served, opened), "tests/support/browsing.py has to name each page in PAGES"
    assert len(served) > len(PAGES)


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID get_figures")
async def test_every_page_of_the_site_is_led_to(rich_system: System) -> None:
    """Whoever starts at the front comes to every page by its links, in both languages."""
    # `/en/` is `/en`.
    wanted = {path for path in _served() if not path.endswith(("/sign-in", "/en/"))}
    seen, waiting = {"/"}, ["/"]
    async with _client(rich_system, {"accept": "text/html"}, follow_redirects=True) as client:
        while waiting and not wanted <= _matched(wanted, seen):
            page = await client.get(waiting.pop(0))
            assert page.is_success, page.url
            led_to = set(re.findall(r'<a [^>]*href="(/[^"?#]*)', page.text))
            # One of each kind is enough to go on from.
            new = sorted(path for path in led_to - seen if "." not in path.rpartition("/")[2])
            waiting += [path for path in new if _matched(wanted, {path}) - _matched(wanted, seen)]
            seen.update(new)
    assert _matched(wanted, seen) == wanted


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_there_in_both_languages(rich_system: System, path: str) -> None:
    """It has one heading and says its language; where it shows figures, they are held to a report's."""
    async with _client(rich_system, {"accept": "text/html"}) as client:
        for language in ("da", "en"):
            page = await client.get(in_language(path, language))
            assert page.status_code == httpx.codes.OK
            assert f'<html lang="{language}"' in page.text
            assert page.text.count("<h1") == 1
            assert 'data-figure="' not in page.text or path in REPORT_OF or path.startswith(OF_ONES_CHOICE)


@pytest.mark.parametrize("path", long_but_for(PAGES, WHOLE_IN_SHORT))
async def test_every_page_is_whole_in_both_languages_and_widths(
    rich_system: System, browser: Browser, path: str
) -> None:
    """Nothing fails, nothing comes from elsewhere, nothing is wider than the screen, and the language is said."""
    for width in (WIDE, NARROW):
        async with visiting(browser, rich_system, viewport={"width": width, "height": 900}) as visit:
            for language in ("da", "en"):
                await visit.open(in_language(path, language))
                assert await visit.page.get_attribute("html", "lang") == language
                assert await visit.page.locator("h1").count() == 1
                too_wide = await visit.page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert too_wide <= 0, f"{path} is wider than a screen of {width}"
            assert visit.wrong == []


@pytest.mark.parametrize("path", long_but_for(REPORT_OF, FIGURES_IN_SHORT))
async def test_figures_on_a_page_are_those_of_the_report(rich_system: System, browser: Browser, path: str) -> None:
    """Each figure is written as the report has it, and what the report withholds is withheld."""
    report = _report(rich_system, REPORT_OF[path])
    async with visiting(browser, rich_system) as visit:
        for code, language in languages().items():
            await visit.open(in_language(path, code))
            figures = await visit.page.evaluate(FIGURES)
            assert figures or path == "/monday"
            for figure in figures:
                value = _at(report, figure["path"])
                told = hidden(value, code) if isinstance(value, dict) else ""
                if isinstance(value, dict):
                    assert figure["withheld"] == value["suppressed"], figure
                    value = value["value"]
                if value is None:
                    assert figure["value"] is None
                    assert figure["text"] == told or not (told or re.search(r"[0-9]", figure["text"])), figure
                    continue
                assert float(figure["value"]) == value, figure
                is_account = path.partition("/statements/")[1]
                written = (
                    (language.amount if is_account else language.whole_amount)(value)
                    if figure["path"].endswith("_ore")
                    else language.percent(value)
                    if figure["path"].endswith("_pct")
                    else None
                )
                assert written is None or figure["text"] == written


@pytest.mark.parametrize(
    ("scheme", "width", "path"),
    long_but_for(
        (
            (scheme, width, path)
            for scheme in SCHEMES
            for width, paths in ((WIDE, PAGES), (NARROW, ON_A_PHONE))
            for path in paths
        ),
        USED_IN_SHORT,
    ),
)
async def test_nothing_keeps_anybody_from_using_a_page(
    rich_system: System, browser: Browser, axe: str, scheme: Scheme, width: int, path: str
) -> None:
    """axe-core finds no violation of WCAG 2.2 AA and of good practice, on any page, nor where the menu is folded."""
    how: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    async with visiting(browser, rich_system, **how) as visit:
        await visit.open(path)
        await visit.page.evaluate(f"{axe}; undefined")
        assert await visit.page.evaluate(VIOLATIONS) == []
        assert visit.wrong == []


@pytest.mark.parametrize("path", long_but_for(OF_NOBODY, OF_NOBODY[:1]))
async def test_nothing_keeps_anybody_from_using_a_page_without_signing_in(
    rich_system: System, browser: Browser, axe: str, path: str
) -> None:
    """Nor a page of what a mail leads to, nor one that says what is wrong; it is as wide as its screen, and no more."""
    stranger = dataclasses.replace(rich_system, session="")
    for scheme, width in (("light", WIDE), ("dark", NARROW)):
        async with visiting(browser, stranger, viewport={"width": width, "height": 900}, color_scheme=scheme) as visit:
            for language in ("da", "en"):
                await visit.open(in_language(path, language))
                await visit.page.evaluate(f"{axe}; undefined")
                assert await visit.page.evaluate(VIOLATIONS) == []
                assert await visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", long_but_for([path for path in PAGES if path not in BY_SCRIPT], SAID_IN_SHORT))
async def test_a_page_says_the_same_with_scripting_off(rich_system: System, browser: Browser, path: str) -> None:
    """Scripts make things easier; they make nothing."""
    said = []
    for scripting in (True, False):
        async with visiting(browser, rich_system, java_script_enabled=scripting) as visit:
            await visit.open(path)
            said.append(await _said_beside_charts(visit.page))
    assert said[0] == said[1]


async def test_charts_are_drawn_with_the_figures_of_the_page(rich_system: System, browser: Browser) -> None:
    """In the browser; and where no script runs, as a picture that says in words what it shows."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/?period=2026")
        highest = max(
            month["attendances"]["value"] or 0 for month in _report(rich_system, "network?period=2026")["months"]
        )
        drawn = await visit.page.locator("[data-specification*=attendance]").inner_text()
        assert languages()["da"].number(highest) in drawn
        assert visit.wrong == []
    async with visiting(browser, rich_system, java_script_enabled=False) as visit:
        await visit.open("/")
        picture = visit.page.locator("noscript img, figure img").first
        assert await picture.get_attribute("alt")
        assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
        assert visit.wrong == []


async def test_the_overview_is_light(rich_system: System) -> None:
    """The first view comes with everything that it loads in a few packets, though each figure leads to its ground."""
    async with _client(rich_system, {"accept": "text/html"}) as client:
        page = await client.get("/")
        # A picture for the screen of a telephone is fetched when somebody puts the pages there.
        parts = set(re.findall(r'(?<!touch-icon" )(?:href|src)="(/static/[^"]+)"', page.text))
        assert parts
        loaded = [page.content, *[(await client.get(part)).content for part in parts]]
    assert sum(map(len, loaded)) < LIMIT_BYTES
    assert sum(len(gzip.compress(each)) for each in loaded) < PACKED_LIMIT_BYTES


async def test_light_and_dark_can_be_chosen(rich_system: System, browser: Browser) -> None:
    """The choice holds on the next page, without a script."""
    async with visiting(browser, rich_system, java_script_enabled=False, color_scheme="light") as visit:
        await visit.open("/monday?area=urbanplanen")
        await visit.press("Mørk")
        assert visit.page.url == f"{rich_system.address}/monday?area=urbanplanen"
        await visit.open("/status")
        assert await visit.page.get_attribute("html", "data-theme") == "dark"


@pytest.mark.long(beside="test_every_page_is_there_in_both_languages")
async def test_english_is_one_click_away(rich_system: System, browser: Browser) -> None:
    """The same page, with the same question, and back."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/money?to=2026-03-31")
        await visit.page.get_by_role("link", name="English").click()
        assert visit.page.url == f"{rich_system.address}/en/money?to=2026-03-31"
        await visit.page.get_by_role("link", name="Dansk").click()
        assert visit.page.url == f"{rich_system.address}/money?to=2026-03-31"


@pytest.mark.long(beside="test_nothing_keeps_anybody_from_using_a_page")
async def test_the_first_thing_on_a_page_leads_past_its_menu(rich_system: System, browser: Browser) -> None:
    """Whoever uses the keyboard need not pass the whole menu on every page."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/")
        await visit.page.keyboard.press("Tab")
        await visit.page.keyboard.press("Enter")
        assert await visit.page.evaluate("document.activeElement.id") == "main"


async def test_everything_that_a_browser_may_do_is_said_with_every_answer(rich_system: System) -> None:
    """No inline script or style, no frame, nothing from elsewhere; also with files, refusals and forms."""
    async with _client(rich_system) as client:
        for path in ("/", "/nothing", "/static/nothing.css"):
            headers = (await client.get(path, headers={"accept": "text/html"})).headers
            policy = headers["content-security-policy"]
            assert "unsafe" not in policy
            assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"


async def test_a_file_keeps_for_good_at_an_address_that_carries_its_hash(rich_system: System) -> None:
    """Another content has another address, so no browser asks twice."""
    async with _client(rich_system) as client:
        page = await client.get("/", headers={"accept": "text/html"})
        found = re.search(r'href="(/static/pages\.[0-9a-f]{12}\.css)"', page.text)
        assert found is not None
        assert "immutable" in (await client.get(found[1])).headers["cache-control"]
        assert page.headers["cache-control"] == "no-store"


async def test_a_program_gets_a_problem_document_where_a_person_gets_a_page(rich_system: System) -> None:
    """Whoever asks for HTML gets HTML."""
    async with _client(rich_system) as client:
        assert (await client.get("/nothing")).json()["code"] == "not_found"
        page = await client.get("/areas/nowhere", headers={"accept": "text/html"})
        assert page.status_code == httpx.codes.NOT_FOUND
        assert "Siden findes ikke" in page.text
        reversed_days = await client.get("/?from=2026-05-01&to=2026-01-01", headers={"accept": "text/html"})
        assert reversed_days.status_code == httpx.codes.UNPROCESSABLE_ENTITY


def _served() -> set[str]:
    """Give every path that answers with a page, with its parameters, in both languages."""
    answers = build_site(FastAPI()).openapi()["paths"]
    served = {path for path, methods in answers.items() if "get" in methods}
    others = FILES_AND_STREAMS | NOT_THE_LEADS
    return served - {path for path in served if "." in path.rpartition("/")[2] or path.removeprefix("/en") in others}


def _matched(paths: set[str], addresses: set[str]) -> set[str]:
    """Give those of some paths that one of some addresses stands for."""
    return {path for path in paths if any(compile_path(path)[0].match(address) for address in addresses)}


def _client(system: System, headers: Mapping[str, str] | None = None, **how: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=system.address, headers=headers, cookies=system.cookies, **how)


async def _said_beside_charts(page: Page) -> list[str]:
    """Give the text of a page but for what is drawn, by its paragraphs, headings, cells and labels."""
    parts = page.locator("main").locator("h1, h2, h3, p, li, th, td, dt, dd, label, button, figcaption, summary")
    return await parts.all_inner_texts()


def _report(system: System, name: str) -> Json:
    headers = {"Authorization": f"Bearer {system.token()}"}
    report: Json = httpx.get(f"{system.address}/reporting/reports/{name}", headers=headers).json()
    return report


def _at(report: Json, path: str) -> Any:  # noqa: ANN401  whatever stands there
    found: Any = report
    for step in path.split("."):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found
