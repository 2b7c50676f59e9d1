"""A withdrawn pseudonym leaves reporting, and what is then known is what the rewritten log tells."""

from collections.abc import Sequence
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from services.reporting.folding import folds
from shared.backbone import event_log
from shared.backbone.event_log import Entry
from shared.database import Pool
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support import builders as b

GONE = b.person("gone")
OTHERS = [b.person(f"stays-{number}") for number in range(1, 6)]
TABLES = ("enrolment", "session", "presence", "activity_month", "activity_day")


async def _lines(app: FastAPI) -> list[Entry]:
    async with state_in(app).pool.acquire() as connection:
        return [Entry(orjson.loads(line.text)) for line in (await event_log.read(connection, 0, 1000)).lines]


async def _folded(pool: Pool, batches: Sequence[Sequence[Entry]]) -> dict[str, list[Any]]:
    """Fold batches into an empty database and give what it then holds, but rollups of nothing."""
    async with pool.acquire() as connection:
        await connection.execute(f"TRUNCATE {', '.join(TABLES)}, area, plan, activity, freshness, last_event")
        for batch in batches:
            await folds.fold(connection, "registry", folds.prepared(batch))
        return {
            table: [dict(row) for row in await connection.fetch(f'SELECT * FROM "{table}" ORDER BY 1, 2')]  # noqa: S608  a table of ours
            for table in TABLES
        }


async def test_what_is_forgotten_live_is_what_the_rewritten_log_tells(
    registry: httpx.AsyncClient, registry_app: FastAPI, reporting_pool: Pool, bearer: Bearer
) -> None:
    """Read before the withdrawal or after it, in one batch or one by one: the same figures, and no pseudonym."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    history = [
        *b.a_running_activity(),
        *(b.an_enrolment(name) for name in [GONE, *OTHERS]),
        b.an_attendance("small", participants=[GONE, *OTHERS[:3]], hours=2),
        b.an_attendance("large", participants=[GONE, *OTHERS[:4]], hours=2),
        b.an_attendance("without", participants=OTHERS, hours=1),
        b.an_attendance("guests", participants=[GONE], guests=4, hours=1),
        b.an_attendance("away", participants=OTHERS[:1], absent=[{"participant": GONE}, {"participant": OTHERS[1]}]),
        b.an_attendance("alone", participants=OTHERS[:1], absent=[{"participant": GONE, "reason": "school"}]),
    ]
    assert (await registry.post("/registry/events", content=b.body(history), headers=headers)).status_code == 201
    before = await _lines(registry_app)
    withdrawal = b.an_event("consent.withdrawn", {"participant": GONE}, source=f"/areas/{b.AREA}")
    assert (await registry.post("/registry/events", content=b.body(withdrawal), headers=headers)).status_code == 201
    after = await _lines(registry_app)
    rebuilt = await _folded(reporting_pool, [after])
    assert GONE not in str(rebuilt)
    assert sorted((row["session"], row["attendances"], orjson.loads(row["absent"])) for row in rebuilt["session"]) == [
        ("alone", 1, []),
        ("away", 1, [{"participant": b.person(OTHERS[1])}]),
        ("guests", 5, []),
        ("large", 5, []),
        ("small", 3, []),
        ("without", 5, []),
    ]
    assert await _folded(reporting_pool, [[*before, after[-1]]]) == rebuilt
    assert await _folded(reporting_pool, [[entry] for entry in [*before, after[-1]]]) == rebuilt
