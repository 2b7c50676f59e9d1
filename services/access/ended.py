"""What has ended of people, invitations, sessions and keys, in a file beside the issuer's keys.

No backup of the databases holds that file. So an old one that is restored brings back nothing that ended after it was
taken: what the file lists is ended again when access starts. Owns the file; what is ended where, `recalling` decides.
"""

import json
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from shared import keys

FILE: Final = "ended.jsonl"
NAME_BYTES: Final = 16
# What is over anyway is left out when the file is as long as this.
MAX_LINES: Final = 100_000


class Ending(NamedTuple):
    """One thing that ended: its kind by the table, its name, and when it would have ended by itself, if ever."""

    kind: str
    name: str
    until: datetime | None


class Ended:
    """The file; whoever uses it is in no event loop."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lines = 0

    def read(self) -> tuple[str | None, list[Ending]]:
        """Give the installation that the file belongs to, None where there is no file, and what it lists.

        A line that was cut off is passed over.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None, []
        found = [line for line in map(_read, lines) if line is not None]
        installation = str(found[0]["installation"]) if found and "installation" in found[0] else ""
        endings = [
            Ending(str(line["kind"]), str(line["name"]), _moment(line.get("until")))
            for line in found
            if {"kind", "name"} <= line.keys()
        ]
        return installation, endings

    def begin(self, endings: Iterable[Ending] = (), installation: str | None = None) -> str:
        """Write the file anew, for an installation that has a name or gets one; give the name."""
        name = installation or secrets.token_hex(NAME_BYTES)
        lines = [json.dumps({"installation": name}), *map(_written, endings)]
        self._lines = len(lines)
        with keys.alone(self._path.parent):
            keys.write(self._path, "".join(f"{line}\n" for line in lines).encode(), keys.PRIVATE_FILE)
        return name

    def note(self, endings: Iterable[Ending], now: datetime) -> None:
        """Add what ends, on the disk before this returns.

        Raises:
            OSError: the disk does not take it.
        """
        if self._lines > MAX_LINES:
            installation, listed = self.read()
            self.begin(still(listed, now), installation)
        content = "".join(f"{_written(ending)}\n" for ending in endings)
        with keys.alone(self._path.parent), self._path.open("a", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._lines += content.count("\n")


def still(endings: Iterable[Ending], now: datetime) -> list[Ending]:
    """Leave out what would be over by itself."""
    return [ending for ending in endings if ending.until is None or ending.until > now]


def _read(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _written(ending: Ending) -> str:
    until = None if ending.until is None else ending.until.isoformat()
    return json.dumps({"kind": ending.kind, "name": ending.name, "until": until})


def _moment(told: object) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else None
