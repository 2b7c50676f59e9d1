"""Who withdrew, in a file beside the anchors: no backup of the database holds it, and it names nobody (ADR 136).

A line holds, for each pseudonym of the person, an HMAC under a key that is in the file alone. What a restored database
has forgotten is found again by trying the pseudonyms that it holds. Owns the file, and no rule.
"""

import asyncio
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog

from services.registry.domain.people_rows import Withdrawal
from shared import clock, keys

FILE: Final = "registry-withdrawn.jsonl"
KEY_BYTES: Final = 32

log: Final = structlog.get_logger()


class Noted(NamedTuple):
    """One withdrawal: its area, the salt of its unit of work, the keyed digests, and when.

    The database keeps the salt too. A unit of work that is tried again has a line for each try.
    """

    area: str
    salt: bytes
    digests: tuple[str, ...]
    at: datetime


class WithdrawalList:
    """The file; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE

    async def note(self, withdrawals: Sequence[Withdrawal]) -> None:
        """Add withdrawals, on the disk before this returns; what the disk does not take is said, and no more."""
        if self._path is None or not withdrawals:
            return
        try:
            await asyncio.to_thread(self._add, self._path, withdrawals)
        except OSError as error:
            log.exception("withdrawal.not_noted", error=type(error).__name__)

    async def read(self) -> "Listed":
        """Give what is listed."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> "Listed":
        if self._path is None or not self._path.exists():
            return Listed(b"", ())
        found = [line for text in self._path.read_text(encoding="utf-8").splitlines() if (line := _parsed(text))]
        key = next((bytes.fromhex(line["key"]) for line in found if "key" in line), b"")
        lines = (_noted(line) for line in found if "area" in line)
        return Listed(key, tuple(lines))

    def _add(self, path: Path, withdrawals: Sequence[Withdrawal]) -> None:
        with keys.alone(path.parent):
            key = self._read().key
            if not key:
                key = secrets.token_bytes(KEY_BYTES)
                keys.write(path, f"{json.dumps({'key': key.hex()})}\n".encode(), keys.PRIVATE_FILE)
            with path.open("a", encoding="utf-8") as file:
                # A line that was cut off ends here.
                file.writelines(f"\n{_written(key, withdrawal)}\n" for withdrawal in withdrawals)
                file.flush()
                os.fsync(file.fileno())


class Listed(NamedTuple):
    """What the file holds: its key, and the withdrawals in their order."""

    key: bytes
    withdrawals: Sequence[Noted]

    def found_among(self, noted: Noted, people: Iterable[str]) -> str | None:
        """Give who of these withdrew, by a pseudonym of theirs; None where nobody did."""
        digests = frozenset(noted.digests)
        return next((name for name in people if _digest(self.key, noted.salt, name) in digests), None)


def _digest(key: bytes, salt: bytes, pseudonym: str) -> str:
    return hmac.new(key, salt + pseudonym.encode(), hashlib.sha256).hexdigest()


def _written(key: bytes, withdrawal: Withdrawal) -> str:
    digests = [_digest(key, withdrawal.salt, name) for name in withdrawal.pseudonyms]
    told = {"area": withdrawal.area, "salt": withdrawal.salt.hex(), "digests": digests}
    return json.dumps({**told, "at": clock.now().isoformat()})


def _noted(line: Mapping[str, Any]) -> Noted:
    at = datetime.fromisoformat(line["at"])
    return Noted(line["area"], bytes.fromhex(line["salt"]), tuple(line["digests"]), at)


def _parsed(text: str) -> dict[str, Any] | None:
    """Read a line; one that was cut off is passed over."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
