"""What a page of a log looks like, on its owner's stream and over HTTP: which log, from where it goes on, its lines.

A page is a run of consecutive lines. It is written from text and read as documents; nothing is decoded to write it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import orjson

from shared.backbone import chains
from shared.backbone.event_log import Entry, Line

# About a hundred lines. One that is longer than this is a page of its own.
PAGE_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Page:
    """A page of another service's log.

    `prior` is the chain that it goes on from, None where the log ends before that place. Over HTTP the owner tells too
    how far its log goes, what its cursors end with, and with whom it has parted itself: the code by owner.
    """

    epoch: str
    prior: str | None
    entries: Sequence[Entry]
    head: int | None = None
    suffix: str = ""
    parted: dict[str, str] | None = None


def written(epoch: str, prior: bytes | None, texts: Iterable[bytes], **also: object) -> bytes:
    """Write a page of lines, or runs of lines, that are JSON text, with what else is told beside them."""
    head = orjson.dumps({"epoch": epoch, "prior": None if prior is None else chains.as_text(prior), **also})
    return b'%s,"events":[%s]}' % (head[:-1], b",".join(texts))


def for_stream(epoch: str, prior: bytes, lines: Iterable[Line]) -> Iterator[bytes]:
    """Put lines together to pages of at most `PAGE_BYTES`, or of one line."""
    held: list[Line] = []
    size = 0
    for line in lines:
        if held and size + len(line.text) > PAGE_BYTES:
            yield written(epoch, prior, (kept.text for kept in held))
            prior = held[-1].chain
            held, size = [], 0
        held.append(line)
        size += len(line.text) + 1
    if held:
        yield written(epoch, prior, (kept.text for kept in held))


def read(text: bytes) -> Page:
    """Read a page.

    Raises:
        ValueError: this is no page of a log.
    """
    try:
        document: dict[str, Any] = orjson.loads(text)
        chain, entries = document["prior"], []
        for told in document["events"]:
            # A sequence that is no number is a TypeError here, and no page of a log.
            told["sequence"] + 0
            entries.append(Entry(told, chain))
            chain = told["chain"]
        if any(after.sequence != before.sequence + 1 for before, after in pairwise(entries)):
            raise ValueError("lines are missing")
        suffix = document.get("suffix", "")
        return Page(document["epoch"], document["prior"], entries, document.get("head"), suffix, document.get("parted"))
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("this is no page of a log") from error
