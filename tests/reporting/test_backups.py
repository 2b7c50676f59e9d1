"""What is told of backups: from one file, and nothing where nobody takes them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from prometheus_client import CollectorRegistry

from services.command import operating
from services.reporting import backups
from services.reporting.backups import BackupsFile

NOW: Final = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
NIGHT: Final = (NOW - timedelta(hours=6)).timestamp()
GOOD: Final = {
    "backup": {"good": NIGHT, "code": None},
    "drill": {"good": NIGHT, "code": None},
    "archive": {"failed": None},
}


def _file(folder: Path, told: object) -> BackupsFile:
    path = folder / "told.json"
    path.write_text(json.dumps(told))
    return BackupsFile(path)


@pytest.mark.parametrize(
    ("told", "is_well"),
    [
        ({}, True),
        ({"drill": {"good": NIGHT, "code": "recovery_failed"}}, False),
        ({"backup": {"good": NIGHT, "code": "backup_failed"}}, False),
        ({"archive": {"failed": NIGHT}}, False),
        ({"backup": {"good": NIGHT - 86_400, "code": None}}, False),
        ({"drill": {"code": "not_archived"}}, False),
        ({"drill": None}, False),
        ({"drill": 7}, False),
        ({"backup": {"good": "yesterday", "code": None}}, False),
    ],
    ids=["good", "drill", "backup", "not archived", "old", "never drilled", "no drill", "no document", "no moment"],
)
def test_anything_but_a_good_night_is_not_well(tmp_path: Path, told: dict[str, Any], *, is_well: bool) -> None:
    """What is wrong, old or says nothing is told; only where all was good nobody has to look."""
    read = _file(tmp_path, GOOD | told).read()
    assert read is not None
    assert read.are_well(NOW) == is_well


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff"])
def test_a_file_that_says_nothing_is_no_backup(tmp_path: Path, content: bytes) -> None:
    """Neither is one that is not there yet."""
    path = tmp_path / "told.json"
    for file in (BackupsFile(path), BackupsFile(path)):
        read = file.read()
        assert read is not None
        assert (read.backup_code, read.are_well(NOW)) == ("none_yet", False)
        path.write_bytes(content)


def test_what_is_measured_is_what_is_told(tmp_path: Path) -> None:
    """Each time that it is asked for; where nobody takes backups there is no metric, and no alarm."""
    registry = CollectorRegistry()
    _file(tmp_path, GOOD).measure(registry)
    assert registry.get_sample_value("helhedsnet_backup_timestamp_seconds") == NIGHT
    assert registry.get_sample_value("helhedsnet_drill_timestamp_seconds") == NIGHT
    assert registry.get_sample_value("helhedsnet_drill_well") == 1
    _file(tmp_path, {**GOOD, "drill": {"good": NIGHT, "code": "digest_differs"}, "archive": {"failed": NIGHT}})
    assert registry.get_sample_value("helhedsnet_drill_well") == 0
    assert registry.get_sample_value("helhedsnet_archive_well") == 0
    nobody = CollectorRegistry()
    BackupsFile(None).measure(nobody)
    assert nobody.get_sample_value("helhedsnet_drill_well") is None


def test_operators_are_told(tmp_path: Path) -> None:
    """`helhedsnet status` needs somebody where backups do, and says nothing of them where there are none."""
    status = {"dead_letters": 0, "background": {}, "consumers": []}
    told = backups.status(_file(tmp_path, {**GOOD, "drill": {"good": NIGHT, "code": "digest_differs"}}))
    found = {"reporting": {**status, **json.loads(json.dumps(told, default=str)), "log": None}}
    assert not operating.well(found)
    assert "digest_differs" in str(operating.drawn(found).caption)
    found = {"reporting": {**status, **backups.status(BackupsFile(None)), "log": None}}
    assert operating.well(found)
    assert operating.drawn(found).caption is None
