"""The page on which administrators look after who may sign in. Owns the forms; access decides and remembers."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, get_args

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting.reader.office import KINDS, Office
from services.reporting.settings import ReportingSettings
from services.reporting.web.language import language_of
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, Visitor, same_origin, session_of
from shared import clock
from shared.errors import BadRequest, Forbidden, LastAdministrator
from shared.http.forms import FormFields
from shared.http.state import part_of
from shared.tokens import Role

PATH: Final = "/administration"
ROLES: Final = tuple(role for role in get_args(Role) if role != "service")
INVITED: Final = timedelta(hours=1)
KEY_DAYS: Final = 90

router: Final = APIRouter()


@router.get(PATH)
async def get_administration(request: Request, visitor: Visiting) -> Response:
    """Show who may sign in, who is signed in, and which programs have keys.

    Raises:
        Forbidden: the visitor is no administrator.
    """
    return await _shown(request, visitor)


@router.post(f"{PATH}/end", dependencies=[Depends(same_origin)])
async def post_end(request: Request, visitor: Visiting, fields: FormFields) -> Response:
    """End a person, an invitation, a session or a key: within a minute no service takes it.

    Of the last administrator the page says that it is that, and what to do.

    Raises:
        Forbidden: the visitor is no administrator.
    """
    session = _session(request, visitor)
    try:
        await part_of(request, Office).end(session, fields.get("kind", ""), fields.get("name", ""))
    except LastAdministrator as refused:
        return await _shown(request, visitor, refused=refused)
    return RedirectResponse(f"{language_of(request.url.path).prefix}{PATH}", HTTPStatus.SEE_OTHER)


@router.post(f"{PATH}/invitations", dependencies=[Depends(same_origin)])
async def post_invitation(request: Request, visitor: Visiting, fields: FormFields) -> Response:
    """Invite somebody, and show the link this once, at the address that people open.

    Raises:
        Forbidden: the visitor is no administrator.
    """
    asked = {**_rights(visitor, fields), "minutes": int(INVITED.total_seconds() // 60)}
    made = await part_of(request, Office).make(_session(request, visitor), "invitations", asked)
    address = (part_of(request, ReportingSettings).public_url or str(request.base_url)).rstrip("/")
    return await _shown(request, visitor, link=f"{address}/sign-in?invitation={made['secret']}")


@router.post(f"{PATH}/keys", dependencies=[Depends(same_origin)])
async def post_key(request: Request, visitor: Visiting, fields: FormFields) -> Response:
    """Make a key for a program, and show it this once.

    Raises:
        Forbidden: the visitor is no administrator.
    """
    asked = {**_rights(visitor, fields), "days": KEY_DAYS}
    made = await part_of(request, Office).make(_session(request, visitor), "keys", asked)
    return await _shown(request, visitor, key=f"{made['key']}.{made['secret']}")


async def _shown(
    request: Request, visitor: Visitor, link: str = "", key: str = "", refused: LastAdministrator | None = None
) -> Response:
    listed = await part_of(request, Office).listed(_session(request, visitor))
    now = clock.now()
    good = {
        kind: [{**item, "named": item[KINDS[kind]]} for item in items if _is_good(item, now)]
        for kind, items in listed.items()
    }
    return page(
        request,
        "administration.html",
        visitor=visitor,
        status=HTTPStatus.OK if refused is None else refused.status,
        listed=good,
        roles=ROLES,
        link_made=link,
        key_made=key,
        is_last=refused is not None,
    )


def _is_good(item: dict[str, Any], now: datetime) -> bool:
    """Tell whether one is good: neither ended nor taken, and not at its end; a person has none."""
    is_over = "expires" in item and datetime.fromisoformat(item["expires"]) <= now
    return item["ended"] is None and item.get("taken") is None and not is_over


def _session(request: Request, visitor: Visitor) -> str:
    """Give the session that an administrator holds.

    Raises:
        Forbidden: the visitor is none.
    """
    if visitor.identity.role != "admin":
        raise Forbidden("only an administrator looks after who may sign in")
    return session_of(request)


def _rights(visitor: Visitor, fields: dict[str, str]) -> dict[str, Any]:
    """Read whom a form is about; a coordinator is of an area that there is.

    Raises:
        BadRequest: there is no such area (`unknown_area`).
    """
    role, area = fields.get("role", ""), fields.get("area", "")
    if role == "coordinator" and area not in visitor.area_names:
        raise BadRequest("unknown_area", "a coordinator is of an area that is registered")
    return {"name": fields.get("name", ""), "role": role, "areas": [area] if role == "coordinator" else []}
