"""How reporting's property tests fold random histories: in any order, in batches of any size, some of it twice."""

import datetime as dt
import os
import random
from collections.abc import Sequence

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from services.reporting.folding import folds
from services.reporting.models import metadata
from services.reporting.periods import Period
from shared.backbone.event_log import Entry
from shared.database import Pool
from tests.oracles.histories import FIRST_DAY, Logs

EXAMPLES = settings(
    max_examples=max(10, int(os.environ.get("HYPOTHESIS_EXAMPLES", "40")) // 4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHANCE = st.randoms(use_true_random=False)
# The tables that no history fills: what a service has beside its figures, and what is not compared.
NOT_FILLED = frozenset(
    {"agreement", "dead_letter", "event_log", "event_log_head", "feed", "forgery", "log_epoch"}
    | {"deed", "made_report", "parting", "published_report", "rejection", "release", "release_memory", "released_cells"}
)
TABLES = ", ".join(sorted(metadata.tables.keys() - NOT_FILLED))


async def fold(pool: Pool, batches: Sequence[tuple[str, Sequence[Entry]]]) -> None:
    """Fold batches into an empty database."""
    async with pool.acquire() as connection:
        await connection.execute(f"TRUNCATE {TABLES}")
        for owner, batch in batches:
            async with connection.transaction():
                await folds.fold(connection, owner, folds.prepared(batch))


def batches(chance: random.Random, logs: Logs) -> list[tuple[str, list[Entry]]]:
    """Deal every entry at least once, some twice, in any order and in batches of any size."""
    dealt: list[tuple[str, list[Entry]]] = []
    for owner, entries in logs.items():
        cards = entries + chance.sample(entries, k=len(entries) // 3)
        chance.shuffle(cards)
        while cards:
            size = chance.randint(1, 40)
            dealt.append((owner, cards[:size]))
            cards = cards[size:]
    chance.shuffle(dealt)
    return dealt


def period_of(chance: random.Random) -> Period:
    """Draw a period somewhere in a history."""
    first = FIRST_DAY + dt.timedelta(days=chance.randint(-40, 450))
    return Period(first, first + dt.timedelta(days=chance.choice((0, 5, 30, 31, 100, 400))))
