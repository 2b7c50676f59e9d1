"""Registering without a net: the page that a browser keeps, what its rosters are made from, and what it sends later.

The page and its scripts are for everybody and hold nobody's data; the rosters are sealed in the browser (ADR 140). What
was saved there comes to the same intake as everything else.
"""

import functools
import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.reporting.entry.field_words import ABSENT_BECAUSE
from services.reporting.entry.posting import Refusal
from services.reporting.entry.service import Entry
from services.reporting.entry.shapes import form_of
from services.reporting.reader.reading import own_areas, reached
from services.reporting.terms import Json
from services.reporting.web import assets, language, rendering
from services.reporting.web.entry import drafts
from services.reporting.web.entry.drafts import Draft
from services.reporting.web.entry.filled import path_of
from services.reporting.web.entry.refusing import message
from services.reporting.web.entry.rosters import NO_REASON
from services.reporting.web.entry.saying import say
from services.reporting.web.language import language_of
from services.reporting.web.noting import note_page
from services.reporting.web.rendering import page
from services.reporting.web.visitor import OWN_AREA, Visiting, same_origin
from services.reporting.web.writing import said
from shared import clock
from shared.errors import BadRequest, Forbidden
from shared.events.envelope import AREA_PREFIX
from shared.events.fields import FIRST_DAY, LAST_DAY, SLUG_PATTERN
from shared.events.registry.people import AttendanceRecorded
from shared.http.browsers import WORKER_POLICY
from shared.http.forms import LONG_FORM_BYTES, bounded
from shared.http.state import part_of

PATH: Final = "/offline"
ROSTERS: Final = f"{PATH}/rosters"
SESSIONS: Final = f"{PATH}/sessions"
MANIFEST: Final = "/manifest.webmanifest"
WORKER: Final = "/service-worker.js"
# What the page needs beside itself.
SCRIPTS: Final = (
    "pages",
    "names",
    "pseudonyms",
    "vault",
    "queue",
    "queue_store",
    "open_vault",
    "roster_fields",
    "offline",
)
KEPT: Final = ("pages.css", "icon.svg", *(f"{name}.js" for name in SCRIPTS))
ICONS: Final = ((192, "icon-192.png"), (512, "icon-512.png"))
A_DAY: Final = timedelta(days=1)
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]

router: Final = APIRouter()
# What has one address, whatever the language.
worker: Final = APIRouter()


class WhatWasTyped(BaseModel):
    """What a roster said, as far as it can be compared; whether it is right is for the intake to say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    participants: list[str] | None = None
    absent: list[dict[str, str]] | None = None
    guests: int | float | str | None = None
    headcount: int | float | str | None = None
    hours: int | float | str | None = None


class SavedSession(BaseModel):
    """A session as a browser saved it: what it says, when that was said, and what had been seen of it before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    activity: Slug
    session: Slug
    date: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
    said: WhatWasTyped
    time: Annotated[str, Field(max_length=40)]
    seen: Annotated[int, Field(ge=0)]


@router.get(PATH)
async def get_offline(request: Request) -> Response:
    """Show the page on which sessions are registered without a net; it is the same for everybody."""
    code = language_of(request.url.path).code
    reasons = [(NO_REASON, ""), *((reason, said(word, code)) for reason, word in ABSENT_BECAUSE.items())]
    return page(request, "offline.html", reasons=reasons, scripts=SCRIPTS)


@router.get(ROSTERS, dependencies=[Depends(reached)])
async def get_rosters(request: Request, visitor: Visiting) -> Response:
    """Give what rosters are made from where there is no net, of the visitor's own areas.

    Raises:
        Forbidden: the visitor has no area.
    """
    areas = own_areas(visitor.identity)
    if not areas:
        raise Forbidden("only a coordinator has an area")
    found = await part_of(request, Entry).kept_rosters(areas, clock.today())
    people = sorted({who for activity in found for who in _people(activity)})
    await note_page(request, visitor, ROSTERS, "rosters to keep without a net", people)
    told = {"areas": {area: visitor.area_names.get(area, area) for area in sorted(areas)}, "activities": found}
    return _json(told)


def _people(activity: Mapping[str, Any]) -> list[str]:
    return [
        *(person for person, _, _ in activity["people"]),
        *(who for session in activity["sessions"] for who in session["participants"]),
        *(absence["participant"] for session in activity["sessions"] for absence in session["absent"]),
    ]


@router.post(SESSIONS, dependencies=[Depends(same_origin)])
async def post_session(request: Request, visitor: Visiting) -> Response:
    """Post a session that a browser saved to the intake, and say what came of it: stored, refused, taken or away.

    Raises:
        BadRequest: this is no session that a browser saved.
        NotFound: there is no such activity.
        Forbidden: it is of an area that is not the visitor's own.
    """
    try:
        saved = SavedSession.model_validate_json(await bounded(request, LONG_FORM_BYTES))
    except ValidationError as error:
        raise BadRequest("invalid_value", "this is no session that was saved here") from error
    entry = part_of(request, Entry)
    roster = await entry.roster(saved.activity, saved.date, own_areas(visitor.identity), saved.session)
    named = {"activity": saved.activity, "session": saved.session, "date": saved.date.isoformat()}
    identifier = drafts.id_of_session(saved.activity, saved.session, saved.seen)
    draft = Draft(identifier, _stated(saved, clock.now()), f"{AREA_PREFIX}{roster.area}", {})
    told = drafts.event_of(draft, AttendanceRecorded, {**saved.said.model_dump(exclude_unset=True), **named})
    outcome = await say(request, visitor, roster, told, saved.seen)
    if (posted := outcome.posted) is None:
        await note_page(request, visitor, SESSIONS, f"roster of {saved.activity}", _of_session(outcome.roster.recorded))
        return _json({"outcome": "taken", "recorded": _recorded(outcome.roster.recorded)})
    if posted.is_away:
        return _json({"outcome": "away"}, HTTPStatus.SERVICE_UNAVAILABLE)
    if posted.refusals:
        return _json({"outcome": "refused", "refusals": [_refusal(each) for each in posted.refusals]})
    place = posted.sequence or outcome.roster.seen
    return _json({"outcome": "stored", "sequence": place, "cursor": posted.cursor})


def _stated(saved: SavedSession, now: datetime) -> str:
    """Give when a session was stated: as the browser says, or now where its clock cannot be right.

    Nobody can set the clock of a telephone in what was saved there. Sent again it says the same of the session, and is
    known again by that (ADR 141).
    """
    try:
        stated = datetime.fromisoformat(saved.time)
    except ValueError:
        return saved.time
    is_possible = stated.tzinfo is not None and saved.date - A_DAY <= stated.date() and stated <= now
    return saved.time if is_possible else now.isoformat(timespec="seconds")


def _of_session(recorded: Mapping[str, Any] | None) -> list[str]:
    if recorded is None:
        return []
    return [*recorded["participants"], *(absence["participant"] for absence in recorded["absent"])]


def _recorded(recorded: Mapping[str, Any] | None) -> Json:
    found = dict(recorded or {"sequence": 0})
    return {**{name: value for name, value in found.items() if name != "held_on"}, "date": found.get("held_on")}


def _refusal(refusal: Refusal) -> Json:
    path = path_of(refusal.pointer, form_of(AttendanceRecorded))
    texts = {code: message(refusal.code, code) for code in language.languages()}
    return {"code": refusal.code, "path": path, "text": texts}


@router.get(MANIFEST)
async def get_manifest(request: Request) -> Response:
    """Describe the pages as an application that can be installed."""
    spoken = language_of(request.url.path)
    icons = [{"src": assets.address(name), "sizes": f"{size}x{size}", "type": "image/png"} for size, name in ICONS]
    told = {
        "id": "/",
        "name": "Helhedsnet",
        "short_name": "Helhedsnet",
        "lang": spoken.code,
        "start_url": f"{spoken.prefix}{OWN_AREA}",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b4f6c",
        "icons": [*icons, {"src": assets.address("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(orjson.dumps(told), media_type="application/manifest+json")


@worker.get(WORKER)
async def get_worker() -> Response:
    """Give the script that keeps the page, with the addresses of all that the page needs."""
    headers = {"Content-Security-Policy": WORKER_POLICY, "Service-Worker-Allowed": "/"}
    return Response(worker_script(), headers=headers, media_type="text/javascript; charset=utf-8")


@functools.cache
def worker_script() -> str:
    """Give the script of the service worker: it is a different one whenever what it keeps is."""
    pages = [f"{known.prefix}{PATH}" for known in language.languages().values()]
    files = [assets.address(name) for name in KEPT]
    sources = [*sorted(rendering.FOLDER.iterdir()), *sorted(language.FOLDER.glob("*.po"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    digest.update(orjson.dumps(files))
    kept = {"name": f"helhedsnet-{digest.hexdigest()[:12]}", "pages": pages, "files": files}
    script = (assets.FOLDER / "service_worker.js").read_text()
    return f"const KEPT = {orjson.dumps(kept).decode()};\n{script}"


def _json(told: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:  # noqa: ANN401  whatever is told
    return Response(orjson.dumps(told, default=_written), status, media_type="application/json")


def _written(value: Any) -> Any:  # noqa: ANN401  what JSON has no word for
    return float(value)
