"""The route of what is held of one person, to the coordinators of the own area alone."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from services.reporting.person.service import PersonRecords
from shared.backbone.lookups import ONE_PERSON, Shown
from shared.codes import LookupReason
from shared.events.fields import SLUG_PATTERN
from shared.http.authentication import only
from shared.http.forms import Short
from shared.http.lookups import route_of
from shared.http.state import part_of
from shared.tokens import Identity

router: Final = APIRouter(prefix="/people", tags=["people"], route_class=Short)
Coordinator = Annotated[Identity, Depends(only("coordinator"))]


class PersonAsked(BaseModel):
    """Whose record, and why: the pseudonym stands in no address, which servers write down."""

    participant: Annotated[str, Field(pattern=SLUG_PATTERN, description="The pseudonym.")]
    reason: LookupReason


@router.post("/record", summary="All that is held of one person, for the own area only")
async def post_record(request: Request, response: Response, sender: Coordinator, asked: PersonAsked) -> dict[str, Any]:
    """Give every event that names a person, every row that a figure is made of, and every look-up."""
    token = request.headers["authorization"].partition(" ")[2].strip()
    response.headers["Cache-Control"] = "no-store"
    shown = Shown(route_of(request), ONE_PERSON, [asked.participant], asked.reason)
    return await part_of(request, PersonRecords).record(token, sender, shown)
