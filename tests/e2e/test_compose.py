"""The compose file as it ships, on a real engine: started, used through its gateway, compared, and taken down.

Skipped where no engine answers. The installation has a project name, an image and a port of its own, so that it
stands beside one that is in use.
"""

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from services.embedded import free_port
from tests.deploy.test_monitoring import OF_OTHERS
from tests.support.containers import (
    AREA,
    BUILD_AND_START_SECONDS,
    COMMAND_SECONDS,
    HTTP_SECONDS,
    LANES,
    SERVICES,
    Installation,
    Load,
    event_of,
    helhedsnet_done,
    network_report,
    post_demo,
)
from tests.support.running import ROOT

HALF_SENT: Final = 200

pytestmark = pytest.mark.long(beside="tests/deploy/test_roles.py::test_the_whole_story_works_under_these_roles")


@pytest.mark.usefixtures("report")
def test_an_event_goes_through_the_gateway_into_the_report(installation: Installation, token: str) -> None:
    """Stored by one service, carried by Redis, folded by another; what is counted there stands at its cursor."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=installation.address, headers=headers, timeout=HTTP_SECONDS) as client:
        area = AREA | {"area": "gennem"}
        posted = client.post("/registry/events", json=event_of("gennem", "area.registered", area)).raise_for_status()
        asked = {"at_least": posted.json()["cursor"]}
        report = client.get("/reporting/reports/network", params=asked).raise_for_status().json()
    assert "gennem" in [found["area"] for found in report["areas"]]


def test_demo_gives_the_same_report_as_the_embedded_system(report: dict[str, Any]) -> None:
    """The same events give the same totals and the same digest, whatever the system runs on."""
    with _embedded() as (address, token):
        post_demo(address, token)
        embedded = network_report(address, token)
    assert report["totals"]["sessions"] > 0
    assert report["totals"] == embedded["totals"]
    assert report["digest"] == embedded["digest"]


@pytest.mark.usefixtures("report")
def test_report_outlives_the_containers(installation: Installation, token: str) -> None:
    """Containers that are made anew, Redis' lost memory among them, change neither a secret nor a figure."""
    before, report = installation.secrets(), network_report(installation.address, token)
    installation.compose("up", "--detach", "--wait", "--force-recreate", seconds=BUILD_AND_START_SECONDS)
    assert installation.secrets() == before
    assert network_report(installation.address, token)["digest"] == report["digest"]


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


@pytest.mark.usefixtures("report")
def test_the_command_finds_its_way_in_a_container(installation: Installation) -> None:
    """It reads the files of the container's secrets, and writes to no folder of a file system that is only read."""
    said = installation.compose("exec", "-T", "funding", "helhedsnet", "ledger", "verify")
    assert said.rstrip().endswith(" 0 findings")


def test_metrics_are_there_inside(installation: Installation) -> None:
    """What is hidden outside exists: a service answers with it on the inner network."""
    script = "import urllib.request as r; print(r.urlopen('http://registry:8000/registry/metrics').read().decode())"
    assert "helhedsnet_service" in installation.compose("exec", "-T", "reporting", "python", "-c", script)


def test_the_gateway_measures_what_people_meet(installation: Installation) -> None:
    """What the alarms and the board ask of it is there, on the inner network."""
    httpx.get(f"{installation.address}/registry/health/live", timeout=HTTP_SECONDS).raise_for_status()
    script = "import urllib.request as r; print(r.urlopen('http://gateway:9180/metrics').read().decode())"
    measured = installation.compose("exec", "-T", "reporting", "python", "-c", script)
    for name in OF_OTHERS:
        assert name in measured or not name.startswith("caddy_"), name
    assert "/registry" not in measured


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
    assert set(containers) == {"secrets", "migrate", "postgres", "redis", "access", *SERVICES, "gateway"}
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
    query = f"SELECT DISTINCT tableowner FROM pg_tables WHERE tableowner LIKE 'helhedsnet_{service}%'"  # noqa: S608  a service's name
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


@contextlib.contextmanager
def _embedded() -> Iterator[tuple[str, str]]:
    """Run the embedded system on an empty folder, and give its address and an administrator's token."""
    port = free_port()
    data = Path(tempfile.mkdtemp(prefix="helhedsnet-compose-"))
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "services.command.cli", "up", "--port", str(port), "--data", str(data)], cwd=ROOT
    )
    try:
        address = f"http://127.0.0.1:{port}"
        # The port is taken before the services are up; a request then waits for them.
        with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=HTTP_SECONDS) as client:
            client.get(f"{address}/reporting/health/live").raise_for_status()
        yield address, helhedsnet_done("token", "--role", "admin", "--data", str(data)).strip()
    finally:
        process.terminate()
        process.wait(COMMAND_SECONDS)
        shutil.rmtree(data)
