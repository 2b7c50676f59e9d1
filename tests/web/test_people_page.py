"""The page of a person's rights as it looks: with a person whose activity has a name that would be markup."""

import dataclasses
import os
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Browser

from services.reporting.web.visitor import COOKIE
from tests.support import builders as b
from tests.support.browsing import NARROW, VIOLATIONS, WIDE, Scheme, in_language, visiting
from tests.support.extent import long_but_for
from tests.support.invitations import invite
from tests.support.systems import System

AREA: Final = "personers-omraade"
MARKUP: Final = "<script>alert(1)</script>"
LONG: Final = "Fremmødebevis" * 8
PERSON: Final = b.person("vist-paa-siden")
OTHER: Final = b.person("og-en-til")
# Where pictures are put, for whoever looks at the page; none are taken where it is empty.
PICTURES: Final = os.environ.get("HELHEDSNET_PICTURES", "")


@pytest.fixture(scope="session")
def area(plain_system: System) -> System:
    """Give the system as a coordinator sees it whose area has one person."""
    activity, plan = "lektiecafe-for-personer", "personers-plan"
    consent = {"reference": f"{MARKUP} {LONG}", "guardian": True}
    told = [
        b.an_area(AREA, name=f"{MARKUP} {LONG}"),
        b.a_plan(plan, areas=[AREA]),
        b.an_activity(activity, plan=plan, area=AREA, name=f"{MARKUP} {LONG}"),
        b.a_start(activity, area=AREA),
        b.an_enrolment(PERSON, activity, area=AREA, consent=consent),
        b.an_enrolment(OTHER, activity, area=AREA),
        b.an_attendance("1", activity, area=AREA, participants=[PERSON, OTHER]),
    ]
    headers = {"Authorization": f"Bearer {plain_system.token('admin')}"}
    posted = httpx.post(f"{plain_system.address}/registry/events", json=told, headers=headers)
    assert posted.is_success, posted.text
    read = {"at_least": posted.json()["cursor"]}
    httpx.get(f"{plain_system.address}/reporting/reports/network", params=read, headers=headers).raise_for_status()
    taken = {"invitation": invite(plain_system, "--role", "coordinator", "--area", AREA)}
    origin = {"origin": plain_system.address}
    answer = httpx.post(f"{plain_system.address}/sign-in", data=taken, headers=origin)
    return dataclasses.replace(plain_system, session=answer.cookies[COOKIE])


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    long_but_for(
        (
            (language, width, scheme)
            for language in ("da", "en")
            for width in (WIDE, NARROW)
            for scheme in ("light", "dark")
        ),
        (("da", NARROW, "light"),),
    ),
)
async def test_nothing_keeps_a_coordinator_from_telling_a_person(
    area: System, browser: Browser, axe: str, language: str, width: int, scheme: Scheme
) -> None:
    """The form, a mistyped pseudonym and the record: nothing is wrong, too wide or markup, and the print is made."""
    how: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    async with visiting(browser, area, **how) as visit:
        await visit.open(in_language("/people", language))
        for name, who in (("mistyped", PERSON[:-1]), ("shown", PERSON)):
            await visit.page.locator("input[name=participant]").fill(who)
            async with visit.page.expect_navigation(wait_until="load"):
                await visit.page.locator("form[action$='/people'] button.primary").click()
            assert await visit.page.locator("[role=alert]").count() == (name == "mistyped")
            too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await visit.page.evaluate(too_wide) <= 0, name
            if PICTURES:
                picture = Path(PICTURES) / f"people-{name}-{language}-{width}-{scheme}.png"
                await visit.page.screenshot(path=picture, full_page=True)
            await visit.page.evaluate(f"{axe}; undefined")
            assert await visit.page.evaluate(VIOLATIONS) == [], name
        assert MARKUP in await visit.page.locator("main").inner_text()
        assert visit.wrong == []
        asked = {"participant": PERSON, "reason": "access_request", "as": "pdf"}
        async with httpx.AsyncClient(base_url=area.address, cookies=area.cookies, timeout=60) as client:
            path = in_language("/people", language)
            answer = await client.post(path, data=asked, headers={"origin": area.address})
        assert answer.content.startswith(b"%PDF-"), answer.text
        if PICTURES:
            (Path(PICTURES) / f"person-{language}.pdf").write_bytes(answer.content)
