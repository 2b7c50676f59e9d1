"""What `make ha` does, and what it says where it cannot."""

from pathlib import Path
from typing import Final

import pytest

from tests.ha import servers
from tests.ha.__main__ import main
from tests.ha.losses import KINDS, NEEDS_NETWORK, plan
from tests.support.running import as_process

# Two minutes to start, and one for a loss, on a machine that others use too.
RUN_SECONDS: Final = 900


def test_each_kind_of_loss_comes_once_before_any_comes_twice() -> None:
    """The same seed draws the same, and where there is no network of machines none is parted."""
    assert sorted(plan(7, len(KINDS), has_network=True)) == sorted(KINDS)
    assert plan(7, 9, has_network=True) == plan(7, 9, has_network=True)
    assert NEEDS_NETWORK not in plan(7, 9, has_network=False)
    assert len(plan(7, 9, has_network=False)) == 9


def test_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Patroni was not installed, and where nothing that is known was said."""
    monkeypatch.setattr(servers, "INSTALLED", tmp_path)
    assert main(["SEED=7"]) == 2
    assert "say `make ha`" in capsys.readouterr().err
    assert main(["FAULTS=7"]) == main(["SEED=x"]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.timeout(RUN_SECONDS)
@pytest.mark.skipif(servers.why_not() is not None, reason=servers.why_not() or "")
@pytest.mark.long(beside="tests/shared/test_leader.py::test_a_service_moves_to_the_new_leader")
async def test_a_lost_leader_loses_nothing() -> None:
    """On three machines, with two replicas of each service: what was answered is there once, and nobody waits long."""
    async with as_process("-m", "tests.ha", "SEED=7", "LOSSES=1") as process:
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert b"0 breaches" in said
