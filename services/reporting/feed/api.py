"""The routes of the shared feed: its pages, and the stream of it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from services.reporting.feed.service import PAGE, SharedFeed, Until
from services.reporting.reader.passes import Passes
from services.reporting.reader.reading import READERS_ALONE, Holding, reached
from services.reporting.terms import Json
from shared.errors import BadRequest
from shared.http.reading import Filter
from shared.http.state import part_of, state_of

router = APIRouter(tags=["feed"], dependencies=READERS_ALONE)
# The stream by itself, for the pages too, whose visitors are known by a session instead of a token.
following = APIRouter(tags=["feed"], dependencies=READERS_ALONE)

FARTHEST = 2**63 - 1
After = Annotated[int | None, Query(ge=0, le=FARTHEST, description="Go on from here: `next` of the page before.")]
Before = Annotated[int | None, Query(ge=0, le=FARTHEST, description="The newest first, from before this place.")]
LastSeen = Annotated[
    str | None,
    Header(alias="Last-Event-ID", max_length=28, description="The last item at hand; wins over `after`."),
]


@router.get("/feed", summary="What areas share", dependencies=[Depends(reached)])
async def get_feed(
    *,
    request: Request,
    after: After = None,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    area: Filter = None,
) -> dict[str, Any]:
    """List what areas share with one another: plans, activities, milestones, anchoring, practices and stories."""
    if after is not None and before is not None:
        raise BadRequest("two_directions", "a page goes on `after` a place or `before` it")
    feed = part_of(request, SharedFeed)
    page = await (feed.page(after or 0, limit, area) if before is None else feed.page_before(before, limit, area))
    return {"items": page.items, "next": page.next, "more": page.more}


async def _place(request: Request, holding: Holding) -> AsyncIterator[None]:
    """Hold a place among those who follow, until the stream has ended."""
    feed = part_of(request, SharedFeed)
    with feed.shares.held(holding.identifier):
        yield


@following.get(
    "/feed/stream",
    summary="What areas share, as it comes",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "The stream."}},
    dependencies=[Depends(_place), Depends(reached)],
)
async def get_feed_stream(
    request: Request, holding: Holding, after: After = None, area: Filter = None, last_seen: LastSeen = None
) -> StreamingResponse:
    """Send each item as a server-sent event, `item`, or `removed` where one is taken back; comments say it is alive.

    The stream ends with the session or the token that it was opened with.
    """
    feed = part_of(request, SharedFeed)
    consumer = next(each for each in state_of(request).consumers if each.owner == "registry")
    start = after if after is not None else 0
    suffix = consumer.suffix or ""
    if last_seen is not None:
        place, at, epoch = last_seen.partition("@")
        if not place.isdecimal():
            raise BadRequest("invalid_cursor", "Last-Event-ID is the id of an item")
        # What was told before the log was put back may not be in it: all of it is told again.
        start = min(int(place), FARTHEST) if at + epoch == suffix else 0
    until = Until(state_of(request).ending, part_of(request, Passes), state_of(request).trusted, holding)
    return StreamingResponse(
        _events(feed.follow(consumer, start, area, until), suffix),
        media_type="text/event-stream",
        # A gateway must not gather a stream before it passes it on.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(items: AsyncIterator[Json | None], suffix: str) -> AsyncIterator[bytes]:
    """Write items as server-sent events."""
    yield format_sse_event(comment="the feed")
    async for item in items:
        if item is None:
            yield format_sse_event(comment="nothing new")
        else:
            name = "removed" if item["kind"] == "story.removed" else "item"
            yield format_sse_event(data_str=orjson.dumps(item).decode(), event=name, id=f"{item['sequence']}{suffix}")
