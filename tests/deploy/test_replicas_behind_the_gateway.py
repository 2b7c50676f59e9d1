"""The gateway's own file, run by Caddy before two that stand in for replicas: each takes its share, one may be lost."""

import collections
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
import pytest

from services.embedded import free_port
from tests.support.containers import run
from tests.support.running import ROOT

REPLICAS: Final = ("127.0.0.2", "127.0.0.3")
REQUESTS: Final = 200
AT_ONCE: Final = 4
# Looked at twice a second, with two seconds to answer.
LOOKED_SECONDS: Final = 10.0
START_SECONDS: Final = 60
ASK_SECONDS: Final = 40
SHARE: Final = 0.2

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


class _Behind:
    """Two replicas of the registry, and the gateway before them."""

    def __init__(self, caddy: str, folder: Path) -> None:
        self._port, self._replica_port, serving = free_port(), free_port(), free_port()
        self._replicas: dict[str, subprocess.Popen[bytes]] = {}
        for address in REPLICAS:
            self.start(address)
        shutil.copytree(ROOT / "deploy/gateway", folder, dirs_exist_ok=True)
        for path, said, here in (("off.caddy", ":8080", self._port), ("Caddyfile", ":9180", serving)):
            text = (folder / path).read_text()
            assert said in text
            (folder / path).write_text(text.replace(said, f":{here}"))
        told = {
            "HELHEDSNET_TLS": "off",
            "HELHEDSNET_PUBLIC_URL": "http://localhost",
            "HELHEDSNET_REGISTRY_REPLICAS": " ".join(f"{address}:{self._replica_port}" for address in REPLICAS),
            "XDG_DATA_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        command = [caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        self._gateway = subprocess.Popen(  # noqa: S603  our own command
            command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def start(self, address: str) -> None:
        """Start a replica, anew where it has ended."""
        if address in self._replicas:
            self._replicas[address].wait()
        command = [sys.executable, "-m", "tests.support.standing_in", address, str(self._replica_port)]
        self._replicas[address] = subprocess.Popen(command, cwd=ROOT)  # noqa: S603  our own command

    def signal(self, address: str, number: signal.Signals) -> None:
        """Send a replica a signal."""
        self._replicas[address].send_signal(number)

    def end(self) -> None:
        """End all of them."""
        for process in (self._gateway, *self._replicas.values()):
            process.kill()
            process.wait()

    def answered_by(self) -> "collections.Counter[str]":
        """Ask many times, half of them posts, and count who has answered; whoever is told to come back does not."""
        counted: collections.Counter[str] = collections.Counter()
        with httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=ASK_SECONDS) as client:

            def ask(number: int) -> str:
                answer = client.get("/registry/x") if number % 2 else client.post("/registry/x", content=b"x" * 500)
                if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and answer.headers["retry-after"]:
                    return "told to wait, a read" if number % 2 else "told to wait"
                assert answer.status_code == HTTPStatus.OK
                return answer.text

            with ThreadPoolExecutor(AT_ONCE) as pool:
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
            if min(counted[address] for address in REPLICAS) > SHARE * REQUESTS:
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
