"""Which ID tokens are believed: each thing that can be wrong with one is tried alone, and has its own code."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from services.access.providers.id_token import Expected, KeyUnknown, claims_of
from shared.errors import SignInRefused

NOW: Final = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
ISSUER: Final = "https://login.example.dk"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER: Final = RSAKey.generate_key(2048, {"kid": "one"})
SHORT: Final = ECKey.generate_key("P-256", {"kid": "two"})
KEYS: Final = KeySet.import_key_set({"keys": [KEY.as_dict(private=False), SHORT.as_dict(private=False)]})
ACCESS_TOKEN: Final = "et-adgangstoken"  # noqa: S105  none of any system
HALF: Final = hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]
HASH: Final = base64.urlsafe_b64encode(HALF).rstrip(b"=").decode()
EXPECTED: Final = Expected(ISSUER, "helhedsnet", "engang", ACCESS_TOKEN)
CLAIMS: Final[dict[str, Any]] = {
    "iss": ISSUER,
    "sub": "4711",
    "aud": "helhedsnet",
    "nonce": "engang",
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + timedelta(minutes=5)).timestamp()),
}
HEADER: Final = {"alg": "RS256", "kid": "one"}


def signed(claims: Mapping[str, Any] = {}, header: Mapping[str, Any] = HEADER, key: Any = KEY) -> str:  # noqa: ANN401  any key of theirs
    """Sign the good claims, with others in their place; None takes one away."""
    whole = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return jwt.encode(dict(header), whole, key, algorithms=["RS256", "ES256"])


def _written(part: object) -> str:
    """Write a part of a token."""
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def refusal(token: str) -> str:
    """Give the code with which a token is refused."""
    with pytest.raises(SignInRefused) as refused:
        claims_of(token, KEYS, EXPECTED, NOW)
    return refused.value.code


@pytest.mark.parametrize(
    "token",
    [
        signed(),
        signed(header={"alg": "ES256", "kid": "two"}, key=SHORT),
        signed({"aud": ["helhedsnet", "another"], "azp": "helhedsnet"}),
        signed({"at_hash": HASH}),
        signed({"exp": int(NOW.timestamp()) - 20}),
    ],
)
def test_a_good_token_is_believed(token: str) -> None:
    """By each kind of key, for several audiences where we are the one it was made for, with clocks a little apart."""
    assert claims_of(token, KEYS, EXPECTED, NOW)["sub"] == "4711"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"sub": "7\x00"}, "id_token_malformed"),
        ({"sub": 7}, "id_token_malformed"),
        ({"sub": ["7"]}, "id_token_malformed"),
        ({"iss": "https://login.elsewhere.dk"}, "id_token_issuer"),
        ({"iss": f"{ISSUER}/"}, "id_token_issuer"),
        ({"iss": None}, "id_token_issuer"),
        ({"aud": "another"}, "id_token_audience"),
        ({"aud": ["another", "third"]}, "id_token_audience"),
        ({"aud": ["helhedsnet", "another"]}, "id_token_audience"),
        ({"aud": None}, "id_token_audience"),
        ({"azp": "another"}, "id_token_audience"),
        ({"nonce": "en anden"}, "id_token_nonce"),
        ({"nonce": None}, "id_token_nonce"),
        ({"exp": int(NOW.timestamp()) - 31}, "id_token_expired"),
        ({"exp": None}, "id_token_expired"),
        ({"exp": "senere"}, "id_token_expired"),
        ({"iat": int(NOW.timestamp()) + 3_600}, "id_token_expired"),
        ({"nbf": int(NOW.timestamp()) + 3_600}, "id_token_expired"),
        ({"sub": None}, "id_token_malformed"),
        ({"sub": ""}, "id_token_malformed"),
        ({"sub": "x" * 256}, "id_token_malformed"),
        ({"at_hash": "x" * 22}, "id_token_malformed"),
    ],
)
def test_each_wrong_claim_has_its_code(claims: dict[str, Any], code: str) -> None:
    """One is wrong, and all others are right."""
    assert refusal(signed(claims)) == code


def test_a_signature_of_anybody_else_is_none() -> None:
    """Of another key under the same name, of a secret that is the public key, of nobody, and of a changed token."""
    start = f"{_written({'alg': 'HS256', 'kid': 'one'})}.{_written(CLAIMS)}"
    by_public_key = hmac.new(KEY.as_pem(private=False), start.encode(), hashlib.sha256).digest()
    head, body, signature = signed().split(".")
    other = signed({"sub": "admin"}).split(".")[1]
    assert body != other
    for token in (
        signed(key=OTHER),
        f"{start}.{_written(by_public_key)}",
        f"{_written({'alg': 'none', 'kid': 'one'})}.{_written(CLAIMS)}.",
        f"{head}.{other}.{signature}",
    ):
        assert refusal(token) == "id_token_signature"


def test_a_key_that_is_not_known_may_be_new() -> None:
    """Whoever asks reads the keys once more."""
    with pytest.raises(KeyUnknown):
        claims_of(signed(header={"alg": "RS256", "kid": "three"}), KEYS, EXPECTED, NOW)


def test_a_token_that_names_no_key_is_of_the_only_one_or_of_none() -> None:
    """The one key may be a new one; among several nobody guesses. Source: OpenID Connect Core 1.0, section 10.1."""
    alone = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
    assert claims_of(signed(header={"alg": "RS256"}), alone, EXPECTED, NOW)["sub"] == "4711"
    with pytest.raises(KeyUnknown):
        claims_of(signed(header={"alg": "RS256"}, key=OTHER), alone, EXPECTED, NOW)
    assert refusal(signed(header={"alg": "RS256"})) == "id_token_signature"


@pytest.mark.parametrize(
    "head",
    [
        {"jwk": OTHER.as_dict(private=False)},
        {"jku": "https://login.elsewhere.dk/keys", "x5u": "https://login.elsewhere.dk/certificate"},
        {"kid": "two"},
    ],
)
def test_a_token_brings_no_key_of_its_own(head: dict[str, Any]) -> None:
    """Neither in its head nor by an address there; nor is a key taken for one of a different kind."""
    assert refusal(signed(header={**HEADER, **head}, key=OTHER)) in {"id_token_signature", "id_token_malformed"}


@pytest.mark.parametrize(
    "token", ["", "nothing", "a.b.c", "....", "e30.e30.e30", signed()[:-400], "x" * 70_000, "é.é.é"]
)
def test_what_is_no_token_is_said_so(token: str) -> None:
    """Whatever was sent in its place."""
    assert refusal(token) in {"id_token_malformed", "id_token_signature"}
