"""Notes that a visitor is about to be shown people, before a page shows them (ADR 116)."""

from collections.abc import Iterable

from fastapi import Request

from services.reporting.web.visitor import Visitor
from shared import clock
from shared.backbone import lookups
from shared.backbone.lookups import Shown
from shared.http.state import state_of


async def note_page(request: Request, visitor: Visitor, path: str, collection: str, people: Iterable[str]) -> None:
    """Note who is shown whom on the page of a path; a page that shows nobody is not noted."""
    shown = Shown(f"{request.method} {path}", collection, list(people))
    if not shown.people:
        return
    async with state_of(request).pool.acquire() as connection, connection.transaction():
        await lookups.append(connection, visitor.identity, shown, clock.now())
