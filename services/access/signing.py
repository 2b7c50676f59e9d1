"""The issuer: the keys that sign tokens, in one file that access alone reads. Owns their rotation; knows no HTTP.

A key is announced before it signs, so that every service has heard of it, and is believed until the last token that it
signed has ended. The public halves stand in a file beside the private ones.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm
from jwt.exceptions import InvalidKeyError
from jwt.utils import base64url_encode

from shared import clock, keys
from shared.tokens import AUDIENCE, ISSUER, LONGEST_TOKEN, TOKEN_LIFE, Identity, signed

PUBLIC_FILE: Final = "issuer-public.json"
# Longer than a service goes without hearing of the issuer's keys.
ANNOUNCED: Final = timedelta(minutes=1)
MAX_KEYS: Final = 8


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of the issuer's: it signs from one moment on, and is believed until another, or until it is replaced."""

    name: str
    private: Ed25519PrivateKey
    signs_from: datetime
    ends: datetime | None


class Issuer:
    """Signs tokens with the newest key whose time has come."""

    def __init__(self, signing: Sequence[SigningKey]) -> None:
        self._keys = tuple(sorted(signing, key=lambda key: key.signs_from))

    @classmethod
    def load_or_create(cls, path: Path) -> "Issuer":
        """Read the keys from their file; where there is none make one key, and the file of the public halves beside it.

        Raises:
            CannotServe: the file holds no keys (`key_unusable`).
        """
        with keys.alone(path.parent):
            if not path.exists():
                _write(path, [_new(clock.now())])
            issuer = cls(_read(path))
            _publish(path, issuer)
        return issuer

    @property
    def public(self) -> dict[str, Ed25519PublicKey]:
        """Give the public halves that are to be believed now, by their names."""
        now = clock.now()
        return {key.name: key.private.public_key() for key in self._keys if key.ends is None or key.ends > now}

    def issue(self, identity: Identity, *, valid_for: timedelta = TOKEN_LIFE, session: str = "") -> str:
        """Sign a token; one for nobody whom access knows gets a subject of its own."""
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": identity.subject or f"c-{secrets.token_hex(8)}",
            "role": identity.role,
            "areas": sorted(identity.areas),
            "kind": identity.kind,
        }
        key = self._signing()
        return signed(claims | ({"sid": session} if session else {}), key.name, key.private, valid_for)

    def _signing(self) -> SigningKey:
        now = clock.now()
        due = [key for key in self._keys if key.signs_from <= now]
        return due[-1] if due else self._keys[0]


def rotate(path: Path, *, at_once: bool = False) -> str:
    """Make a new key, and let the others end with the tokens that they signed; give its name.

    One that is announced and does not sign yet is not replaced by another.

    `at_once` is for a key that somebody has read: the new one signs now, and no other is believed any more.

    Raises:
        CannotServe: the file holds no keys (`key_unusable`).
    """
    Issuer.load_or_create(path)
    now = clock.now()
    with keys.alone(path.parent):
        held = [key for key in _read(path) if key.ends is None or key.ends > now]
        if at_once:
            made, others = _new(now), []
        elif held[-1].signs_from > now:
            return held[-1].name
        else:
            made = _new(now + ANNOUNCED)
            ends = made.signs_from + LONGEST_TOKEN
            others = [SigningKey(key.name, key.private, key.signs_from, key.ends or ends) for key in held]
        _write(path, [*others, made][-MAX_KEYS:])
        _publish(path, Issuer(_read(path)))
    return made.name


def _new(signs_from: datetime) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey(thumbprint(private.public_key()), private, signs_from, None)


def thumbprint(key: Ed25519PublicKey) -> str:
    """Give the name of a key that follows from it. Source: RFC 7638."""
    jwk = OKPAlgorithm.to_jwk(key, as_dict=True)
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
    return base64url_encode(sha256(members.encode()).digest()).decode()


def _read(path: Path) -> list[SigningKey]:
    content = path.read_bytes()
    try:
        found = [_from_json(key) for key in json.loads(content)["keys"]]
    except (ValueError, LookupError, TypeError, InvalidKeyError):
        found = []
    if not found:
        raise keys.unusable(path, "holds no keys of the issuer" if content else "is empty")
    return found


def _from_json(key: Mapping[str, Any]) -> SigningKey:
    private = OKPAlgorithm.from_jwk({name: key[name] for name in ("kty", "crv", "x", "d")})
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError("this is no private key")
    ends = key.get("ends")
    return SigningKey(str(key["kid"]), private, _moment(key["signs_from"]), None if ends is None else _moment(ends))


def _moment(told: float) -> datetime:
    return datetime.fromtimestamp(told, UTC)


def _write(path: Path, signing: Sequence[SigningKey]) -> None:
    told = [
        {
            **OKPAlgorithm.to_jwk(key.private, as_dict=True),
            "kid": key.name,
            "signs_from": key.signs_from.timestamp(),
            "ends": None if key.ends is None else key.ends.timestamp(),
        }
        for key in signing
    ]
    keys.write(path, json.dumps({"keys": told}).encode(), keys.PRIVATE_FILE)


def _publish(path: Path, issuer: Issuer) -> None:
    keys.write(path.parent / PUBLIC_FILE, json.dumps(keys.public_set(issuer.public)).encode(), keys.PUBLIC_FILE)
