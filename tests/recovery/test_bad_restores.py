"""What should not have been restored, and whoever ends it in the middle: told with its code and the way out."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from shared import database, locks
from tests.support.builders import a_plan, an_area
from tests.support.extent import long_but_for
from tests.support.installation import Installation
from tests.support.keyring import Keyring
from tests.support.systems import helhedsnet


async def test_a_database_of_another_installation_among_the_right_ones(
    installation: Installation, tmp_path: Path
) -> None:
    """The ledger's plans are in no log any more: the command names them, until the right database is back."""
    await installation.keep("registry", "right")
    await installation.empty("registry")
    async with installation.registry_alone(**Keyring(tmp_path / "others").settings) as other:
        await other.post("registry", an_area("vollsmose"), a_plan("vollsmoseplan", areas=["vollsmose"]))
    async with installation.running() as system:

        async def noticed() -> bool:
            return {service for service, _ in await system.parted()} == {"funding", "reporting"}

        await system.until(noticed)
        assert ("registry", "another_installation") in await system.found()
        done = await asyncio.to_thread(helhedsnet, "recover", "--json", "--url", system.url, "--token", system.token())
        left = json.loads(done.stdout)["left"]
        assert done.returncode == 1, done.stderr
        unknown = [item for item in left if item["code"] == "unknown_to_owner"]
        assert {item["service"] for item in unknown} == {"funding"}
        assert any("'amagerplanen'" in item["detail"] for item in unknown)
        assert all(item["way_out"] for item in left)
        again = await system.recover()
        assert [item["code"] for item in again.left] == [item["code"] for item in left]
    await installation.put_back("registry", "right")
    async with installation.running() as system:
        assert (await system.recover()).left == []
        done = await asyncio.to_thread(helhedsnet, "verify", "--url", system.url, "--token", system.token("auditor"))
        assert (done.returncode, done.stderr) == (0, "")
        assert "whole" in done.stdout


@pytest.mark.long(beside="test_a_database_of_another_installation_among_the_right_ones")
async def test_what_funding_learns_anew_is_put_right_where_nothing_rests_on_it(installation: Installation) -> None:
    """Areas, ends and activities are as the registry's log tells; totals and seals stay."""
    async with installation.running() as system:
        await system.settled()
        before = await _rows(installation)
        for statement in (
            "UPDATE plan SET areas = '{x}', end_on = end_on + 7",
            "UPDATE activity SET area = 'x' WHERE activity = 'svundet'",
            "DELETE FROM pool",
            "DELETE FROM activity WHERE activity <> 'svundet'",
            "DELETE FROM plan WHERE plan = 'svunden'",
            "INSERT INTO activity VALUES ('aldrig', 'amagerplanen', 'urbanplanen')",
            "INSERT INTO dead_letter VALUES ('registry', 1, 'no reason', '{}', now())",
        ):
            await installation.execute("funding", statement)
        await system.rebuild("funding")
        assert await _rows(installation) == before
        assert (await system.statuses())["funding"]["dead_letters"] == 0


@pytest.mark.parametrize("service", long_but_for(["registry", "funding"], ["funding"]))
async def test_ended_in_the_middle_nothing_has_changed_and_said_again_it_is_done(
    installation: Installation, service: str
) -> None:
    """Somebody holds the tables; its connection dies; the next one succeeds, and one at a time."""
    async with installation.running() as system:
        await system.settled()
        holder = await database.connect(installation.url(service))
        try:
            holding = holder.transaction()
            await holding.start()
            await holder.execute("LOCK TABLE plan IN ACCESS EXCLUSIVE MODE")
            await system.begin_to_rebuild(service)
            await system.until_rebuild(service, "replacing")
            refused = await system.client.post(f"/{service}/rebuild")
            assert (refused.status_code, refused.json()["code"]) == (409, "already_running")
            await holder.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                locks.REBUILD,
            )
            assert (await system.until_rebuild(service, "failed", "finished"))["state"] == "failed"
            await holding.rollback()
        finally:
            await holder.close()
        await system.rebuild(service)
        await system.settled()
        assert await system.parted() == {}


@pytest.mark.long(beside="test_a_database_of_another_installation_among_the_right_ones")
async def test_a_replica_that_does_it_is_told_of_by_the_other(installation: Installation) -> None:
    """Who did not begin it tells that somebody is at it, and no more."""
    async with installation.running() as system:
        holder = await database.connect(installation.url("funding"))
        await holder.execute("SELECT pg_advisory_lock($1)", locks.REBUILD)
        assert (await system.get("/funding/rebuild"))["state"] == "elsewhere"
        await holder.close()

        async def is_over() -> bool:
            return bool((await system.get("/funding/rebuild"))["state"] == "none")

        await system.until(is_over)


async def _rows(installation: Installation) -> list[list[str]]:
    """Give what funding has learnt, beside its totals and seals."""
    connection: asyncpg.Connection[asyncpg.Record] = await database.connect(installation.url("funding"))
    try:
        return [
            sorted(str(tuple(row)) for row in await connection.fetch(f"SELECT * FROM {table}"))  # noqa: S608  ours
            for table in ("plan", "activity", "pool")
        ]
    finally:
        await connection.close()
