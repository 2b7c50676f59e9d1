"""Two users of one machine: each runs a system of their own, side by side, from an environment that one owns."""

import contextlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from services.embedded import free_port
from tests.support import other_user
from tests.support.systems import READY, STOP_SECONDS, System, running

pytestmark = other_user.ONLY_ROOT_BECOMES_ANOTHER

READY_SECONDS: Final = 60.0


@pytest.fixture
def shared_place() -> Iterator[Path]:
    """Give a folder in which everybody may make folders of their own, as in a machine's temporary folder."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-two-") as made:
        Path(made).chmod(0o1777)
        yield Path(made)


def _command(*said: str | Path) -> "subprocess.Popen[str]":
    python = other_user.with_packages()
    return subprocess.Popen(  # noqa: S603  our own command
        [python, "-W", "error", "-m", "services.command.cli", *map(str, said)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env=other_user.environment(python),
        **other_user.AS_THEM,
    )


@contextlib.contextmanager
def _theirs(place: Path) -> Iterator[System]:
    """Run a system of the other user, with its data in a folder that only they enter."""
    port = free_port()
    data = place / "theirs" / "data"
    process = _command("up", "--port", str(port), "--data", data)
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        assert any(READY in line for line in process.stdout), process.stderr.read()
        yield System(f"http://127.0.0.1:{port}", data, process)
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=STOP_SECONDS)
    assert (process.returncode, complaints) == (0, "")


def _wait_until_ready(system: System) -> None:
    """Wait for a system that has started, while the other's start takes the machine."""
    deadline = time.monotonic() + READY_SECONDS
    while not (answer := httpx.get(f"{system.address}/reporting/health/ready")).is_success:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.1)


@pytest.mark.long(beside="tests/shared/test_embedded.py::test_an_ordinary_user_runs_it_in_any_place")
def test_two_users_run_a_system_each_from_one_environment(shared_place: Path) -> None:
    """Neither needs a file of the other, and both answer at the same time."""
    with running("up", data=shared_place / "ours") as ours, _theirs(shared_place) as theirs:
        for system in (ours, theirs):
            _wait_until_ready(system)
        assert theirs.data.stat().st_uid == other_user.USER_ID


@pytest.mark.long(beside="tests/e2e/test_command.py::test_a_second_system_on_a_folder_is_refused")
def test_a_folder_on_which_somebody_else_runs_is_refused_with_a_word(shared_place: Path) -> None:
    """With exit code 1, naming the folder and what to do, also by another path to it; and theirs runs on."""
    (shared_place / "link").symlink_to("ours")
    (shared_place / "ours").mkdir(mode=0o755)
    with running("up", data=shared_place / "ours") as ours:
        for spelling in ("ours", "link", "link/../ours"):
            refused = _command("up", "--port", str(free_port()), "--data", shared_place / spelling)
            _, complaints = refused.communicate(timeout=STOP_SECONDS)
            assert refused.returncode == 1
            assert f"the folder {shared_place / 'ours'} belongs to the user root" in complaints
            assert "choose another folder with --data" in complaints
            assert "Traceback" not in complaints
        assert httpx.get(f"{ours.address}/registry/health/ready").is_success
