"""Machines with a Docker engine each, as namespaces of this one. Owns their processes, and ends what they began.

One that is killed is as a machine whose power is gone: its network, its engine and its containers are gone at once, and
what its disk has stays.
"""

import contextlib
import functools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.ha.machines import FIRST_PROCESS, QUIET, WITH_ITS_PARENT, await_network
from tests.support.containers import COMMAND_SECONDS, run
from tests.support.hub import Hub, address_of, hub

STARTED_SECONDS: Final = 120
POLL_SECONDS: Final = 0.25
# A namespace of its own for whatever an engine keeps beside its data: its socket, its containers' networks and names.
APART: Final = ("--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc")
# The first process of a machine; the engine is the first that it starts. `$1` is the machine's name.
BOOT: Final = f"""
hostname "$1" && mount -t tmpfs -o mode=755 tmpfs /run || exit 1
until ip -4 addr show eth0 2>/dev/null | grep -q inet; do sleep 0.1; done
shift
{FIRST_PROCESS}
"""
CGROUPS: Final = Path("/sys/fs/cgroup")
# What a network of a swarm whose traffic is encrypted asks of the kernel.
ENCRYPTION: Final = (
    *(
        "unshare",
        "--net",
        "ip",
        "xfrm",
        "state",
        "add",
        "src",
        address_of(1),
        "dst",
        address_of(2),
        "proto",
        "esp",
        "spi",
        "1",
    ),
    *("mode", "transport", "aead", "rfc4106(gcm(aes))", f"0x{'00' * 20}", "64"),
)


@dataclass
class Node:
    """One machine with an engine, which can be killed and started again with the disk that it had."""

    number: int
    folder: Path
    hub: Hub
    _machine: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Give its name, as the swarm has it too."""
        return f"node-{self.number}"

    @property
    def host(self) -> str:
        """Give its address."""
        return address_of(self.number)

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment in which docker commands mean this engine."""
        return {**os.environ, "DOCKER_HOST": f"unix://{self.folder / self.name}.sock"}

    def docker(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run a docker command on this engine, and give what it printed."""
        return run(["docker", *arguments], seconds, self.environment)

    def start(self) -> None:
        """Start the machine and wait until its engine answers."""
        name = self.name
        engine = ["dockerd", "--data-root", f"{self.folder / name}", "--exec-root", "/run/docker"]
        engine += ["--pidfile", "/run/docker.pid", "--host", self.environment["DOCKER_HOST"]]
        engine += ["--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", self._cgroup]
        with (self.folder / f"{name}.log").open("ab") as log:
            machine = subprocess.Popen(  # noqa: S603  our own
                [*WITH_ITS_PARENT, "unshare", *APART, "sh", "-c", BOOT, "sh", name, *engine],
                stdout=log,
                stderr=log,
                **QUIET,
            )
        self._machine.append(machine)
        await_network(machine.pid)
        self.hub.attach(name, self.number, machine.pid)
        wait_until(self._answers, STARTED_SECONDS, f"{name}: its engine answers")

    def kill(self) -> None:
        """Kill the machine: its network, its engine and its containers at once, as when its power goes."""
        while self._machine:
            machine = self._machine.pop()
            self.hub.detach(self.name)
            # The first process of the machine ends with it, and all others there with the first.
            machine.kill()
            machine.wait()

    def remove(self) -> None:
        """Kill it, and remove what it leaves with the kernel."""
        self.kill()
        # An engine's groups lie under that of whoever has started it.
        for group in [Path(at, self._cgroup) for at, names, _ in os.walk(CGROUPS) if self._cgroup in names]:
            wait_until(functools.partial(_removed, group), STARTED_SECONDS, f"{group}: nothing is left")

    @property
    def _cgroup(self) -> str:
        return f"helhedsnet-{self.folder.name}-{self.name}"

    def _answers(self) -> bool:
        try:
            self.docker("info", seconds=STARTED_SECONDS)
        except subprocess.CalledProcessError:
            return False
        return True


@contextlib.contextmanager
def nodes(count: int, folder: Path) -> Iterator[list[Node]]:
    """Give machines with an engine that runs, on a network that this one reaches, until the context ends."""
    with hub() as between:
        made = [Node(number, folder, between) for number in range(1, count + 1)]
        try:
            for node in made:
                node.start()
            yield made
        finally:
            for node in made:
                node.remove()


def hand_over(images: list[str], receivers: list[Node]) -> None:
    """Give images of this machine's engine to others."""
    file = receivers[0].folder / "images.tar"
    run(["docker", "save", "--output", str(file), *images])
    loading = [
        subprocess.Popen(  # noqa: S603  our own
            ["docker", "load", "--quiet", "--input", str(file)],  # noqa: S607  the system's own
            env=receiver.environment,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        for receiver in receivers
    ]
    try:
        assert [each.wait(COMMAND_SECONDS) for each in loading] == [0] * len(loading)
    finally:
        for each in loading:
            each.kill()
        file.unlink()


def why_no_engines() -> str | None:
    """Tell why no machines with engines can be had here; None where they can."""
    for program in ("dockerd", "unshare", "nsenter", "setpriv", "ip"):
        if shutil.which(program) is None:
            return f"there is no {program} on this machine"
    if os.geteuid() != 0:
        return "only root can start engines in namespaces"
    overlay = ["unshare", "--net", "ip", "link", "add", "vxlan0", "type", "vxlan", "id", "1", "dstport", "4789"]
    done = subprocess.run(overlay, capture_output=True, text=True, check=False, timeout=STARTED_SECONDS)  # noqa: S603  our own
    return None if done.returncode == 0 else f"no networks of namespaces, or no VXLAN: {done.stderr.strip()}"


def kernel_encrypts() -> bool:
    """Tell whether the kernel has what encrypted networks of a swarm need: ESP with AES in GCM."""
    done = subprocess.run(ENCRYPTION, capture_output=True, check=False, timeout=STARTED_SECONDS)  # noqa: S603  our own
    return done.returncode == 0


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until something holds, and give how many seconds that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(POLL_SECONDS)
    return time.monotonic() - began


def _removed(cgroup: Path) -> bool:
    """Remove a group of processes, and those in it, once they are empty; tell whether it is gone."""
    try:
        for each in sorted(cgroup.rglob("*/"), reverse=True):
            each.rmdir()
        cgroup.rmdir()
    except OSError:
        return False
    return True
