"""Notices that the service's own log has gone back, as after a restore, and begins a new epoch of it then (ADR 16).

What the log is held against is known outside of its database: what this process has seen, what stands last on the
service's stream, and the anchor, a file. Owns no line of the log.
"""

import asyncio
import contextlib
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import orjson
import structlog

from shared import clock
from shared.backbone import chains, event_log
from shared.backbone.event_log import Mark
from shared.backbone.pages import Page
from shared.database import Connection

Reason = Literal["went_back", "another_installation"]
# How far behind the log its anchor may be.
ANCHOR_SECONDS: Final = 5.0
# How much of an epoch a cursor bears.
CURSOR_DIGITS: Final = 8
ANCHOR_FILE: Final = 0o600
ANCHOR_FOLDER: Final = 0o700

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The file that keeps the end of a service's log outside of its database."""

    path: Path

    def read(self) -> Mark | None:
        """Give what it keeps; None where there is none, or nothing that can be read."""
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            kept = orjson.loads(self.path.read_bytes())
            return Mark(str(UUID(kept["epoch"])), int(kept["sequence"]), bytes.fromhex(kept["chain"]))
        return None

    def write(self, mark: Mark) -> None:
        """Keep the end of the log: whole, or as it was.

        Raises:
            OSError: it cannot be written.
        """
        kept = {**asdict(mark), "epoch": str(mark.epoch), "chain": mark.chain.hex(), "at": clock.now()}
        self.path.parent.mkdir(mode=ANCHOR_FOLDER, parents=True, exist_ok=True)
        # In containers every process has the same number, and two replicas may share the folder.
        new = self.path.with_suffix(f".{socket.gethostname()}-{os.getpid()}.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ANCHOR_FILE), "wb") as file:
            file.write(orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


class LogWentBack(Exception):
    """The log is not the one any more that was read before."""


class Continuity:
    """Knows how far a service's log had come, and that it is still the same log."""

    def __init__(self, service: str, key: bytes, anchor: Anchor | None = None) -> None:
        self._service = service
        self._key = key
        self._anchor = anchor
        self._seen: Mark | None = None
        self._anchored: Mark | None = None
        self._anchored_at = 0.0
        self._founded: str | None = None

    @property
    def suffix(self) -> str:
        """Give what a cursor bears so that it is not taken for one of an earlier epoch; the first bears nothing."""
        if self._seen is None or self._seen.epoch == self._founded:
            return ""
        return f"@{self._seen.epoch[:CURSOR_DIGITS]}"

    async def begin(self, connection: Connection, on_stream: Mark | None) -> Mark:
        """Hold the log against its key, its anchor and the end of its stream; give where it ends."""
        key: bytes | None = await connection.fetchval("SELECT key FROM event_log_head")
        if key != self._key:
            if key is not None:
                await self._begin_epoch(connection, "another_installation")
            await connection.execute("UPDATE event_log_head SET key = $1", self._key)
        self._founded = await connection.fetchval("SELECT epoch::text FROM log_epoch ORDER BY number LIMIT 1")
        return await self.confirmed(connection, await self.anchored(), on_stream)

    async def confirmed(self, connection: Connection, *others: Mark | None) -> Mark:
        """Give the end of the log, once it holds all that this process has seen of it, and what others knew of it."""
        known = [mark for mark in (self._seen, *others) if mark is not None]
        end, held = await event_log.held_against(connection, known)
        for mark, is_held in zip(known, held, strict=True):
            if not is_held:
                end = await self._begin_epoch(connection, "went_back", mark)
        self.saw(end)
        return end

    def saw(self, mark: Mark) -> None:
        """Know that the log went as far as a place."""
        if self._seen is None or mark.epoch != self._seen.epoch or mark.sequence > self._seen.sequence:
            self._seen = mark

    async def anchored(self) -> Mark | None:
        """Give what is kept outside of the database; None where nothing is."""
        return None if self._anchor is None else await asyncio.to_thread(self._anchor.read)

    async def keep(self, mark: Mark) -> None:
        """Keep the end of the log in the anchor, from time to time; what cannot be written is said, and no more."""
        now = asyncio.get_running_loop().time()
        if self._anchor is None or mark == self._anchored or now < self._anchored_at + ANCHOR_SECONDS:
            return
        self._anchored_at = now
        try:
            await asyncio.to_thread(self._anchor.write, mark)
        except OSError as error:
            log.warning("log.not_anchored", service=self._service, error=type(error).__name__)
        else:
            self._anchored = mark

    async def _begin_epoch(self, connection: Connection, reason: Reason, known: Mark | None = None) -> Mark:
        """Begin a new epoch, unless another replica has just done so; who followed the log has to ask anew."""
        async with connection.transaction():
            await connection.execute("SELECT FROM event_log_head FOR UPDATE")
            end, held = await event_log.held_against(connection, () if known is None else (known,))
            if held == [True]:
                return end
            if known is None and await connection.fetchval("SELECT key FROM event_log_head") == self._key:
                return end
            if known is not None:
                # From now on it is an epoch of the past, and holds nobody up again.
                await self._note(connection, known.epoch, known.sequence, reason)
            epoch: str = await connection.fetchval("SELECT gen_random_uuid()::text")
            await self._note(connection, epoch, end.sequence, reason)
            await connection.execute("UPDATE event_log_head SET key = $1", self._key)
            begun = await event_log.mark(connection)
        log.error(
            "log.epoch_begun",
            service=self._service,
            reason=reason,
            head=end.sequence,
            known=None if known is None else known.sequence,
            epoch=epoch,
        )
        return begun

    @staticmethod
    async def _note(connection: Connection, epoch: str, sequence: int, reason: Reason) -> None:
        await connection.execute(
            "INSERT INTO log_epoch (epoch, begun, sequence, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            epoch,
            clock.now(),
            sequence,
            reason,
        )


def end_of(page: Page) -> Mark:
    """Give where a page of a log ends."""
    last = page.entries[-1]
    return Mark(page.epoch, last.sequence, chains.from_text(last.chain))
