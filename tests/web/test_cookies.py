"""The session's cookie: under which name a browser keeps it, and what an old one is still good for."""

from typing import Any

import httpx

from shared.tokens import Identity
from tests.conftest import MakeDatabase
from tests.support.pages_alone import pages_alone
from tests.support.signing_in import Hosts

HOST_COOKIE = "__Host-helhedsnet_session"
COOKIE = "helhedsnet_session"
VIEW_COOKIE = "helhedsnet_demo_view"


LEAD = Identity("lead")


async def test_over_https_the_cookie_is_of_this_host_alone(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """Its name makes browsers refuse it from a neighbour, from elsewhere on the way, and for one path of the host."""
    async with pages_alone(make_database, surroundings, "https") as client:
        answer = await client.post("/sign-in", data={"invitation": await hosts.invitation(LEAD)})
        name, *said = answer.headers["set-cookie"].split(";")
        assert name.startswith(f"{HOST_COOKIE}=")
        attributes = {part.strip().lower() for part in said}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes
        assert not any(part.startswith("domain") for part in attributes)
        assert (await client.get("/")).status_code == httpx.codes.OK
        session = client.cookies[HOST_COOKIE]
        answer = await client.post("/sign-out")
        gone = [line.lower() for line in answer.headers.get_list("set-cookie")]
        assert all("max-age=0" in line and "path=/" in line and "secure" in line for line in gone)
        assert {line.partition("=")[0] for line in gone} == {HOST_COOKIE.lower(), COOKIE, VIEW_COOKIE}
        client.cookies.set(HOST_COOKIE, session)
        assert (await client.get("/")).status_code == httpx.codes.UNAUTHORIZED


async def test_behind_a_gateway_that_speaks_https_the_public_address_tells(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """The service itself is reached over http there; a form that a page in the clear sent is none of ours."""
    async with pages_alone(make_database, surroundings, "http", public_url="https://helhedsnet.test") as client:
        refused = await client.post("/sign-in", data={"invitation": await hosts.invitation(LEAD)})
        assert refused.status_code == httpx.codes.FORBIDDEN
        client.headers["origin"] = "https://helhedsnet.test"
        answer = await client.post("/sign-in", data={"invitation": await hosts.invitation(LEAD)})
        assert answer.headers["set-cookie"].startswith(f"{HOST_COOKIE}=")


async def test_over_https_a_session_under_the_plain_name_signs_nobody_in(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """A neighbour of the host, or whoever sits on the way, may have put it there, for others to work in as them.

    Signing out ends it all the same: it may be from before the pages were reached over https.
    """
    async with pages_alone(make_database, surroundings, "https") as client:
        planted, own = await hosts.session(LEAD), await hosts.session(LEAD)
        for cookies, status in (
            ({COOKIE: planted}, httpx.codes.UNAUTHORIZED),
            ({COOKIE: planted, HOST_COOKIE: "nothing"}, httpx.codes.UNAUTHORIZED),
            ({COOKIE: planted, HOST_COOKIE: own}, httpx.codes.OK),
        ):
            client.cookies = httpx.Cookies(cookies)
            assert (await client.get("/")).status_code == status, cookies
        await client.post("/sign-out")
        assert await _ended(hosts) == [True, True]


async def test_signing_in_anew_ends_the_session_that_the_browser_held(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """Nobody could end it any more: its cookie is gone. One that does not sign in ends nothing."""
    async with pages_alone(make_database, surroundings, "https") as client:
        client.cookies.set(HOST_COOKIE, await hosts.session(LEAD))
        spent = await client.post("/sign-in", data={"invitation": "spent"})
        assert spent.status_code == httpx.codes.FORBIDDEN
        assert await _ended(hosts) == [False]
        answer = await client.post("/sign-in", data={"invitation": await hosts.invitation(LEAD)})
        assert answer.status_code == httpx.codes.SEE_OTHER
        assert await _ended(hosts) == [True, False]


async def _ended(hosts: Hosts) -> list[bool]:
    """Tell of each session whether it was ended, the first made first."""
    rows = await hosts.pool.fetch("SELECT ended FROM session ORDER BY made")
    return [row["ended"] is not None for row in rows]


async def test_each_cookie_is_out_of_reach_of_scripts_and_other_sites(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """Also that of a choice of colours; over https none is ever sent in the clear."""
    async with pages_alone(make_database, surroundings, "https") as client:
        answers = [
            await client.post("/sign-in", data={"invitation": await hosts.invitation(LEAD)}),
            await client.post("/theme", data={"theme": "dark"}),
            await client.post("/sign-out"),
        ]
    lines = [line.lower() for answer in answers for line in answer.headers.get_list("set-cookie")]
    assert len(lines) > len(answers)
    for line in lines:
        attributes = {part.strip() for part in line.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes, line
        assert not any(part.startswith("domain") for part in attributes), line
