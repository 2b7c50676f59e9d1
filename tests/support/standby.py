"""A PostgreSQL that another one follows, and that can be lost: both embedded, each behind a wire of its own.

Owns how a standby is made, when each commit goes to it first, and how it becomes the leader.
"""

import asyncio
import contextlib
import importlib.util
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from services import embedded
from services.embedded.accounts import account_for
from services.embedded.wheels import MAJOR_VERSION, POSTGRESQL
from shared import database
from tests.chaos.wires import Wire, wire
from tests.support.places import place

# The follower comes in by the socket, which only its account and root can reach.
FOLLOWERS_COME_IN: Final = "local replication all trust\n"
NAME: Final = "standby"
COPY_SECONDS: Final = 120
FOLLOWS_SECONDS: Final = 30
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
        """Make the standby the leader."""
        await promote(self.standby)


@contextlib.asynccontextmanager
async def pair() -> AsyncIterator[Pair]:
    """Run a leader and its standby until the context ends."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(place("pair")))
        folder.chmod(0o755)  # noqa: ASYNC240  a moment
        leader = stack.enter_context(embedded.cluster(folder / "one"))
        await copy_as_standby(leader, folder / "one", folder / "two")
        standby = stack.enter_context(embedded.cluster(folder / "two"))
        await until_it_follows(leader)
        async with (
            wire("leader", lambda: [str(leader.socket)]) as one,
            wire("standby", lambda: [str(standby.socket)]) as two,
        ):
            yield Pair(leader, standby, one, two)


def programs() -> Path:
    """Give the folder of PostgreSQL's programs, as its wheel installs them."""
    found = importlib.util.find_spec(POSTGRESQL)
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


async def copy_as_standby(leader: embedded.Server, folder: Path, copied: Path) -> None:
    """Copy what a leader that runs holds, so that a server which is started on the copy follows it."""
    await _let_followers_in(leader, folder)
    await asyncio.to_thread(_copy, leader, folder, copied)


def _copy(leader: embedded.Server, folder: Path, copied: Path) -> None:
    way = f"host={leader.socket.parent} user=postgres"
    account = account_for(folder)
    # The server reads whatever lies in its folder, and this file was opened by us.
    account.take(folder / "log")
    subprocess.run(  # noqa: S603  our own
        [programs() / "pg_basebackup", f"--pgdata={copied}", f"--dbname={way}", "--checkpoint=fast", "--no-sync"],
        check=True,
        capture_output=True,
        timeout=COPY_SECONDS,
    )
    (copied / "standby.signal").touch()
    with (copied / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = '{way} application_name={NAME}'\n")
    for path in [copied, *copied.rglob("*")]:
        account.take(path)


async def _let_followers_in(leader: embedded.Server, folder: Path) -> None:
    with (folder / "pg_hba.conf").open("a") as rules:
        rules.write(FOLLOWERS_COME_IN)
    await _set(leader)


async def until_it_follows(leader: embedded.Server) -> None:
    """Wait until the standby follows; from then on no commit is answered that it has not."""
    connection = await database.connect(leader.url)
    try:
        async with asyncio.timeout(FOLLOWS_SECONDS):
            while not await connection.fetchval(FOLLOWING):  # noqa: ASYNC110  nothing tells
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
    await _set(leader, f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")


async def promote(standby: embedded.Server) -> None:
    """Make a standby the leader, as `pg_ctl promote` does."""
    await _set(standby, "SELECT pg_promote()", "ALTER SYSTEM RESET synchronous_standby_names")


async def _set(server: embedded.Server, *said: str) -> None:
    connection = await database.connect(server.url)
    try:
        for each in (*said, "SELECT pg_reload_conf()"):
            await connection.execute(each)
    finally:
        await connection.close()
