"""The page of mail and calendar, the pages that the links of mails lead to, and the calendar itself. Owns the forms.

Links and the calendar's address are opened by people who are not signed in: what they carry is a secret of its own.
"""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.settings import ReportingSettings
from services.reporting.subscriptions.service import Subscriptions
from services.reporting.web import calendars
from services.reporting.web.language import language_of
from services.reporting.web.letters import CONFIRM, STOP
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, same_origin, session_of
from shared.errors import BadRequest
from shared.http.forms import FormFields
from shared.http.reading import NO_NUL
from shared.http.state import part_of

PATH: Final = "/subscriptions"
CALENDAR: Final = "/calendar.ics"
Link = Annotated[str, Query(max_length=100, pattern=NO_NUL)]

router: Final = APIRouter()
calendar: Final = APIRouter()


@router.get(PATH)
async def get_subscriptions(request: Request, visitor: Visiting) -> Response:
    """Show what the visitor is sent, and the forms to change it."""
    return await _shown(request, visitor)


@router.post(f"{PATH}/mail", dependencies=[Depends(same_origin)])
async def post_mail(request: Request, visitor: Visiting, fields: FormFields) -> Response:
    """Subscribe to mail on Mondays at an address, which is asked first."""
    language = language_of(request.url.path).code
    subscriptions, who = part_of(request, Subscriptions), visitor.held.identifier
    try:
        await subscriptions.subscribe(session_of(request), who, fields.get("address", "").strip(), language)
    except BadRequest:
        return await _shown(request, visitor, wrong=fields.get("address", ""))
    return _back(request)


@router.post(f"{PATH}/mail/stop", dependencies=[Depends(same_origin)])
async def post_mail_stop(request: Request, visitor: Visiting) -> Response:
    """Send the visitor no more mail."""
    await part_of(request, Subscriptions).stop(visitor.held.identifier)
    return _back(request)


@router.post(f"{PATH}/calendar", dependencies=[Depends(same_origin)])
async def post_calendar(request: Request, visitor: Visiting) -> Response:
    """Make a new address of the visitor's calendar, and show it this once."""
    language = language_of(request.url.path).code
    who = visitor.held.identifier
    secret = await part_of(request, Subscriptions).make_calendar(session_of(request), who, language)
    return await _shown(request, visitor, made=f"{_public(request)}{CALENDAR}?address={secret}")


@router.post(f"{PATH}/calendar/stop", dependencies=[Depends(same_origin)])
async def post_calendar_stop(request: Request, visitor: Visiting) -> Response:
    """Let the address of the visitor's calendar lead nowhere."""
    await part_of(request, Subscriptions).end_calendar(visitor.held.identifier)
    return _back(request)


@router.get(CONFIRM)
async def get_confirm(request: Request, link: Link = "") -> Response:
    """Ask whether mail shall come: looking at the page, as a mail's scanner does, confirms nothing."""
    return _asked(request, "confirm", CONFIRM, link)


@router.post(CONFIRM, dependencies=[Depends(same_origin)])
async def post_confirm(request: Request, link: Link) -> Response:
    """Note that whoever reads the mail at the address wants it.

    Raises:
        NotFound: there is no such subscription any more.
    """
    await part_of(request, Subscriptions).confirm(link)
    return page(request, "subscription.html", asked="confirmed", action="", secret="")


@router.get(STOP)
async def get_stop(request: Request, link: Link = "") -> Response:
    """Ask whether mail shall come no more."""
    return _asked(request, "stop", STOP, link)


@router.post(STOP)
async def post_stop(request: Request, link: Link) -> Response:
    """Send no more mail; a mail program says this too, with one click and from no page of ours (RFC 8058)."""
    await part_of(request, Subscriptions).stop_link(link)
    return page(request, "subscription.html", asked="stopped", action="", secret="")


@calendar.get(CALENDAR)
async def get_calendar(request: Request, address: Annotated[str, Query(max_length=100, pattern=NO_NUL)]) -> Response:
    """Give the calendar of whoever has this address.

    Raises:
        NotFound: nothing is at this address any more.
    """
    dates = await part_of(request, Subscriptions).dates(address)
    return Response(calendars.written(dates, _public(request)), media_type=calendars.MEDIA_TYPE)


def _asked(request: Request, asked: str, action: str, secret: str) -> Response:
    """Ask what the link of a mail is for; a link that lost its secret on the way is said to be no whole link."""
    if not secret:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(request, "subscription.html", status=status, asked="broken", action="", secret="")
    return page(request, "subscription.html", asked=asked, action=action, secret=secret)


async def _shown(request: Request, visitor: Visitor, wrong: str | None = None, made: str = "") -> Response:
    settings = part_of(request, ReportingSettings)
    return page(
        request,
        "subscriptions.html",
        visitor=visitor,
        status=HTTPStatus.OK if wrong is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        subscribed=await part_of(request, Subscriptions).of(visitor.held.identifier),
        is_sent=settings.smtp_url is not None,
        wrong=wrong,
        made=made,
    )


def _public(request: Request) -> str:
    return (part_of(request, ReportingSettings).public_url or str(request.base_url)).rstrip("/")


def _back(request: Request) -> Response:
    return RedirectResponse(f"{language_of(request.url.path).prefix}{PATH}", HTTPStatus.SEE_OTHER)
