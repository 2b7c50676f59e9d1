"""Signing in by invitation, and out again; the demo's link; forms from elsewhere; names that would be script."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import orjson
import pytest
from playwright.async_api import Browser

from services.reporting.web.visitor import VIEW_COOKIE
from tests.support.browsing import visiting
from tests.support.builders import a_running_activity, an_area
from tests.support.invitations import invite
from tests.support.places import place
from tests.support.systems import INVITATION, System, helhedsnet, running

HTML: Final = {"accept": "text/html"}
HOSTILE: Final = "<script>document.title='taken'</script>\"'&<b>{{ 7*7 }}"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give an empty folder for a system's data."""
    with place("web") as made:
        yield Path(made)


def _client(system: System) -> httpx.AsyncClient:
    headers = {**HTML, "origin": system.address}
    return httpx.AsyncClient(base_url=system.address, headers=headers, cookies=system.cookies)


async def _signed_in(client: httpx.AsyncClient, invitation: str) -> httpx.Response:
    return await client.post("/sign-in", data={"invitation": invitation})


async def test_whoever_is_not_signed_in_sees_no_figure(plain_system: System) -> None:
    """Every page asks to sign in, in both languages."""
    async with _client(plain_system) as client:
        for path in ("/", "/en", "/money", "/areas/urbanplanen", "/status", "/method"):
            answer = await client.get(path)
            assert answer.status_code == httpx.codes.UNAUTHORIZED
            assert "data-figure" not in answer.text
            assert "invite" in answer.text


async def test_an_invitation_signs_in_once(plain_system: System) -> None:
    """The second who comes with it is refused, and a look at it takes nothing."""
    invitation = invite(plain_system, "--role", "lead")
    async with _client(plain_system) as first, _client(plain_system) as second:
        for _ in range(2):
            assert (await first.get("/sign-in", params={"invitation": invitation})).status_code == httpx.codes.OK
        answer = await _signed_in(first, invitation)
        assert answer.status_code == httpx.codes.SEE_OTHER
        assert (await first.get("/")).status_code == httpx.codes.OK
        assert (await _signed_in(second, invitation)).status_code == httpx.codes.FORBIDDEN
        assert (await second.get("/")).status_code == httpx.codes.UNAUTHORIZED


async def test_a_session_is_kept_out_of_reach_of_scripts_and_other_sites(plain_system: System) -> None:
    """HttpOnly and SameSite; over https it would be Secure too."""
    async with _client(plain_system) as client:
        answer = await _signed_in(client, invite(plain_system, "--role", "auditor"))
        said = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= said
        assert "secure" not in said


async def test_signing_out_ends_the_session_wherever_its_cookie_is(plain_system: System) -> None:
    """A cookie that somebody copied is good no more."""
    async with _client(plain_system) as client, _client(plain_system) as copy:
        await _signed_in(client, invite(plain_system, "--role", "lead"))
        copy.cookies.update(client.cookies)
        assert (await copy.get("/")).status_code == httpx.codes.OK
        await client.post("/sign-out")
        assert (await client.get("/")).status_code == httpx.codes.UNAUTHORIZED
        assert (await copy.get("/")).status_code == httpx.codes.UNAUTHORIZED


async def test_what_signs_in_to_the_pages_is_no_token_and_the_other_way_round(plain_system: System) -> None:
    """An invitation, a session and a bearer token are each good for one thing."""
    invitation = invite(plain_system, "--role", "lead")
    async with _client(plain_system) as client:
        await _signed_in(client, invitation)
        session = client.cookies["helhedsnet_session"]
    token = plain_system.token("lead")
    async with _client(plain_system) as client:
        for wrong in (invitation, session):
            answer = await client.get(
                "/reporting/indicators", headers={"authorization": f"Bearer {wrong}", "accept": "application/json"}
            )
            assert answer.status_code == httpx.codes.UNAUTHORIZED
        for wrong in (session, token):
            assert (await _signed_in(client, wrong)).status_code == httpx.codes.FORBIDDEN
        for wrong in (invitation, token, "nothing"):
            client.cookies.set("helhedsnet_session", wrong)
            assert (await client.get("/")).status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.test"},
        {"origin": "null"},
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_from_another_site_is_refused(rich_system: System, headers: dict[str, str]) -> None:
    """Also where the browser says nothing about where it comes from."""
    async with httpx.AsyncClient(base_url=rich_system.address, headers={**HTML, **headers}) as client:
        for path in ("/switch", "/sign-in", "/sign-out", "/theme"):
            assert (await client.post(path, data={"theme": "dark"})).status_code == httpx.codes.FORBIDDEN


@pytest.mark.long(beside="test_whoever_is_not_signed_in_sees_no_figure")
async def test_the_demos_link_leads_to_its_overview_and_its_bare_address_to_the_link(
    folder: Path, browser: Browser
) -> None:
    """Whoever merely reaches the port sees no figure, and is told where the link stands; it is good once.

    The key that signs it is the folder's, as after a restart.
    """
    assert helhedsnet("token", "--role", "lead", "--data", folder).returncode == 0
    with running("demo", data=folder) as system:
        assert system.link.startswith(f"{system.address}{INVITATION}")
        async with visiting(browser, system) as visit:
            answer = await visit.page.goto(system.address)
            assert answer is not None
            assert answer.status == httpx.codes.UNAUTHORIZED
            assert "nederst i terminalen" in await visit.page.inner_text("main")
            assert await visit.page.locator("[data-figure]").count() == 0
            visit.wrong.clear()
            await visit.open(system.link.removeprefix(system.address))
            await visit.press("Log ind")
            assert visit.page.url == f"{system.address}/"
            assert await visit.page.locator("[data-figure]").count() > 0
            assert visit.wrong == []
        async with _client(system) as client:
            again = await _signed_in(client, system.link.partition(INVITATION)[2])
            assert again.status_code == httpx.codes.FORBIDDEN


async def test_nobody_looks_as_somebody_else_but_a_lead_of_the_demo(rich_system: System, plain_system: System) -> None:
    """Neither a stranger, nor a coordinator whom somebody invited, nor anybody where there is no demo."""
    invited = ("--role", "coordinator", "--area", "urbanplanen")
    async with _client(dataclasses.replace(rich_system, session="")) as client:
        assert (await client.post("/switch", data={"area": "urbanplanen"})).status_code == httpx.codes.UNAUTHORIZED
        client.cookies.set(VIEW_COOKIE, "gellerupparken")
        assert (await client.get("/")).status_code == httpx.codes.UNAUTHORIZED
        await _signed_in(client, invite(rich_system, *invited))
        assert (await client.post("/switch", data={"area": "gellerupparken"})).status_code == httpx.codes.FORBIDDEN
        assert "Koordinator, Urbanplanen" in (await client.get("/")).text
    async with _client(plain_system) as client:
        await _signed_in(client, invite(plain_system, "--role", "lead"))
        assert (await client.post("/switch", data={"area": ""})).status_code == httpx.codes.FORBIDDEN


@pytest.mark.long(beside="test_nobody_looks_as_somebody_else_but_a_lead_of_the_demo")
async def test_the_demo_can_be_seen_as_a_coordinator(rich_system: System, browser: Browser) -> None:
    """Who sees the small counts of the own area, and of no other."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/areas/urbanplanen")
        before = await visit.page.locator("main .withheld[data-figure]").count()
        assert before > 0
        await visit.page.get_by_label("Se den som").select_option("urbanplanen")
        await visit.press("Skift")
        await visit.open("/areas/urbanplanen")
        assert await visit.page.locator("main .withheld[data-figure]").count() == 0
        await visit.open("/areas/gellerupparken")
        assert await visit.page.locator("main .withheld[data-figure]").count() > 0
        await visit.page.get_by_label("Se den som").select_option("")
        await visit.press("Skift")
        await visit.open("/areas/urbanplanen")
        assert await visit.page.locator("main .withheld[data-figure]").count() == before
        assert visit.wrong == []


@pytest.mark.parametrize(
    "wanted", ["//elsewhere.test", "https://elsewhere.test", "/\\elsewhere.test", "/\t/elsewhere.test", "elsewhere"]
)
async def test_a_form_leads_back_to_this_system_only(rich_system: System, wanted: str) -> None:
    """The field that says where to go back to cannot send anybody elsewhere."""
    async with _client(rich_system) as client:
        answer = await client.post("/theme", data={"theme": "dark", "next": wanted})
        assert answer.headers["location"] == "/"


async def test_a_form_that_is_too_large_is_not_read(rich_system: System) -> None:
    """Nobody fills the memory through a form."""
    async with _client(rich_system) as client:
        answer = await client.post("/theme", content=b"x" * 20_000)
        assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
        assert (await client.post("/theme", content=b"a=1&" * 50)).status_code == httpx.codes.BAD_REQUEST


async def test_names_that_would_be_script_are_text(plain_system: System, browser: Browser) -> None:
    """What areas call things is shown as it is written, and does nothing."""
    area, *others = a_running_activity()
    events = [an_area(name=HOSTILE, municipality=HOSTILE), *others]
    assert area["data"]["area"] == events[0]["data"]["area"]
    headers = {"authorization": f"Bearer {plain_system.token('admin')}", "content-type": "application/json"}
    async with _client(plain_system) as client:
        answer = await client.post("/registry/events", content=orjson.dumps(events), headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        await client.get("/reporting/reports/network", params={"at_least": answer.json()["cursor"]}, headers=headers)
    invitation = invite(plain_system, "--role", "lead")
    async with visiting(browser, plain_system) as visit:
        await visit.open(f"/sign-in?invitation={invitation}")
        await visit.press("Log ind")
        await visit.open("/")
        assert HOSTILE in await visit.page.inner_text("main")
        for path in ("/areas/urbanplanen", "/monday", "/status", "/money"):
            await visit.open(path)
            assert await visit.page.title() != "taken"
        assert visit.wrong == []


def test_a_service_and_a_coordinator_of_nothing_are_not_invited() -> None:
    """A service looks at no page."""
    assert helhedsnet("invite", "--role", "service").returncode == 2
    assert helhedsnet("invite", "--role", "coordinator").returncode == 2


def test_a_coordinator_is_invited_for_an_area_that_there_is(plain_system: System) -> None:
    """A name that is misspelt is said at once, not found out by whoever is let in to nothing."""
    asked = ("invite", "--role", "coordinator", "--area", "urbanplannen", "--url", plain_system.address)
    refused = helhedsnet(*asked, "--data", plain_system.data)
    assert refused.returncode == 1
    assert "unknown_area: the area 'urbanplannen' is not registered" in refused.stderr


def test_an_invitation_leads_to_where_the_folders_system_runs(plain_system: System) -> None:
    """Its folder says at which port that is, whichever port others of the machine have."""
    made = helhedsnet("invite", "--role", "lead", "--data", plain_system.data)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"{plain_system.address}/sign-in?invitation=")


def test_the_status_is_that_of_the_folders_system(plain_system: System) -> None:
    """Nobody has to say at which port it answers."""
    asked = helhedsnet("status", "--once", "--json", "--data", plain_system.data)
    assert "registry" in asked.stdout, asked.stderr
    assert orjson.loads(asked.stdout)["services"]


def test_an_invitation_lasts_a_day_at_most() -> None:
    """A link that lies in a mail for long is a key under the mat."""
    refused = helhedsnet("invite", "--role", "lead", "--minutes", "1441")
    assert refused.returncode == 2
    assert "1440" in refused.stderr
