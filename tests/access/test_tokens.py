"""Which tokens a service believes beyond their signature: how long they may be good, when, and as whose."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from shared import clock, keys
from shared.errors import TokenLivesTooLong, Unauthenticated
from shared.tokens import (
    ALGORITHM,
    CLOCK_SKEW_SECONDS,
    LONGEST_TOKEN,
    MAX_AREAS,
    TOKEN_LIFE,
    TOKEN_TYPE,
    Identity,
    TrustedKeys,
    signed,
)
from tests.support.keyring import Keyring

SECOND: Final = timedelta(seconds=1)
# `max_header_size` of the Caddyfile.
GATEWAYS_HEADER_BYTES: Final = 32_768
SKEW: Final = timedelta(seconds=CLOCK_SKEW_SECONDS)
SAID: Final = {"iss": "helhedsnet", "aud": "helhedsnet", "sub": "p-1", "jti": "1", "kind": "user", "role": "lead"}


@pytest.fixture
def trusted(keyring: Keyring) -> TrustedKeys:
    """Give what the registry believes."""
    return keyring.trusted("registry")


def told(**changes: Any) -> dict[str, Any]:
    """Give the claims of a good token, with others in their place."""
    now = clock.now()
    return {**SAID, "iat": now, "exp": now + TOKEN_LIFE, **changes}


def test_a_token_that_would_outlive_all_others_is_none(keyring: Keyring, trusted: TrustedKeys) -> None:
    """Though it is signed as it should be: who had the key for a moment has no token for ten years."""
    assert trusted.verify(keyring.issue(Identity("lead"), valid_for=LONGEST_TOKEN)).identity.role == "lead"
    for life in (LONGEST_TOKEN + SECOND, timedelta(days=3_660)):
        with pytest.raises(TokenLivesTooLong) as refused:
            trusted.verify(keyring.issue(Identity("admin"), valid_for=life))
        assert (refused.value.status, refused.value.code) == (401, "token_lives_too_long")
    # Nor is it hidden in a beginning that lies far back.
    with pytest.raises(TokenLivesTooLong):
        trusted.verify(keyring.sign(told(iat=clock.now() - LONGEST_TOKEN)))


def test_a_coordinator_of_as_many_areas_as_may_be_is_believed(keyring: Keyring, trusted: TrustedKeys) -> None:
    """With the longest names that areas have: whoever is let in is taken everywhere, and through the gateway."""
    areas = frozenset(f"{number:03}-{'a' * 59}" for number in range(MAX_AREAS))
    token = keyring.issue(Identity("coordinator", areas, subject="p-0123456789abcdef", kind="user"), session="s" * 18)
    assert trusted.verify(token).identity.areas == areas
    assert len(token) < GATEWAYS_HEADER_BYTES - 8_192


def test_a_services_own_token_lives_no_longer_than_half_a_minute(keyring: Keyring, trusted: TrustedKeys) -> None:
    """So that what was made in a container while somebody was there ends with that."""
    key = keys.load(keyring.folder / "reporting.pem")
    claims = {"iss": "reporting", "sub": "reporting", "aud": "registry", "kind": "system"}
    assert trusted.verify(signed(claims, "reporting", key, TOKEN_LIFE)).identity.role == "service"
    with pytest.raises(TokenLivesTooLong):
        trusted.verify(signed(claims, "reporting", key, TOKEN_LIFE + SECOND))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_of_later_is_taken_as_far_as_clocks_may_differ(
    keyring: Keyring, trusted: TrustedKeys, claim: str
) -> None:
    """No further: what was made in advance is good for nothing now."""
    near, far = clock.now() + SKEW - 20 * SECOND, clock.now() + SKEW + 60 * SECOND
    trusted.verify(keyring.sign(told(**{claim: near, "exp": near + TOKEN_LIFE})))
    with pytest.raises(Unauthenticated, match="not yet valid"):
        trusted.verify(keyring.sign(told(**{claim: far, "exp": far + TOKEN_LIFE})))


def test_a_token_that_ends_before_it_begins_is_none(keyring: Keyring, trusted: TrustedKeys) -> None:
    """Also where clocks differ by as much as they may."""
    later = clock.now() + SKEW - 5 * SECOND
    with pytest.raises(Unauthenticated):
        trusted.verify(keyring.sign(told(iat=later, exp=later - SECOND)))


def _heads(keyring: Keyring, stranger: Ed25519PrivateKey) -> list[dict[str, Any]]:
    """Give heads by which a stranger would have its own key taken, or none asked for."""
    (name,) = keyring.issuer.public
    own = OKPAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    ways: list[dict[str, Any]] = [
        {"jwk": own},
        {"jku": "https://elsewhere.test/keys", "x5u": "https://elsewhere.test/certificate"},
        {"kid": "../../issuer.json"},
        {"kid": "registry"},
        {"kid": ""},
        {"kid": name.lower()},
        {"crit": ["exp"], "exp": 1},
        {"b64": False, "crit": ["b64"]},
    ]
    return [{"kid": name, "typ": TOKEN_TYPE, **way} for way in ways]


def test_a_token_brings_no_key_of_its_own(keyring: Keyring, trusted: TrustedKeys) -> None:
    """Neither in its head, nor by an address or a path there, nor by a name that only looks like a known one."""
    stranger = Ed25519PrivateKey.generate()
    for head in _heads(keyring, stranger):
        with pytest.raises(Unauthenticated):
            trusted.verify(jwt.encode(told(), stranger, algorithm=ALGORITHM, headers=head))


def _written(part: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("head", [{"alg": "none"}, {"alg": "NONE"}, {"alg": "HS256"}, {"alg": "Ed448"}, {"alg": 7}, {}])
def test_no_algorithm_but_ours_is_taken(keyring: Keyring, trusted: TrustedKeys, head: dict[str, Any]) -> None:
    """Whatever a head says, over a signature that is good, and over none."""
    (name,) = keyring.issuer.public
    now = int(clock.now().timestamp())
    begins = f"{_written({'kid': name, 'typ': TOKEN_TYPE, **head})}.{_written(told(iat=now, exp=now + 20))}"
    good = keyring.issue(Identity("admin")).rpartition(".")[2]
    for signature in ("", good):
        with pytest.raises(Unauthenticated):
            trusted.verify(f"{begins}.{signature}")


def test_a_followers_key_names_nobody_but_itself(keyring: Keyring, trusted: TrustedKeys) -> None:
    """Whatever its token claims: the issuer's names, an administrator's role, areas, another service."""
    key = keys.load(keyring.folder / "reporting.pem")
    (issuer,) = keyring.issuer.public
    for claims, name in (
        ({**SAID, "role": "admin"}, issuer),
        ({**SAID, "role": "admin"}, "reporting"),
        ({**SAID, "iss": "reporting", "aud": "helhedsnet"}, "reporting"),
        ({**SAID, "iss": "funding", "aud": "registry"}, "funding"),
        ({**SAID, "iss": "funding", "aud": "registry"}, "reporting"),
    ):
        with pytest.raises(Unauthenticated):
            trusted.verify(signed(claims, name, key, TOKEN_LIFE))
    own: dict[str, Any] = told(iss="reporting", aud="registry", sub="reporting", role="admin", areas=["nord"])
    assert trusted.verify(signed(own, "reporting", key, TOKEN_LIFE)).identity == Identity("service")
    # A token of a type that is not ours is none, whoever signed it.
    untyped = jwt.encode(own, key, ALGORITHM, {"kid": "reporting"})
    with pytest.raises(Unauthenticated, match="different type"):
        trusted.verify(untyped)
