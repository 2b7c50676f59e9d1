"""Subscribing to mail and to a calendar, confirming, and ending both. Owns its transactions, and sends nothing.

What somebody may see is asked of access whenever something is sent or read, never remembered here (ADR 143).
"""

import contextlib
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.reporting.exports.tables import Language
from services.reporting.reader.passes import Passes
from services.reporting.reports import store as reports
from services.reporting.subscriptions import rules, store
from services.reporting.subscriptions.store import Mailing, OwnCalendar
from services.reporting.terms import Plan
from shared import clock
from shared.database import Connection, Pool
from shared.errors import BadRequest, Busy, IssuerUnknown, NotFound, Unauthenticated
from shared.law import STATEMENT_DUE
from shared.tokens import Identity

NO_SUCH_LINK: Final = "this link leads to nothing any more"
# What a calendar holds, around today.
DAYS_BACK: Final = 31
DAYS_AHEAD: Final = 550
SESSION_DAYS_AHEAD: Final = 370
MOST_ENTRIES: Final = 2_000
# An annual statement that is submitted or accepted has no deadline any more.
DONE_STATEMENTS: Final = frozenset({"submitted", "accepted"})


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What somebody subscribes to."""

    mailing: Mailing | None
    calendar: OwnCalendar | None


@dataclass(frozen=True, slots=True)
class Dates:
    """What a calendar tells: rows of statements that are due, milestones, sessions, and plans with their last day."""

    language: Language
    plans: Mapping[str, Plan]
    statements: list[tuple[str, int, date]]
    milestones: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    ends: list[tuple[str, date]]


class Subscriptions:
    """Who is sent mail, and who has a calendar."""

    def __init__(self, pool: Pool, passes: Passes) -> None:
        self._pool = pool
        self._passes = passes

    async def of(self, subject: str) -> Subscribed:
        """Give what somebody subscribes to."""
        async with self._pool.acquire() as connection:
            return Subscribed(await store.mailing(connection, subject), await store.calendar(connection, subject))

    async def subscribe(self, session: str, subject: str, address: str, language: Language) -> None:
        """Send somebody mail on Mondays, once the address is confirmed from there.

        Raises:
            BadRequest: this is no mail address (`invalid_form`).
            Busy: as many subscribe as may.
            IssuerUnknown: access is away.
        """
        if not rules.is_address(address):
            raise BadRequest("invalid_form", "this is no mail address")
        rights = await self._passes.subscribe(session)
        now = clock.now()
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.mailing(connection, subject)
            if before is None:
                await _bound(connection, "mail_subscription")
            is_same = before is not None and before.address == address
            kept = Mailing(
                subject,
                address,
                language,
                before.link if before is not None and is_same else secrets.token_urlsafe(32),
                rights,
                before.confirmed if before is not None and is_same else None,
                before.handled if before is not None and is_same else rules.latest_monday(now),
                before.told if before is not None and is_same else frozenset(),
                None,
            )
            await store.keep_mailing(connection, kept, now)
        await self._end([before.rights] if before else [])

    async def confirm(self, link: str) -> None:
        """Note that whoever reads the mail at an address wants it.

        Raises:
            NotFound: there is no such subscription any more.
        """
        now = clock.now()
        async with self._pool.acquire() as connection, connection.transaction():
            if not await store.confirm(connection, link, rules.latest_monday(now), now):
                raise NotFound(NO_SUCH_LINK)

    async def stop_link(self, link: str) -> None:
        """Send no more mail to whom a link was sent; once that is done, saying it again changes nothing."""
        async with self._pool.acquire() as connection:
            found = await store.mailing_of_link(connection, link)
        if found is not None:
            await self.stop(found.subject)

    async def stop(self, subject: str) -> None:
        """Send somebody no more mail."""
        async with self._pool.acquire() as connection, connection.transaction():
            found = await store.mailing(connection, subject)
            await store.drop_mailing(connection, subject)
        await self._end([found.rights] if found else [])

    async def drop_unconfirmed(self, limit: int) -> None:
        """Forget addresses that nobody has confirmed in time."""
        async with self._pool.acquire() as connection:
            late = await store.unconfirmed(connection, clock.now() - rules.CONFIRMED_WITHIN, limit)
        for each in late:
            await self.stop(each.subject)

    async def make_calendar(self, session: str, subject: str, language: Language) -> str:
        """Give the secret of a new address of somebody's calendar; the one before leads nowhere any more.

        Raises:
            Busy: as many have one as may.
            IssuerUnknown: access is away.
        """
        rights, secret = await self._passes.subscribe(session), secrets.token_urlsafe(32)
        async with self._pool.acquire() as connection, connection.transaction():
            before = await store.calendar(connection, subject)
            if before is None:
                await _bound(connection, "calendar_address")
            made = OwnCalendar(subject, language, rights, clock.now())
            await store.keep_calendar(connection, made, _digest(secret))
        await self._end([before.rights] if before else [])
        return secret

    async def end_calendar(self, subject: str) -> None:
        """Let the address of somebody's calendar lead nowhere any more."""
        async with self._pool.acquire() as connection, connection.transaction():
            found = await store.calendar(connection, subject)
            await store.drop_calendar(connection, subject)
        await self._end([found.rights] if found else [])

    async def dates(self, secret: str) -> Dates:
        """Give what stands in the calendar of an address, as its owner may see it now.

        Raises:
            NotFound: nothing is at this address, or its owner may sign in no more.
            IssuerUnknown: access is away.
        """
        async with self._pool.acquire() as connection:
            found = await store.calendar_of_secret(connection, _digest(secret))
        if found is None:
            raise NotFound(NO_SUCH_LINK)
        try:
            reader = await self._passes.rights_now(found.rights)
        except Unauthenticated:
            await self.end_calendar(found.subject)
            raise NotFound(NO_SUCH_LINK) from None
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await _dates(connection, reader, found.language, clock.today())

    async def _end(self, rights: list[str]) -> None:
        """Let access forget what is not needed any more; where it is away, it keeps what tells nobody anything."""
        for each in rights:
            with contextlib.suppress(IssuerUnknown, Unauthenticated):
                await self._passes.unsubscribe(each)


async def _dates(connection: Connection, reader: Identity, language: Language, today: date) -> Dates:
    is_own = reader.role == "coordinator"
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    plans = {
        plan.plan: plan
        for plan in await reports.plans(connection)
        if not is_own or not reader.areas.isdisjoint(plan.areas)
    }
    words = await reports.statement_words(connection)
    done = {of for of, word in words.items() if word.state in DONE_STATEMENTS}
    statements = [
        (plan.plan, year, due)
        for plan in plans.values()
        for year in range(plan.start_on.year, plan.end_on.year + 1)
        if first <= (due := date(year + 1, *STATEMENT_DUE)) <= last and (plan.plan, year) not in done
    ]
    milestones = await store.milestones(connection, first, MOST_ENTRIES)
    sessions = []
    if is_own:
        until = today + timedelta(days=SESSION_DAYS_AHEAD)
        sessions = await store.sessions(connection, reader.areas, first, until, MOST_ENTRIES)
    return Dates(
        language=language,
        plans=plans,
        statements=statements[:MOST_ENTRIES],
        milestones=[row for row in milestones if row["plan"] in plans],
        sessions=sessions,
        ends=[(plan.plan, plan.end_on) for plan in plans.values() if first <= plan.end_on],
    )


async def _bound(connection: Connection, table: str) -> None:
    if await store.count(connection, table) >= rules.MOST_SUBSCRIPTIONS:
        raise Busy(f"{rules.MOST_SUBSCRIPTIONS} people subscribe already")


def _digest(secret: str) -> bytes:
    """Give what is kept of a secret; it is long and random, so that nobody finds it by trying."""
    return hashlib.sha256(secret.encode()).digest()
