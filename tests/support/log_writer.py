"""A process that appends to a log in many small transactions and rolls back some; prints how many events it kept."""

import asyncio
import random
import sys

from shared import clock, database
from shared.backbone import appending
from shared.backbone.event_log import Accepted
from tests.support.builders import an_area, posted


async def write(url: str, name: str, transactions: int) -> int:
    """Append one to four events a transaction; every third on the average rolls back."""
    chance = random.Random(name)  # noqa: S311  no secret
    connection = await database.connect(url)
    tail = appending.Tail()
    kept = written = 0
    for _ in range(transactions):
        events = []
        for _ in range(chance.randint(1, 4)):
            written += 1
            event = an_area(name) | {"source": f"/areas/{name}", "id": f"{name}-{written:06}"}
            events.append(Accepted(posted(event), None))
        transaction = connection.transaction()
        await transaction.start()
        await appending.append(connection, events, clock.now(), tail)
        if chance.random() < 1 / 3:
            await transaction.rollback()
        else:
            await transaction.commit()
            kept += len(events)
    await connection.close()
    return kept


if __name__ == "__main__":
    print(asyncio.run(write(sys.argv[1], sys.argv[2], int(sys.argv[3]))))  # noqa: T201  what the test reads
