"""The account that PostgreSQL runs as where root starts it: one, however many are started at once."""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.embedded import accounts
from services.embedded.places import EmbeddedUnavailable

AT_ONCE = 6
NAME = "helhedsnet-try"
ASK = (
    "import sys; from services.embedded import accounts; accounts.NAME = sys.argv[1];"
    " print(accounts._stand_in().pw_uid)"
)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("userdel") is None, reason="only root makes accounts")
def test_all_who_make_the_account_at_once_are_given_the_same() -> None:
    """`useradd` beside another `useradd` gives the name a second number, and the first then names nobody."""
    try:
        asked = [
            subprocess.Popen([sys.executable, "-c", ASK, NAME], stdout=subprocess.PIPE, text=True)  # noqa: S603  our own
            for _ in range(AT_ONCE)
        ]
        given = {process.communicate(timeout=120)[0].strip() for process in asked}
        assert given == {str(pwd.getpwnam(NAME).pw_uid)}
    finally:
        subprocess.run(["userdel", NAME], capture_output=True, check=False)  # noqa: S603, S607  a constant


def test_who_holds_the_turn_for_ever_ends_the_start_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it came to hold it: whoever starts is told after a minute, and may try again."""
    monkeypatch.setattr(accounts, "MAKE_TURN", tmp_path)
    monkeypatch.setattr(accounts, "MAKE_TURN_SECONDS", 0.2)
    monkeypatch.setattr(accounts, "NAME", "helhedsnet-nobody")
    held = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with pytest.raises(EmbeddedUnavailable, match="try again when it has ended"):
            accounts._stand_in()  # noqa: SLF001  what root is given
    finally:
        os.close(held)
