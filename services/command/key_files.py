"""The key of an area's pseudonyms in files and on paper. Owns that no file is read for another than it is.

It stays where the area's own people are: no service is given it, and no address is asked.
"""

import base64
import binascii
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from services.command.access import CommandFailed
from shared.pseudonyms import KEY_BYTES, LETTERS

PLAIN: Final = "helhedsnet-key-1"
SEALED: Final = "helhedsnet-sealed-key-1"
LARGEST_BYTES: Final = 4_096
SHORTEST_PASSPHRASE: Final = 12
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
# Half a second and 64 MB for every passphrase that is tried. Source: RFC 7914, section 2.
SCRYPT_N: Final = 2**16
SCRYPT_R: Final = 8
GROUP: Final = 4
GROUPS_IN_A_LINE: Final = 4


@dataclass(frozen=True, slots=True)
class AreaKey:
    """An area's key, and whose it is."""

    area: str
    key: bytes


class KeyFailed(CommandFailed):
    """A key could not be had; the code says why, and stands before the sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


def create(area: str, path: Path) -> AreaKey:
    """Draw a key and write it to a new file that only its owner reads.

    Raises:
        KeyFailed: `key_exists`, a file is there; `key_unreadable`, it cannot be written.
    """
    made = AreaKey(area, os.urandom(KEY_BYTES))
    save(made, path)
    return made


def save(key: AreaKey, path: Path) -> None:
    """Write a key to a new file that only its owner reads; raises as `create`."""
    _write(path, {"format": PLAIN, "area": key.area, "key": in_base64(key.key), "check": in_base64(_check(key))})


def load(path: Path, area: str | None = None) -> AreaKey:
    """Read a key.

    Raises:
        KeyFailed: `key_unreadable`, there is no such file; `key_damaged`, it holds no whole key; `other_area`, it is
            that of an area other than the one asked for.
    """
    found = _read(path, PLAIN)
    key = AreaKey(str(found.get("area")), _bytes(found, "key"))
    if len(key.key) != KEY_BYTES or _bytes(found, "check") != _check(key):
        raise KeyFailed("key_damaged", f"{path} does not hold a whole key")
    return _of_area(key, area)


def seal(key: AreaKey, path: Path, passphrase: str) -> None:
    """Write a key to a new file that opens with a passphrase; raises as `create`, and `passphrase_too_short`."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyFailed("passphrase_too_short", f"a passphrase has at least {SHORTEST_PASSPHRASE} signs")
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    box = ChaCha20Poly1305(_derived(passphrase, salt)).encrypt(nonce, key.key, key.area.encode())
    _write(
        path,
        {
            "format": SEALED,
            "area": key.area,
            "salt": in_base64(salt),
            "nonce": in_base64(nonce),
            "sealed": in_base64(box),
        },
    )


def unseal(path: Path, passphrase: str, area: str | None = None) -> AreaKey:
    """Open a sealed key; raises as `load`, and `wrong_passphrase` where it does not open."""
    found = _read(path, SEALED)
    salt, nonce, box = (_bytes(found, name) for name in ("salt", "nonce", "sealed"))
    if len(salt) != SALT_BYTES or len(nonce) != NONCE_BYTES or len(box) <= KEY_BYTES:
        raise KeyFailed("key_damaged", f"{path} is not whole")
    name = str(found.get("area"))
    try:
        key = ChaCha20Poly1305(_derived(passphrase, salt)).decrypt(nonce, box, name.encode())
    except InvalidTag:
        raise KeyFailed("wrong_passphrase", f"{path} does not open with this passphrase, or was changed") from None
    return _of_area(AreaKey(name, key), area)


def on_paper(key: AreaKey) -> list[str]:
    """Give the lines that a key is printed as, to be typed in again: letters in groups of four, a check last."""
    values = key.key + _check(key)
    letters = "".join(LETTERS[value >> 4] + LETTERS[value & 15] for value in values)
    groups = [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]
    return [" ".join(groups[start : start + GROUPS_IN_A_LINE]) for start in range(0, len(groups), GROUPS_IN_A_LINE)]


def from_paper(area: str, typed: str) -> AreaKey:
    """Read a key that somebody typed from paper.

    Raises:
        KeyFailed: `key_mistyped`, a letter is wrong or missing, or it is the key of another area.
    """
    letters = "".join(typed.lower().split())
    if len(letters) != 2 * (KEY_BYTES + len(_check(AreaKey(area, b"")))) or not set(letters) <= set(LETTERS):
        raise KeyFailed("key_mistyped", "that is not as long as a key, or a letter is none of a key's")
    values = bytes(
        LETTERS.index(first) << 4 | LETTERS.index(second)
        for first, second in zip(letters[::2], letters[1::2], strict=True)
    )
    key = AreaKey(area, values[:KEY_BYTES])
    if values[KEY_BYTES:] != _check(key):
        raise KeyFailed("key_mistyped", "a letter is wrong, or it is the key of another area")
    return key


def _of_area(key: AreaKey, area: str | None) -> AreaKey:
    if area is not None and key.area != area:
        raise KeyFailed("other_area", f"it is the key of {key.area}, not of {area}")
    return key


def _check(key: AreaKey) -> bytes:
    return zlib.crc32(key.area.encode() + b"\0" + key.key).to_bytes(4, "big")


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_N, r=SCRYPT_R, p=1).derive(passphrase.encode())


def in_base64(value: bytes) -> str:
    """Write bytes as the files of an area do."""
    return base64.b64encode(value).decode()


def _bytes(found: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(str(found.get(name)), validate=True)
    except binascii.Error:
        raise KeyFailed("key_damaged", f"its {name} is none") from None


def _read(path: Path, form: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            written = file.read(LARGEST_BYTES)
    except OSError as error:
        raise KeyFailed("key_unreadable", f"{path} cannot be read: {error.strerror}") from None
    try:
        found = orjson.loads(written)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or found.get("format") != form:
        raise KeyFailed("key_damaged", f"{path} does not hold a whole key of the form {form}")
    return found


def _write(path: Path, said: Mapping[str, str]) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFailed("key_exists", f"{path} is there already, and no key is written over") from None
    except OSError as error:
        raise KeyFailed("key_unreadable", f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")
