"""Messages that no owner signed, put on the streams of a run. Owns how they are made, and that every follower notices.

They bear a field by which the watch knows them; the services know nothing of it.
"""

import asyncio
import time
from typing import Any, Final

import orjson

from shared import clock
from shared.backbone import event_log, streams
from shared.events.envelope import Owner
from tests import builders
from tests.chaos.processes import OWNERS, System
from tests.chaos.watch import FOLLOWS, FORGED, connected

FALSE_AREA: Final = "falsk"
NOTICED_SECONDS: Final = 20
POLL_SECONDS: Final = 0.1
# A type that nobody knows: an entry that was changed so is lost where it is believed.
TRUE_TYPE: Final = b'"type":"dk.helhedsnet.'
FALSE_TYPE: Final = b'"type":"dk.falsk.'


async def forge(system: System, owner: Owner) -> None:
    """Put an entry on a stream that its owner never took, under the next sequence and a copied signature."""
    async with connected(system, owner) as connection:
        sequence = await event_log.head(connection) + 1
    event = builders.an_area(FALSE_AREA)
    entry = {"sequence": sequence, "recorded": clock.now().isoformat(), "event": event, "outcome": None}
    client: Any = system.redis.client
    last = await client.xrevrange(streams.stream_name(owner), count=1)
    signature = last[0][1].get(streams.SIGNATURE, b"") if last else bytes(64)
    fields = {streams.PAGE: orjson.dumps([entry]), streams.SIGNATURE: signature, FORGED: b"1"}
    await client.xadd(streams.stream_name(owner), fields)


async def change(system: System, owner: Owner) -> None:
    """Change the last message of a stream; the true one is not there any more."""
    stream = streams.stream_name(owner)
    client: Any = system.redis.client
    for identifier, fields in await client.xrevrange(stream, count=1):
        changed = {**fields, FORGED: b"1"}
        changed[streams.PAGE] = fields.get(streams.PAGE, b"").replace(TRUE_TYPE, FALSE_TYPE)
        pipeline = client.pipeline(transaction=True)
        await pipeline.xdel(stream, identifier).xadd(stream, changed).execute()


async def unnoticed(system: System) -> list[str]:
    """Forge on each stream of a system at rest, and tell who does not notice in time."""
    missing: list[str] = []
    for owner in OWNERS:
        followers = [service for service, owners in FOLLOWS.items() if owner in owners]
        before = {service: await noticed(system, service, owner) for service in followers}
        await forge(system, owner)
        await change(system, owner)
        until = time.monotonic() + NOTICED_SECONDS
        while time.monotonic() < until:
            now = {service: await noticed(system, service, owner) for service in followers}
            if all(now[service] >= before[service] + 2 for service in followers):
                break
            await asyncio.sleep(POLL_SECONDS)
        else:
            late = [service for service in followers if now[service] < before[service] + 2]
            missing.append(f"what was forged on the stream of {owner} was not noticed by {', '.join(late)}")
    return missing


async def noticed(system: System, service: str, owner: Owner) -> int:
    """Count the forged messages that a service has noticed on an owner's stream."""
    async with connected(system, service) as connection:
        found: int | None = await connection.fetchval("SELECT messages FROM forgery WHERE owner = $1", owner)
    return found or 0
