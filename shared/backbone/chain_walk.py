"""Walks a stretch of lines that a chain ties, of whichever table, and tells what does not fit. Pure: owns no table.

Each line's chain is computed from the one before it as that stands in the table: where a chain does not fit, what
follows is still read.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import asyncpg

from shared.backbone import chains

# What is read at once: about 5 MB of lines, and a tenth of a second of work.
MAX_LINES: Final = 5_000
# What one stretch tells of; where more is wrong, there is no need to name all of it.
MAX_FINDINGS: Final = 100

FindingCode: TypeAlias = Literal[
    "line_changed",
    "line_missing",
    "chain_broken",
    "rewritten_changed",
    "head_differs",
    "anchor_differs",
    "log_cut",
    "another_installation",
    "lookup_changed",
    "lookup_missing",
    "lookup_person_changed",
    "lookup_head_differs",
]
# What is wrong with a line by itself, and in words.
Wrong: TypeAlias = tuple[FindingCode, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit; `code` is stable, `detail` is for people."""

    code: FindingCode
    sequence: int
    detail: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive lines as they stand in the table, what the chain is before them, and where all of them end."""

    after: int
    prior: bytes | None
    rows: Sequence[asyncpg.Record]
    head: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Chained:
    """Lines of one kind: what one is called, how one that is missing and one that does not fit are told of.

    `judge` gives the 32 bytes that stand for a line in the chain, and what is wrong with it by itself.
    """

    called: str
    missing: FindingCode
    broken: Wrong
    judge: Callable[[asyncpg.Record], tuple[bytes, Wrong | None]]


def found_in(stretch: Stretch, lines: Chained) -> list[Finding]:
    """Compute every line of a stretch again, and give what does not fit, the first of it."""
    return list(itertools.islice(_findings(stretch, lines), MAX_FINDINGS))


def _findings(stretch: Stretch, lines: Chained) -> Iterator[Finding]:
    last, chain = stretch.after, stretch.prior
    for row in stretch.rows:
        sequence: int = row["sequence"]
        if sequence != last + 1:
            yield Finding(lines.missing, last + 1, f"after {lines.called} {last} comes {lines.called} {sequence}")
            chain = None
        content, wrong = lines.judge(row)
        if wrong is not None:
            code, detail = wrong
            yield Finding(code, sequence, detail)
        if chain is not None and chains.linked(chain, content) != row["chain"]:
            code, detail = lines.broken
            yield Finding(code, sequence, detail)
        last, chain = sequence, row["chain"]
