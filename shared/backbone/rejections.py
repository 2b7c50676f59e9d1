"""What intake refused, counted: in whose name, of which type, for what and on which day (ADR 42).

Owns the queries on `rejection`, and the notes on their way there. Nothing of a refused event is kept but its type,
where the catalogue has it, and the area, where its sender may speak for it: what was refused may hold anything.
"""

import asyncio
import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog

from shared import clock, database
from shared.codes import MESSAGES
from shared.database import Connection, Pool
from shared.errors import Fault
from shared.events.catalogue import Posted
from shared.events.envelope import AREA_PREFIX, NETWORK, SOURCE_PATTERN
from shared.tokens import Identity

KEPT_DAYS: Final = 28
LISTED: Final = 1_000
# Kinds that may wait to be written; of what comes on top of them only the number is logged.
WAITING_KINDS: Final = 1_000
# However much is refused, it is written this often.
PAUSE_SECONDS: Final = 1.0
FORGET_SECONDS: Final = 3_600
CLOSE_SECONDS: Final = 5
UNREADABLE: Final = "unreadable"
# Another service will say in a moment what is missing, and the sender posts again.
PASSING: Final = "not_yet_known"
# The name of the position that counts how often anything here has changed.
CHANGES: Final = "rejections"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rejection:
    """How many events were refused on a day in the name of a source, of one type and with one code.

    `type` is one of the catalogue's, or `unreadable`.
    """

    source: str
    type: str
    code: str
    day: date
    events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """What refused events are counted by; `is_vouched` tells that the sender's token itself names the source."""

    source: str
    is_vouched: bool
    type: str
    code: str
    day: date


@dataclass(slots=True)
class _Count:
    events: int
    first_at: datetime
    last_at: datetime


def kinds(
    posted: Sequence[Posted], faults: Iterable[Fault], sender: Identity, day: date, *, is_whole: bool
) -> Iterator[Kind]:
    """Tell what the refused events of a request are counted by, each once, under the first of its faults.

    `is_whole` tells that all of the request was refused: where a part of it is only not yet known, all is posted again.
    """
    first: dict[int | None, Fault] = {}
    for fault in faults:
        first.setdefault(fault.index, fault)
    if is_whole and any(fault.code == PASSING for fault in first.values()):
        return
    events = {item.index: item.event for item in posted if item.index in first}
    for index, fault in first.items():
        if fault.code != PASSING:
            event = events.get(index) if index is not None else None
            said = (event.type, event.source) if event else (fault.type, fault.source)
            source, is_vouched = _spoken_for(sender, said[1])
            code = fault.code if fault.code in MESSAGES else UNREADABLE
            yield Kind(source, is_vouched, said[0] or UNREADABLE, code, day)


def _spoken_for(sender: Identity, source: str | None) -> tuple[str, bool]:
    """Tell in whose name a sender spoke, as far as it may; and whether its token says so.

    An administrator may speak for any area, so for one that does not exist too.
    """
    if sender.role == "admin":
        return source or NETWORK, source is None
    own = sorted(f"{AREA_PREFIX}{area}" for area in sender.areas) if sender.role == "coordinator" else []
    # An event in a different area's name, or one without a readable source, counts for the coordinator's own area.
    spoken = source if source in own else own[0] if len(own) == 1 else NETWORK
    return (spoken if re.fullmatch(SOURCE_PATTERN, spoken) else NETWORK), True


class RejectionNotes:
    """Takes note of what is refused, and writes it down a little later: no request waits for it."""

    def __init__(self, pool: Pool, owner: str) -> None:
        self._pool = pool
        self._owner = owner
        self._waiting: dict[Kind, _Count] = {}
        self._missed = 0
        self._noted = asyncio.Event()
        self._writing = asyncio.Lock()

    def note(self, posted: Sequence[Posted], faults: Iterable[Fault], sender: Identity, *, is_whole: bool) -> None:
        """Note the refused events of a request."""
        now = clock.now()
        for kind in kinds(posted, faults, sender, clock.day_of(now), is_whole=is_whole):
            self._add(kind, _Count(1, now, now))

    async def run(self) -> None:
        """Write what is noted, and forget what is old, until cancelled."""
        while True:
            try:
                await self.write()
            except database.UNAVAILABLE as error:
                log.warning("rejections.waiting", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FORGET_SECONDS):
                    await self._noted.wait()
            self._noted.clear()

    async def write(self) -> None:
        """Write what is noted by now, and forget what is old; what the database could not take waits on.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError: the database is away.
        """
        async with self._writing:
            taken, self._waiting = self._waiting, {}
            if self._missed:
                log.warning("rejections.too_many_kinds", events=self._missed)
                self._missed = 0
            try:
                async with self._pool.acquire() as connection, connection.transaction():
                    if taken:
                        await _add(connection, self._owner, taken)
                    await forget(connection, clock.today())
            except database.UNAVAILABLE:
                for kind, count in taken.items():
                    self._add(kind, count)
                raise

    async def close(self) -> None:
        """Write what is left, in bounded time."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.write()
        except database.UNAVAILABLE as error:
            log.warning("rejections.lost", kinds=len(self._waiting), error=type(error).__name__)

    def _add(self, kind: Kind, count: _Count) -> None:
        there = self._waiting.get(kind)
        if there is not None:
            there.events += count.events
            there.first_at, there.last_at = min(there.first_at, count.first_at), max(there.last_at, count.last_at)
        elif len(self._waiting) < WAITING_KINDS:
            self._waiting[kind] = count
        else:
            self._missed += count.events
        self._noted.set()


async def _add(connection: Connection, owner: str, counts: dict[Kind, _Count]) -> None:
    """Add counts to what is there; a source that neither the token nor the log vouches for counts as the network's."""
    await connection.execute(
        """
        INSERT INTO rejection (owner, source, type, code, day, events, first_at, last_at)
        SELECT $1, spoken.source, type, code, day, sum(events), min(first_at), max(last_at)
        FROM unnest($2::text[], $3::boolean[], $4::text[], $5::text[], $6::date[], $7::bigint[], $8::timestamptz[],
                    $9::timestamptz[]) AS new(said, is_vouched, type, code, day, events, first_at, last_at),
             LATERAL (SELECT CASE WHEN is_vouched OR EXISTS (SELECT FROM event_log WHERE source = said)
                             THEN said ELSE $10 END AS source) AS spoken
        GROUP BY spoken.source, type, code, day ORDER BY spoken.source, type, code, day
        ON CONFLICT (owner, source, type, code, day) DO UPDATE SET
            events = rejection.events + excluded.events,
            first_at = least(rejection.first_at, excluded.first_at),
            last_at = greatest(rejection.last_at, excluded.last_at)
        """,
        owner,
        *database.columns(
            (
                (each.source, each.is_vouched, each.type, each.code, each.day, of.events, of.first_at, of.last_at)
                for each, of in counts.items()
            ),
            8,
        ),
        NETWORK,
    )
    await _changed(connection)


def from_json(document: dict[str, Any]) -> Rejection:
    """Read what another service says that it refused.

    Raises:
        LookupError, TypeError, ValueError: it is none.
    """
    return Rejection(
        source=document["source"],
        type=document["type"],
        code=document["code"],
        day=date.fromisoformat(document["day"]),
        events=int(document["events"]),
        first_at=datetime.fromisoformat(document["first_at"]),
        last_at=datetime.fromisoformat(document["last_at"]),
    )


async def take_over(connection: Connection, owner: str, told: Sequence[Rejection]) -> None:
    """Note what another service says that it refused; said again, or late, it changes nothing."""
    status: str = await connection.execute(
        """
        INSERT INTO rejection (owner, source, type, code, day, events, first_at, last_at)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[], $7::timestamptz[],
                                 $8::timestamptz[]) AS new(source, type, code, day, events, first_at, last_at)
        ORDER BY source, type, code, day
        ON CONFLICT (owner, source, type, code, day) DO UPDATE SET
            events = excluded.events, first_at = excluded.first_at, last_at = excluded.last_at
        WHERE rejection.events < excluded.events
        """,
        owner,
        *database.columns(
            ((each.source, each.type, each.code, each.day, each.events, each.first_at, each.last_at) for each in told),
            7,
        ),
    )
    if status != "INSERT 0 0":
        await _changed(connection)


async def latest(connection: Connection, owner: str, limit: int) -> list[Rejection]:
    """Give what a service refused, the latest first."""
    rows = await connection.fetch(
        "SELECT source, type, code, day, events, first_at, last_at FROM rejection WHERE owner = $1"
        " ORDER BY last_at DESC, source, type, code, day LIMIT $2",
        owner,
        limit,
    )
    return [Rejection(**row) for row in rows]


async def forget(connection: Connection, today: date) -> None:
    """Delete what was refused longer ago than it is kept."""
    await connection.execute("DELETE FROM rejection WHERE day <= $1", today - timedelta(days=KEPT_DAYS))


async def _changed(connection: Connection) -> None:
    await connection.execute(
        "INSERT INTO position (name, sequence) VALUES ($1, 1)"
        " ON CONFLICT (name) DO UPDATE SET sequence = position.sequence + 1",
        CHANGES,
    )
