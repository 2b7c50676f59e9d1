"""Runs the command and whole systems as a user would: as processes, on free ports, in folders of their own."""

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

import httpx

from services.command import access
from services.embedded import free_port
from services.reporting.web.visitor import COOKIE
from tests.support.running import ROOT

DEMO: Final = ROOT / "deploy" / "demo"
REGISTRY_EVENTS: Final = DEMO / "registry.jsonl"
FUNDING_EVENTS: Final = DEMO / "funding.jsonl"
COMMAND_SECONDS: Final = 300
STOP_SECONDS: Final = 60
READY: Final = "answers at"
INVITATION: Final = "/sign-in?invitation="


@dataclass(frozen=True)
class System:
    """A running system: where it answers and where its data is.

    `link` is what a demo prints to sign in with; `session` is what somebody has made of that.
    """

    address: str
    data: Path
    process: "subprocess.Popen[str]"
    link: str = ""
    session: str = ""

    @property
    def cookies(self) -> dict[str, str]:
        """Give the cookies of whoever is signed in."""
        return {COOKIE: self.session} if self.session else {}

    def signed_in(self) -> Self:
        """Give this system as the holder of its link sees it, which is spent by that."""
        invitation = self.link.partition(INVITATION)[2]
        headers = {"origin": self.address}
        answer = httpx.post(f"{self.address}/sign-in", data={"invitation": invitation}, headers=headers)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return dataclasses.replace(self, session=answer.cookies[COOKIE])

    def token(self, role: Any = "lead", *areas: str) -> str:  # noqa: ANN401  a role's name
        """Give a token that this system accepts."""
        return access.issue_token(self.data, role, frozenset(areas), timedelta(minutes=30))

    def report(self, **parameters: str) -> dict[str, Any]:
        """Read the network report."""
        return access.fetch_report(self.address, "network", self.token(), parameters)

    def report_of(self, area: str) -> dict[str, Any]:
        """Read the report of an area as its own coordinator sees it."""
        return access.fetch_report(self.address, f"areas/{area}", self.token("coordinator", area), {})


def environment(**more: str) -> dict[str, str]:
    """Give the environment of a command: this code, and none of our settings but those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HELHEDSNET_")}
    # A release is an entry of reporting's log: it is made where it is asked for, and by itself in no test of others.
    quiet = {"HELHEDSNET_RELEASE_EVERY_MS": str(24 * 3_600_000)}
    return {**inherited, **quiet, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "120", **more}


def arguments(*said: str | Path) -> list[str]:
    """Give the command line of `helhedsnet`."""
    return [sys.executable, "-W", "error", "-m", "services.command.cli", *map(str, said)]


def helhedsnet(
    *said: str | Path, text: str | None = None, variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end; `text` is its standard input."""
    return subprocess.run(  # noqa: S603  our own command
        arguments(*said),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_SECONDS,
        cwd=ROOT,
        env=environment(**variables or {}),
    )


@contextlib.contextmanager
def running(
    *said: str,
    data: Path,
    cwd: Path = ROOT,
    ends_with: int = 0,
    port: int | None = None,
    variables: Mapping[str, str] | None = None,
) -> Iterator[System]:
    """Run `helhedsnet up` or `demo` until the context ends, and see that it ends in order when told to."""
    port = port or free_port()
    process = subprocess.Popen(  # noqa: S603  our own command
        arguments(*said, "--port", str(port), "--data", data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=environment(**variables or {}),
    )
    try:
        assert process.stdout is not None
        # Reading a line waits until there is one, or until the process has ended.
        assert any(READY in line for line in process.stdout), "it ended before it was ready"
        link = ""
        if "demo" in said or "--demo" in said:
            link = next(line.strip() for line in process.stdout if INVITATION in line)
        yield System(f"http://127.0.0.1:{port}", data, process, link)
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == ends_with, complaints
    assert not complaints, f"the services are quiet unless something is wrong:\n{complaints}"


def get(system: System, path: str) -> httpx.Response:
    """Read a path of a system as a lead."""
    return httpx.get(f"{system.address}{path}", headers={"Authorization": f"Bearer {system.token()}"})
