"""A new key of the issuer is announced before it signs, and the old one is believed until its tokens have ended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from services.access.signing import ANNOUNCED, MAX_KEYS, PUBLIC_FILE, Issuer, rotate
from shared import clock, keys
from shared.errors import IssuerUnknown, Unauthenticated
from shared.http.trusting import HEAR_SECONDS
from shared.tokens import LONGEST_TOKEN, Identity, TrustedKeys

Move = Callable[[timedelta], None]


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Give a function that moves the clock on, from where it truly is."""
    now = clock.now

    def move(time: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: now() + time)

    return move


def _trusting(path: Path) -> TrustedKeys:
    """Give what a service believes that hears the keys now."""
    trusted = TrustedKeys("registry", {})
    trusted.trust(Issuer.load_or_create(path).public)
    return trusted


def _believes(trusted: TrustedKeys, token: str) -> bool:
    """Tell whether a service knows the key that signed a token; a library tells the time of it by its own clock."""
    return jwt.get_unverified_header(token)["kid"] in (trusted._issuers or {})  # noqa: SLF001  what it believes


def test_rotation_refuses_no_good_token(tmp_path: Path, let_pass: Move) -> None:
    """At no moment does a service that heard a while ago meet a token whose key it does not know."""
    path = tmp_path / "issuer.json"
    (old,) = Issuer.load_or_create(path).public
    before = _trusting(path)
    long = Issuer.load_or_create(path).issue(Identity("admin"), valid_for=LONGEST_TOKEN)
    new = rotate(path)
    assert timedelta(seconds=HEAR_SECONDS) < ANNOUNCED
    # Who has not heard yet still meets only what it knows.
    before.verify(Issuer.load_or_create(path).issue(Identity("lead")))
    assert set(Issuer.load_or_create(path).public) == {old, new}
    between = _trusting(path)
    let_pass(ANNOUNCED)
    token = Issuer.load_or_create(path).issue(Identity("lead"))
    assert _believes(between, token)
    assert _believes(between, long)
    assert not _believes(before, token)
    let_pass(ANNOUNCED + LONGEST_TOKEN + timedelta(seconds=1))
    assert set(Issuer.load_or_create(path).public) == {new}
    assert set(keys.load_public(tmp_path / PUBLIC_FILE)) == {new}


def test_a_key_that_was_read_is_believed_no_more(tmp_path: Path) -> None:
    """At once: whoever has it can do nothing with it once the services have heard."""
    path = tmp_path / "issuer.json"
    token = Issuer.load_or_create(path).issue(Identity("admin"))
    trusted = _trusting(path)
    trusted.verify(token)
    new = rotate(path, at_once=True)
    trusted.trust(Issuer.load_or_create(path).public)
    with pytest.raises(Unauthenticated):
        trusted.verify(token)
    trusted.verify(Issuer.load_or_create(path).issue(Identity("admin")))
    assert set(keys.load_public(tmp_path / PUBLIC_FILE)) == {new}


def test_however_often_it_is_rotated_there_are_few_keys(tmp_path: Path, let_pass: Move) -> None:
    """The one that signs now is always among them, and one that is announced is not replaced."""
    path = tmp_path / "issuer.json"
    Issuer.load_or_create(path)
    for number in range(2 * MAX_KEYS):
        let_pass(number * ANNOUNCED)
        assert rotate(path) == rotate(path)
        issuer = Issuer.load_or_create(path)
        assert len(issuer.public) <= MAX_KEYS
        trusted = TrustedKeys("registry", {})
        trusted.trust(issuer.public)
        assert _believes(trusted, issuer.issue(Identity("lead")))


def test_before_the_keys_are_heard_it_is_not_said_that_a_token_is_bad(tmp_path: Path) -> None:
    """It is to come back: 503, and no 401 that would have a program give up."""
    token = Issuer.load_or_create(tmp_path / "issuer.json").issue(Identity("lead"))
    with pytest.raises(IssuerUnknown):
        TrustedKeys("registry", {}).verify(token)
