"""What is kept of releases outside the database: a folder of files, from which one that is lost comes again.

A database that was put back to an earlier moment lacks what was released since, and people have read it. What was told
stays told: so a release is copied before it is there, and comes again byte for byte. What the next release has to know,
true counts among it, is kept of the newest alone; the folder is as secret as the database.
Source: ADR 97.
"""

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from services.reporting.releases.heads import ReleaseHead, TableRow
from services.reporting.releases.rules import CannotRelease
from services.reporting.releasing.calendar import Calendar

FILE, FOLDER = 0o600, 0o700
RELEASE: Final = "release-{:06}.json.gz"
MEMORY: Final = "memory-{:06}.json.gz"
# Its own place in the log is found when it comes again.
NOWHERE: Final = 0


@dataclass(frozen=True, slots=True)
class ReleaseCopy:
    """A release with its rows; `previous` is the digest of the one before, None for the first.

    `cells` are those of `released_cells`, `memory` those of `release_memory`, which the newest alone has.
    """

    head: ReleaseHead
    previous: str | None
    cells: list[TableRow]
    memory: list[TableRow]


class ReleaseCopies:
    """The folder. One process writes at a time: the one that holds the lock of releases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, copy: ReleaseCopy) -> None:
        """Write a copy, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        head = copy.head
        said = {
            "number": head.number,
            "begins": head.calendar.begins,
            "months": head.calendar.months,
            "cursor": head.cursor,
            "threshold": head.threshold,
            "digest": head.digest,
            "made": head.made,
            "made_by": head.made_by,
            "changed": head.changed,
            "previous": copy.previous,
            "cells": copy.cells,
        }
        self._write(MEMORY.format(head.number), copy.memory)
        self._write(RELEASE.format(head.number), said)

    def keep_newest_memory(self, number: int) -> None:
        """Remove what releases before a number had to know."""
        newest = MEMORY.format(number)
        for path in self._folder.glob("memory-*.json.gz"):
            if path.name < newest:
                path.unlink(missing_ok=True)

    def digests(self) -> Iterator[tuple[int, str]]:
        """Give number and digest of each copy, in order.

        Raises:
            CannotRelease: one cannot be read (`release_copy_damaged`).
        """
        for path in sorted(self._folder.glob("release-*.json.gz")):
            said = _read(path)
            yield said["number"], said["digest"]

    def copy(self, number: int) -> ReleaseCopy:
        """Give a copy.

        Raises:
            CannotRelease: it cannot be read (`release_copy_damaged`).
        """
        said = _read(self._folder / RELEASE.format(number))
        memory = self._folder / MEMORY.format(number)
        head = ReleaseHead(
            *(said["number"], Calendar(date.fromisoformat(said["begins"]), said["months"]), said["cursor"]),
            threshold=said["threshold"],
            digest=said["digest"],
            made=datetime.fromisoformat(said["made"]),
            made_by=said["made_by"],
            sequence=NOWHERE,
            changed=said["changed"],
        )
        rows = _read(memory) if memory.exists() else []
        return ReleaseCopy(head, said["previous"], list(map(tuple, said["cells"])), list(map(tuple, rows)))

    def _write(self, name: str, said: Any) -> None:  # noqa: ANN401  a value of JSON
        self._folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        new = self._folder / f"{name}.{os.getpid()}.new"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE), "wb") as file:
            file.write(gzip.compress(orjson.dumps(said), mtime=0))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / name)


def _read(path: Path) -> Any:  # noqa: ANN401  a value of JSON
    try:
        return orjson.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError) as error:
        raise CannotRelease("release_copy_damaged", f"{path.name} cannot be read: {type(error).__name__}") from error
