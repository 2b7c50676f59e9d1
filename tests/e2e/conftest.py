"""Whole systems for the end-to-end tests: one that holds the demo and is only read, and empty ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.containers import (
    BUILD_AND_START_SECONDS,
    Installation,
    installed,
    network_report,
    post_demo,
    skip_without_an_engine,
)
from tests.support.places import place
from tests.support.systems import System, running


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder for a system's data, with a path as short as they come."""
    with place("e2e") as made:
        yield Path(made)


@pytest.fixture(scope="session")
def demo_system(demo_process: System) -> System:
    """Give the demo that runs."""
    return demo_process


@pytest.fixture
def empty_system(folder: Path) -> Iterator[System]:
    """Run an empty system for one test."""
    with running("up", data=folder) as system:
        yield system


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """Build and start the compose file for the session; whatever happens, take it down with its volumes."""
    skip_without_an_engine()
    with installed() as installation:
        installation.compose("up", "--build", "--detach", "--wait", seconds=BUILD_AND_START_SECONDS)
        yield installation


@pytest.fixture(scope="session")
def token(installation: Installation) -> str:
    """Give an administrator's token of the installation."""
    return installation.token()


@pytest.fixture(scope="session")
def report(installation: Installation, token: str) -> dict[str, Any]:
    """Post the demo's events through the gateway, and give the network report.

    A test that posts something else uses this first: else the report is of the demo and of what that test posted.
    """
    post_demo(installation.address, token)
    return network_report(installation.address, token)
