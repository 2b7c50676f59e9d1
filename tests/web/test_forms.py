"""Every form and every parameter, submitted empty, untouched, in part or wrong: a page, or a word on what is wrong."""

import collections
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser

from services.reporting.web.language import languages
from services.reporting.web.site import build_site
from services.reporting.web.wording import Wording
from tests.support.browsing import NARROW, NOT_THE_LEADS, PAGES, WIDE, Visit, in_language, visiting
from tests.support.extent import long_but_for
from tests.support.forms import Form, forms
from tests.support.invitations import PATIENCE_SECONDS, invite
from tests.support.systems import System

INVITED: Final = {
    "lead": ("--role", "lead"),
    "auditor": ("--role", "auditor"),
    "admin": ("--role", "admin"),
    "coordinator": ("--role", "coordinator", "--area", "urbanplanen"),
}
FAILED: Final = ("Det gik ikke", "That did not work")
# What stands in for the parameters of paths.
NAMED: Final = {
    "area": "urbanplanen",
    "plan": "amagerplanen-2023",
    "year": "2025",
    "activity": "urbanplanen-fritidsjobvejledning",
    # The demo has a release in the log before it.
    "number": "2",
    "book": "expenses",
    "suffix": "csv",
    "form": "png",
    "owner": "registry",
    "sequence": "1",
}
# No parameter of ours means one of these, and some break what reads numbers and days.
HOSTILE: Final = (
    "x",
    "-1",
    "0",
    "99999999999999999999999",
    "\u0663",
    "\uff13",
    " ",
    "\x00",
    "\u202e",
    "2026-02-30",
    "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
    "1767225600",
    "9999-12-31",
    "0001-01-01",
    "registry:99999999999999999999",
    "a" * 600,
)
FEW: Final = 3
# In short, the forms of some pages, as one reader sees them.
IN_SHORT: Final = ("coordinator", "da")
EVERY: Final = 3
# A stream has no end.
NEVER_ENDING: Final = "/feed/stream"
# Without one of their parameters there is nothing to draw.
MADE_OF_A_CHOICE: Final = frozenset({"/figures/chart.json", "/figures/chart.svg", "/figures/chart.png"})
SERVICES: Final = ("registry", "funding", "reporting")
# How many are refused at least; five times as many are asked.
FEW_REFUSED: Final = 30
MANY_REFUSED: Final = 100
SHORT_AND_LONG: Final = pytest.mark.parametrize(
    "least", long_but_for([FEW_REFUSED, MANY_REFUSED], [FEW_REFUSED]), ids=["short", "long"]
)


@contextlib.asynccontextmanager
async def _visitor(system: System, role: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client that is signed in as somebody with a role."""
    async with httpx.AsyncClient(
        base_url=system.address,
        headers={"accept": "text/html", "origin": system.address},
        timeout=PATIENCE_SECONDS,
        follow_redirects=True,
    ) as client:
        answer = await client.post("/sign-in", data={"invitation": invite(system, *INVITED[role])})
        assert answer.status_code == httpx.codes.OK
        yield client


def _is_a_page(answer: httpx.Response, language: str) -> bool:
    return f'<html lang="{language}"' in answer.text and not any(f"<h1>{words}</h1>" in answer.text for words in FAILED)


@pytest.mark.parametrize(("role", "language"), long_but_for(itertools.product(INVITED, ("da", "en")), [IN_SHORT]))
async def test_every_form_can_be_submitted_empty_untouched_and_in_part(
    rich_system: System, role: str, language: str
) -> None:
    """Whatever somebody sends with a form of a page is answered with a page, and what was emptied is the default."""
    submitted: collections.Counter[str] = collections.Counter()
    seen = set()
    is_long = (role, language) != IN_SHORT
    async with _visitor(rich_system, role) as client:
        for path in PAGES if is_long else PAGES[::EVERY]:
            page = await client.get(in_language(path, language))
            for form in forms(page.text):
                # The frame's own forms are the same on each page.
                key = (form.method, form.action or page.url.path, form.names)
                if key in seen or form.action.endswith(("/sign-out", "/switch")):
                    continue
                seen.add(key)
                for fields in dict.fromkeys(form.variants()):
                    answer = await _submit(client, page, form, fields)
                    where = f"{role}: {form.method} {answer.url} {fields}"
                    if role == "coordinator" and _asks_for_everything(answer.url):
                        assert answer.status_code == httpx.codes.FORBIDDEN, where
                        continue
                    assert answer.status_code == httpx.codes.OK, where
                    assert _is_a_page(answer, language), where
                    submitted[form.method] += 1
    assert submitted["get"] > (100 if is_long else 20)
    assert submitted["post"] >= (3 if is_long else 1)


def _asks_for_everything(url: httpx.URL) -> bool:
    """Tell whether what a figure is of was left out, so that its ground is that of the whole network."""
    return url.path.removeprefix("/en") == "/ground" and not any(url.params.get(name) for name in ("plan", "area"))


async def _submit(
    client: httpx.AsyncClient, page: httpx.Response, form: Form, fields: tuple[tuple[str, str], ...]
) -> httpx.Response:
    where = form.action or page.url.path
    if form.method == "get":
        return await client.get(f"{where}?{urlencode(fields)}")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await client.post(where, content=urlencode(fields), headers=headers)


@pytest.mark.parametrize("language", ["da", "en"])
async def test_the_forms_that_change_who_looks_are_answered_with_a_page(rich_system: System, language: str) -> None:
    """An invitation that is none, an area that is none, and signing out twice."""
    async with _visitor(rich_system, "lead") as client:
        for path, fields in (
            ("/sign-in", {}),
            ("/sign-in", {"invitation": ""}),
            ("/sign-in", {"invitation": "\u0663" * 20}),
            ("/switch", {}),
            ("/switch", {"area": ""}),
            ("/sign-out", {}),
            ("/sign-out", {"more": "x"}),
            ("/theme", {"theme": "x", "next": "/[//"}),
            ("/theme", {"theme": "", "next": "http://["}),
            ("/theme", {"next": f"{in_language('/', language)}?\u202e"}),
        ):
            answer = await client.post(in_language(path, language), data=fields)
            assert answer.status_code in {200, 401, 403, 404}, f"{path} {fields}"
            assert "<html lang=" in answer.text
            assert not any(f"<h1>{words}</h1>" in answer.text for words in FAILED)


async def test_an_address_of_origin_that_is_none_is_refused(rich_system: System) -> None:
    """Nobody crashes a form by saying that it comes from nowhere."""
    async with httpx.AsyncClient(base_url=rich_system.address, headers={"accept": "text/html"}) as client:
        for origin in ("http://[", "[", "http://a]b"):
            answer = await client.post("/theme", data={"theme": "dark"}, headers={"origin": origin})
            assert answer.status_code == httpx.codes.FORBIDDEN


# What has no address but a secret one is nowhere without it; `test_mail_and_calendar.py` asks for it.
OF_A_SECRET: Final = frozenset({"/calendar.ics"})


# The page of figures stands before the JSON at the same address.
@pytest.mark.filterwarnings("ignore:Duplicate Operation ID get_figures")
@SHORT_AND_LONG
async def test_every_parameter_of_a_page_and_its_files_may_be_empty_doubled_or_wrong(
    rich_system: System, least: int
) -> None:
    """What is empty is not there; what is wrong is refused with a page that names it, in the reader's language."""
    document = build_site(FastAPI()).openapi()
    asked = refused = 0
    async with _visitor(rich_system, "lead") as client:
        for path, names in _reads(document):
            if path in OF_A_SECRET:
                continue
            is_file = "." in path.rpartition("/")[2]
            language = "en" if path.startswith("/en") else "da"
            for query in _queries(path, names, is_long=least == MANY_REFUSED):
                answer = await client.get(f"{path}?{urlencode(query)}")
                where = f"{path} {query}"
                if all(not value for _, value in query):
                    assert answer.status_code == httpx.codes.OK, where
                assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, where
                if answer.is_error or not is_file:
                    assert _is_a_page(answer, "da" if is_file else language), where
                    refused += answer.is_error
                asked += 1
    assert asked > 3 * least
    assert refused > least


@pytest.mark.long(beside="test_every_parameter_of_a_page_and_its_files_may_be_empty_doubled_or_wrong")
@pytest.mark.parametrize("least", [MANY_REFUSED])
async def test_every_parameter_of_a_route_may_be_empty_doubled_or_wrong(rich_system: System, least: int) -> None:
    """The same for programs: nothing fails, and what is refused is a problem document."""
    asked = refused = 0
    headers = {"authorization": f"Bearer {rich_system.token('admin')}", "accept": "application/json"}
    async with httpx.AsyncClient(
        base_url=rich_system.address, headers=headers, timeout=PATIENCE_SECONDS, follow_redirects=False
    ) as client:
        for service in SERVICES:
            document = (await client.get(f"/{service}/openapi.json")).json()
            for path, names in _reads(document):
                plain = (await client.get(f"/{service}{path}")).status_code
                if plain == httpx.codes.FORBIDDEN:
                    continue
                for query in _queries(path, names, is_long=least == MANY_REFUSED):
                    answer = await client.get(f"/{service}{path}?{urlencode(query)}")
                    where = f"{service}{path} {query}: {answer.text[:300]}"
                    if all(not value for _, value in query):
                        assert answer.status_code == plain, where
                    assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, where
                    if answer.is_error:
                        assert answer.headers["content-type"] == "application/problem+json", where
                        refused += 1
                    asked += 1
    assert asked > 5 * least
    assert refused > least


def _reads(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Give every address that can be read, with the names of its parameters in the query."""
    for path, operations in document["paths"].items():
        if "get" not in operations or path == NEVER_ENDING or path.startswith("/static/"):
            continue
        names = [each["name"] for each in operations["get"].get("parameters", []) if each["in"] == "query"]
        filled = NAMED | {"name": "attendance" if path.startswith("/charts/") else "plan.approved"}
        if path in MADE_OF_A_CHOICE or path.removeprefix("/en") in NOT_THE_LEADS:
            continue
        yield path.format(**filled), names


def _queries(path: str, names: list[str], *, is_long: bool) -> Iterator[list[tuple[str, str]]]:
    """Give what is asked: all parameters empty, each alone, unknown ones, doubled ones and hostile ones.

    In short, of a file and an English page that all are empty, and elsewhere one hostile value of each.
    """
    # Files read their parameters as the JSON beside them does, and take longer.
    is_file = "." in path.rpartition("/")[2]
    yield [(name, "") for name in names]
    if not is_long:
        yield from ([(name, HOSTILE[0])] for name in names if not is_file and not path.startswith("/en"))
        return
    yield [("nothing-of-ours", "x")]
    yield [("nothing-of-ours", ""), *((name, "") for name in names for _ in range(2))]
    for name in names:
        yield [(name, "")]
        if not is_file:
            yield [(name, "2026"), (name, "2025")]
            # Both languages ask the same of a parameter.
            yield from ([(name, value)] for value in HOSTILE[: FEW if path.startswith("/en") else None])


@pytest.mark.parametrize(
    ("language", "width"), long_but_for(itertools.product(("da", "en"), (WIDE, NARROW)), [("da", NARROW)])
)
async def test_a_visitor_may_empty_a_day_and_is_told_of_a_wrong_one(
    rich_system: System, browser: Browser, language: str, width: int
) -> None:
    """An emptied day is the default; a period that ends before it begins is said at the field, and can be mended."""
    page_language = languages()["en" if language == "en" else "da"]
    gettext, heading = page_language.gettext, Wording(page_language).heading
    until = heading("until")
    async with visiting(browser, rich_system, viewport={"width": width, "height": 900}) as visit:
        await visit.open(in_language("/money", language))
        await visit.page.locator(".period summary").click()
        await visit.page.get_by_label(until, exact=True).fill("")
        await _show(visit, ".period form")
        assert await visit.page.locator("h1").inner_text() == heading("money")
        await visit.open(in_language("/figures?indicator=sessions", language))
        await _show(visit, "form.pivot")
        assert await visit.page.locator("main table").count() > 0
        assert visit.wrong == []
        await visit.open(in_language("/figures?indicator=sessions&from=2026-05-01", language))
        await visit.page.get_by_label(until, exact=True).fill("2026-01-01")
        await _show(visit, "form.pivot")
        field = visit.page.get_by_label(until, exact=True)
        assert await field.get_attribute("aria-invalid") == "true"
        described = await field.get_attribute("aria-describedby")
        reversed_days = gettext("Perioden slutter, før den begynder.")
        assert await visit.page.locator(f"#{described}").inner_text() == reversed_days
        await visit.open(in_language("/change?from=2026-05-01&to=2026-01-01&area=urbanplanen", language))
        assert await visit.page.get_by_role("alert").inner_text() == reversed_days
        await visit.page.get_by_label(until, exact=True).fill("2026-06-30")
        await _show(visit, ".mending")
        assert visit.page.url.endswith("/change?area=urbanplanen&from=2026-05-01&to=2026-06-30")
        assert await visit.page.locator("h1").inner_text() == gettext("Den enkeltes forandring")


async def _show(visit: Visit, form: str) -> None:
    async with visit.page.expect_navigation(wait_until="load"):
        await visit.page.locator(form).last.locator("button").click()
    await visit.settled()
