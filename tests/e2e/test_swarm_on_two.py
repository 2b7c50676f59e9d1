"""The stack of `deploy/swarm.yml` on two machines with an engine each: one is killed under load, and comes back."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.support.certificates import write_certificate
from tests.support.containers import (
    AMOUNT_ORE,
    BUILD_AND_START_SECONDS,
    COMMAND_SECONDS,
    HTTP_SECONDS,
    LANES,
    PLAN,
    SERVICES,
    PatientLoad,
    helhedsnet_done,
    installed,
    network_report,
    post_demo,
    run,
    skip_without_an_engine,
)
from tests.support.engines import Node, hand_over, kernel_encrypts, nodes, wait_until, why_no_engines
from tests.support.running import ROOT

_logger: Final = logging.getLogger(__name__)
FOLDERS: Final = ("registry", "funding", "reporting", "access", "migrate", "postgres", "redis")
OF_OTHERS: Final = ("postgres:17", "redis:8", "caddy:2")
STACK: Final = "helhedsnet"
USER: Final = 10001
ROUNDS: Final = 10 * LANES
ENCRYPTED: Final = ', driver_opts: {encrypted: ""}'
# A manager takes a machine for lost after three beats of five seconds; then an image that is there is started.
BACK_SECONDS: Final = 240.0
# A sender's own patience, and what it takes to ask again.
LONGEST_SECONDS: Final = HTTP_SECONDS + 30.0
# Its program and tables may be slow on a machine that others use too.
SERVED_SECONDS: Final = 600.0
LIMIT_SECONDS: Final = 1800

pytestmark = [
    pytest.mark.long(
        beside="tests/deploy/test_swarm.py::test_services_run_twice_and_what_keeps_data_stays_where_it_is"
    ),
    pytest.mark.timeout(LIMIT_SECONDS),
]


@dataclass(frozen=True)
class _Swarm:
    """The stack as it was deployed: the first machine is the manager and has the data."""

    first: Node
    second: Node

    @property
    def address(self) -> str:
        return f"https://{self.first.host}"

    def within(self, service: str, *command: str) -> str:
        """Run a command in the container of a service on the first machine, and give what it printed."""
        label = f"label=com.docker.swarm.service.name={STACK}_{service}"
        (container,) = self.first.docker("ps", "--quiet", "--filter", label).split()
        return self.first.docker("exec", container, *command)

    def logged(self, service: str, prefix: str) -> list[str]:
        """Give the ids in a service's log that begin so, each as often as it is there."""
        query = f"SELECT id FROM event_log WHERE starts_with(id, '{prefix}')"  # noqa: S608  of our own making
        psql = ("psql", "--username", "postgres", "--dbname", f"helhedsnet_{service}", "--tuples-only", "--no-align")
        return sorted(self.within("postgres", *psql, "--command", query).split())

    def runs(self) -> dict[str, list[str]]:
        """Name for each service the machines on which it runs and is healthy; a lost one runs nothing."""
        there = [node["Hostname"] for node in self._listed("node", "ls") if node["Status"] == "Ready"]
        found: dict[str, list[str]] = {}
        for task in self._listed("stack", "ps", "--filter", "desired-state=running", STACK):
            if task["CurrentState"].startswith("Running") and task["Node"] in there:
                found.setdefault(task["Name"].removeprefix(f"{STACK}_").partition(".")[0], []).append(task["Node"])
        return {service: sorted(nodes) for service, nodes in found.items()}

    def is_whole(self) -> bool:
        """Tell whether all runs that should: on both machines what serves, and once what does not."""
        runs, both = self.runs(), [self.first.name, self.second.name]
        serving = all(runs.get(service) == both for service in (*SERVICES, "gateway"))
        return serving and all(len(runs.get(service, ())) == 1 for service in ("postgres", "redis", "access"))

    def serves(self) -> bool:
        """Tell whether reporting answers through the gateway that it is ready."""
        try:
            return httpx.get(f"{self.address}/reporting/health/ready", timeout=HTTP_SECONDS).is_success
        except httpx.TransportError:
            return False

    def move(self, service: str, node: Node) -> None:
        """Move a service to a machine, which it may leave again."""
        for said in ("--constraint-add", "--constraint-rm"):
            told = ("--quiet", "--detach=false", said, f"node.hostname=={node.name}")
            self.first.docker("service", "update", *told, f"{STACK}_{service}")
        assert self.runs()[service] == [node.name]

    def _listed(self, *said: str) -> list[dict[str, str]]:
        printed = self.first.docker(*said, "--format", "{{json .}}")
        return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    """Build the image of the services, and give its tag."""
    skip_without_an_engine()
    if why := why_no_engines():
        pytest.skip(why)
    with installed() as built:
        built.compose("build", "secrets", seconds=2 * BUILD_AND_START_SECONDS)
        yield built.image_tag


@pytest.fixture(scope="module")
def swarm(image: str) -> Iterator[_Swarm]:
    """Give the stack on two machines, deployed by the commands of docs/several-machines.md, once it serves."""
    with (
        tempfile.TemporaryDirectory(prefix="swarm-") as made,
        nodes(2, Path(made)) as (first, second),
        pytest.MonkeyPatch.context() as patched,
    ):
        folder = Path(made)
        hand_over([f"helhedsnet:{image}", *OF_OTHERS], [first, second])
        _join(first, second)
        patched.setenv("SSL_CERT_FILE", str(write_certificate(folder, first.host, second.host)))
        _deploy(first, folder, image)
        swarm = _Swarm(first, second)
        served = wait_until(lambda: swarm.is_whole() and swarm.serves(), SERVED_SECONDS, "the stack serves")
        _logger.info("served after %.1f s", served)
        yield swarm


def _join(first: Node, second: Node) -> None:
    first.docker("swarm", "init", "--advertise-addr", first.host)
    token = first.docker("swarm", "join-token", "--quiet", "worker").strip()
    second.docker("swarm", "join", "--advertise-addr", second.host, "--token", token, f"{first.host}:2377")
    first.docker("node", "update", "--label-add", "helhedsnet.data=true", first.name)


def _deploy(first: Node, folder: Path, image: str) -> None:
    for name in FOLDERS:
        (folder / "secrets" / name).mkdir(parents=True)
    run([sys.executable, "deploy/generate_secrets.py", str(folder / "secrets")])
    (folder / "releases").mkdir()
    os.chown(folder / "releases", USER, USER)
    told = {
        "HELHEDSNET_SECRETS_FOLDER": str(folder / "secrets"),
        "HELHEDSNET_TLS_FOLDER": str(folder),
        "HELHEDSNET_RELEASES_FOLDER": str(folder / "releases"),
        "HELHEDSNET_PUBLIC_URL": f"https://{first.host}",
        "HELHEDSNET_IMAGE_TAG": image,
        "HELHEDSNET_RELEASE_EVERY_MS": "86400000",
    }
    stack = (ROOT / "deploy/swarm.yml").read_text()
    assert ENCRYPTED in stack
    if not kernel_encrypts():
        # Such a network joins no two machines then; all else is as it ships.
        stack = stack.replace(ENCRYPTED, "")
    command = ["docker", "stack", "deploy", "--resolve-image", "never", "--compose-file", "-", STACK]
    subprocess.run(  # noqa: S603  our own
        command,
        input=stack,
        cwd=ROOT / "deploy",
        env={**first.environment, **told},
        text=True,
        check=True,
        capture_output=True,
        timeout=COMMAND_SECONDS,
    )


def test_a_killed_machines_services_come_back(swarm: _Swarm) -> None:
    """Redis on the other machine, the replicas on theirs once it is there again; nothing is lost or doubled."""
    token = swarm.within("access", "helhedsnet", "token", "--role", "admin").strip()
    post_demo(swarm.address, token)
    swarm.move("redis", swarm.second)
    with PatientLoad(swarm.address, token) as load:
        load.wait_for(ROUNDS)
        swarm.second.kill()
        moved = wait_until(lambda: swarm.runs().get("redis") == [swarm.first.name], BACK_SECONDS, "Redis has moved")
        _wait_for_more(load)
        swarm.second.start()
        back = wait_until(swarm.is_whole, BACK_SECONDS, "the second machine has its services again")
        _wait_for_more(load)
    answered = {service: len(load.stored[service]) for service in SERVICES}
    _logger.info("moved after %.1f s, back after %.1f s, longest wait %.1f s", moved, back, load.longest_s)
    _logger.info("%s answered, %d told to wait, failed: %s", answered, load.told_to_wait, load.failed)
    for service in SERVICES:
        assert swarm.logged(service, load.mark) == sorted(load.stored[service])
    (plan,) = [each for each in network_report(swarm.address, token)["plans"] if each["plan"] == PLAN["plan"]]
    # Beside those of the load the one by which it saw that the plan is known.
    assert plan["funding"]["committed_ore"] == (answered["funding"] + 1) * AMOUNT_ORE
    helhedsnet_done("verify", "--url", swarm.address, "--token", token)
    # What the lost machine had acknowledged waits until its sender has had enough and asks again: one a lane.
    assert len(load.failed) <= LANES
    assert all("ReadTimeout" in each for each in load.failed), load.failed
    assert load.longest_s < LONGEST_SECONDS


def _wait_for_more(load: PatientLoad) -> None:
    enough = load.answered + ROUNDS
    wait_until(lambda: load.answered >= enough, COMMAND_SECONDS, f"{ROUNDS} more are answered")
