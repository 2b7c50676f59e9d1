"""Messages that no owner signed, put on the streams of a run. Owns how they are made, and that every follower notices.

They fit the log in all but the signature. They bear a field by which the watch knows them; the services know nothing
of it.
"""

import asyncio
import hashlib
import time
from typing import Any, Final

import orjson

from shared import clock
from shared.backbone import chains, event_log, pages, streams
from shared.events.envelope import Owner
from tests.chaos.processes import OWNERS, Running
from tests.chaos.watch import FOLLOWS, FORGED, connected
from tests.support import builders

FALSE_AREA: Final = "falsk"
NOTICED_SECONDS: Final = 20
POLL_SECONDS: Final = 0.1
# A type that nobody knows: an entry that was changed so is lost where it is believed.
TRUE_TYPE: Final = b'"type":"dk.helhedsnet.'
FALSE_TYPE: Final = b'"type":"dk.falsk.'


async def forge(system: Running, owner: Owner) -> None:
    """Put an entry on a stream that its owner never took, under the next sequence and a copied signature."""
    async with connected(system, owner) as connection:
        end = await event_log.mark(connection)
    event, recorded = builders.an_area(FALSE_AREA), clock.now()
    line = chains.content(hashlib.sha256(orjson.dumps(event)).digest(), recorded, None)
    entry = {
        "sequence": end.sequence + 1,
        "recorded": recorded.isoformat(),
        "event": event,
        "outcome": None,
        "chain": chains.as_text(chains.linked(end.chain, line)),
    }
    page = pages.written(end.epoch, end.chain, [orjson.dumps(entry)])
    client: Any = system.redis_client
    last = await client.xrevrange(streams.stream_name(owner), count=1)
    signature = last[0][1].get(streams.SIGNATURE, b"") if last else bytes(64)
    fields = {streams.PAGE: page, streams.SIGNATURE: signature, FORGED: b"1"}
    await client.xadd(streams.stream_name(owner), fields)


async def change(system: Running, owner: Owner) -> None:
    """Change the last message of a stream; the true one is not there any more."""
    stream = streams.stream_name(owner)
    client: Any = system.redis_client
    for identifier, fields in await client.xrevrange(stream, count=1):
        changed = {**fields, FORGED: b"1"}
        changed[streams.PAGE] = fields.get(streams.PAGE, b"").replace(TRUE_TYPE, FALSE_TYPE)
        pipeline = client.pipeline(transaction=True)
        await pipeline.xdel(stream, identifier).xadd(stream, changed).execute()


async def unnoticed(system: Running) -> list[str]:
    """Forge on each stream of a system at rest, and tell who does not notice in time."""
    missing: list[str] = []
    for owner in OWNERS:
        followers = [service for service, owners in FOLLOWS.items() if owner in owners]
        # One after the other: what is changed is the last message, and that is the one that was just forged.
        for attack in (forge, change):
            before = {service: await noticed(system, service, owner) for service in followers}
            await attack(system, owner)
            if late := await _late(system, owner, before):
                missing.append(f"what was forged on the stream of {owner} was not noticed by {', '.join(late)}")
                break
    return missing


async def _late(system: Running, owner: Owner, before: dict[str, int]) -> list[str]:
    """Wait until every follower has noticed one more forged message than before; give those that have not."""
    until = time.monotonic() + NOTICED_SECONDS
    while late := [service for service, count in before.items() if await noticed(system, service, owner) <= count]:
        if time.monotonic() > until:
            return late
        await asyncio.sleep(POLL_SECONDS)
    return []


async def noticed(system: Running, service: str, owner: Owner) -> int:
    """Count the forged messages that a service has noticed on an owner's stream."""
    async with connected(system, service) as connection:
        found: int | None = await connection.fetchval("SELECT messages FROM forgery WHERE owner = $1", owner)
    return found or 0
