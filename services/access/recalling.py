"""Ends again, when access starts, what a restored database has forgotten the end of. Owns its transaction.

The database and the file of what has ended each hold the installation's name. Where they differ, the file does not
know what ended since the backup was taken: then everything ends that somebody holds.
"""

import asyncio
from typing import Final

import structlog

from services.access import store
from services.access.ended import Ended, still
from shared import clock
from shared.database import Pool

BY: Final = "restore"
PERSON: Final = "person"

log: Final = structlog.get_logger()


async def recall(pool: Pool, ended: Ended) -> None:
    """End what the file lists, or everything where the file is missing or not this installation's."""
    now = clock.now()
    async with pool.acquire() as connection, connection.transaction():
        known = await store.installation(connection)
        name, listed = await asyncio.to_thread(ended.read)
        good = still(listed, now)
        if name == known:
            count = 0
            for kind, what, _ in good:
                if kind == PERSON:
                    count += await store.end_person(connection, what, BY, now)
                elif kind in store.TABLES:
                    count += await store.end(connection, kind, what, BY, now)
        else:
            count = await store.end_everything(connection, BY, now)
        if count:
            log.warning("access.restored", ended=count, remembers=name == known)
        made = await asyncio.to_thread(ended.begin, good if name == known else (), known if name == known else None)
        await store.name_installation(connection, made)
