"""The page of who did what: who sent the events of each log, what operators did, and who changed whose access.

Owns no list: each is asked of its service in the name of the session, which decides whether it may be seen.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response

from services.reporting.reader.office import Office
from services.reporting.terms import Json, Row
from services.reporting.web.rendering import page
from services.reporting.web.visitor import Visiting, session_of
from shared.backbone import deeds, event_log
from shared.errors import Forbidden
from shared.http.reading import PoolOf
from shared.http.state import part_of
from shared.tokens import Role

SHOWN: Final = 100
FARTHEST: Final = 2**63 - 1
READERS: Final[tuple[Role, ...]] = ("admin", "auditor")
NotedBy = Literal["access", "registry", "funding", "reporting"]
# Whose list is shown, in the order in which they are offered.
KEPT: Final[tuple[NotedBy, ...]] = ("access", "registry", "funding", "reporting")

router: Final = APIRouter()


@router.get("/log")
async def get_log(
    request: Request,
    visitor: Visiting,
    pool: PoolOf,
    of: NotedBy = "access",
    before: Annotated[int, Query(ge=1, le=FARTHEST)] = FARTHEST,
) -> Response:
    """Show who did what, the newest first, by the names that access has for the opaque ones.

    Raises:
        Forbidden: this is for administrators and auditors.
    """
    if visitor.identity.role not in READERS:
        raise Forbidden("administrators and auditors see who did what")
    office, session = part_of(request, Office), session_of(request)
    if of == "access":
        lines, done = [_change(row) for row in await office.changes(session, before, SHOWN)], []
    elif of == "reporting":
        async with pool.acquire() as connection:
            lines = _sent(await event_log.authors(connection, before, SHOWN))
            done = await deeds.latest(connection, FARTHEST, SHOWN)
    else:
        lines = _sent(await office.of_service(session, of, "authors", before, SHOWN))
        done = await office.of_service(session, of, "deeds", FARTHEST, SHOWN)
    names = await office.names(session) if visitor.identity.role == "admin" else {}
    older = lines[-1]["number"] if len(lines) == SHOWN and lines[-1]["number"] > 1 else None
    return page(
        request, "log.html", visitor=visitor, of=of, kept=KEPT, names=names, lines=lines, done=done, older=older
    )


def _change(row: Row) -> Json:
    return {**row, "at": row["changed_at"], "who": row["changed_by"]}


def _sent(rows: Iterable[Any]) -> list[Json]:
    return [{**row, "number": row["sequence"], "at": row["recorded"], "who": row["authid"]} for row in rows]
