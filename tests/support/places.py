"""Where the servers of tests keep their data. Owns no server."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108  what is made there has a name of its own, and a mode of 0700
ROOM_BYTES: Final = 4 * 2**30


def place(name: str) -> "tempfile.TemporaryDirectory[str]":
    """Make a folder that is removed at its end, with a path as short as they come.

    It is in memory where there is room: a file system on a disk takes ten times as long to copy a database of many
    small files. Whoever tests disks makes one of its own.
    """
    return tempfile.TemporaryDirectory(prefix=f"helhedsnet-{name}-", dir=MEMORY if _has_room(MEMORY) else None)


def _has_room(folder: Path) -> bool:
    """Tell whether a folder has room for databases, and runs what is copied there."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    return shutil.disk_usage(folder).free >= ROOM_BYTES and not os.statvfs(folder).f_flag & os.ST_NOEXEC


def content_of(path: Path) -> bytes:
    """Give what a file of a running system holds: nothing where it went meanwhile, as PostgreSQL's own do."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
