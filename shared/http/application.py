"""Makes the application of one service: what it answers, in which order that is looked for, what its document says."""

from typing import Any, Final

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.telemetry import TelemetryConfig
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from shared.http import intake, life, problems, reading
from shared.http.asyncapi import asyncapi_route
from shared.http.documentation import documentation_routes
from shared.http.health import health_routes
from shared.http.operating import operating_routes
from shared.http.own_log import log_routes
from shared.http.service import Service
from shared.http.state import State, carry, state_in
from shared.metrics import Metrics

# FastAPI's own would ask with each request whether somebody listens; our spans are `shared.tracing`'s.
NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}

log = structlog.get_logger()


def build(service: Service) -> FastAPI:
    """Make the application of one service; nothing connects before it is started.

    Routes know no application, so a process that makes several makes each kind of route once.
    """
    app = _Application(service)
    state = State(service.name, service.settings, Metrics(service.name))
    state.add(service.settings)
    carry(app, state)
    problems.install(app)
    if service.intake is not None:
        _add(app, log_routes())
    is_followed_back = service.intake is not None and service.intake.is_followed_back
    routers = [*service.routers, health_routes(is_followed_back=is_followed_back)]
    if service.has_log:
        routers += operating_routes(service.owner, service.status)
        routers.append(asyncapi_route(service.title, service.owner, service.follows))
    _add(app, *routers, documentation_routes())
    return app


async def begin_to_end(app: FastAPI) -> None:
    """Be no longer ready, and end the answers that would go on for ever; everything else goes on."""
    state = state_in(app)
    state.ending.set()
    log.info("service.draining", service=state.name)
    for consumer in state.consumers:
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
            lifespan=lambda app: life.running(state_in(app), service),
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
            # As FastAPI does it; who mounts a service hands it a scope of its own.
            scope["app"] = self
            await self._intake(scope, receive, send)
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
