"""The shared feed: complete, in order, without people, and without stories that were withdrawn."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.reporting.feed.service import TITLES
from services.reporting.folding import folds
from shared.backbone.event_log import Entry
from shared.database import Pool
from tests.chaos.wires import wire
from tests.conftest import Bearer, Headers, MakeDatabase
from tests.oracles.histories import history
from tests.reporting.conftest import running
from tests.support import builders as b

FEED: Final = "/reporting/feed"
STREAM: Final = f"{FEED}/stream"
SECONDS: Final = 90
PERSON: Final = "f3a9c2d4e1b7"

Json = dict[str, Any]


def _story(story: str = "skilte", **changes: Any) -> Json:
    data = {
        "story": story,
        "area": b.AREA,
        "title": "Skilte på torvet",
        "text": "Drengene trykker skilte.",
        "consent": {"reference": "samtykke-hemmelig", "guardian": True},
        **changes,
    }
    return b.an_event("story.published", data, source=f"/areas/{b.AREA}")


def _withdrawal(story: str = "skilte") -> Json:
    return b.an_event("story.withdrawn", {"story": story}, source=f"/areas/{b.AREA}")


async def _post(system: httpx.AsyncClient, headers: Headers, *events: Json) -> str:
    told = {**headers, "content-type": "application/json"}
    answer = await system.post("/registry/events", content=b.body(list(events)), headers=told)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["cursor"])


async def _items(system: httpx.AsyncClient, headers: Headers, **params: Any) -> list[Json]:
    answer = await system.get(FEED, params=params, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    """Read server-sent events as a browser does; a comment is one with that alone."""
    event: dict[str, str] = {}
    async for line in lines:
        if not line:
            if event:
                yield event
            event = {}
        elif line.startswith(":"):
            yield {"comment": line[1:].strip()}
        else:
            name, _, value = line.partition(": ")
            event[name] = value


async def _next_item(events: AsyncIterator[dict[str, str]]) -> dict[str, str]:
    """Give the next event that tells something: on a slow machine a heartbeat comes before it."""
    while "data" not in (event := await anext(events)):
        pass
    return event


async def test_the_feed_tells_what_areas_share_and_of_nobody(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Plans, activities and stories in the order of the log; no people, no consent, no capacity."""
    enrolled = b.an_enrolment(PERSON)
    session = b.an_attendance(participants=[PERSON])
    cursor = await _post(system, bearer("admin"), *b.a_running_activity(capacity=12), enrolled, session, _story())
    answer = await system.get(FEED, params={"at_least": cursor}, headers=bearer("coordinator", b.OTHER_AREA))
    items = answer.json()["items"]
    assert [item["kind"] for item in items] == [
        "plan.approved",
        "activity.planned",
        "activity.started",
        "story.published",
    ]
    assert [item["sequence"] for item in items] == sorted(item["sequence"] for item in items)
    assert all(item["areas"] == [b.AREA] for item in items)
    assert items[2]["title_da"] == "Aktivitet startet: Lektiecafe"
    for hidden in (PERSON, "samtykke", "capacity"):
        assert hidden not in answer.text


async def test_a_stream_goes_on_after_its_database_was_away(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """What has begun to be answered is no error afterwards: the stream says that it is there, and then tells more."""
    for service in ("registry", "funding", "reporting"):
        url = urlsplit(await make_database(service))
    socket = f"{parse_qs(url.query)['host'][0]}/.s.PGSQL.5432"
    async with wire("to postgresql", lambda: [socket]) as through:
        settings = {**surroundings, "database_url": f"postgresql://postgres@127.0.0.1:{through.port}/postgres"}
        async with running(settings) as system, asyncio.timeout(SECONDS):
            await _post(system, bearer("admin"), *b.a_running_activity())
            async with system.stream("GET", STREAM, headers=bearer("lead")) as answer:
                events = _events(answer.aiter_lines())
                while (await anext(events)).get("comment") != "nothing new":
                    pass
                cut = asyncio.create_task(through.cut(0.5))
                # One heartbeat may have been on its way; the second is said though nothing can be read.
                for _ in range(2):
                    while (await anext(events)).get("comment") != "nothing new":
                        pass
                await cut
                # Nothing tells.
                while (await system.get("/registry/health/ready")).status_code != httpx.codes.OK:  # noqa: ASYNC110  nothing tells
                    await asyncio.sleep(0.05)
                await _post(system, bearer("admin"), _story())
                while (event := await anext(events)).get("event") != "item":
                    pass
                assert json.loads(event["data"])["kind"] == "story.published"


async def test_pages_go_on_where_the_one_before_ended(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Forwards and backwards, each item once; an area alone."""
    stories = [_story(f"story-{number}") for number in range(7)]
    cursor = await _post(system, bearer("admin"), *b.a_running_activity(), b.an_area(b.OTHER_AREA), *stories)
    lead = bearer("lead")
    everything = await _items(system, lead, at_least=cursor)
    for start, following in (("after", everything), ("before", everything[::-1])):
        read: list[Json] = []
        place = 0 if start == "after" else 2**62
        while True:
            page = (await system.get(FEED, params={start: place, "limit": 3}, headers=lead)).json()
            read += page["items"]
            place = page["next"]
            if not page["more"]:
                break
        assert read == following
    assert await _items(system, lead, area=b.OTHER_AREA) == []
    assert await _items(system, lead, area=b.AREA) == everything
    both = await system.get(FEED, params={"after": 0, "before": 9}, headers=lead)
    assert (both.status_code, both.json()["code"]) == (400, "two_directions")


async def test_a_withdrawn_story_leaves_the_feed_and_is_told_of_as_gone(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """Its text is nowhere; who has it learns that it is to be taken away."""
    await _post(system, bearer("admin"), *b.a_running_activity(), _story())
    cursor = await _post(system, bearer("admin"), _withdrawal())
    answer = await system.get(FEED, params={"at_least": cursor}, headers=bearer("lead"))
    assert "Skilte" not in answer.text
    assert [item["kind"] for item in answer.json()["items"]][-1] == "story.removed"
    assert answer.json()["items"][-1]["data"] == {"story": "skilte"}


async def test_the_stream_tells_at_once_and_goes_on_after_a_break(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """What is there, then what comes, then, with the last id, what came meanwhile; a withdrawal as `removed`."""
    lead = bearer("lead")
    cursor = await _post(system, bearer("admin"), *b.a_running_activity())
    await _items(system, lead, at_least=cursor)
    async with asyncio.timeout(SECONDS), system.stream("GET", STREAM, headers=lead) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = _events(stream.aiter_lines())
        told = [await anext(events) for _ in range(4)]
        assert [event.get("event") for event in told] == [None, "item", "item", "item"]
        await _post(system, bearer("admin"), _story())
        published = await _next_item(events)
        assert json.loads(published["data"])["kind"] == "story.published"
    await _post(system, bearer("admin"), _withdrawal())
    again = {**lead, "Last-Event-ID": published["id"]}
    async with asyncio.timeout(SECONDS), system.stream("GET", STREAM, headers=again) as stream:
        events = _events(stream.aiter_lines())
        assert await anext(events) == {"comment": "the feed"}
        removed = await _next_item(events)
        assert removed["event"] == "removed"
        assert json.loads(removed["data"])["data"] == {"story": "skilte"}


async def test_a_stream_of_an_area_says_when_there_is_nothing_new(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """A comment after the time of a heartbeat; another area's items are not in it."""
    cursor = await _post(system, bearer("admin"), *b.a_running_activity(), b.an_area(b.OTHER_AREA))
    await _items(system, bearer("lead"), at_least=cursor)
    params = {"area": b.OTHER_AREA}
    async with asyncio.timeout(SECONDS), system.stream("GET", STREAM, params=params, headers=bearer("lead")) as stream:
        events = _events(stream.aiter_lines())
        assert [await anext(events) for _ in range(2)] == [{"comment": "the feed"}, {"comment": "nothing new"}]


async def test_more_followers_than_there_are_places_are_told_to_come_back(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """429 above the own share, 503 where all places are taken; a place that is given up is free for the next."""
    lead, other, late = bearer("lead"), bearer("auditor"), bearer("admin")
    async with asyncio.timeout(SECONDS):
        async with system.stream("GET", STREAM, headers=lead) as first, system.stream("GET", STREAM, headers=lead):
            assert first.status_code == httpx.codes.OK
            await _refused(system, lead, 429, "too_many_requests")
            async with system.stream("GET", STREAM, headers=other) as of_other:
                assert of_other.status_code == httpx.codes.OK
                await _refused(system, late, 503, "busy")
        while True:
            # The server learns of the end of a connection a moment later.
            async with system.stream("GET", STREAM, headers=late) as next_one:
                if next_one.status_code == httpx.codes.OK:
                    break


async def _refused(system: httpx.AsyncClient, headers: Headers, status: int, code: str) -> None:
    answer = await system.get(STREAM, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["retry-after"]


async def test_who_may_not_read_reports_may_not_follow(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """No token, a service's token, an id that is none."""
    for path in (FEED, STREAM):
        assert (await system.get(path)).json()["code"] == "unauthenticated"
        assert (await system.get(path, headers=bearer("service"))).json()["code"] == "forbidden"
    answer = await system.get(STREAM, headers={**bearer("lead"), "Last-Event-ID": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("seed", range(5))
async def test_any_order_and_repetition_give_the_same_feed(reporting_pool: Pool, seed: int) -> None:
    """Folded in one batch, one by one, shuffled and twice, as a rebuild or a late delivery would."""
    chance = random.Random(seed)  # noqa: S311  a history, no secret
    entries = history(chance)["registry"]
    shuffled = chance.sample(entries, k=len(entries))
    # What is erased must have been folded before; the feed does not mind, but people do.
    shuffled.sort(key=lambda entry: entry.name == "consent.withdrawn")
    whole = await _folded(reporting_pool, [entries])
    assert whole
    assert await _folded(reporting_pool, [[entry] for entry in entries]) == whole
    assert await _folded(reporting_pool, [[entry] for entry in shuffled]) == whole
    assert await _folded(reporting_pool, [shuffled, entries]) == whole


async def _folded(pool: Pool, batches: list[list[Entry]]) -> list[tuple[Any, ...]]:
    async with pool.acquire() as connection:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname NOT IN ('alembic_version', 'deed', 'release', 'released_cells')"
        )
        names = ", ".join(f'"{row["relname"]}"' for row in tables)
        await connection.execute(f"TRUNCATE {names}")
        for batch in batches:
            await folds.fold(connection, "registry", folds.prepared(batch))
        return [tuple(row) for row in await connection.fetch("SELECT * FROM feed ORDER BY sequence")]


def test_every_kind_of_item_has_a_title() -> None:
    """And no title is for an item that there is not."""
    shared = {"story.removed" if name == "story.withdrawn" else name for name in folds.SHARED}
    assert TITLES.keys() == shared
