"""Whoever withdrew stays forgotten when a backup from before is restored, and whoever came back since stays."""

from pathlib import Path
from typing import Final

import pytest

from services.registry.withdrawals import FILE
from shared import database
from tests.support import builders as b
from tests.support.installation import Installation, System

GONE, BACK, STAYS = (b.person(name) for name in ("svunden", "tilbage", "bliver"))
OLD: Final = "before"
SERVICES: Final = ("registry", "funding", "reporting")


async def _withdraw(system: System, *people: str) -> None:
    for person in people:
        await system.post(
            "registry", b.an_event("consent.withdrawn", {"participant": person}, source=f"/areas/{b.AREA}")
        )


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
    installation: Installation, tmp_path: Path
) -> None:
    """As the registry starts, in all services; and once, so that a new consent is a new beginning."""
    async with installation.running() as system:
        await system.post("registry", *(b.an_enrolment(person) for person in (GONE, BACK, STAYS)))
        await system.settled()
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
    assert await _holding(installation, GONE) == []
    for person in (BACK, STAYS):
        assert {("registry", "enrolment"), ("reporting", "enrolment")} <= set(await _holding(installation, person))
