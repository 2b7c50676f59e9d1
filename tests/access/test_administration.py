"""The page of access: an administrator sees who may sign in and ends them, and nobody else sees or does any of it."""

import html
import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final

import httpx
import pytest

from shared.tokens import Identity
from tests.conftest import MakeDatabase
from tests.support.pages_alone import pages_alone
from tests.support.signing_in import Hosts

PUBLIC: Final = "https://helhedsnet.test"
SESSION: Final = "__Host-helhedsnet_session"
PATHS: Final = ("end", "invitations", "keys")


@pytest.fixture
async def client(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the pages, and give the browser of an administrator."""
    async with pages_alone(make_database, surroundings, "https", public_url=PUBLIC) as client:
        client.cookies.set(SESSION, await hosts.session(Identity("admin")))
        yield client


def shown(page: httpx.Response, what: str) -> str:
    """Give what a page shows this once."""
    assert page.status_code == HTTPStatus.OK, page.text
    found = re.search(rf'data-made="{what}">([^<]+)<', page.text)
    assert found is not None
    return html.unescape(found[1])


async def test_an_administrator_invites_whom_the_link_signs_in_and_ends_them(
    client: httpx.AsyncClient, hosts: Hosts
) -> None:
    """The link is shown once, at the address that people open; with the person their session ends."""
    page = await client.post("/administration/invitations", data={"name": "Mette", "role": "lead"})
    link = shown(page, "link")
    assert link.startswith(f"{PUBLIC}/sign-in?invitation=")
    assert link not in (await client.get("/administration")).text
    admin = client.cookies[SESSION]
    client.cookies.clear()
    taken = {"invitation": link.partition("?invitation=")[2]}
    assert (await client.post("/sign-in", data=taken)).status_code == HTTPStatus.SEE_OTHER
    assert (await client.get("/")).status_code == HTTPStatus.OK
    client.cookies = httpx.Cookies({SESSION: admin})
    async with hosts.pool.acquire() as connection:
        person = await connection.fetchval("SELECT subject FROM person WHERE name = 'Mette'")
        assert f'value="{person}"' in (await client.get("/en/administration")).text
        ended = await client.post("/administration/end", data={"kind": "people", "name": person})
        assert ended.status_code == HTTPStatus.SEE_OTHER
        sessions = await connection.fetch("SELECT ended FROM session WHERE subject = $1", person)
    assert [row["ended"] is None for row in sessions] == [False]
    assert person not in (await client.get("/administration")).text


async def test_a_key_is_shown_once_and_ended(client: httpx.AsyncClient, hosts: Hosts) -> None:
    """A program buys tokens with it until then."""
    key = shown(await client.post("/administration/keys", data={"name": "Fremmøde", "role": "auditor"}), "key")
    name, _, secret = key.partition(".")

    async def bought() -> int:
        async with httpx.AsyncClient() as program:
            asked = {"grant_type": "client_credentials"}
            return (await program.post(f"{hosts.address}/access/token", data=asked, auth=(name, secret))).status_code

    assert await bought() == HTTPStatus.OK
    assert secret not in (await client.get("/administration")).text
    await client.post("/administration/end", data={"kind": "keys", "name": name})
    assert await bought() == HTTPStatus.UNAUTHORIZED
    again = await client.post("/administration/end", data={"kind": "keys", "name": name})
    assert again.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", ["coordinator", "lead", "auditor"])
async def test_nobody_else_sees_or_changes_anything(client: httpx.AsyncClient, hosts: Hosts, role: Any) -> None:  # noqa: ANN401  a role's name
    """Neither by the page nor by its forms, and no link leads there."""
    areas = frozenset({"urbanplanen"}) if role == "coordinator" else frozenset[str]()
    client.cookies = httpx.Cookies({SESSION: await hosts.session(Identity(role, areas))})
    assert (await client.get("/administration")).status_code == HTTPStatus.FORBIDDEN
    for path in PATHS:
        asked = {"name": "x", "role": "admin", "kind": "people"}
        assert (await client.post(f"/administration/{path}", data=asked)).status_code == HTTPStatus.FORBIDDEN
    assert "/administration" not in (await client.get("/")).text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "Mette", "role": "coordinator", "area": "nowhere"}, HTTPStatus.BAD_REQUEST),
        ({"name": "Mette", "role": "coordinator"}, HTTPStatus.BAD_REQUEST),
        ({"name": "Mette", "role": "service"}, HTTPStatus.BAD_REQUEST),
        ({"name": "", "role": "lead"}, HTTPStatus.BAD_REQUEST),
    ],
)
async def test_a_form_that_says_nothing_of_use_makes_nothing(
    client: httpx.AsyncClient, fields: dict[str, str], status: int
) -> None:
    """An area that is not registered, a role that signs in nowhere, nobody."""
    for path in ("invitations", "keys"):
        assert (await client.post(f"/administration/{path}", data=fields)).status_code == status


async def test_a_form_from_elsewhere_and_a_name_that_is_none_end_nothing(client: httpx.AsyncClient) -> None:
    """What ends people is said by a page of ours, and names what is listed."""
    asked = {"kind": "people", "name": "p-1"}
    foreign = await client.post("/administration/end", data=asked, headers={"origin": "https://elsewhere.test"})
    assert foreign.status_code == HTTPStatus.FORBIDDEN
    for kind, name in (("people", "../keys"), ("people", ""), ("audits", "p-1"), ("people", "p-1")):
        answer = await client.post("/administration/end", data={"kind": kind, "name": name})
        assert answer.status_code == HTTPStatus.NOT_FOUND


async def test_administrators_and_auditors_read_who_did_what(client: httpx.AsyncClient, hosts: Hosts) -> None:
    """An administrator reads names, an auditor the opaque ones; of each service's log, and of access."""
    await client.post("/administration/keys", data={"name": "Fremmøde <b>", "role": "auditor"})
    async with hosts.pool.acquire() as connection:
        key = await connection.fetchval("SELECT subject FROM program_key")
        admin = await connection.fetchval("SELECT subject FROM person")
    page = await client.get("/log")
    assert page.status_code == HTTPStatus.OK, page.text
    for shown in (key, admin, "Fremmøde &lt;b&gt;", "Nøgle til program: oprettet"):
        assert shown in page.text
    assert (await client.get("/log?of=reporting")).status_code == HTTPStatus.OK
    assert (await client.get("/log?of=registry")).status_code == HTTPStatus.SERVICE_UNAVAILABLE, "it does not run here"
    assert (await client.get("/log?of=elsewhere")).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.cookies = httpx.Cookies({SESSION: await hosts.session(Identity("auditor"))})
    page = await client.get("/en/log")
    assert (page.status_code, key in page.text, "Fremmøde" in page.text) == (HTTPStatus.OK, True, False)
    assert "Key of a program: made" in page.text
    assert "/en/log" in (await client.get("/en/status")).text
    for other in (Identity("lead"), Identity("coordinator", frozenset({"urbanplanen"}))):
        client.cookies = httpx.Cookies({SESSION: await hosts.session(other)})
        assert (await client.get("/log")).status_code == HTTPStatus.FORBIDDEN
        assert "/log" not in re.findall(r'href="([^"]+)"', (await client.get("/status")).text)
