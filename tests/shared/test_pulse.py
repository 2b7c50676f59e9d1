"""A database that stands still, is read-only or full: everybody is told to come back, in time, and nothing is lost."""

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
import structlog

from services import embedded
from shared import background, database, migrations, pulse, sockets
from shared.metrics import Metrics
from tests.chaos.wires import wire
from tests.conftest import Bearer, execute
from tests.support.benching import READY_WITHIN_SECONDS, Bench, are_put_off, benched
from tests.support.places import place
from tests.support.running import ROOT
from tests.support.small_disk import CAN_MOUNT, SmallDisk, small_disk

# Instead of six seconds, so that the test does not take ten.
SILENCE_SECONDS: Final = 1.0
ANSWERED_WITHIN_SECONDS: Final = 5.0
SPACE: Final = 160 * 2**20


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    """Run a PostgreSQL that may be stopped."""
    with place("place") as made:
        Path(made).chmod(0o755)
        with embedded.cluster(Path(made) / "postgresql") as server:
            yield server


@pytest.fixture(autouse=True)
def _short_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "SILENCE_SECONDS", SILENCE_SECONDS)
    monkeypatch.setattr(pulse, "KNOCK_SECONDS", SILENCE_SECONDS)
    monkeypatch.setattr(database, "CONNECT_TIMEOUT_SECONDS", SILENCE_SECONDS)


@pytest.fixture
async def bench(server: embedded.Server, surroundings: dict[str, Any], bearer: Bearer) -> AsyncIterator[Bench]:
    """Run the registry on the server."""
    await execute(server.url, "DROP DATABASE IF EXISTS helhedsnet_registry WITH (FORCE)")
    async with benched(server.url, surroundings, bearer) as bench:
        yield bench


def _family(server: embedded.Server) -> list[psutil.Process]:
    assert server.process is not None
    postmaster = psutil.Process(server.process.pid)
    return [postmaster, *postmaster.children(recursive=True)]


@contextlib.contextmanager
def _standing_still(server: embedded.Server) -> Iterator[None]:
    stopped = _family(server)
    for process in stopped:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            process.send_signal(signal.SIGCONT)


async def test_a_database_that_stands_still_keeps_nobody_waiting(server: embedded.Server, bench: Bench) -> None:
    """Whoever waits is told to come back, whoever comes is told at once; what is posted again is stored once."""
    assert (await bench.post("before")).status_code == 201
    with _standing_still(server):
        started = time.monotonic()
        # More than there are connections, so that some wait for one.
        answers = [
            answer for some in await asyncio.gather(*(bench.everything("during") for _ in range(5))) for answer in some
        ]
        assert time.monotonic() - started < ANSWERED_WITHIN_SECONDS
        assert are_put_off(answers)
        assert not await bench.ready()
        started = time.monotonic()
        assert are_put_off(await bench.everything("later"))
        assert time.monotonic() - started < SILENCE_SECONDS
        assert (await bench.client.get("/registry/metrics")).status_code == 200
        assert (await bench.client.get("/registry/health/live")).status_code == 200
    await bench.comes_back()
    for area in ("during", "later"):
        assert (await bench.post(area)).status_code in {200, 201}
    assert sorted(await bench.areas()) == ["before", "during", "later"]


async def test_a_database_that_went_read_only_is_not_ready_before_anybody_writes(
    server: embedded.Server, bench: Bench
) -> None:
    """As after a failover; each post is told to come back, and what it says is read meanwhile."""
    assert (await bench.post("before")).status_code == 201
    await execute(server.url, "ALTER SYSTEM SET default_transaction_read_only = on")
    try:
        await execute(server.url, "SELECT pg_reload_conf()")
        await bench.is_unwell()
        with structlog.testing.capture_logs() as logged:
            assert are_put_off([await bench.post("during")])
        assert [line["log_level"] for line in logged if line["event"].startswith(("writer", "http"))] == ["warning"]
        assert await bench.areas() == ["before"]
    finally:
        operator = await database.connect(server.url, {"default_transaction_read_only": "off"})
        await operator.execute("ALTER SYSTEM RESET default_transaction_read_only")
        await operator.close()
        await execute(server.url, "SELECT pg_reload_conf()")
    await bench.comes_back()
    assert (await bench.post("during")).status_code == 201


async def test_sessions_that_began_read_only_are_not_kept(server: embedded.Server, bench: Bench) -> None:
    """A session keeps what its database said when it began; once that is over, no connection goes on with it."""
    await execute(server.url, "ALTER DATABASE helhedsnet_registry SET default_transaction_read_only = on")
    await execute(
        server.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'helhedsnet_registry'"
    )
    await bench.is_unwell()
    for _ in range(5):
        assert are_put_off([await bench.post("during")])
    assert not await bench.ready()
    await execute(server.url, "ALTER DATABASE helhedsnet_registry RESET default_transaction_read_only")
    await bench.comes_back()
    for number in range(5):
        assert (await bench.post(f"after-{number}")).status_code == 201


async def test_a_database_that_is_away_while_it_is_put_back_puts_posts_off(
    server: embedded.Server, bench: Bench
) -> None:
    """Between the moment that it is dropped and the moment that it is there again nothing is a fault of ours."""
    assert (await bench.post("before")).status_code == 201
    await execute(server.url, "ALTER DATABASE helhedsnet_registry ALLOW_CONNECTIONS false")
    await execute(
        server.url, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'helhedsnet_registry'"
    )
    await execute(server.url, "ALTER DATABASE helhedsnet_registry RENAME TO aside")
    try:
        await bench.is_unwell()
        assert are_put_off(await bench.everything("during"))
    finally:
        await execute(server.url, "ALTER DATABASE aside RENAME TO helhedsnet_registry")
        await execute(server.url, "ALTER DATABASE helhedsnet_registry ALLOW_CONNECTIONS true")
    await bench.comes_back()
    assert (await bench.post("during")).status_code == 201


async def test_a_service_that_cannot_write_at_its_start_waits_for_that(
    server: embedded.Server, surroundings: dict[str, Any], bearer: Bearer, capsys: pytest.CaptureFixture[str]
) -> None:
    """It does not end: what it has to write first is written when the database takes it."""
    await execute(server.url, "DROP DATABASE IF EXISTS helhedsnet_registry WITH (FORCE)")
    await migrations.migrate(server.url, "registry", ROOT / "services" / "registry" / "migrations")
    await execute(server.url, "ALTER DATABASE helhedsnet_registry SET default_transaction_read_only = on")
    async with asyncio.TaskGroup() as group:
        group.create_task(_write_again_after(server, capsys))
        async with benched(server.url, surroundings, bearer) as bench:
            assert (await bench.post("after")).status_code == 201


async def _write_again_after(server: embedded.Server, capsys: pytest.CaptureFixture[str]) -> None:
    async with asyncio.timeout(READY_WITHIN_SECONDS):
        # What it logs is all that it tells.
        while "service.waiting_for_database" not in capsys.readouterr().err:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.02)
    await execute(server.url, "ALTER DATABASE helhedsnet_registry RESET default_transaction_read_only")


async def test_a_process_without_a_turn_has_not_waited(
    server: embedded.Server, logged: list[MutableMapping[str, Any]]
) -> None:
    """Where this process itself stood still in the middle of a question, the database is not said to have."""
    look = pulse.Pulse(database.Line(server.url), Metrics("registry"))
    looking = asyncio.create_task(look.run())
    for _ in range(3):
        await asyncio.sleep(0)
    time.sleep(1.5 * SILENCE_SECONDS)  # noqa: ASYNC251  that is what is tried
    await asyncio.sleep(2 * pulse.TURN_SECONDS)
    await background.end([looking])
    assert look.well
    assert logged == []


async def test_a_silent_network_ends_a_connection_in_bounded_time(server: embedded.Server) -> None:
    """The kernel is told so for each connection of a pool, and the server for its end of it."""
    async with wire("to postgresql", lambda: [str(server.socket)]) as through:
        pool = await database.open_pool(f"postgresql://postgres@127.0.0.1:{through.port}/postgres", 1)
        async with pool.acquire() as acquired:
            connection: Any = acquired
            end = connection._con._transport.get_extra_info("socket")  # noqa: SLF001  asyncpg shows it to nobody
            assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert {option: end.getsockopt(socket.IPPROTO_TCP, option) for option in sockets.BOUNDS} == sockets.BOUNDS
            rows = await connection.fetch("SELECT name, reset_val, source FROM pg_settings WHERE name LIKE 'tcp%'")
        assert {row["name"]: row["source"] for row in rows} == dict.fromkeys(
            ("tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout"), "client"
        )
        await pool.close()


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """Give a small disk."""
    with small_disk(SPACE) as disk:
        yield disk


@CAN_MOUNT
async def test_a_full_disk_puts_posts_off_and_is_noticed_to_have_space_again(
    disk: SmallDisk, surroundings: dict[str, Any], bearer: Bearer
) -> None:
    """Not one is stored in part; the service is not ready until there is space for more than a page."""
    with embedded.cluster(disk.folder / "postgresql") as server:
        async with benched(server.url, surroundings, bearer) as bench:
            assert (await bench.post("before")).status_code == 201
            disk.fill()
            stored = await _until_put_off(bench)
            assert not await bench.ready()
            assert are_put_off([await bench.post("during")])
            assert len(await bench.areas()) == 1 + stored
            disk.free()
            await bench.comes_back()
            assert (await bench.post("during")).status_code == 201
            assert len(await bench.areas()) == 2 + stored


@CAN_MOUNT
async def test_a_full_disk_is_noticed_by_who_has_nothing_to_write(
    disk: SmallDisk, surroundings: dict[str, Any], bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody posts, and no error is met: the service is not ready all the same, and is again when there is space."""
    monkeypatch.setattr(pulse, "SPACE_SECONDS", 0.0)
    monkeypatch.setattr(pulse, "LOOK_SECONDS", 0.01)
    with embedded.cluster(disk.folder / "postgresql") as server:
        async with benched(server.url, surroundings, bearer) as bench:
            assert await bench.ready()
            # Tables have room in pages that were used before, as after a vacuum that could not give them back.
            for _ in range(4):
                await asyncio.sleep(SILENCE_SECONDS)
                await execute(database.service_url(server.url, "registry"), "VACUUM (TRUNCATE false)")
            monkeypatch.setattr(pulse, "SPACE_SECONDS", SILENCE_SECONDS)
            monkeypatch.setattr(pulse, "LOOK_SECONDS", SILENCE_SECONDS)
            disk.fill()
            await bench.is_unwell()
            disk.free()
            await bench.comes_back()


async def _until_put_off(bench: Bench) -> int:
    """Post until the pages that are there have no room for more; count what was stored."""
    async with asyncio.timeout(READY_WITHIN_SECONDS):
        for number in range(100_000):
            answer = await bench.post(f"filling-{number}")
            if answer.status_code != 201:
                assert are_put_off([answer]), answer.text
                return number
    raise AssertionError("unreachable: the disk is full")
