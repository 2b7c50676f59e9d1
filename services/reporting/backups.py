"""What is told of backups by those who take them: one file, which is read when somebody asks. Owns no backup.

Where no file is named, backups are not this installation's to tell of, and nothing is told and measured.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
from prometheus_client import CollectorRegistry, Gauge

from shared import clock

# A night and some hours: one that failed is tried again each hour.
OLD: Final = timedelta(hours=30)
MAX_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Backups:
    """How backups stand; `backup_code` and `drill_code` are None where the last one was good."""

    backed_up: datetime | None = None
    backup_code: str | None = "none_yet"
    drilled: datetime | None = None
    drill_code: str | None = "none_yet"
    # Since when the log has not been archived; None while it is.
    unarchived: datetime | None = None

    def are_well(self, now: datetime) -> bool:
        """Tell whether the last backup and the last drill were good, and not long ago, and the log is archived."""
        return (
            self.backup_code is None
            and self.drill_code is None
            and self.unarchived is None
            and self.backed_up is not None
            and self.drilled is not None
            and now - min(self.backed_up, self.drilled) < OLD
        )

    def as_status(self, now: datetime) -> dict[str, Any]:
        """Give it as operators are told."""
        return {
            "well": self.are_well(now),
            "backed_up": self.backed_up,
            "backup_code": self.backup_code,
            "drilled": self.drilled,
            "drill_code": self.drill_code,
            "unarchived": self.unarchived,
        }


class BackupsFile:
    """The file that those who take backups write; None: there is none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self) -> Backups | None:
        """Give how backups stand, or None where nobody takes them here; a file that says nothing is no backup."""
        if self._path is None:
            return None
        try:
            with self._path.open("rb") as file:
                told = orjson.loads(file.read(MAX_BYTES))
            return _backups(told)
        except (OSError, ValueError, TypeError, AttributeError):
            return Backups()

    def measure(self, registry: CollectorRegistry) -> None:
        """Let backups be measured, where they are taken."""
        if self._path is None:
            return
        taken = Gauge(
            "helhedsnet_backup_timestamp_seconds", "When the newest backup was taken; 0: never.", registry=registry
        )
        drilled = Gauge(
            "helhedsnet_drill_timestamp_seconds", "When a drilled restore was last good; 0: never.", registry=registry
        )
        drill = Gauge("helhedsnet_drill_well", "1 where the last drilled restore was good.", registry=registry)
        archive = Gauge("helhedsnet_archive_well", "1 while the log of changes is archived.", registry=registry)
        for gauge, value in (
            (taken, _backed_up),
            (drilled, _drilled),
            (drill, _is_drill_good),
            (archive, _is_archived),
        ):
            gauge.set_function(partial(self._measured, value))

    def _measured(self, value: Callable[[Backups], float]) -> float:
        return value(self.read() or Backups())


def _backups(told: Mapping[str, Any]) -> Backups:
    backup, drill, archive = (told.get(what) or {} for what in ("backup", "drill", "archive"))
    return Backups(
        _moment(backup.get("good")),
        backup.get("code", "none_yet"),
        _moment(drill.get("good")),
        drill.get("code", "none_yet"),
        _moment(archive.get("failed")),
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _backed_up(backups: Backups) -> float:
    return backups.backed_up.timestamp() if backups.backed_up else 0.0


def _drilled(backups: Backups) -> float:
    return backups.drilled.timestamp() if backups.drilled else 0.0


def _is_drill_good(backups: Backups) -> float:
    return float(backups.drill_code is None)


def _is_archived(backups: Backups) -> float:
    return float(backups.unarchived is None)


def status(file: BackupsFile) -> dict[str, Any]:
    """Give what operators are told of backups; None where nobody takes them here."""
    backups = file.read()
    return {"backups": None if backups is None else backups.as_status(clock.now())}
