"""A process of several writers, each with a write path and connections of its own, as a replica of the service has.

`python -m tests.support.ledger_writers DATABASE_URL SEED WRITERS ROUNDS` writes what became of its events to standard
output.
"""

import asyncio
import random
import sys
from collections import Counter
from typing import Any, Final

import orjson

from services.funding.service import FundingUseCases
from shared import database
from shared.backbone.rejections import RejectionNotes
from shared.backbone.write_path import Writer
from shared.errors import EventsRefused
from shared.events.catalogue import CATALOGUES
from shared.metrics import Metrics
from shared.tokens import Identity
from tests.support.builders import Json, an_event, body

PLANS: Final = ("plan-a", "plan-b", "plan-c")
# One event in four takes an expense back, one in four is a receipt; the rest spend.
REVERSALS_UP_TO: Final = 0.25
RECEIPTS_UP_TO: Final = 0.5


async def write(url: str, seed: int, rounds: int) -> Json:
    """Post batches over all plans, in any order, and give the øre spent, reversed and received per plan."""
    chance = random.Random(seed)  # noqa: S311  a test's own
    sums: dict[str, Counter[str]] = {plan: Counter() for plan in PLANS}
    refusals: Counter[str] = Counter()
    booked: list[tuple[str, str, int]] = []
    pool = await database.open_pool(url, 2)
    writer = Writer(
        pool,
        CATALOGUES["funding"],
        FundingUseCases(),
        Metrics("funding"),
        rejections=RejectionNotes(pool, "funding"),
        waiting_limit=1_000,
    )
    await writer.start()
    for number in range(rounds):
        plans = [*chance.sample(PLANS, len(PLANS)), chance.choice(PLANS)]
        effects = [_effect(chance, f"{seed}-{number}-{place}", plan, booked) for place, plan in enumerate(plans)]
        try:
            await writer.post(body([event for event, *_ in effects]), Identity("admin"), "refuse")
        except EventsRefused as refused:
            refusals.update(fault.code for fault in refused.faults)
            # What was to be reversed still stands.
            booked.extend(undone for *_, undone in effects if undone)
            continue
        for event, plan, what, amount_ore, _ in effects:
            sums[plan][what] += amount_ore
            if what == "spent":
                booked.append((plan, event["data"]["expense"], amount_ore))
    await writer.close()
    await pool.close()
    return {"sums": sums, "refusals": refusals}


def _effect(chance: random.Random, name: str, plan: str, booked: list[tuple[str, str, int]]) -> tuple[Any, ...]:
    """Make one event: (event, plan, what it adds to, øre, the expense that it takes back)."""
    kind = chance.random()
    if booked and kind < REVERSALS_UP_TO:
        undone = booked.pop(chance.randrange(len(booked)))
        data: Json = {"expense": undone[1], "reversal": f"retur-{name}", "date": "2026-01-05", "reason": "Forkert"}
        return an_event("expense.reversed", data, identifier=name), undone[0], "reversed", undone[2], undone
    amount_ore = chance.randint(1, 99)
    if kind < RECEIPTS_UP_TO:
        data = {"commitment": f"{plan}-lbf", "receipt": f"rate-{name}", "amount_ore": amount_ore, "date": "2025-09-01"}
        return an_event("funding.received", data, identifier=name), plan, "received", amount_ore, None
    amount_ore *= 10
    data = {
        "expense": f"udgift-{name}",
        "plan": plan,
        "area": "urbanplanen",
        "line": "loen",
        "amount_ore": amount_ore,
        "incurred_on": "2025-09-01",
        "voucher": name,
        "text": "Løn",
    }
    return an_event("expense.booked", data, identifier=name), plan, "spent", amount_ore, None


async def _main(url: str, seed: int, writers: int, rounds: int) -> None:
    told = await asyncio.gather(*(write(url, seed * 100 + number, rounds) for number in range(writers)))
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], *map(int, sys.argv[2:])))
