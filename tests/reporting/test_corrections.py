"""What is corrected counts as if it had been right from the start: in reports, and in what releases are made from."""

import random
from datetime import date

from hypothesis import given

from services.reporting import digest
from services.reporting.periods import Period
from services.reporting.releases import area_facts
from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.presence import count_participants, count_volunteers
from services.reporting.reports import store
from services.reporting.reports.shapes import NETWORK
from services.reporting.terms import Json
from shared.database import Pool
from tests.oracles.histories import Logs, history
from tests.oracles.mistaken import Mistaken
from tests.support.folding import CHANCE, EXAMPLES, fold, period_of

CALENDAR = Calendar(date(2025, 8, 1), 18)


# How many of those enrolled came to each session, and how many were said to be absent.
NAMED = """
WITH enrolled AS (SELECT DISTINCT activity, participant FROM enrolment)
SELECT activity, session, cardinality(participants),
       (SELECT count(*) FROM enrolled WHERE enrolled.activity = session.activity AND participant = ANY (participants)),
       jsonb_array_length(absent),
       (SELECT count(*) FROM enrolled WHERE enrolled.activity = session.activity
        AND absent @> jsonb_build_array(jsonb_build_object('participant', participant)))
FROM session ORDER BY activity, session
"""


async def _told(pool: Pool, logs: Logs, size: int, period: Period) -> tuple[Json, object, object]:
    """Fold logs in order, so many entries at once; give the report, what a release counts, and who is named."""
    dealt = [
        (owner, entries[first : first + size])
        for owner, entries in logs.items()
        for first in range(0, len(entries), size)
    ]
    await fold(pool, dealt)
    async with pool.acquire() as connection:
        report = NETWORK.tell(await store.facts(connection, period, None))
        counted = [
            (
                area.area,
                count_participants(area, CALENDAR),
                count_volunteers(area, CALENDAR),
                area.pairs,
                [(*done[:4], done.people.bit_count(), *done[5:]) for done in area.done],
            )
            async for area in area_facts.by_area(connection, CALENDAR)
        ]
        named = [tuple(row) for row in await connection.fetch(NAMED)]
    return report, counted, named


@EXAMPLES
@given(chance=CHANCE)
async def test_a_corrected_history_has_the_digest_of_the_right_one(reporting_pool: Pool, chance: random.Random) -> None:
    """Two pseudonyms that were one person, and wrong ages: nothing tells afterwards that they ever were told."""
    mistaken = Mistaken(chance, history(chance))
    size, period = chance.randint(1, 200), period_of(chance)
    right = await _told(reporting_pool, mistaken.right, size, period)
    corrected = await _told(reporting_pool, mistaken.told, size, period)
    assert corrected == right
    assert digest.digest(corrected[0]) == digest.digest(right[0])
