"""`helhedsnet post`: a file of events is posted, and what became of them is said. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

from services.command.options import DATA, URL, Data, Url
from services.command.terminal import Terminal, locale_language, one_line

if TYPE_CHECKING:
    from services.command.posting import Summary

LISTED_FAULTS: Final = 20

out = Terminal(width=None if sys.stdout.isatty() else 110)
complaints = Terminal(stderr=True, soft_wrap=True)

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="A bearer token; without one, bought with HELHEDSNET_KEY."),
]


class OnError(StrEnum):
    """What to do with a batch that holds a faulty event."""

    REFUSE = "refuse"
    SKIP = "skip"


def post(  # noqa: PLR0913  each is an option
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="FILE", help="JSON lines, one CloudEvent each; - reads standard input."),
    ],
    *,
    url: Url = URL,
    token: Token = None,
    batch: Annotated[int, typer.Option(min=1, max=5000, help="The most events in one request.")] = 500,
    on_error: Annotated[
        OnError, typer.Option(help="Refuse a batch with a fault whole, or skip the fault.")
    ] = OnError.REFUSE,
    acknowledged: Annotated[
        bool, typer.Option("--acknowledged", help="Confirm that texts may name people and homes.")
    ] = False,
    data: Data = DATA,
) -> None:
    """Post a file of events, in order; what is there already does no harm."""
    from services.command import access, posting  # noqa: PLC0415  see the module's docstring
    from services.command.bearing import Bearing, Buying  # noqa: PLC0415  as above
    from services.command.progress import Progressing  # noqa: PLC0415  as above

    key = None if token else os.environ.get(access.KEY_VARIABLE)
    sender = Buying(url, key) if key else Bearing(access.token_for(url, token, data, "admin"))
    summary = posting.Summary()
    with _summed_up(summary), Progressing(str(file.name), _size_bytes(file)) as progress:
        asyncio.run(
            posting.post(
                file,
                url=url,
                sender=sender,
                limit=batch,
                on_error=on_error.value,
                acknowledged=acknowledged,
                advanced=progress.advance,
                summary=summary,
            )
        )
    if summary.rejected:
        raise typer.Exit(1)


@contextlib.contextmanager
def _summed_up(summary: "Summary") -> Iterator[None]:
    """Say what became of the events, also where not all of them could be posted."""
    from services.command import posting  # noqa: PLC0415  see the module's docstring

    try:
        yield
    except posting.BatchRefused as refused:
        summary.faults += refused.faults
        summary.rejected += len({fault.line for fault in refused.faults})
        _say_summary(summary)
        raise
    except Exception:
        _say_summary(summary)
        raise
    _say_summary(summary)


def _say_summary(summary: "Summary") -> None:
    out.print(
        f"accepted {summary.accepted} · duplicates {summary.duplicates} · rejected {summary.rejected}"
        f" · {summary.seconds:.1f} s" + (f" · {summary.at_least}" if summary.cursors else "")
    )
    if summary.warnings:
        out.print(
            f"{summary.warnings} warnings: regulation accounts that expenses took below zero, or people named in texts"
        )
    for fault in summary.faults[:LISTED_FAULTS]:
        complaints.print("  " + one_line(fault.told(locale_language())))
    if len(summary.faults) > LISTED_FAULTS:
        complaints.print(f"  and {len(summary.faults) - LISTED_FAULTS} more")


def _size_bytes(file: BinaryIO) -> int | None:
    """Give how long a file is; None for what has no length, such as a pipe."""
    try:
        return os.fstat(file.fileno()).st_size or None
    except (OSError, ValueError):
        return None
