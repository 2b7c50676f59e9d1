"""Reports and ledger that differ raise an alarm by themselves, and only then."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import pytest
from rich.console import Console

from services.command import operating
from services.reporting.agreement import store as agreement
from services.reporting.agreement.rules import differing_plans, sums_of
from services.reporting.reports.attention import NAMED_PLANS, Watched, attention
from services.reporting.web.language import languages
from services.reporting.web.wording import Wording
from shared import background, clock, database
from tests.conftest import Bearer, execute
from tests.reporting.conftest import DEMO, running
from tests.support.builders import PLAN, Json, body
from tests.support.extent import long_but_for

EVERY_MS: Final = 100
SECONDS: Final = 90
EXPENSES: Final = 5_000
BATCH: Final = 250
SPOILT: Final = {
    "by day": "UPDATE commitment_day SET released_ore = released_ore + 1 WHERE released_ore > 0",
    "by month": "UPDATE commitment_month SET spent_ore = spent_ore - 1 WHERE spent_ore > 0",
    "a commitment is gone": "DELETE FROM commitment_day WHERE committed_ore > 0",
    "by line": "DELETE FROM line_month WHERE spent_ore > 0",
}
A_PLAN: Final = {"plan": PLAN, "spent_ore": 7}
A_COMMITMENT: Final = {
    "plan": PLAN,
    "commitment": "c",
    "committed_ore": 10,
    "released_ore": 9,
    "received_ore": 8,
    "spent_ore": 7,
}


@pytest.fixture
async def system(
    demo_databases: dict[str, str],  # noqa: ARG001  they must be there
    surroundings: dict[str, Any],
    bearer: Bearer,
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the three services, which compare all the time, with the demo in them; give an administrator's client."""
    async with running(surroundings, compare_every_ms=EVERY_MS) as client:
        client.headers.update({**bearer("admin"), "content-type": "application/json"})
        async with asyncio.timeout(SECONDS):
            # Whoever follows is not well until it has asked its owner for the first time.
            while not operating.well(await _statuses(client)):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(EVERY_MS / 1000)
        yield client


@pytest.mark.parametrize(
    ("of_commitment", "of_plan"),
    [({"committed_ore": 11}, {}), ({"received_ore": 0}, {}), ({"commitment": "d"}, {}), ({}, {"spent_ore": 6})],
)
def test_each_amount_is_compared(of_commitment: Json, of_plan: Json) -> None:
    """What one side has and the other has not is a difference, on whichever side it is missing."""
    one = sums_of([A_COMMITMENT], [A_PLAN])
    other = sums_of([{**A_COMMITMENT, **of_commitment}], [{**A_PLAN, **of_plan}])
    assert differing_plans(one, [one, one]) == []
    assert differing_plans(one, [one, other]) == [PLAN]
    assert differing_plans(other, [one]) == [PLAN]
    assert differing_plans(one, [sums_of([], [])]) == [PLAN]
    assert differing_plans(sums_of([], [A_PLAN, {"plan": "quiet", "spent_ore": 0}]), [sums_of([], [A_PLAN])]) == []


def test_the_alarm_names_some_plans_and_counts_the_others() -> None:
    """No amount and nobody stands in it."""
    plans = [f"plan-{number}" for number in range(NAMED_PLANS + 2)]
    today = clock.today()
    nothing: dict[str, Any] = dict.fromkeys(
        ("areas", "plans", "standings", "activities", "milestones", "forgeries"), ()
    )
    quiet = Watched(today, statements={}, dead_letters=0, **nothing)
    assert attention(quiet) == []
    (item,) = attention(replace(quiet, differing=plans, differing_since=today))
    assert (item["code"], item["severity"], item["since"]) == ("ledger_differs", "high", today.isoformat())
    assert item["values"] == {"plans": plans[:NAMED_PLANS], "others": 2}
    danish, english = (Wording(language).detail(item) for language in languages().values())
    assert danish.startswith("Beløbene for plan-0, plan-1")
    assert "The same holds for 2 other plans." in english


@pytest.mark.parametrize("spoil", long_but_for(SPOILT.values(), [SPOILT["by day"]]), ids=SPOILT.keys())
async def test_figures_that_differ_from_the_ledger_are_an_alarm_until_they_are_folded_anew(
    system: httpx.AsyncClient, demo_databases: dict[str, str], spoil: str
) -> None:
    """On the Monday list, for operators, as a metric and on the page; a rebuild ends it."""
    await _until(system, differing=False)
    assert operating.well(await _statuses(system))
    await execute(demo_databases["reporting"], spoil)
    status = await _until(system, differing=True)
    statuses = await _statuses(system)
    assert not operating.well(statuses)
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(operating.drawn(statuses))
    assert "differs from the ledger" in console.export_text()
    item = await _alarm(system)
    assert item is not None
    assert set(item["values"]["plans"]) == set(status["agreement"]["differing_plans"])
    assert item["values"]["plans"]
    assert _metric(await system.get("/reporting/metrics")) == len(item["values"]["plans"])
    assert (await system.post("/reporting/rebuild")).status_code == 202
    await _until(system, differing=False)
    assert await _alarm(system) is None
    assert _metric(await system.get("/reporting/metrics")) == 0


async def test_nothing_that_is_only_late_is_an_alarm(system: httpx.AsyncClient, demo_databases: dict[str, str]) -> None:
    """While expenses are posted, read and folded, every comparison agrees, and comparisons go on."""
    before = (await _until(system, differing=False))["agreement"]["sequence"]
    lines = (Path(DEMO) / "funding.jsonl").read_text(encoding="utf-8").splitlines()
    # The last: its year is still open.
    template: Json = orjson.loads([line for line in lines if "expense.booked" in line][-1])
    compared: list[int] = []
    connection = await database.connect(demo_databases["reporting"])
    posting_them = asyncio.create_task(_post_expenses(system, template))
    try:
        async with asyncio.timeout(3 * SECONDS):
            while not compared or compared[-1] < before + EXPENSES:
                found = await agreement.last(connection)
                assert found is not None
                assert list(found.plans) == []
                compared.append(found.sequence)
                await asyncio.sleep(EVERY_MS / 1000)
        await posting_them
    finally:
        await background.end([posting_them])
        await connection.close()
    meanwhile = {sequence for sequence in compared if before < sequence < before + EXPENSES}
    assert meanwhile, "nothing was compared while there was something to fold"


async def _post_expenses(client: httpx.AsyncClient, template: Json) -> None:
    for start in range(0, EXPENSES, BATCH):
        names = [f"late-{number}" for number in range(start, start + BATCH)]
        data = {**template["data"], "amount_ore": 1}
        events = [{**template, "id": name, "data": {**data, "expense": name}} for name in names]
        answer = await client.post("/funding/events", content=body(events))
        assert answer.status_code == httpx.codes.CREATED, answer.text[:500]


async def _statuses(client: httpx.AsyncClient) -> dict[str, Json]:
    return {service: (await client.get(f"/{service}/status")).json() for service in operating.SERVICES}


async def _until(client: httpx.AsyncClient, *, differing: bool) -> Json:
    """Wait until a comparison says that reports and ledger differ, or that they do not; give reporting's status."""
    async with asyncio.timeout(SECONDS):
        while True:
            status: Json = (await client.get("/reporting/status")).json()
            if (found := status["agreement"]) is not None and bool(found["differing_plans"]) is differing:
                return status
            await asyncio.sleep(EVERY_MS / 1000)


async def _alarm(client: httpx.AsyncClient) -> Json | None:
    report = (await client.get("/reporting/reports/network")).json()
    return next((item for item in report["attention"] if item["code"] == "ledger_differs"), None)


def _metric(answer: httpx.Response) -> float:
    line = next(line for line in answer.text.splitlines() if line.startswith("helhedsnet_differing_plans "))
    return float(line.partition(" ")[2])
