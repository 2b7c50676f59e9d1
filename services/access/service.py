"""Use cases: who signs in and out, which program has a key, and what tokens they get. Owns transactions, and no HTTP.

What is secret is told once, to whoever gets it, and kept as its digest.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from services.access import store
from services.access.ended import Ended, Ending
from services.access.signing import Issuer
from shared import clock
from shared.database import Connection, Pool
from shared.errors import Busy, Forbidden, LastAdministrator, NotFound, Unauthenticated
from shared.tokens import TOKEN_LIFE, Identity, Role, SenderKind

SESSION_LIFE: Final = timedelta(hours=12)
LONGEST_INVITATION: Final = timedelta(days=1)
LONGEST_KEY: Final = timedelta(days=366)
ID_BYTES: Final = 8
LAST: Final = (
    "this is the last administrator; let another one in first, or have whoever runs the installation say"
    " `helhedsnet people end`"
)

log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and its secret, which nobody is told again."""

    name: str
    secret: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when the session or the key is good that it was made for."""

    token: str
    expires_in_seconds: int
    good_until: datetime


class Access:
    """The people, sessions and keys of an installation; `issuer` gives the keys that sign at this moment."""

    def __init__(self, pool: Pool, issuer: Callable[[], Issuer], ended: Ended) -> None:
        self._pool = pool
        self._issuer = issuer
        self._ended = ended

    def public_keys(self) -> dict[str, Any]:
        """Give the public keys that tokens are verified with."""
        return self._issuer().public

    async def invite(self, name: str, rights: Identity, by: str, valid_for: timedelta) -> Made:
        """Let a person in who has no provider of identities: once, and for a short time.

        Raises:
            Busy: there are as many people or open invitations as may be.
        """
        now = clock.now()
        made = _made("i", now + min(valid_for, LONGEST_INVITATION))
        async with self._pool.acquire() as connection, connection.transaction():
            _bound(await store.good(connection, "invitation", now), store.MAX_INVITATIONS, "invitations")
            subject = await add_person(connection, name, rights, by, now)
            row = {"invitation": made.name, "secret": digest(made.secret), "subject": subject}
            await store.add_invitation(connection, {**row, "made": now, "made_by": by, "expires": made.expires})
        return made

    async def take(self, invitation: str) -> Made:
        """Give a session for an invitation that nobody has taken before.

        Raises:
            Unauthenticated: it is not ours, has expired, was taken or withdrawn.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            subject = await store.take_invitation(connection, digest(invitation), clock.now())
            if subject is None:
                raise Unauthenticated("this invitation is good no more")
            await self._remember(connection, "invitation", "secret", digest(invitation))
            return await open_session(connection, subject)

    async def end_own(self, session: str) -> None:
        """End a session for good in the name of its holder; one that has ended stays so."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._remember(connection, "session", "secret", digest(session))
            await store.end_own_session(connection, digest(session), clock.now())

    async def token_of_session(self, session: str) -> Token:
        """Give a token for a session that is good.

        Raises:
            Unauthenticated: it is not ours, has expired, was ended, or its person was.
        """
        async with self._pool.acquire() as connection:
            found = await store.use_session(connection, digest(session), clock.now())
        if found is None:
            raise Unauthenticated("this session is good no more")
        return self._token(found, "user", found["session"])

    async def subscribe(self, session: str) -> str:
        """Give the secret by which the rights of a session's person can be asked for after the session has ended.

        It is good for nothing else: nobody gets a token for it.

        Raises:
            Unauthenticated: the session is not ours, has expired or was ended.
            Busy: the person has as many subscriptions as may be.
        """
        secret, now = secrets.token_urlsafe(32), clock.now()
        async with self._pool.acquire() as connection, connection.transaction():
            found = await store.use_session(connection, digest(session), now)
            if found is None:
                raise Unauthenticated("this session is good no more")
            subject = found["subject"]
            _bound(await store.count_subscriptions(connection, subject), store.MAX_SUBSCRIPTIONS, "subscriptions")
            await store.add_subscription(connection, digest(secret), subject, now)
        return secret

    async def rights_now(self, subscription: str) -> Identity:
        """Give which rights the person of a subscription has now.

        Raises:
            Unauthenticated: the subscription is not ours, or the person may sign in no more.
        """
        async with self._pool.acquire() as connection:
            found = await store.subscriber(connection, digest(subscription))
        if found is None:
            raise Unauthenticated("this subscription is good no more")
        return Identity(found["role"], frozenset(found["areas"]), found["subject"], "user")

    async def unsubscribe(self, subscription: str) -> None:
        """Forget a subscription."""
        async with self._pool.acquire() as connection:
            await store.end_subscription(connection, digest(subscription))

    async def make_key(self, name: str, rights: Identity, by: str, valid_for: timedelta) -> Made:
        """Make a key for a program.

        Raises:
            Busy: there are as many as may be.
        """
        now = clock.now()
        made = _made("k", now + min(valid_for, LONGEST_KEY))
        row = {"subject": made.name, "name": name, "secret": digest(made.secret), **_rights(rights)}
        async with self._pool.acquire() as connection, connection.transaction():
            _bound(await store.good(connection, "program_key", now), store.MAX_KEYS, "keys")
            await store.add_key(connection, {**row, "made": now, "made_by": by, "expires": made.expires})
        return made

    async def token_of_key(self, name: str, secret: str) -> Token:
        """Give a token for a key that is good.

        Raises:
            Unauthenticated: it is not ours, has expired or was revoked.
        """
        async with self._pool.acquire() as connection:
            found = await store.use_key(connection, name, digest(secret), clock.now())
        if found is None:
            raise Unauthenticated("this key is good no more")
        return self._token(found, "api_key", "")

    async def end(self, table: str, name: str, by: str) -> None:
        """End an invitation, a session or a key.

        Raises:
            NotFound: there is none of that name that is good.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if not await store.end(connection, table, name, by, clock.now()):
                raise NotFound(f"there is no {table.replace('_', ' ')} '{name}' that is good")
            await self._remember(connection, table, store.TABLES[table], name)

    async def end_person(self, subject: str, by: str, *, may_be_last: bool = False) -> None:
        """Let a person in no more: what they hold ends with that.

        Raises:
            NotFound: there is no such person.
            LastAdministrator: nobody would be left to let others in, and this `may_be_last` alone.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            now = clock.now()
            is_needed = not may_be_last and await store.is_administrator(connection, subject)
            if is_needed and not await store.other_administrators(connection, subject, now):
                raise LastAdministrator(LAST)
            if not await store.end_person(connection, subject, by, now):
                raise NotFound(f"there is no person '{subject}' who may sign in")
            await self._note([Ending("person", subject, None)])

    async def listed(self, read: Callable[[Connection], Any]) -> list[dict[str, Any]]:
        """List what one of the store's lists reads."""
        async with self._pool.acquire() as connection:
            found: list[dict[str, Any]] = await read(connection)
        return found

    async def _remember(self, connection: Connection, table: str, column: str, value: object) -> None:
        """Note beside the database what ends with this transaction, so that no backup brings it back."""
        rows = await store.endings_of(connection, table, column, value)
        await self._note([Ending(table, name, until) for name, until in rows])

    async def _note(self, endings: list[Ending]) -> None:
        try:
            await asyncio.to_thread(self._ended.note, endings, clock.now())
        except OSError as error:
            # What somebody wants ended is ended all the same; a backup of before would bring it back.
            named = [ending.name for ending in endings]
            log.exception("access.end_not_noted", error=type(error).__name__, ended=named)

    def _token(self, found: dict[str, Any], kind: SenderKind, session: str) -> Token:
        identity = Identity(found["role"], frozenset(found["areas"]), found["subject"], kind)
        life = min(TOKEN_LIFE, found["expires"] - clock.now())
        token = self._issuer().issue(identity, valid_for=life, session=session)
        return Token(token, int(life.total_seconds()), found["expires"])


async def add_person(  # noqa: PLR0913, PLR0917  what is known of a person
    connection: Connection,
    name: str,
    rights: Identity,
    by: str,
    now: datetime,
    provider: tuple[str, str] | None = None,
) -> str:
    """Add a person, and give the opaque name that is theirs in every log; `provider` names who knows them, and as whom.

    Raises:
        Busy: there are as many people as may be.
    """
    _bound(await store.count_people(connection), store.MAX_PEOPLE, "people")
    subject = _named("p")
    known = {"provider": None if provider is None else provider[0]}
    known["provider_subject"] = None if provider is None else provider[1]
    row = {"subject": subject, "name": name, **_rights(rights), **known, "made": now, "made_by": by}
    await store.add_person(connection, row)
    return subject


async def sign_in(connection: Connection, name: str, rights: Identity, provider: str, provider_subject: str) -> Made:
    """Give a session to a person whom a provider of identities vouches for, with the rights that it says they have now.

    Raises:
        Forbidden: this person was ended here.
        Busy: there are as many people or sessions as may be.
    """
    found = await store.person_of_provider(connection, provider, provider_subject)
    if found is None:
        by = f"provider:{provider}"
        subject = await add_person(connection, name, rights, by, clock.now(), (provider, provider_subject))
    elif found["ended"] is not None:
        raise Forbidden("this person may not sign in any more")
    else:
        subject = found["subject"]
        await store.change_person(connection, subject, name, rights.role, sorted(rights.areas))
    return await open_session(connection, subject)


async def open_session(connection: Connection, subject: str) -> Made:
    """Sign a person in.

    Raises:
        Busy: there are as many sessions as may be.
    """
    now = clock.now()
    _bound(await store.good(connection, "session", now), store.MAX_SESSIONS, "sessions")
    made = _made("s", now + SESSION_LIFE)
    row = {"session": made.name, "secret": digest(made.secret), "subject": subject}
    await store.add_session(connection, {**row, "made": now, "expires": made.expires})
    return made


def digest(secret: str) -> bytes:
    """Give what is kept of a secret; it is long and random, so that nobody finds it by trying."""
    return hashlib.sha256(secret.encode()).digest()


def role_of(role: Role) -> Role:
    """Check that a person or a program may have a role.

    Raises:
        Forbidden: it is that of a service, which signs for itself.
    """
    if role == "service":
        raise Forbidden("a service proves itself with a key of its own")
    return role


def _made(kind: str, expires: datetime) -> Made:
    return Made(_named(kind), secrets.token_urlsafe(32), expires)


def _named(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(ID_BYTES)}"


def _rights(rights: Identity) -> dict[str, Any]:
    return {"role": role_of(rights.role), "areas": sorted(rights.areas)}


def _bound(found: int, limit: int, what: str) -> None:
    if found >= limit:
        raise Busy(f"there are {limit} {what} already; end some")
