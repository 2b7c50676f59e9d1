"""The ledger: how fast funding books expenses that three funders share, in batches and one by one."""

import itertools
from typing import Any, Final

from tests.benchmarks import events
from tests.benchmarks.load import drive, post
from tests.benchmarks.measuring import Row, Target, interleaved, row
from tests.benchmarks.options import Options
from tests.benchmarks.system import System, running
from tests.support import builders

CONNECTIONS: Final = 32
BATCH_CONNECTIONS: Final = 4
SINGLES: Final = 1_000
# As many areas as connections: each posts the expenses of its own plan.
AREAS: Final = BATCH_CONNECTIONS
BATCHES: Final = 2 * AREAS


async def measure(options: Options) -> list[Row]:
    """Measure batches and single expenses."""
    async with running("registry", "funding") as system:
        await events.post_all(system, "registry", events.network(AREAS))
        await _finance(system)
        of_areas, mixed = events.expenses(AREAS, in_a_row=events.BATCH), events.expenses(AREAS)
        booked: list[builders.Json] = []

        async def batches() -> float:
            taken = events.batches(of_areas, BATCHES)
            booked.extend(itertools.chain.from_iterable(taken))
            return await _post(system, [builders.body(batch) for batch in taken], BATCH_CONNECTIONS) * events.BATCH

        async def singles() -> float:
            taken = list(itertools.islice(mixed, SINGLES))
            booked.extend(taken)
            return await _post(system, [builders.body(event) for event in taken], CONNECTIONS)

        figures = await interleaved({"batches": batches, "singles": singles}, options.rounds)
        await _check_books(system, booked)
    return [
        row(
            f"expenses with 3 funders, batches of {events.BATCH}, {AREAS} areas",
            "events/s",
            {"measured": figures["batches"]},
            Target("measured", 10_000),
        ),
        row(
            f"expenses with 3 funders, one per request, {CONNECTIONS} connections",
            "events/s",
            {"measured": figures["singles"]},
            Target("measured", 5_000),
        ),
    ]


async def _post(system: System, bodies: list[bytes], connections: int) -> float:
    token = system.token("admin")
    driven = await drive(
        system.ports["funding"], [post("/funding/events", token, body) for body in bodies], connections
    )
    driven.must_be(201)
    return driven.per_second


async def _finance(system: System) -> None:
    """Post what the funders pay until funding, which hears of the plans through the stream, takes it."""
    request = post("/funding/events", system.token("admin"), builders.body(events.financing(AREAS)))
    for _ in range(1_000):
        (answer,) = (await drive(system.ports["funding"], [request], 1)).answers
        if b"not_yet_known" not in answer.body:
            assert answer.status == 201, answer.body
            return
    raise AssertionError("funding never heard of the plans")


async def _check_books(system: System, booked: list[builders.Json]) -> None:
    """What was booked is what the plans' accounts hold, to the øre, and every plan's accounts add up to nothing."""
    for number in range(AREAS):
        plan = events.plan(number, AREAS)
        balance: dict[str, Any] = await system.ask("funding", f"/plans/{plan}/trial-balance")
        accounts = (item for item in balance["accounts"] if item["account"].startswith("expenses:"))
        spent_ore = sum(item["debit_ore"] - item["credit_ore"] for item in accounts)
        sent_ore = sum(event["data"]["amount_ore"] for event in booked if event["data"]["plan"] == plan)
        assert spent_ore == sent_ore, f"{plan}: {spent_ore} øre booked of {sent_ore}"
        assert balance["debit_ore"] == balance["credit_ore"], f"{plan}: the accounts do not add up"
