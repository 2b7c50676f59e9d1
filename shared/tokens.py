"""Tokens: Ed25519-signed JWTs that carry a role and areas. Owns who may speak for which area; knows no HTTP."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared import clock
from shared.errors import CannotServe, ForeignArea, Unauthenticated
from shared.recent import Recent

Role: TypeAlias = Literal["coordinator", "lead", "auditor", "admin", "service"]
# What a person's browser holds: an invitation is spent on a session. The three kinds of token are not interchangeable,
# since an invitation and a session name their purpose as their audience.
Purpose: TypeAlias = Literal["invitation", "session"]
POSTING: Final[frozenset[Role]] = frozenset({"admin", "coordinator"})
ALGORITHM: Final = "EdDSA"
ISSUER: Final = "helhedsnet"
CACHED_TOKENS: Final = 4_096
REMEMBERED: Final = timedelta(minutes=5)
IDENTIFIER_DIGITS: Final = 32
# How far the clock of whoever signed a token may be ahead of ours.
CLOCK_SKEW_SECONDS: Final = 30
TIMES: Final = frozenset({"exp", "iat", "nbf"})
WRONG_CLAIMS: Final = "the token is not valid: a claim is of a wrong type"
DERIVED_BYTES: Final = 32
KEY_UNUSABLE: Final = "key_unusable"
KEY_WAY_OUT: Final = (
    "put the key back from a backup, or remove the file to have a new one made, after which no old token is good"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends a request: a role, and the areas that it may speak for."""

    role: Role
    areas: frozenset[str] = field(default_factory=frozenset)

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
    """What a verified token, invitation or session says.

    `identifier` is what it is remembered by: its own for what can be spent, and for a token a digest that tells it
    from others and nothing more.
    """

    identity: Identity
    identifier: str
    expires: datetime


class TokenKey:
    """The key that signs tokens and verifies them, and from which others are derived."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._verified: Recent[str, tuple[Pass, datetime]] = Recent(CACHED_TOKENS)

    @classmethod
    def load(cls, path: Path) -> "TokenKey":
        """Read the key from a PEM file.

        Raises:
            FileNotFoundError: there is none; `load_or_create` makes one.
            CannotServe: it holds no key (`key_unusable`).
        """
        content = path.read_bytes()
        try:
            key = serialization.load_pem_private_key(content, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            what = "holds no Ed25519 key" if content else "is empty"
            raise CannotServe(KEY_UNUSABLE, f"the file {path.absolute()} {what}; {KEY_WAY_OUT}")
        return cls(key)

    @classmethod
    def load_or_create(cls, path: Path) -> "TokenKey":
        """Read the key, or make one that only this user can read; of many at once, all get the one that came first.

        Raises:
            CannotServe: the file is there and holds no key (`key_unusable`).
        """
        with contextlib.suppress(FileNotFoundError):
            return cls.load(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        # Whole, or not there: half a key would be kept for ever. A link takes the place of nothing.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
        return cls.load(path)

    def derive(self, purpose: str) -> bytes:
        """Derive 32 secret bytes for a purpose; whoever knows them learns nothing of the key or another purpose's.

        Source: RFC 5869.
        """
        derivation = HKDF(hashes.SHA256(), DERIVED_BYTES, salt=None, info=f"{ISSUER}: {purpose}".encode())
        return derivation.derive(self._key.private_bytes_raw())

    def issue(self, identity: Identity, *, valid_for: timedelta) -> str:
        """Sign a token."""
        return self._sign(identity, valid_for, {})

    def issue_pass(self, purpose: Purpose, identity: Identity, *, valid_for: timedelta) -> str:
        """Sign an invitation or a session."""
        return self._sign(identity, valid_for, {"aud": f"{ISSUER}:{purpose}", "jti": secrets.token_urlsafe(16)})

    def verify_pass(self, purpose: Purpose, token: str) -> Pass:
        """Give what an invitation or a session says.

        Raises:
            Unauthenticated: the signature, the time or the purpose are wrong.
        """
        claims = self._claims(token, ("exp", "iat", "iss", "aud", "jti"), f"{ISSUER}:{purpose}")
        if not isinstance(claims["jti"], str):
            raise Unauthenticated(WRONG_CLAIMS)
        return _pass(claims, claims["jti"])

    def verify(self, token: str) -> Pass:
        """Give what a token says. A verified token is remembered a while: a check costs more than a lookup.

        Raises:
            Unauthenticated: the signature, the time or the claims are wrong.
        """
        now = clock.now()
        if (cached := self._verified.find(token)) and cached[1] > now:
            return cached[0]
        claims = self._claims(token, ("exp", "iat", "iss"), None)
        # Of what is signed alone: its signature can be written in several ways, each of which would have a share.
        signed = token.rpartition(".")[0]
        digest = hashlib.sha256(signed.encode()).hexdigest()[:IDENTIFIER_DIGITS]
        held = _pass(claims, digest)
        self._verified.keep(token, (held, min(now + REMEMBERED, held.expires)))
        return held

    def _sign(self, identity: Identity, valid_for: timedelta, more: dict[str, str]) -> str:
        issued = clock.now()
        claims = {"iss": ISSUER, "iat": issued, "exp": issued + valid_for, "role": identity.role, **more}
        return jwt.encode({**claims, "areas": sorted(identity.areas)}, self._key, algorithm=ALGORITHM)

    def _claims(self, token: str, required: tuple[str, ...], audience: str | None) -> dict[str, Any]:
        """Give what a token says; one that names an audience is good for no other, and for nothing without one."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=audience,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": list(required)},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(f"the token is not valid: {error}") from None
        except (TypeError, OverflowError, RecursionError):
            # PyJWT takes a time for a number without looking, and reads whatever is nested however deep.
            raise Unauthenticated(WRONG_CLAIMS) from None
        for name in claims.keys() & TIMES:
            _moment(claims[name])
        return claims


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


def _pass(claims: Mapping[str, Any], identifier: str) -> Pass:
    """Give what claims say that a library has verified, while they hold.

    Other machines' clocks may be a little ahead when they sign; that is no reason to take a token after its end.

    Raises:
        Unauthenticated: they have expired, or say nothing of ours.
    """
    expires = _moment(claims["exp"])
    if expires <= clock.now():
        raise Unauthenticated("the token is not valid: it has expired")
    return Pass(_identity(claims), identifier, expires)


def _identity(claims: Mapping[str, Any]) -> Identity:
    role: Role | None = next((role for role in get_args(Role) if role == claims.get("role")), None)
    areas = claims.get("areas", [])
    if role is None or not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        raise Unauthenticated("the token carries no role of ours")
    return Identity(role, frozenset(areas))
