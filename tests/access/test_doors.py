"""What access takes: rights that somebody can have, secrets that are good once, bodies that are short."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.access import store
from services.access.app import build_app
from services.access.settings import AccessSettings
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase
from tests.support.keyring import Keyring
from tests.support.running import in_process

WRONG = [
    {"name": "x", "role": "mayor"},
    {"name": "x", "role": "service"},
    {"name": "x", "role": "coordinator"},
    {"name": "x", "role": "coordinator", "areas": []},
    {"name": "x", "role": "coordinator", "areas": ["Urbanplanen"]},
    {"name": "x", "role": "coordinator", "areas": ["a"] * 201},
    {"name": "x", "role": "lead", "areas": ["urbanplanen"]},
    {"name": " ", "role": "lead"},
    {"name": "x\u202e", "role": "lead"},
    {"name": "x" * 201, "role": "lead"},
    {"role": "lead"},
    {"name": "x", "role": "lead", "more": 1},
    [],
    None,
]


@pytest.fixture
async def access(make_database: MakeDatabase, surroundings: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """Run access alone, and give a client."""
    await make_database("access")
    async with in_process({"access": build_app(AccessSettings(**surroundings))}) as client:
        yield client


async def test_what_nobody_can_be_is_not_made(access: httpx.AsyncClient, bearer: Bearer) -> None:
    """With the fields that are wrong, and nothing is kept of it."""
    admin = bearer("admin")
    for what, more in (("keys", {"days": 0}), ("keys", {"days": 367}), ("invitations", {"minutes": 1441})):
        for body in (*WRONG, {"name": "x", "role": "lead", **more}):
            answer = await access.post(f"/access/{what}", json=body, headers=admin)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_parameter"), body
        assert (await access.get(f"/access/{what}", headers=admin)).json() == {"items": []}
    assert (await access.get("/access/people", headers=admin)).json() == {"items": []}


async def test_a_secret_that_is_none_opens_nothing(access: httpx.AsyncClient) -> None:
    """However it is put; and a grant of a different type is told apart from a key that is not good."""
    grant = {"grant_type": "client_credentials"}
    for headers in ({}, {"authorization": "Basic x"}, {"authorization": "Basic eA=="}, {"authorization": "Bearer x"}):
        answer = await access.post("/access/token", data=grant, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), headers
    for name in ("k-1", "\x00", "k" * 10_000):
        answer = await access.post("/access/token", data={**grant, "client_id": name, "client_secret": "\x00"})
        assert answer.status_code == httpx.codes.UNAUTHORIZED
    answer = await access.post("/access/token", data={"grant_type": "password"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unsupported_grant_type")
    for path, body in (("", {"invitation": "x"}), ("/token", {"session": "x"})):
        assert (await access.post(f"/access/sessions{path}", json=body)).status_code == httpx.codes.UNAUTHORIZED
    for path in ("/access/sessions", "/access/token", "/access/keys"):
        answer = await access.post(path, content=b"x" * 20_000)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_there_are_no_more_keys_than_may_be(
    access: httpx.AsyncClient, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next is told so, until one has ended; who made and who ended each is listed."""
    monkeypatch.setattr(store, "MAX_KEYS", 1)
    admin = {"authorization": f"Bearer {keyring.issue(Identity('admin', subject='p-anna', kind='user'))}"}
    other = {"authorization": f"Bearer {keyring.issue(Identity('admin', subject='p-bent', kind='user'))}"}
    asked = {"name": "one", "role": "lead"}
    made = (await access.post("/access/keys", json=asked, headers=admin)).json()
    answer = await access.post("/access/keys", json=asked, headers=admin)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert (await access.delete(f"/access/keys/{made['key']}", headers=other)).status_code == httpx.codes.NO_CONTENT
    assert (await access.post("/access/keys", json=asked, headers=admin)).status_code == httpx.codes.CREATED
    listed = (await access.get("/access/keys", headers=admin)).json()["items"]
    assert [(item["made_by"], item["ended_by"]) for item in listed] == [("p-anna", None), ("p-anna", "p-bent")]
