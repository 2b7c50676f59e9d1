"""The routes that make a file's report again as it was: as JSON, a workbook or a document, to hold the file against."""

import functools
from dataclasses import replace
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from services.reporting.exports import workbook
from services.reporting.exports.service import Files, Form
from services.reporting.reader.origin import Origin
from services.reporting.reader.reading import AT_LEAST, READERS_ALONE, Days, Holding, own_areas, told_of, wanted
from services.reporting.remaking.service import Remade, Remaking
from services.reporting.web.press import Press
from services.reporting.web.printing import MEDIA_TYPE, order_of
from services.reporting.web.writing import Code
from shared.errors import BadRequest
from shared.events.fields import FIRST_DAY, LAST_DAY
from shared.http.reading import NO_NUL
from shared.http.state import part_of
from shared.tokens import Pass

OWNERS: Final = ("registry", "funding", "reporting")
# Whose work it is to hold old files against the logs: for others it would be a way to keep reporting busy.
MAY_FOLD: Final = ("auditor", "admin")
LongName = Annotated[str, Query(max_length=200, pattern=NO_NUL, description="The report's path, such as `network`.")]
AtPlace = Annotated[str, Query(max_length=100, description="The place of the logs, with all three owners.")]
OnDay = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY, description="The day on which the file was made.")]


async def _asked(holding: Holding, days: Days, report: LongName, cursor: AtPlace, day: OnDay) -> tuple[Pass, Remade]:
    who = holding.identity
    places = {found[1]: int(found[2]) for found in map(AT_LEAST.fullmatch, cursor.split(",")) if found}
    if places.keys() != set(OWNERS):
        raise BadRequest("invalid_cursor", "cursor looks like registry:1234,funding:77,reporting:5")
    remade = Remade(
        report, wanted(who, days), told_of(who), frozenset(own_areas(who)), places, day, who.role in MAY_FOLD
    )
    about = wanted(who, days, area=remade.parts["area"], plan=remade.parts["plan"])
    return holding, replace(remade, wanted=about)


@functools.cache
def routes() -> APIRouter:
    """Make the routes."""
    router = APIRouter(prefix="/remade", tags=["verification"], dependencies=READERS_ALONE)

    @router.get("/{form}", summary="A report as it was, to hold a file against", response_class=Response)
    async def get_remade(
        request: Request,
        form: Literal["json", "xlsx", "pdf"],
        asked: Annotated[tuple[Pass, Remade], Depends(_asked)],
        language: Annotated[Code, Query(description="The language of the file.")] = "da",
    ) -> Response:
        """Make a report again as this reader was told it at a place of the logs: one at a time."""
        holding, remade = asked
        made = await part_of(request, Remaking).report(remade)
        if form == "json":
            return Response(made.report.body, media_type="application/json")
        origin = Origin.named(request, holding.identity, remade.report, remade.day)
        if form == "pdf":
            order = await order_of(made.report, language, origin, made.beside)
            return Response(await part_of(request, Press).make_once(holding.identifier, order), media_type=MEDIA_TYPE)
        named = "-".join(name for name in remade.parts.values() if name)
        file = await part_of(request, Files).of_report(
            holding.identifier, made.report, remade.kind, named, Form("xlsx", language), origin
        )
        return Response(file.content, media_type=workbook.MEDIA_TYPE)

    return router
