"""How concurrent requests become few transactions, and what each sender is told."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import pytest

from services.registry.domain.rows import Area
from services.registry.service import RegistryUseCases
from shared.backbone import event_log
from shared.backbone.submissions import Result
from shared.backbone.working_set import WorkingSet
from shared.backbone.write_path import BATCH_EVENTS
from shared.database import Connection
from shared.errors import Busy, EventsRefused
from shared.tokens import Identity
from tests.support.builders import (
    a_plan,
    a_running_activity,
    a_start,
    an_activity,
    an_area,
    an_attendance,
    an_enrolment,
)
from tests.support.writing import LIMIT, Bench, MakeBench, turns, until_somebody_waits


def _statuses(results: Sequence[Result]) -> list[str]:
    return [result.status for result in results]


async def test_many_concurrent_requests_go_into_few_commits(bench: Bench) -> None:
    """A commit is shared by all who wait for it, and each sender gets the answer to its own event."""
    events = [an_area(f"area-{number}") for number in range(LIMIT)]
    before = bench.commits
    answers = await asyncio.gather(*(bench.post(event) for event in events))
    assert [result.id for (result,) in answers] == [event["id"] for event in events]
    assert sorted(result.sequence or 0 for (result,) in answers) == list(range(2, LIMIT + 2))
    assert bench.commits - before <= 3


async def test_a_batch_does_not_wait_for_the_unit_of_work_before_it(make_bench: MakeBench) -> None:
    """It is decided beside it and comes after it in the log, and what both bring is stored once."""
    bench = await make_bench(waiting_limit=2 * BATCH_EVENTS)
    events = [an_area(f"area-{number}") for number in range(BATCH_EVENTS)]
    first = an_area("the-first")
    async with bench.pool.acquire() as connection, bench.held_up(first):
        batch = bench.begin(*events, first)
        await until_somebody_waits(connection, 2)
    assert _statuses(await batch) == [*["accepted"] * BATCH_EVENTS, "duplicate"]
    assert [result.sequence for result in await batch] == [*range(2, BATCH_EVENTS + 2), 1]


async def test_a_faulty_request_does_not_harm_its_neighbours(bench: Bench) -> None:
    """In one transaction, each request is refused or stored for itself."""
    async with bench.held_up():
        good, faulty, better = bench.begin(an_area("good")), bench.begin(a_start("no-such")), bench.begin(an_area("b"))
    assert _statuses(await good) == _statuses(await better) == ["accepted"]
    with pytest.raises(EventsRefused) as refused:
        await faulty
    assert refused.value.code == "unknown_activity"
    assert bench.commits == 3  # the pool, the first, and these together


class _Fragile(RegistryUseCases):
    """Use cases whose database fails as soon as an area named `breaks` is among the rows."""

    def __init__(self, failing: Callable[[Connection], Awaitable[object]]) -> None:
        super().__init__()
        self._failing = failing

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save, and fail."""
        await super().save(connection, state)
        if state.get(Area, "breaks"):
            await self._failing(connection)


@pytest.mark.parametrize(
    ("failing", "error"),
    [
        (lambda connection: connection.execute("SELECT 1 / 0"), asyncpg.DivisionByZeroError),
        (lambda connection: connection.execute("SELECT $1::int", 2**40), asyncpg.DataError),
        (lambda connection: connection.execute("INSERT INTO position VALUES (NULL, 1)"), asyncpg.NotNullViolationError),
        (lambda connection: connection.execute("SELECT 'a'::text || chr(0)"), asyncpg.ProgramLimitExceededError),
    ],
    ids=["a failing statement", "a value the driver cannot send", "a constraint", "a limit"],
)
async def test_a_request_that_breaks_the_database_breaks_alone(
    make_bench: MakeBench, failing: Callable[[Connection], Awaitable[object]], error: type[Exception]
) -> None:
    """Whatever one request does to the transaction, its neighbours are stored, and only it fails."""
    bench = await make_bench(_Fragile(failing))
    async with bench.held_up():
        good, breaking, better = bench.begin(an_area("a")), bench.begin(an_area("breaks")), bench.begin(an_area("b"))
    assert _statuses(await good) == _statuses(await better) == ["accepted"]
    with pytest.raises(error):
        await breaking
    assert await bench.pool.fetchval("SELECT count(*) FROM area WHERE area = 'breaks'") == 0


async def test_a_refused_batch_leaves_no_trace(bench: Bench) -> None:
    """Neither its rows nor its ids remain, not even for those who came in the same transaction."""
    area = an_area("ghost")
    async with bench.held_up():
        refused = bench.begin(area, a_start("no-such"))
        leaning = bench.begin(a_plan(areas=["ghost"]))
        reusing = bench.begin(area | {"data": {**area["data"], "name": "Another"}})
    with pytest.raises(EventsRefused):
        await refused
    with pytest.raises(EventsRefused) as leaned:
        await leaning
    assert leaned.value.code == "unknown_area"
    assert _statuses(await reusing) == ["accepted"]
    assert await bench.pool.fetchval("SELECT name FROM area WHERE area = 'ghost'") == "Another"


async def test_every_fault_of_a_batch_is_told_at_once(bench: Bench) -> None:
    """What cannot be read, what breaks a rule and what reuses an id are listed together, in order."""
    known = an_area("known")
    await bench.post(known)
    with pytest.raises(EventsRefused) as refused:
        await bench.post(
            an_area("fine"),
            an_area(residents="many"),
            a_start("no-such"),
            known | {"data": {**known["data"], "name": "Other"}},
            a_plan(areas=["nowhere"]),
        )
    assert [(fault.index, fault.code) for fault in refused.value.faults] == [
        (1, "wrong_type"),
        (2, "unknown_activity"),
        (3, "id_reused"),
        (4, "unknown_area"),
    ]
    assert await bench.pool.fetchval("SELECT count(*) FROM area") == 1


async def test_skip_stores_the_good_ones_and_lists_the_others(bench: Bench) -> None:
    """A batch may be posted for what is good in it; an event that leans on a rejected one is rejected too."""
    results = await bench.post(
        an_area("fine"),
        an_area(residents="many"),
        a_plan(plan="longer", areas=["fine"], end="2029-08-01"),
        an_activity(plan="longer", area="fine", source="/network"),
        a_plan(areas=["fine"]),
        on_error="skip",
    )
    assert _statuses(results) == ["accepted", "rejected", "rejected", "rejected", "accepted"]
    assert [fault.code for result in results for fault in result.faults] == [
        "wrong_type",
        "plan_too_long",
        "unknown_plan",
    ]
    assert [result.sequence for result in results] == [2, None, None, None, 3]


async def test_events_of_one_batch_build_on_each_other(bench: Bench) -> None:
    """A whole school year may be posted in one request."""
    batch = [*a_running_activity(), an_enrolment("p-1"), an_attendance(participants=["p-1"])]
    results = await bench.post(*batch)
    assert _statuses(results) == ["accepted"] * len(batch)
    assert await bench.logged() == [(await bench.logged())[0], *(event["id"] for event in batch)]


async def test_the_order_within_a_batch_counts(bench: Bench) -> None:
    """An event cannot build on one that comes after it."""
    with pytest.raises(EventsRefused) as refused:
        await bench.post(*reversed(a_running_activity()))
    assert [fault.code for fault in refused.value.faults] == ["unknown_activity", "unknown_plan", "unknown_area"]


async def test_a_repeated_post_is_harmless(bench: Bench) -> None:
    """The same event again is a duplicate with its first sequence: in the batch, in the same commit, and later."""
    event = an_area()
    results = await bench.post(event, event)
    assert [(result.status, result.sequence) for result in results] == [("accepted", 2), ("duplicate", 2)]
    async with bench.held_up():
        twins = [bench.begin(other) for other in [an_area("twin", residents=1)] for _ in range(2)]
    answers = [(result.status, result.sequence) for twin in twins for result in await twin]
    assert answers == [("accepted", 4), ("duplicate", 4)]
    (later,) = await bench.post(event)
    assert (later.status, later.sequence) == ("duplicate", 2)


async def test_an_id_used_again_for_another_event_is_refused(bench: Bench) -> None:
    """An id names one event of its source, within a batch and for ever; another source may use it too."""
    event, other = an_area("one"), an_area("two")
    await bench.post(event)
    for batch in ([other | {"id": event["id"]}], [other, an_area("three") | {"id": other["id"]}]):
        with pytest.raises(EventsRefused) as refused:
            await bench.post(*batch)
        assert (refused.value.code, refused.value.status) == ("id_reused", 409)


async def test_a_sender_posts_only_for_its_own_areas(bench: Bench) -> None:
    """A coordinator speaks for its areas alone, never for the network; who only reads posts nothing."""
    await bench.post(*a_running_activity())
    mine, other, network = an_enrolment("p-1"), an_enrolment("p-2", area="gellerupparken"), an_area("three")
    coordinator = Identity("coordinator", frozenset({"urbanplanen"}))
    results = await bench.post(mine, other, network, sender=coordinator, on_error="skip")
    assert _statuses(results) == ["accepted", "rejected", "rejected"]
    for reader in (Identity("lead"), Identity("auditor"), Identity("service", frozenset({"urbanplanen"}))):
        with pytest.raises(EventsRefused) as refused:
            await bench.post(an_enrolment("p-3"), sender=reader)
        assert (refused.value.code, refused.value.status) == ("foreign_area", 403)


async def test_the_queue_is_bounded(bench: Bench) -> None:
    """Who comes when too much is waiting is told to come back, and what was taken is stored."""
    async with bench.held_up():
        # The first one, which is being written, counts too.
        taken = [bench.begin(an_area(f"area-{number}")) for number in range(LIMIT - 1)]
        late = bench.begin(an_area("late"))
        with pytest.raises(Busy):
            await late
    assert len(await asyncio.gather(*taken)) == LIMIT - 1
    assert _statuses(await bench.post(an_area("late"))) == ["accepted"]


async def test_a_sender_that_went_away_harms_nobody(bench: Bench) -> None:
    """Its event is stored, being taken already, and the others get their answers."""
    async with bench.held_up():
        gone, staying = bench.begin(an_area("gone")), bench.begin(an_area("staying"))
        await turns()
        gone.cancel()
    assert _statuses(await staying) == ["accepted"]
    assert await bench.pool.fetchval("SELECT count(*) FROM area") == 3


async def test_closing_finishes_what_was_taken_and_takes_no_more(bench: Bench) -> None:
    """A stop loses nobody's answer."""
    async with bench.held_up():
        taken = bench.begin(an_area("taken"))
        await turns()
        closing = asyncio.create_task(bench.writer.close())
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await bench.post(an_area("late"))
        assert not closing.done()
    assert _statuses(await taken) == ["accepted"]
    await closing


async def test_an_empty_batch_is_nothing(bench: Bench) -> None:
    """Nothing in, nothing out, and no commit."""
    before = bench.commits
    assert await bench.post() == []
    assert bench.commits == before


async def test_a_lost_connection_is_told_and_overcome(bench: Bench) -> None:
    """A request whose connection breaks is told to come back; the next one is served."""
    async with bench.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM event_log_head FOR UPDATE")
        caught = bench.begin(an_area("caught"))
        await until_somebody_waits(connection)
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
        with pytest.raises(Busy):
            await caught
    assert _statuses(await bench.post(an_area("next"))) == ["accepted"]
    async with bench.pool.acquire() as connection:
        assert await event_log.head(connection) == len(await bench.logged())
