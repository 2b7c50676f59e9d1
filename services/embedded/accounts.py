"""Who the embedded PostgreSQL runs as. Owns the account that stands in for root, which PostgreSQL refuses to run as.

That account enters the folders that it is handed and no other: their parents' rights stay as they are (ADR 8).
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.embedded.places import ROOT, EmbeddedUnavailable, locked, name_of, of_somebody_else

# What the wheel of PostgreSQL called it, so that data of earlier versions have the right owner.
NAME: Final = "pgserver"
MAKE: Final = ("--system", "--user-group", "--no-create-home", "--home-dir", "/", "--shell", "/usr/sbin/nologin")
# Of two `useradd` that are started at once, the second gives the name another number: so one at a time.
MAKE_TURN: Final = Path("/etc")
MAKE_TURN_SECONDS: Final = 60
DESCRIPTORS: Final = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine; `is_other` tells that it is not the one who runs this process."""

    user_id: int
    group_id: int
    is_other: bool

    @property
    def process(self) -> dict[str, Any]:
        """Give what `subprocess` needs to run a program as this user, with none of our groups."""
        if not self.is_other:
            return {}
        return {"user": self.user_id, "group": self.group_id, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Make a file or folder of ours theirs."""
        if self.is_other:
            os.chown(path, self.user_id, self.group_id, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class View:
    """A folder as a process of an account names it, and the descriptors that the process is handed for that."""

    path: str
    descriptors: tuple[int, ...] = ()


def account_for(folder: Path) -> Account:
    """Give who runs the server on a folder: this user, or for root another account.

    Raises:
        EmbeddedUnavailable: the folder belongs to somebody else, or root has no account to use.
    """
    user_id = os.geteuid()
    owner = folder.stat() if folder.exists() else None
    if user_id != ROOT:
        if owner is not None and owner.st_uid != user_id:
            raise of_somebody_else(folder)
        return Account(user_id, os.getegid(), is_other=False)
    if owner is not None and owner.st_uid != ROOT:
        name = name_of(owner.st_uid)
        if name is None:
            # As in a container that was made anew over kept data.
            return Account(owner.st_uid, owner.st_gid, is_other=True)
        if name != NAME:
            raise EmbeddedUnavailable(
                f"the folder {folder} belongs to the user {name}: start it as that user, or choose another with --data"
            )
    entry = _stand_in()
    return Account(entry.pw_uid, entry.pw_gid, is_other=True)


@contextlib.contextmanager
def view(folder: Path, account: Account) -> Iterator[View]:
    """Give a folder as a process of the account can name it, whoever may enter the folders above.

    Another account is handed the open folder: its rights on that folder are looked at, those on its path are not.
    """
    if not account.is_other or not DESCRIPTORS.exists():
        yield View(str(folder))
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield View(str(DESCRIPTORS / str(descriptor)), (descriptor,))
    finally:
        os.close(descriptor)


def _stand_in() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(NAME)
    reason = "there is no useradd"
    with _alone(MAKE_TURN):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(NAME)
        if (program := shutil.which("useradd")) is not None:
            made = subprocess.run([program, *MAKE, NAME], capture_output=True, text=True, check=False)  # noqa: S603  ours
            reason = made.stderr.strip()
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(NAME)
    raise EmbeddedUnavailable(
        f"PostgreSQL does not run as root, and the account {NAME} to run it as could not be made ({reason}):"
        " make it, or start as another user"
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    deadline = time.monotonic() + MAKE_TURN_SECONDS
    try:
        while not locked(descriptor):
            if time.monotonic() >= deadline:
                raise EmbeddedUnavailable(
                    f"another program held {folder} for {MAKE_TURN_SECONDS} s while the account {NAME} was to"
                    " be made: try again when it has ended"
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)
