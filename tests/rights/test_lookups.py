"""Whoever is shown single persons is noted first: which routes note it, which show nobody, and that the notes hold.

The routes are those of the applications themselves. One that stands in neither table is a failure; so is an answer with
a pseudonym of which no look-up is noted.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import asyncpg
import httpx
import orjson
import pytest

from services.access.service import Access
from services.reporting.web.visitor import COOKIE
from shared import pseudonyms
from shared.database import Pool, connect, service_url
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.keyring import Keyring
from tests.support.routes import HOLES, line_of, routes_of
from tests.support.signing_in import Hosts
from tests.support.whole import SERVICES, whole

HOUR: Final = timedelta(hours=1)
KEY: Final = b"k" * pseudonyms.KEY_BYTES
PEOPLE: Final = [pseudonyms.of_name(KEY, f"Kanarie {letter}", "2012-03-01") for letter in "abcdef"]
READERS: Final[Mapping[str, Identity]] = {
    "coordinator": Identity("coordinator", frozenset({b.AREA}), subject="coordinator"),
    **{role: Identity(role, subject=role) for role in ("lead", "auditor", "admin")},
}
# What shows single persons, and notes it.
NOTED: Final = {
    "registry": {
        *("GET /activities/{activity}/participants", "GET /dead-letters/{owner}/{sequence}"),
        "POST /people/record",
    },
    "funding": {"GET /dead-letters/{owner}/{sequence}"},
    "reporting": {"GET /dead-letters/{owner}/{sequence}", "POST /people/record"},
}
# The log as it is, for the services that follow it; to nobody else.
BETWEEN_SERVICES: Final = {"GET /events"}
OF_EVERY_SERVICE: Final = {
    *("GET /openapi.json", "GET /metrics", "GET /docs", "GET /docs/documentation.css", "GET /docs/documentation.svg"),
    *(f"GET /health/{what}" for what in ("live", "serving", "ready")),
}
OF_EVERY_LOG: Final = {
    *OF_EVERY_SERVICE,
    *("GET /asyncapi.json", "GET /status", "GET /rejections", "GET /dead-letters", "GET /rebuild", "POST /rebuild"),
    *("POST /dead-letters/{owner}/{sequence}/retry", "DELETE /dead-letters/{owner}/{sequence}"),
    *(f"GET /log/{what}" for what in ("verification", "epochs", "authors", "deeds", "lookups", "lookups/verification")),
    "POST /log/acceptance",
}
# What shows nobody: things, figures, and those who sign in, whom access knows by names.
NOBODY: Final[Mapping[str, set[str]]] = {
    "access": {
        *OF_EVERY_SERVICE,
        *("GET /jwks", "GET /providers"),
        *(f"POST /{what}" for what in ("token", "sessions", "sign-ins", "sign-ins/return")),
        *(f"POST /subscriptions{what}" for what in ("", "/rights", "/end")),
        *("POST /sessions/token", "POST /sessions/end", "POST /invitations", "POST /keys"),
        *(f"GET /{what}" for what in ("people", "invitations", "sessions", "keys", "changes", "colleagues")),
        *(f"DELETE /{what}/{{name}}" for what in ("people", "invitations", "sessions", "keys")),
    },
    "registry": {
        *OF_EVERY_LOG,
        *(f"GET /{what}" for what in ("areas", "areas/{area}", "pools", "organisations", "plans", "plans/{plan}")),
        *(f"GET /{what}" for what in ("milestones", "activities", "activities/{activity}", "practices", "stories")),
        *("GET /schemas", "GET /schemas/{name}", "GET /retention", "POST /retention/removal"),
    },
    "funding": {
        *OF_EVERY_LOG,
        *("GET /plans", "GET /verification", "GET /sums"),
        *(
            f"GET /plans/{{plan}}{what}"
            for what in (
                *("", "/statements/{year}", "/journal.beancount", "/{book}.{suffix}", "/trial-balance"),
                *("/expenses", "/budget", "/ledger"),
            )
        ),
    },
    "reporting": {
        *OF_EVERY_LOG,
        *(
            f"GET /reports/{what}{suffix}"
            for what in ("network", "answers", "areas/{area}", "plans/{plan}", "plans/{plan}/statements/{year}")
            for suffix in ("", ".csv", ".xlsx", ".pdf")
        ),
        *("GET /charts/{script}.js", "GET /charts/{name}.json", "GET /charts/{name}.svg", "GET /charts/{name}.png"),
        *(f"GET /{what}" for what in ("indicators", "attention", "feed", "feed/stream", "published")),
        *("GET /published/{number}", "GET /published/{number}/changes"),
        "GET /remade/{form}",
        *(f"GET /figures{suffix}" for suffix in ("", ".csv", ".xlsx", ".zip")),
        *(f"GET /ground{suffix}" for suffix in ("", ".csv", ".xlsx")),
        *(f"GET /releases{what}" for what in ("", "/next", "/{number}", "/{number}/cells")),
        "POST /releases",
    },
}
# What draws, prints or goes on for ever holds what the same route without it holds, and takes long.
SLOW: Final = re.compile(r"\.(pdf|svg|png|xlsx|zip)$|/stream$")
CHANGING: Final = ("POST", "DELETE", "PUT", "PATCH")


def _story() -> Iterator[b.Json]:
    yield from b.a_running_activity()
    absent = [{"participant": PEOPLE[0]}]
    yield from (b.an_enrolment(person) for person in PEOPLE)
    yield b.an_attendance("s-1", participants=PEOPLE)
    for day in (16, 17, 18):
        yield b.an_attendance(f"s-{day}", participants=PEOPLE[1:], absent=absent, date=f"2025-09-{day}")
    engaged = {"activity": b.ACTIVITY, "volunteer": PEOPLE[0], "role": "volunteer", "date": "2025-09-02"}
    yield b.an_event("volunteer.engaged", engaged, source=f"/areas/{b.AREA}")


async def _told(client: httpx.AsyncClient, admin: Mapping[str, str]) -> None:
    headers = {**admin, "content-type": "application/json"}
    answer = await client.post("/registry/events", content=b.body(list(_story())), headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    at_least = {"at_least": answer.json()["cursor"]}
    (await client.get("/reporting/reports/network", params=at_least, headers=headers)).raise_for_status()


async def _bury(postgresql_url: str) -> None:
    """Leave an event of people as a dead letter in each service."""
    for service in ("registry", "funding", "reporting"):
        connection = await connect(service_url(postgresql_url, service))
        entry = {"sequence": 1, "event": b.an_enrolment(PEOPLE[0])}
        await connection.execute(
            "INSERT INTO dead_letter (owner, sequence, reason, entry, dead_since) VALUES ($1, 1, 'test', $2, now())",
            HOLES["owner"],
            orjson.dumps(entry).decode(),
        )
        await connection.close()


@pytest.mark.timeout(600)
async def test_each_route_notes_who_is_shown_people_or_shows_nobody(
    make_database: MakeDatabase, postgresql_url: str, surroundings: dict[str, Any], keyring: Keyring
) -> None:
    """By every kind of reader, in a history with people; whose pseudonym an answer holds, of that a look-up tells."""
    for service in SERVICES:
        await make_database(service)
    wrong: list[str] = []
    seen: set[str] = set()
    async with whole(surroundings) as (client, apps):
        readers = {
            name: {"authorization": f"Bearer {keyring.issue(identity, valid_for=HOUR)}"}
            for name, identity in READERS.items()
        }
        await _told(client, readers["admin"])
        await _bury(postgresql_url)
        for service in SERVICES:
            routes = list(routes_of(apps[service]))
            lines = {line_of(*route) for route in routes}
            noted, nobody = NOTED.get(service, set()), NOBODY[service]
            between = BETWEEN_SERVICES & lines
            assert lines == noted | nobody | between, f"the routes of {service}"
            assert not noted & nobody
            for method, path in routes:
                line = line_of(method, path)
                if (method in CHANGING and line not in noted) or SLOW.search(path) or line in BETWEEN_SERVICES:
                    continue
                for name, headers in readers.items():
                    shown = await _shown(client, method, f"/{service}{path}", headers)
                    if shown and line not in noted:
                        wrong.append(f"{line} of {service} shows people to the {name}")
                    if line in noted and shown:
                        seen.add(f"{service} {line}")
                        found = await _of_the_last(state_in(apps[service]).pool, name)
                        if found != (f"{method} /{service}{path}", shown):
                            wrong.append(f"{line} of {service} to the {name}: {found}")
    assert not wrong, "\n".join(wrong)
    assert seen == {f"{service} {line}" for service, lines in NOTED.items() for line in lines}


async def _shown(client: httpx.AsyncClient, method: str, path: str, headers: Mapping[str, str]) -> set[str]:
    """Ask, and give the people whose pseudonyms the answer holds."""
    for hole, value in {**HOLES, "activity": b.ACTIVITY}.items():
        path = path.replace(f"{{{hole}}}", value)
    asked = None if method == "GET" else {"participant": PEOPLE[0], "reason": "access_request"}
    answer = await client.request(method, path, headers=dict(headers), json=asked)
    assert answer.status_code != httpx.codes.UNAUTHORIZED, answer.text
    return {person for person in PEOPLE if person in answer.text}


async def _of_the_last(pool: Pool, name: str) -> tuple[str, set[str]]:
    """Give the route of somebody's last look-up, and whom it showed."""
    row = await pool.fetchrow("SELECT sequence, route FROM lookup WHERE authid = $1 ORDER BY sequence DESC", name)
    if row is None:
        return "", set()
    people = await pool.fetch("SELECT person FROM lookup_person WHERE sequence = $1", row["sequence"])
    return row["route"], {person for (person,) in people}


# The pages that show single persons, and note it; of the others each is opened too.
PAGES_NOTED: Final = {
    *("GET /roster", "POST /roster", "GET /own-area", "POST /people"),
    *("GET /offline/rosters", "POST /offline/sessions"),
}


@pytest.mark.timeout(600)
async def test_each_page_notes_who_is_shown_people_or_shows_nobody(
    make_database: MakeDatabase, surroundings: dict[str, Any], keyring: Keyring
) -> None:
    """As the area's coordinator sees it, in a history with people; every address of the site that can be read."""
    for service in SERVICES:
        await make_database(service)
    async with whole(surroundings) as (client, apps):
        admin = {"authorization": f"Bearer {keyring.issue(Identity('admin'), valid_for=HOUR)}"}
        await _told(client, admin)
        access = state_in(apps["access"])
        hosts = Hosts(access.part(Access), access.pool, str(client.base_url))
        session = await hosts.session(Identity("coordinator", frozenset({b.AREA})))
        headers = {"cookie": f"{COOKIE}={session}"}
        pool = state_in(apps["reporting"]).pool
        wrong, seen = [], set()
        for method, path in routes_of(apps[""]):
            if method != "GET" or SLOW.search(path):
                continue
            before = await pool.fetchval("SELECT sequence FROM lookup_head")
            asked = f"{path}?activity={b.ACTIVITY}&date=2025-09-15" if path.endswith("/roster") else path
            if not await _shown(client, method, asked, headers):
                continue
            line = f"{method} {path.removeprefix('/en')}"
            route = await pool.fetchval("SELECT route FROM lookup WHERE sequence > $1", before)
            seen.add(line)
            if line not in PAGES_NOTED or route != line:
                wrong.append(f"{line}: {route}")
    assert not wrong, "\n".join(wrong)
    assert seen >= {"GET /roster", "GET /own-area", "GET /offline/rosters"}


# What somebody with all rights might do to the look-ups, and what it shows as.
TAMPERINGS: Final = {
    "who it was": ("UPDATE lookup SET authid = 'somebody' WHERE sequence = 2", "lookup_changed"),
    "when it was": ("UPDATE lookup SET recorded = recorded + interval '1 second' WHERE sequence = 2", "lookup_changed"),
    "why it was": ("UPDATE lookup SET reason = 'supervision' WHERE sequence = 2", "lookup_changed"),
    "one is gone": (
        "DELETE FROM lookup_person WHERE sequence = 2; DELETE FROM lookup WHERE sequence = 2",
        "lookup_missing",
    ),
    "the last is gone": (
        "DELETE FROM lookup_person WHERE sequence = 3; DELETE FROM lookup WHERE sequence = 3",
        "lookup_head_differs",
    ),
    "somebody is left out": ("DELETE FROM lookup_person WHERE sequence = 2 AND place = 1", "lookup_person_changed"),
    "somebody else": ("UPDATE lookup_person SET person = 'p-other' WHERE sequence = 2", "lookup_person_changed"),
}


@pytest.fixture
async def looked(
    registry: httpx.AsyncClient,
    bearer: Bearer,
    registry_database: str,
) -> tuple[httpx.AsyncClient, str]:
    """Let a coordinator look at the participants three times; give a client and the database."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    answer = await registry.post("/registry/events", content=b.body(list(_story())), headers=headers)
    assert answer.is_success, answer.text
    for _ in range(3):
        path = f"/registry/activities/{b.ACTIVITY}/participants"
        (await registry.get(path, headers=bearer("coordinator", b.AREA))).raise_for_status()
    registry.headers.update(bearer("auditor"))
    return registry, registry_database


async def _codes(client: httpx.AsyncClient) -> set[str]:
    found, after = set(), 0
    while True:
        told = (await client.get("/registry/log/lookups/verification", params={"after": after, "limit": 2})).json()
        found |= {finding["code"] for finding in told["findings"]}
        if told["is_last"]:
            return found
        after = told["last"]


@pytest.mark.parametrize("what", list(TAMPERINGS))
async def test_a_changed_look_up_is_found(looked: tuple[httpx.AsyncClient, str], what: str) -> None:
    """Wherever it is, also at the end and where one stretch meets the next."""
    client, database = looked
    statement, code = TAMPERINGS[what]
    assert await _codes(client) == set()
    connection = await asyncpg.connect(database)
    await connection.execute(statement)
    await connection.close()
    assert code in await _codes(client)


async def test_whoever_is_erased_leaves_the_look_ups(looked: tuple[httpx.AsyncClient, str], bearer: Bearer) -> None:
    """Nothing of the person is left, that somebody looked stays, and the chain fits as before."""
    client, database = looked
    gone = b.an_event("consent.withdrawn", {"participant": PEOPLE[1]}, source=f"/areas/{b.AREA}")
    headers = {**bearer("admin"), "content-type": "application/json"}
    answer = await client.post("/registry/events", content=b.body([gone]), headers=headers)
    assert answer.is_success, answer.text
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM lookup_person WHERE person = $1", PEOPLE[1]) == 0
    assert await connection.fetchval("SELECT count(*) FROM lookup_person WHERE person IS NULL") == 3
    await connection.close()
    assert await _codes(client) == set()


async def test_two_who_look_at_once_are_noted_one_after_the_other(
    looked: tuple[httpx.AsyncClient, str],
    bearer: Bearer,
) -> None:
    """The chain has no gap and no fork."""
    client, _ = looked
    path, headers = f"/registry/activities/{b.ACTIVITY}/participants", bearer("coordinator", b.AREA)
    answers = await asyncio.gather(*(client.get(path, headers=headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}
    assert await _codes(client) == set()
    told = (await client.get("/registry/log/lookups")).json()["lookups"]
    assert [line["sequence"] for line in told] == list(range(13, 0, -1))
    assert not [person for person in PEOPLE if person in str(told)]
