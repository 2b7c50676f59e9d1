"""Whether a service is there, takes requests and does its work, and what it measures. Owns no rule."""

import asyncio
import contextlib
import functools
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import clock, database
from shared.backbone import dead_letters, event_log
from shared.http import problems
from shared.http.state import State, state_of


@functools.cache
def health_routes(*, is_followed_back: bool) -> APIRouter:
    """Make the routes of one service; `is_followed_back` tells that those it follows follow it too (ADR 23)."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/live", summary="The process answers")
    async def get_live() -> dict[str, str]:
        """Say that the process is there."""
        return {"status": "live"}

    @router.get("/health/serving", summary="The service takes requests")
    async def get_serving(request: Request) -> Response:
        """Say whether requests may be sent here: not any more once the service has been told to end."""
        if state_of(request).ending.is_set():
            return problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_serving", "the service is about to end")
        return Response('{"status":"serving"}', media_type="application/json")

    @router.get("/health/ready", summary="The service does its work")
    async def get_ready(request: Request) -> Response:
        """Say whether the database answers and takes writes, consumers follow, and nothing in the background fails."""
        checks = _checks(state_of(request), is_followed_back=is_followed_back)
        if not all(checks.values()):
            failing = ", ".join(name for name, passed in checks.items() if not passed)
            return problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_ready", f"not ready: {failing}")
        return Response('{"status":"ready"}', media_type="application/json")

    @router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
    async def get_metrics(request: Request) -> Response:
        """Give what the service counts about itself, and how far it has come at this moment."""
        state = state_of(request)
        await _measure(state)
        return Response(generate_latest(state.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _checks(state: State, *, is_followed_back: bool) -> dict[str, bool]:
    """Tell of each thing that a service needs whether it is there."""
    # What takes events goes on taking them while the one that it follows is away, or neither could start first.
    checks = {
        f"follows_{consumer.owner}": consumer.able if is_followed_back else consumer.healthy
        for consumer in state.consumers
    }
    checks["stays"] = not state.ending.is_set()
    if (relay := state.relay) is not None:
        checks["relay"] = relay.healthy
    checks["background"] = all(kept.well for kept in state.kept)
    checks["database"] = state.pulse.well
    checks["issuer"] = state.trusted.are_known
    return checks


async def _measure(state: State) -> None:
    """Read what is a state and no count when it is asked for, so that no event pays for it."""
    metrics = state.metrics
    for consumer in state.consumers:
        consumer.measure(clock.now())
    if state.relay is None and not state.consumers:
        return
    # Without the database the rest is told as it last was.
    with contextlib.suppress(*database.UNAVAILABLE):
        async with asyncio.timeout(2), state.pool.acquire() as connection:
            positions = await event_log.positions(connection)
            dead = await dead_letters.count(connection)
            if event_log.RELAY in positions:
                head = await event_log.head(connection)
                metrics.log_head.set(head)
                metrics.relayed.set(positions[event_log.RELAY])
                metrics.relay_lag.set(head - positions[event_log.RELAY])
                metrics.went_back.set(await event_log.went_back(connection) is not None)
        for consumer in state.consumers:
            metrics.dead_letters.labels(consumer.owner).set(dead.get(consumer.owner, 0))
