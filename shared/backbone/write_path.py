"""How posted events become facts: one unit of work for one event or five thousand, and a group commit.

Concurrent requests are gathered: while one transaction is on its way, the next ones wait in a bounded queue and go
into the following transaction together. Owns the transaction; knows no rule and no table of a service.
"""

import asyncio
import collections
import contextlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson
import structlog

from shared import clock, database
from shared.backbone import appending, event_log
from shared.backbone.body_reader import BodyReader
from shared.backbone.decisions import Decision
from shared.backbone.event_log import Accepted
from shared.backbone.rejections import UNREADABLE, RejectionNotes
from shared.backbone.submissions import Draft, OnError, Result, Submission, answer, fail
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, Pool
from shared.errors import Busy, EventsRefused, Fault, Refused
from shared.events.catalogue import MAX_EVENTS, MAX_FAULTS, Catalogue, Posted
from shared.events.envelope import CloudEvent
from shared.events.findings import EVENT_FAULTS
from shared.events.text_fields import TYPES_OF_PEOPLE
from shared.fairness import Shares
from shared.metrics import Metrics
from shared.tokens import Identity

if TYPE_CHECKING:
    from shared.tracing import Tracing

# A unit of work holds the events of as many requests as fit, or of one larger request. In a larger unit nothing would
# overlap: the database waits while it is decided, and this process while it is stored.
GROUP_EVENTS: Final = 600
# While one unit of work waits for the database, others are decided: where batches wait. Single events gain more from
# going together, since every unit of work costs the same questions and one commit.
UNITS_OF_WORK: Final = 3
BATCH_EVENTS: Final = 200
# Events that are decided before others of this process have their turn.
DECIDED_AT_ONCE: Final = 250
ATTEMPTS: Final = 5
# Who is counted where nobody sent anything: the events that are there from the start.
OURSELVES: Final = "ourselves"
CLOSE_SECONDS: Final = 20

log = structlog.get_logger()
# What metrics call all events that name people.
PEOPLE: Final = "people"


class UseCases(Protocol):
    """What a service brings: load → decide → save. None of it commits."""

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load and lock all rows that the events name, in a few bulk statements."""

    def decide(self, state: WorkingSet, posted: Posted) -> Decision:
        """Apply the rule of an event to the state; pure. Raises `Refused`."""

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save the changed rows in bulk."""

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Insert rows that carry the sequence of their event, in bulk."""


class Overtaken(Exception):
    """A different process has stored some of these events while they were decided."""


class Writer:
    """Takes requests, and writes what they hold, many requests in one transaction."""

    def __init__(  # noqa: PLR0913  it joins these parts and owns none of them
        self,
        pool: Pool,
        catalogue: Catalogue,
        use_cases: UseCases,
        metrics: Metrics,
        *,
        rejections: RejectionNotes,
        waiting_limit: int,
        met: Callable[[Exception], None] = lambda _: None,
        sender_limit: int | None = None,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._pool = pool
        self._reader = BodyReader(catalogue)
        self._use_cases = use_cases
        self._metrics = metrics
        self._rejections = rejections
        self._met = met
        self._tracing = tracing
        self._tail = appending.Tail()
        self._waiting: collections.deque[Submission] = collections.deque()
        # Events that are not answered yet, and those of them that no unit of work has taken.
        share = sender_limit or waiting_limit + MAX_EVENTS
        self._unanswered = Shares("events waiting to be written", waiting_limit, share)
        self._untaken = 0
        self._wake = asyncio.Event()
        self._closing = False
        self._units: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to write."""
        self._tasks = [asyncio.create_task(self._run(), name="writer")]

    async def close(self) -> None:
        """Finish what was taken, in bounded time, and take no more."""
        self._closing = True
        self._wake.set()
        async with asyncio.timeout(CLOSE_SECONDS):
            await asyncio.gather(*self._tasks)
        self._reader.close()

    async def post(  # noqa: PLR0913  what a request says beside its body
        self,
        body: bytes,
        sender: Identity,
        on_error: OnError,
        cause: str | None = None,
        *,
        counted_as: str = OURSELVES,
        acknowledged: bool = False,
    ) -> list[Result]:
        """Write the events of one request and give what became of each; its sender's share is `counted_as`.

        Where the sender `acknowledged` that texts may name people, that is a warning and no fault.

        Raises:
            EventsRefused: any event is at fault, and `on_error` is "refuse"; nothing was stored.
            TooManyRequests: too many events of this sender are waiting.
            Busy: too much is waiting, the service is closing, or the database does not answer or takes no writes.
            BadRequest, TooLarge: the body cannot be read.
        """
        max_faults = MAX_FAULTS if on_error == "refuse" else MAX_EVENTS * EVENT_FAULTS
        posted, faults = await self._reader.read(body, sender, max_faults, counted_as, acknowledged=acknowledged)
        if on_error == "refuse" and faults and (not posted or len(faults) >= max_faults):
            self._note_refused(posted, faults, sender, on_error)
            raise EventsRefused(faults)
        if self._closing:
            raise Busy("the service is about to end; try again")
        with self._unanswered.held(counted_as, len(posted)):
            results: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
            self._waiting.append(Submission(posted, faults, sender, on_error, results, cause))
            self._untaken += len(posted)
            self._wake.set()
            return await results

    async def _run(self) -> None:
        while self._waiting or not self._closing:
            if self._may_begin():
                unit = asyncio.create_task(self._write(self._take_group()), name="unit of work")
                self._units.add(unit)
                unit.add_done_callback(self._ended)
            else:
                self._wake.clear()
                await self._wake.wait()
        await asyncio.gather(*self._units)

    def _may_begin(self) -> bool:
        """Tell whether to begin a unit of work: the first for whatever waits, more beside it for batches."""
        if not self._waiting:
            return False
        return not self._units or (len(self._units) < UNITS_OF_WORK and self._untaken >= BATCH_EVENTS)

    def _ended(self, unit: "asyncio.Task[None]") -> None:
        self._units.discard(unit)
        self._wake.set()

    def _take_group(self) -> list[Submission]:
        """Take the longest-waiting submissions that fit into one unit of work; at least one."""
        group = [self._waiting.popleft()]
        size = len(group[0].posted)
        while self._waiting and size + len(self._waiting[0].posted) <= GROUP_EVENTS:
            size += len(self._waiting[0].posted)
            group.append(self._waiting.popleft())
        self._untaken -= size
        return group

    async def _write(self, group: list[Submission]) -> None:
        """Write a group in one transaction and answer everyone in it, whatever happens."""
        try:
            drafts, before = await self._attempt(group)
        except database.UNAVAILABLE as error:
            self._met(error)
            # While the line is hung up, that was logged once.
            if not isinstance(error, database.HungUp):
                log.warning("writer.database_unavailable", error=type(error).__name__)
            fail(group, Busy(database.AWAY))
        except Exception as error:
            if len(group) > 1:
                # One of them carries what broke: alone, each shows whether it was the one.
                for submission in group:
                    await self._write([submission])
                return
            log.exception("writer.failed", error=type(error).__name__)
            fail(group, error)
        else:
            self._count(drafts)
            for draft in drafts:
                answer(draft, before)

    def _count(self, drafts: list[Draft]) -> None:
        """Count what became of each event, once for the whole group, and note what was refused."""
        became = collections.Counter((item.event.type, "accepted") for draft in drafts for _, item, _ in draft.accepted)
        became.update((item.event.type, "duplicate") for draft in drafts for item, _ in draft.duplicates)
        for draft in drafts:
            if draft.faults:
                submission = draft.submission
                self._note_refused(submission.posted, draft.faults, submission.sender, submission.on_error)
                kinds = {item.index: item.event.type for item in submission.posted}
                faulty = {fault.index for fault in draft.faults}
                became.update((kinds.get(index or 0, UNREADABLE), "rejected") for index in faulty)
        for (kind, status), events in became.items():
            # Who reads metrics is nobody whose area it is: how many enrolled is none of their business.
            self._metrics.intake.labels(PEOPLE if kind in TYPES_OF_PEOPLE else kind, status).inc(events)

    def _note_refused(
        self, posted: Sequence[Posted], faults: Sequence[Fault], sender: Identity, on_error: OnError
    ) -> None:
        """Count every fault, and note what was refused for the attention list."""
        for fault in faults:
            self._metrics.intake_faults.labels(fault.code).inc()
        self._rejections.note(posted, faults, sender, is_whole=on_error == "refuse")

    async def _attempt(self, group: list[Submission]) -> tuple[list[Draft], int]:
        """Try the unit of work until it does not lose a race against another process."""
        for attempt in range(ATTEMPTS):
            try:
                with self._span(group):
                    async with self._pool.acquire() as connection, connection.transaction():
                        return await self._unit_of_work(connection, group, clock.now())
            except (*database.LOST_RACE, Overtaken):
                if attempt == ATTEMPTS - 1:
                    raise
                self._metrics.lost_races.inc()
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _span(self, group: list[Submission]) -> AbstractContextManager[object]:
        """Make the span of a unit of work: in its first request's trace, linked to those of the others."""
        if self._tracing is None:
            return contextlib.nullcontext()
        causes = [submission.cause for submission in group]
        sent = [item.event.traceparent for submission in group for item in submission.posted]
        return self._tracing.span("store", [*causes, *sent], events=len(sent))

    async def _unit_of_work(
        self, connection: Connection, group: list[Submission], recorded: datetime
    ) -> tuple[list[Draft], int]:
        """Load once, decide every event in order, save once, append once."""
        posted = [item for submission in group for item in submission.posted]
        known = await event_log.lookup(connection, [item.identity for item in posted])
        fresh = [item.event for item in posted if item.identity not in known]
        state = await self._use_cases.load(connection, fresh)
        drafts, accepted = await self._decide(group, known, state)
        if any(draft.faults for draft in drafts) and await self._is_overtaken(connection, group, known):
            raise Overtaken
        if not accepted:
            return drafts, 0
        await self._use_cases.save(connection, state)
        senders = {id(item): submission.sender for submission in group for item in submission.posted}
        before = await appending.append(
            connection,
            [_logged(item, decision, senders[id(item)]) for item, decision in accepted],
            recorded,
            self._tail,
        )
        if self._tracing is not None:
            causes = {id(item): submission.cause for submission in group for item in submission.posted}
            await event_log.note_causes(connection, before, [causes[id(item)] for item, _ in accepted])
        entries = [
            (before + place, entry)
            for place, (_, decision) in enumerate(accepted, start=1)
            for entry in decision.entries
        ]
        if entries:
            await self._use_cases.save_entries(connection, entries)
        self._metrics.commit_events.observe(len(accepted))
        self._metrics.log_head.set(before + len(accepted))
        return drafts, before

    @staticmethod
    async def _is_overtaken(
        connection: Connection, group: list[Submission], known: dict[tuple[str, str], tuple[int, bytes]]
    ) -> bool:
        """Tell whether a different process has stored one of the events since they were looked up.

        A rule would refuse such an event for what it did itself. One that is accepted meets the log's own constraint.
        """
        fresh = [item.identity for submission in group for item in submission.posted if item.identity not in known]
        return bool(await event_log.lookup(connection, fresh))

    async def _decide(
        self, group: list[Submission], known: dict[tuple[str, str], tuple[int, bytes]], state: WorkingSet
    ) -> tuple[list[Draft], list[tuple[Posted, Decision]]]:
        """Decide every submission on the same state; one that is refused whole leaves no trace in it."""
        drafts: list[Draft] = []
        accepted: list[tuple[Posted, Decision]] = []
        # Within this unit of work an event's place stands in for its sequence, as a negative number.
        known = dict(known)
        for submission in group:
            savepoint = state.savepoint()
            draft = Draft(submission, list(submission.faults))
            for place, item in enumerate(submission.posted, start=1):
                if place % DECIDED_AT_ONCE == 0:
                    # Others are answered in between; what is decided here is seen by nobody yet.
                    await asyncio.sleep(0)
                self._decide_one(draft, item, known, state, len(accepted) + len(draft.accepted) + 1)
            if draft.faults and submission.on_error == "refuse":
                state.roll_back(savepoint)
                for _, item, _ in draft.accepted:
                    del known[item.identity]
                draft.accepted.clear()
            accepted.extend((item, decision) for _, item, decision in draft.accepted)
            drafts.append(draft)
        return drafts, accepted

    def _decide_one(
        self,
        draft: Draft,
        item: Posted,
        known: dict[tuple[str, str], tuple[int, bytes]],
        state: WorkingSet,
        place: int,
    ) -> None:
        savepoint = state.savepoint()
        try:
            if item.identity in known:
                sequence, digest = known[item.identity]
                if digest != item.digest:
                    detail = "this id was used by this source for another event"
                    draft.faults.append(Fault(item.index, "/id", "id_reused", detail, HTTPStatus.CONFLICT))
                else:
                    draft.duplicates.append((item, sequence))
                return
            decision = self._use_cases.decide(state, item)
        except Refused as refusal:
            state.roll_back(savepoint)
            draft.faults.append(Fault(item.index, refusal.pointer, refusal.code, refusal.detail, refusal.status))
            return
        known[item.identity] = (-place, item.digest)
        draft.accepted.append((place, item, decision))


def _logged(item: Posted, decision: Decision, sender: Identity) -> Accepted:
    """Give what the log keeps of an event: with what was decided beyond it, and who sent it."""
    outcome = orjson.dumps(decision.outcome).decode() if decision.outcome else None
    return Accepted(item, outcome, sender.kind, sender.subject) if sender.subject else Accepted(item, outcome)
