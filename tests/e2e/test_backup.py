"""Backup and restore of a compose installation, by the commands that the operations page gives, word for word."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.support.containers import (
    BUILD_AND_START_SECONDS,
    COMMAND_SECONDS,
    HTTP_SECONDS,
    LANES,
    Installation,
    Load,
    event_of,
    helhedsnet_done,
    installed,
)
from tests.support.running import ROOT

PAGE: Final = (ROOT / "docs/operations.md").read_text().partition("\n## Backup and restore\n")[2]
BLOCKS: Final = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
BACKUP: Final = next(block for block in BLOCKS if "pg_basebackup" in block)
RESTORE: Final = next(block for block in BLOCKS if "restore-helhedsnet" in block)
RECOVER: Final = next(block for block in BLOCKS if "helhedsnet recover" in block)
LOGS: Final = ("registry", "funding")
PLAN: Final = {
    "plan": "lukkes",
    "name": "Lukkes",
    "pool": "2019-26",
    "areas": ["rulle"],
    "start": "2025-08-01",
    "end": "2025-12-31",
    "approval_reference": "Lukkes",
}
STATEMENT: Final = {"plan": "lukkes", "year": 2025, "auditor_reference": "Revisor", "remarks": "Ingen"}


def _as_the_page_says(block: str, installation: Installation, folder: Path) -> None:
    """Run a block of the page, all of which must go well."""
    done = _run(block, installation, folder)
    assert done.returncode == 0, done.stderr


def _run(block: str, installation: Installation, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run commands in a shell that ends with the first of them that fails, with our command on its path."""
    return subprocess.run(  # noqa: S603  our own page's commands
        ["/bin/bash", "-euo", "pipefail", "-c", block.replace("http://localhost:8080", installation.address)],
        cwd=folder,
        env=installation.environment | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_AND_START_SECONDS,
    )


@dataclass(frozen=True)
class Backup:
    """A backup that was taken under load, and what had been answered when it began."""

    file: Path
    answered: dict[str, list[str]]


@pytest.fixture(scope="session")
def backup(
    installation: Installation, token: str, report: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Backup:
    """Take a backup while events are posted to both logs."""
    assert report["totals"]["sessions"] > 0
    _release(installation, token)
    folder = tmp_path_factory.mktemp("backup")
    with Load(installation.address, token) as load:
        load.wait_for(10 * LANES)
        answered = {service: list(stored) for service, stored in load.stored.items()}
        _as_the_page_says(BACKUP, installation, folder)
        load.wait_for(load.answered + LANES)
    assert load.failed == []
    return Backup(folder / "helhedsnet.tar", answered)


@pytest.fixture(scope="session")
def restored(installation: Installation, backup: Backup) -> Iterator[Installation]:
    """Restore it into an installation of its own, which has secrets of its own."""
    with installed(installation.image_tag) as new:
        _as_the_page_says(RESTORE, new, backup.file.parent)
        _as_the_page_says(RECOVER, new, backup.file.parent)
        yield new


@pytest.mark.long(beside="tests/e2e/test_embedded_backup.py::test_what_is_no_copy_at_all_is_refused")
def test_a_backup_under_load_is_restored_to_agreement(
    installation: Installation, token: str, backup: Backup, restored: Installation
) -> None:
    """All that was answered before is there, and all of it agrees; what came later can be posted again."""
    own = restored.token()
    for service in LOGS:
        there = restored.logged(service, "load-")
        assert len(there) == len(set(there))
        assert set(backup.answered[service]) <= set(there)
    helhedsnet_done("status", "--once", "--url", restored.address, "--token", own)
    with _client(restored, own) as new, _client(installation, token) as old:
        followed = _settled(new)
        assert _releases(new) == _releases(old) != []
        helhedsnet_done("rebuild", "reporting", "--url", restored.address, "--token", own)
        assert _settled(new)["digest"] == followed["digest"]
        for service in LOGS:
            _post_again(new, service, _lines(installation, service))
        assert _settled(new)["digest"] == _settled(old)["digest"]
        _close_a_plan(new)
    helhedsnet_done("ledger", "verify", "--url", restored.address, "--token", own)
    helhedsnet_done("status", "--once", "--url", restored.address, "--token", own)


def _release(installation: Installation, token: str) -> None:
    """Have what may be told of people released, and wait until it is there."""
    helhedsnet_done("release", "make", "--url", installation.address, "--token", token)
    deadline = time.monotonic() + COMMAND_SECONDS
    with _client(installation, token) as client:
        while not _releases(client):
            assert time.monotonic() < deadline
            time.sleep(1)


def _releases(client: httpx.Client) -> list[dict[str, Any]]:
    releases: list[dict[str, Any]] = client.get("/reporting/releases").raise_for_status().json()["releases"]
    return releases


def _client(installation: Installation, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=installation.address, headers=headers, timeout=HTTP_SECONDS)


def _settled(client: httpx.Client) -> dict[str, Any]:
    """Read the network report once reporting has read both logs to their ends."""
    deadline = time.monotonic() + COMMAND_SECONDS
    while True:
        heads = {service: client.get(f"/{service}/status").json()["log"]["head"] for service in LOGS}
        consumers = client.get("/reporting/status").json()["consumers"]
        if {each["owner"]: each["position"] for each in consumers} == heads:
            break
        assert time.monotonic() < deadline, (heads, consumers)
    answer = client.get("/reporting/reports/network")
    assert answer.status_code == HTTPStatus.OK, answer.text
    report: dict[str, Any] = answer.json()
    return report


def _lines(installation: Installation, service: str) -> list[str]:
    """Give what was posted under load, as it stands in a log."""
    query = "SELECT body FROM event_log WHERE starts_with(id, 'load-') ORDER BY sequence"
    psql = ("psql", "--username", "postgres", "--dbname", f"helhedsnet_{service}", "--tuples-only", "--no-align")
    return installation.compose("exec", "-T", "postgres", *psql, "--command", query).splitlines()


def _post_again(client: httpx.Client, service: str, lines: list[str]) -> None:
    for first in range(0, len(lines), 5_000):
        _post(client, service, f"[{','.join(lines[first : first + 5_000])}]")


def _post(client: httpx.Client, service: str, content: str) -> None:
    """Post events until the other service's part of the story is known there."""
    deadline = time.monotonic() + COMMAND_SECONDS
    headers = {"Content-Type": "application/json"}
    while (
        answer := client.post(f"/{service}/events", content=content, headers=headers)
    ).status_code == HTTPStatus.CONFLICT:
        assert time.monotonic() < deadline, answer.text
    assert answer.is_success, answer.text


def _close_a_plan(client: httpx.Client) -> None:
    """Tell a story that goes from the registry to funding and back: each has to follow the other."""
    for service, identifier, name, data in (
        ("registry", "lukkes-1", "plan.approved", PLAN),
        ("funding", "lukkes-2", "statement.submitted", STATEMENT),
        ("funding", "lukkes-3", "statement.accepted", STATEMENT),
        ("registry", "lukkes-4", "plan.closed", {"plan": "lukkes", "date": "2025-12-31"}),
    ):
        event = event_of(identifier, name, data) | {"time": "2026-01-15T08:00:00Z"}
        _post(client, service, json.dumps(event))


def _flipped(whole: bytes) -> bytes:
    """Change one byte in the middle of the largest file of a database."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        files = (member for member in archive.getmembers() if member.name.startswith("base/"))
        largest = max(files, key=lambda member: member.size)
    place = largest.offset_data + largest.size // 2
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def _of_version_16(whole: bytes) -> bytes:
    """Say that it is of the PostgreSQL before."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        place = archive.getmember("PG_VERSION").offset_data
    return whole[:place] + b"16\n" + whole[place + 3 :]


@pytest.mark.long(beside="tests/e2e/test_embedded_backup.py::test_what_is_no_copy_at_all_is_refused")
@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("data_present", lambda whole: whole),
        ("no_backup", lambda _: b"PGDMP\x01\x10 a dump of one service"),
        ("no_backup", lambda _: b""),
        ("backup_damaged", lambda whole: whole[: len(whole) // 2]),
        ("backup_damaged", _flipped),
        ("another_version", _of_version_16),
    ],
    ids=["the volume holds something", "a dump", "nothing", "cut in half", "one byte differs", "another version"],
)
def test_what_is_no_good_backup_is_refused(
    installation: Installation, backup: Backup, tmp_path: Path, code: str, changed: Callable[[bytes], bytes]
) -> None:
    """It says why, ends with 1, and leaves the volume as it was: empty, or with the data that it held."""
    (tmp_path / "helhedsnet.tar").write_bytes(changed(backup.file.read_bytes()))
    with contextlib.ExitStack() as stack:
        present = code == "data_present"
        into = installation if present else stack.enter_context(installed(installation.image_tag))
        command = next(line for line in RESTORE.splitlines() if "restore-helhedsnet" in line)
        done = _run(command, into, tmp_path)
        assert (done.returncode, f"{code}: " in done.stderr) == (1, True), done.stderr
        run = ("run", "--rm", "--no-deps", "-T", "--entrypoint", "ls", "postgres", "-A", "/var/lib/postgresql/data")
        assert bool(into.compose(*run).split()) == present
