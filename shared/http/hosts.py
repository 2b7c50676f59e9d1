"""The names by which a system on one machine may be called. Owns the refusal of every other name (ADR 9).

A page from elsewhere can let a name of its own stand for this machine, and then read what a browser gets from it. The
header is compared as it came: what a name means is nothing to be clever about.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.http.problems import problem

LOCAL_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
DEFAULT_PORT: Final = 80


# What a service counts is for this machine alone; what a proxy says of itself when it hands a request on.
METRICS: Final = "/metrics"
HANDED_ON: Final = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})


class NamedHosts:
    """Answers only what is asked of one of these hosts, each written as browsers write the header `Host`.

    Metrics are answered to this machine alone: not to what was handed on, nor at all where people reach the system from
    elsewhere, since a proxy may say nothing of itself.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], *, tells_metrics: bool = True) -> None:
        self._app = app
        self._hosts = frozenset(host.encode() for host in hosts)
        self._tells_metrics = tells_metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or answer it with `421` and the code `unknown_host`."""
        if scope["type"] != "lifespan":
            asked = [value for name, value in scope["headers"] if name == b"host"]
            if len(asked) != 1 or asked[0] not in self._hosts:
                said = f"this system answers as {', '.join(sorted(map(bytes.decode, self._hosts)))} alone"
                await problem(HTTPStatus.MISDIRECTED_REQUEST, "unknown_host", said)(scope, receive, send)
                return
            if scope["path"].endswith(METRICS) and not self._is_of_this_machine(scope):
                await problem(HTTPStatus.NOT_FOUND, "not_found", "there is nothing here")(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_of_this_machine(self, scope: Scope) -> bool:
        return self._tells_metrics and not any(name in HANDED_ON for name, _ in scope["headers"])


def local_hosts(port: int, public_url: str | None) -> frozenset[str]:
    """Give the hosts of a system on this machine: its own names, and where people reach it, if that is elsewhere."""
    hosts = {f"{name}:{port}" for name in LOCAL_NAMES}
    if port == DEFAULT_PORT:
        hosts |= set(LOCAL_NAMES)
    if public_url and (host := urlsplit(public_url).netloc):
        hosts.add(host)
    return frozenset(hosts)
