"""Runs chaos from a seed and prints what it came to; ends with 1 when anything was lost, doubled or stuck.

`make chaos SEED=7 FAULTS=200`; the seed is printed, and the same seed gives the same events and the same faults.
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
from tests.chaos.run import Wanted, run
from tests.chaos.telling import tables

SHOWN_BREACHES: Final = 20
NUMBERS: Final = ("SEED", "FAULTS", "REPLICAS", "AREAS")


def main(arguments: Sequence[str]) -> int:
    """Do one run and say how it went."""
    given = {name: value for name, _, value in (argument.partition("=") for argument in arguments) if value}
    if not {*NUMBERS, "LOGS", "PLANTED"} >= given.keys() or not all(given.get(name, "0").isdigit() for name in NUMBERS):
        sys.stderr.write("usage: [SEED=7] [FAULTS=50] [REPLICAS=2] [AREAS=2] [PLANTED=bug] [LOGS=folder]\n")
        return 2
    logs.configure("ERROR")
    # Ended by SIGTERM it would leave everything that it started running; Ctrl-C undoes it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wanted = Wanted(
        int(given.get("SEED", secrets.randbelow(1_000_000))),
        int(given.get("FAULTS", "50")),
        int(given.get("REPLICAS", "2")),
        int(given.get("AREAS", "2")),
        given.get("PLANTED"),
    )
    sys.stderr.write(f"seed {wanted.seed}, {wanted.faults} faults …\n")
    outcome = asyncio.run(run(wanted, keep_logs=Path(given["LOGS"]) if "LOGS" in given else None))
    Console(width=None if sys.stdout.isatty() else 110, highlight=False).print(*tables(outcome), sep="\n")
    for kind, reason in outcome.left_out.items():
        sys.stdout.write(f"left out: {kind} ({reason})\n")
    for breach in outcome.breaches[:SHOWN_BREACHES]:
        sys.stderr.write(f"  {breach}\n")
    again = f"make chaos SEED={wanted.seed} FAULTS={wanted.faults}"
    sys.stdout.write(f"{len(outcome.breaches)} breaches; again: {again}\n")
    return 1 if outcome.breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
