"""What a run came to, as tables and lines. Owns no judgement."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rich.markup import escape
from rich.table import Table

from tests.fuzz.events import NAMES
from tests.fuzz.findings import Breach
from tests.fuzz.run import Outcome

SHOWN_CODES: Final = 6
SHOWN_CHARACTERS: Final = 400
# What is told while a run goes on, in the folder of what repeats its breaches.
TOLD: Final = "breaches.txt"


def tables(outcome: Outcome) -> list[Table]:
    """Give the tables: the events, the routes, the figures, the breaches."""
    return [_events(outcome), _routes(outcome), _figures(outcome), _kinds(outcome)]


def breaches(outcome: Outcome) -> Iterator[str]:
    """Say of each breach that was kept what it is, where it happened and how to repeat it."""
    for breach in outcome.breaches:
        yield _line(breach)
        if breach.repeat:
            yield f"    {breach.repeat[:SHOWN_CHARACTERS]}"


def teller(folder: Path) -> Callable[[Breach], None]:
    """Give what tells a breach at once, on standard error and in a file of a folder; what the file held is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / TOLD
    file.write_text("")

    def tell(breach: Breach) -> None:
        line = f"{_line(breach)}\n"
        sys.stderr.write(line)
        with file.open("a", encoding="utf-8", errors="backslashreplace") as told:
            told.write(line)

    return tell


def _line(breach: Breach) -> str:
    return f"  {breach.kind} [{breach.where}]: {breach.said[:SHOWN_CHARACTERS]!r}"


def _events(outcome: Outcome) -> Table:
    coverage, least = outcome.findings.coverage, outcome.wanted.least_accepted
    table = _table("Events", "type", "accepted", "refused, by code")
    for name in NAMES:
        times, codes = coverage.accepted[name], coverage.refused.get(name, Counter())
        shown = ", ".join(f"{code} {number}" for code, number in codes.most_common(SHOWN_CODES))
        colour = "red" if times < least else "default"
        said = f"{times:,}" if times >= least else f"{times} NOT REACHED"
        table.add_row(f"[{colour}]{name}", f"[{colour}]{said}", escape(shown))
    others: Counter[str] = sum((codes for name, codes in coverage.refused.items() if name not in NAMES), Counter())
    table.add_row(
        "no type of ours", "", escape(", ".join(f"{code} {n}" for code, n in others.most_common(SHOWN_CODES)))
    )
    return table


def _routes(outcome: Outcome) -> Table:
    table = _table("Routes", "route", "calls", "by status")
    coverage = outcome.findings.coverage
    named = {**coverage.routes, **{f"ways out: {kind}": counted for kind, counted in coverage.ways.items()}}
    for route, counted in sorted(named.items()):
        shown = ", ".join(f"{status or 'no answer'} {number:,}" for status, number in sorted(counted.items()))
        table.add_row(escape(route), f"{sum(counted.values()):,}", shown)
    return table


def _figures(outcome: Outcome) -> Table:
    findings, seen = outcome.findings, outcome.seen
    coverage = findings.coverage
    seconds, call = coverage.longest_answer
    table = _table(f"Seed {outcome.wanted.seed}", "what", "figure")
    rows = {
        "calls": f"{coverage.calls:,}",
        "events accepted": f"{sum(coverage.accepted.values()):,}",
        "refused": f"{sum(sum(codes.values()) for codes in coverage.refused.values()):,}",
        "duplicates": f"{coverage.duplicates:,}",
        "put off, by status": ", ".join(f"{status} {number:,}" for status, number in sorted(coverage.put_off.items()))
        or "0",
        "ways out tried": f"{outcome.ways_tried:,}",
        "dead letters": f"{len(findings.dead):,}",
        "longest answer": f"{seconds:.1f} s: {call[:80]}",
        **{
            f"longest wait for health during {name}": f"{value:.2f} s"
            for name, value in seen.longest_health_seconds.items()
        },
        "times as slow as the bound on health is for": f"{seen.slowest:.1f}",
        "memory before, after, most": f"{seen.first_mb:.0f}, {seen.last_mb:.0f}, {seen.most_mb:.0f} MB",
        "lines that the services logged": ", ".join(
            f"{event} ({level}) {number}" for (level, event), number in outcome.logged.items()
        )[:300]
        or "0",
        "took": f"{outcome.seconds:.0f} s, {coverage.calls / outcome.seconds:.1f} calls a second",
    }
    for what, figure in rows.items():
        table.add_row(what, escape(figure))
    return table


def _kinds(outcome: Outcome) -> Table:
    table = _table("Breaches", "what", "times")
    for kind, number in outcome.findings.breaches_by_kind.most_common():
        table.add_row(escape(kind), f"{number:,}")
    table.add_row("all", f"{sum(outcome.findings.breaches_by_kind.values()):,}")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(
            column, justify="right" if column in {"accepted", "calls", "times"} else "left", overflow="fold"
        )
    return table
