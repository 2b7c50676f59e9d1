"""A drilled restore is looked at: what is whole agrees with what is in use, and what is not is named."""

import pytest

from services.command import drilling
from services.command.drilling import Addresses
from tests.support.installation import BEGUN, Installation


def _restored(installation: Installation, moment: str) -> Addresses:
    """Give where the copies of a moment are, which a drill would have restored."""
    return {name: installation.url(name).replace(f"/helhedsnet_{name}", f"/{moment}_{name}") for name in drilling.LOGS}


def _in_use(installation: Installation) -> Addresses:
    return {name: installation.url(name) for name in drilling.LOGS}


async def test_a_restore_agrees_with_what_has_gone_on_since(installation: Installation) -> None:
    """The report at the cursor of the restore is told alike by both, though more was registered meanwhile."""
    async with installation.running() as system:
        now = (await system.report())["digest"]
    found = await drilling.look(_restored(installation, BEGUN), _in_use(installation))
    assert found.code is None, found
    assert found.lines > 0
    again = await drilling.look(_in_use(installation), _in_use(installation))
    assert (again.code, again.digest) == (None, now)
    assert found.digest != now


@pytest.mark.parametrize(
    ("service", "statement", "code"),
    [
        ("registry", "UPDATE event_log SET body = replace(body, 'T', 't') WHERE sequence = 2", "line_changed"),
        ("funding", "DELETE FROM event_log WHERE sequence = 1", "line_missing"),
        ("reporting", "UPDATE commitment_month SET spent_ore = spent_ore + 1", "figures_differ"),
    ],
    ids=["a line changed", "a line is gone", "a figure changed"],
)
async def test_what_is_not_whole_is_named(installation: Installation, service: str, statement: str, code: str) -> None:
    """Of what was restored the logs, and whether the figures follow from them."""
    await installation.execute(service, statement)
    found = await drilling.look(_in_use(installation), _in_use(installation))
    assert found.code == code, found


async def test_what_is_in_use_and_tells_a_different_report_is_named(installation: Installation) -> None:
    """A figure that was changed since shows where the restore has the right one."""
    for service in drilling.LOGS:
        await installation.keep(service, "kept")
    await installation.execute("reporting", "UPDATE commitment_month SET spent_ore = spent_ore + 1")
    found = await drilling.look(_restored(installation, "kept"), _in_use(installation))
    assert found.code == "digest_differs", found


async def test_an_older_restore_than_what_is_in_use_cannot_be_compared(installation: Installation) -> None:
    """Those in use were put back, and nobody said so: the drill does."""
    for service in drilling.LOGS:
        await installation.keep(service, "ahead")
        await installation.put_back(service, BEGUN)
    found = await drilling.bounded(_restored(installation, "ahead"), _in_use(installation))
    assert found.code == "invalid_cursor", found
