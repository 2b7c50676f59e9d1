"""One plan from its approval to its closing: every event of the registry is taken, stored and read again."""

import httpx
import pytest
from fastapi import FastAPI

from services.registry import handlers
from shared.backbone.event_log import Entry
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.stories import the_registrys

JSON = {"content-type": "application/json"}


async def _post(registry: httpx.AsyncClient, bearer: Bearer, events: Json | list[Json]) -> httpx.Response:
    return await registry.post("/registry/events", content=b.body(events), headers={**bearer("admin"), **JSON})


async def _accept_statements(app: FastAPI, plan: str, *years: int) -> None:
    """Let the registry learn of accepted statements, as if funding had told it."""
    entries = [
        Entry({"sequence": place, "event": b.an_event("statement.accepted", {"plan": plan, "year": year})})
        for place, year in enumerate(years, start=1)
    ]
    async with state_in(app).pool.acquire() as connection, connection.transaction():
        await handlers.apply(connection, "funding", entries)


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_the_whole_story_is_taken_in_batches_of_any_size(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer, size: int
) -> None:
    """What one batch decides on is the same whether earlier events are stored or still in the working set."""
    *story, closing = the_registrys()
    for start in range(0, len(story), size):
        answer = await _post(registry, bearer, story[start : start + size])
        assert answer.status_code == 201, answer.text
    answer = await _post(registry, bearer, closing)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    await _accept_statements(registry_app, "amagerplanen", 2025, 2026)
    answer = await _post(registry, bearer, closing)
    assert answer.status_code == 201, answer.text
    again = await _post(registry, bearer, [*story, closing])
    assert (again.status_code, again.json()["duplicates"]) == (200, len(story) + 1)
