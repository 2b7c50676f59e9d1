"""Has a service made anew from its owners' logs and shows how far that has come. Owns no rule: the service does it."""

import time
from types import TracebackType
from typing import Any, Final, Self

import httpx
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.command import access
from services.command.terminal import Terminal

POLL_SECONDS: Final = 0.2
TIMEOUT_SECONDS: Final = 30.0
# A service that restarts in the middle is asked again; one that stays away is not waited for longer.
AWAY_SECONDS: Final = 60.0
AT_IT: Final = frozenset({"reading", "replacing", "elsewhere"})

Document = dict[str, Any]


class RebuildFailed(access.CommandFailed):
    """It did not end well; the service is as it was before."""


def rebuild(url: str, token: str, service: str) -> Document:
    """Start it, follow it to its end, and give how it went. Ended before that, the service goes on with it.

    Raises:
        CommandFailed: it was refused, such as a second one.
        RebuildFailed: it did not end well.
    """
    try:
        with _client(url, token) as client:
            return _followed(client, service, access.report_in(client.post(f"/{service}/rebuild")))
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None


def rebuild_after_others(url: str, token: str, service: str) -> Document:
    """The same; where it is being done already, by whoever it may be, that is waited for first.

    Raises:
        CommandFailed: the service does not answer, or others began again and again.
        RebuildFailed: it did not end well.
    """
    try:
        with _client(url, token) as client:
            deadline = time.monotonic() + AWAY_SECONDS
            while (answer := client.post(f"/{service}/rebuild")).status_code == httpx.codes.CONFLICT:
                if time.monotonic() > deadline:
                    break
                _until_over(client, service)
            return _followed(client, service, access.report_in(answer))
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None


def said(service: str, progress: Document) -> str:
    """Say in a line how it went."""
    events, seconds = sum(owner["read"] for owner in progress["owners"].values()), progress["seconds"]
    text = f"{service}: {events} events read in {seconds:.1f} s ({events / max(seconds, 0.001):,.0f} a second)"
    if progress["dead_letters"]:
        text += f" · {progress['dead_letters']} dead letters"
    if progress["findings"]:
        text += f" · {len(progress['findings'])} unknown to their owner"
    return text


def _client(url: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS)


def _followed(client: httpx.Client, service: str, progress: Document) -> Document:
    with _Shown(service) as shown:
        over = _until_over(client, service, progress, shown)
    if over["state"] == "failed":
        raise RebuildFailed(f"{service} was not rebuilt: {over['detail']}; it is as it was before")
    if over["state"] == "none":
        raise RebuildFailed(f"{service} was restarted before it was rebuilt; it is as it was before")
    return over


def _until_over(
    client: httpx.Client, service: str, progress: Document | None = None, shown: "_Shown | None" = None
) -> Document:
    """Ask how far it has come until it is over; a service that does not answer for a moment is asked again."""
    answered = time.monotonic()
    while progress is None or progress["state"] in AT_IT:
        if progress is not None:
            if shown is not None:
                shown.update(progress)
            time.sleep(POLL_SECONDS)
        try:
            answer = client.get(f"/{service}/rebuild")
        except httpx.TransportError:
            if time.monotonic() - answered > AWAY_SECONDS:
                raise
            time.sleep(POLL_SECONDS)
            continue
        if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR or time.monotonic() - answered > AWAY_SECONDS:
            progress = access.report_in(answer)
            answered = time.monotonic()
        else:
            time.sleep(POLL_SECONDS)
    return progress


class _Shown:
    """A bar over the events of all logs; nothing where there is no terminal."""

    def __init__(self, service: str) -> None:
        console = Terminal(stderr=True)
        self._service = service
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} events"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(service, total=0)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def update(self, progress: Document) -> None:
        """Show how far it has come."""
        owners = progress["owners"].values()
        self._bar.update(
            self._task,
            description=f"{self._service}: {progress['state']}",
            completed=sum(owner["read"] for owner in owners),
            total=sum(owner["head"] for owner in owners),
        )
