"""Key files: Ed25519 pairs whose private half one holder reads, and the sets of public keys that all may know.

A service has a pair of its own: with it the service signs the pages of its log, and proves itself to the owners of the
logs that it follows (ADR 101). Knows no token.
"""

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import OKPAlgorithm
from jwt.exceptions import InvalidKeyError

from shared.errors import CannotServe

# Who has a pair, and whose logs each follows: a service opens these, and no other (ADR 101).
FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "registry": ("funding",),
    "funding": ("registry",),
    "reporting": ("registry", "funding"),
}
SERVICES_FILE: Final = "services.json"
# Of an installation from before each service had a key: all were derived from this one.
FORMER_FILE: Final = "token-key.pem"
PRIVATE_FILE: Final = 0o600
PUBLIC_FILE: Final = 0o644
PRIVATE_FOLDER: Final = 0o700
KEY_BYTES: Final = 32
# A set of public keys is read from elsewhere: so many bytes and keys it holds at most.
SET_BYTES: Final = 65_536
SET_KEYS: Final = 32
KEY_UNUSABLE: Final = "key_unusable"
KEY_WAY_OUT: Final = (
    "put it back from a backup, or remove the file to have a new one made, after which nothing signed before is good"
)


def load(path: Path) -> Ed25519PrivateKey:
    """Read a private key from a PEM file.

    Raises:
        FileNotFoundError: there is none.
        CannotServe: it holds no key (`key_unusable`).
    """
    content = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise unusable(path, "holds no Ed25519 key" if content else "is empty")
    return key


def unusable(path: Path, what: str) -> CannotServe:
    """Give the refusal of a file that should hold a key."""
    return CannotServe(KEY_UNUSABLE, f"the file {path.absolute()} {what}; {KEY_WAY_OUT}")


def load_public(path: Path) -> dict[str, Ed25519PublicKey]:
    """Read a set of public keys from a file, by their names.

    Raises:
        FileNotFoundError: there is none.
        CannotServe: it holds no such set (`key_unusable`).
    """
    try:
        return read_public(path.read_bytes())
    except ValueError as error:
        raise unusable(path, f"holds no set of public keys ({error})") from None


def read_public(content: bytes) -> dict[str, Ed25519PublicKey]:
    """Read a set of public keys, by their names; others than Ed25519 are passed over. Source: RFC 7517.

    Raises:
        ValueError: this is no such set.
    """
    if len(content) > SET_BYTES:
        raise ValueError("it is too long")
    try:
        listed = json.loads(content)["keys"]
        if not isinstance(listed, list) or len(listed) > SET_KEYS:
            raise ValueError("too many keys, or no list of them")
        ours = [key for key in listed if (key.get("kty"), key.get("crv")) == ("OKP", "Ed25519") and "d" not in key]
        return {str(key["kid"]): _public(key) for key in ours}
    except (LookupError, TypeError, AttributeError, RecursionError, InvalidKeyError) as error:
        raise ValueError(type(error).__name__) from None


def public_set(keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """Give public keys as a set, each under its name. Source: RFC 7517."""
    return {
        "keys": [
            {**OKPAlgorithm.to_jwk(key, as_dict=True), "kid": name, "use": "sig", "alg": "EdDSA"}
            for name, key in keys.items()
        ]
    }


def make(folder: Path, former: Path | None = None) -> None:
    """Make what is missing of the services' keys in a folder: a pair for each, and the set of their public halves.

    `former` is the file of the one key that services once shared: theirs are derived from it where it is there, so that
    their logs go on under the same signatures.

    Raises:
        CannotServe: a file that is there holds no key (`key_unusable`).
    """
    with alone(folder):
        shared_once = load(former) if former is not None and former.exists() else None
        for service in FOLLOWS:
            path = folder / f"{service}.pem"
            if not path.exists():
                key = Ed25519PrivateKey.generate() if shared_once is None else derived(shared_once, service)
                write(path, pem(key), PRIVATE_FILE)
        pairs = {service: load(folder / f"{service}.pem").public_key() for service in FOLLOWS}
        write(folder / SERVICES_FILE, json.dumps(public_set(pairs)).encode(), PUBLIC_FILE)


def derived(former: Ed25519PrivateKey, service: str) -> Ed25519PrivateKey:
    """Give the key that a service once had of the one that all shared. Source: RFC 5869."""
    derivation = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"helhedsnet: page of the log of {service}".encode())
    return Ed25519PrivateKey.from_private_bytes(derivation.derive(former.private_bytes_raw()))


def pem(key: Ed25519PrivateKey) -> bytes:
    """Write a private key as PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make a folder that only this user enters, where there is none, and be the only one who makes keys in it."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def write(path: Path, content: bytes, mode: int) -> None:
    """Put the whole file there, or leave what was: half a key would be kept for ever."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _public(key: Mapping[str, Any]) -> Ed25519PublicKey:
    made = OKPAlgorithm.from_jwk(dict(key))
    if not isinstance(made, Ed25519PublicKey):
        raise TypeError("this is no public key")
    return made
