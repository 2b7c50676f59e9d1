"""The pages of the forms: a list of them, one for each event, and what became of it. Owns no rule and no event."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from services.reporting.entry.field_words import NEW, THEMES, said_by
from services.reporting.entry.posting import Intakes, Posted
from services.reporting.entry.service import Entry
from services.reporting.entry.shapes import IN_ROWS, FormField, form_of
from services.reporting.reader.reading import reached
from services.reporting.terms import Json
from services.reporting.web.entry import drafts
from services.reporting.web.entry.controls import Choices, Drawing
from services.reporting.web.entry.drafts import Draft
from services.reporting.web.entry.filled import data_of, without_blank_rows
from services.reporting.web.entry.naming import with_names
from services.reporting.web.entry.refusing import has_to_be_confirmed, message, wrong_by_path
from services.reporting.web.language import PageLanguage, language_of, marked
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, recognised, same_origin, session_of
from services.reporting.web.writing import said
from shared import clock
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.events.envelope import AREA_PREFIX, EventData
from shared.events.every_event import EVENTS
from shared.http.forms import LongFormFields
from shared.http.state import part_of

PATH: Final = "/register"
MORE: Final = "more:"
PREVIEW: Final = "preview"
NETWORK_NAME: Final = marked("Netværket")
router: Final = APIRouter()
EventName = Annotated[str, Path(description="The name of an event, such as `goal.set`.")]


@router.get(PATH)
async def get_forms(request: Request, visitor: Visiting) -> Response:
    """Show which forms there are for this visitor.

    Raises:
        Forbidden: the visitor's role posts nothing.
    """
    shown = _offered(visitor)
    code = language_of(request.url.path).code
    themes = [
        (said(title, code), [event for event in shown if event.event_name.partition(".")[0] in names])
        for names, title in THEMES
    ]
    return page(request, "register.html", visitor=visitor, themes=themes)


@router.get(f"{PATH}/{{name}}", dependencies=[Depends(reached)])
async def get_form(request: Request, visitor: Visiting, name: EventName) -> Response:
    """Show the form of an event; what the address says of its fields is filled in.

    Raises:
        Forbidden: the visitor's role posts nothing.
        NotFound: there is no such form for this visitor.
    """
    event = _event(visitor, name)
    fields = {field.name for field in form_of(event)}
    typed = {key: [value] for key, value in request.query_params.items() if key in fields}
    own = visitor.identity.areas
    if "area" in fields and len(own) == 1:
        typed.setdefault("area", list(own))
    draft = drafts.begun(_sources(visitor), clock.now(), typed)
    return await _shown(request, visitor, event, draft)


@router.post(f"{PATH}/{{name}}", dependencies=[Depends(same_origin)])
async def post_form(request: Request, name: EventName, fields: LongFormFields) -> Response:
    """Post what was typed to the intake, and show what became of it; whoever is signed out by then loses nothing.

    Raises:
        Forbidden: the visitor's role posts nothing.
        NotFound: there is no such form for this visitor.
    """
    visitor = await recognised(request)
    if visitor is None:
        return await _signed_out(request, name, fields)
    event = _event(visitor, name)
    draft = drafts.read(fields, _sources(visitor), clock.now())
    if draft.action.startswith(MORE):
        return await _shown(request, visitor, event, draft)
    language = language_of(request.url.path)
    form = form_of(event)
    choices = await _choices(request, visitor)
    typed = with_names(name, without_blank_rows(form, draft.typed), choices, language.code)
    draft = Draft(draft.id, draft.time, draft.source, typed, draft.action, draft.acknowledged)
    if draft.action == PREVIEW:
        return await _shown(request, visitor, event, draft, is_preview=True)
    told = drafts.event_of(draft, event, data_of(form, typed, language.code))
    try:
        session = session_of(request)
        posted = await part_of(request, Intakes).post(
            session, event.event_owner, [told], acknowledged=draft.acknowledged
        )
    except Unauthenticated:
        return await _signed_out(request, name, fields)
    if posted.is_stored:
        return _registered(request, visitor, event, told, posted)
    return await _shown(request, visitor, event, _again(draft, posted), posted)


def _registered(request: Request, visitor: Visitor, event: type[EventData], told: Json, posted: Posted) -> Response:
    language = language_of(request.url.path)
    return page(
        request,
        "registered.html",
        visitor=visitor,
        event=event,
        posted=posted,
        told=told,
        made=[told["data"][name] for of, name in NEW if of == event.event_name and name in told["data"]],
        warnings=[message(warning, language.code) for warning in posted.warnings],
    )


def _again(draft: Draft, posted: Posted) -> Draft:
    """Give what is shown after a refusal: a new event, as nothing is stored; what may be stored keeps its id."""
    if posted.is_away:
        return draft
    return Draft(drafts.new_id(), clock.now().isoformat(timespec="seconds"), draft.source, draft.typed)


async def _shown(  # noqa: PLR0913  what a form is shown with
    request: Request,
    visitor: Visitor | None,
    event: type[EventData],
    draft: Draft,
    posted: Posted | None = None,
    *,
    is_preview: bool = False,
) -> Response:
    language = language_of(request.url.path)
    form = form_of(event)
    refusals = posted.refusals if posted else ()
    wrong = wrong_by_path(refusals, form, language.code)
    choices = await _choices(request, visitor) if visitor else {}
    more = draft.action.removeprefix(MORE) if draft.action.startswith(MORE) else ""
    controls = Drawing(event.event_name, draft.typed, wrong, choices, language.code, more).draw(form)
    return page(
        request,
        "register_event.html",
        visitor=visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK,
        event=event,
        draft=draft,
        controls=controls,
        wrong=wrong,
        sources=_named_sources(visitor, language) if visitor else [(draft.source, draft.source)],
        is_preview=is_preview,
        is_large=_is_large(form),
        is_of_people=any(field.kind in {"person", "people"} for field in form),
        is_away=bool(posted and posted.is_away),
        has_to_be_confirmed=has_to_be_confirmed(refusals),
    )


async def _signed_out(request: Request, name: str, fields: Mapping[str, Sequence[str]]) -> Response:
    """Show what was typed to whoever is signed out by now: nothing of ours stands beside it."""
    event = drafts.BY_NAME.get(name)
    if event is None:
        raise Unauthenticated("nobody is signed in")
    shown = await _shown(request, None, event, drafts.read(fields, [], clock.now()))
    shown.status_code = HTTPStatus.UNAUTHORIZED
    return shown


async def _choices(request: Request, visitor: Visitor) -> Choices:
    areas = visitor.identity.areas if visitor.identity.role == "coordinator" else None
    return await part_of(request, Entry).choices(areas)


def _offered(visitor: Visitor) -> list[type[EventData]]:
    if not _sources(visitor):
        raise Forbidden("this role registers nothing")
    as_network = visitor.identity.role == "admin"
    return [event for event in EVENTS if said_by(event, as_network=as_network)]


def _event(visitor: Visitor, name: str) -> type[EventData]:
    found = next((event for event in _offered(visitor) if event.event_name == name), None)
    if found is None:
        raise NotFound("there is no such form")
    return found


def _sources(visitor: Visitor) -> list[str]:
    return drafts.said_by_areas_too(visitor.identity, visitor.area_names)


def _named_sources(visitor: Visitor, language: PageLanguage) -> list[tuple[str, str]]:
    names = {f"{AREA_PREFIX}{area}": name for area, name in visitor.area_names.items()}
    return [(source, names.get(source, language.gettext(NETWORK_NAME))) for source in _sources(visitor)]


def _is_large(form: Sequence[FormField]) -> bool:
    """Tell whether a form is looked through before it is sent: it has rows, or a text."""
    return any((field.kind in IN_ROWS and field.is_required) or field.kind == "text" for field in form)
