"""What Redis lets each service do, with the users as the step of the installation writes them, on a real Redis."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import httpx
import pytest
import redis.asyncio
import redis.exceptions
from fastapi import FastAPI

from services import embedded
from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared.backbone import streams
from shared.http.state import state_in
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.running import on_a_port
from tests.support.samples import SAMPLES

STEP: Final = Path(__file__).parents[2] / "deploy/generate_secrets.py"
FOLDERS: Final = ("postgres", "migrate", "redis", "registry", "funding", "reporting", "access")
FOLLOWS: Final = {"registry": ("funding",), "funding": ("registry",), "reporting": ("registry", "funding")}
# Somebody with every right, beside the users of an installation, where nobody has any but the services.
OPERATOR: Final = "user operator on nopass ~* &* +@all\n"
FOLLOWED: Final = [(service, owner) for service, owners in FOLLOWS.items() for owner in owners]
SECONDS: Final = 90
PENDING_IDLE_MS: Final = 200

Command: TypeAlias = tuple[str | int, ...]
# What Redis answers has no types of its own in redis-py.
Operator: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Guarded:
    """A Redis with the users of an installation; `urls` are those of the services."""

    port: int
    urls: dict[str, str]

    def client(self, user: str) -> Operator:
        """Give a client of a service, or of the operator."""
        return redis.asyncio.Redis.from_url(self.urls.get(user, f"redis://operator:any@127.0.0.1:{self.port}"))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Run a Redis with exactly the users that the step writes."""
    folder = tmp_path_factory.mktemp("secrets")
    for name in FOLDERS:
        (folder / name).mkdir()
    subprocess.run([sys.executable, str(STEP), str(folder)], check=True)  # noqa: S603  our own command
    users = folder / "users.acl"
    users.write_text((folder / "redis/users.acl").read_text() + OPERATOR)
    port = embedded.free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder), "--aclfile", str(users)]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen([embedded.redis_server(), *options], stdout=log, stderr=log)  # noqa: S603  our own
    urls = {}
    for service in FOLLOWS:
        password = urlsplit((folder / service / "helhedsnet_redis_url").read_text()).password
        urls[service] = f"redis://{service}:{password}@127.0.0.1:{port}"
    try:
        asyncio.run(_answers(Guarded(port, urls)))
        yield Guarded(port, urls)
    finally:
        process.terminate()
        process.wait(SECONDS)


async def _answers(guarded: Guarded) -> None:
    async with asyncio.timeout(SECONDS), guarded.client("operator") as client:
        while True:
            with contextlib.suppress(redis.exceptions.ConnectionError):
                if await client.ping():
                    return
            await asyncio.sleep(0.02)


@pytest.fixture
async def operator(guarded: Guarded) -> AsyncIterator[Any]:
    """Give the client of somebody with every right, on a Redis that holds nothing and has refused nobody yet."""
    async with guarded.client("operator") as client:
        await client.flushall()
        await client.acl_log_reset()
        yield client


@pytest.fixture
async def system(
    guarded: Guarded, operator: Operator, make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, FastAPI]]]:
    """Run the three services, each as its own user of Redis, and give an administrator's client."""
    port = embedded.free_port()
    told: dict[str, dict[str, Any]] = {}
    for service, url in guarded.urls.items():
        await make_database(service)
        owners: dict[str, Any] = {
            f"{owner}_url": f"http://127.0.0.1:{port}/{owner}" for owner in ("registry", "funding")
        }
        often = {"tick_ms": 100, "pending_idle_ms": PENDING_IDLE_MS}
        told[service] = {**surroundings, **owners, **often, "redis_url": url}
    made = {
        "registry": build_registry(RegistrySettings(**told["registry"])),
        "funding": build_funding(FundingSettings(**told["funding"])),
        "reporting": build_reporting(ReportingSettings(**told["reporting"])),
    }
    assert await operator.acl_log() == []
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with (
        on_a_port(made, port) as address,
        httpx.AsyncClient(base_url=address, headers=headers, timeout=SECONDS) as client,
    ):
        yield client, made


async def _post(client: httpx.AsyncClient, service: str, *events: b.Json) -> str:
    async with asyncio.timeout(SECONDS):
        # What it names may still be on its way there from another service.
        while True:
            answer = await client.post(f"/{service}/events", content=b.body(list(events)))
            if answer.status_code != httpx.codes.CONFLICT:
                break
    assert answer.status_code == 201, answer.text
    return str(answer.json()["cursor"])


async def _is_in_the_report(client: httpx.AsyncClient, *cursors: str) -> None:
    answer = await client.get("/reporting/reports/network", params={"at_least": ",".join(cursors)})
    assert answer.status_code == 200, answer.text


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds that nothing tells of."""
    async with asyncio.timeout(SECONDS):
        while not await holds():  # noqa: ASYNC110  nothing tells
            await asyncio.sleep(0.02)


async def _groups(operator: Operator) -> dict[tuple[str, str], int]:
    """Give how much is pending in each group, by the service and the owner."""
    found: dict[tuple[str, str], int] = {}
    for owner in FOLLOWS:
        with contextlib.suppress(redis.exceptions.ResponseError):
            for group in await operator.xinfo_groups(streams.stream_name(owner)):
                found[group["name"].decode(), owner] = group["pending"]
    return found


async def _all_read_streams(client: httpx.AsyncClient, operator: Operator, made: dict[str, FastAPI]) -> None:
    """Wait until each service reads its streams by a group of its own, and nothing is pending."""

    async def do_read() -> bool:
        groups = await _groups(operator)
        running = all(consumer.running for app in made.values() for consumer in state_in(app).consumers)
        return running and groups == dict.fromkeys(FOLLOWED, 0)

    await _until(do_read)
    for service in FOLLOWS:
        answer = await client.get(f"/{service}/health/ready")
        assert answer.status_code == 200, answer.text


async def test_the_services_do_all_their_work_with_these_rights(
    system: tuple[httpx.AsyncClient, dict[str, FastAPI]], operator: Operator
) -> None:
    """They publish, follow, settle, erase, and begin again where a group or everything is gone: nothing is refused."""
    client, made = system
    first = await _post(client, "registry", *b.a_running_activity())
    await _is_in_the_report(client, first)
    second = await _post(client, "funding", b.a_commitment())
    await _is_in_the_report(client, first, second)
    await _all_read_streams(client, operator, made)
    for service, owner in FOLLOWED:
        await operator.xgroup_destroy(streams.stream_name(owner), service)
    await _is_in_the_report(client, await _post(client, "registry", b.an_area("en-anden")))
    await _all_read_streams(client, operator, made)
    # A consumer that died with a page in its hands.
    stream = streams.stream_name("registry")
    ((last, _),) = await operator.xrevrange(stream, count=1)
    await operator.xclaim(stream, "reporting", "dead", 0, [last], force=True, justid=True)
    assert (await _groups(operator))["reporting", "registry"] == 1
    await _all_read_streams(client, operator, made)
    source, told = f"/areas/{b.AREA}", {**SAMPLES["story.published"], "activity": b.ACTIVITY}
    await _post(client, "registry", b.an_event("story.published", told, source=source))
    withdrawn = b.an_event("story.withdrawn", SAMPLES["story.withdrawn"], source=source)
    await _is_in_the_report(client, await _post(client, "registry", withdrawn))
    await operator.flushall()
    await _is_in_the_report(client, await _post(client, "registry", b.an_area("en-tredje")))
    await _all_read_streams(client, operator, made)
    for service in FOLLOWS:
        status = (await client.get(f"/{service}/status")).json()
        assert all(consumer["healthy"] for consumer in status["consumers"])
    assert await operator.acl_log() == []


FIELDS: Final[Command] = ("*", "page", "[]")
# On any stream, the own one too: `{}` is its name.
NOWHERE: Final[dict[str, Command]] = {
    "XDEL": ("XDEL", "{}", "1-1"),
    "XSETID": ("XSETID", "{}", "99999999999999-0"),
    "DEL": ("DEL", "{}"),
    "UNLINK": ("UNLINK", "{}"),
    "EXPIRE": ("EXPIRE", "{}", 1),
    "RENAME": ("RENAME", "{}", "{}"),
    "SET": ("SET", "{}", "1"),
    "GETDEL": ("GETDEL", "{}"),
    "RESTORE": ("RESTORE", "{}", 0, "", "REPLACE"),
    "COPY": ("COPY", "{}", "{}", "REPLACE"),
    "XGROUP DESTROY": ("XGROUP", "DESTROY", "{}", "reporting"),
    "XGROUP SETID": ("XGROUP", "SETID", "{}", "reporting", "$"),
    "XGROUP DELCONSUMER": ("XGROUP", "DELCONSUMER", "{}", "reporting", "one"),
    "XCLAIM": ("XCLAIM", "{}", "reporting", "one", 0, "1-1"),
    "XAUTOCLAIM": ("XAUTOCLAIM", "{}", "reporting", "one", 0, "0"),
    "XRANGE": ("XRANGE", "{}", "-", "+"),
    "XREAD": ("XREAD", "STREAMS", "{}", "0"),
}
# On the streams of others, whether or not they are followed.
NOT_ON_OTHERS: Final[dict[str, Command]] = {
    "XADD": ("XADD", "{}", *FIELDS),
    "XADD with trimming": ("XADD", "{}", "MAXLEN", 0, *FIELDS),
    "XTRIM": ("XTRIM", "{}", "MAXLEN", 0),
    "XINFO STREAM": ("XINFO", "STREAM", "{}"),
    "XREVRANGE": ("XREVRANGE", "{}", "+", "-"),
}
# On a stream that is not followed, the own one too.
NOT_UNFOLLOWED: Final[dict[str, Command]] = {
    "XREADGROUP": ("XREADGROUP", "GROUP", "reporting", "one", "STREAMS", "{}", ">"),
    "XGROUP CREATE": ("XGROUP", "CREATE", "{}", "mine", "0", "MKSTREAM"),
    "XPENDING": ("XPENDING", "{}", "reporting"),
    "XACK": ("XACK", "{}", "reporting", "1-1"),
}
# What names no stream.
NEVER: Final[dict[str, Command]] = {
    "EVAL": ("EVAL", "while true do end", 0),
    "EVALSHA": ("EVALSHA", "0" * 40, 0),
    "EVAL_RO": ("EVAL_RO", "return 1", 0),
    "SCRIPT LOAD": ("SCRIPT", "LOAD", "return 1"),
    "SCRIPT KILL": ("SCRIPT", "KILL"),
    "FUNCTION LOAD": ("FUNCTION", "LOAD", "#!lua name=x\nredis.register_function('f', function() return 1 end)"),
    "FCALL": ("FCALL", "f", 0),
    "KEYS": ("KEYS", "*"),
    "SCAN": ("SCAN", 0),
    "RANDOMKEY": ("RANDOMKEY",),
    "DBSIZE": ("DBSIZE",),
    "FLUSHALL": ("FLUSHALL",),
    "FLUSHDB": ("FLUSHDB",),
    "SWAPDB": ("SWAPDB", 0, 1),
    "SELECT": ("SELECT", 1),
    "CONFIG": ("CONFIG", "GET", "*"),
    "CLIENT LIST": ("CLIENT", "LIST"),
    "CLIENT KILL": ("CLIENT", "KILL", "ID", 999_999),
    "CLIENT PAUSE": ("CLIENT", "PAUSE", 1),
    "ACL": ("ACL", "LIST"),
    "MONITOR": ("MONITOR",),
    "INFO": ("INFO",),
    "SHUTDOWN": ("SHUTDOWN", "NOSAVE"),
    "SAVE": ("SAVE",),
    "REPLICAOF": ("REPLICAOF", "NO", "ONE"),
    "MODULE": ("MODULE", "LIST"),
    "PUBLISH": ("PUBLISH", "any", "1"),
    "SUBSCRIBE": ("SUBSCRIBE", "any"),
    "MULTI": ("MULTI",),
    "SET elsewhere": ("SET", "helhedsnet.anything", "1"),
}


def _forbidden() -> Iterator[tuple[str, str, Command]]:
    for service, follows in FOLLOWS.items():
        yield from ((service, name, command) for name, command in NEVER.items())
        for owner in FOLLOWS:
            kinds = [NOWHERE]
            if owner != service:
                kinds.append(NOT_ON_OTHERS)
            if owner not in follows:
                kinds.append(NOT_UNFOLLOWED)
            stream = streams.stream_name(owner)
            for name, command in (item for kind in kinds for item in kind.items()):
                filled = tuple(stream if part == "{}" else part for part in command)
                yield service, f"{name} on {owner}", filled


FORBIDDEN: Final = list(_forbidden())


@pytest.mark.parametrize("service", FOLLOWS)
async def test_a_service_may_do_nothing_beyond_its_work(guarded: Guarded, operator: Operator, service: str) -> None:
    """Whatever would write, block, or look at what is not its own is refused, and nothing has changed."""
    for owner in FOLLOWS:
        await operator.xadd(streams.stream_name(owner), {"page": "[]"}, id="1-1")
        await operator.xgroup_create(streams.stream_name(owner), "reporting", id="0")
    await operator.xreadgroup("reporting", "one", {streams.stream_name(owner): ">" for owner in FOLLOWS})
    before = await _all_there_is(operator)
    allowed: list[str] = []
    async with guarded.client(service) as client:
        for of, name, command in FORBIDDEN:
            if of == service:
                try:
                    await client.execute_command(*command)
                except redis.exceptions.NoPermissionError:
                    continue
                except redis.exceptions.ResponseError as error:
                    allowed.append(f"{name}: {error}")
                else:
                    allowed.append(name)
    assert allowed == []
    assert await _all_there_is(operator) == before


async def _all_there_is(operator: Operator) -> dict[bytes, Any]:
    return {
        key: (await operator.xinfo_stream(key), await operator.xinfo_groups(key)) for key in await operator.keys("*")
    }


async def test_who_asks_after_health_may_ping_and_no_more(guarded: Guarded) -> None:
    """The check of the container needs no password, and has no other right."""
    address = f"redis://health:any@127.0.0.1:{guarded.port}?protocol=2"
    health: Operator = redis.asyncio.Redis.from_url(address, driver_info=None)
    async with health as client:
        assert await client.ping()
        for command in (("INFO",), ("XADD", streams.stream_name("registry"), *FIELDS), ("KEYS", "*")):
            with pytest.raises(redis.exceptions.NoPermissionError):
                await client.execute_command(*command)


async def test_nobody_comes_in_without_a_password(guarded: Guarded) -> None:
    """The user that clients are without a name is off, and a service is known by its password alone."""
    for address in (f"redis://127.0.0.1:{guarded.port}", f"redis://registry:guessed@127.0.0.1:{guarded.port}"):
        async with redis.asyncio.Redis.from_url(address) as client:
            with pytest.raises(redis.exceptions.AuthenticationError):
                await client.ping()
