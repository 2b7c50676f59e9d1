"""Another user of this machine, who owns nothing: runs programs as them, where the tests run as root."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.running import ROOT

# nobody, by the number that Debian, Fedora and macOS' containers give them.
USER_ID: Final = 65_534
AS_THEM: Final[dict[str, Any]] = {"user": USER_ID, "group": USER_ID, "extra_groups": []}
SECONDS: Final = 60
ONLY_ROOT_BECOMES_ANOTHER: Final = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can start a program as another user"
)


def interpreter() -> str:
    """Give a Python of this version that they can run with our packages; where there is none, skip the test."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for found in (sys.executable, f"/usr/bin/{name}", shutil.which(name)):
        if found and _runs(found):
            return found
    pytest.skip("the other user can enter neither this Python's folder nor this clone, and there is no other Python")


def environment(**more: str) -> dict[str, str]:
    """Give the environment of a program of theirs: this code, our packages, and no file written beside them."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT), *packages]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "120",
        **more,
    }


def run(
    script: str, *said: str | Path, variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a script of Python as them, to its end."""
    return subprocess.run(  # noqa: S603  a test's own script
        [interpreter(), "-c", script, *map(str, said)],
        cwd="/",
        env=environment(**variables or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        **AS_THEM,
    )


def _runs(program: str) -> bool:
    try:
        tried = subprocess.run(  # noqa: S603  an interpreter
            [program, "-c", "import orjson, services.cli"],
            cwd="/",
            env=environment(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
            **AS_THEM,
        )
    except OSError:
        return False
    return tried.returncode == 0
