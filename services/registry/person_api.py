"""The route that tells all that the registry holds of one person, to the coordinators of the own area alone."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from services.registry.schemas.person import LookedUp, PersonAsked, PersonRecord, Told
from services.registry.store import corrections, person
from shared.backbone import lookups
from shared.errors import NotFound
from shared.http.authentication import only
from shared.http.forms import Short
from shared.http.lookups import note_shown
from shared.http.reading import PoolOf
from shared.tokens import Identity

MAX_LOOKUPS: Final = 5_000
Coordinator = Annotated[Identity, Depends(only("coordinator"))]
router: Final = APIRouter(prefix="/people", tags=["people"], route_class=Short)


@router.post("/record", summary="All that is held of one person, for the own area only")
async def post_record(
    request: Request, response: Response, pool: PoolOf, sender: Coordinator, asked: PersonAsked
) -> PersonRecord:
    """Give every event that names a person and every look-up of it. This look-up is noted too, and in the answer."""
    async with pool.acquire() as connection, connection.transaction():
        names = await corrections.names_of(connection, asked.participant, sender.areas)
        lines = await person.lines_about(connection, names, sender.areas)
        if not lines:
            raise NotFound("nobody of this area is known by that pseudonym")
        await note_shown(
            connection,
            request,
            sender,
            collection=lookups.ONE_PERSON,
            people=[asked.participant],
            reason=asked.reason,
        )
        seen = await lookups.of_person(connection, names, MAX_LOOKUPS + 1)
    response.headers["Cache-Control"] = "no-store"
    return PersonRecord(
        participant=asked.participant,
        pseudonyms=names,
        events=[Told.model_validate(line._asdict()) for line in lines[: person.MAX_LINES]],
        lookups=[LookedUp.model_validate(row) for row in seen[:MAX_LOOKUPS]],
        is_whole=len(lines) <= person.MAX_LINES and len(seen) <= MAX_LOOKUPS,
    )
