"""The data of an embedded system in one file: taken, put back, and refused where it is no good."""

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import httpx
import pytest

from services.embedded import copies
from tests.support import builders as b
from tests.support.small_disk import CAN_MOUNT, small_disk
from tests.support.systems import System, helhedsnet, running

RESTORE: Final = Path(__file__).parents[2] / "deploy" / "restore.sh"
# What a disk has room for, in bytes, that is too small.
ROOM: Final = 2**20
# The file of a system, a token of its command, the digest of its report, and a program's key.
Taken: TypeAlias = tuple[Path, str, str, tuple[str, str]]
EVENTS: Final = [b.an_area(), b.a_plan(), b.an_activity()]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """Give a file with the data of a system, a token that it issued, the digest of its report, and a program's key."""
    folder = tmp_path_factory.mktemp("taken")
    with running("up", "--log-level", "ERROR", data=folder / "data") as system:
        token = system.token("admin")
        answer = httpx.post(f"{system.address}/registry/events", json=EVENTS, headers=_bearer(token))
        assert answer.is_success, answer.text
        asked = {"name": "Fremmøde", "role": "auditor"}
        made = httpx.post(f"{system.address}/access/keys", json=asked, headers=_bearer(token)).json()
        key = made["key"], made["secret"]
        assert _bought(system, key) == httpx.codes.OK
        refused = helhedsnet("backup", folder / "too-early.tar", "--data", folder / "data")
        assert (refused.returncode, "another Helhedsnet runs on the folder" in refused.stderr) == (1, True)
        digest = _digest(system, token, answer.json()["cursor"])
    written = helhedsnet("backup", folder / "backup.tar", "--data", folder / "data")
    assert (written.returncode, written.stderr) == (0, "")
    assert [path.name for path in folder.glob("*.tar")] == ["backup.tar"]
    return folder / "backup.tar", token, digest, key


def _bought(system: System, key: tuple[str, str]) -> int:
    asked = {"grant_type": "client_credentials"}
    return httpx.post(f"{system.address}/access/token", data=asked, auth=key).status_code


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _digest(system: System, token: str, cursor: str) -> str:
    asked = {"at_least": cursor}
    answer = httpx.get(f"{system.address}/reporting/reports/network", params=asked, headers=_bearer(token))
    assert answer.is_success, answer.text
    digest: str = answer.json()["digest"]
    return digest


@pytest.mark.long(beside="test_what_is_no_copy_at_all_is_refused")
def test_a_restored_system_goes_on_where_it_was(taken: Taken, folder: Path) -> None:
    """The report has its digest, an old token is good, what is posted again is there, and the keys have ended."""
    file, token, digest, key = taken
    assert helhedsnet("restore", file, "--data", folder / "restored").returncode == 0
    with running("up", "--log-level", "ERROR", data=folder / "restored") as system:
        again = httpx.post(f"{system.address}/registry/events", json=EVENTS, headers=_bearer(token)).json()
        assert (again["accepted"], again["duplicates"]) == (0, len(EVENTS))
        assert _digest(system, token, again["cursor"]) == digest
        assert _bought(system, key) == httpx.codes.UNAUTHORIZED


def _flipped(whole: bytes) -> bytes:
    """Change one byte in the middle of the largest file."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        largest = max(archive.getmembers(), key=lambda member: member.size)
    place = largest.offset_data + largest.size // 2
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def _of_version_17(whole: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        head = archive.getmember("helhedsnet.json")
    place, said = head.offset_data, whole[head.offset_data : head.offset_data + head.size]
    older = said.replace(b'"postgresql": 18', b'"postgresql": 17')
    assert older != said
    return whole[:place] + older + whole[place + len(older) :]


def _without_its_end(whole: bytes) -> bytes:
    """Leave out the last file, as if the copy had been ended between two of them."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        return whole[: archive.getmembers()[-1].offset]


# What may have become of a copy: the code with which it is refused, and how it is changed.
CHANGES: Final[dict[str, tuple[str, Callable[[bytes], bytes]]]] = {
    "cut in half": ("backup_damaged", lambda whole: whole[: len(whole) // 2]),
    "cut between files": ("backup_damaged", _without_its_end),
    "one byte differs": ("backup_damaged", _flipped),
    "another version": ("another_version", _of_version_17),
}


@pytest.mark.parametrize("content", [b"", b"PGDMP a dump of one service"], ids=["nothing", "a dump"])
def test_what_is_no_copy_at_all_is_refused(folder: Path, content: bytes) -> None:
    """A file that holds nothing, or something else, brings no folder about."""
    (folder / "copy.tar").write_bytes(content)
    with pytest.raises(copies.NoCopy, match=r"^no_backup: "):
        copies.put_back(folder / "copy.tar", folder / "data")
    assert [path.name for path in folder.iterdir()] == ["copy.tar"]


@pytest.mark.long(beside="test_what_is_no_copy_at_all_is_refused")
@pytest.mark.parametrize("what", CHANGES)
def test_what_is_no_good_copy_is_refused(taken: Taken, folder: Path, what: str) -> None:
    """It says why, and puts nothing there, not beside it either."""
    code, changed = CHANGES[what]
    (folder / "changed.tar").write_bytes(changed(taken[0].read_bytes()))
    with pytest.raises(copies.NoCopy, match=f"^{code}: "):
        copies.put_back(folder / "changed.tar", folder / "data")
    assert [path.name for path in folder.iterdir()] == ["changed.tar"]


@CAN_MOUNT
def test_a_disk_without_room_for_it_is_no_damage(tmp_path: Path) -> None:
    """A good copy is not called damaged where the disk is full: of an embedded system, and in a container."""
    (tmp_path / "data" / "postgresql").mkdir(parents=True)
    (tmp_path / "data" / "postgresql" / "PG_VERSION").write_text("18")
    (tmp_path / "data" / "postgresql" / "large").write_bytes(bytes(2 * ROOM))
    copies.write_copy(tmp_path / "data", tmp_path / "copy.tar")
    with small_disk(ROOM) as disk:
        with pytest.raises(copies.NoCopy, match=r"^no_space: "):
            copies.put_back(tmp_path / "copy.tar", disk.folder / "data")
        assert list(disk.folder.iterdir()) == []
        with (tmp_path / "copy.tar").open("rb") as copy:
            told = {**os.environ, "PGDATA": str(disk.folder)}
            done = subprocess.run(["bash", RESTORE], stdin=copy, env=told, capture_output=True, text=True, check=False)  # noqa: S603, S607  ours
        assert (done.returncode, "no_space: " in done.stderr) == (1, True), done.stderr
        assert list(disk.folder.iterdir()) == []


@pytest.mark.long(beside="test_what_is_no_copy_at_all_is_refused")
def test_nothing_is_written_over(taken: Taken, folder: Path) -> None:
    """Neither a file that is there, nor a folder that holds something; and no data are no copy."""
    (folder / "kept").write_text(json.dumps("mine"))
    for said, code in (
        (("backup", folder / "kept", "--data", taken[0].parent / "data"), "file_present"),
        (("restore", taken[0], "--data", folder), "data_present"),
        (("backup", folder / "new.tar", "--data", folder), "no_data"),
    ):
        refused = helhedsnet(*said)
        assert (refused.returncode, f"helhedsnet: {code}: " in refused.stderr) == (1, True), refused.stderr
        assert "Traceback" not in refused.stderr
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("kept", '"mine"')]
