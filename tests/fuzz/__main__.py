"""Fuzzes the whole system from a seed and prints what it came to; ends with 1 on any breach.

`make fuzz SEED=7 CALLS=100000`; the seed is printed, and the same seed gives the same calls.
"""

import asyncio
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from shared import logs
from tests.fuzz import summary
from tests.fuzz.run import Wanted, run
from tests.support.running import ROOT

NUMBERS: Final = ("SEED", "CALLS", "CLIENTS", "MINUTES", "LEAST", "WAYS")
USAGE: Final = "[SEED=7] [CALLS=100000] [CLIENTS=6] [MINUTES=30] [LEAST=5] [WAYS=100] [PLANTED=fault] [KEEP=folder]"
CALLS: Final = 100_000
KEEP: Final = ROOT / ".fuzz"
# A run that is much shorter cannot reach each type of event as often.
CALLS_PER_LEAST: Final = 20_000
MOST_LEAST: Final = 5


def main(arguments: Sequence[str]) -> int:
    """Do one run and say how it went."""
    given = {name: value for name, _, value in (argument.partition("=") for argument in arguments) if value}
    if not {*NUMBERS, "PLANTED", "KEEP"} >= given.keys() or not all(given.get(name, "0").isdigit() for name in NUMBERS):
        sys.stderr.write(f"usage: {USAGE}\n")
        return 2
    logs.configure("ERROR")
    # Ended by SIGTERM it would leave everything that it started running; Ctrl-C undoes it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seed, calls = int(given.get("SEED", secrets.randbelow(1_000_000))), int(given.get("CALLS", CALLS))
    wanted = Wanted(
        seed,
        calls,
        clients=int(given.get("CLIENTS", "6")),
        minutes=float(given.get("MINUTES", "30")),
        least_accepted=int(given.get("LEAST", min(MOST_LEAST, max(1, calls // CALLS_PER_LEAST)))),
        planted=given.get("PLANTED"),
        ways=int(given["WAYS"]) if "WAYS" in given else None,
        keep=Path(given.get("KEEP", KEEP)) / f"seed-{seed}",
    )
    sys.stderr.write(f"seed {seed}, {calls:,} calls …\n")
    outcome = asyncio.run(run(wanted, summary.teller(wanted.keep or KEEP)))
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    console.print(*summary.tables(outcome), sep="\n")
    for line in summary.breaches(outcome):
        sys.stderr.write(f"{line}\n")
    number = sum(outcome.findings.breaches_by_kind.values())
    sys.stdout.write(f"{number} breaches; again: make fuzz SEED={seed} CALLS={calls}\n")
    return 1 if number else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
