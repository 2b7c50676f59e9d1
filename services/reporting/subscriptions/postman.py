"""Looks again and again whose mail is due, makes it, and hands it over. Owns the order of it, and no word of a mail.

The queue is the table of those who subscribe: a mail is made when it is sent, so that however long the server is away,
each reader gets one. One replica does it at a time.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import Final

import orjson
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from services.reporting.reader.passes import Passes
from services.reporting.reader.reading import told_of
from services.reporting.reports.answers.service import AnswersReader, DailyAnswers
from services.reporting.subscriptions import rules, store
from services.reporting.subscriptions.post_office import AddressRefused, PostAway, PostOffice
from services.reporting.subscriptions.service import Subscriptions
from services.reporting.subscriptions.store import Mailing
from services.reporting.terms import Json
from shared import clock, database, locks
from shared.accounts import accounts_of
from shared.database import Connection, Pool
from shared.errors import IssuerUnknown, Unauthenticated
from shared.tokens import Identity

# So many are sent before it is looked again.
SENT_AT_ONCE: Final = 200
# While the server is away it is asked later and later.
LONGEST_WAIT_SECONDS: Final = 3_600.0
MOST_DOUBLINGS: Final = 20

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letters:
    """Who writes mail in its reader's language: that of a Monday, from what is new and from all, and the question."""

    monday: Callable[[Mailing, Identity, date, Json, Sequence[Json], Sequence[Json]], EmailMessage]
    question: Callable[[Mailing], EmailMessage]


class Postman:
    """Sends mail to those who subscribe."""

    def __init__(  # noqa: PLR0913, PLR0917  what a mail is made of, and who hands it over
        self,
        pool: Pool,
        subscriptions: Subscriptions,
        passes: Passes,
        answers: DailyAnswers,
        office: PostOffice,
        letters: Letters,
        *,
        database_url: str,
        every_ms: int,
        registry: CollectorRegistry,
    ) -> None:
        self._pool = pool
        self._subscriptions = subscriptions
        self._passes = passes
        self._answers = answers
        self._office = office
        self._letters = letters
        self._database_url = database_url
        self._every_seconds = every_ms / 1_000
        self._failures = 0
        self._sent = Counter("helhedsnet_mails_sent", "Mails that an SMTP server took.", registry=registry)
        self._waiting = Gauge("helhedsnet_mails_waiting", "Mails that should have been sent.", registry=registry)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            wait = self._every_seconds * 2 ** min(self._failures, MOST_DOUBLINGS)
            await asyncio.sleep(min(wait, max(LONGEST_WAIT_SECONDS, self._every_seconds)))
            await self.look()

    async def look(self) -> None:
        """Send what is due, unless a different replica is at it."""
        try:
            await self._subscriptions.drop_unconfirmed(SENT_AT_ONCE)
            if await self._count():
                await self._alone()
            self._failures = 0
        except (PostAway, IssuerUnknown) as error:
            self._failures += 1
            log.warning("mail.unsent", error=type(error).__name__, why=str(error), tried=self._failures)
        except database.UNAVAILABLE as error:
            log.warning("mail.unasked", error=type(error).__name__)

    async def _count(self) -> int:
        """Give how many mails wait, and tell it."""
        async with self._pool.acquire() as connection:
            waiting = await store.count_due(connection, rules.latest_monday(clock.now()))
        self._waiting.set(waiting)
        return waiting

    async def _alone(self) -> None:
        """Send what is due as the only one; the lock goes with the connection, however this ends."""
        connection = await database.connect(self._database_url)
        try:
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", locks.MAIL):
                await self._deliver(connection)
                await self._count()
        finally:
            connection.terminate()

    async def _deliver(self, connection: Connection) -> None:
        monday = rules.latest_monday(clock.now())
        for mailing in await store.unasked(connection, SENT_AT_ONCE):
            if await self._handed_over(connection, mailing, monday, self._letters.question(mailing)):
                await store.note_asked(connection, mailing.subject, clock.now())
        for mailing in await store.due(connection, monday, SENT_AT_ONCE):
            await self._send(connection, mailing, monday)

    async def _send(self, connection: Connection, mailing: Mailing, monday: date) -> None:
        """Send one reader the mail of a Monday, where there is news."""
        try:
            reader = await self._passes.rights_now(mailing.rights)
        except Unauthenticated:
            await self._subscriptions.stop(mailing.subject)
            log.info("mail.ended", reader=mailing.subject)
            return
        report = await self._report(reader)
        areas_of = {plan["plan"]: plan["areas"] for plan in report["plans"]}
        items = rules.concerning(report["attention"], reader, areas_of)
        new = rules.news(items, mailing.told)
        if new:
            letter = self._letters.monday(mailing, reader, monday, report, new, items)
            if not await self._handed_over(connection, mailing, monday, letter):
                return
        await store.note_handled(connection, mailing.subject, monday, {rules.name_of(item) for item in items})

    async def _report(self, reader: Identity) -> Json:
        """Give the answers of today as everybody outside an area is told of its people: mail leaves the house."""
        asked = AnswersReader(accounts_of(reader), frozenset(), told_of(reader))
        report: Json = orjson.loads((await self._answers.answers(asked)).body)
        return report

    async def _handed_over(self, connection: Connection, mailing: Mailing, monday: date, letter: EmailMessage) -> bool:
        """Hand a mail over; tell whether it was taken. An address that is refused is tried again next Monday."""
        try:
            await asyncio.to_thread(self._office.send, letter)
        except AddressRefused as refused:
            await store.note_refused(connection, mailing.subject, monday, clock.now())
            log.warning("mail.refused", reader=mailing.subject, why=str(refused))
            return False
        self._sent.inc()
        return True
