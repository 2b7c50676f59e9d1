"""The routes of releases: which there are, what each tells, and to have one made now."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Path, Query, Request

from services.reporting.reader.reading import READERS_ALONE
from services.reporting.releases import store
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releases.service import ReleaseMaker
from services.reporting.releasing.released import Hours, Means, ToldAs
from services.reporting.terms import Json
from services.reporting.terms import number as as_number
from shared.errors import NotFound
from shared.http.authentication import identity, only
from shared.http.reading import Cursor, Filter, PoolOf
from shared.http.state import part_of, state_of
from shared.tokens import Identity, Role

MOST_NUMBER = 2**31 - 1
MOST_AREAS = 50
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
ReleaseNumber = Annotated[int, Path(ge=1, le=MOST_NUMBER, description="The number of a release; the first is 1.")]
# Who may have one made now: the network.
MAKERS: Final[tuple[Role, ...]] = ("admin", "lead")

router = APIRouter(prefix="/releases", tags=["releases"], dependencies=READERS_ALONE)


@router.get("", summary="The releases")
async def get_releases(
    pool: PoolOf,
    before: Annotated[int | None, Query(ge=1, le=MOST_NUMBER, description="The newest from before this one.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="The most that one page holds.")] = 100,
) -> dict[str, Any]:
    """List what was released of people, the newest first, without what it tells."""
    async with pool.acquire() as connection:
        found = await store.heads_before(connection, before or MOST_NUMBER, limit)
    return {"releases": [told_of(head) for head in found], "next": found[-1].number if len(found) == limit else None}


@router.get("/next", summary="What the next release will hold")
async def get_next(request: Request) -> dict[str, Any]:
    """Tell which months are due, from which day the next one is, which areas have registered nothing of it yet."""
    return await part_of(request, ReleaseMaker).outlook()


@router.get("/{number}", summary="A release")
async def get_release(pool: PoolOf, number: ReleaseNumber) -> dict[str, Any]:
    """Tell of which months a release is, at which place of each log it was made, and the digest of what it tells."""
    async with pool.acquire() as connection:
        head = await store.head(connection, number)
    return told_of(_found(head, number))


@router.get("/{number}/cells", summary="What a release tells")
async def get_cells(
    *,
    pool: PoolOf,
    number: ReleaseNumber,
    area: Filter = None,
    cursor: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=MOST_AREAS, description="The most areas that one page holds.")] = 10,
) -> dict[str, Any]:
    """List the cells that a release tells, area by area, the network's first; or those of one area.

    `value` is a count or hours, `means` are those of pairs. Where both are null, `withheld` says whether a count is
    `small`, from 0 to 4, `large`, or neither.
    """
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        head = _found(await store.head(connection, number), number)
        areas = [area] if area is not None else await store.areas_after(connection, number, cursor or None, limit)
        cells = [row for each in areas for row in _cells(head, each, await store.told(connection, number, each))]
    return {"cells": cells, "next": areas[-1] or "-" if area is None and len(areas) == limit else None}


@router.post("", status_code=202, summary="Make a release now", dependencies=[Depends(only(*MAKERS))])
async def post_release(
    request: Request,
    sender: Annotated[Identity, Depends(identity)],
    month: Annotated[
        str | None, Body(embed=True, pattern=MONTH, description="Up to which month; else the newest that is closed.")
    ] = None,
) -> dict[str, Any]:
    """Begin to make a release of the newest closed month, or of the one asked for; several where some are missing.

    Nothing is waited for that the areas might still register. `409` says why none can be made: `already_running`,
    `released_already`, `month_not_over`, `nothing_to_release`, `too_many_months`, or `not_caught_up`, which passes.
    """
    wanted = date.fromisoformat(f"{month}-01") if month else None
    releases = part_of(request, ReleaseMaker)
    months = await releases.order(state_of(request).consumers, wanted, sender.role)
    return {"months": [f"{each:%Y-%m}" for each in months]}


def told_of(head: ReleaseHead) -> Json:
    """Tell of a release without its cells."""
    days = head.period
    return {
        "number": head.number,
        "month": f"{head.month:%Y-%m}",
        "from": days.first_day.isoformat(),
        "to": days.last_day.isoformat(),
        "cursor": head.cursor,
        "threshold": head.threshold,
        "digest": head.digest,
        "made": head.made.isoformat(),
        "made_by": head.made_by,
        "sequence": head.sequence,
        "changed": head.changed,
    }


def _found(head: ReleaseHead | None, number: int) -> ReleaseHead:
    if head is None:
        raise NotFound(f"there is no release {number}")
    return head


def _cells(head: ReleaseHead, area: str, told: store.ToldCells) -> list[Json]:
    rows = []
    for cell, value in sorted(told.items()):
        days = head.calendar.period(cell.months)
        rows.append(
            {
                "area": area or None,
                "name": cell.name,
                "from": days.first_day.isoformat(),
                "to": days.last_day.isoformat(),
                "of": list(cell.of),
                "value": _value(value),
                "means": asdict(value) if isinstance(value, Means) else None,
                "withheld": value if isinstance(value, str) else None,
            }
        )
    return rows


def _value(told: ToldAs) -> float | int | None:
    if isinstance(told, Hours):
        return as_number(Decimal(told.hundredths) / 100)
    return told if isinstance(told, int) else None
