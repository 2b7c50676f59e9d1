"""What operators ask a service and tell it: how it stands, what it refused, and what to do with dead letters.

Owns no rule.
"""

import dataclasses
import functools
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Depends, Path, Query, Request

from shared import clock
from shared.backbone import dead_letters, event_log, forgeries, rejections
from shared.database import Connection, Pool
from shared.errors import NotFound
from shared.events.envelope import Owner
from shared.events.people import people_in
from shared.http.authentication import only
from shared.http.authors import author_routes
from shared.http.deeds import deed_routes, note, note_apart
from shared.http.lookups import lookup_routes, note_shown
from shared.http.rebuilding import rebuilding_routes
from shared.http.state import state_of
from shared.http.verifying import verifying_routes
from shared.tokens import Identity

LISTED: Final = 1_000

Operator = Annotated[Identity, Depends(only("admin"))]
Sequence = Annotated[int, Path(ge=1, le=2**63 - 1)]
Also: TypeAlias = Callable[[Connection], Awaitable[Mapping[str, Any]]]


@functools.cache
def operating_routes(name: Owner, also: Also | None = None) -> tuple[APIRouter, ...]:
    """Make the operators' routes of one service; `also` reads what it alone tells of how it stands."""
    return (
        _status_route(name, also),
        _rejections_route(name),
        _dead_letter_routes(),
        rebuilding_routes(),
        verifying_routes(name),
        author_routes(),
        lookup_routes(),
        deed_routes(),
    )


def _status_route(name: Owner, also: Also | None) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/status", summary="How the service stands")
    async def get_status(request: Request, _: Operator) -> dict[str, Any]:
        """Give the own log's head and whether it went back, how far relay and consumers are, what is dead or forged."""
        state = state_of(request)
        async with state.pool.acquire() as connection:
            positions = await event_log.positions(connection)
            head = await event_log.head(connection) if event_log.RELAY in positions else None
            back = await event_log.went_back(connection)
            dead = await dead_letters.count(connection)
            forged = await forgeries.lately(connection, clock.today())
            own = await also(connection) if also else {}
        found = {forgery.owner: forgery for forgery in forged}
        return {
            "service": name,
            "log": None
            if head is None
            else {"head": head, "relayed": positions[event_log.RELAY], "went_back": back and back[1]},
            "consumers": [
                {
                    "owner": consumer.owner,
                    "position": positions.get(consumer.owner, 0),
                    "reads_the_stream": consumer.running,
                    "healthy": consumer.healthy,
                    "forged": found.get(consumer.owner),
                    "parted": consumer.parted,
                }
                for consumer in state.consumers
            ],
            "background": {kept.name: kept.well for kept in state.kept},
            "dead_letters": sum(dead.values()),
            **own,
        }

    return router


def _rejections_route(name: Owner) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/rejections", summary="What was refused")
    async def get_rejections(
        request: Request,
        _: Annotated[Identity, Depends(only("admin", "service"))],
        limit: Annotated[int, Query(ge=1, le=rejections.LISTED)] = 100,
    ) -> dict[str, list[dict[str, Any]]]:
        """Tell how many events were refused, by source, type, code and day, the latest first; never what they said."""
        async with _pool(request).acquire() as connection:
            listed = await rejections.latest(connection, name, limit)
        return {"rejections": [dataclasses.asdict(rejection) for rejection in listed]}

    return router


def _dead_letter_routes() -> APIRouter:
    router = APIRouter(prefix="/dead-letters", tags=["operations"])

    @router.get("", summary="The events that could not be applied")
    async def get_dead_letters(
        request: Request, _: Operator, limit: Annotated[int, Query(ge=1, le=LISTED)] = 100
    ) -> dict[str, list[dict[str, Any]]]:
        """List them, the oldest first, with the reason and without what they say."""
        async with _pool(request).acquire() as connection:
            listed = await dead_letters.all_of(connection, limit)
        return {"dead_letters": [dataclasses.asdict(letter) for letter in listed]}

    @router.get("/{owner}/{sequence}", summary="One of them, with what it says")
    async def get_dead_letter(request: Request, sender: Operator, owner: Owner, sequence: Sequence) -> dict[str, Any]:
        """Give the entry as it came; that it was looked at is noted."""
        return await _shown(request, sender, owner, sequence)

    @router.post("/{owner}/{sequence}/retry", summary="Try one again")
    async def retry_dead_letter(request: Request, sender: Operator, owner: Owner, sequence: Sequence) -> dict[str, Any]:
        """Apply it as its owner's log tells it today; where that fails, it stays dead, and the answer says why."""
        consumers = state_of(request).consumers
        consumer = next((consumer for consumer in consumers if consumer.owner == owner), None)
        if consumer is None:
            raise _unknown(owner, sequence)
        await note_apart(request, sender, "dead_letter.retry", f"{owner} {sequence}")
        reason = await consumer.retry(sequence)
        return {"status": "applied" if reason is None else "dead", "reason": reason}

    @router.delete("/{owner}/{sequence}", summary="Give one up", status_code=HTTPStatus.NO_CONTENT)
    async def drop_dead_letter(request: Request, sender: Operator, owner: Owner, sequence: Sequence) -> None:
        """Forget it: it will never be applied here. Its owner's log keeps it."""
        await _drop(_pool(request), owner, sequence, sender)

    return router


async def _shown(request: Request, sender: Identity, owner: Owner, sequence: int) -> dict[str, Any]:
    async with _pool(request).acquire() as connection, connection.transaction():
        entry = await dead_letters.entry_of(connection, owner, sequence)
        if entry is None:
            raise _unknown(owner, sequence)
        people = people_in(entry.get("event", {}).get("data"))
        await note_shown(connection, request, sender, collection=f"dead letter {owner} {sequence}", people=people)
    return entry


async def _drop(pool: Pool, owner: Owner, sequence: int, sender: Identity) -> None:
    async with pool.acquire() as connection, connection.transaction():
        if not await dead_letters.take_out(connection, owner, sequence):
            raise _unknown(owner, sequence)
        await note(connection, sender, "dead_letter.drop", f"{owner} {sequence}")


def _pool(request: Request) -> Pool:
    return state_of(request).pool


def _unknown(owner: str, sequence: int) -> NotFound:
    return NotFound(f"there is no dead letter {owner} {sequence} here")
