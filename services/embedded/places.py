"""Where the embedded servers keep what is theirs alone: folders, locks, and a short path for a socket.

Owns the rule that nobody else enters, and that no folder's rights are changed but those of our own.
"""

import contextlib
import errno
import fcntl
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
ROOT: Final = 0
# With less space left PostgreSQL writes nothing, not even why.
FULL_BYTES: Final = 2**16
RUNTIME_PREFIX: Final = "helhedsnet-"
# Source: sun_path in <sys/un.h>, 104 bytes on macOS and 108 on Linux, with the zero at its end.
SOCKET_PATH_BYTES: Final = 103
# What a socket's name and its folder need of that.
RUNTIME_PATH_BYTES: Final = SOCKET_PATH_BYTES - 32


class EmbeddedUnavailable(Exception):
    """This machine cannot run the embedded servers; the message says what to do."""


def data_folder(data: Path) -> Path:
    """Give the real path of a system's folder; where there is none, make one that only this user enters.

    Raises:
        EmbeddedUnavailable: it cannot be made here.
    """
    data = data.resolve()
    try:
        data.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedUnavailable(
            f"the folder {data} cannot be made ({error.strerror}); choose another with --data"
        ) from error
    return data


def private_folder(folder: Path, owner: int | None = None) -> None:
    """Make a folder that only its owner enters, this user or the one named; where it was open to others, close it.

    Raises:
        EmbeddedUnavailable: it belongs to another user.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        if folder.stat().st_uid not in {os.geteuid(), owner}:
            raise of_somebody_else(folder)
        if stat.S_IMODE(folder.stat().st_mode) != PRIVATE_FOLDER:
            folder.chmod(PRIVATE_FOLDER)
    except PermissionError as error:
        raise of_somebody_else(folder) from error


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder: what a crash left there may be ended only when nobody else lives in it.

    Raises:
        EmbeddedUnavailable: another process holds it, or it belongs to another user.
    """
    # Beside the folder, not in it: PostgreSQL wants an empty one.
    beside = folder.with_name(f"{folder.name}.lock")
    try:
        lock = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    except PermissionError as error:
        raise of_somebody_else(folder.parent) from error
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            os.fchmod(lock, PRIVATE_FILE)
        if not locked(lock):
            raise EmbeddedUnavailable(
                f"another Helhedsnet runs on the folder {folder.parent}: end it first, or choose another folder"
                " with --data"
            )
        yield
    finally:
        os.close(lock)


def locked(descriptor: int) -> bool:
    """Lock an open file or folder for this process alone; tell whether it could, or another one holds it.

    The kernel lets go of what a process held that was killed.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Write to a folder.

    Raises:
        EmbeddedUnavailable: it cannot be written to; the message says why, and what to do.
    """
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise EmbeddedUnavailable(f"nothing can be written to {folder}: {why}{advice(folder, why)}") from error


def advice(folder: Path, why: str) -> str:
    """Say what to do where a disk is full, as it is said or found to be; nothing where it is not."""
    is_full = os.strerror(errno.ENOSPC) in why or shutil.disk_usage(folder).free < FULL_BYTES
    return "; the disk is full: make room, or choose another folder with --data" if is_full else ""


class RuntimeFolder:
    """A folder with a short path beside nobody's data, made on first use and removed at the end.

    Its path is written down beside the data, so that the next start removes what a crash left.
    """

    def __init__(self, data: Path) -> None:
        self._record = data.with_name(f"{data.name}.runtime")
        self._path: Path | None = None

    def path(self) -> Path:
        """Give the folder, in whose folders the path of a socket fits.

        Raises:
            EmbeddedUnavailable: no temporary folder is short enough and out of reach of other users.
        """
        if self._path is None:
            self._path = _new_folder()
            self._record.unlink(missing_ok=True)
            descriptor = os.open(self._record, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            with os.fdopen(descriptor, "wb") as record:
                record.write(os.fsencode(self._path))
        return self._path

    def remove(self) -> None:
        """Remove the folder, this run's or what a crash left of an earlier one; never anything that is not ours."""
        with contextlib.suppress(FileNotFoundError):
            path = Path(os.fsdecode(self._record.read_bytes()))
            found = path.lstat()
            if path.name.startswith(RUNTIME_PREFIX) and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
                shutil.rmtree(path)
        self._record.unlink(missing_ok=True)
        self._path = None


def name_of(user_id: int) -> str | None:
    """Give the name of a user of this machine, or None for a number without one."""
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return None


def of_somebody_else(folder: Path) -> EmbeddedUnavailable:
    """Give the refusal of a folder that belongs to another user."""
    owner = "another user"
    with contextlib.suppress(OSError):
        owner = f"the user {name_of(folder.stat().st_uid) or folder.stat().st_uid}"
    return EmbeddedUnavailable(
        f"the folder {folder} belongs to {owner}, whose data stay theirs; choose another folder with --data"
    )


def _new_folder() -> Path:
    candidates = [os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"]  # noqa: S108  what is short by itself
    for place in [Path(name).resolve() for name in candidates if name]:
        if not _is_out_of_reach(place):
            continue
        # Its name cannot be foreseen, so nobody can have made it before us, nor put a link in its place.
        with contextlib.suppress(OSError):
            made = Path(tempfile.mkdtemp(prefix=RUNTIME_PREFIX, dir=place))
            if len(os.fsencode(made)) <= RUNTIME_PATH_BYTES:
                return made
            made.rmdir()
    raise EmbeddedUnavailable(
        "the path of the data is too long for PostgreSQL's socket, and no temporary folder is short enough and safe"
        " from other users; choose a shorter folder with --data, or set TMPDIR"
    )


def _is_out_of_reach(place: Path) -> bool:
    """Tell whether no other user could put something else in place of a folder of ours here.

    A folder of root is for another account too, which has to be able to come there.
    """
    for folder in (place, *place.parents):
        try:
            found = folder.stat()
        except OSError:
            return False
        is_sticky = bool(found.st_mode & stat.S_ISVTX)
        if os.geteuid() == ROOT and not found.st_mode & stat.S_IXOTH:
            return False
        if found.st_uid not in {ROOT, os.geteuid()} or (found.st_mode & WRITABLE_BY_OTHERS and not is_sticky):
            return False
    return True
