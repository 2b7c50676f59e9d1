"""The version before serves while this one migrates its database, and this one goes on with what it has stored."""

import asyncio
import contextlib
import itertools
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Final

import httpx
import pytest

from services import embedded
from shared import database
from tests.shared.test_upgrades import BEFORE
from tests.support.containers import AREA, HTTP_SECONDS, PLAN, event_of
from tests.support.running import ROOT
from tests.support.systems import System, helhedsnet, running

# The version before, as the history has it, whose newest revisions are those of `BEFORE`.
COMMIT: Final = "8978448"
TREES: Final = ("services", "shared", "deploy", "pyproject.toml")
AT_LEAST: Final = 20
REVISION: Final = "SELECT version_num FROM alembic_version"

pytestmark = pytest.mark.long(
    beside="tests/shared/test_upgrades.py::test_the_version_before_serves_on_tables_of_this_one"
)


@pytest.fixture
def version_before(folder: Path) -> Path:
    """Give the folder of the version before."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("there is no git command on this machine")
    command = [git, "-C", str(ROOT), "archive", "--format", "tar", COMMIT, *TREES]
    done = subprocess.run(command, capture_output=True, check=False, timeout=HTTP_SECONDS)  # noqa: S603  our own command
    if done.returncode:
        pytest.skip(f"the history here does not go back to {COMMIT}")
    before = folder / "before"
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(before, filter="data")
    return before


class _Poster:
    """Posts areas to the registry and commitments to funding, and reads the report, until it ends."""

    def __init__(self, system: System) -> None:
        self._headers = {"Authorization": f"Bearer {system.token('admin')}"}
        self._client = httpx.Client(base_url=system.address, headers=self._headers, timeout=HTTP_SECONDS)
        self._stop = threading.Event()
        self.answers: list[int] = []
        self.areas: list[str] = []
        self.longest_s = 0.0

    def post_and_read(self) -> None:
        """Go on until told to stop."""
        for number in itertools.count():
            area = f"omraade-{number}"
            event = event_of(area, "area.registered", {**AREA, "area": area})
            self._note(self._client.post("/registry/events", json=event))
            self.areas.append(area)
            self._note(self._client.get("/reporting/reports/network"))
            self._note(self._client.get("/funding/plans/rulle"))
            if self._stop.is_set():
                return

    def _note(self, answer: httpx.Response) -> None:
        self.answers.append(answer.status_code)
        self.longest_s = max(self.longest_s, answer.elapsed.total_seconds())

    @contextlib.contextmanager
    def posting(self) -> Iterator[None]:
        """Post and read beside what is done in the context."""
        plan = [event_of("rulle-area", "area.registered", AREA), event_of("rulle-plan", "plan.approved", PLAN)]
        self._client.post("/registry/events", json=plan).raise_for_status()
        lane = threading.Thread(target=self.post_and_read)
        lane.start()
        try:
            yield
        finally:
            self._stop.set()
            lane.join(2 * HTTP_SECONDS)
            self._client.close()

    def wait_for(self, answers: int) -> None:
        """Wait until so many more were given."""
        wanted = len(self.answers) + answers
        while len(self.answers) < wanted:
            assert not self._stop.wait(0.05)


async def _revisions(url: str) -> dict[str, str]:
    found = {}
    for service in BEFORE:
        connection = await database.connect(database.service_url(url, service))
        found[service] = await connection.fetchval(REVISION)
        await connection.close()
    return found


def test_the_version_before_serves_while_its_database_is_migrated(folder: Path, version_before: Path) -> None:
    """Every request is answered well, before, meanwhile and after; this version then shows all that was stored."""
    data = folder / "data"
    with embedded.postgresql(folder / "postgresql") as url:
        told = {"HELHEDSNET_DATABASE_URL": url}
        older = {**told, "PYTHONPATH": str(version_before)}
        with running("up", data=data, cwd=version_before, variables=older) as system:
            assert asyncio.run(_revisions(url)) == BEFORE
            poster = _Poster(system)
            with poster.posting():
                poster.wait_for(AT_LEAST)
                done = helhedsnet("migrate", variables=told)
                assert done.returncode == 0, done.stderr
                poster.wait_for(AT_LEAST)
            newest = asyncio.run(_revisions(url))
        assert {service for service in BEFORE if newest[service] > BEFORE[service]} == {"registry", "reporting"}
        assert set(poster.answers) <= {HTTPStatus.OK, HTTPStatus.CREATED}
        with running("up", data=data, variables=told) as system:
            assert {area["area"] for area in system.report()["areas"]} >= set(poster.areas)
            done = helhedsnet("verify", "--url", system.address, "--token", system.token("admin"))
            assert done.returncode == 0, done.stdout
