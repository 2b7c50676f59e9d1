"""Whoever reads everything in one service's container can make no token for another role or service."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.access.signing import Issuer
from shared import clock, keys
from shared.errors import Unauthenticated
from shared.tokens import AUDIENCE, ISSUER, TOKEN_LIFE, TOKEN_TYPE, Role, TrustedKeys
from tests.support.extent import long_but_for
from tests.support.running import ROOT

SERVICES: Final = ("registry", "funding", "reporting")
FOLDERS: Final = ("postgres", "migrate", "redis", "access", *SERVICES)


@pytest.fixture(scope="module")
def volumes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the volumes of an installation as its first start makes them."""
    folder = tmp_path_factory.mktemp("volumes")
    for name in FOLDERS:
        (folder / name).mkdir()
    command = [sys.executable, str(ROOT / "deploy/generate_secrets.py"), str(folder)]
    subprocess.run(command, check=True)  # noqa: S603  our own command
    return folder


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """Give the issuer, whose file lies in a volume of access alone."""
    return Issuer.load_or_create(tmp_path_factory.mktemp("access-keys") / "issuer.json")


def _private_keys(folder: Path) -> Iterator[Ed25519PrivateKey]:
    """Find whatever in a container is a private key, or might be used as one."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if b"PRIVATE KEY" in content:
            found = load_pem_private_key(content, password=None)
            assert isinstance(found, Ed25519PrivateKey)
            yield found
            # What was once made of a key that all shared.
            yield from (keys.derived(found, service) for service in SERVICES)
            continue
        assert b'"d"' not in content, path
        yield Ed25519PrivateKey.from_private_bytes(content[:32].ljust(32))


def _forged(stolen: Path, issuer: Issuer) -> Iterator[str]:
    """Make each token that the finder of a container's secrets can think of."""
    names = (*issuer.public, *SERVICES, ISSUER)
    sayings = itertools.product(names, (ISSUER, *SERVICES), (AUDIENCE, *SERVICES), get_args(Role))
    now = clock.now()
    times: dict[str, Any] = {"iat": now, "exp": now + TOKEN_LIFE, "jti": "1", "kind": "system", "areas": []}
    signing = [*_private_keys(stolen), Ed25519PrivateKey.generate()]
    for name, says, audience, role in sayings:
        claims = {**times, "iss": says, "aud": audience, "sub": says, "role": role}
        for key in signing:
            yield jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": name, "typ": TOKEN_TYPE})
        # A public key taken for a shared secret.
        for public in issuer.public.values():
            yield jwt.encode(claims, public.public_bytes_raw(), algorithm="HS256", headers={"kid": name})


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("stolen", long_but_for(SERVICES, ["registry"]))
def test_a_stolen_container_forges_nobody(volumes: Path, issuer: Issuer, stolen: str) -> None:
    """It opens the logs that the service follows, in its own name, and that is all that it ever could."""
    tokens = list(_forged(volumes / stolen, issuer))
    for service in SERVICES:
        trusted = TrustedKeys(service, keys.load_public(volumes / service / keys.SERVICES_FILE))
        trusted.trust(issuer.public)
        opened = set()
        for token in tokens:
            try:
                held = trusted.verify(token)
            except Unauthenticated:
                continue
            opened.add((held.identity.role, held.identity.areas, held.identifier))
        own = {("service", frozenset[str](), stolen)}
        assert opened == (own if service in keys.FOLLOWS[stolen] else set())


def test_no_volume_but_that_of_access_holds_what_signs_tokens(volumes: Path, issuer: Issuer) -> None:
    """Each private key lies in one container, and none of them is the issuer's."""
    of = {service: list((volumes / service).glob("*.pem")) for service in (*SERVICES, "access")}
    assert {service: [path.name for path in paths] for service, paths in of.items()} == {
        **{service: [f"{service}.pem"] for service in SERVICES},
        "access": [],
    }
    private = {keys.load(of[service][0]).private_bytes_raw() for service in SERVICES}
    assert len(private) == len(SERVICES)
    public = {key.public_bytes_raw() for key in issuer.public.values()}
    assert public.isdisjoint(keys.load(of[service][0]).public_key().public_bytes_raw() for service in SERVICES)
    compose = (ROOT / "docker-compose.yml").read_text()
    assert compose.count("access-keys:/") == 1
    assert json.loads((volumes / "registry/services.json").read_text())["keys"]
