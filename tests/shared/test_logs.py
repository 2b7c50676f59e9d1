"""What is logged, and what never is; seen from outside, in a process of its own."""

import json
import subprocess
import sys
from typing import Any

from tests.support.running import ROOT


def _logged(code: str) -> list[dict[str, Any]]:
    """Run code that logs, and read what it wrote to standard error."""
    code = f"import structlog\nfrom shared import logs\nlogs.configure('INFO')\nlog = structlog.get_logger()\n{code}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603  our own command
    assert not done.stdout
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_fact_is_one_line_of_json() -> None:
    """A constant message, the data as fields, a time, and nothing below the level."""
    (entry,) = _logged("log.debug('not.this')\nlog.info('expense.booked', expense='udgift-1')")
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {"level": "info", "event": "expense.booked", "expense": "udgift-1"}


def test_a_trace_says_where_and_not_with_what() -> None:
    """The variables of a function that failed hold events, and those hold people: they stay out."""
    (entry,) = _logged(
        "participant = '8c1fa02b' + '4de97a63'\ntry:\n    1 / 0\nexcept ArithmeticError:\n    log.exception('x')"
    )
    assert entry["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert entry["exception"][0]["frames"]
    assert "8c1fa02b4de97a63" not in json.dumps(entry)
