"""How long a connection to a server waits for an end that a network has swallowed. Owns no connection."""

import contextlib
import socket
from typing import Final

# What was sent is acknowledged within this time, or the connection ends. The kernel alone goes on for a quarter of an
# hour. It is longer than a server that has much to do takes, whose kernel acknowledges in its place.
UNACKNOWLEDGED_MS: Final = 8_000
# Where nothing is sent, the other end is asked whether it is there: after a while, every so often, so many times.
KEEPALIVE_IDLE_SECONDS: Final = 5
KEEPALIVE_EVERY_SECONDS: Final = 2
KEEPALIVES: Final = 3
# What each system calls these; not all systems know all of them.
BOUNDS: Final = {
    getattr(socket, name): value
    for name, value in (
        ("TCP_USER_TIMEOUT", UNACKNOWLEDGED_MS),
        ("TCP_KEEPIDLE", KEEPALIVE_IDLE_SECONDS),
        ("TCP_KEEPINTVL", KEEPALIVE_EVERY_SECONDS),
        ("TCP_KEEPCNT", KEEPALIVES),
    )
    if hasattr(socket, name)
}


def bound(end: socket.socket) -> None:
    """Let a TCP connection end in bounded time when the other end is silent, as far as this system knows how."""
    if end.family == socket.AF_UNIX:
        return
    end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in BOUNDS.items():
        with contextlib.suppress(OSError):
            end.setsockopt(socket.IPPROTO_TCP, option, value)
