"""What ours stands on can be said exactly: images by digests, packages by hashes, and no lock names a registry."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SCRIPT: Final = ROOT / "deploy/pin_images.sh"
LOCKS: Final = sorted(ROOT.glob("requirements*.txt"))
NAMED: Final = re.compile(r"\$\{(HELHEDSNET_[A-Z]+_IMAGE):-([a-z]+:[\w.-]+)\}")
DIGEST: Final = "sha256:" + "a" * 64
# Answers as an engine does that has pulled all of the images but one.
ENGINE: Final = f"""#!/bin/sh
for image; do :; done
case "$image" in
missing*) exit 1 ;;
$BUILT) echo ;;
*) echo "${{image%%:*}}@{DIGEST}" ;;
esac
"""


def _pinned(folder: Path, built: str = "none") -> "subprocess.CompletedProcess[str]":
    """Run the script beside an engine."""
    engine = folder / "docker"
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "BUILT": built}
    return subprocess.run([str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours


def test_each_image_that_is_not_ours_can_be_named_by_a_digest() -> None:
    """By one setting, which compose and the build read; the script names the same ones."""
    compose = (ROOT / "docker-compose.yml").read_text()
    named = dict(NAMED.findall(compose))
    images = re.findall(r"^\s+image: (\S+)", compose, re.MULTILINE)
    assert {image for image in images if not NAMED.search(image)} == {"&image", "*image"}
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    assert f"ARG PYTHON_IMAGE={named['HELHEDSNET_PYTHON_IMAGE']}\n" in dockerfile
    told = re.findall(r"^(HELHEDSNET_[A-Z]+_IMAGE) (\S+)$", SCRIPT.read_text(), re.MULTILINE)
    assert dict(told) == named


def test_the_script_prints_what_env_takes(tmp_path: Path) -> None:
    """A line for each image, with the digest that the engine has of it."""
    told = _pinned(tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    lines = dict(line.split("=", 1) for line in told.stdout.splitlines())
    assert lines["HELHEDSNET_POSTGRES_IMAGE"] == f"postgres@{DIGEST}"
    assert len(lines) == len(set(NAMED.findall((ROOT / "docker-compose.yml").read_text())))


def test_an_image_that_was_not_pulled_is_said_and_not_pinned(tmp_path: Path) -> None:
    """One that was built here has no digest that others know; the script ends with 1."""
    told = _pinned(tmp_path, built="redis:8")
    assert told.returncode == 1
    assert told.stderr.startswith("image_not_pulled: redis:8 ")
    assert "HELHEDSNET_REDIS_IMAGE" not in told.stdout


def test_every_package_is_locked_to_hashes_and_no_lock_names_a_host() -> None:
    """Also what builds, what installs, and what looks for weaknesses."""
    assert len(LOCKS) > 4
    for lock in LOCKS:
        text = lock.read_text()
        packages = re.findall(
            r"^[a-z0-9][\w.-]*==\S+[^\n]*\n((?: +--hash=sha256:[0-9a-f]{64}[^\n]*\n)+)", text, re.MULTILINE
        )
        assert len(packages) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0, lock.name
        assert not re.search(r"://|^--(?:extra-)?index-url|^-f", text, re.MULTILINE), lock.name
