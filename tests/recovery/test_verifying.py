"""Whatever is changed in a log behind its service's back, a verification finds it, in all three services."""

import contextlib
from collections.abc import AsyncIterator

import pytest

from services.command.operating import SERVICES
from shared.http import verifying
from tests.support.builders import AREA, an_enrolment, an_event
from tests.support.installation import Installation, System

# What somebody with all rights might do to a line, and what it shows as.
TAMPERINGS = {
    "a digit of the body": ("UPDATE event_log SET body = replace(body, '20', '21') WHERE sequence = 4", "line_changed"),
    "the body and its digest": (
        (
            "UPDATE event_log SET body = replace(body, '20', '21'),"
            " digest = sha256(convert_to(replace(body, '20', '21'), 'UTF8')) WHERE sequence = 2"
        ),
        "chain_broken",
    ),
    "the outcome": ("""UPDATE event_log SET outcome = '{"a": 1}' WHERE sequence = 3""", "chain_broken"),
    "the time": (
        "UPDATE event_log SET recorded = recorded + interval '1 microsecond' WHERE sequence = 5",
        "chain_broken",
    ),
    "the id": ("UPDATE event_log SET id = id || '1' WHERE sequence = 1", "line_changed"),
    "the source": ("UPDATE event_log SET source = source || '1' WHERE sequence = 1", "line_changed"),
    "the chain": ("UPDATE event_log SET chain = sha256(chain) WHERE sequence = 4", "chain_broken"),
    "a line is gone": ("DELETE FROM event_log WHERE sequence = 5", "line_missing"),
}
WITHOUT_ITS_LAST_LINE = "DELETE FROM event_log WHERE sequence = (SELECT max(sequence) FROM event_log)"
# How the end of a log is cut so that the rest of it fits itself.
CUT = (
    "DELETE FROM event_log WHERE sequence > (SELECT max(sequence) - 1 FROM event_log);"
    " UPDATE event_log_head SET sequence = line.sequence, chain = line.chain"
    " FROM (SELECT sequence, chain FROM event_log ORDER BY sequence DESC LIMIT 1) AS line;"
    " UPDATE position SET sequence = least(sequence, (SELECT max(sequence) FROM event_log)) WHERE name = 'relay'"
)


@contextlib.asynccontextmanager
async def _tampered(installation: Installation, service: str, statement: str) -> AsyncIterator[None]:
    """Change a log in one transaction, and put it back in one."""
    await installation.execute(service, "CREATE TABLE saved AS SELECT * FROM event_log")
    await installation.execute(service, statement)
    try:
        yield
    finally:
        await installation.execute(
            service,
            "BEGIN; DELETE FROM event_log; INSERT INTO event_log SELECT * FROM saved; DROP TABLE saved; COMMIT",
        )


async def _found(system: System, service: str) -> set[str]:
    verified = await system.verify()
    assert {finding["service"] for finding in verified["findings"]} <= {service}
    assert not verified["whole"] or not verified["findings"]
    return {finding["code"] for finding in verified["findings"]}


async def test_a_log_that_nobody_touched_is_whole_and_a_changed_one_is_not(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A digit, a word, a moment or a line, wherever it is, also where one stretch ends and the next begins."""
    monkeypatch.setattr(verifying, "MAX_LINES", 10)
    async with installation.running() as system:
        figures = [an_event("context.imported", _figure(year)) for year in range(10, 16)]
        await system.post("reporting", *figures)
        await system.settled()
        assert await system.found() == set()
        for service in SERVICES:
            for what, (statement, code) in TAMPERINGS.items():
                async with _tampered(installation, service, statement):
                    assert code in await _found(system, service), f"{what} of {service}"
        assert await system.found() == set()
        await installation.execute("reporting", WITHOUT_ITS_LAST_LINE)
        assert await system.found() == {("reporting", "head_differs"), ("reporting", "log_cut")}


def _figure(year: int) -> dict[str, object]:
    return {"area": AREA, "indicator": "income_pct", "value": 55, "source": "L", "date": f"20{year}-01-01"}


async def test_a_changed_look_up_is_found(installation: Installation) -> None:
    """Who looked at people is verified with the logs, in each service."""
    async with installation.running() as system:
        await system.settled()
        assert await system.found() == set()
        for service in SERVICES:
            await installation.execute(service, "UPDATE lookup_head SET sequence = 1")
            assert await _found(system, service) == {"lookup_head_differs"}
            await installation.execute(service, "UPDATE lookup_head SET sequence = 0")
        assert await system.found() == set()


async def test_cut_ends_are_found_though_the_rest_fits(installation: Installation) -> None:
    """They are found until an administrator says that the logs are the right ones; when it was, is kept for good."""
    cut = {(service, "log_cut") for service in SERVICES}
    async with installation.running() as system:
        await system.settled()
        for service in SERVICES:
            await installation.execute(service, CUT)
        assert await system.found() >= cut
    async with installation.running() as system:
        assert await system.found() >= cut
        recovery = await system.recover()
        # Whoever cuts a log alone leaves the ledger as it was.
        assert {left["service"] for left in recovery.left} == {"funding", "reporting"}
        assert {left["code"] for left in recovery.left} >= {"account_differs", "total_differs", "ledger_differs"}
        verified = await system.verify()
        assert "log_cut" not in {finding["code"] for finding in verified["findings"]}
        for walked in verified["services"].values():
            assert [epoch["reason"] for epoch in walked["epochs"]] == ["founded", "went_back"]


@pytest.mark.long(beside="test_cut_ends_are_found_though_the_rest_fits")
async def test_a_cut_end_is_told_by_a_follower_where_nothing_else_knows(
    installation: Installation,
) -> None:
    """Without an anchor and with an empty Redis, who has applied more says so."""
    await installation.execute("registry", CUT)
    async with installation.running(anchor_folder=None) as system:

        async def noticed() -> bool:
            return len(await system.parted()) == 2

        await system.until(noticed)
        assert await system.found() == {("registry", "log_shorter")}


async def test_what_was_erased_is_verified_as_it_stands(installation: Installation) -> None:
    """Lines rewritten for a withdrawn consent are whole; changed once more, or with nothing that asked for it, not."""
    async with installation.running() as system:
        await system.post("registry", an_enrolment("p-forlader"))
        withdrawal = {"participant": "p-forlader"}
        await system.post("registry", an_event("consent.withdrawn", withdrawal, source=f"/areas/{AREA}"))
        await system.settled()
        assert await system.found() == set()
        changed = (
            "UPDATE event_log SET body = replace(body, 'erased', 'erasde'), id = replace(id, 'erased', 'erasde')"
            " WHERE sequence = (SELECT min(sequence) FROM erasure)"
        )
        async with _tampered(installation, "registry", changed):
            assert await _found(system, "registry") == {"rewritten_changed"}
        await installation.execute("registry", "UPDATE erasure SET erased_by = 1")
        assert await _found(system, "registry") == {"rewritten_changed"}
        await installation.execute("registry", "UPDATE erasure SET content = rewritten")
        assert await _found(system, "registry") == {"rewritten_changed", "chain_broken"}
