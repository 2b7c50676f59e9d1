"""A whole system for the tests of charts and print: the demo, and what its files leave out."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.systems import System, running
from tests.web.more_events import more_events


@pytest.fixture(scope="session")
def rich_system() -> Iterator[System]:
    """Run the demo with more of everything for the session; tests only read it."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-web-") as made, running("demo", data=Path(made)) as system:
        headers = {"Authorization": f"Bearer {system.token('admin')}"}
        posted = httpx.post(f"{system.address}/registry/events", json=more_events(), headers=headers, timeout=30)
        assert posted.status_code == httpx.codes.CREATED, posted.text
        reached = {**headers, "Authorization": f"Bearer {system.token()}"}
        address = f"{system.address}/reporting/reports/network"
        httpx.get(address, params={"at_least": posted.json()["cursor"]}, headers=reached).raise_for_status()
        yield system
