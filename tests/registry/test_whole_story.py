"""One plan from its approval to its closing: every event of the registry is taken, stored and read again."""

import httpx
import pytest
from fastapi import FastAPI

from services.registry import handlers
from shared.backbone.event_log import Entry
from shared.events.registry import EVENTS
from tests import builders as b
from tests.builders import Json
from tests.conftest import Bearer
from tests.contracts.samples import SAMPLES

AREA = "/areas/urbanplanen"
MIND = "mind-your-own-business"
JSON = {"content-type": "application/json"}


def _told(event: str, *, source: str = AREA, **changes: object) -> Json:
    """Give a golden sample as an event, with changes."""
    return b.an_event(event, {**SAMPLES[event], **changes}, source=source)


def the_story() -> list[Json]:
    """Give a history in which every event of the registry occurs, but the closing of the plan."""
    network = {"source": "/network"}
    shared = {"activity": "fritidsjob-gellerup"}
    return [
        _told("pool.defined", **network),
        _told("area.registered", **network),
        _told("area.registered", area="gellerupparken", name="Gellerupparken", **network),
        _told("organisation.registered", **network),
        _told("organisation.registered", organisation="tryk-og-skilte", kind="company", **network),
        _told("plan.approved"),
        _told("plan.approved", plan="gellerup", areas=["gellerupparken"], source="/areas/gellerupparken"),
        _told("plan.approved", plan="faelles", areas=["urbanplanen", "gellerupparken"]),
        _told("plan.consented", plan="faelles", source="/areas/gellerupparken"),
        _told("partner.joined"),
        _told("goal.set"),
        _told("goal.assessed"),
        _told("milestone.planned"),
        _told("milestone.reached"),
        _told("activity.planned"),
        _told("activity.planned", plan="gellerup", area="gellerupparken", **shared, source="/areas/gellerupparken"),
        _told("practice.shared", **shared, source="/areas/gellerupparken"),
        _told("practice.shared"),
        _told("practice.adopted"),
        _told("activity.started"),
        _told("course.opened"),
        _told("participant.enrolled"),
        _told("attendance.recorded"),
        _told("session.cancelled"),
        _told("volunteer.engaged"),
        _told("volunteer.hours"),
        _told("volunteer.left"),
        _told("mentor.engaged"),
        _told("mentor.released"),
        _told("business.founded"),
        _told("business.closed"),
        _told("outcome.measured"),
        _told("participant.left"),
        _told("followup.recorded"),
        _told("course.closed"),
        _told("activity.ended"),
        _told("activity.anchored"),
        _told("story.published"),
        _told("story.withdrawn"),
        _told("consent.withdrawn"),
        _told("partner.left"),
        _told("plan.extended"),
    ]


async def _post(registry: httpx.AsyncClient, bearer: Bearer, events: Json | list[Json]) -> httpx.Response:
    return await registry.post("/registry/events", content=b.body(events), headers={**bearer("admin"), **JSON})


async def accept_statements(app: FastAPI, plan: str, *years: int) -> None:
    """Let the registry learn of accepted statements, as if funding had told it."""
    entries = [
        Entry({"sequence": place, "event": b.an_event("statement.accepted", {"plan": plan, "year": year})})
        for place, year in enumerate(years, start=1)
    ]
    async with app.state.pool.acquire() as connection, connection.transaction():
        await handlers.apply(connection, "funding", entries)


def test_the_story_has_every_event() -> None:
    """An event that is not in it would not be tried."""
    told = {event["type"] for event in the_story()} | {"dk.helhedsnet.plan.closed.v1"}
    assert told == {event.type_name() for event in EVENTS}


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_the_whole_story_is_taken_in_batches_of_any_size(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer, size: int
) -> None:
    """What one batch decides on is the same whether earlier events are stored or still in the working set."""
    story = the_story()
    for start in range(0, len(story), size):
        answer = await _post(registry, bearer, story[start : start + size])
        assert answer.status_code == 201, answer.text
    closing = _told("plan.closed")
    answer = await _post(registry, bearer, closing)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    await accept_statements(registry_app, "amagerplanen", 2025, 2026, 2027, 2028, 2029, 2030)
    answer = await _post(registry, bearer, closing)
    assert answer.status_code == 201, answer.text
    again = await _post(registry, bearer, [*story, closing])
    assert (again.status_code, again.json()["duplicates"]) == (200, len(story) + 1)
