"""Posts the lanes and remembers every answer. Owns what was promised: an event answered is an event stored.

A sender that gets no answer sends the same again, as any sender of ours may, until it gets one.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import orjson

from shared.tokens import LONGEST_TOKEN, Identity
from tests.chaos.processes import OWNERS, Running
from tests.chaos.story import Batch
from tests.support.builders import Json
from tests.support.keyring import Keyring

ANSWER_SECONDS: Final = 15
AGAIN_SECONDS: Final = 0.2
PAUSE_SECONDS: Final = 0.02
REPEATED: Final = 0.1
# What says: not now. Anything else that is no success is a breach, since every event here is a good one.
NOT_NOW: Final = frozenset({409, 429, 502, 503, 504})

TIMED: Final = frozenset({429, 503, 504})


@dataclass(slots=True)
class Promises:
    """What was answered: the sequence of every event, by owner, and what should never have been said."""

    sequences: dict[str, dict[tuple[str, str], int]] = field(default_factory=lambda: {owner: {} for owner in OWNERS})
    requests: int = 0
    unanswered: int = 0
    put_off: int = 0
    longest_answer_seconds: float = 0.0
    longest_pause_seconds: float = 0.0
    answered_at: float | None = None
    breaches: list[str] = field(default_factory=list)

    @property
    def events(self) -> int:
        """Count the events that were answered."""
        return sum(map(len, self.sequences.values()))

    def answered_after(self, seconds: float) -> None:
        """Note how long a batch that was answered just now has waited, and how long there was no answer at all."""
        now = time.monotonic()
        self.longest_answer_seconds = max(self.longest_answer_seconds, seconds)
        self.longest_pause_seconds = max(self.longest_pause_seconds, now - (self.answered_at or now))
        self.answered_at = now

    def head(self, owner: str) -> int:
        """Give the largest sequence that an owner has answered."""
        return max(self.sequences[owner].values(), default=0)


class Poster:
    """Posts lanes until told to stop; a batch that was begun is posted to its end."""

    def __init__(self, system: Running, keyring: Keyring, seed: int) -> None:
        self._system = system
        self._issue = keyring.issue
        self._dice = random.Random(f"{seed} poster")
        self._stopping = asyncio.Event()
        self.promises = Promises()
        # Since when each batch waits that is being posted.
        self._waiting: set[float] = set()

    def waiting_since(self) -> float:
        """Give since when somebody waits for an answer: now, where nobody does."""
        return min(self._waiting, default=time.monotonic())

    def stop(self) -> None:
        """Begin no new batch."""
        self._stopping.set()

    async def post(self, lanes: list[Iterator[Batch]], limit: int | None = None) -> None:
        """Post all lanes at once, each in its order, until told to stop or until each has sent `limit` batches."""
        headers = {"Content-Type": "application/json"}
        async with httpx.AsyncClient(headers=headers, timeout=ANSWER_SECONDS) as client, asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._lane(client, lane, limit))

    async def _lane(self, client: httpx.AsyncClient, lane: Iterator[Batch], limit: int | None) -> None:
        before: Batch | None = None
        for place, batch in enumerate(lane):
            if self._stopping.is_set() or place == limit:
                return
            await self._until_answered(client, batch)
            if before is not None and self._dice.random() < REPEATED:
                await self._until_answered(client, before)
            before = batch
            await asyncio.sleep(PAUSE_SECONDS)

    async def _until_answered(self, client: httpx.AsyncClient, batch: Batch) -> None:
        started = time.monotonic()
        self._waiting.add(started)
        url, body = f"{self._system.address(batch.owner)}/events", orjson.dumps(batch.events)
        while True:
            self.promises.requests += 1
            had_wrong_clocks = self._system.has_wrong_clocks
            try:
                token = self._issue(Identity("admin"), valid_for=LONGEST_TOKEN)
                answer = await client.post(url, content=body, headers={"Authorization": f"Bearer {token}"})
            except httpx.HTTPError:
                self.promises.unanswered += 1
            else:
                # A clock that is wrong takes a good token for none.
                is_unknown = answer.status_code == httpx.codes.UNAUTHORIZED
                is_put_off = is_unknown and (had_wrong_clocks or self._system.has_wrong_clocks)
                if not is_put_off and not _not_now(answer):
                    break
                self._check_put_off(answer)
                self.promises.put_off += 1
            await asyncio.sleep(AGAIN_SECONDS * self._dice.uniform(0.5, 1.5))
        self._waiting.discard(started)
        self.promises.answered_after(time.monotonic() - started)
        self._remember(batch, answer)

    def _check_put_off(self, answer: httpx.Response) -> None:
        """Whoever is told to come back is told when; what is not yet known is refused beside what says so."""
        if answer.status_code in TIMED and "retry-after" not in answer.headers:
            self.promises.breaches.append(f"told to come back, and not when: {answer.status_code} {answer.text[:300]}")

    def _remember(self, batch: Batch, answer: httpx.Response) -> None:
        if answer.status_code not in {httpx.codes.OK, httpx.codes.CREATED}:
            self.promises.breaches.append(f"a good batch was answered {answer.status_code}: {answer.text[:300]}")
            return
        said: list[dict[str, Any]] = answer.json()["events"]
        for event, result in zip(batch.events, said, strict=True):
            self._remember_one(batch.owner, event, result)

    def _remember_one(self, owner: str, event: Json, result: dict[str, Any]) -> None:
        identity = (event["source"], event["id"])
        known = self.promises.sequences[owner].setdefault(identity, result["sequence"])
        if known != result["sequence"] or result["id"] != event["id"]:
            self.promises.breaches.append(f"{owner} answered {known} for {identity}, and later {result['sequence']}")


def _not_now(answer: httpx.Response) -> bool:
    """Tell whether an answer says to come back; what hangs on the unknown is refused beside it for another reason."""
    if answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
        return answer.status_code in NOT_NOW
    return any(error["code"] == "not_yet_known" for error in answer.json().get("errors", ()))
