"""The page of a person's rights: a coordinator is shown, or prints, all that is held of one person of the own area.

The pseudonym comes in a form and stands in no address. What is made is kept nowhere.
"""

from datetime import datetime
from typing import Any, Final, get_args

from fastapi import APIRouter, Depends, Request, Response

from services.reporting.person.service import PersonRecords
from services.reporting.person.telling import parts_of, remarks_on
from services.reporting.reader.office import Office
from services.reporting.terms import Json
from services.reporting.web.language import language_of
from services.reporting.web.press import Press
from services.reporting.web.print import person_document
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, same_origin, session_of
from services.reporting.words import LOOKUP_REASONS
from shared import clock
from shared.backbone.lookups import ONE_PERSON, Shown
from shared.codes import LookupReason
from shared.errors import BadRequest, Forbidden
from shared.http.forms import FormFields
from shared.http.state import part_of
from shared.pseudonyms import is_pseudonym

PATH: Final = "/people"
ON_PAPER: Final = "pdf"
MEDIA_TYPE: Final = "application/pdf"
# What a browser accepts, and a program does not.
HTML: Final = "text/html"
REASONS: Final[tuple[LookupReason, ...]] = get_args(LookupReason)

router: Final = APIRouter()


@router.get(PATH)
async def get_people(request: Request, visitor: Visiting) -> Response:
    """Show the form; others than coordinators read what it is for."""
    return _shown(request, visitor)


@router.post(PATH, dependencies=[Depends(same_origin)])
async def post_people(request: Request, visitor: Visiting, fields: FormFields) -> Response:
    """Show all that is held of a person, or give it on paper; the look-up is noted with its reason.

    Raises:
        Forbidden: the visitor is no coordinator.
        NotFound: nobody of the visitor's areas is known by that pseudonym.
        BadRequest: what is asked for is no pseudonym, or the reason is none, and it is no browser that asks.
    """
    try:
        record = await _record(request, visitor, fields)
    except BadRequest as wrong:
        if HTML not in request.headers.get("accept", ""):
            raise
        return _shown(request, visitor, wrong=wrong.detail)
    if fields.get("as") != ON_PAPER:
        return _shown(request, visitor, record)
    language = language_of(request.url.path).code
    now = clock.now()
    document = await part_of(request, Press).make_once(
        visitor.held.identifier, person_document.order(record, language, now)
    )
    headers = {"Content-Disposition": f'attachment; filename="{_named(now)}"', "Cache-Control": "no-store"}
    return Response(document, headers=headers, media_type=MEDIA_TYPE)


async def _record(request: Request, visitor: Visitor, fields: dict[str, str]) -> Json:
    if visitor.identity.role != "coordinator" or visitor.may_switch:
        raise Forbidden("only coordinators of a person's area see what is held of it")
    person, reason = fields.get("participant", "").strip(), _reason(fields)
    if not is_pseudonym(person):
        raise BadRequest("invalid_form", "this is no pseudonym")
    token = await part_of(request, Office).token(session_of(request))
    shown = Shown(f"POST {PATH}", ONE_PERSON, [person], reason)
    return await part_of(request, PersonRecords).record(token, visitor.identity, shown)


def _reason(fields: dict[str, str]) -> LookupReason:
    for reason in REASONS:
        if reason == fields.get("reason"):
            return reason
    raise BadRequest("invalid_form", "there is no such reason")


def _shown(request: Request, visitor: Visitor, record: Json | None = None, wrong: str = "") -> Response:
    language = language_of(request.url.path).code
    told: dict[str, Any] = {"parts": [], "remarks": []}
    if record is not None:
        told = {"parts": parts_of(record, language), "remarks": remarks_on(record, language)}
    return page(
        request,
        "people.html",
        visitor=visitor,
        record=record,
        wrong=wrong,
        told=told,
        may_look=visitor.identity.role == "coordinator" and not visitor.may_switch,
        reasons=[(reason, LOOKUP_REASONS[reason][0 if language == "da" else 1]) for reason in REASONS],
    )


def _named(now: datetime) -> str:
    return f"person-{now:%Y-%m-%d}.pdf"
