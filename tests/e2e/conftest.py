"""Whole systems for the end-to-end tests: one that holds the demo and is only read, and empty ones."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.systems import System, running


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder for a system's data, with a path as short as they come."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-e2e-") as made:
        yield Path(made)


@pytest.fixture(scope="session")
def demo_system() -> Iterator[System]:
    """Run the demo for the session. Tests read it, and post only what is there already or is refused."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-e2e-") as made, running("demo", data=Path(made)) as system:
        yield system


@pytest.fixture
def empty_system(folder: Path) -> Iterator[System]:
    """Run an empty system for one test."""
    with running("up", data=folder) as system:
        yield system
