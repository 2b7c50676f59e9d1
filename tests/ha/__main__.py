"""Loses leaders on three machines from a seed, and prints what it came to; ends with 1 when a promise was broken.

`make ha SEED=7 LOSSES=5`; the same seed gives the same events and the same losses, not the same moments.
"""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from shared import logs
from tests.chaos.__main__ import SHOWN_BREACHES
from tests.chaos.run import Wanted
from tests.chaos.telling import tables
from tests.ha import servers
from tests.ha.losses import PAUSE_SECONDS
from tests.ha.machines import WITHIN, begin_again_within, why_no_network
from tests.ha.run import LEASE_SECONDS, Told, run

NUMBERS: Final = ("SEED", "LOSSES", "AREAS", "LEASE")
MODULE: Final = "tests.ha"


def main(arguments: Sequence[str]) -> int:
    """Do one run and say how it went."""
    given = {name: value for name, _, value in (argument.partition("=") for argument in arguments) if value}
    if not {*NUMBERS, "LOGS"} >= given.keys() or not all(given.get(name, "0").isdigit() for name in NUMBERS):
        sys.stderr.write("usage: [SEED=7] [LOSSES=5] [AREAS=2] [LEASE=7] [LOGS=folder]\n")
        return 2
    if (missing := servers.why_not()) is not None:
        sys.stderr.write(f"{missing}\n")
        return 2
    # Ended by SIGTERM it would leave everything that it started running; Ctrl-C undoes it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    given.setdefault("SEED", str(secrets.randbelow(1_000_000)))
    if WITHIN not in os.environ and why_no_network() is None:
        return begin_again_within(MODULE, [f"{name}={value}" for name, value in given.items()])
    return _run(given)


def _run(given: dict[str, str]) -> int:
    logs.configure("ERROR")
    wanted = Wanted(int(given["SEED"]), int(given.get("LOSSES", "5")), areas=int(given.get("AREAS", "2")))
    lease_seconds = int(given.get("LEASE", LEASE_SECONDS))
    sys.stderr.write(f"seed {wanted.seed}, {wanted.faults} leaders, a lease of {lease_seconds} s …\n")
    told = asyncio.run(run(wanted, lease_seconds, Path(given["LOGS"]) if "LOGS" in given else None))
    console = Console(width=None if sys.stdout.isatty() else 110, highlight=False)
    console.print(*tables(told.outcome), _losses(told), sep="\n")
    for kind, reason in told.outcome.left_out.items():
        sys.stdout.write(f"left out: {kind} ({reason})\n")
    breaches = told.outcome.breaches
    for breach in breaches[:SHOWN_BREACHES]:
        sys.stderr.write(f"  {breach}\n")
    sys.stdout.write(f"{len(breaches)} breaches; again: make ha SEED={wanted.seed} LOSSES={wanted.faults}\n")
    return 1 if breaches else 0


def _losses(told: Told) -> Table:
    table = Table(title=f"Leaders lost; nobody may wait longer than {PAUSE_SECONDS:.0f} s", title_justify="left")
    for heading in ("what", "where", "new leader", "after", "longest wait", "whole after"):
        table.add_column(heading)
    for lost in told.lost:
        seconds = (lost.new_leader_seconds, lost.longest_answer_seconds, lost.whole_seconds)
        table.add_row(lost.kind, lost.machine, lost.new_leader, *(f"{each:.1f} s" for each in seconds))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
