"""Tells what a run came to, as tables."""

from rich.table import Table

from tests.chaos.run import Outcome


def tables(outcome: Outcome) -> list[Table]:
    """Tell what was done to the system, and the figures of the run."""
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
        "longest without any answer": f"{promises.longest_pause_seconds:.1f} s",
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
