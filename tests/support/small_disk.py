"""A disk that can be filled to its last byte: a file system in memory, which only root may mount."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

CHUNK: Final = 2**20
ROOT: Final = 0


class SmallDisk:
    """A folder on a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filling = folder / "filling"

    def fill(self) -> None:
        """Leave no space on it."""
        filling = os.open(self._filling, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            for size in (CHUNK, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        os.write(filling, bytes(size))
        finally:
            os.close(filling)

    def free(self) -> None:
        """Give back what was filled."""
        self._filling.unlink(missing_ok=True)


def why_not() -> str | None:
    """Tell why no small disk is to be had here; None where one is."""
    if os.geteuid() != ROOT:
        return "only root may mount a file system"
    try:
        with small_disk(CHUNK):
            return None
    except subprocess.CalledProcessError as error:
        return f"no file system can be mounted: {error.stderr.decode().strip()}"
    except FileNotFoundError:
        return "there is no mount"


@contextlib.contextmanager
def small_disk(size: int) -> Iterator[SmallDisk]:
    """Give a disk with room for so many bytes.

    Raises:
        subprocess.CalledProcessError: it cannot be mounted.
    """
    with tempfile.TemporaryDirectory(prefix="helhedsnet-disk-") as name:
        options = f"size={size},mode=0755"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", name], check=True, capture_output=True)  # noqa: S603, S607  our own
        try:
            yield SmallDisk(Path(name))
        finally:
            subprocess.run(["umount", "--lazy", name], check=True, capture_output=True)  # noqa: S603, S607  as above


_REASON: Final = why_not()
CAN_MOUNT: Final = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")
