"""News from the areas: what is on the page, page by page, and as it comes and goes."""

from collections.abc import Sequence
from typing import Final

import httpx
import orjson
import pytest
from playwright.async_api import Browser, expect

from tests.support import builders as b
from tests.support.browsing import visiting
from tests.support.builders import Json
from tests.support.hostile_events import WITHDRAWN_STORY
from tests.support.invitations import get, invite
from tests.support.systems import System

AREA: Final = "nyhedsbyen"
OTHER: Final = "naboby"
PLAN: Final = "nyhedsplanen"
STORY: Final = "En lys aften"


def _world() -> list[Json]:
    return [b.an_area(AREA), b.an_area(OTHER), b.a_plan(PLAN, areas=[AREA, OTHER])]


def _story(story: str, area: str, title: str) -> Json:
    consent = {"reference": "Samtykke 3", "guardian": True}
    data = {"story": story, "area": area, "title": title, "text": "Der var lys i alle vinduer.", "consent": consent}
    return b.an_event("story.published", data, source=f"/areas/{area}")


async def _post(system: System, events: Sequence[Json]) -> None:
    headers = {"authorization": f"Bearer {system.token('admin')}", "content-type": "application/json"}
    async with httpx.AsyncClient(base_url=system.address, headers=headers) as client:
        answer = await client.post("/registry/events", content=orjson.dumps(events))
        assert answer.status_code == httpx.codes.CREATED, answer.text
        at_least = {"at_least": answer.json()["cursor"]}
        assert (await client.get("/reporting/feed", params=at_least)).status_code == httpx.codes.OK


async def test_what_an_area_shares_comes_to_an_open_page_and_goes_when_it_is_withdrawn(
    plain_system: System, browser: Browser
) -> None:
    """By itself, at the top, said aloud, and by the session alone; another area's does not come to a page of one."""
    await _post(plain_system, _world())
    async with visiting(browser, plain_system) as visit:
        await visit.open(f"/sign-in?invitation={invite(plain_system, '--role', 'lead')}")
        await visit.press("Log ind")
        await visit.open(f"/feed?area={AREA}")
        status = visit.page.get_by_role("status")
        await expect(status).not_to_be_empty()
        items = visit.page.locator(".feed > li")
        before = await items.count()
        await _post(plain_system, [_story("nabo", OTHER, "Hos naboen"), _story("lys", AREA, STORY)])
        await expect(items.first).to_contain_text(STORY)
        await expect(status).to_contain_text(STORY)
        assert await items.count() == before + 1
        withdrawn = b.an_event("story.withdrawn", {"story": "lys"}, source=f"/areas/{AREA}")
        await _post(plain_system, [withdrawn])
        await expect(items).to_have_count(before)
        assert STORY not in await visit.page.locator(".feed").inner_text()
        assert visit.wrong == []


@pytest.mark.long(beside="test_what_an_area_shares_comes_to_an_open_page_and_goes_when_it_is_withdrawn")
async def test_the_whole_feed_is_read_page_by_page_without_a_script(rich_system: System, browser: Browser) -> None:
    """From the newest to the oldest, each item once, in the order of the log; none of what was withdrawn."""
    kept: list[int] = []
    page = {"next": 2**63 - 1, "more": True}
    while page["more"]:
        page = get(rich_system, f"/reporting/feed?before={page['next']}").json()
        kept += [item["sequence"] for item in page["items"] if item["kind"] != "story.removed"]
    found: list[int] = []
    async with visiting(browser, rich_system, java_script_enabled=False) as visit:
        await visit.open("/feed")
        older = visit.page.get_by_role("link", name="Ældre", exact=True)
        while True:
            ids = await visit.page.locator(".feed > li").evaluate_all("(items) => items.map((item) => item.id)")
            found += [int(each.removeprefix("news-")) for each in ids]
            assert WITHDRAWN_STORY not in await visit.page.content()
            if await older.count() == 0:
                break
            await visit.open(str(await older.get_attribute("href")))
        assert visit.wrong == []
    assert len(kept) > len(ids)
    assert found == kept


async def test_whoever_is_not_signed_in_follows_nothing(plain_system: System) -> None:
    """Neither a stranger nor a token of a service; the page's stream is for visitors."""
    async with httpx.AsyncClient(base_url=plain_system.address) as client:
        assert (await client.get("/feed/stream")).status_code == httpx.codes.UNAUTHORIZED
        answer = await client.get("/feed", headers={"accept": "text/html"})
        assert answer.status_code == httpx.codes.UNAUTHORIZED
        assert "feed" not in answer.text.split("<main")[1]
