"""Erases again, as the registry starts, whoever withdrew after the backup that its database was restored from.

It posts `consent.withdrawn` to the registry itself, so that there is one way in which somebody is forgotten.
"""

import contextlib
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Final

import orjson
import structlog

from services.registry import handlers
from services.registry.store import forgotten
from services.registry.withdrawals import WithdrawalList
from shared import clock
from shared.events.envelope import AREA_PREFIX, TYPE_PREFIX, TYPE_SUFFIX
from shared.http.learning import learning_anew
from shared.http.state import State
from shared.tokens import Identity

WITHDRAWN: Final = f"{TYPE_PREFIX}consent.withdrawn{TYPE_SUFFIX}"
AT_ONCE: Final = 50

log: Final = structlog.get_logger()


@contextlib.asynccontextmanager
async def alongside(state: State) -> AsyncIterator[None]:
    """Replay withdrawals before anybody is answered, then be ready to learn anew."""
    await replay(state, state.part(WithdrawalList))
    async with learning_anew(handlers.LEARNING)(state):
        yield


async def replay(state: State, kept: WithdrawalList) -> None:
    """Erase whom the file lists and the database has not forgotten, and note that it has."""
    listed = await kept.read()
    async with state.pool.acquire() as connection:
        missing = await forgotten.not_withdrawn(connection, listed.withdrawals)
        areas = {noted.area for noted in missing}
        people = await forgotten.people_of(connection, areas)
        done = await forgotten.withdrawn_in(connection, areas)
    found = ((noted, listed.found_among(noted, people.get(noted.area, ()))) for noted in missing)
    named = [(noted, name) for noted, name in found if name and not any(one.covers(noted, name) for one in done)]
    going = list(dict.fromkeys((noted.area, name) for noted, name in named))
    for start in range(0, len(going), AT_ONCE):
        await _withdraw(state, going[start : start + AT_ONCE])
    async with state.pool.acquire() as connection, connection.transaction():
        left = await forgotten.people_of(connection, areas)
        still = [noted for noted, name in named if name in left.get(noted.area, ())]
        await forgotten.note_withdrawn(connection, [noted for noted in missing if noted not in still])
    if going:
        log.warning("withdrawals.replayed", is_whole=not still)


async def _withdraw(state: State, going: Sequence[tuple[str, str]]) -> None:
    events = [
        {
            "specversion": "1.0",
            "id": f"replayed-{uuid.uuid4()}",
            "source": f"{AREA_PREFIX}{area}",
            "type": WITHDRAWN,
            "time": clock.now().isoformat().replace("+00:00", "Z"),
            "data": {"participant": name},
        }
        for area, name in going
    ]
    # Of two pseudonyms of one person the second is known no more.
    sender = Identity("admin", subject=state.name, kind="system")
    await state.writer.post(orjson.dumps(events), sender, "skip")
