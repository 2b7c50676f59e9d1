"""The gateway's own file, run by Caddy before two that stand in for replicas: each takes its share, one may be lost.

Its process may be lost, or the machine with all that it would say.
"""

import collections
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from services.embedded import free_port
from tests.ha.machines import why_no_network
from tests.support.containers import run
from tests.support.hub import address_of, hub, network, within_network_of
from tests.support.running import ROOT
from tests.support.standing_in import LONG

REPLICAS: Final = ("127.0.0.2", "127.0.0.3")
REQUESTS: Final = 200
AT_ONCE: Final = 4
MANY_AT_ONCE: Final = 16
# Looked at twice a second, with two seconds to answer.
LOOKED_SECONDS: Final = 10.0
START_SECONDS: Final = 60
ASK_SECONDS: Final = 40
SHARE: Final = 0.2
SWARM: Final[dict[str, Any]] = yaml.safe_load((ROOT / "deploy/swarm.yml").read_text())
# What was sent again five times without a sign of life, the kernel gives up after 13 seconds.
GIVEN_UP_SECONDS: Final = 25.0

pytestmark = pytest.mark.long(beside="tests/deploy/test_ways.py::test_each_replica_is_called_by_its_own_name")


@pytest.fixture(scope="module")
def caddy(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the gateway's program: that of this machine, or the one of the image."""
    if found := shutil.which("caddy"):
        return found
    program = tmp_path_factory.mktemp("caddy") / "caddy"
    try:
        made = run(["docker", "create", "caddy:2"], seconds=START_SECONDS).strip()
        run(["docker", "cp", f"{made}:/usr/bin/caddy", str(program)], seconds=START_SECONDS)
        run(["docker", "rm", made], seconds=START_SECONDS)
        run([str(program), "version"], seconds=START_SECONDS)
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("there is no Caddy on this machine, and no image whose program runs here")
    return str(program)


@dataclass(frozen=True)
class _Where:
    """The gateway's address, and of each replica; and how to get to where it runs."""

    gateway: str
    enter: tuple[str, ...]
    replicas: Mapping[str, tuple[str, ...]]


HERE: Final = _Where("127.0.0.1", (), dict.fromkeys(REPLICAS, ()))


class _Behind:
    """Two replicas of the registry, and the gateway before them."""

    def __init__(self, caddy: str, folder: Path, where: _Where = HERE) -> None:
        self._where = where
        self._port, self._replica_port, serving = free_port(), free_port(), free_port()
        self._replicas: dict[str, subprocess.Popen[bytes]] = {}
        for address in where.replicas:
            self.start(address)
        shutil.copytree(ROOT / "deploy/gateway", folder, dirs_exist_ok=True)
        for path, said, here in (("off.caddy", ":8080", self._port), ("Caddyfile", ":9180", serving)):
            text = (folder / path).read_text()
            assert said in text
            (folder / path).write_text(text.replace(said, f":{here}"))
        told = {
            "HELHEDSNET_TLS": "off",
            "HELHEDSNET_PUBLIC_URL": "http://localhost",
            "HELHEDSNET_REGISTRY_REPLICAS": " ".join(f"{address}:{self._replica_port}" for address in where.replicas),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        command = [*where.enter, caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        self._gateway = subprocess.Popen(  # noqa: S603  our own command
            command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    @property
    def address(self) -> str:
        """Give the address of the gateway."""
        return f"http://{self._where.gateway}:{self._port}"

    def start(self, address: str) -> None:
        """Start a replica, anew where it has ended."""
        if address in self._replicas:
            self._replicas[address].wait()
        enter = self._where.replicas[address]
        command = [*enter, sys.executable, "-m", "tests.support.standing_in", address, str(self._replica_port)]
        self._replicas[address] = subprocess.Popen(command, cwd=ROOT)  # noqa: S603  our own command

    def signal(self, address: str, number: signal.Signals) -> None:
        """Send a replica a signal."""
        self._replicas[address].send_signal(number)

    def end(self) -> None:
        """End all of them."""
        for process in (self._gateway, *self._replicas.values()):
            process.kill()
            process.wait()

    def answered_by(self, at_once: int = AT_ONCE) -> "collections.Counter[str]":
        """Ask many times, half of them posts, and count who has answered; whoever is told to come back does not."""
        counted: collections.Counter[str] = collections.Counter()
        with httpx.Client(base_url=self.address, timeout=ASK_SECONDS) as client:

            def ask(number: int) -> str:
                answer = client.get("/registry/x") if number % 2 else client.post("/registry/x", content=b"x" * 500)
                if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and answer.headers["retry-after"]:
                    return "told to wait, a read" if number % 2 else "told to wait"
                assert answer.status_code == HTTPStatus.OK
                return answer.text

            with ThreadPoolExecutor(at_once) as pool:
                counted.update(pool.map(ask, range(REQUESTS)))
        return counted

    def wait_for_both(self) -> None:
        """Wait until both take their share."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                counted = self.answered_by()
            except httpx.ConnectError:
                counted = collections.Counter()
            if min(counted[address] for address in self._where.replicas) > SHARE * REQUESTS:
                return
            assert time.monotonic() < deadline, counted
            time.sleep(0.2)


@pytest.fixture
def behind(caddy: str, tmp_path: Path) -> Iterator[_Behind]:
    """Give two replicas that the gateway serves."""
    made = _Behind(caddy, tmp_path)
    try:
        made.wait_for_both()
        yield made
    finally:
        made.end()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_one_is_lost_and_comes_back(behind: _Behind, number: signal.Signals) -> None:
    """No read fails; a post is taken or told to come back; then the other has all, and later both have their share."""
    lost, other = REPLICAS
    behind.signal(lost, number)
    if number is signal.SIGKILL:
        meanwhile = behind.answered_by()
        assert meanwhile["told to wait, a read"] == 0
        assert meanwhile[other] > REQUESTS / 2
    time.sleep(LOOKED_SECONDS / 2)
    began = time.monotonic()
    assert behind.answered_by() == {other: REQUESTS}
    assert time.monotonic() - began < LOOKED_SECONDS
    if number is signal.SIGKILL:
        behind.start(lost)
    else:
        behind.signal(lost, signal.SIGCONT)
    behind.wait_for_both()


@pytest.fixture
def apart(caddy: str, tmp_path: Path) -> Iterator[tuple[_Behind, Callable[[], None]]]:
    """Give the gateway and a replica on one machine and a replica on another; and how the power of that one goes."""
    if why := why_no_network():
        pytest.skip(why)
    if os.geteuid() != 0:
        pytest.skip("only root can give networks to processes")
    with hub() as between, network() as near, network() as far:
        between.attach("near", 1, near)
        between.attach("far", 2, far)
        # As the engine sets it for the container.
        for name, value in SWARM["services"]["gateway"]["sysctls"].items():
            run([*within_network_of(near), "sysctl", "--write", f"{name}={value}"])
        enter = within_network_of(near)
        replicas = {address_of(1): enter, address_of(2): within_network_of(far)}
        made = _Behind(caddy, tmp_path, _Where(address_of(1), enter, replicas))
        try:
            made.wait_for_both()
            yield made, lambda: between.detach("far")
        finally:
            made.end()


def test_a_machine_is_gone(apart: tuple[_Behind, Callable[[], None]]) -> None:
    """Whoever was on his way to it is answered by the other one or told to come back; who takes long is no loss."""
    behind, lose = apart
    with httpx.Client(base_url=behind.address, timeout=ASK_SECONDS) as client, ThreadPoolExecutor(MANY_AT_ONCE) as pool:
        answers = list(pool.map(client.get, [LONG] * MANY_AT_ONCE))
    # So many connections rest at the gateway now, half of them to the one that will be lost.
    assert {answer.text for answer in answers} == {address_of(1), address_of(2)}
    began = time.monotonic()
    lose()
    counted = behind.answered_by(MANY_AT_ONCE)
    assert time.monotonic() - began < GIVEN_UP_SECONDS
    # Nobody is left waiting, and most are answered.
    assert address_of(2) not in counted
    assert counted[address_of(1)] > REQUESTS / 2
