"""The services' wall clocks, which can be set while they run. Owns no fault.

libfaketime gives a process a clock of its own: it is preloaded, and reads from a file by how much that clock is off.
The monotonic clock goes on as it is. Where it is not installed, every clock is that of the machine.
"""

from pathlib import Path
from typing import Final

PLACES: Final = (Path("/usr/lib"), Path("/usr/local/lib"))
LIBRARY: Final = "libfaketimeMT.so.1"


def library() -> Path | None:
    """Give where libfaketime lies, as Debian installs it; None where it is not installed."""
    return next((found for place in PLACES for found in sorted(place.glob(f"**/faketime/{LIBRARY}"))), None)


def why_not() -> str | None:
    """Tell why no clock can be set here; None where it can."""
    return None if library() else "there is no libfaketime: apt-get install faketime"


class Clock:
    """The clock of one process or of several."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set(0)

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment of a process that goes by this clock; nothing where no clock can be set."""
        found = library()
        if found is None:
            return {}
        return {
            "LD_PRELOAD": str(found),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, ahead_seconds: int) -> None:
        """Let it be ahead of the machine's by so many seconds from now on, or behind it."""
        # In one step: whoever reads it meanwhile finds the old one or the new one.
        new = self._path.with_suffix(".new")
        new.write_text(f"{ahead_seconds:+d}\n")
        new.replace(self._path)
