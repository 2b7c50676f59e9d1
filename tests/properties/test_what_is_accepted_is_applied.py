"""Whatever the catalogue reads, every consumer applies: no accepted event becomes a dead letter.

The events are made from their own schemas, at their bounds and beyond; they name what nobody knows, in any order. A
short run is part of the tests; `make properties EXAMPLES=2000` makes a long one.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Final

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.funding import handlers as funding
from services.registry import handlers as registry
from services.reporting import handlers as reporting
from shared import clock, database
from shared.backbone.applying import Apply
from shared.backbone.event_log import Entry
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from tests.conftest import TemplateOf, execute
from tests.support.builders import an_event
from tests.support.event_strategies import NAMES, events_of, near_the_sample

# Each is applied by every consumer, and takes many times as long as one of the rules.
EXAMPLES: Final = int(os.environ.get("HYPOTHESIS_EXAMPLES", "50")) // 25 + 1
# An event that fails is read as it was made: to make it smaller takes minutes.
RUN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[*HealthCheck],
)
RECORDED: Final = "2026-01-01T00:00:00+00:00"
# Who follows whom, and what it does with what it reads.
CONSUMERS: Final[Mapping[str, Mapping[str, Apply]]] = {
    "registry": {"funding": funding.apply, "reporting": reporting.apply},
    "funding": {"registry": registry.apply, "reporting": reporting.apply},
    "reporting": {"reporting": reporting.apply},
}

Connections = dict[str, "asyncpg.Connection[asyncpg.Record]"]

AMOUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(-(10**13), 10**13), max_size=len(NAMES))
# What the owners decide beside an event; each fold reads what concerns it.
OUTCOMES = st.none() | st.fixed_dictionaries(
    {
        "shares": AMOUNTS,
        "changes": AMOUNTS,
        "released_ore": st.integers(0, 10**13),
        "booked_on": st.dates().filter(lambda day: 2000 <= day.year <= 2100).map(str),
        "unnamed": st.integers(0, 500),
        "course": st.none() | st.sampled_from(NAMES),
        "activities": st.lists(st.sampled_from(NAMES), unique=True),
        "keep_totals_from": st.integers(1, 10),
    },
    optional={
        # Of a withdrawal there is one of the two: the second stands in lines from before pseudonyms were merged.
        "salt": st.just("0" * 64),
        "erased": st.lists(
            st.fixed_dictionaries(
                {
                    "digests": st.lists(st.just("0" * 64), min_size=1, max_size=1),
                    "activities": st.lists(st.sampled_from(NAMES), unique=True),
                }
            ),
            max_size=2,
        ),
        "participant_sha256": st.just("0" * 64),
    },
)


@pytest.fixture(scope="module")
async def consumers(postgresql_url: str, template_of: TemplateOf) -> AsyncIterator[Connections]:
    """Give a connection to a database of each service; what is applied stays there for the tests that follow."""
    connections: Connections = {}
    for service in CONSUMERS:
        name = f"applied_{service}"
        await execute(postgresql_url, f'CREATE DATABASE "{name}" TEMPLATE "{await template_of(service)}"')
        url = database.service_url(postgresql_url, service).replace(f"/helhedsnet_{service}", f"/{name}")
        connections[service] = await database.connect(url, database.BY_KEY)
    yield connections
    for service, connection in connections.items():
        await connection.close()
        await execute(postgresql_url, f'DROP DATABASE "applied_{service}"')


@pytest.fixture
def accepted() -> Iterator[list[Entry]]:
    """Give a list for what was accepted and applied, and fail the test that leaves it empty."""
    entries: list[Entry] = []
    yield entries
    assert entries, "no event that was made is one that the catalogue reads"


@pytest.mark.parametrize(
    "event", [event for event in EVENTS if event.said_by != "owner"], ids=lambda event: event.event_name
)
@RUN
@given(data=st.data())
async def test_any_event_that_is_read_is_applied_by_every_consumer(
    consumers: Connections, accepted: list[Entry], event: type[EventData], data: st.DataObject
) -> None:
    """Alone, twice in one run, in any order, and after whatever came before."""
    run: list[Entry] = []
    drawn = data.draw(st.lists(events_of(event) | near_the_sample(event), min_size=1, max_size=3))
    for said in [*drawn, an_event(event.event_name, event.example)]:
        text = json.dumps(said, ensure_ascii=data.draw(st.booleans()))
        posted, _ = CATALOGUES[event.event_owner].read(text.encode(), clock.now())
        for item in posted:
            document = {"sequence": len(accepted) + 1, "recorded": RECORDED, "event": orjson.loads(item.body)}
            run.append(Entry({**document, "outcome": data.draw(OUTCOMES)}))
            accepted.append(run[-1])
    for service, apply in CONSUMERS[event.event_owner].items():
        for entries in (run, [*run, *run][::-1]):
            async with consumers[service].transaction():
                await apply(consumers[service], event.event_owner, entries)
