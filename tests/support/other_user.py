"""Another user of this machine, who owns nothing: runs programs as them, where the tests run as root."""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.running import ROOT

# nobody, by the number that Debian, Fedora and macOS' containers give them.
USER_ID: Final = 65_534
AS_THEM: Final[dict[str, Any]] = {"user": USER_ID, "group": USER_ID, "extra_groups": []}
SECONDS: Final = 60
ONLY_ROOT_BECOMES_ANOTHER: Final = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can start a program as another user"
)


@functools.cache
def interpreter() -> str:
    """Give this Python as they can run it: where it lies in a folder that is closed to them, a copy of it."""
    if _runs(sys.executable, "pass"):
        return sys.executable
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    copy = Path(tempfile.mkdtemp(prefix="helhedsnet-python-"))
    atexit.register(shutil.rmtree, copy)
    installed = Path(sys.base_prefix)
    (copy / "bin").mkdir()
    shutil.copy2(installed / "bin" / name, copy / "bin" / name)
    shutil.copytree(
        installed / "lib" / name, copy / "lib" / name, ignore=shutil.ignore_patterns("site-packages", "test", "tests")
    )
    for library in (installed / "lib").glob("libpython*"):
        shutil.copy2(library, copy / "lib" / library.name)
    copy.chmod(0o755)
    return str(copy / "bin" / name)


def with_packages() -> str:
    """Give that Python where they can read our code and its packages too; elsewhere, skip the test."""
    if not _runs(interpreter(), "import orjson, services.command.cli"):
        pytest.skip("another user can read neither this clone nor its environment, as they lie in a closed folder")
    return interpreter()


def environment(python: str) -> dict[str, str]:
    """Give the environment of a program of theirs: this code, our packages, and no file written beside them."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return {
        "PATH": os.environ["PATH"],
        "LD_LIBRARY_PATH": str(Path(python).parents[1] / "lib"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *packages]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "120",
    }


def run(python: str, script: str, *said: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a script as them, to its end."""
    return subprocess.run(  # noqa: S603  a test's own script
        [python, "-c", script, *map(str, said)],
        cwd="/",
        env=environment(python),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        **AS_THEM,
    )


def _runs(python: str, script: str) -> bool:
    try:
        return run(python, script).returncode == 0
    except OSError:
        return False
