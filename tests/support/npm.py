"""Runs JavaScript that others wrote, in a temporary folder: nothing of it comes into the repository."""

import shutil
import subprocess
from pathlib import Path

import pytest

INSTALL_SECONDS = 240


def install(folder: Path, *packages: str) -> None:
    """Install packages into a folder; where that cannot be done, the test is skipped and says why."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no npm here, so the JavaScript of others cannot be tried")
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(folder), *packages]
    installed = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)  # noqa: S603  our own command
    if installed.returncode:
        pytest.skip(f"npm could not install {', '.join(packages)}: {installed.stderr.strip()[-200:]}")


def node(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder, with what is installed there."""
    path = folder / "script.mjs"
    path.write_text(script)
    command = [shutil.which("node") or "node", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=False)  # noqa: S603  as above
