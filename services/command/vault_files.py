"""The vault of an area in a file: which pseudonym is whose, sealed by the page or here. Owns the form of the file.

It opens with a passphrase, or with the area's key, which is kept on paper: that is the recovery. No address is asked.
Source: NIST SP 800-132 (PBKDF2), NIST SP 800-38D (GCM).
"""

import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.command.key_files import NONCE_BYTES, SALT_BYTES, SHORTEST_PASSPHRASE, AreaKey, KeyFailed, in_base64
from shared.pseudonyms import KEY_BYTES

FORMAT: Final = "helhedsnet-vault-1"
# Source: OWASP's recommendation for PBKDF2 with SHA-256, 2023.
ROUNDS: Final = 600_000
MOST_ROUNDS: Final = 5_000_000
MOST_BYTES: Final = 8 * 1024 * 1024
TAG_BYTES: Final = 16


def seal(key: AreaKey, people: Mapping[str, str], passphrase: str) -> bytes:
    """Seal names by pseudonym, for a passphrase and for the area's key.

    Raises:
        KeyFailed: `passphrase_too_short`.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyFailed("passphrase_too_short", f"a passphrase has at least {SHORTEST_PASSPHRASE} signs")
    own, salt = os.urandom(KEY_BYTES), os.urandom(SALT_BYTES)
    told = {
        "format": FORMAT,
        "area": key.area,
        "rounds": ROUNDS,
        "salt": in_base64(salt),
        "passphrase": _lock(_of_passphrase(passphrase, salt, ROUNDS), "passphrase", key.area, own),
        "key": _lock(_of_key(key.key), "key", key.area, own),
        "content": _lock(own, "content", key.area, orjson.dumps(dict(people))),
    }
    return orjson.dumps(told)


def unseal(path: Path, *, passphrase: str = "", key: AreaKey | None = None) -> tuple[str, dict[str, str]]:
    """Open a vault with a passphrase, or with the area's key; give the area and the names by pseudonym.

    Raises:
        KeyFailed: `vault_unreadable`, there is no such file; `vault_damaged`, it is cut short or changed;
            `wrong_passphrase`; `other_area`, the key is that of an area other than the vault's.
    """
    vault = _read(path)
    area: str = vault["area"]
    if key is not None:
        own = _unlock(_of_key(key.key), "key", area, vault["key"], "other_area")
    else:
        by = _of_passphrase(passphrase, _bytes(vault["salt"]), vault["rounds"])
        own = _unlock(by, "passphrase", area, vault["passphrase"], "wrong_passphrase")
    people: dict[str, str] = orjson.loads(_unlock(own, "content", area, vault["content"], "vault_damaged"))
    return area, people


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            written = file.read(MOST_BYTES)
    except OSError as error:
        raise KeyFailed("vault_unreadable", f"{path} cannot be read: {error.strerror}") from None
    try:
        vault: dict[str, Any] = orjson.loads(written)
        boxes = [vault[name] for name in ("passphrase", "key", "content")]
        sizes = [len(_bytes(box["nonce"])) for box in boxes]
        keys = [len(_bytes(vault[name]["sealed"])) for name in ("passphrase", "key")]
        _bytes(vault["content"]["sealed"])
        is_whole = (
            vault["format"] == FORMAT
            and isinstance(vault["area"], str)
            and isinstance(vault["rounds"], int)
            and 1 <= vault["rounds"] <= MOST_ROUNDS
            and len(_bytes(vault["salt"])) == SALT_BYTES
            and set(sizes) == {NONCE_BYTES}
            and set(keys) == {KEY_BYTES + TAG_BYTES}
        )
    except (ValueError, LookupError, TypeError):
        is_whole = False
    if not is_whole:
        raise KeyFailed("vault_damaged", f"{path} does not hold a whole vault")
    return vault


def _lock(key: bytes, part: str, area: str, plain: bytes) -> dict[str, str]:
    nonce = os.urandom(NONCE_BYTES)
    return {
        "nonce": in_base64(nonce),
        "sealed": in_base64(AESGCM(key).encrypt(nonce, plain, _beside(area, part))),
    }


def _unlock(key: bytes, part: str, area: str, box: Mapping[str, str], code: str) -> bytes:
    try:
        return AESGCM(key).decrypt(_bytes(box["nonce"]), _bytes(box["sealed"]), _beside(area, part))
    except InvalidTag:
        raise KeyFailed(code, "the vault does not open with this, or was changed") from None


def _beside(area: str, part: str) -> bytes:
    return f"{FORMAT}\0{area}\0{part}".encode()


def _of_passphrase(passphrase: str, salt: bytes, rounds: int) -> bytes:
    said = unicodedata.normalize("NFC", passphrase).encode()
    return hashlib.pbkdf2_hmac("sha256", said, salt, rounds, KEY_BYTES)


def _of_key(key: bytes) -> bytes:
    return hmac.new(key, FORMAT.encode(), hashlib.sha256).digest()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
