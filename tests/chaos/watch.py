"""Watches a run from outside, while it runs. Owns the two rules of the courier, and how long recoveries take.

1. What a group counts as done is committed by its service: an entry that was delivered and is no longer pending lies
   within the service's position. Acknowledging before the commit breaks it, and so does a group made at the end.
2. What the relay's position covers was put on the stream. Saving the position before publishing breaks it.

Neither does harm by itself, since the log fills every gap; each is what keeps the log from being asked for everything.
"""

import asyncio
import contextlib
import re
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import redis.exceptions

from shared import database
from shared.backbone import streams
from shared.events.envelope import Owner
from tests.chaos.poster import Promises
from tests.chaos.processes import OWNERS, Running

LOOK_SECONDS: Final = 0.1
LOOKED_AT: Final = 1_000
SEQUENCE: Final = re.compile(rb'\{"sequence":([0-9]+),')
EMPTIED_SECONDS: Final = 1.0
# The field that a message has which the run itself forged.
FORGED: Final = b"forged"
FOLLOWS: Final = {"registry": ("funding",), "funding": ("registry",), "reporting": ("registry", "funding")}
AWAY: Final = (redis.exceptions.RedisError, asyncpg.PostgresError, *database.UNAVAILABLE)


@dataclass(slots=True)
class Seen:
    """What was seen; `longest_wait_seconds` is from an event's answer to its effect, by who waited."""

    looks: int = 0
    longest_wait_seconds: dict[str, float] = field(default_factory=dict)
    breaches: dict[str, None] = field(default_factory=dict)

    def breach(self, said: str) -> None:
        """Note a breach; said again it is the same one."""
        self.breaches[said] = None


class Watch:
    """Looks at positions and streams again and again, past the wires."""

    def __init__(self, system: Running, promises: Promises) -> None:
        self._system = system
        self._promises = promises
        self._waiting: dict[tuple[str, str], deque[tuple[int, float]]] = {
            (service, owner): deque() for service, owners in FOLLOWS.items() for owner in owners
        }
        # What was on a stream when it was emptied need not be there any more.
        self._emptied_at = time.monotonic()
        self._floor: dict[Owner, int] | None = None
        self.seen = Seen()

    def emptied(self) -> None:
        """Take note that a fault took entries off the streams."""
        self._emptied_at = time.monotonic()
        self._floor = None

    async def run(self) -> None:
        """Look until cancelled; what is away just now is looked at the next time."""
        while True:
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(10):
                    await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once.

        Raises:
            AWAY: PostgreSQL or Redis is away.
        """
        # The order is what makes a rule one: what must be there first is read last, but for the stream, which only
        # gets longer.
        relayed = {owner: (await self.positions(owner)).get("relay", 0) for owner in OWNERS}
        on_stream = {owner: await self._sequences(owner) for owner in OWNERS}
        self._check_relays(relayed, on_stream)
        done = {
            (service, owner): await self._done(service, owner)
            for service, owners in FOLLOWS.items()
            for owner in owners
        }
        for service, owners in FOLLOWS.items():
            positions = await self.positions(service)
            for owner in owners:
                self._time(service, owner, positions.get(owner, 0))
                if done[service, owner] > positions.get(owner, 0):
                    self.seen.breach(f"{service} acknowledged what it had not committed of {owner}")
        self.seen.looks += 1

    def _check_relays(self, relayed: dict[Owner, int], on_stream: dict[Owner, dict[bytes, int]]) -> None:
        if self._floor is None:
            # What was published just before may be noted just after.
            if time.monotonic() > self._emptied_at + EMPTIED_SECONDS:
                self._floor = relayed
            return
        for owner in OWNERS:
            held = on_stream[owner].values()
            # The relay itself empties a stream when something in it was erased from the log.
            if held and max(held) < relayed[owner] and relayed[owner] > self._floor[owner]:
                self.seen.breach(f"the relay of {owner} saved a position that it had not published")

    async def positions(self, service: str) -> dict[str, int]:
        """Read a service's positions in its database."""
        async with connected(self._system, service) as connection:
            rows = await connection.fetch("SELECT name, sequence FROM position")
            return {row["name"]: row["sequence"] for row in rows}

    async def pending(self, service: str, owner: str) -> int:
        """Count the entries that were delivered and are not acknowledged; 0 where there is no group."""
        try:
            waiting: dict[str, int] = await self._system.redis_client.xpending(streams.stream_name(owner), service)
        except redis.exceptions.ResponseError:
            return 0
        return waiting["pending"]

    async def _sequences(self, owner: str) -> dict[bytes, int]:
        """Read what the end of a stream holds: the last sequence of each message, by its id."""
        client: Any = self._system.redis_client
        return _sequences_of(await client.xrevrange(streams.stream_name(owner), count=LOOKED_AT))

    async def _done(self, service: str, owner: str) -> int:
        """Give the largest sequence that a group counts as done."""
        stream = streams.stream_name(owner)
        # All in one moment: a fault may take the group away and the service make another between two questions.
        question: Any = self._system.redis_client.pipeline(transaction=True)
        question.xinfo_groups(stream).xpending_range(stream, service, "-", "+", 100_000)
        question.xrevrange(stream, count=LOOKED_AT)
        try:
            groups, pending, entries = await question.execute()
        except redis.exceptions.ResponseError:
            # There is no stream, or no such group.
            return 0
        group = next(group for group in groups if group["name"] == service.encode())
        held = _sequences_of(entries)
        end = _place(group["last-delivered-id"])
        waiting = {item["message_id"] for item in pending}
        done = [sequence for identifier, sequence in held.items() if _place(identifier) <= end]
        open_ = [sequence for identifier, sequence in held.items() if identifier in waiting]
        return max(set(done) - set(open_), default=0)

    def _time(self, service: str, owner: str, position: int) -> None:
        now, waiting = time.monotonic(), self._waiting[service, owner]
        head = self._promises.head(owner)
        if head and (not waiting or waiting[-1][0] < head):
            waiting.append((head, now))
        while waiting and waiting[0][0] <= position:
            _, since = waiting.popleft()
            key = f"{service} of {owner}"
            self.seen.longest_wait_seconds[key] = max(self.seen.longest_wait_seconds.get(key, 0.0), now - since)


@contextlib.asynccontextmanager
async def connected(system: Running, service: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """Connect to a service's database, past the wires."""
    connection = await database.connect(database.service_url(system.database_url, service))
    try:
        yield connection
    finally:
        with contextlib.suppress(*AWAY):
            await connection.close(timeout=2)


def sequence_of(fields: Any) -> int | None:  # noqa: ANN401  what Redis gives
    """Read the last sequence of a message; None where its owner did not make it."""
    found = SEQUENCE.findall(fields.get(streams.PAGE, b""))
    return int(found[-1]) if found and FORGED not in fields else None


def _sequences_of(entries: list[Any]) -> dict[bytes, int]:
    return {identifier: sequence for identifier, fields in entries if (sequence := sequence_of(fields))}


def _place(identifier: bytes) -> tuple[int, int]:
    milliseconds, _, number = identifier.partition(b"-")
    return int(milliseconds), int(number)
