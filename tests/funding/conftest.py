"""Funding on the test bed: a fresh database that has heard of the plan, and the real application on it."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI

from services.funding import handlers
from services.funding.app import build_app
from services.funding.settings import FundingSettings
from shared import database
from shared.backbone.event_log import Entry
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import OTHER_AREA, Json, a_plan, an_activity, an_event, body
from tests.support.ledger_in_memory import EFFORT_AREAS, Ledger
from tests.support.money import a_budget, three_commitments
from tests.support.running import in_process

JSON: Final = {"content-type": "application/json"}


class Client:
    """Funding as an administrator sees it."""

    def __init__(self, http: httpx.AsyncClient, bearer: Bearer) -> None:
        self.http = http
        self.headers = bearer("admin")

    async def post(self, *events: Json) -> Json:
        """Post events that must be accepted, and give the answer."""
        answer = await self.http.post("/funding/events", content=body(list(events)), headers=self.headers | JSON)
        assert answer.status_code == 201, answer.text
        accepted: Json = answer.json()
        return accepted

    async def refuse(self, *events: Json) -> list[tuple[str, str]]:
        """Post events that must be refused, and give (code, pointer) of every fault."""
        answer = await self.http.post("/funding/events", content=body(list(events)), headers=self.headers | JSON)
        assert not answer.is_success, answer.text
        return [(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]]

    async def get(self, path: str, **parameters: str | int) -> httpx.Response:
        """Read what must be there."""
        answer = await self.http.get(f"/funding/{path}", params=parameters, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer

    async def read(self, path: str, **parameters: str | int) -> Json:
        """Read a document that must be there."""
        document: Json = (await self.get(path, **parameters)).json()
        return document


def as_entries(*events: Json) -> list[Entry]:
    """Give events as the registry's log would hold them."""
    return [Entry({"sequence": number, "event": event}) for number, event in enumerate(events, 1)]


def what_the_registry_told() -> list[Entry]:
    """Give the pool, the plan of two areas, and an activity of it."""
    effort_areas = [{"effort_area": name, "name": name.capitalize()} for name in EFFORT_AREAS]
    pool = {"pool": "2019-26", "name": "2019-26", "start": "2019-01-01", "end": "2026-12-31"}
    return as_entries(
        an_event("pool.defined", pool | {"effort_areas": effort_areas}),
        a_plan(areas=["urbanplanen", OTHER_AREA]),
        an_activity(),
    )


@pytest.fixture
def ledger() -> Ledger:
    """Give a ledger of a plan with 1,000,000 øre promised: 75 %, 12.5 %, 12.5 %."""
    ledger = Ledger()
    ledger.post(*three_commitments())
    return ledger


@pytest.fixture
def budgeted(ledger: Ledger) -> Ledger:
    """Give the same with a budget of three lines."""
    ledger.post(a_budget())
    return ledger


@pytest.fixture
async def funding_database(make_database: MakeDatabase) -> str:
    """Give a fresh database of funding that has heard of the plan."""
    url = await make_database("funding")
    connection = await database.connect(url)
    await handlers.apply(connection, "registry", what_the_registry_told())
    await connection.close()
    return url


@pytest.fixture
async def funding_pool(funding_database: str) -> AsyncIterator[database.Pool]:
    """Give a pool of connections to that database."""
    pool = await database.open_pool(funding_database, 8)
    yield pool
    await pool.close()


@pytest.fixture
def funding_app(funding_database: str, surroundings: dict[str, Any]) -> FastAPI:
    """Give funding's real application, not yet started; no registry answers it."""
    assert funding_database.partition("?")[0].endswith("/helhedsnet_funding")
    return build_app(FundingSettings(**surroundings, registry_url="http://127.0.0.1:9/registry"))


@pytest.fixture
async def funding(funding_app: FastAPI, bearer: Bearer) -> AsyncIterator[Client]:
    """Run funding, and give a client of it."""
    async with in_process({"funding": funding_app}) as http:
        yield Client(http, bearer)
