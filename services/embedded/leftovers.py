"""What a process that was killed left running. Owns how it is told from any other process, and how it is ended."""

import contextlib
import signal
import time
from pathlib import Path
from typing import Any, Final

from services.embedded.places import EmbeddedUnavailable

STOP_SECONDS: Final = 30
KILL_SECONDS: Final = 5
POLL_SECONDS: Final = 0.02


def end_left_over(folder: Path, pid_file: Path, polite: signal.Signals) -> None:
    """End the server that a killed process left behind on a folder, and only that one: it works in that folder.

    Raises:
        EmbeddedUnavailable: it does not end.
    """
    import psutil  # noqa: PLC0415  comes with the embedded wheels

    with contextlib.suppress(FileNotFoundError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        # A number that was given out again names a process elsewhere, or one that we may not look at.
        if Path(process.cwd()) == folder:
            _end(process, polite)
    pid_file.unlink(missing_ok=True)


def lives(process: Any) -> bool:  # noqa: ANN401  psutil has no types
    """Tell whether a process still runs; a zombie does not, whether or not anybody reaps it."""
    import psutil  # noqa: PLC0415  as above

    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _end(process: Any, polite: signal.Signals) -> None:  # noqa: ANN401  as above
    for number, patience_seconds in ((polite, STOP_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
        process.send_signal(number)
        deadline = time.monotonic() + patience_seconds
        while time.monotonic() < deadline:
            if not lives(process):
                return
            time.sleep(POLL_SECONDS)
    raise EmbeddedUnavailable(f"process {process.pid}, left over by an earlier start, does not end: end it by hand")
