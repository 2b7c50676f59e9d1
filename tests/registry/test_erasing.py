"""What is withdrawn is gone: from the tables, the log and the stream; and the log stays whole and can be verified."""

import asyncio

import asyncpg
import httpx
import orjson
import pytest
import redis.asyncio
from fastapi import FastAPI

from services.registry.service import RegistryUseCases
from services.registry.store import erasure
from shared.backbone import event_log, streams
from shared.database import Pool
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.samples import SAMPLES

JSON = {"content-type": "application/json"}
GONE = b.person("gone")
OTHERS = [b.person(f"stays-{number}") for number in range(1, 6)]
TOLD = "Fire drenge trykker nu skilte"


class Post:
    """Posts events, which must be taken."""

    def __init__(self, registry: httpx.AsyncClient, bearer: Bearer) -> None:
        self._registry = registry
        self._headers = {**bearer("admin"), **JSON}

    async def __call__(self, *events: Json) -> Json:
        """Post a batch and give the answer."""
        answer = await self._registry.post("/registry/events", content=b.body(list(events)), headers=self._headers)
        assert answer.status_code in {200, 201}, answer.text
        decoded: Json = answer.json()
        return decoded


def _history() -> list[Json]:
    """Give what is known of somebody who will be forgotten, in an activity with five others."""
    engaged = {"activity": b.ACTIVITY, "volunteer": GONE, "role": "volunteer", "date": "2025-09-02"}
    return [
        *b.a_running_activity(),
        *(b.an_enrolment(name) for name in [GONE, *OTHERS]),
        b.an_attendance("small", participants=[GONE, *OTHERS[:3]]),
        b.an_attendance("large", participants=[GONE, *OTHERS[:4]]),
        b.an_event("volunteer.engaged", engaged, source=f"/areas/{b.AREA}"),
        b.an_event(
            "business.founded",
            {**SAMPLES["business.founded"], "activity": b.ACTIVITY, "members": [GONE, OTHERS[0]]},
            source=f"/areas/{b.AREA}",
        ),
        b.an_event(
            "outcome.measured",
            {**SAMPLES["outcome.measured"], "activity": b.ACTIVITY, "participant": GONE},
            source=f"/areas/{b.AREA}",
            identifier=f"maaling-{GONE}-1",
        ),
    ]


def _withdrawal(participant: str = GONE, *, area: str = b.AREA) -> Json:
    return b.an_event("consent.withdrawn", {"participant": participant}, source=f"/areas/{area}")


async def tables_that_hold(pool: Pool, text: str) -> list[str]:
    """Give the tables in which a text stands anywhere."""
    names = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [
        name
        for (name,) in names
        if await pool.fetchval(f'SELECT count(*) FROM "{name}" AS t WHERE strpos(t::text, $1) > 0', text)  # noqa: S608  a table of ours
    ]


async def _log(pool: Pool) -> list[Json]:
    rows = await pool.fetch("SELECT sequence, type, body, outcome FROM event_log ORDER BY sequence")
    return [{**row, "body": orjson.loads(row["body"]), "outcome": row["outcome"]} for row in rows]


async def test_a_withdrawn_pseudonym_stands_in_no_table(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Rows, lists, measurements, the log and even ids that held it: nothing is left."""
    post, pool = Post(registry, bearer), state_in(registry_app).pool
    await post(*_history())
    assert {"enrolment", "event_log", "measurement"} <= set(await tables_that_hold(pool, GONE))
    await post(_withdrawal())
    assert await tables_that_hold(pool, GONE) == []
    assert await pool.fetchval("SELECT enrolled FROM activity") == len(OTHERS)


async def test_a_pseudonym_can_be_withdrawn_in_the_batch_that_brought_it(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """What is not stored yet is forgotten just as well."""
    await Post(registry, bearer)(*_history(), _withdrawal())
    assert await tables_that_hold(state_in(registry_app).pool, GONE) == []


async def test_who_withdrew_may_come_back(registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer) -> None:
    """A new consent is a new beginning, in the same batch too."""
    await Post(registry, bearer)(*_history(), _withdrawal(), b.an_enrolment(GONE, date="2026-01-05"))
    pool = state_in(registry_app).pool
    rows = await pool.fetch("SELECT enrolled_on::text FROM enrolment WHERE participant = $1", GONE)
    assert [row["enrolled_on"] for row in rows] == ["2026-01-05"]


async def test_nobody_joins_between_a_withdrawals_look_and_its_end(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """While one transaction enrols, others may, and a withdrawal waits: it would not see who joins elsewhere."""
    post, pool, use_cases = Post(registry, bearer), state_in(registry_app).pool, RegistryUseCases()
    await post(*_history(), b.an_activity("elsewhere"), b.a_start("elsewhere"))
    joining, withdrawal = b.typed(b.an_enrolment(GONE, "elsewhere")), b.typed(_withdrawal())
    async with pool.acquire() as first, pool.acquire() as second, first.transaction():
        await use_cases.load(first, [joining])
        await second.execute("SET lock_timeout = '200ms'")
        async with second.transaction():
            await use_cases.load(second, [b.typed(b.an_enrolment(OTHERS[0], "somewhere-else"))])
        with pytest.raises(asyncpg.LockNotAvailableError):
            async with second.transaction():
                await use_cases.load(second, [withdrawal])
        await second.execute("RESET lock_timeout")


async def test_the_log_stays_gapless_and_faithful(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Every line is as it was accepted, or is listed as erased; a line that somebody changed is found."""
    post, pool = Post(registry, bearer), state_in(registry_app).pool
    await post(*_history())
    await post(_withdrawal())
    log = await _log(pool)
    assert [line["sequence"] for line in log] == list(range(1, len(log) + 1))
    erased = [row["sequence"] for row in await pool.fetch("SELECT sequence FROM erasure ORDER BY sequence")]
    assert erased == [line["sequence"] for line in log if "erased" in line["type"] or line["type"] in erasure.LISTS] + [
        len(log)
    ]
    async with pool.acquire() as connection:
        assert await erasure.unfaithful_lines(connection) == []
        await connection.execute("UPDATE event_log SET body = replace(body, 'Københavns', 'Aarhus') WHERE sequence = 4")
        assert await erasure.unfaithful_lines(connection) == [4]


async def test_an_erased_event_is_known_when_it_is_posted_again(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """A sender that repeats itself does not bring a person back."""
    post = Post(registry, bearer)
    history = [event for event in _history() if GONE not in event["id"]]
    await post(*history)
    await post(_withdrawal())
    assert (await post(*history))["duplicates"] == len(history)
    assert await tables_that_hold(state_in(registry_app).pool, GONE) == []


async def test_a_total_stays_only_where_it_hides_one_person(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Of four who came three are left; of five, five, one of them without a name."""
    post = Post(registry, bearer)
    await post(*_history())
    await post(_withdrawal())
    lists = {
        line["body"]["data"]["session"]: (len(line["body"]["data"]["participants"]), line["outcome"])
        for line in await _log(state_in(registry_app).pool)
        if line["type"] == "dk.helhedsnet.attendance.recorded.v1"
    }
    assert lists == {"small": (3, None), "large": (4, '{"unnamed":1}')}


async def test_an_area_forgets_only_its_own(registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer) -> None:
    """Two areas may have made the same pseudonym; each erases what it said itself."""
    post = Post(registry, bearer)
    elsewhere = {"area": b.OTHER_AREA}
    await post(*_history())
    await post(
        b.an_area(b.OTHER_AREA),
        b.a_plan("gellerup", areas=[b.OTHER_AREA]),
        b.an_activity("cafe", plan="gellerup", **elsewhere),
        b.a_start("cafe", **elsewhere),
        b.an_enrolment(GONE, "cafe", **elsewhere),
    )
    await post(_withdrawal())
    pool = state_in(registry_app).pool
    rows = await pool.fetch("SELECT activity FROM enrolment WHERE participant = $1", GONE)
    assert [row["activity"] for row in rows] == ["cafe"]
    assert await tables_that_hold(pool, GONE) == ["enrolment", "event_log"]


async def test_a_withdrawn_story_is_gone(registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer) -> None:
    """What it told stands in no table, no line of the log and no answer."""
    post, pool = Post(registry, bearer), state_in(registry_app).pool
    story = {**SAMPLES["story.published"], "activity": b.ACTIVITY, "text": TOLD}
    source = f"/areas/{b.AREA}"
    await post(*b.a_running_activity(), b.an_event("story.published", story, source=source))
    assert await tables_that_hold(pool, TOLD) == ["event_log", "story"]
    assert TOLD in (await registry.get("/registry/stories", headers=bearer("lead"))).text
    await post(b.an_event("story.withdrawn", SAMPLES["story.withdrawn"], source=source))
    assert await tables_that_hold(pool, TOLD) == []
    assert (await registry.get("/registry/stories", headers=bearer("lead"))).json()["stories"] == []


async def test_the_stream_holds_nothing_of_it_either(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer, redis_client: "redis.asyncio.Redis"
) -> None:
    """What was published before the withdrawal is dropped; who had not read it reads the log."""
    post, stream = Post(registry, bearer), streams.stream_name("registry")
    await post(*_history())
    await _relayed(state_in(registry_app).pool)
    assert any(GONE in str(entry) for entry in await redis_client.xrange(stream) or [])
    await post(_withdrawal())
    await _relayed(state_in(registry_app).pool)
    assert not any(GONE in str(entry) for entry in await redis_client.xrange(stream) or [])


async def _relayed(pool: Pool) -> None:
    """Wait until the relay has published the whole log."""
    async with asyncio.timeout(10), pool.acquire() as connection:
        # The relay tells nobody.
        while await event_log.position(connection, "relay") < await event_log.head(connection):  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.005)
