"""Each part of the benchmarks runs, at its smallest: what is started by hand alone is soon broken by a change."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import orjson
import pytest

from tests.benchmarks.__main__ import PARTS
from tests.support.running import ROOT

SMALLEST: Final = ("ROUNDS=1", "SIZES=1000,2000", "AREAS=2,3")
# They say what happens in minutes, at the sizes that they are about, and have none that are shorter.
BY_THE_MINUTE: Final = frozenset({"release", "shown", "soak"})
PART_SECONDS: Final = 300
# Containers are built and started by tests of their own.
NO_ENGINE: Final = "unix:///nowhere"


def _measured(folder: Path, part: str) -> list[dict[str, object]]:
    figures = folder / "figures.json"
    run = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "tests.benchmarks", f"ONLY={part}", f"JSON={figures}", *SMALLEST],
        cwd=ROOT,
        env={**os.environ, "DOCKER_HOST": NO_ENGINE},
        capture_output=True,
        text=True,
        check=False,
        timeout=PART_SECONDS,
    )
    assert run.returncode == 0, run.stderr
    rows: list[dict[str, object]] = orjson.loads(figures.read_bytes())["rows"]
    return rows


def test_a_part_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """Wrong usage says what there is, and measures nothing."""
    with pytest.raises(AssertionError, match=r"usage: .*ONLY=intake,flow"):
        _measured(tmp_path, "surprise")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long(beside="test_a_part_that_there_is_not_is_refused")
@pytest.mark.parametrize("part", sorted(PARTS.keys() - BY_THE_MINUTE))
def test_every_part_measures_and_checks_what_it_measured(tmp_path: Path, part: str) -> None:
    """No figure is judged here; each part fails where what it measured is not right."""
    assert _measured(tmp_path, part)
