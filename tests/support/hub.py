"""A network of machines that can be lost, each with a namespace of its own, which this machine reaches. Owns its links.

What is sent to one that is detached stays unanswered, as with a machine whose power is gone.
"""

import contextlib
import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.ha.machines import LO_UP, QUIET, WITH_ITS_PARENT, await_network, ip

# Addresses for trials of networks, which exist nowhere else (RFC 2544).
NETWORK: Final = f"198.18.{secrets.randbelow(255)}"
BRIDGE: Final = "hub"
UPLINK: Final = "uplink"
OURS: Final = 254


@dataclass(frozen=True)
class Hub:
    """What the machines hang on: a bridge in a network of its own.

    The rules that an engine makes for the network of this machine would stop what passes through a bridge there.
    """

    process: int

    def attach(self, name: str, number: int, process: int) -> None:
        """Give the network that a process is in a link to the others, and the address of a number."""
        within = within_network_of(process)
        link = ("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(process))
        ip(*link, enter=self._enter)
        ip("link", "set", name, "master", BRIDGE, "up", enter=self._enter)
        for said in (LO_UP, ("link", "set", "eth0", "up"), ("addr", "add", f"{address_of(number)}/24", "dev", "eth0")):
            ip(*said, enter=within)
        ip("route", "add", "default", "via", address_of(OURS), enter=within)

    def detach(self, name: str) -> None:
        """Take a machine's link away, where it has one."""
        with contextlib.suppress(subprocess.CalledProcessError):
            ip("link", "delete", name, enter=self._enter)

    @property
    def _enter(self) -> tuple[str, ...]:
        return within_network_of(self.process)


@contextlib.contextmanager
def hub() -> Iterator[Hub]:
    """Give a hub that this machine is attached to; with it go all its links."""
    with network() as process:
        enter, link = within_network_of(process), f"hub{os.getpid()}"
        for said in (LO_UP, ("link", "add", BRIDGE, "type", "bridge"), ("link", "set", BRIDGE, "up")):
            ip(*said, enter=enter)
        ip("link", "add", link, "type", "veth", "peer", "name", UPLINK, "netns", str(process))
        ip("addr", "add", f"{address_of(OURS)}/24", "dev", link)
        ip("link", "set", link, "up")
        ip("link", "set", UPLINK, "master", BRIDGE, "up", enter=enter)
        yield Hub(process)


@contextlib.contextmanager
def network() -> Iterator[int]:
    """Give the number of a process that has a network of its own, until the context ends."""
    with subprocess.Popen([*WITH_ITS_PARENT, "unshare", "--net", "sleep", "infinity"], **QUIET) as holder:  # noqa: S603  our own
        try:
            await_network(holder.pid)
            yield holder.pid
        finally:
            holder.kill()


def within_network_of(process: int) -> tuple[str, ...]:
    """Give what a command begins with that is to run in the network of a process."""
    return ("nsenter", f"--net=/proc/{process}/ns/net")


def address_of(number: int) -> str:
    """Give the address of a machine by its number."""
    return f"{NETWORK}.{number}"
