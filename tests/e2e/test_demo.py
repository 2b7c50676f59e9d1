"""The demo, end to end: its events, its figures, and the same report whatever happens on the way."""

import asyncio
import contextlib
import io
import json
import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from deploy.demo import generate
from services import embedded
from services.command import access, posting, releasing
from services.command.bearing import Bearing
from services.command.demo_figures import add_up, differences, read
from services.embedded import free_port
from services.reporting.terms import NUMBERS
from shared import clock
from shared.backbone.event_log import Entry
from shared.events.catalogue import CATALOGUES
from tests.oracles.reference import World
from tests.support.keyring import Keyring
from tests.support.orders import shuffled
from tests.support.running import ROOT
from tests.support.systems import (
    COMMAND_SECONDS,
    DEMO,
    FUNDING_EVENTS,
    REGISTRY_EVENTS,
    System,
    arguments,
    environment,
    helhedsnet,
)

READY_SECONDS: Final = 60
# An area joins and plans go on in the demo; a pool is there from the start, and nobody has taken their consent back.
ABSENT: Final = {
    *("pool.defined", "plan.consented", "plan.extended", "plan.closed", "session.planned"),
    *("consent.withdrawn", "participant.corrected", "participant.merged"),
}
Json = dict[str, Any]


def test_generator_writes_the_committed_files_again(tmp_path: Path) -> None:
    """The seeded generator gives the committed events byte for byte."""
    generate.write(tmp_path)
    for path in (REGISTRY_EVENTS, FUNDING_EVENTS):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("owner", ["registry", "funding"])
def test_every_demo_event_is_well_formed_and_names_nobody(owner: Any) -> None:  # noqa: ANN401  a literal
    """The catalogue takes every event: no unknown field, no personal number, no identity used twice."""
    lines = (DEMO / f"{owner}.jsonl").read_bytes().splitlines()
    posted, faults = CATALOGUES[owner].read(b"[" + b",".join(lines) + b"]", clock.now())
    assert faults == []
    assert len({item.identity for item in posted}) == len(lines)


def test_report_says_what_the_files_add_up_to(demo_system: System) -> None:
    """Sessions, attendance, people and money in the report are the sums of the events, taken without the services."""
    report = demo_system.report()
    registry, funding = (_data(path) for path in (REGISTRY_EVENTS, FUNDING_EVENTS))
    # No session of the demo is both held and cancelled.
    sessions = {(data["activity"], data["session"]): data for data in registry["attendance.recorded"]}
    came = {key: len(data.get("participants", ())) or data.get("headcount", 0) for key, data in sessions.items()}
    area_of = {data["activity"]: data["area"] for data in registry["activity.planned"]}
    people = {(area_of[data["activity"]], data["participant"]) for data in registry["participant.enrolled"]}

    assert report["totals"]["sessions"] == len(sessions)
    assert report["totals"]["funding"]["committed_ore"] == 7_120_000_000
    reversed_ones = {data["expense"] for data in funding["expense.reversed"]}
    right = [data for data in funding["expense.booked"] if data["expense"] not in reversed_ones]
    assert report["totals"]["funding"]["spent_ore"] == sum(data["amount_ore"] for data in right)
    for area in report["areas"]:
        own = [key for key in sessions if area_of[key[0]] == area["area"]]
        assert area["sessions"] == len(own)
        inside = demo_system.report_of(area["area"])["totals"]
        assert inside["attendances"]["value"] == sum(came[key] for key in own)
        assert inside["participant_hours"]["value"] == sum(came[key] * sessions[key]["hours"] for key in own)
        assert inside["participants"]["value"] == len([of for of, _ in people if of == area["area"]])
        expenses = [data["amount_ore"] for data in right if data["area"] == area["area"]]
        assert area["funding"]["spent_ore"] == sum(expenses)


def test_report_says_what_a_plain_count_says(demo_system: System) -> None:
    """Every number of the catalogue, in all, by area and effort area; also what the check of the demo leaves out."""
    report = demo_system.report()
    registry = [Entry({"event": event, "outcome": None}) for event in read([REGISTRY_EVENTS])]
    world = World({"registry": registry, "funding": []})
    days = (date.fromisoformat(report["period"]["from"]), date.fromisoformat(report["period"]["to"]))
    checks = [(report["totals"], world.figures(*days))]
    checks += [(row, world.figures(*days, area=row["area"])) for row in report["areas"]]
    checks += [(row, world.figures(*days, effort_area=row["effort_area"])) for row in report["effort_areas"]]
    for row, expected in checks:
        assert {name: row[name] for name in NUMBERS} == {name: float(expected[name]) for name in NUMBERS}


def test_the_check_of_the_demo_can_fail(demo_system: System) -> None:
    """One øre, session, person, hour, story or point too many is named; the report as it is has no difference."""
    events = read([REGISTRY_EVENTS, FUNDING_EVENTS])
    report = demo_system.report()
    own = {area: demo_system.report_of(area) for area in (row["area"] for row in report["areas"])}
    assert differences(report, own, add_up(events)) == []
    report["totals"]["funding"]["spent_ore"] += 1
    report["areas"][0]["sessions"] += 1
    first, second = own.values()
    first["totals"]["multi_year_participants"]["value"] += 1
    second["totals"]["volunteer_hours"]["value"] += 1
    report["effort_areas"][2]["stories"] += 1
    first["change"][0]["mean_change"] += 1
    assert len(differences(report, own, add_up(events))) == 6


def test_the_demo_has_something_of_everything(demo_system: System) -> None:
    """Each kind of event but a few; change with a mean in both areas, and withheld; who stays; what needs attention."""
    events = read([REGISTRY_EVENTS, FUNDING_EVENTS])
    names = {event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1") for event in events}
    known = {kind.event_name for owner in ("registry", "funding") for kind in CATALOGUES[owner].events}
    assert known - names == ABSENT
    assert len(events) < 6_000, "it is posted in seconds"
    report = demo_system.report()
    for area in ("urbanplanen", "gellerupparken"):
        of_area = access.fetch_report(demo_system.address, f"areas/{area}", demo_system.token(), {})
        inside = demo_system.report_of(area)
        assert sum(row["mean_change"] is not None for row in inside["change"]) == 3
        assert inside["totals"]["multi_year_participants"]["value"] > 100
        assert {year["year"] for goal in of_area["goals"] for year in goal["assessments"]} == {2023, 2024, 2025}
    assert report["people"]["month"] == "2026-10"
    assert any(row["new_participants"]["suppressed"] for row in report["months"])
    ahead, behind = report["plans"]
    assert 0 < ahead["elapsed_pct"] - ahead["spent_pct"] < 10
    assert behind["elapsed_pct"] - behind["spent_pct"] > 20
    assert all(plan["milestones"]["reached"] and plan["milestones"]["overdue"] for plan in report["plans"])
    assert {"statement_due", "co_funding_unreleased", "account_below_zero", "spending_off_pace"} <= {
        item["code"] for item in report["attention"]
    }


def test_nobody_meets_in_the_holidays() -> None:
    """No session lies in week 7 or 42, in July or at Christmas."""
    for data in _data(REGISTRY_EVENTS)["attendance.recorded"]:
        day = date.fromisoformat(data["date"])
        assert day.isocalendar().week not in {7, 42}
        assert day.month != 7
        assert not (day.month == 12 and day.day >= 24)


@pytest.mark.long(beside="tests/e2e/test_command.py::test_posting_again_is_all_duplicates")
def test_demo_twice_is_harmless(folder: Path) -> None:
    """`demo --exit` ends with 0 and prints both areas; the second time everything is there already."""
    first, second = (
        helhedsnet("demo", "--exit", "--data", folder, "--port", str(free_port())) for _ in ("first", "second")
    )
    count = len(read([REGISTRY_EVENTS, FUNDING_EVENTS]))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert f"{count} events posted" in first.stdout
    assert f"0 events posted, {count} were there already" in second.stdout
    for said in ("Urbanplanen", "Gellerupparken", "71.200.000,00 kr.", "•"):
        assert said in first.stdout
    assert first.stdout.splitlines()[1:] == second.stdout.splitlines()[1:]


@pytest.mark.long(beside="tests/reporting/test_folding.py::test_any_order_batching_and_repetition_give_the_same_report")
async def test_any_order_and_any_repetition_give_the_same_report(demo_system: System, empty_system: System) -> None:
    """Every event twice, shuffled where the rules allow, in batches of random size: the digest stays."""
    dice = random.Random(_seed())  # noqa: S311  a test's choice, told when it fails
    registry, funding = (path.read_bytes().splitlines() for path in (REGISTRY_EVENTS, FUNDING_EVENTS))
    token = empty_system.token("admin")
    summary = posting.Summary()

    async def post(lines: Sequence[bytes]) -> None:
        rest = list(lines)
        while rest:
            size = dice.randint(1, 500)
            stream = io.BytesIO(b"\n".join(rest[:size]))
            await posting.post(stream, url=empty_system.address, sender=Bearing(token), limit=size, summary=summary)
            rest = rest[size:]

    # Both at once: funding has to wait for what the registry has not told it yet.
    await asyncio.gather(post(shuffled(registry, dice)), post(shuffled(funding, dice)))
    everything = [*registry, *funding]
    dice.shuffle(everything)
    await post(everything)

    assert (summary.accepted, summary.duplicates) == (len(everything), len(everything))
    _report(empty_system, summary.at_least)
    # What is told of people outside the areas comes from a release: it is the same too.
    await asyncio.to_thread(releasing.ensure, empty_system.address, token)
    assert empty_system.report()["digest"] == demo_system.report()["digest"]
    for area in ("urbanplanen", "gellerupparken"):
        assert empty_system.report_of(area)["digest"] == demo_system.report_of(area)["digest"]


@pytest.mark.long(beside="tests/chaos/test_chaos.py::test_nothing_is_lost_or_doubled_whatever_fails")
async def test_killed_services_lose_and_double_nothing(demo_system: System, folder: Path) -> None:
    """Three processes; each is killed with -9 in the middle of the demo and started again: the same report."""
    with embedded.servers(folder) as servers:
        async with _three_services(folder, servers) as services:
            cursors = []
            for path, victims in ((REGISTRY_EVENTS, ("registry",)), (FUNDING_EVENTS, ("funding", "reporting"))):
                owner = path.stem
                lines = path.read_bytes().splitlines(keepends=True)
                said = await services.post(owner, lines, killing=victims)
                # What a killed service had stored without answering is a duplicate the second time.
                counts = re.search(r"accepted (\d+) · duplicates (\d+) · rejected 0", said)
                assert counts is not None, said
                assert int(counts[1]) + int(counts[2]) == len(lines)
                cursors += re.findall(rf"{owner}:[0-9]+", said)
            await services.digest(",".join(cursors))
            await services.release()
            digest = await services.digest(",".join(cursors))
    assert digest == demo_system.report()["digest"]


class _Services:
    """The three services as processes of their own, each on a port."""

    def __init__(self, folder: Path, servers: embedded.Servers) -> None:
        self._ports = {name: free_port() for name in ("registry", "funding", "reporting")}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._token = access.issue_token(folder, "admin", frozenset(), timedelta(minutes=30))
        self._environment = environment(
            HELHEDSNET_DATABASE_URL=servers.database_url,
            HELHEDSNET_REDIS_URL=servers.redis_url,
            **Keyring(folder / "keys").environment,
            HELHEDSNET_REGISTRY_URL=f"{self.address('registry')}/registry",
            HELHEDSNET_FUNDING_URL=f"{self.address('funding')}/funding",
            HELHEDSNET_LOG_LEVEL="ERROR",
        )

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports[name]}"

    async def start(self, name: str) -> None:
        factory = f"services.{name}.app:from_environment"
        said = ("-m", "uvicorn", "--factory", factory, "--port", str(self._ports[name]), "--log-level", "error")
        self._processes[name] = await asyncio.create_subprocess_exec(
            sys.executable, *said, cwd=ROOT, env=self._environment, start_new_session=True
        )

    async def kill(self, name: str) -> None:
        self._processes[name].kill()
        await self._processes[name].wait()

    async def ready(self, name: str) -> None:
        async def answers(client: httpx.AsyncClient) -> bool:
            return (await client.get(f"{self.address(name)}/{name}/health/ready")).is_success

        await _until(answers)

    async def post(self, owner: str, lines: Sequence[bytes], killing: Sequence[str]) -> str:
        """Post lines with the command; kill services when half of them are given to it, and start them again."""
        poster = await asyncio.create_subprocess_exec(
            *arguments("post", "-", "--url", self.address(owner), "--batch", "60"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(HELHEDSNET_TOKEN=self._token),
        )
        assert poster.stdin is not None
        half = len(lines) // 2
        poster.stdin.write(b"".join(lines[:half]))
        await poster.stdin.drain()
        await self._has_stored_some(owner)
        for name in killing:
            await self.kill(name)
        poster.stdin.write(b"".join(lines[half:]))
        for name in killing:
            await self.start(name)
        poster.stdin.close()
        async with asyncio.timeout(COMMAND_SECONDS):
            said, _ = await poster.communicate()
        assert poster.returncode == 0
        return said.decode()

    async def _has_stored_some(self, owner: str) -> None:
        async def stored(client: httpx.AsyncClient) -> bool:
            metrics = (await client.get(f"{self.address(owner)}/{owner}/metrics")).text
            return 'helhedsnet_intake_events_total{status="accepted",' in metrics

        await _until(stored)

    async def release(self) -> None:
        """Have people released as of the newest closed month."""
        await asyncio.to_thread(releasing.ensure, self.address("reporting"), self._token)

    async def digest(self, at_least: str) -> str:
        """Give the report's digest once reporting has read everything."""
        found: list[str] = []

        async def reported(client: httpx.AsyncClient) -> bool:
            answer = await client.get(
                f"{self.address('reporting')}/reporting/reports/network",
                params={"at_least": at_least},
                headers={"Authorization": f"Bearer {self._token}"},
            )
            assert answer.status_code in {200, 503, 504}, answer.text
            if answer.is_success:
                found.append(answer.json()["digest"])
            return answer.is_success

        await _until(reported)
        return found[0]


@contextlib.asynccontextmanager
async def _three_services(folder: Path, servers: embedded.Servers) -> AsyncIterator[_Services]:
    services = _Services(folder, servers)
    names = ("registry", "funding", "reporting")
    try:
        for name in names:
            await services.start(name)
        for name in names:
            await services.ready(name)
        yield services
    finally:
        for name in names:
            await services.kill(name)


async def _until(condition: Callable[[httpx.AsyncClient], Awaitable[bool]]) -> None:
    """Ask another process until something holds of it; it tells nobody by itself."""
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(timeout=10) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if await condition(client):
                    return
            await asyncio.sleep(0.02)


def _report(system: System, at_least: str) -> Json:
    return access.fetch_report(system.address, "network", system.token(), {"at_least": at_least})


def _data(path: Path) -> dict[str, list[Json]]:
    """Read a file of events as their data, by name."""
    found: dict[str, list[Json]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        found[event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")].append(event["data"])
    return found


def _seed() -> int:
    """Choose a seed, and say it: pytest shows it when the test fails."""
    seed = random.randrange(2**32)  # noqa: S311  no secret
    print(f"shuffled with seed {seed}")  # noqa: T201  shown by pytest
    return seed
