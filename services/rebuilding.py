"""Has reporting folded anew and shows how far that has come. Owns no rule: the service does it."""

import time
from types import TracebackType
from typing import Any, Final, Self

import httpx
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.access import CommandFailed, report_in, unreachable
from services.terminal import Terminal

POLL_SECONDS: Final = 0.2
TIMEOUT_SECONDS: Final = 30.0


def rebuild(url: str, token: str, out: Terminal) -> None:
    """Start a rebuild, follow it to its end and say how it went. Ended before that, the service goes on with it.

    Raises:
        CommandFailed: it was refused, such as a second one, or did not end well.
    """
    headers = {"Authorization": f"Bearer {token}"}
    started = time.monotonic()
    try:
        with httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT_SECONDS) as client:
            progress = report_in(client.post("/reporting/rebuild"))
            with _Shown() as shown:
                while progress["state"] in {"folding", "swapping"}:
                    shown.update(progress)
                    time.sleep(POLL_SECONDS)
                    progress = report_in(client.get("/reporting/rebuild"))
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise CommandFailed(unreachable(url, error)) from None
    if progress["state"] != "finished":
        raise CommandFailed(f"the rebuild {progress['state']}: {progress['detail']}; the figures are those of before")
    events = sum(owner["folded"] for owner in progress["owners"].values())
    said = f"{events} events folded in {progress['seconds']:.1f} s ({events / progress['seconds']:,.0f} a second)"
    if progress["dead_letters"]:
        said += f" · {progress['dead_letters']} dead letters"
    out.print(said + f" · done after {time.monotonic() - started:.1f} s")


class _Shown:
    """A bar over the events of all logs; nothing where there is no terminal."""

    def __init__(self) -> None:
        console = Terminal(stderr=True)
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
        self._task = self._bar.add_task("folding", total=0)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def update(self, progress: dict[str, Any]) -> None:
        """Show how far it has come."""
        owners = progress["owners"].values()
        self._bar.update(
            self._task,
            description=progress["state"],
            completed=sum(owner["folded"] for owner in owners),
            total=sum(owner["head"] for owner in owners),
        )
