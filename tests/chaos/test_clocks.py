"""A process that goes by a clock of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from tests.chaos import clocks
from tests.chaos.clocks import Clock

TELLS: Final = "import sys, time\nfor _ in sys.stdin: print(time.time(), time.monotonic(), flush=True)"
HOURS_SECONDS: Final = 3 * 3_600
# Between two questions, on a machine that others use too.
SOON_SECONDS: Final = 60


@pytest.mark.skipif(clocks.why_not() is not None, reason=clocks.why_not() or "")
def test_a_clock_is_set_while_its_process_runs(tmp_path: Path) -> None:
    """Ahead, behind and right again, each at once; what it waits by goes on as it is."""
    clock = Clock(tmp_path / "clock")
    with subprocess.Popen(  # noqa: S603  our own
        [sys.executable, "-c", TELLS],
        env={**os.environ, **clock.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for ahead_seconds in (0, HOURS_SECONDS, -HOURS_SECONDS, 0):
            clock.set(ahead_seconds)
            process.stdin.write("\n")
            process.stdin.flush()
            wall, monotonic = map(float, process.stdout.readline().split())
            assert wall == pytest.approx(time.time() + ahead_seconds, abs=SOON_SECONDS)
            assert monotonic == pytest.approx(time.monotonic(), abs=SOON_SECONDS)
        process.stdin.close()
