"""The last administrator is ended by nobody who could not let in the next: a mistake locks nobody out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from services.access import service
from services.reporting.web.visitor import HOST_COOKIE
from shared.errors import LastAdministrator
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase
from tests.support.pages_alone import pages_alone
from tests.support.signing_in import BY, Hosts

AN_HOUR: Final = timedelta(hours=1)
ADMIN: Final = Identity("admin")


async def _known(hosts: Hosts, name: str, identity: Identity = ADMIN) -> str:
    """Let in somebody whom a provider knows, and give their subject."""
    async with hosts.pool.acquire() as connection, connection.transaction():
        await service.sign_in(connection, name, identity, "entra", name)
        subject: str = await connection.fetchval("SELECT subject FROM person WHERE provider_subject = $1", name)
    return subject


async def _good(hosts: Hosts) -> list[str]:
    rows = await hosts.pool.fetch("SELECT name FROM person WHERE role = 'admin' AND ended IS NULL ORDER BY name")
    return [row["name"] for row in rows]


@pytest.fixture
async def client(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the pages, and give the browser of the only administrator."""
    async with pages_alone(make_database, surroundings, "https", public_url="https://helhedsnet.test") as client:
        client.cookies.set(HOST_COOKIE, await hosts.session(ADMIN))
        yield client


async def test_whoever_ends_themselves_as_the_last_is_told_what_to_do(client: httpx.AsyncClient, hosts: Hosts) -> None:
    """On the page, which is otherwise as it was; with another administrator, they go and are out."""
    subject = await hosts.pool.fetchval("SELECT subject FROM person")
    asked = {"kind": "people", "name": subject}
    for prefix, said in (("", "Det er den sidste administrator"), ("/en", "This is the last administrator")):
        page = await client.post(f"{prefix}/administration/end", data=asked)
        assert (page.status_code, said in page.text) == (409, True), page.text
        assert f'value="{subject}"' in page.text
    await _known(hosts, "Bodil")
    assert (await client.post("/administration/end", data=asked)).status_code == httpx.codes.SEE_OTHER
    assert await _good(hosts) == ["Bodil"]


async def test_a_program_is_refused_and_the_command_is_not(hosts: Hosts, bearer: Bearer) -> None:
    """Who holds the issuer's keys lets the next one in, and may have to end whoever is left."""
    subject = await _known(hosts, "Bodil")
    key = await hosts.access.make_key("Oprydning", ADMIN, BY, AN_HOUR)
    bought = {"authorization": f"Bearer {(await hosts.access.token_of_key(key.name, key.secret)).token}"}
    async with httpx.AsyncClient(base_url=hosts.address) as asking:
        answer = await asking.delete(f"/access/people/{subject}", headers=bought)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
        assert "helhedsnet people end" in answer.json()["detail"]
        answer = await asking.delete(f"/access/people/{subject}", headers=bearer("admin"))
    assert answer.status_code == httpx.codes.NO_CONTENT
    assert await _good(hosts) == []


async def test_only_who_can_come_in_counts(hosts: Hosts) -> None:
    """Neither who was ended or is a lead, nor who was invited and has neither an open invitation nor a session."""
    last = await _known(hosts, "Bodil")
    await _known(hosts, "Leder", Identity("lead"))
    gone = await _known(hosts, "Gået")
    await hosts.access.end_person(gone, BY)
    # Two who could come in, until what they hold has ended.
    session = await hosts.session(ADMIN)
    await hosts.access.end_own(session)
    invited = await hosts.access.invite("Inviteret", ADMIN, BY, AN_HOUR)
    await hosts.access.end("invitation", invited.name, BY)
    with pytest.raises(LastAdministrator):
        await hosts.access.end_person(last, BY)
    await hosts.access.invite("Næste", ADMIN, BY, AN_HOUR)
    await hosts.access.end_person(last, BY)


async def test_two_who_end_each_other_at_once_do_not_both_go(hosts: Hosts) -> None:
    """Whichever is first; the other is told that they are the last."""
    subjects = [await _known(hosts, name) for name in ("Anna", "Bodil", "Carl")]
    ended = (hosts.access.end_person(subject, BY) for subject in subjects)
    found = await asyncio.gather(*ended, return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["LastAdministrator", "NoneType", "NoneType"]
    assert len(await _good(hosts)) == 1
