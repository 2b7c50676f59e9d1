"""Puts one service together: its database, intake, log, relay, consumers, health and metrics.

The three services differ in what they hand to `build`; how they run is the same, and stands here.
"""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import PlainTextResponse
from fastapi.telemetry import TelemetryConfig
from faststream.redis import RedisBroker
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from shared import background, clock, database, logs, memory, migrations
from shared.backbone import dead_letters, event_log, streams
from shared.backbone.catch_up import OwnerLog
from shared.backbone.consumer import Apply, Consumer
from shared.backbone.rejections import RejectionNotes
from shared.backbone.relay import Relay
from shared.backbone.signatures import Signer, Verifier
from shared.backbone.streams import OwnStream
from shared.backbone.write_path import UNITS_OF_WORK, UseCases, Writer
from shared.background import Kept
from shared.database import Connection, Pool
from shared.events.catalogue import Catalogue
from shared.events.envelope import Owner
from shared.fairness import Shares
from shared.http import intake, problems, reading
from shared.http.asyncapi import asyncapi_route
from shared.http.authentication import only
from shared.http.documentation import documentation_routes
from shared.http.operating import operating_routes
from shared.metrics import Metrics
from shared.settings import NO_TRACES, Settings
from shared.tokens import Identity, TokenKey

# FastAPI's own would ask with each request whether somebody listens; our spans are `shared.tracing`'s.
NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
MEGABYTE: Final = 2**20
DATABASE_WAIT_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 3.0)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Intake:
    """What a service that takes events brings; `founding` is a file of events that are there from the start.

    `is_followed_back` tells that those it follows follow it too, so that it must be ready without them (ADR 23).
    """

    catalogue: Catalogue
    use_cases: UseCases
    founding: Path | None = None
    is_followed_back: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service different from the others.

    `follows` names the owners whose events it consumes; `apply` is what it does with them. `state` makes, from the
    database, what the routes find in `app.state`; `alongside` runs from when all else is up until it ends. `status`
    reads what this service tells its operators beyond what every service does.
    """

    name: Owner
    title: str
    settings: Settings
    migrations: Path
    routers: Sequence[APIRouter]
    intake: Intake | None = None
    follows: tuple[Owner, ...] = ()
    apply: Apply | None = None
    state: Mapping[str, Callable[[Pool], Any]] = field(default_factory=dict)
    alongside: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None
    status: Callable[[Connection], Awaitable[Mapping[str, Any]]] | None = None


def build(service: Service) -> FastAPI:
    """Make the application of one service; nothing connects before it is started."""
    app = _Application(service)
    app.state.name = service.name
    app.state.settings = service.settings
    app.state.metrics = Metrics(service.name)
    app.state.consumers = ()
    app.state.tracing = None
    app.state.ending = asyncio.Event()
    problems.install(app)
    if service.intake is not None:
        _add(app, _log_routes())
    described = asyncapi_route(service.title, service.name, service.follows), documentation_routes()
    _add(
        app, *service.routers, _operations_routes(service), *operating_routes(service.name, service.status), *described
    )
    return app


async def begin_to_end(app: FastAPI) -> None:
    """Be no longer ready, and end the answers that would go on for ever; everything else goes on."""
    app.state.ending.set()
    log.info("service.draining", service=app.state.name)
    for consumer in app.state.consumers:
        async with consumer.moved:
            consumer.moved.notify_all()


def _add(app: FastAPI, *routers: APIRouter) -> None:
    """Add the routes of routers in one row: a request would try included routers route by route.

    Those without parameters come first; of the others the longer, which leave less to a parameter:
    `/reports/areas/a.pdf` is also a report of an area `a.pdf`.
    """
    routes = [route for router in routers for route in router.routes if isinstance(route, Route)]
    fixed = [route for route in routes if "{" not in route.path]
    others = [route for route in routes if "{" in route.path]
    app.router.routes.extend([*fixed, *sorted(others, key=_length, reverse=True)])


def _length(route: Route) -> int:
    return len(route.path)


class _Application(FastAPI):
    """An application that takes events before anything else, and tells of them in its OpenAPI document."""

    def __init__(self, service: Service) -> None:
        super().__init__(
            title=service.title,
            version="1",
            lifespan=lambda app: _running(app, service),
            redirect_slashes=False,
            docs_url=None,
            redoc_url=None,
            telemetry=NO_TELEMETRY,
        )
        self._service = service
        self._intake = None if service.intake is None else intake.intake_app(service.intake.catalogue)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a post of events to the intake, everything else to the routes."""
        if self._intake is not None and intake.is_post(scope):
            await self._intake({**scope, "app": self}, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """Give the OpenAPI document, made once."""
        if self.openapi_schema is None:
            document = get_openapi(title=self.title, version=self.version, routes=self.routes)
            document["servers"] = [{"url": f"/{self._service.name}"}]
            if self._service.intake is not None:
                intake.describe(document, self._service.intake.catalogue)
            reading.describe(document)
            problems.describe(document)
            self.openapi_schema = document
        return self.openapi_schema


@contextlib.asynccontextmanager
async def _running(app: FastAPI, service: Service) -> AsyncIterator[None]:
    """Start everything in the order of dependence, and stop it in the other."""
    settings = service.settings
    logs.configure(settings.log_level)
    app.state.token_key = TokenKey.load_or_create(settings.token_key_file)
    server_url = settings.database_url.get_secret_value()
    database_url = database.service_url(server_url, service.name)
    async with contextlib.AsyncExitStack() as stack:
        if settings.traces_url != NO_TRACES:
            # Imported here alone: without traces a service would carry the weight of it for nothing.
            tracing: Any = importlib.import_module("shared.tracing")
            app.state.tracing = tracing.Tracing(service.name, settings.traces_url)
            stack.push_async_callback(asyncio.to_thread, app.state.tracing.close)
            logs.configure(settings.log_level, tracing.name_trace)
        await _wait_for_database(server_url, service)
        connections = settings.database_connections - UNITS_OF_WORK - len(service.follows)
        app.state.pool = pool = await database.open_pool(database_url, connections)
        stack.push_async_callback(pool.close)
        for name, make in service.state.items():
            setattr(app.state, name, make(pool))
        broker = streams.open_broker(settings.redis_url.get_secret_value())
        await broker.connect()
        stack.push_async_callback(broker.stop)
        kept: list[Kept] = []
        app.state.kept = kept
        tasks: list[asyncio.Task[None]] = []
        app.state.background = tasks
        stack.push_async_callback(background.end, tasks)
        if service.intake is not None:
            kept += await _take_in(app, service, service.intake, broker, stack)
            tasks.extend(task.task for task in kept)
        consumers = [await _consumer(service, owner, app, broker, stack) for owner in service.follows]
        app.state.consumers = tuple(consumers)
        following = [_keep(app, f"consumer of {consumer.owner}", consumer.run) for consumer in app.state.consumers]
        kept.extend(following)
        stack.push_async_callback(background.end, [consumer.task for consumer in following])
        tasks.extend(consumer.task for consumer in following)
        if service.alongside is not None:
            await stack.enter_async_context(service.alongside(app))
        memory.settle()
        log.info("service.started", service=service.name)
        yield
        log.info("service.stopping", service=service.name)


async def _take_in(
    app: FastAPI, service: Service, taken: Intake, broker: RedisBroker, stack: contextlib.AsyncExitStack
) -> list[Kept]:
    """Begin to take events: start the writer, on connections of its own, and what is given to keep beside it.

    At the end what was taken is written first, then the notes of what was not.
    """
    settings = service.settings
    database_url = database.service_url(settings.database_url.get_secret_value(), service.name)
    app.state.bodies = Shares(
        "megabytes of bodies", settings.bodies_limit_mb * MEGABYTE, settings.sender_bodies_limit_mb * MEGABYTE
    )
    signer = Signer.of(app.state.token_key, service.name)
    stream = OwnStream(broker, service.name, signer, bytes_limit=settings.stream_bytes_limit)
    relay = Relay(database_url, stream, app.state.metrics)
    app.state.rejections = notes = RejectionNotes(app.state.pool, service.name)
    kept = [_keep(app, "relay", relay.run), _keep(app, "rejections", notes.run)]
    stack.push_async_callback(background.end, [task.task for task in kept])
    stack.push_async_callback(notes.close)
    app.state.writing_pool = pool = await database.open_pool(database_url, UNITS_OF_WORK, database.BY_KEY)
    stack.push_async_callback(pool.close)
    app.state.writer = writer = Writer(
        pool,
        taken.catalogue,
        taken.use_cases,
        app.state.metrics,
        rejections=notes,
        waiting_limit=settings.waiting_events_limit,
        sender_limit=settings.sender_events_limit,
        tracing=app.state.tracing,
    )
    await writer.start()
    stack.push_async_callback(writer.close)
    if taken.founding is not None:
        # The same identities each time: from the second start on they are duplicates.
        await writer.post(taken.founding.read_bytes(), Identity("admin"), "refuse")
    return kept


def _keep(app: FastAPI, name: str, run: Callable[[], Awaitable[None]]) -> Kept:
    return Kept(name, run, app.state.metrics.restarts.labels(name).inc)


async def _consumer(
    service: Service, owner: Owner, app: FastAPI, broker: RedisBroker, stack: contextlib.AsyncExitStack
) -> Consumer:
    if service.apply is None:
        raise TypeError(f"{service.name} follows {owner}, but says not what to do with its events")
    settings = service.settings
    owner_log = OwnerLog(
        {"registry": settings.registry_url, "funding": settings.funding_url}[owner], app.state.token_key
    )
    stack.push_async_callback(owner_log.close)
    # What is folded finds its rows by their keys, as what is written (ADR 81).
    database_url = database.service_url(settings.database_url.get_secret_value(), service.name)
    pool = await database.open_pool(database_url, 1, database.BY_KEY)
    stack.push_async_callback(pool.close)
    consumer = Consumer(
        service=service.name,
        owner=owner,
        pool=pool,
        broker=broker,
        verifier=Verifier.of(app.state.token_key, owner),
        owner_log=owner_log,
        apply=service.apply,
        metrics=app.state.metrics,
        tick_ms=settings.tick_ms,
        pending_idle_ms=settings.pending_idle_ms,
        tracing=app.state.tracing,
    )
    stack.push_async_callback(consumer.stop)
    return consumer


async def _wait_for_database(server_url: str, service: Service) -> None:
    """Bring the database to its newest revision, waiting for a server that is not up yet; start order is free.

    Where the tables belong to another role, that one migrates, and is waited for.
    """
    attempt = 0
    while True:
        delay = DATABASE_WAIT_SECONDS[min(attempt, len(DATABASE_WAIT_SECONDS) - 1)]
        attempt += 1
        try:
            await migrations.migrate(server_url, service.name, service.migrations)
        except migrations.NotMigrated as behind:
            log.warning("service.waiting_for_migration", service=service.name, error=str(behind), retry_delay_s=delay)
            await asyncio.sleep(delay)
        except database.UNAVAILABLE as error:
            log.warning("service.waiting_for_database", service=service.name, error=str(error), retry_delay_s=delay)
            await asyncio.sleep(delay)
        else:
            return


async def _measure(app: FastAPI) -> None:
    """Read what is a state and no count when it is asked for, so that no event pays for it."""
    metrics: Metrics = app.state.metrics
    for consumer in app.state.consumers:
        consumer.measure(clock.now())
    # Without the database the rest is told as it last was.
    with contextlib.suppress(*database.UNAVAILABLE):
        async with asyncio.timeout(2), app.state.pool.acquire() as connection:
            positions = await event_log.positions(connection)
            dead = await dead_letters.count(connection)
            if event_log.RELAY in positions:
                head = await event_log.head(connection)
                metrics.log_head.set(head)
                metrics.relayed.set(positions[event_log.RELAY])
                metrics.relay_lag.set(head - positions[event_log.RELAY])
        for consumer in app.state.consumers:
            metrics.dead_letters.labels(consumer.owner).set(dead.get(consumer.owner, 0))


def _log_routes() -> APIRouter:
    router = APIRouter(tags=["log"])

    @router.get("/events", summary="The log, for the other services")
    async def get_events(
        request: Request,
        _: Annotated[Identity, Depends(only("service"))],
        after: Annotated[int, Query(ge=0, le=2**63 - 1, description="The sequence to go on from.")] = 0,
        limit: Annotated[int, Query(ge=1, le=event_log.MAX_PAGE)] = 100,
    ) -> Response:
        """Give the entries that follow a sequence, and the head of the log."""
        pool: Pool = request.app.state.pool
        async with pool.acquire() as connection:
            lines = await event_log.read(connection, after, limit)
            head = await event_log.head(connection)
        body = f'{{"head":{head},"events":[{",".join(line.text for line in lines)}]}}'
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    return router


def _operations_routes(service: Service) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/health/live", summary="The process answers")
    async def get_live() -> dict[str, str]:
        """Say that the process is there."""
        return {"status": "live"}

    @router.get("/health/serving", summary="The service takes requests")
    async def get_serving(request: Request) -> Response:
        """Say whether requests may be sent here: not any more once the service has been told to end."""
        if request.app.state.ending.is_set():
            return problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_serving", "the service is about to end")
        return Response('{"status":"serving"}', media_type="application/json")

    @router.get("/health/ready", summary="The service does its work")
    async def get_ready(request: Request) -> Response:
        """Say whether the database answers, the consumers follow, and nothing in the background fails."""
        # What takes events goes on taking them while the one that it follows is away, or neither could start first.
        is_followed_back = service.intake is not None and service.intake.is_followed_back
        checks = {
            f"follows_{consumer.owner}": consumer.running if is_followed_back else consumer.healthy
            for consumer in request.app.state.consumers
        }
        checks["stays"] = not request.app.state.ending.is_set()
        checks["background"] = all(kept.well for kept in request.app.state.kept)
        try:
            async with asyncio.timeout(2):
                checks["database"] = await request.app.state.pool.fetchval("SELECT true")
        except database.UNAVAILABLE:
            checks["database"] = False
        if not all(checks.values()):
            failing = ", ".join(name for name, passed in checks.items() if not passed)
            return problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_ready", f"not ready: {failing}")
        return Response('{"status":"ready"}', media_type="application/json")

    @router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
    async def get_metrics(request: Request) -> Response:
        """Give what the service counts about itself, and how far it has come at this moment."""
        await _measure(request.app)
        return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
