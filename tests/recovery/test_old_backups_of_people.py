"""Whoever withdrew stays forgotten when a backup from before is restored, and whoever came back since stays."""

from pathlib import Path
from typing import Any, Final

import pytest
import redis.asyncio

from services.registry.withdrawals import FILE
from shared import database
from tests.support import builders as b
from tests.support.installation import Installation, System
from tests.support.places import content_of
from tests.support.readable import readable

GONE, BACK, STAYS = (b.person(name) for name in ("svunden", "tilbage", "bliver"))
OLD: Final = "before"
SERVICES: Final = ("registry", "funding", "reporting")


async def _withdraw(system: System, *people: str) -> None:
    for person in people:
        await system.post(
            "registry", b.an_event("consent.withdrawn", {"participant": person}, source=f"/areas/{b.AREA}")
        )


def _files_with(folder: Path, person: str) -> list[str]:
    """Give the files of the services' folder in which somebody stands, packed or not."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [str(path.relative_to(folder)) for path in files if person.encode() in readable(content_of(path))]


async def _streams(url: str) -> str:
    """Give all that the streams and the other keys of Redis hold."""
    async with redis.asyncio.from_url(url) as client:
        names = [name async for name in client.scan_iter()]
        return str([await _value(client, name) for name in names])


async def _value(client: Any, name: bytes) -> object:  # noqa: ANN401  redis-py's own
    """Give a key, and what it holds; of what no service writes, its bytes."""
    read = {b"stream": client.xrange, b"string": client.get, b"hash": client.hgetall, b"set": client.smembers}
    return name, await read.get(await client.type(name), client.dump)(name)


async def _holding(installation: Installation, person: str) -> list[tuple[str, str]]:
    """Give in which tables of which services somebody stands."""
    found = []
    for service in SERVICES:
        connection = await database.connect(installation.url(service))
        try:
            names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (name,) in names:
                query = f'SELECT EXISTS (SELECT FROM "{name}" AS t WHERE strpos(t::text, $1) > 0)'  # noqa: S608  ours
                if await connection.fetchval(query, person):
                    found.append((service, name))
        finally:
            await connection.close()
    return sorted(found)


@pytest.mark.long(
    beside="tests/registry/test_withdrawals.py::test_a_listed_person_is_found_by_any_pseudonym_and_nobody_else_is"
)
async def test_who_withdrew_is_erased_again_when_an_older_backup_is_restored(
    installation: Installation, tmp_path: Path, redis_url: str
) -> None:
    """As the registry starts, in all services, their folder and the streams; and once: a new consent is a beginning."""
    async with installation.running() as system:
        await system.post("registry", *(b.an_enrolment(person) for person in (GONE, BACK, STAYS)))
        await system.settled()
        # So the search can fail.
        assert GONE in await _streams(redis_url)
    for service in SERVICES:
        await installation.keep(service, OLD)
    async with installation.running() as system:
        await _withdraw(system, GONE, BACK)
    kept = (tmp_path / "anchors" / FILE).read_text()
    assert not any(person in kept for person in (GONE, BACK, STAYS))
    for service in SERVICES:
        await installation.put_back(service, OLD)
    assert ("reporting", "enrolment") in await _holding(installation, GONE)
    async with installation.running() as system:
        await system.post("registry", b.an_enrolment(BACK, date="2026-01-05"))
        await system.recover()
        await system.settled()
    # Started once more, the same list erases nobody.
    async with installation.running() as system:
        await system.settled()
        streams = await _streams(redis_url)
    assert await _holding(installation, GONE) == []
    assert GONE not in streams
    assert BACK in streams
    assert _files_with(tmp_path, GONE) == []
    for person in (BACK, STAYS):
        assert {("registry", "enrolment"), ("reporting", "enrolment")} <= set(await _holding(installation, person))
