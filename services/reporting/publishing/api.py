"""The routes of published reports: which there are, each as it was published, and what has changed since."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.reporting.publishing.service import Publishing
from services.reporting.reader.reading import READERS_ALONE, Reader, kept
from shared.accounts import accounts_of
from shared.http.state import part_of

Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="The sequence of the event that published it.")]


router = APIRouter(prefix="/published", tags=["published reports"], dependencies=READERS_ALONE)


@router.get("", summary="The published reports")
async def get_published(request: Request) -> dict[str, list[dict[str, Any]]]:
    """List published reports, the newest first."""
    publishing = part_of(request, Publishing)
    return {"published": await publishing.listed()}


@router.get("/{number}", summary="A report as it was published")
async def get_published_report(request: Request, number: Number) -> Response:
    """Give a report exactly as it was published, byte for byte."""
    publishing = part_of(request, Publishing)
    told, body = await publishing.frozen(number)
    # It never changes, but who may read it can.
    return Response(body, headers=kept(f'"{told["digest"]}"'), media_type="application/json")


@router.get("/{number}/changes", summary="What has changed since")
async def get_changes(request: Request, number: Number, reader: Reader) -> dict[str, Any]:
    """Compare a published report with the same report now: every figure that differs, then and now."""
    publishing = part_of(request, Publishing)
    return await publishing.changes(number, accounts_of(reader))
