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
from rich.table import Table

from shared import logs
from tests.chaos.run import Outcome, Wanted, run

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
    Console(width=None if sys.stdout.isatty() else 110, highlight=False).print(*_tables(outcome), sep="\n")
    for kind, reason in outcome.left_out.items():
        sys.stdout.write(f"left out: {kind} ({reason})\n")
    for breach in outcome.breaches[:SHOWN_BREACHES]:
        sys.stderr.write(f"  {breach}\n")
    again = f"make chaos SEED={wanted.seed} FAULTS={wanted.faults}"
    sys.stdout.write(f"{len(outcome.breaches)} breaches; again: {again}\n")
    return 1 if outcome.breaches else 0


def _tables(outcome: Outcome) -> list[Table]:
    inflicted = Table(title="Faults", title_justify="left")
    inflicted.add_column("kind")
    inflicted.add_column("times", justify="right")
    for kind, times in sorted(outcome.faults.items()):
        inflicted.add_row(kind, str(times))
    inflicted.add_row("all", str(sum(outcome.faults.values())))
    return [inflicted, _figures(outcome)]


def _figures(outcome: Outcome) -> Table:
    promises, findings = outcome.promises, outcome.findings
    table = Table(title=f"Seed {outcome.wanted.seed}", title_justify="left")
    table.add_column("what")
    table.add_column("figure", justify="right")
    rows: dict[str, str] = {
        "events answered": f"{promises.events:,}",
        "events in the logs": f"{findings.events:,}",
        "requests": f"{promises.requests:,}",
        "of these without an answer": f"{promises.unanswered:,}",
        "of these told to come back": f"{promises.put_off:,}",
        "lost": str(findings.lost),
        "doubled": str(findings.doubled),
        "processes started": str(outcome.starts),
        "longest until a batch was answered": f"{promises.longest_answer_seconds:.1f} s",
        **{
            f"longest until an answered event took effect: {who}": f"{seconds:.1f} s"
            for who, seconds in sorted(outcome.seen.longest_wait_seconds.items())
        },
        "settled after the last fault and answer": f"{findings.settle_seconds:.1f} s",
        "looks from outside": f"{outcome.seen.looks:,}",
        "took": f"{outcome.seconds:.0f} s",
    }
    for what, figure in rows.items():
        table.add_row(what, figure)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
