"""Whether an ID token is what a provider says of whoever signs in here, now. Pure: owns no key and no request.

Signatures are checked by joserfc, claims by Authlib.
Source: OpenID Connect Core 1.0, section 3.1.3.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ConflictAlgorithmError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    MissingAlgorithmError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from shared.codes import SignInCode
from shared.errors import SignInRefused
from shared.presentable import UNPRESENTABLE

# Signatures that only the provider can make; those of a secret that we know too are none.
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
LEEWAY_SECONDS: Final = 30
TOKEN_BYTES: Final = 65_536
SUBJECT_LENGTH: Final = 255
WRONG: Final[Mapping[str, SignInCode]] = {
    "iss": "id_token_issuer",
    "aud": "id_token_audience",
    "azp": "id_token_audience",
    "nonce": "id_token_nonce",
    "exp": "id_token_expired",
    "iat": "id_token_expired",
    "nbf": "id_token_expired",
}
UNSIGNED: Final = (
    BadSignatureError,
    ConflictAlgorithmError,
    InvalidKeyIdError,
    MissingAlgorithmError,
    UnsupportedAlgorithmError,
)


class KeyUnknown(Exception):
    """The token is of a key that the provider did not have when it was asked last; it may have a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say: who made it, for whom, and for which sign-in; `access_token` came beside it."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None


def claims_of(token: str, keys: KeySet, expected: Expected, now: datetime) -> dict[str, Any]:
    """Give what an ID token says that is good for this sign-in.

    Raises:
        KeyUnknown: it is signed by a key that is not among the `keys`, or names none and is signed by no key of them.
        SignInRefused: anything else of it is wrong; its code says what.
    """
    if len(token) > TOKEN_BYTES:
        raise SignInRefused("id_token_malformed", "the ID token is longer than any")
    names_its_key = _known_key(token, keys)
    try:
        decoded = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except UNSIGNED as error:
        if isinstance(error, BadSignatureError) and not names_its_key:
            raise KeyUnknown from None
        raise SignInRefused("id_token_signature", f"the ID token is not signed by the provider: {error}") from None
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise SignInRefused("id_token_malformed", f"the ID token cannot be read: {type(error).__name__}") from None
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "nonce": {"essential": True, "value": expected.nonce},
    }
    asked = {name: getattr(expected, name) for name in ("nonce", "client_id", "access_token")}
    claims = CodeIDToken(decoded.claims, decoded.header, options, asked)
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except ExpiredTokenError:
        raise SignInRefused("id_token_expired", "the ID token has expired") from None
    except ClaimError as error:
        found = [WRONG[name] for name in error.claim.split(",") if name in WRONG]
        code: SignInCode = found[0] if found else "id_token_malformed"
        raise SignInRefused(code, f"the ID token's {error.claim} is not what it must be") from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH or UNPRESENTABLE.search(subject):
        raise SignInRefused("id_token_malformed", "the ID token's sub is not what it must be")
    return dict(claims)


def _known_key(token: str, keys: KeySet) -> bool:
    """Look whether the key that a token names is known; tell whether it names one.

    Raises:
        KeyUnknown: it is not.
        SignInRefused: this is no token.
    """
    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError, RecursionError):
        raise SignInRefused("id_token_malformed", "the ID token cannot be read") from None
    if kid is not None and kid not in {key.kid for key in keys.keys}:
        raise KeyUnknown
    return kid is not None
