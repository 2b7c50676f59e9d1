"""The queries about people, invitations, sessions and keys of programs. It never commits.

A list is bounded, and what ended long ago is forgotten when something new is made.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from shared.database import Connection

LISTED: Final = 1_000
# So many may be good at once.
MAX_PEOPLE: Final = 10_000
MAX_INVITATIONS: Final = 1_000
MAX_SESSIONS: Final = 20_000
MAX_KEYS: Final = 1_000
# Of one person: mail, a calendar, and what was made anew of both while their end was not heard of.
MAX_SUBSCRIPTIONS: Final = 20
# So long it is told who ended a thing.
KEPT: Final = timedelta(days=365)
FORGOTTEN_AT_ONCE: Final = 1_000
TABLES: Final = {"invitation": "invitation", "session": "session", "program_key": "subject"}

Row = dict[str, Any]


async def add_person(connection: Connection, row: Row) -> None:
    """Add a person; `provider` and `provider_subject` are None for one who was invited."""
    await connection.execute(
        "INSERT INTO person (subject, name, role, areas, provider, provider_subject, made, made_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(
            row[name]
            for name in ("subject", "name", "role", "areas", "provider", "provider_subject", "made", "made_by")
        ),
    )


async def person_of_provider(connection: Connection, provider: str, provider_subject: str) -> Row | None:
    """Give whom a provider of identities knows by a name, and lock the row."""
    found = await connection.fetchrow(
        "SELECT * FROM person WHERE provider = $1 AND provider_subject = $2 FOR UPDATE", provider, provider_subject
    )
    return None if found is None else dict(found)


async def change_person(connection: Connection, subject: str, name: str, role: str, areas: Sequence[str]) -> None:
    """Keep what a provider says of a person now."""
    await connection.execute(
        "UPDATE person SET name = $2, role = $3, areas = $4 WHERE subject = $1", subject, name, role, list(areas)
    )


async def add_invitation(connection: Connection, row: Row) -> None:
    """Add an invitation."""
    await connection.execute(
        "INSERT INTO invitation (invitation, secret, subject, made, made_by, expires) VALUES ($1, $2, $3, $4, $5, $6)",
        *(row[name] for name in ("invitation", "secret", "subject", "made", "made_by", "expires")),
    )


async def take_invitation(connection: Connection, secret: bytes, now: datetime) -> str | None:
    """Take an invitation that is good, once; give whom it is for."""
    subject: str | None = await connection.fetchval(
        "UPDATE invitation SET taken = $2 FROM person WHERE invitation.secret = $1 AND taken IS NULL"
        " AND invitation.ended IS NULL AND expires > $2 AND person.subject = invitation.subject"
        " AND person.ended IS NULL RETURNING person.subject",
        secret,
        now,
    )
    return subject


async def add_session(connection: Connection, row: Row) -> None:
    """Add a session."""
    await connection.execute(
        "INSERT INTO session (session, secret, subject, made, expires) VALUES ($1, $2, $3, $4, $5)",
        *(row[name] for name in ("session", "secret", "subject", "made", "expires")),
    )


async def use_session(connection: Connection, secret: bytes, now: datetime) -> Row | None:
    """Give a session that is good with its person, and note that it was used."""
    found = await connection.fetchrow(
        "UPDATE session SET last_used = $2 FROM person WHERE session.secret = $1 AND session.ended IS NULL"
        " AND expires > $2 AND person.subject = session.subject AND person.ended IS NULL"
        " RETURNING session, person.subject, role, areas, expires",
        secret,
        now,
    )
    return None if found is None else dict(found)


async def add_subscription(connection: Connection, secret: bytes, subject: str, now: datetime) -> None:
    """Add a subscription of a person."""
    await connection.execute(
        "INSERT INTO subscription (secret, subject, made) VALUES ($1, $2, $3)", secret, subject, now
    )


async def count_subscriptions(connection: Connection, subject: str) -> int:
    """Give how many subscriptions a person has."""
    count: int = await connection.fetchval("SELECT count(*) FROM subscription WHERE subject = $1", subject)
    return count


async def subscriber(connection: Connection, secret: bytes) -> Row | None:
    """Give the rights that whose subscription it is has now, None where the person may sign in no more."""
    found = await connection.fetchrow(
        "SELECT person.subject, role, areas FROM subscription JOIN person USING (subject)"
        " WHERE secret = $1 AND ended IS NULL",
        secret,
    )
    return None if found is None else dict(found)


async def end_subscription(connection: Connection, secret: bytes) -> None:
    """Forget a subscription; one that is not there is forgotten already."""
    await connection.execute("DELETE FROM subscription WHERE secret = $1", secret)


async def end_own_session(connection: Connection, secret: bytes, now: datetime) -> None:
    """End a session in the name of whoever holds it."""
    await connection.execute(
        "UPDATE session SET ended = $2, ended_by = subject WHERE secret = $1 AND ended IS NULL", secret, now
    )


async def add_key(connection: Connection, row: Row) -> None:
    """Add a key of a program."""
    await connection.execute(
        "INSERT INTO program_key (subject, name, secret, role, areas, made, made_by, expires)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(row[name] for name in ("subject", "name", "secret", "role", "areas", "made", "made_by", "expires")),
    )


async def use_key(connection: Connection, subject: str, secret: bytes, now: datetime) -> Row | None:
    """Give a key that is good, and note that it was used."""
    found = await connection.fetchrow(
        "UPDATE program_key SET last_used = $3 WHERE subject = $1 AND secret = $2 AND ended IS NULL AND expires > $3"
        " RETURNING subject, role, areas, expires",
        subject,
        secret,
        now,
    )
    return None if found is None else dict(found)


async def end(connection: Connection, table: str, name: str, by: str, now: datetime) -> bool:
    """End an invitation, a session or a key; tell whether it was good."""
    status: str = await connection.execute(
        f"UPDATE {table} SET ended = $3, ended_by = $2 WHERE {TABLES[table]} = $1 AND ended IS NULL",  # noqa: S608  ours
        name,
        by,
        now,
    )
    return status.endswith(" 1")


async def end_person(connection: Connection, subject: str, by: str, now: datetime) -> bool:
    """End a person with all sessions and invitations; tell whether it was there."""
    status: str = await connection.execute(
        "UPDATE person SET ended = $3, ended_by = $2 WHERE subject = $1 AND ended IS NULL", subject, by, now
    )
    for table in ("session", "invitation"):
        await connection.execute(
            f"UPDATE {table} SET ended = $3, ended_by = $2 WHERE subject = $1 AND ended IS NULL",  # noqa: S608  ours
            subject,
            by,
            now,
        )
    return status.endswith(" 1")


async def other_administrators(connection: Connection, subject: str, now: datetime) -> int:
    """Count the administrators who can come in beside one, and let nobody end any of them until the commit.

    Whom a provider knows can always come again; whoever was invited can with an open invitation or a session.
    """
    await connection.execute("SELECT FROM person WHERE role = 'admin' AND ended IS NULL ORDER BY subject FOR UPDATE")
    found: int = await connection.fetchval(
        "SELECT count(*) FROM person WHERE role = 'admin' AND ended IS NULL AND subject <> $1"
        " AND (provider IS NOT NULL"
        " OR EXISTS (SELECT FROM session WHERE session.subject = person.subject AND session.ended IS NULL"
        "  AND expires > $2)"
        " OR EXISTS (SELECT FROM invitation WHERE invitation.subject = person.subject AND invitation.ended IS NULL"
        "  AND taken IS NULL AND expires > $2))",
        subject,
        now,
    )
    return found


async def is_administrator(connection: Connection, subject: str) -> bool:
    """Tell whether somebody who may sign in is an administrator."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM person WHERE subject = $1 AND role = 'admin' AND ended IS NULL)", subject
    )
    return found


async def end_everything(connection: Connection, by: str, now: datetime) -> int:
    """End every invitation, session and key; give how many were good."""
    count = 0
    for table in TABLES:
        status = await connection.execute(
            f"UPDATE {table} SET ended = $2, ended_by = $1 WHERE ended IS NULL AND expires > $2",  # noqa: S608  ours
            by,
            now,
        )
        count += int(status.rpartition(" ")[2])
    return count


async def installation(connection: Connection) -> str | None:
    """Give the installation's name, and let nobody else read or write it until the commit."""
    await connection.execute("LOCK TABLE memory IN EXCLUSIVE MODE")
    name: str | None = await connection.fetchval("SELECT installation FROM memory")
    return name


async def name_installation(connection: Connection, name: str) -> None:
    """Give the installation a name; the lock that `installation` takes is held."""
    await connection.execute("DELETE FROM memory")
    await connection.execute("INSERT INTO memory (installation) VALUES ($1)", name)


async def endings_of(connection: Connection, table: str, column: str, value: object) -> list[tuple[str, datetime]]:
    """Give the names of the invitations, sessions or keys that a column says a value of, and when each ends."""
    rows = await connection.fetch(
        f"SELECT {TABLES[table]} AS name, expires FROM {table} WHERE {column} = $1",  # noqa: S608  ours
        value,
    )
    return [(row["name"], row["expires"]) for row in rows]


async def people(connection: Connection) -> list[Row]:
    """List people, the newest first."""
    return await _listed(
        connection, "SELECT subject, name, role, areas, provider, made, made_by, ended, ended_by FROM person"
    )


async def invitations(connection: Connection) -> list[Row]:
    """List invitations, the newest first; never their secrets."""
    return await _listed(
        connection,
        "SELECT invitation, invitation.subject, name, role, areas, invitation.made, invitation.made_by, expires, taken,"
        " invitation.ended, invitation.ended_by FROM invitation JOIN person USING (subject)",
    )


async def sessions(connection: Connection) -> list[Row]:
    """List sessions, the newest first; never their secrets."""
    return await _listed(
        connection,
        "SELECT session, session.subject, name, role, areas, session.made, expires, last_used, session.ended,"
        " session.ended_by FROM session JOIN person USING (subject)",
    )


async def program_keys(connection: Connection) -> list[Row]:
    """List keys of programs, the newest first; never their secrets."""
    return await _listed(
        connection,
        "SELECT subject AS key, name, role, areas, made, made_by, expires, last_used, ended, ended_by FROM program_key",
    )


async def colleagues(connection: Connection, areas: Sequence[str]) -> list[Row]:
    """List what those are called who speak for one of some areas, or did: people and programs, by opaque names."""
    rows = await connection.fetch(
        "SELECT subject, name FROM person WHERE role = 'coordinator' AND areas && $1"
        " UNION ALL SELECT subject, name FROM program_key WHERE role = 'coordinator' AND areas && $1"
        " ORDER BY subject LIMIT $2",
        list(areas),
        LISTED,
    )
    return [dict(row) for row in rows]


async def changes(connection: Connection, before: int, limit: int) -> list[Row]:
    """Give who changed whose access, the newest first, from before a number."""
    rows = await connection.fetch(
        "SELECT number, changed_at, changed_by, what, kind, name, role, areas FROM access_change WHERE number < $1"
        " ORDER BY number DESC LIMIT $2",
        before,
        limit,
    )
    return [dict(row) for row in rows]


async def good(connection: Connection, table: str, now: datetime) -> int:
    """Count what is good of invitations, sessions or keys, after forgetting some of what ended long ago."""
    await connection.execute(
        f"DELETE FROM {table} WHERE {TABLES[table]} IN (SELECT {TABLES[table]} FROM {table}"  # noqa: S608  ours
        " WHERE least(ended, expires) < $1 ORDER BY 1 LIMIT $2)",
        now - KEPT,
        FORGOTTEN_AT_ONCE,
    )
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM {table} WHERE ended IS NULL AND expires > $1",  # noqa: S608  ours
        now,
    )
    return found


async def count_people(connection: Connection) -> int:
    """Count the people who may sign in."""
    found: int = await connection.fetchval("SELECT count(*) FROM person WHERE ended IS NULL")
    return found


async def _listed(connection: Connection, selected: str) -> list[Row]:
    return [dict(row) for row in await connection.fetch(f"{selected} ORDER BY made DESC, 1 LIMIT {LISTED}")]
