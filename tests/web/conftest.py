"""Whole systems to look at, the demo and an empty one, and Chromium to look with."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.conftest import Bearer, MakeDatabase
from tests.support import npm
from tests.support.browsing import CHROMIUM, FLAGS
from tests.support.hostile_events import context_events, more_events, more_funding_events, published_event
from tests.support.invitations import get
from tests.support.places import place
from tests.support.registering import Visitors
from tests.support.systems import System, running
from tests.support.whole import SERVICES, whole

# Playwright gives up after five seconds, which a busy machine may need for a page.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def rich_system() -> Iterator[System]:
    """Run the demo, and names that would be markup, for the session, signed in by its link; tests only read it."""
    with place("web") as made, running("demo", data=Path(made)) as system:
        headers = {"Authorization": f"Bearer {system.token('admin')}"}
        cursors = []
        # Published before there was more, so that something has changed since.
        published = published_event(get(system, "/reporting/reports/network").json())
        for service, events in (
            ("reporting", [published, *context_events()]),
            ("registry", more_events()),
            ("funding", more_funding_events()),
        ):
            posted = httpx.post(f"{system.address}/{service}/events", json=events, headers=headers, timeout=30)
            assert posted.status_code == httpx.codes.CREATED, posted.text
            cursors.append(posted.json()["cursor"])
        get(system, f"/reporting/reports/network?at_least={','.join(cursors)}").raise_for_status()
        yield system.signed_in()


@pytest.fixture(scope="session")
def plain_system() -> Iterator[System]:
    """Run a system that is no demo, for the session."""
    with place("web") as made, running("up", data=Path(made)) as system:
        yield system


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Run Chromium for the session, in which each visit is a stranger; without it the test is skipped."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}, so nothing can be looked at")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        await started.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the script of axe-core, which finds what keeps people from using a page."""
    folder = tmp_path_factory.mktemp("axe")
    npm.install(folder, "axe-core")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
async def visitors(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> AsyncIterator[Visitors]:
    """Run all services with their pages."""
    for service in SERVICES:
        await make_database(service)
    async with whole(surroundings) as (client, apps):
        yield Visitors(client, apps, bearer)
