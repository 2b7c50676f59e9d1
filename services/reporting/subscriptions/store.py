"""Every query of who is sent what, and of what stands in calendars. It never commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.reporting.exports.tables import Language
from services.reporting.statements import statement
from shared.database import Connection

MAIL_COLUMNS: Final = "subject, address, language, link, rights, confirmed, handled, told, refused"


@dataclass(frozen=True, slots=True)
class Mailing:
    """Somebody who is sent mail, or was asked whether the address is right."""

    subject: str
    address: str
    language: Language
    link: str
    rights: str
    confirmed: datetime | None
    handled: date
    told: frozenset[str]
    refused: datetime | None


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """Somebody who has a calendar."""

    subject: str
    language: Language
    rights: str
    made: datetime


async def mailing(connection: Connection, subject: str) -> Mailing | None:
    """Give what is known of somebody's mail."""
    return await _mailing(connection, "subject = $1", subject)


async def mailing_of_link(connection: Connection, link: str) -> Mailing | None:
    """Give whose mail has a link."""
    return await _mailing(connection, "link = $1", link)


async def unasked(connection: Connection, limit: int) -> list[Mailing]:
    """List who has not been asked yet whether the address is right."""
    return await _mailings(connection, "confirmed IS NULL AND asked IS NULL", limit)


async def due(connection: Connection, monday: date, limit: int) -> list[Mailing]:
    """List whose mail of a Monday is not handled, those first who have waited longest."""
    return await _mailings(connection, "confirmed IS NOT NULL AND handled < $2", limit, monday)


async def count_due(connection: Connection, monday: date) -> int:
    """Give how many mails wait: those of a Monday, and questions whether an address is right."""
    count: int = await connection.fetchval(
        "SELECT count(*) FROM mail_subscription"
        " WHERE (confirmed IS NOT NULL AND handled < $1) OR (confirmed IS NULL AND asked IS NULL)",
        monday,
    )
    return count


async def count(connection: Connection, table: str) -> int:
    """Give how many rows `mail_subscription` or `calendar_address` has."""
    found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608  ours
    return found


async def keep_mailing(connection: Connection, kept: Mailing, now: datetime) -> None:
    """Keep who is sent mail, in place of what was kept of that person before."""
    await connection.execute(
        "INSERT INTO mail_subscription"
        " (subject, address, language, link, rights, made, asked, confirmed, handled, told, refused)"
        " VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, NULL)"
        " ON CONFLICT (subject) DO UPDATE SET address = excluded.address, language = excluded.language,"
        " link = excluded.link, rights = excluded.rights, made = excluded.made, asked = NULL,"
        " confirmed = excluded.confirmed, handled = excluded.handled, told = excluded.told, refused = NULL",
        *(kept.subject, kept.address, kept.language, kept.link, kept.rights, now),
        *(kept.confirmed, kept.handled, sorted(kept.told)),
    )


async def note_asked(connection: Connection, subject: str, now: datetime) -> None:
    """Note that somebody was asked whether the address is right."""
    await connection.execute("UPDATE mail_subscription SET asked = $2 WHERE subject = $1", subject, now)


async def confirm(connection: Connection, link: str, monday: date, now: datetime) -> bool:
    """Note that an address is right, and is first written to after a Monday; tell whether there is such a link."""
    status: str = await connection.execute(
        "UPDATE mail_subscription SET confirmed = coalesce(confirmed, $3),"
        " handled = CASE WHEN confirmed IS NULL THEN greatest(handled, $2) ELSE handled END WHERE link = $1",
        *(link, monday, now),
    )
    return status.endswith(" 1")


async def note_handled(connection: Connection, subject: str, monday: date, told: Collection[str]) -> None:
    """Note that a Monday's mail was sent, or had nothing to say, and what its reader knows of by now."""
    await connection.execute(
        "UPDATE mail_subscription SET handled = $2, told = $3, refused = NULL WHERE subject = $1",
        *(subject, monday, sorted(told)),
    )


async def note_refused(connection: Connection, subject: str, monday: date, now: datetime) -> None:
    """Note that an address was refused: this Monday's mail is over, and its reader knows no more than before."""
    await connection.execute(
        "UPDATE mail_subscription SET handled = greatest(handled, $2), asked = coalesce(asked, $3), refused = $3"
        " WHERE subject = $1",
        *(subject, monday, now),
    )


async def drop_mailing(connection: Connection, subject: str) -> None:
    """Send somebody no more mail."""
    await connection.execute("DELETE FROM mail_subscription WHERE subject = $1", subject)


async def unconfirmed(connection: Connection, made_before: datetime, limit: int) -> list[Mailing]:
    """List who has not confirmed an address in time."""
    return await _mailings(connection, "confirmed IS NULL AND made < $2", limit, made_before)


async def keep_calendar(connection: Connection, calendar: OwnCalendar, secret: bytes) -> None:
    """Keep the address of somebody's calendar, in place of the one before, which leads nowhere any more."""
    await connection.execute(
        "INSERT INTO calendar_address (subject, secret, language, rights, made) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (subject) DO UPDATE SET secret = excluded.secret, language = excluded.language,"
        " rights = excluded.rights, made = excluded.made",
        *(calendar.subject, secret, calendar.language, calendar.rights, calendar.made),
    )


async def calendar(connection: Connection, subject: str) -> OwnCalendar | None:
    """Give what is known of somebody's calendar."""
    return await _calendar(connection, "subject", subject)


async def calendar_of_secret(connection: Connection, secret: bytes) -> OwnCalendar | None:
    """Give whose calendar is at an address."""
    return await _calendar(connection, "secret", secret)


async def drop_calendar(connection: Connection, subject: str) -> None:
    """Let the address of somebody's calendar lead nowhere."""
    await connection.execute("DELETE FROM calendar_address WHERE subject = $1", subject)


async def milestones(connection: Connection, first_day: date, limit: int) -> list[dict[str, Any]]:
    """List milestones that are to be reached from a day on."""
    rows = await connection.fetch(statement("subscriptions", "milestones"), first_day, limit)
    return [dict(row) for row in rows]


async def sessions(
    connection: Connection, areas: Collection[str], first_day: date, last_day: date, limit: int
) -> list[dict[str, Any]]:
    """List planned sessions of some areas in some days."""
    rows = await connection.fetch(statement("subscriptions", "sessions"), sorted(areas), first_day, last_day, limit)
    return [dict(row) for row in rows]


async def _mailing(connection: Connection, where: str, value: str) -> Mailing | None:
    row = await connection.fetchrow(
        f"SELECT {MAIL_COLUMNS} FROM mail_subscription WHERE {where}",  # noqa: S608  ours
        value,
    )
    return None if row is None else Mailing(**{**dict(row), "told": frozenset(row["told"])})


async def _mailings(connection: Connection, where: str, limit: int, *values: object) -> list[Mailing]:
    rows = await connection.fetch(
        f"SELECT {MAIL_COLUMNS} FROM mail_subscription WHERE {where} ORDER BY handled, subject LIMIT $1",  # noqa: S608  ours
        limit,
        *values,
    )
    return [Mailing(**{**dict(row), "told": frozenset(row["told"])}) for row in rows]


async def _calendar(connection: Connection, column: str, value: object) -> OwnCalendar | None:
    row = await connection.fetchrow(
        f"SELECT subject, language, rights, made FROM calendar_address WHERE {column} = $1",  # noqa: S608  ours
        value,
    )
    return None if row is None else OwnCalendar(**dict(row))
