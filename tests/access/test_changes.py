"""Who changed whose access is kept for good: by whom, what, when, in the order in which it happened."""

from datetime import timedelta
from typing import Any, Final

import asyncpg
import httpx
import pytest

from services.access import service
from shared.tokens import Identity
from tests.conftest import Bearer
from tests.support.signing_in import BY, Hosts

AN_HOUR: Final = timedelta(hours=1)


async def _changes(hosts: Hosts, headers: dict[str, str], **asked: Any) -> list[dict[str, Any]]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{hosts.address}/access/changes", params=asked, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    listed: list[dict[str, Any]] = answer.json()["items"]
    return listed


async def test_every_change_of_access_is_listed_with_its_author(hosts: Hosts, bearer: Bearer) -> None:
    """The newest first; what is forgotten after a year is told of here all the same."""
    access = hosts.access
    made = await access.invite("Mette", Identity("coordinator", frozenset({"nord"})), "p-admin", AN_HOUR)
    session = await access.take(made.secret)
    key = await access.make_key("Fremmøde", Identity("auditor"), "p-admin", AN_HOUR)
    await access.end("program_key", key.name, "p-other")
    await access.end("session", session.name, "p-other")
    async with hosts.pool.acquire() as connection, connection.transaction():
        await service.sign_in(connection, "Bo", Identity("lead"), "entra", "b")
        await service.sign_in(connection, "Bo", Identity("admin"), "entra", "b")
        bo = await connection.fetchval("SELECT subject FROM person WHERE provider_subject = 'b'")
        mette = await connection.fetchval("SELECT subject FROM person WHERE name = 'Mette'")
    await access.end_person(bo, "p-admin", may_be_last=True)
    await hosts.pool.execute("DELETE FROM program_key")
    listed = await _changes(hosts, bearer("auditor"))
    told = [(row["what"], row["kind"], row["name"], row["changed_by"], row["role"]) for row in reversed(listed)]
    assert told == [
        ("made", "person", mette, "p-admin", "coordinator"),
        ("made", "invitation", made.name, "p-admin", None),
        ("taken", "invitation", made.name, mette, None),
        ("made", "program_key", key.name, "p-admin", "auditor"),
        ("ended", "program_key", key.name, "p-other", "auditor"),
        ("ended", "session", session.name, "p-other", None),
        ("made", "person", bo, "provider:entra", "lead"),
        ("changed", "person", bo, "provider:entra", "admin"),
        ("ended", "person", bo, "p-admin", "admin"),
        *(("ended", "session", row["name"], "p-admin", None) for row in listed[1::-1]),
    ]
    assert listed[-1]["areas"] == ["nord"]
    (first, second) = await _changes(hosts, bearer("admin"), limit=2)
    (before,) = await _changes(hosts, bearer("admin"), limit=1, before=first["number"])
    assert before == second


@pytest.mark.parametrize("statement", ["UPDATE access_change SET changed_by = 'x'", "DELETE FROM access_change"])
async def test_what_was_noted_is_neither_changed_nor_taken_away(hosts: Hosts, statement: str) -> None:
    """Not even by whoever owns the table, as in a system on one machine."""
    await hosts.access.make_key("Fremmøde", Identity("auditor"), BY, AN_HOUR)
    with pytest.raises(asyncpg.RaiseError, match="only grows"):
        await hosts.pool.execute(statement)


async def test_a_sign_in_and_a_sign_out_change_nobodys_access(hosts: Hosts, bearer: Bearer) -> None:
    """They are many, and say nothing of what somebody may do."""
    session = await hosts.session(Identity("lead"))
    before = await _changes(hosts, bearer("admin"))
    await hosts.access.end_own(session)
    assert await _changes(hosts, bearer("admin")) == before
