"""A PostgreSQL that another one follows, and that can be lost: both embedded, each behind a wire of its own."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from services import embedded
from services.embedded.accounts import account_for
from shared import database
from tests.chaos.wires import Wire, wire
from tests.support.places import place

# The follower comes in by the socket, which only its account and root can reach.
FOLLOWERS_COME_IN: Final = "local replication all trust\n"
NAME: Final = "standby"
FOLLOWING: Final = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


@dataclass(frozen=True)
class Pair:
    """A leader and a standby to which each commit goes before it is answered."""

    leader: embedded.Server
    standby: embedded.Server
    to_leader: Wire
    to_standby: Wire

    @property
    def url(self) -> str:
        """Give the address that names both, the leader first."""
        hosts = f"127.0.0.1:{self.to_leader.port},127.0.0.1:{self.to_standby.port}"
        return f"postgresql://postgres@{hosts}/?target_session_attrs=read-write"

    def kill_the_leader(self) -> None:
        """Kill every process of it at once."""
        assert self.leader.process is not None
        postmaster = psutil.Process(self.leader.process.pid)
        for process in [postmaster, *postmaster.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.leader.process.wait()

    async def promote(self) -> None:
        """Make the standby the leader, as `pg_ctl promote` does."""
        connection = await database.connect(self.standby.url)
        assert await connection.fetchval("SELECT pg_promote()")
        await connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()


@contextlib.asynccontextmanager
async def pair() -> AsyncIterator[Pair]:
    """Run a leader and its standby until the context ends."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(place("pair")))
        folder.chmod(0o755)  # noqa: ASYNC240  a moment
        leader = stack.enter_context(embedded.cluster(folder / "one"))
        leader.stop()
        _copy_as_standby(leader, folder / "one", folder / "two")
        leader.start()
        await _let_followers_in(leader, folder / "one")
        standby = stack.enter_context(embedded.cluster(folder / "two"))
        await _until_it_follows(leader)
        async with (
            wire("leader", lambda: [str(leader.socket)]) as one,
            wire("standby", lambda: [str(standby.socket)]) as two,
        ):
            yield Pair(leader, standby, one, two)


def _copy_as_standby(leader: embedded.Server, folder: Path, copied: Path) -> None:
    shutil.copytree(folder, copied)
    (copied / "standby.signal").touch()
    with (copied / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = 'host={leader.socket.parent} user=postgres application_name={NAME}'\n")
    account = account_for(folder)
    for path in [copied, *copied.rglob("*")]:
        account.take(path)


async def _let_followers_in(leader: embedded.Server, folder: Path) -> None:
    with (folder / "pg_hba.conf").open("a") as rules:
        rules.write(FOLLOWERS_COME_IN)
    connection = await database.connect(leader.url)
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


async def _until_it_follows(leader: embedded.Server) -> None:
    """Wait until the standby follows; from then on no commit is answered that it has not."""
    connection = await database.connect(leader.url)
    async with asyncio.timeout(30):
        while not await connection.fetchval(FOLLOWING):  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.05)
    await connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()
