"""The compose file as it ships, on a real engine: started, used through its gateway, compared, and taken down.

Skipped where no engine answers. The installation has a project name, an image and a port of its own, so that it
stands beside one that is in use.
"""

import contextlib
import itertools
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Self

import httpx
import pytest

from shared.embedded import free_port

ROOT: Final = Path(__file__).parents[2]
DEMO: Final = [ROOT / "deploy/demo/registry.jsonl", ROOT / "deploy/demo/funding.jsonl"]
BUILD_AND_START_SECONDS: Final = 420
COMMAND_SECONDS: Final = 120
HTTP_SECONDS: Final = 60
LANES: Final = 8
HALF_SENT: Final = 200
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
MONEY: Final = {
    "plan": "rulle",
    "funder": "en-fond",
    "funder_kind": "foundation",
    "amount_ore": 100,
    "reference": "Rulle",
    "date": "2025-08-01",
}
SERVICES: Final = ("registry", "funding", "reporting")


@dataclass(frozen=True)
class Installation:
    """One running installation of the compose file."""

    project: str
    port: int

    @property
    def address(self) -> str:
        """Give the address of the gateway."""
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run a compose command on this installation, and give what it printed."""
        environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": self.project,
            "HELHEDSNET_IMAGE_TAG": self.project,
            "HELHEDSNET_PORT": str(self.port),
        }
        return _run(["docker", "compose", "--progress", "quiet", *arguments], seconds, environment)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Give what the engine knows of each container, by the service's name."""
        found = json.loads(_run(["docker", "inspect", *self.compose("ps", "--all", "--quiet").split()]))
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
        return self.compose("exec", "-T", "registry", "helhedsnet", "token", "--role", "admin").strip()


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
                for service, event in (
                    ("registry", _event(identifier, "area.registered", AREA)),
                    ("funding", _event(identifier, "funding.committed", {**MONEY, "commitment": identifier})),
                ):
                    if self._asked(client, "POST", f"/{service}/events", event) == HTTPStatus.CREATED:
                        self.stored[service].append(identifier)
                self._asked(client, "GET", "/reporting/reports/network")
                if self._stop.is_set():
                    return

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self._address, headers=self._headers, timeout=HTTP_SECONDS)

    def _introduce_the_plan(self) -> None:
        """Post the plan, and wait until funding has heard of it."""
        event = _event("rulle", "funding.committed", {**MONEY, "commitment": "rulle"})
        with self._client() as client:
            plan = [_event("rulle-area", "area.registered", AREA), _event("rulle-plan", "plan.approved", PLAN)]
            client.post("/registry/events", json=plan).raise_for_status()
            deadline = time.monotonic() + COMMAND_SECONDS
            while (answer := client.post("/funding/events", json=event)).status_code == HTTPStatus.CONFLICT:
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


def _event(identifier: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": identifier,
        "source": "/network",
        "type": f"dk.helhedsnet.{name}.v1",
        "time": "2025-08-01T08:00:00Z",
        "data": data,
    }


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Build and start the compose file; whatever happens, take it down with its volumes."""
    _skip_without_an_engine()
    installation = Installation(f"helhedsnet-test-{secrets.token_hex(4)}", free_port())
    try:
        installation.compose("up", "--build", "--detach", "--wait", seconds=BUILD_AND_START_SECONDS)
        yield installation
    except subprocess.CalledProcessError as error:
        pytest.fail(f"{error.stderr}\n{installation.compose('logs', '--no-color', '--tail', '30')}")
    finally:
        installation.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")
        with contextlib.suppress(subprocess.CalledProcessError):
            _run(["docker", "image", "rm", f"helhedsnet:{installation.project}"])


@pytest.fixture(scope="module")
def token(installation: Installation) -> str:
    """Give an administrator's token of the installation."""
    return installation.token()


@pytest.fixture(scope="module")
def report(installation: Installation, token: str) -> dict[str, Any]:
    """Post the demo's events through the gateway, and give the network report."""
    _post_demo(installation.address, token)
    return _network_report(installation.address, token)


def test_demo_gives_the_same_report_as_the_embedded_system(report: dict[str, Any]) -> None:
    """The same events give the same totals and the same digest, whatever the system runs on."""
    with _embedded() as (address, token):
        _post_demo(address, token)
        embedded = _network_report(address, token)
    assert report["totals"]["sessions"] > 0
    assert report["totals"] == embedded["totals"]
    assert report["digest"] == embedded["digest"]


@pytest.mark.usefixtures("report")
def test_report_outlives_the_containers(installation: Installation, token: str) -> None:
    """Containers that are made anew, Redis' lost memory among them, change neither a secret nor a figure."""
    before, report = installation.secrets(), _network_report(installation.address, token)
    installation.compose("up", "--detach", "--wait", "--force-recreate", seconds=BUILD_AND_START_SECONDS)
    assert installation.secrets() == before
    assert _network_report(installation.address, token)["digest"] == report["digest"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "path", ["metrics", "metrics/", "Metrics", "%6detrics", "/metrics", "x/../metrics", "%2e/metrics"]
)
def test_metrics_are_not_seen_from_outside(installation: Installation, service: str, path: str) -> None:
    """The gateway hides what a service counts, however the path is spelled."""
    answer = httpx.get(f"{installation.address}/{service}/{path}", timeout=HTTP_SECONDS)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "helhedsnet_" not in answer.text


def test_half_sent_bodies_leave_a_service_standing(installation: Installation) -> None:
    """Of four tokens, two hundred at once: its memory has a bound below the container's, and others are answered."""
    head = "POST /registry/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n"
    tokens = [installation.token() for _ in range(4)]
    with contextlib.ExitStack() as stack:
        for number in range(HALF_SENT):
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", installation.port), timeout=0.05))
            bearer = f"{head}Authorization: Bearer {tokens[number % len(tokens)]}\r\n\r\n".encode()
            # What is told to come back, or what waits for a slower one, takes no more of it.
            with contextlib.suppress(OSError):
                sender.sendall(bearer + b" " * 4_900_000)
        for service in SERVICES:
            answer = httpx.get(f"{installation.address}/{service}/health/live", timeout=HTTP_SECONDS)
            assert answer.status_code == HTTPStatus.OK
        told = installation.compose("exec", "-T", "registry", "cat", "/proc/1/status").split()
        most_kb = int(told[told.index("VmHWM:") + 1])
    container = installation.containers()["registry"]
    assert 1024 * most_kb < container["HostConfig"]["Memory"]
    assert (container["RestartCount"], container["State"]["OOMKilled"]) == (0, False)


def test_metrics_are_there_inside(installation: Installation) -> None:
    """What is hidden outside exists: a service answers with it on the inner network."""
    script = "import urllib.request as r; print(r.urlopen('http://registry:8000/registry/metrics').read().decode())"
    assert "helhedsnet_service" in installation.compose("exec", "-T", "reporting", "python", "-c", script)


def test_only_the_gateway_has_a_published_port(installation: Installation) -> None:
    """One container has one port, on the loopback address."""
    published = {
        name: bindings
        for name, container in installation.containers().items()
        if (bindings := container["HostConfig"]["PortBindings"])
    }
    assert published == {"gateway": {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(installation.port)}]}}


def test_no_container_has_rights_that_it_does_not_need(installation: Installation) -> None:
    """None runs as root, writes to its own file system, can gain a right, or may take memory without end."""
    containers = installation.containers()
    assert set(containers) == {"secrets", "migrate", "postgres", "redis", *SERVICES, "gateway"}
    for name, container in containers.items():
        host = container["HostConfig"]
        assert container["Config"]["User"] not in {"", "root", "0"}, name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert host["CapAdd"] in ([None, ["NET_BIND_SERVICE"]] if name == "gateway" else [None]), name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"] > 0, name


def test_a_service_enters_no_database_but_its_own(installation: Installation) -> None:
    """The registry's role connects to the registry's database, and is refused at every other."""
    script = (
        "import asyncio, asyncpg, pathlib\n"
        "url = pathlib.Path('/run/helhedsnet/helhedsnet_database_url').read_text()\n"
        "async def enter(name):\n"
        "    try:\n"
        "        await (await asyncpg.connect(f'{url}/{name}')).close()\n"
        "    except asyncpg.InsufficientPrivilegeError:\n"
        "        return\n"
        "    print(name)\n"
        "for name in ('helhedsnet_registry', 'helhedsnet_funding', 'helhedsnet_reporting', 'postgres', 'template1'):\n"
        "    asyncio.run(enter(name))\n"
    )
    assert installation.compose("exec", "-T", "registry", "python", "-c", script).split() == ["helhedsnet_registry"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_owns_nothing_that_it_works_with(installation: Installation, service: str) -> None:
    """Whoever takes a service over drops no table of it and switches no trigger off."""
    query = f"SELECT DISTINCT tableowner FROM pg_tables WHERE tableowner LIKE 'helhedsnet_{service}%'"  # noqa: S608
    psql = ("psql", "--username", "postgres", "--dbname", f"helhedsnet_{service}", "--tuples-only", "--no-align")
    owners = installation.compose("exec", "-T", "postgres", *psql, "--command", query).split()
    assert owners == [f"helhedsnet_{service}_owner"]


def test_a_service_that_is_away_is_a_problem_to_try_again(installation: Installation) -> None:
    """The gateway answers for a stopped service with a problem document, and says when to come back."""
    installation.compose("stop", "funding")
    try:
        answer = httpx.get(f"{installation.address}/funding/health/live", timeout=HTTP_SECONDS)
    finally:
        installation.compose("up", "--detach", "--wait", "funding")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"
    assert answer.headers["retry-after"] == "1"


@pytest.mark.usefixtures("report")
def test_no_request_fails_while_containers_are_replaced(installation: Installation, token: str) -> None:
    """Each service in turn gets a new container under load: every request is answered, and stored once."""
    with Load(installation.address, token) as load:
        for service in SERVICES:
            before = load.answered
            installation.compose("up", "--detach", "--wait", "--force-recreate", "--no-deps", service)
            load.wait_for(before + 10 * LANES)
    assert load.failed == []
    for service in ("registry", "funding"):
        assert len(load.stored[service]) > 10 * LANES
        assert installation.logged(service, load.mark) == sorted(load.stored[service])


@pytest.mark.parametrize("size", [5_300_000, 6_500_000])
def test_a_body_that_is_too_large_is_refused(installation: Installation, token: str, size: int) -> None:
    """Beyond 5 MiB a body is refused, whether the service or the gateway meets it first."""
    answer = httpx.post(
        f"{installation.address}/registry/events",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        content=iter([b"[", b" " * size, b"]"]),
        timeout=HTTP_SECONDS,
    )
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert answer.json()["code"] == "too_large"


def _skip_without_an_engine() -> None:
    if shutil.which("docker") is None:
        pytest.skip("there is no docker command on this machine")
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        try:
            _run(command, seconds=30)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            pytest.skip(f"no engine to run compose on: `{' '.join(command)}` fails")


@contextlib.contextmanager
def _embedded() -> Iterator[tuple[str, str]]:
    """Run the embedded system on an empty folder, and give its address and an administrator's token."""
    port = free_port()
    data = Path(tempfile.mkdtemp(prefix="helhedsnet-compose-"))
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "services.cli", "up", "--port", str(port), "--data", str(data)], cwd=ROOT
    )
    try:
        address = f"http://127.0.0.1:{port}"
        # The port is taken before the services are up; a request then waits for them.
        with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=HTTP_SECONDS) as client:
            client.get(f"{address}/reporting/health/live").raise_for_status()
        yield address, _helhedsnet("token", "--role", "admin", "--data", str(data)).strip()
    finally:
        process.terminate()
        process.wait(COMMAND_SECONDS)
        shutil.rmtree(data)


def _post_demo(address: str, token: str) -> None:
    for file in DEMO:
        _helhedsnet("post", str(file), "--url", address, "--token", token)


def _network_report(address: str, token: str) -> dict[str, Any]:
    """Read the network report, with all in it that the demo's events say."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=HTTP_SECONDS) as client:
        cursors = [_cursor(client, file) for file in DEMO]
        answer = client.get("/reporting/reports/network", params={"at_least": ",".join(cursors)})
        answer.raise_for_status()
        report: dict[str, Any] = answer.json()
        return report


def _cursor(client: httpx.Client, file: Path) -> str:
    """Give how far a service's log was when it took a file's last event, by posting that again: a duplicate tells."""
    last = file.read_text().splitlines()[-1]
    answer = client.post(f"/{file.stem}/events", content=last, headers={"Content-Type": "application/json"})
    assert answer.status_code == HTTPStatus.OK, answer.text
    cursor: str = answer.json()["cursor"]
    return cursor


def _helhedsnet(*arguments: str) -> str:
    return _run([sys.executable, "-m", "services.cli", *arguments])


def _run(command: list[str], seconds: float = COMMAND_SECONDS, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603  our own commands
        command, cwd=ROOT, env=environment, timeout=seconds, check=True, text=True, capture_output=True
    )
    return done.stdout
