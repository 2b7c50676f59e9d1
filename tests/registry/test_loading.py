"""What earlier units of work have stored is loaded for each event whose rule asks for it."""

from collections.abc import Sequence
from typing import Final

import orjson
import pytest

from services.registry.app import FOLDER
from services.registry.domain import rules
from services.registry.service import RegistryUseCases
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, Pool
from shared.errors import Refused
from tests.registry.test_refusals import REFUSED
from tests.support.builders import Json, typed
from tests.support.deciding import running

USE_CASES: Final = RegistryUseCases()


async def _decided(connection: Connection, events: Sequence[Json]) -> tuple[WorkingSet, list[object]]:
    """Load what events need, and decide them; give the rows, and the entries."""
    said = [typed(event) for event in events]
    state = await USE_CASES.load(connection, said)
    return state, [entry for event in said for entry in rules.decide(state, event).entries]


async def _saved(connection: Connection, events: Sequence[Json]) -> None:
    state, entries = await _decided(connection, events)
    await USE_CASES.save(connection, state)
    await USE_CASES.save_entries(connection, list(enumerate(entries, start=1)))


async def test_what_breaks_a_rule_is_refused_by_what_is_stored_too(registry_pool: Pool) -> None:
    """A kind of row that nobody loads would let pass what the rule refuses when it sees the row."""
    pools = orjson.loads((FOLDER / "pools.json").read_bytes())
    async with registry_pool.acquire() as connection, connection.transaction():
        await _saved(connection, [*pools, *running()])
        for before, event, code, pointer in REFUSED:
            one = connection.transaction()
            await one.start()
            await _saved(connection, before)
            with pytest.raises(Refused) as refused:
                await _decided(connection, [event])
            assert (refused.value.code, refused.value.pointer) == (code, pointer), event["type"]
            await one.rollback()
