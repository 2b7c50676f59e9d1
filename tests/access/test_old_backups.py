"""An old backup of access brings nothing back: what ended after it was taken stays ended, by any way of restoring."""

import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from services.access.ended import FILE
from services.access.service import Access
from shared.errors import Unauthenticated
from shared.tokens import Identity
from tests.conftest import MakeDatabase
from tests.support.signing_in import BY, Hosts, hosting

TABLES: Final = ("person", "invitation", "session", "program_key", "memory")
AN_HOUR: Final = timedelta(hours=1)

Run: TypeAlias = Callable[[], AbstractAsyncContextManager[Hosts]]


@pytest.fixture
async def run(make_database: MakeDatabase, surroundings: dict[str, Any], tmp_path: Path) -> Run:
    """Give a function that runs access on one database and one folder of keys, again and again."""
    await make_database("access")
    keys = Path(surroundings["issuer_file"]).parent
    shutil.copytree(keys, tmp_path / "keys")
    (tmp_path / "keys" / FILE).unlink(missing_ok=True)
    own = {**surroundings, "issuer_file": str(tmp_path / "keys" / "issuer.json")}
    return lambda: hosting(own)


async def _backed_up(hosts: Hosts) -> None:
    """Put what every table holds beside it, as a backup does."""
    for table in TABLES:
        await hosts.pool.execute(f"CREATE TABLE old_{table} AS TABLE {table}")


async def _restored(hosts: Hosts) -> None:
    for table in reversed(TABLES):
        await hosts.pool.execute(f"DELETE FROM {table}")  # noqa: S608  ours
    for table in TABLES:
        await hosts.pool.execute(f"INSERT INTO {table} SELECT * FROM old_{table}")  # noqa: S608  ours


class Held:
    """What somebody holds: two keys, two sessions and two invitations."""

    async def get(self, access: Access, hosts: Hosts) -> None:
        """Get them; of each kind the first is ended later."""
        auditor = Identity("auditor")
        self.keys = [await access.make_key(f"program {number}", auditor, BY, AN_HOUR) for number in (1, 2)]
        self.invitations = [await hosts.invitation(auditor) for _ in range(4)]
        self.sessions = [await hosts.session(auditor) for _ in range(2)]

    async def end(self, access: Access, hosts: Hosts) -> None:
        """End the first of each; the second invitation is taken, the third one's person is ended."""
        await access.end("program_key", self.keys[0].name, BY)
        await access.end_own(self.sessions[0])
        people = [row["subject"] for row in await hosts.pool.fetch("SELECT subject FROM invitation ORDER BY made")]
        first = await hosts.pool.fetchval("SELECT invitation FROM invitation WHERE subject = $1", people[0])
        await access.end("invitation", first, BY)
        await access.take(self.invitations[1])
        await access.end_person(people[2], BY)

    async def good(self, access: Access) -> dict[str, list[bool]]:
        """Tell what of it still opens something; an invitation that does is taken by that."""
        return {
            "keys": [await _opens(access.token_of_key(key.name, key.secret)) for key in self.keys],
            "sessions": [await _opens(access.token_of_session(session)) for session in self.sessions],
            "invitations": [await _opens(access.take(invitation)) for invitation in self.invitations],
        }


async def _opens(asked: Any) -> bool:  # noqa: ANN401  any of access's answers
    try:
        await asked
    except Unauthenticated:
        return False
    return True


async def test_what_ended_after_a_backup_stays_ended_and_the_rest_is_good(run: Run) -> None:
    """The folder of the keys, which no backup of the databases holds, remembers what has ended."""
    held = Held()
    async with run() as hosts:
        await held.get(hosts.access, hosts)
        await _backed_up(hosts)
        await held.end(hosts.access, hosts)
        await _restored(hosts)
    async with run() as hosts:
        assert await held.good(hosts.access) == {
            "keys": [False, True],
            "sessions": [False, True],
            "invitations": [False, False, False, True],
        }


async def test_where_nothing_remembers_what_has_ended_everything_has(run: Run, tmp_path: Path) -> None:
    """As in a new installation that a backup was restored into, and in a folder put back by `helhedsnet restore`."""
    held = Held()
    async with run() as hosts:
        await held.get(hosts.access, hosts)
    (tmp_path / "keys" / FILE).unlink()
    async with run() as hosts:
        assert await held.good(hosts.access) == {
            "keys": [False] * 2,
            "sessions": [False] * 2,
            "invitations": [False] * 4,
        }
        assert {row["ended_by"] for row in await hosts.pool.fetch("SELECT ended_by FROM program_key")} == {"restore"}
        fresh = await hosts.access.make_key("program 3", Identity("auditor"), BY, AN_HOUR)
    async with run() as hosts:
        assert await _opens(hosts.access.token_of_key(fresh.name, fresh.secret)), "once is enough"


async def test_the_memory_of_a_different_installation_is_none(run: Run, tmp_path: Path) -> None:
    """Its file is not ours, whatever it lists."""
    held = Held()
    async with run() as hosts:
        await held.get(hosts.access, hosts)
    (tmp_path / "keys" / FILE).write_text('{"installation": "another"}\n')
    async with run() as hosts:
        assert (await held.good(hosts.access))["keys"] == [False, False]


async def test_a_line_that_was_cut_off_spoils_no_other(run: Run, tmp_path: Path) -> None:
    """A machine that lost its power in the middle of a line keeps what stands before it."""
    held = Held()
    async with run() as hosts:
        await held.get(hosts.access, hosts)
        await _backed_up(hosts)
        await held.end(hosts.access, hosts)
        await _restored(hosts)
    with (tmp_path / "keys" / FILE).open("a") as file:
        file.write('{"kind": "sess')
    async with run() as hosts:
        assert (await held.good(hosts.access))["keys"] == [False, True]
    lines = (tmp_path / "keys" / FILE).read_text().splitlines()
    assert '{"kind": "sess' not in lines
