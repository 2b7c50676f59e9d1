"""The account that PostgreSQL runs as where root starts it: one, however many are started at once."""

import os
import pwd
import shutil
import subprocess
import sys

import pytest

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
