"""Shows on a terminal how far a file is posted, and says nothing where there is none."""

from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from services.command.posting import Batch
from services.command.terminal import Terminal


class Progressing:
    """A progress bar over the bytes of a file; of unknown length without a size."""

    def __init__(self, title: str, size_bytes: int | None) -> None:
        console = Terminal(stderr=True)
        counted = BarColumn() if size_bytes is not None else MofNCompleteColumn()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            counted,
            TextColumn("{task.fields[events]} events"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(title, total=size_bytes, events=0)
        self._events = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def advance(self, batch: Batch) -> None:
        """Move on by a batch that is stored."""
        self._events += len(batch.lines)
        size_bytes = sum(len(line) + 1 for line in batch.lines)
        self._bar.update(self._task, advance=size_bytes, events=self._events)
