"""What was revoked is good for a minute at most, at every service, also while Redis is away."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

import httpx
import pytest

from services.embedded import free_port
from services.reporting.web.visitor import COOKIE
from shared import clock
from shared.tokens import CLOCK_SKEW_SECONDS, TOKEN_LIFE
from tests.conftest import Bearer, Headers, MakeDatabase
from tests.support.whole import SERVICES, whole

READ: Final = ("/registry/areas", "/funding/plans", "/reporting/indicators")
A_MINUTE: Final = timedelta(seconds=60)

Pass: TypeAlias = Callable[[timedelta], None]


@pytest.fixture
async def system(make_database: MakeDatabase, surroundings: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """Run all services with their pages, and no Redis, and give a client."""
    for service in SERVICES:
        await make_database(service)
    nobody = f"redis://127.0.0.1:{free_port()}"
    async with whole({**surroundings, "redis_url": nobody}) as (client, _):
        yield client


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Give a function that moves everybody's clock on, from where it truly is."""
    now = clock.now

    def move(time: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: now() + time)

    return move


async def _bought(client: httpx.AsyncClient, key: dict[str, Any]) -> httpx.Response:
    return await client.post(
        "/access/token", data={"grant_type": "client_credentials"}, auth=(key["key"], key["secret"])
    )


async def _statuses(client: httpx.AsyncClient, headers: Headers) -> list[int]:
    return [(await client.get(path, headers=headers)).status_code for path in READ]


async def test_a_revoked_key_is_refused_by_all_within_a_minute(
    system: httpx.AsyncClient, bearer: Bearer, let_pass: Pass
) -> None:
    """It buys nothing from that moment on, and what it has bought ends by itself at each service."""
    admin = bearer("admin")
    asked = {"name": "Regnskabet", "role": "auditor", "days": 30}
    key = (await system.post("/access/keys", json=asked, headers=admin)).json()
    bought = await _bought(system, key)
    assert bought.headers["cache-control"] == "no-store"
    assert bought.json()["expires_in"] <= TOKEN_LIFE.total_seconds()
    token = {"authorization": f"Bearer {bought.json()['access_token']}"}
    assert await _statuses(system, token) == [200, 200, 200]
    (listed,) = (await system.get("/access/keys", headers=admin)).json()["items"]
    assert (listed["name"], listed["role"], listed["ended"]) == ("Regnskabet", "auditor", None)
    assert listed["last_used"] is not None
    assert key["secret"] not in str(listed)
    assert (await system.delete(f"/access/keys/{key['key']}", headers=admin)).status_code == 204
    assert (await _bought(system, key)).status_code == 401
    assert (await system.delete(f"/access/keys/{key['key']}", headers=admin)).status_code == 404
    let_pass(TOKEN_LIFE)
    assert await _statuses(system, token) == [401, 401, 401]
    # A service whose clock is behind by as much as is borne takes it no longer than a minute either.
    assert timedelta(seconds=CLOCK_SKEW_SECONDS) + TOKEN_LIFE <= A_MINUTE
    (listed,) = (await system.get("/access/keys", headers=admin)).json()["items"]
    assert listed["ended_by"].startswith("c-")


async def test_a_key_ends_by_itself_and_speaks_for_its_areas_alone(
    system: httpx.AsyncClient, bearer: Bearer, let_pass: Pass
) -> None:
    """A coordinator's key reads as the coordinator of these areas; after its last day it buys nothing."""
    asked = {"name": "Regnearket", "role": "coordinator", "areas": ["urbanplanen"], "days": 1}
    key = (await system.post("/access/keys", json=asked, headers=bearer("admin"))).json()
    token = (await _bought(system, key)).json()["access_token"]
    foreign = {"specversion": "1.0", "id": "1", "source": "/areas/gellerupparken", "time": "2026-01-01T00:00:00Z"}
    event = {**foreign, "type": "dk.helhedsnet.plan.closed.v1", "data": {"plan": "en-plan", "date": "2026-01-01"}}
    headers = {"authorization": f"Bearer {token}"}
    answer = await system.post("/registry/events", json=event, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_area")
    assert (await _bought(system, {**key, "secret": "x"})).status_code == 401
    let_pass(timedelta(days=1))
    assert (await _bought(system, key)).status_code == 401


@pytest.mark.parametrize("what", ["session", "person"])
async def test_an_ended_session_and_a_leaver_are_refused_within_a_minute(
    system: httpx.AsyncClient, bearer: Bearer, let_pass: Pass, what: str
) -> None:
    """By the pages, and by every service that takes the token of a session."""
    admin = bearer("admin")
    asked = {"name": "Mette", "role": "lead"}
    invitation = (await system.post("/access/invitations", json=asked, headers=admin)).json()["secret"]
    here = {"origin": str(system.base_url).rstrip("/")}
    for status in (303, 403):
        answer = await system.post("/sign-in", data={"invitation": invitation}, headers=here)
        assert answer.status_code == status
    session = system.cookies[COOKIE]
    told = (await system.post("/access/sessions/token", json={"session": session})).json()
    token = {"authorization": f"Bearer {told['access_token']}"}
    assert await _statuses(system, token) == [200, 200, 200]
    assert (await system.get("/")).status_code == 200
    (listed,) = (await system.get("/access/sessions", headers=admin)).json()["items"]
    assert session not in str(listed)
    path = f"people/{listed['subject']}" if what == "person" else f"sessions/{listed['session']}"
    assert (await system.delete(f"/access/{path}", headers=admin)).status_code == 204
    again = await system.post("/access/sessions/token", json={"session": session})
    assert again.status_code == 401
    let_pass(TOKEN_LIFE)
    assert (await system.get("/")).status_code == 401
    assert await _statuses(system, token) == [401, 401, 401]
