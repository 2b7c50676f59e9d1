"""Who is enrolled is kept between units of work, and is what the database holds all the same, whoever changed it."""

import asyncio
from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from services.registry.domain.people_rows import NO_COURSE, Enrolment
from services.registry.domain.rows import Span
from services.registry.service import RegistryUseCases
from services.registry.store import keeping
from shared.database import Pool
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.registry.test_erasing import Post
from tests.support import builders as b

CAME, STAYED = b.person("came"), b.person("stayed")


async def _asked(use_cases: RegistryUseCases, pool: Pool, *names: str) -> tuple[dict[str, Enrolment], int]:
    """Load what a session asks for: the enrolments by pseudonym, and how many questions were put to their table."""
    asked: list[str] = []
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda query: asked.append(query.query))
        async with connection.transaction():
            state = await use_cases.load(connection, [b.typed(b.an_attendance(participants=list(names)))])
    found = {row.participant: row for row in state.all(Enrolment)}
    return found, sum("FROM enrolment" in query for query in asked)


async def test_what_another_process_changed_is_read_again(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Enrolling, leaving and being forgotten, all at another replica, are seen by one that has kept who was there."""
    post, pool, use_cases = Post(registry, bearer), state_in(registry_app).pool, RegistryUseCases()
    await post(*b.a_running_activity(), b.an_enrolment(STAYED))
    assert await _asked(use_cases, pool, CAME, STAYED) == ({STAYED: _enrolled(STAYED)}, 1)
    await post(b.an_enrolment(CAME))
    both = {CAME: _enrolled(CAME), STAYED: _enrolled(STAYED)}
    assert await _asked(use_cases, pool, CAME, STAYED) == (both, 1)
    assert await _asked(use_cases, pool, CAME, STAYED) == (both, 0)
    left = {"activity": b.ACTIVITY, "participant": CAME, "date": "2025-10-01", "reason": "moved"}
    await post(b.an_event("participant.left", left, source=f"/areas/{b.AREA}"))
    found, _ = await _asked(use_cases, pool, CAME, STAYED)
    assert [str(span.end_on) for span in found[CAME].spans] == ["2025-10-01"]
    # Nobody is in it who could leave: that one has left already changes no number.
    await post(b.an_event("consent.withdrawn", {"participant": CAME}, source=f"/areas/{b.AREA}"))
    assert await _asked(use_cases, pool, CAME, STAYED) == ({STAYED: _enrolled(STAYED)}, 1)


async def test_one_who_waited_for_a_change_sees_it(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """A session that waits while somebody is enrolled is decided on who is enrolled then, whatever was kept before."""
    post, pool, use_cases = Post(registry, bearer), state_in(registry_app).pool, RegistryUseCases()
    await post(*b.a_running_activity(), b.an_enrolment(STAYED))
    assert set((await _asked(use_cases, pool, STAYED))[0]) == {STAYED}
    joining, replica = b.posted(b.an_enrolment(CAME)), RegistryUseCases()
    async with pool.acquire() as connection:
        async with connection.transaction():
            state = await replica.load(connection, [joining.event])
            replica.decide(state, joining)
            await replica.save(connection, state)
            waiting = asyncio.create_task(_asked(use_cases, pool, CAME, STAYED))
            await asyncio.sleep(0.2)
            assert not waiting.done()
        assert set((await waiting)[0]) == {CAME, STAYED}


async def test_of_a_session_only_the_missing_names_are_asked_for(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """One who was not asked for before is found beside those who were."""
    post, pool, use_cases = Post(registry, bearer), state_in(registry_app).pool, RegistryUseCases()
    await post(*b.a_running_activity(), b.an_enrolment(CAME), b.an_enrolment(STAYED))
    assert set((await _asked(use_cases, pool, CAME))[0]) == {CAME}
    found, questions = await _asked(use_cases, pool, CAME, STAYED)
    assert (set(found), questions) == ({CAME, STAYED}, 1)
    assert (await _asked(use_cases, pool, CAME, STAYED))[1] == 0


async def test_who_withdraws_leaves_the_memory_too(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Whatever is kept of anybody goes when somebody is to be forgotten."""
    post, pool, kept = Post(registry, bearer), state_in(registry_app).pool, keeping.KeptEnrolments()
    use_cases = RegistryUseCases(kept)
    await post(*b.a_running_activity(), b.an_enrolment(CAME))
    await _asked(use_cases, pool, CAME)
    withdrawn = b.posted(b.an_event("consent.withdrawn", {"participant": CAME}, source=f"/areas/{b.AREA}"))
    assert CAME in _memory(kept)
    async with pool.acquire() as connection, connection.transaction():
        state = await use_cases.load(connection, [withdrawn.event])
        use_cases.decide(state, withdrawn)
        await use_cases.save(connection, state)
    assert CAME not in _memory(kept)


async def test_what_is_kept_is_bounded(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The activities that were asked for longest ago go first, and are read again."""
    monkeypatch.setattr(keeping, "KEPT_NAMES", 1)
    post, pool, use_cases = Post(registry, bearer), state_in(registry_app).pool, RegistryUseCases()
    await post(*b.a_running_activity(), b.an_enrolment(CAME), b.an_enrolment(STAYED))
    assert set((await _asked(use_cases, pool, CAME, STAYED))[0]) == {CAME, STAYED}
    assert await _asked(use_cases, pool, CAME) == ({CAME: _enrolled(CAME)}, 1)
    assert (await _asked(use_cases, pool, CAME))[1] == 0


def _memory(kept: keeping.KeptEnrolments) -> str:
    return repr([vars(each) for each in vars(kept).values()])


def _enrolled(participant: str) -> Enrolment:
    data = b.an_enrolment(participant)["data"]
    stays = {NO_COURSE: (Span(date.fromisoformat(data["date"])),)}
    return Enrolment(b.ACTIVITY, participant, stays, data["age_band"], None)
