"""A whole system for the tests of charts and print: the demo, and what its files leave out."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.systems import System, running
from tests.web.more_events import more_events, more_funding_events
from tests.web.reading import get


@pytest.fixture(scope="session")
def rich_system() -> Iterator[System]:
    """Run the demo with more of everything for the session; tests only read it."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-web-") as made, running("demo", data=Path(made)) as system:
        headers = {"Authorization": f"Bearer {system.token('admin')}"}
        cursors = []
        for service, events in (("registry", more_events()), ("funding", more_funding_events())):
            posted = httpx.post(f"{system.address}/{service}/events", json=events, headers=headers, timeout=30)
            assert posted.status_code == httpx.codes.CREATED, posted.text
            cursors.append(posted.json()["cursor"])
        get(system, f"/reporting/reports/network?at_least={','.join(cursors)}").raise_for_status()
        yield system
