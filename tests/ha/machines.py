"""Three machines that can be lost. Owns what runs on each of them, and the network between them.

Each is a network namespace on a bridge, where this system has them: what is sent to one that is lost stays unanswered,
as with a machine whose power is gone. Else each is an address of this machine, and can be killed but not parted.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from tests.chaos.servers import kill_all
from tests.chaos.wires import HOST

MACHINES: Final = 3
# A network of this run alone; it exists nowhere else.
NETWORK: Final = "10.147.0"
HUB: Final = f"{NETWORK}.254"
LOOPBACK: Final = "127.0.147"
BRIDGE: Final = "hub"
# Set in the process that has a network of its own.
WITHIN: Final = "HELHEDSNET_HA_WITHIN"
HOLDER_SECONDS: Final = 10
END_SECONDS: Final = 60
# However this process ends, what it has begun ends too.
WITH_ITS_PARENT: Final = ("setpriv", "--pdeathsig", "KILL")
# A wait ends when a signal comes, too; whoever was told to end undoes first what it has begun.
FIRST_PROCESS: Final = """
"$@" & child=$!
trap "kill $child" TERM
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
exit $code
"""
LO_UP: Final = ("link", "set", "lo", "up")
POLL_SECONDS: Final = 0.02
QUIET: Final[dict[str, Any]] = {"stdin": subprocess.DEVNULL}


class Machine:
    """One machine: how to get in, and the processes that were started there."""

    def __init__(self, number: int, folder: Path, *, has_network: bool) -> None:
        self.name = f"machine-{number}"
        self.host = f"{NETWORK if has_network else LOOPBACK}.{number}"
        self.folder = folder / self.name
        self.folder.mkdir()
        self.enter: tuple[str, ...] = ()
        self.has_network = has_network
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def join(self) -> None:
        """Give it a network of its own, on the bridge."""
        holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], **QUIET)  # noqa: S607  the system's own
        self._processes["network"] = holder
        await_network(holder.pid)
        self.enter = ("nsenter", f"--net=/proc/{holder.pid}/ns/net")
        ip("link", "add", self.name, "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        ip("link", "set", self.name, "master", BRIDGE, "up")
        for said in (("addr", "add", f"{self.host}/24", "dev", "eth0"), ("link", "set", "eth0", "up"), LO_UP):
            ip(*said, enter=self.enter)

    def part(self) -> None:
        """Let nothing reach it, and nothing leave it."""
        ip("link", "set", self.name, "down")

    def rejoin(self) -> None:
        """Let it be reached again."""
        if self.has_network:
            ip("link", "set", self.name, "up")

    def run(self, name: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a program there, if it does not run."""
        if self.runs(name):
            return
        with (self.folder.parent / f"{self.name}-{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603  our own
                [*self.enter, *command], stdout=log, stderr=log, env={**os.environ, **(environment or {})}, **QUIET
            )

    def runs(self, name: str) -> bool:
        """Tell whether a program was started there, and has not ended."""
        return name in self._processes and self._processes[name].poll() is None

    def kill(self, name: str) -> None:
        """Kill a program, and whatever it has started."""
        if self.runs(name):
            process = self._processes[name]
            with contextlib.suppress(psutil.NoSuchProcess):
                first = psutil.Process(process.pid)
                kill_all([*first.children(recursive=True), first])
            process.wait()

    def stop(self) -> None:
        """Kill whatever still runs there, its network at last."""
        for name in reversed(self._processes):
            self.kill(name)


@contextlib.contextmanager
def machines(folder: Path) -> Iterator[list[Machine]]:
    """Give the machines until the context ends."""
    has_network = WITHIN in os.environ
    made = [Machine(number, folder, has_network=has_network) for number in range(1, MACHINES + 1)]
    try:
        if has_network:
            ip(*LO_UP)
            ip("link", "add", BRIDGE, "type", "bridge")
            ip("addr", "add", f"{HUB}/24", "dev", BRIDGE)
            ip("link", "set", BRIDGE, "up")
            for machine in made:
                machine.join()
        yield made
    finally:
        for machine in made:
            machine.stop()


def host_of_the_hub() -> str:
    """Give the address at which the machines reach this process."""
    return HUB if WITHIN in os.environ else HOST


def why_no_network() -> str | None:
    """Tell why there can be no network of machines here; None where there can be one."""
    try:
        subprocess.run([*_within(), "ip", "link"], check=True, capture_output=True)  # noqa: S603  our own
    except subprocess.CalledProcessError as error:
        return f"no network namespaces: {error.stderr.decode().strip()}"
    except FileNotFoundError as error:
        return f"no network namespaces: there is no {error.filename}"
    return None


def begin_again_within(module: str, arguments: list[str]) -> int:
    """Run a module as a process with a network and process numbers of its own, which all end with it."""
    # A shell is the first process: it takes leave of those whose parents were killed, as the first of a machine does.
    command = ["sh", "-c", FIRST_PROCESS, "sh", sys.executable, "-m", module]
    # A session of its own, so that Ctrl-C is passed on once, and what was started is undone there.
    begun = subprocess.Popen(  # noqa: S603  our own
        [*WITH_ITS_PARENT, *_within(), *command, *arguments], env={**os.environ, WITHIN: "1"}, start_new_session=True
    )
    try:
        return begun.wait()
    except KeyboardInterrupt:
        for first in psutil.Process(begun.pid).children():
            first.terminate()
        return begun.wait(END_SECONDS)
    finally:
        begun.kill()


def ip(*said: str, enter: tuple[str, ...] = ()) -> None:
    """Run a command of `ip`, in a network that `enter` leads to."""
    subprocess.run([*enter, "ip", *said], check=True, capture_output=True)  # noqa: S603  our own


def await_network(number: int) -> None:
    """Wait until a process has left our network for its own."""
    deadline = time.monotonic() + HOLDER_SECONDS
    ours = Path("/proc/self/ns/net").readlink()
    while Path(f"/proc/{number}/ns/net").readlink() == ours:
        if time.monotonic() > deadline:
            raise TimeoutError("a machine got no network")
        time.sleep(POLL_SECONDS)


def _within() -> list[str]:
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *as_root, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
