"""Tokens: Ed25519-signed JWTs that say who sends a request. Owns what makes one good; signs none but a service's own.

One issuer signs tokens for people and programs (`services.access.signing`); services hold its public keys alone. Toward
the owner of a log that it follows a service signs for itself, and is believed by that owner alone (ADR 101).
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared import clock
from shared.errors import ForeignArea, IssuerUnknown, TokenLivesTooLong, Unauthenticated
from shared.keys import FOLLOWS
from shared.recent import Recent

Role: TypeAlias = Literal["coordinator", "lead", "auditor", "admin", "service"]
# What kind of sender it is. Source: CloudEvents, auth context extension, `authtype`.
SenderKind: TypeAlias = Literal["user", "api_key", "service_account", "system", "unknown"]
POSTING: Final[frozenset[Role]] = frozenset({"admin", "coordinator"})
ALGORITHM: Final = "EdDSA"
ISSUER: Final = "helhedsnet"
# Whom a token of the issuer is for: every service of the installation.
AUDIENCE: Final = "helhedsnet"
# Source: RFC 9068, section 2.1.
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105  no secret
# How far the clock of whoever signed a token may be ahead of ours.
CLOCK_SKEW_SECONDS: Final = 30
# With the skew of clocks a minute: so long what was revoked is good at most.
TOKEN_LIFE: Final = timedelta(seconds=30)
# The longest that a token of the issuer is good: one that the command signs for whoever runs the installation.
LONGEST_TOKEN: Final = timedelta(hours=1)
CACHED_TOKENS: Final = 4_096
# So many areas one token may speak for, each with a name of 63 signs; the gateway takes a header of 32 KB.
MAX_AREAS: Final = 200
TOKEN_BYTES: Final = 20_480
# It is noted beside what its bearer sends, and told to whoever follows that log.
SUBJECT: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
TIMES: Final = frozenset({"exp", "iat", "nbf"})
REQUIRED: Final = ("exp", "iat", "iss", "aud", "sub", "jti")
WRONG_CLAIMS: Final = "the token is not valid: a claim is of a wrong type"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends a request: a role, and the areas that it may speak for.

    `subject` is the opaque name under which what it does is noted, and `kind` what it is; two senders of the same
    rights are equal.
    """

    role: Role
    areas: frozenset[str] = field(default_factory=frozenset)
    subject: str = field(default="", compare=False)
    kind: SenderKind = field(default="unknown", compare=False)

    def must_post(self) -> None:
        """Check that this sender may post anything at all.

        Raises:
            ForeignArea: its role reads.
        """
        if self.role not in POSTING:
            raise ForeignArea(f"the role '{self.role}' posts nothing", pointer="/source")

    def must_speak_for(self, area: str | None) -> None:
        """Check that this sender may post in the name of an area, or of the network when that is None.

        Raises:
            ForeignArea: a coordinator speaks for another area, or somebody without that right speaks at all.
        """
        if self.role == "admin" or (self.role == "coordinator" and area in self.areas):
            return
        name = f"the area '{area}'" if area else "the network"
        raise ForeignArea(f"this token may not post for {name}", pointer="/source")


@dataclass(frozen=True, slots=True)
class Pass:
    """What a verified token says.

    `identifier` is what its sender is counted by, the same for all tokens of one person or program; `session` names the
    session that the token was made for, empty where it was made for none.
    """

    identity: Identity
    identifier: str
    expires: datetime
    session: str = ""


class Credential:
    """A service's own proof of who it is, good for the owners of the logs that it follows."""

    def __init__(self, service: str, key: Ed25519PrivateKey) -> None:
        self._service = service
        self._key = key

    def toward(self, owner: str) -> str:
        """Sign a token that only this owner takes."""
        claims = {"iss": self._service, "sub": self._service, "aud": owner, "role": "service", "kind": "system"}
        return signed(claims, self._service, self._key, TOKEN_LIFE)


def signed(claims: Mapping[str, Any], kid: str, key: Ed25519PrivateKey, valid_for: timedelta) -> str:
    """Sign claims as a token that begins now, with an identifier of its own."""
    now = clock.now()
    whole = {**claims, "iat": now, "exp": now + valid_for, "jti": secrets.token_urlsafe(16)}
    return jwt.encode(whole, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": TOKEN_TYPE})


class TrustedKeys:
    """The public keys that one service believes: the issuer's, and those of the services that follow its log."""

    def __init__(self, service: str, services: Mapping[str, Ed25519PublicKey]) -> None:
        self._service = service
        self._followers = {name: key for name, key in services.items() if service in FOLLOWS.get(name, ())}
        self._issuers: Mapping[str, Ed25519PublicKey] | None = None
        self._verified: Recent[str, Pass] = Recent(CACHED_TOKENS)

    @property
    def are_known(self) -> bool:
        """Tell whether the issuer's keys have been heard."""
        return self._issuers is not None

    def trust(self, issuers: Mapping[str, Ed25519PublicKey]) -> None:
        """Believe these keys of the issuer from now on, and no other."""
        if self._issuers is None or issuers.keys() != self._issuers.keys():
            self._verified.clear()
        self._issuers = dict(issuers)

    def verify(self, token: str) -> Pass:
        """Give what a token says. A verified token is remembered: a check costs more than a lookup.

        Raises:
            Unauthenticated: the signature, the time or the claims are wrong.
            TokenLivesTooLong: it says that it is good for longer than any that is signed here.
            IssuerUnknown: the issuer's keys have not been heard yet.
        """
        if (cached := self._verified.find(token)) and cached.expires > clock.now():
            return cached
        name, key, is_follower = self._signer(token)
        claims = _claims(token, key, name if is_follower else ISSUER, self._service if is_follower else AUDIENCE)
        _bound(claims, TOKEN_LIFE if is_follower else LONGEST_TOKEN)
        held = _pass({**claims, "role": "service", "areas": []} if is_follower else claims)
        return self._verified.keep(token, held)

    def _signer(self, token: str) -> tuple[str, Ed25519PublicKey, bool]:
        """Give the key that a token names, and whether it is a follower's."""
        if len(token) > TOKEN_BYTES:
            raise Unauthenticated("the token is too long")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, RecursionError) as error:
            raise Unauthenticated(f"the token is not valid: {error}") from None
        name = str(header.get("kid"))
        if header.get("typ") != TOKEN_TYPE:
            raise Unauthenticated("the token is not valid: it is of a different type")
        if name in self._followers:
            return name, self._followers[name], True
        if self._issuers is None:
            raise IssuerUnknown("the keys of the issuer of tokens are not known here yet")
        if name not in self._issuers:
            raise Unauthenticated("the token is not valid: it was signed with no key of the issuer's")
        return name, self._issuers[name], False


def _claims(token: str, key: Ed25519PublicKey, issuer: str, audience: str) -> dict[str, Any]:
    """Give what a token says that this issuer signed for this audience."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=issuer,
            audience=audience,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": list(REQUIRED)},
        )
    except jwt.PyJWTError as error:
        raise Unauthenticated(f"the token is not valid: {error}") from None
    except (TypeError, OverflowError, RecursionError):
        # PyJWT takes a time for a number without looking, and reads whatever is nested however deep.
        raise Unauthenticated(WRONG_CLAIMS) from None
    for name in claims.keys() & TIMES:
        _moment(claims[name])
    return claims


def _bound(claims: Mapping[str, Any], longest: timedelta) -> None:
    """Hold a token to how long one may be good: whoever had a key for a moment has nothing that outlives it by years.

    Raises:
        TokenLivesTooLong: it says that it is good for longer.
        Unauthenticated: it ends before it begins.
    """
    life = _moment(claims["exp"]) - _moment(claims["iat"])
    if life <= timedelta(0):
        raise Unauthenticated("the token is not valid: it ends before it begins")
    if life > longest:
        seconds = int(longest.total_seconds())
        raise TokenLivesTooLong(f"the token is not valid: none of its kind is good for more than {seconds} seconds")


def _moment(claim: object) -> datetime:
    """Read a time that a token states.

    Raises:
        Unauthenticated: it is no number, or none that is a moment.
    """
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        raise Unauthenticated(WRONG_CLAIMS)
    try:
        return datetime.fromtimestamp(claim, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unauthenticated(WRONG_CLAIMS) from None


def _pass(claims: Mapping[str, Any]) -> Pass:
    """Give what claims say that a library has verified, while they hold.

    Other machines' clocks may be a little ahead when they sign; that is no reason to take a token after its end.

    Raises:
        Unauthenticated: they have expired, or say nothing of ours.
    """
    expires = _moment(claims["exp"])
    if expires <= clock.now():
        raise Unauthenticated("the token is not valid: it has expired")
    session = claims.get("sid", "")
    if not isinstance(claims["sub"], str) or not SUBJECT.fullmatch(claims["sub"]) or not isinstance(session, str):
        raise Unauthenticated(WRONG_CLAIMS)
    return Pass(_identity(claims), claims["sub"], expires, session)


def _identity(claims: Mapping[str, Any]) -> Identity:
    role: Role | None = next((role for role in get_args(Role) if role == claims.get("role")), None)
    kind: SenderKind | None = next((kind for kind in get_args(SenderKind) if kind == claims.get("kind")), None)
    areas = claims.get("areas", [])
    if role is None or kind is None or not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        raise Unauthenticated("the token carries no role of ours")
    return Identity(role, frozenset(areas), claims["sub"], kind)
