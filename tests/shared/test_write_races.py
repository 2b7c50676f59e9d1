"""Two writers on one database: what only one may have, one gets, and nothing counts twice."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.registry.service import RegistryUseCases
from shared.backbone.submissions import Result
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.errors import EventsRefused
from shared.events.envelope import CloudEvent
from tests.support.builders import Json, a_plan, a_pool, a_running_activity, a_start, an_activity, an_area, an_enrolment
from tests.support.writing import MakeBench


def _statuses(results: Sequence[Result]) -> list[str]:
    return [result.status for result in results]


RACES = {
    "the last place": (lambda: [an_enrolment("p-1"), an_enrolment("p-2")], "capacity_reached"),
    "the same participant": (lambda: [an_enrolment("p-1"), an_enrolment("p-1")], "already_enrolled"),
    "the same start": (lambda: [a_start(), a_start()], "activity_already_started"),
    "the same plan": (lambda: [a_plan("new"), a_plan("new")], "plan_exists"),
    "the same activity": (lambda: [an_activity("new"), an_activity("new")], "activity_exists"),
    "the same id": (lambda: [an_area("one") | {"id": "same"}, an_area("two") | {"id": "same"}], "id_reused"),
}


@pytest.mark.parametrize(("rivals", "code"), RACES.values(), ids=RACES)
async def test_two_processes_never_both_win_a_race(
    make_bench: MakeBench, rivals: Callable[[], list[Json]], code: str
) -> None:
    """What only one may have, one gets, and the other is told why, whichever was first."""
    benches = [await make_bench(), await make_bench()]
    started = [] if code == "activity_already_started" else [a_start()]
    await benches[0].post(a_pool(), an_area(), a_plan(), an_activity(capacity=1), *started)
    answers = await asyncio.gather(
        *(bench.post(event) for bench, event in zip(benches, rivals(), strict=True)), return_exceptions=True
    )
    codes = sorted(answer.code if isinstance(answer, EventsRefused) else "won" for answer in answers)
    assert codes == sorted([code, "won"])


async def test_a_post_that_comes_again_while_the_first_is_stored_is_no_new_event(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender gave up waiting: what another process has just stored is not refused as what stands in its own way."""
    first, second = await make_bench(), await make_bench()
    await first.post(a_pool(), *a_running_activity())
    enrolment = an_enrolment()
    load = RegistryUseCases.load

    async def late(self: RegistryUseCases, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        monkeypatch.setattr(RegistryUseCases, "load", load)
        assert _statuses(await first.post(enrolment)) == ["accepted"]
        return await load(self, connection, events)

    monkeypatch.setattr(RegistryUseCases, "load", late)
    assert _statuses(await second.post(enrolment)) == ["duplicate"]


async def test_writers_that_need_each_others_rows_do_not_stand_still(make_bench: MakeBench) -> None:
    """Locks are taken in one order, or a deadlock is found and decided again: everything is stored once."""
    benches = [await make_bench(), await make_bench()]
    names = ["a", "b", "c", "d"]
    await benches[0].post(a_pool(), an_area(), a_plan(), *[an_activity(n) for n in names], *[a_start(n) for n in names])
    batches = [
        [an_enrolment(f"p-{number}-{turn}", name) for name in (names if number else reversed(names))]
        for turn in range(10)
        for number in (0, 1)
    ]
    answers = await asyncio.gather(*(benches[place % 2].post(*batch) for place, batch in enumerate(batches)))
    assert all(_statuses(answer) == ["accepted"] * 4 for answer in answers)
    enrolled = await benches[0].pool.fetch("SELECT enrolled FROM activity")
    assert [row["enrolled"] for row in enrolled] == [20] * 4
