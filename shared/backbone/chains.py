"""What ties the lines of a log together: each line's content, and the chain over all lines up to it. Pure.

Whoever appends lines computes it (`appending.append`), and whoever verifies them does so again (ADR 16).
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

# The chain before the first line.
BEFORE_THE_FIRST: Final = b""
EPOCH_OF_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MICROSECONDS_BYTES: Final = 8


def content(digest: bytes, recorded: datetime, outcome: str | None, author: str | None = None) -> bytes:
    """Give the 32 bytes that stand for a line: what was accepted, when, what was decided beyond it, and who sent it.

    Lines from before authors were noted have none. An outcome holds no line break, so that it ends where the author
    begins.
    """
    return content_at(digest, told(recorded), outcome, authored(author))


def told(recorded: datetime) -> bytes:
    """Give a line's time as its content holds it."""
    return ((recorded - EPOCH_OF_TIME) // MICROSECOND).to_bytes(MICROSECONDS_BYTES, "big", signed=True)


def authored(author: str | None) -> bytes:
    """Give who sent a line as its content holds it."""
    return b"" if author is None else f"\n{author}".encode()


def content_at(digest: bytes, told: bytes, outcome: str | None, authored: bytes) -> bytes:
    """Give the same of a line whose time and author are written already: those of lines that come together repeat."""
    return hashlib.sha256(digest + told + (outcome.encode() + authored if outcome else authored)).digest()


def linked(chain: bytes, line: bytes) -> bytes:
    """Give the chain after one more line, of which this is the content."""
    return hashlib.sha256(chain + line).digest()


def as_text(chain: bytes) -> str:
    """Write a chain as pages of a log do."""
    return base64.b64encode(chain).decode()


def from_text(text: str) -> bytes:
    """Read a chain as pages of a log write it.

    Raises:
        ValueError: it is none.
    """
    return base64.b64decode(text, validate=True)
