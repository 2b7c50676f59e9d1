"""An address of several hosts: whoever takes writes is found, and a service moves to a new one without a restart."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, TypeAlias

import pytest

from shared import database, leader, pulse
from tests.conftest import Bearer, execute
from tests.support.benching import are_put_off, benched
from tests.support.extent import long_but_for
from tests.support.standby import Pair, pair

SILENCE_SECONDS: Final = 1.0
# Only bounds a wait.
PATIENCE_SECONDS: Final = 120
PUT_OFF_WITHIN_SECONDS: Final = 5.0
# A promotion first, and more processes than elsewhere.
MOVED_WITHIN_SECONDS: Final = 15.0
# In fewer a connection to this machine is made.
MOST_TURNS: Final = 12
NOBODY: Final = "127.0.0.1:1"

Lost: TypeAlias = Callable[[Pair], Awaitable[contextlib.AbstractAsyncContextManager[None]]]


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("postgresql://u:p@a:5432/", ["postgresql://u:p@a:5432/"]),
        ("postgresql:///x?host=/a,b", ["postgresql:///x?host=/a,b"]),
        (
            "postgresql://u:p@a:1,b/x",
            [f"postgresql://u:p@{host}/x?target_session_attrs=read-write" for host in ("a:1", "b")],
        ),
        (
            "postgresql://a,b?ssl=require&target_session_attrs=any",
            [f"postgresql://{host}?target_session_attrs=any&ssl=require" for host in "ab"],
        ),
    ],
)
def test_each_host_is_asked_whether_it_takes_writes(url: str, hosts: list[str]) -> None:
    """Where the address does not ask for something else; a single host is asked for nothing."""
    assert leader.each_host(url) == hosts


@pytest.mark.parametrize(
    ("server", "maintenance"),
    [
        ("postgresql://a:5432", "postgresql://a:5432/postgres"),
        ("postgresql://a:1,b:2/?target_session_attrs=any", "postgresql://a:1,b:2/postgres?target_session_attrs=any"),
        ("postgresql://a/mine?ssl=require", "postgresql://a/mine?ssl=require"),
        ("postgresql://u@/postgres?host=/s", "postgresql://u@/postgres?host=/s"),
    ],
)
def test_what_an_address_asks_for_stays_when_its_database_is_another(server: str, maintenance: str) -> None:
    """The query of an address is no part of the name of a database."""
    assert database.maintenance_url(server) == maintenance


async def test_nobody_who_takes_writes_is_a_reason_to_come_back() -> None:
    """It says of each host what became of it, and counts as the database being away."""
    with pytest.raises(leader.NoLeader, match="ConnectionRefusedError, ConnectionRefusedError") as found:
        await database.connect(f"postgresql://{NOBODY},127.0.0.1:2/postgres")
    assert isinstance(found.value, database.UNAVAILABLE)


@pytest.mark.parametrize("hosts", [1, 2])
async def test_whoever_waits_for_no_host_any_more_leaves_no_error_behind(hosts: int) -> None:
    """In whichever moment he stops waiting, also in the one in which the connection is made."""
    unread: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: unread.append(said))
    before = asyncio.all_tasks()
    async with await asyncio.start_server(_hears, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"postgresql://u@{','.join([f'127.0.0.1:{port}'] * hosts)}/x"
        for turns in range(MOST_TURNS):
            waiting = asyncio.ensure_future(leader.connect(url, timeout=SILENCE_SECONDS))
            for _ in range(turns):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while others := asyncio.all_tasks() - before:
                await asyncio.wait(others)
        gc.collect()
    assert unread == []


async def _hears(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hear what is asked, and say nothing."""
    with contextlib.suppress(OSError):
        await reader.read()
    writer.close()


@pytest.fixture
async def two(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    """Run a leader and a standby."""
    monkeypatch.setattr(pulse, "SILENCE_SECONDS", SILENCE_SECONDS)
    monkeypatch.setattr(pulse, "KNOCK_SECONDS", SILENCE_SECONDS)
    monkeypatch.setattr(database, "CONNECT_TIMEOUT_SECONDS", SILENCE_SECONDS)
    async with pair() as two:
        yield two


async def _killed(two: Pair) -> contextlib.AbstractAsyncContextManager[None]:
    two.kill_the_leader()
    return contextlib.nullcontext()


async def _swallowed(two: Pair) -> contextlib.AbstractAsyncContextManager[None]:
    """Its machine is gone: connections stay, are made even, and nobody says anything on them."""
    return two.to_leader.held()


async def _stepped_down(two: Pair) -> contextlib.AbstractAsyncContextManager[None]:
    """It goes on, its connections too, and takes writes no more."""
    await execute(two.leader.url, "ALTER SYSTEM SET default_transaction_read_only = on")
    await execute(two.leader.url, "SELECT pg_reload_conf()")
    return contextlib.nullcontext()


@pytest.mark.parametrize("lost", long_but_for([_killed, _swallowed, _stepped_down], [_swallowed]))
async def test_a_service_moves_to_the_new_leader(
    two: Pair, surroundings: dict[str, Any], bearer: Bearer, lost: Lost
) -> None:
    """Without a restart, and with everything that was answered; meanwhile everybody is told to come back, in time."""
    async with benched(two.url, surroundings, bearer) as bench:
        assert (await bench.post("before")).status_code == 201
        async with await lost(two):
            await bench.is_unwell()
            started = time.monotonic()
            assert are_put_off([await bench.post("during")])
            assert time.monotonic() - started < PUT_OFF_WITHIN_SECONDS
            await two.promote()
            await bench.comes_back(MOVED_WITHIN_SECONDS)
            # More at once than one connection answers: none of the pool leads to the one that was.
            answers = await asyncio.gather(*(bench.post(f"after-{number}") for number in range(10)))
            assert [answer.status_code for answer in answers] == [201] * 10
            assert "before" in await bench.areas()
