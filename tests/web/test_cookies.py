"""The session's cookie: under which name a browser keeps it, and what an old one is still good for."""

from datetime import timedelta
from typing import Any

import httpx

from shared.tokens import Identity, TokenKey
from tests.conftest import MakeDatabase
from tests.support.pages_alone import pages_alone

HOST_COOKIE = "__Host-helhedsnet_session"
COOKIE = "helhedsnet_session"
VIEW_COOKIE = "helhedsnet_demo_view"


def _pass(key: TokenKey, purpose: Any) -> str:  # noqa: ANN401  a purpose's name
    return key.issue_pass(purpose, Identity("lead"), valid_for=timedelta(minutes=5))


async def test_over_https_the_cookie_is_of_this_host_alone(
    make_database: MakeDatabase, surroundings: dict[str, Any], token_key: TokenKey
) -> None:
    """Its name makes browsers refuse it from a neighbour, from elsewhere on the way, and for one path of the host."""
    async with pages_alone(make_database, surroundings, "https") as client:
        answer = await client.post("/sign-in", data={"invitation": _pass(token_key, "invitation")})
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
    make_database: MakeDatabase, surroundings: dict[str, Any], token_key: TokenKey
) -> None:
    """The service itself is reached over http there."""
    async with pages_alone(make_database, surroundings, "http", public_url="https://helhedsnet.test") as client:
        answer = await client.post("/sign-in", data={"invitation": _pass(token_key, "invitation")})
        assert answer.headers["set-cookie"].startswith(f"{HOST_COOKIE}=")


async def test_a_session_from_before_https_is_still_good_until_it_is_ended(
    make_database: MakeDatabase, surroundings: dict[str, Any], token_key: TokenKey
) -> None:
    """Nobody is signed out by it, and signing out ends whatever the browser holds; the cookie of the host wins."""
    async with pages_alone(make_database, surroundings, "https") as client:
        old, new = _pass(token_key, "session"), _pass(token_key, "session")
        for cookies in ({COOKIE: old}, {COOKIE: "nothing", HOST_COOKIE: new}):
            client.cookies = httpx.Cookies(cookies)
            assert (await client.get("/")).status_code == httpx.codes.OK
        client.cookies = httpx.Cookies({COOKIE: old, HOST_COOKIE: "nothing"})
        assert (await client.get("/")).status_code == httpx.codes.UNAUTHORIZED
        client.cookies = httpx.Cookies({COOKIE: old, HOST_COOKIE: new})
        await client.post("/sign-out")
        for cookies in ({COOKIE: old}, {HOST_COOKIE: new}):
            client.cookies = httpx.Cookies(cookies)
            assert (await client.get("/")).status_code == httpx.codes.UNAUTHORIZED
