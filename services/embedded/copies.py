"""A system's folder in one file, and back: all of it, or nothing. Owns the form of that file.

It is taken while nothing runs on the folder, when a copy of the files is the whole of it. The first entry says what it
is, the last holds a digest of every file, so that an end that was cut off and a byte that is not what it was are seen.
"""

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services.embedded.accounts import account_for
from services.embedded.places import PRIVATE_FILE, PRIVATE_FOLDER, data_folder, held
from services.embedded.wheels import MAJOR_VERSION

FORM: Final = {"helhedsnet": "the data of an embedded system", "form": 1}
HEAD: Final = "helhedsnet.json"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "postgresql"
KEYS: Final = "keys"
# Of a system from before each service had a key.
FORMER_KEY: Final = "token-key.pem"
# What access remembers of what has ended. A copy does not hold it: what is put back is known to have gone back.
ENDED: Final = "ended.jsonl"
# What the registry remembers of who withdrew, beside the anchors (ADR 136).
ANCHORS: Final = "anchors"
WITHDRAWN: Final = "registry-withdrawn.jsonl"
# What belongs to a process, and not to the data.
OF_A_PROCESS: Final = frozenset({"postmaster.opts", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"})
# What a disk says that takes no more.
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class NoCopy(Exception):
    """A copy is not made, or not put back; `code` says why, the message the way out."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


def write_copy(data: Path, file: Path) -> None:
    """Write the folder of a system that does not run into a file of this user's.

    Raises:
        NoCopy: there is such a file (`file_present`), no data (`no_data`), or a server was not ended (`not_ended`).
        EmbeddedUnavailable: the system runs.
    """
    data = data.resolve()
    if not (data / DATABASE / "PG_VERSION").exists():
        raise NoCopy("no_data", f"there is no system's data in {data}; name its folder with --data")
    if file.exists():
        raise NoCopy("file_present", f"{file} is there already; choose another name")
    with held(data / "redis"), held(data / DATABASE):
        if (data / DATABASE / "postmaster.pid").exists():
            raise NoCopy("not_ended", f"the database in {data} was not ended in order; run `helhedsnet up` and end it")
        unfinished = file.with_name(f".{file.name}.unfinished")
        unfinished.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb") as target:
                _write(data, target)
                target.flush()
                os.fsync(target.fileno())
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)


def put_back(file: Path, data: Path, withdrawn: Path | None = None) -> None:
    """Make the folder of a system from a file that holds one, with the list of withdrawals of the system in use.

    Raises:
        NoCopy: the folder holds something (`data_present`), or the file is no copy (`no_backup`), is not whole or not
            what it was (`backup_damaged`), of another version (`another_version`), or more than the disk has room for
            (`no_space`).
    """
    data = data.resolve()
    if data.exists() and any(data.iterdir()):
        raise NoCopy("data_present", f"the folder {data} holds something; choose another with --data")
    data_folder(data.parent)
    staging = data.with_name(f"{data.name}.restoring")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=PRIVATE_FOLDER)
    try:
        _extract(file, staging)
        _check(file, staging)
        account = account_for(data / DATABASE)
        for path in (staging / DATABASE, *(staging / DATABASE).rglob("*")):
            account.take(path)
        if withdrawn is not None:
            (staging / ANCHORS).mkdir(mode=PRIVATE_FOLDER)
            shutil.copyfile(withdrawn, staging / ANCHORS / WITHDRAWN)
            (staging / ANCHORS / WITHDRAWN).chmod(PRIVATE_FILE)
        if data.exists():
            data.rmdir()
        staging.rename(data)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(data: Path, target: io.BufferedWriter) -> None:
    digests: dict[str, str] = {}
    with tarfile.open(fileobj=target, mode="w") as archive:
        _add(archive, HEAD, FORM | {"postgresql": MAJOR_VERSION})
        for path in _kept(data):
            name = path.relative_to(data).as_posix()
            archive.add(path, name, recursive=False)
            if path.is_file():
                digests[name] = _digest(path)
        _add(archive, MANIFEST, digests)


def _kept(data: Path) -> Iterator[Path]:
    """Give what makes a system: its keys and its database, folders before what is in them."""
    if (data / FORMER_KEY).exists():
        yield data / FORMER_KEY
    if (data / KEYS).exists():
        yield data / KEYS
        yield from sorted(path for path in (data / KEYS).iterdir() if path.name != ENDED)
    yield data / DATABASE
    yield from sorted(path for path in (data / DATABASE).rglob("*") if path.name not in OF_A_PROCESS)


def _add(archive: tarfile.TarFile, name: str, said: dict[str, Any]) -> None:
    content = json.dumps(said, sort_keys=True).encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), PRIVATE_FILE
    archive.addfile(entry, io.BytesIO(content))


def _extract(file: Path, staging: Path) -> None:
    """Take a file apart, once it is known to be of ours and of this version."""
    try:
        with tarfile.open(file, "r:") as archive:
            head = archive.next()
            said = json.load(archive.extractfile(head) or io.BytesIO()) if head and head.name == HEAD else {}
            if not FORM.items() <= said.items():
                raise _no_backup(file)
            if said["postgresql"] != MAJOR_VERSION:
                raise NoCopy(
                    "another_version",
                    f"{file} is of PostgreSQL {said['postgresql']}, and this is {MAJOR_VERSION}: restore it with the"
                    " version of Helhedsnet that took it",
                )
            try:
                archive.extractall(staging, filter="data")
            except (tarfile.TarError, OSError, EOFError) as error:
                if isinstance(error, OSError) and error.errno in FULL:
                    raise _no_space(file, staging.parent) from None
                raise _damaged(file, str(error)) from None
    except (tarfile.TarError, ValueError, EOFError):
        raise _no_backup(file) from None


def _check(file: Path, staging: Path) -> None:
    """Compare what came with the digests that came last, and leave only the data."""
    try:
        digests = json.loads((staging / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        raise _damaged(file, "its end is missing") from None
    (staging / MANIFEST).unlink()
    (staging / HEAD).unlink()
    found = {path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file()}
    for name in sorted(found | digests.keys()):
        if name not in found or _digest(staging / name) != digests.get(name):
            raise _damaged(file, f"{name} is not what it was")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _no_backup(file: Path) -> NoCopy:
    return NoCopy("no_backup", f"{file} was not written by `helhedsnet backup`")


def _damaged(file: Path, why: str) -> NoCopy:
    return NoCopy("backup_damaged", f"{file} is cut off or changed ({why}); copy it again, or take an older one")


def _no_space(file: Path, place: Path) -> NoCopy:
    return NoCopy("no_space", f"the disk of {place} has no room for what {file} holds; make room, or choose another")
