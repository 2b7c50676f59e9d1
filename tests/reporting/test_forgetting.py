"""A withdrawn pseudonym leaves reporting, and what is then known is what the rewritten log tells."""

from collections.abc import Sequence
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.reporting.folding import folds
from shared.backbone import event_log
from shared.backbone.event_log import Entry
from shared.database import Pool
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support import builders as b

CONSENT = {"reference": "samtykke-1", "guardian": False}
GONE = b.person("gone")
OTHERS = [b.person(f"stays-{number}") for number in range(1, 6)]
TABLES = ("enrolment", "session", "presence", "activity_month", "activity_day", "latest_registration")


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


def _registered_and_erased() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give what an area registers, and then what erases some of it."""
    kept, gone, other = OTHERS[0], GONE, b.person("was-gone-too")
    told = {"story": "a-story", "area": b.AREA, "title": "Titel", "text": "Tekst", "consent": CONSENT}
    history = [
        *b.a_running_activity(),
        *(b.an_enrolment(name) for name in (kept, gone, other)),
        b.an_event("participant.corrected", {"participant": gone, "gender": "female"}, source=f"/areas/{b.AREA}"),
        b.an_event("participant.merged", {"participant": other, "into": gone}, source=f"/areas/{b.AREA}"),
        b.an_event("story.published", told, source=f"/areas/{b.AREA}"),
        b.an_attendance("both", participants=[kept, gone]),
    ]
    erasing = [
        b.an_event("consent.withdrawn", {"participant": gone}, source=f"/areas/{b.AREA}"),
        b.an_event("story.withdrawn", {"story": "a-story"}, source=f"/areas/{b.AREA}"),
        b.an_attendance("later", participants=[kept]),
    ]
    return history, erasing


@pytest.mark.parametrize("most", [6, folds.LATEST])
async def test_what_an_area_registered_last_goes_with_whom_it_is_of(
    registry: httpx.AsyncClient,
    registry_app: FastAPI,
    reporting_pool: Pool,
    bearer: Bearer,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
) -> None:
    """Whoever read the log before sees what whoever reads it after sees: as many places, and nothing of who is gone."""
    monkeypatch.setattr(folds, "LATEST", most)
    headers = {**bearer("admin"), "content-type": "application/json"}
    history, erasing = _registered_and_erased()
    assert (await registry.post("/registry/events", content=b.body(history), headers=headers)).status_code == 201
    before = await _lines(registry_app)
    assert (await registry.post("/registry/events", content=b.body(erasing), headers=headers)).status_code == 201
    after = await _lines(registry_app)
    live = [*before, *after[len(before) :]]
    rebuilt = (await _folded(reporting_pool, [after]))["latest_registration"]
    assert len([row for row in rebuilt if row["area"] == b.AREA]) == min(most, len(rebuilt))
    erased = [row for row in rebuilt if row["name"] == folds.ERASED]
    assert erased
    assert {row[name] for row in erased for name in ("activity", "fact_on", "authid", "subjects")} == {None}
    for batches in (
        [live],
        [[entry] for entry in live],
        [live[:-3], live[-3:]],
        [before, before, after[len(before) :]],
        [after[:-3], live[-3:]],
    ):
        assert (await _folded(reporting_pool, batches))["latest_registration"] == rebuilt
