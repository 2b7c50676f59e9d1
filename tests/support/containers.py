"""An installation of the compose file as it ships, on a real engine, and some who post to it and read from it."""

import contextlib
import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

import httpx
import pytest

from services.embedded import free_port
from tests.support.running import ROOT

DEMO: Final = [ROOT / "deploy/demo/registry.jsonl", ROOT / "deploy/demo/funding.jsonl"]
BUILD_AND_START_SECONDS: Final = 420
COMMAND_SECONDS: Final = 300
HTTP_SECONDS: Final = 60
LANES: Final = 8
# What is posted under load is about an area and a plan of its own, so that no rule about the demo's stands in its way.
AREA: Final = {"area": "rulle", "name": "Rulle", "municipality": "Aarhus Kommune"}
PLAN: Final = {
    "plan": "rulle",
    "name": "Rulle",
    "pool": "2019-26",
    "areas": ["rulle"],
    "start": "2025-08-01",
    "end": "2029-07-31",
    "approval_reference": "Rulle",
}
AMOUNT_ORE: Final = 100
MONEY: Final = {
    "plan": "rulle",
    "funder": "en-fond",
    "funder_kind": "foundation",
    "amount_ore": AMOUNT_ORE,
    "reference": "Rulle",
    "date": "2025-08-01",
}
FIGURE: Final = {"area": "rulle", "indicator": "residents", "value": 1, "date": "2025-01-01"}
SERVICES: Final = ("registry", "funding", "reporting")
# A report's figures about people are those of the newest release: one made in the middle of a test changes its digest.
NO_RELEASE_BY_ITSELF: Final = {"HELHEDSNET_RELEASE_EVERY_MS": "86400000"}


@dataclass(frozen=True)
class Installation:
    """One running installation of the compose file."""

    project: str
    port: int
    image_tag: str
    # What is set for it beside that.
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Give the address of the gateway."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment in which compose commands mean this installation, in whichever folder."""
        return {
            **os.environ,
            "COMPOSE_FILE": str(ROOT / "docker-compose.yml"),
            "COMPOSE_PROJECT_NAME": self.project,
            "HELHEDSNET_IMAGE_TAG": self.image_tag,
            "HELHEDSNET_PORT": str(self.port),
            **self.more,
        }

    def compose(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run a compose command on this installation, and give what it printed."""
        return run(["docker", "compose", "--progress", "quiet", *arguments], seconds, self.environment)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Give what the engine knows of each container, by the service's name."""
        found = json.loads(run(["docker", "inspect", *self.compose("ps", "--all", "--quiet").split()]))
        return {container["Config"]["Labels"]["com.docker.compose.service"]: container for container in found}

    def secrets(self) -> str:
        """Give a digest of every secret, as it stands in its volume."""
        script = "find /secrets -type f | sort | xargs sha256sum"
        return self.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "sh", "secrets", "-c", script)

    def logged(self, service: str, prefix: str) -> list[str]:
        """Give the ids in a service's log that begin so, each as often as it is there."""
        query = f"SELECT id FROM event_log WHERE starts_with(id, '{prefix}')"  # noqa: S608  of our own making
        psql = ("psql", "--username", "postgres", "--dbname", f"helhedsnet_{service}", "--tuples-only", "--no-align")
        return sorted(self.compose("exec", "-T", "postgres", *psql, "--command", query).split())

    def token(self) -> str:
        """Give an administrator's token, made where the key is."""
        return self.compose("exec", "-T", "access", "helhedsnet", "token", "--role", "admin").strip()


class Load:
    """Some who post to both logs and read reports through the gateway, one request after another, until it ends."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._stop = threading.Event()
        self._lanes = [threading.Thread(target=self._post_and_read, args=(lane,)) for lane in range(LANES)]
        self.mark = f"load-{secrets.token_hex(4)}-"
        self.failed: list[str] = []
        self.stored: dict[str, list[str]] = {"registry": [], "funding": []}
        self.answered = 0

    def __enter__(self) -> Self:
        self._introduce_the_plan()
        for lane in self._lanes:
            lane.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for lane in self._lanes:
            lane.join(HTTP_SECONDS)

    def wait_for(self, answered: int) -> None:
        """Wait until so many requests were answered, or one failed."""
        deadline = time.monotonic() + COMMAND_SECONDS
        while self.answered < answered and not self.failed:
            assert time.monotonic() < deadline, f"{self.answered} requests were answered"
            time.sleep(0.05)

    def _post_and_read(self, lane: int) -> None:
        with self._client() as client:
            for number in itertools.count():
                identifier = f"{self.mark}{lane}-{number}"
                for service, event in self._posted(identifier).items():
                    if self._asked(client, "POST", f"/{service}/events", event) in {HTTPStatus.CREATED, HTTPStatus.OK}:
                        self.stored[service].append(identifier)
                self._asked(client, "GET", "/reporting/reports/network")
                if self._stop.is_set():
                    return

    def _posted(self, identifier: str) -> dict[str, dict[str, Any]]:
        """Give what is posted in one round, by the service that takes it."""
        return {
            "registry": event_of(identifier, "area.registered", AREA),
            "funding": event_of(identifier, "funding.committed", {**MONEY, "commitment": identifier}),
        }

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self._address, headers=self._headers, timeout=HTTP_SECONDS)

    def _introduce_the_plan(self) -> None:
        """Post the plan, and wait until those who are posted to have heard of it."""
        with self._client() as client:
            plan = [event_of("rulle-area", "area.registered", AREA), event_of("rulle-plan", "plan.approved", PLAN)]
            client.post("/registry/events", json=plan).raise_for_status()
            deadline = time.monotonic() + COMMAND_SECONDS
            for service, event in self._posted("rulle").items():
                while (answer := client.post(f"/{service}/events", json=event)).status_code == HTTPStatus.CONFLICT:
                    assert time.monotonic() < deadline, answer.text
                answer.raise_for_status()

    def _asked(self, client: httpx.Client, method: str, path: str, event: object = None) -> int:
        """Ask once, never again, and note what was not answered well."""
        try:
            answer = client.request(method, path, json=event)
        except httpx.TransportError as error:
            self.failed.append(f"{method} {path}: {error!r}")
            return 0
        if answer.is_success:
            self.answered += 1
        else:
            self.failed.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.status_code


class PatientLoad(Load):
    """The same who post to reporting too, and try again what is told to come back, as a sender should.

    `told_to_wait` counts the answers that say so clearly; whatever else is no success is in `failed`.
    """

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address, token)
        self.stored["reporting"] = []
        self.told_to_wait = 0
        self.longest_s = 0.0

    def _posted(self, identifier: str) -> dict[str, dict[str, Any]]:
        area = {"area": AREA["area"], "indicator": "residents", "value": 1, "date": "2025-01-01"}
        return {
            **super()._posted(identifier),
            "reporting": event_of(identifier, "context.imported", {**area, "source": identifier}),
        }

    def _asked(self, client: httpx.Client, method: str, path: str, event: object = None) -> int:
        began = time.monotonic()
        while True:
            status = self._tried(client, method, path, event)
            if 0 < status < HTTPStatus.BAD_REQUEST:
                self.answered += 1
                self.longest_s = max(self.longest_s, time.monotonic() - began)
                return status
            if time.monotonic() - began > COMMAND_SECONDS:
                return status
            time.sleep(1)

    def _tried(self, client: httpx.Client, method: str, path: str, event: object) -> int:
        try:
            answer = client.request(method, path, json=event)
        except httpx.TransportError as error:
            self.failed.append(f"{method} {path}: {error!r}")
            return 0
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in answer.headers:
            self.told_to_wait += 1
        elif not answer.is_success:
            self.failed.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.status_code


def event_of(identifier: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    """Give an event that the network says."""
    return {
        "specversion": "1.0",
        "id": identifier,
        "source": "/network",
        "type": f"dk.helhedsnet.{name}.v1",
        "time": "2025-08-01T08:00:00Z",
        "data": data,
    }


@contextlib.contextmanager
def installed(image_tag: str | None = None, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Installation]:
    """Give an installation that is not started, of an image that is there or its own; at the end it is taken down.

    `more` is set for compose beside what every installation is given.
    """
    project = f"helhedsnet-test-{secrets.token_hex(4)}"
    installation = Installation(project, free_port(), image_tag or project, {**NO_RELEASE_BY_ITSELF, **more})
    try:
        yield installation
    except subprocess.CalledProcessError as error:
        pytest.fail(f"{error.stderr}\n{installation.compose('logs', '--no-color', '--tail', '30')}")
    finally:
        installation.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")
        if image_tag is None:
            with contextlib.suppress(subprocess.CalledProcessError):
                run(["docker", "image", "rm", f"helhedsnet:{project}"])


def skip_without_an_engine() -> None:
    """Skip a test where no engine runs the compose file."""
    if shutil.which("docker") is None:
        pytest.skip("there is no docker command on this machine")
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        try:
            run(command, seconds=30)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            pytest.skip(f"no engine to run compose on: `{' '.join(command)}` fails")


def post_demo(address: str, token: str) -> None:
    """Post the demo's events."""
    for file in DEMO:
        helhedsnet_done("post", str(file), "--url", address, "--token", token)


def network_report(address: str, token: str) -> dict[str, Any]:
    """Read the network report, with all in it that the demo's events say."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=HTTP_SECONDS) as client:
        cursors = [cursor_of(client, file) for file in DEMO]
        answer = client.get("/reporting/reports/network", params={"at_least": ",".join(cursors)})
        answer.raise_for_status()
        report: dict[str, Any] = answer.json()
        return report


def cursor_of(client: httpx.Client, file: Path) -> str:
    """Give how far a service's log was when it took a file's last event, by posting that again: a duplicate tells."""
    last = file.read_text().splitlines()[-1]
    answer = client.post(f"/{file.stem}/events", content=last, headers={"Content-Type": "application/json"})
    assert answer.status_code == HTTPStatus.OK, answer.text
    cursor: str = answer.json()["cursor"]
    return cursor


def helhedsnet_done(*arguments: str) -> str:
    """Run a command that must end with 0, and give what it printed."""
    return run([sys.executable, "-m", "services.command.cli", *arguments])


def run(command: list[str], seconds: float = COMMAND_SECONDS, environment: dict[str, str] | None = None) -> str:
    """Run a program that must end with 0, and give what it printed."""
    done = subprocess.run(  # noqa: S603  our own commands
        command, cwd=ROOT, env=environment, timeout=seconds, check=True, text=True, capture_output=True
    )
    return done.stdout
