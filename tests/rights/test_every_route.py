"""Who may ask for what: every route of every application by every reader and every kind of token.

The routes are those of the applications themselves. A route that the table does not know is a failure, and so is a line
of the table that no route has.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from services.access.service import Access
from shared import clock
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import MakeDatabase
from tests.support.asking import READERS, asked, tell_story
from tests.support.keyring import Keyring
from tests.support.routes import line_of, routes_of
from tests.support.signing_in import Hosts
from tests.support.whole import SERVICES, whole

EVERYBODY: Final = "ofluas-"
ANY: Final = "ofluas"
PEOPLE: Final = "oflua"
# Whoever asks carries the secret in the body, and no token makes a difference.
BY_BODY: Final = "body"
EVERY_SERVICE: Final = {
    "GET /openapi.json": EVERYBODY,
    "GET /health/live": EVERYBODY,
    "GET /health/serving": EVERYBODY,
    "GET /health/ready": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "GET /docs": EVERYBODY,
    "GET /docs/documentation.css": EVERYBODY,
    "GET /docs/documentation.svg": EVERYBODY,
}
EVERY_LOG: Final = {
    **EVERY_SERVICE,
    "GET /asyncapi.json": EVERYBODY,
    "GET /events": "s",
    "GET /status": "a",
    "GET /rejections": "as",
    "GET /dead-letters": "a",
    "GET /dead-letters/{owner}/{sequence}": "a",
    "POST /dead-letters/{owner}/{sequence}/retry": "a",
    "DELETE /dead-letters/{owner}/{sequence}": "a",
    "GET /rebuild": "a",
    "POST /rebuild": "a",
    "GET /log/verification": "ua",
    "GET /log/epochs": "ua",
    "GET /log/authors": "ua",
    "GET /log/lookups": "ua",
    "GET /log/lookups/verification": "ua",
    "GET /log/deeds": "ua",
    "POST /log/acceptance": "a",
}
TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    "access": {
        **EVERY_SERVICE,
        "GET /jwks": EVERYBODY,
        "POST /token": BY_BODY,
        "POST /sessions": BY_BODY,
        "GET /providers": EVERYBODY,
        "POST /sign-ins": BY_BODY,
        "POST /sign-ins/return": BY_BODY,
        "POST /sessions/token": BY_BODY,
        "POST /sessions/end": BY_BODY,
        **{f"POST /subscriptions{what}": BY_BODY for what in ("", "/rights", "/end")},
        **{f"GET /{what}": "a" for what in ("people", "invitations", "sessions", "keys")},
        "GET /colleagues": "of",
        "GET /changes": "ua",
        **{f"POST /{what}": "a" for what in ("invitations", "keys")},
        **{f"DELETE /{what}/{{name}}": "a" for what in ("people", "invitations", "sessions", "keys")},
    },
    "registry": {
        **EVERY_LOG,
        **{
            f"GET /{what}": ANY
            for what in (
                *("areas", "areas/{area}", "pools", "organisations", "plans", "plans/{plan}", "milestones"),
                *("activities", "activities/{activity}", "practices", "stories", "schemas", "schemas/{name}"),
            )
        },
        "GET /activities/{activity}/participants": "o",
        "POST /people/record": "of",
        "GET /retention": "a",
        "POST /retention/removal": "a",
    },
    "funding": {
        **EVERY_LOG,
        "GET /plans": PEOPLE,
        "GET /verification": "ua",
        "GET /sums": "s",
        **{
            f"GET /plans/{{plan}}{what}": "olua"
            for what in (
                *("", "/statements/{year}", "/journal.beancount", "/{book}.{suffix}", "/trial-balance"),
                *("/expenses", "/budget", "/ledger"),
            )
        },
    },
    "reporting": {
        **EVERY_LOG,
        **{
            f"GET /reports/{what}{suffix}": PEOPLE
            for what in ("network", "answers", "areas/{area}", "plans/{plan}")
            for suffix in ("", ".csv", ".xlsx", ".pdf")
        },
        **{f"GET /reports/plans/{{plan}}/statements/{{year}}{suffix}": "olua" for suffix in ("", ".csv", ".xlsx")},
        "GET /reports/plans/{plan}/statements/{year}.pdf": PEOPLE,
        # The library that draws, and nothing of ours.
        "GET /charts/{script}.js": EVERYBODY,
        **{
            f"GET /{what}": PEOPLE
            for what in (
                *("indicators", "attention", "feed", "feed/stream", "published", "published/{number}"),
                *("published/{number}/changes", "charts/{name}.json", "charts/{name}.svg"),
                "charts/{name}.png",
                *("remade/{form}", "figures", "figures.csv", "figures.xlsx", "figures.zip"),
                *("releases", "releases/next", "releases/{number}", "releases/{number}/cells"),
            )
        },
        # Of the money of all plans: for those who read the accounts of each of them.
        **{f"GET /ground{suffix}": "olua" for suffix in ("", ".csv", ".xlsx")},
        "POST /releases": "la",
        "POST /people/record": "of",
    },
}


@pytest.mark.timeout(1_200)
async def test_each_route_is_open_to_those_of_the_table_alone(
    make_database: MakeDatabase, surroundings: dict[str, Any], keyring: Keyring, tmp_path: Path
) -> None:
    """By role and area, for a token that is good; what is no good token is as none."""
    for service in SERVICES:
        await make_database(service)
    tokens = {
        letter: keyring.issue(Identity(role, frozenset(areas)), valid_for=timedelta(hours=1))
        for letter, (role, areas) in READERS.items()
    }
    headers: dict[str, dict[str, str]] = {name: {"authorization": f"Bearer {each}"} for name, each in tokens.items()}
    headers["-"] = {}
    wrong: list[str] = []
    async with whole(surroundings) as (client, apps):
        await tell_story(client, headers["a"])
        hosts = Hosts(state_in(apps["access"]).part(Access), state_in(apps["access"]).pool, str(client.base_url))
        bad = await _bad(hosts, keyring, tmp_path)
        for service, table in TABLE.items():
            routes = list(routes_of(apps[service]))
            assert {line_of(*route) for route in routes} == table.keys(), f"the routes of {service}"
            for method, path in routes:
                entitled = table[line_of(method, path)]
                address = f"/{service}{path}"
                found = {who: await asked(client, method, address, each) for who, each in headers.items()}
                if entitled == BY_BODY:
                    assert len(set(found.values())) == 1, (method, address, found)
                    continue
                let_in = "".join(who for who, status in found.items() if status not in {401, 403})
                if set(let_in) != set(entitled) or ("-" not in entitled and found["-"] != httpx.codes.UNAUTHORIZED):
                    wrong.append(f"{method} {address}: {let_in} instead of {entitled}: {found}")
                if "-" in entitled:
                    continue
                for kind, token in {**bad, **_credentials(keyring, service)}.items():
                    status = await asked(client, method, address, {"authorization": f"Bearer {token}"})
                    if status != httpx.codes.UNAUTHORIZED:
                        wrong.append(f"{method} {address} by {kind}: {status}")
    assert not wrong, "\n".join(wrong)


def _credentials(keyring: Keyring, service: str) -> dict[str, str]:
    """Give what proves services where it proves nothing: at others, and of those who do not follow this log."""
    owners = {"registry": ("funding", "reporting"), "funding": ("registry", "reporting")}.get(service, ())
    elsewhere = next(name for name in ("registry", "funding") if name != service)
    strangers = {name for name in ("registry", "funding", "reporting") if name not in owners}
    return {
        "a credential for a different owner": keyring.credential("reporting").toward(elsewhere),
        **{f"the credential of {name}": keyring.credential(name).toward(service) for name in strangers},
    }


async def _bad(hosts: Hosts, keyring: Keyring, tmp_path: Path) -> dict[str, str]:
    """Give tokens of every kind that none is: each says that it is an administrator's."""
    admin = Identity("admin", subject="p-1", kind="user")
    now = clock.now()
    claims = {"iss": "helhedsnet", "aud": "helhedsnet", "sub": "p-1", "jti": "1", "kind": "user", "role": "admin"}
    times = {"iat": now, "exp": now + timedelta(hours=1)}
    return {
        "an expired token": keyring.issue(admin, valid_for=timedelta(seconds=-1)),
        "a different installation": Keyring(tmp_path).issue(admin),
        "a different audience": keyring.sign({**claims, **times, "aud": "elsewhere"}),
        "a different issuer": keyring.sign({**claims, **times, "iss": "elsewhere"}),
        "no audience": keyring.sign({name: value for name, value in {**claims, **times}.items() if name != "aud"}),
        "a later time": keyring.sign({**claims, **times, "nbf": now + timedelta(minutes=30)}),
        "a session": await hosts.session(admin),
        "an invitation": await hosts.invitation(admin),
    }
