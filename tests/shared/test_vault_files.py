"""The vault of an area in a file: opened as the vectors say, refused by a code each, and printed by the command."""

from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from services.command import key_files, vault_files
from services.command.key_files import AreaKey, KeyFailed

VECTORS: Final[dict[str, Any]] = orjson.loads(
    (Path(__file__).parents[1] / "oracles" / "vault_vectors.json").read_bytes()
)
KEY: Final = AreaKey(VECTORS["area"], bytes.fromhex(VECTORS["key"]))
PASSPHRASE: Final[str] = VECTORS["passphrase"]


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Write the vault of the vectors."""
    path = tmp_path / "vault.json"
    path.write_bytes(orjson.dumps(VECTORS["vault"]))
    return path


def test_the_vault_of_the_vectors_opens_in_both_ways(sealed: Path) -> None:
    """By its passphrase and by the area's key."""
    assert vault_files.unseal(sealed, passphrase=PASSPHRASE) == (KEY.area, VECTORS["people"])
    assert vault_files.unseal(sealed, key=KEY) == (KEY.area, VECTORS["people"])


def test_what_is_sealed_opens_and_shows_no_name(tmp_path: Path) -> None:
    """Neither name nor pseudonym stands in the file."""
    path = tmp_path / "vault.json"
    written = vault_files.seal(KEY, VECTORS["people"], PASSPHRASE)
    path.write_bytes(written)
    assert vault_files.unseal(path, passphrase=PASSPHRASE) == (KEY.area, VECTORS["people"])
    assert not [text for pair in VECTORS["people"].items() for text in pair if text.encode() in written]


def test_each_thing_that_goes_wrong_has_its_code(sealed: Path, tmp_path: Path) -> None:
    """A wrong passphrase, another area's key, what is cut short or changed, and what is not there."""
    whole = sealed.read_bytes()
    with pytest.raises(KeyFailed, match="wrong_passphrase"):
        vault_files.unseal(sealed, passphrase=PASSPHRASE.upper())
    with pytest.raises(KeyFailed, match="other_area"):
        vault_files.unseal(sealed, key=AreaKey("elsewhere", bytes(32)))
    with pytest.raises(KeyFailed, match="passphrase_too_short"):
        vault_files.seal(KEY, {}, "for kort")
    with pytest.raises(KeyFailed, match="vault_unreadable"):
        vault_files.unseal(tmp_path / "nothing.json", key=KEY)
    changed = orjson.loads(whole)
    changed["content"]["sealed"] = changed["content"]["sealed"].swapcase()
    for text in (whole[: len(whole) // 2], whole[:-1], b"{}", b"[]", b"", orjson.dumps(changed)):
        sealed.write_bytes(text)
        with pytest.raises(KeyFailed, match="vault_damaged"):
            vault_files.unseal(sealed, key=KEY)
    assert key_files.NONCE_BYTES == 12
