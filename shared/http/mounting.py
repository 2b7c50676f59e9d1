"""Puts services at their paths under one address. Owns no rule and no route of theirs."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Final

import structlog
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from shared.errors import REFUSAL, CannotServe
from shared.http import browsers, heads, problems

# What every answer of a service says, unless it says otherwise itself.
GUARDING: Final = ((b"x-content-type-options", b"nosniff"), (b"cache-control", browsers.NEVER_KEPT.encode()))
# A service's paths have a root, its name, and something after it.
STEPS: Final = 3

log = structlog.get_logger()


class Mounted(Starlette):
    """Services side by side, each at `/<its name>`, started and stopped in order; `front` answers every other path.

    The same paths then hold for a service alone, behind a gateway, and beside the others in one process. Starlette's
    own `Mount` would run its middlewares and a pattern for each route before every request of every service.
    """

    def __init__(self, apps: Mapping[str, FastAPI], front: FastAPI | None = None) -> None:
        super().__init__(lifespan=lambda _: self._running())
        self.apps = apps
        self._refusal: CannotServe | None = None
        self._front = front
        # What no service's path matches, such as one with a line break in it, is answered like every other error.
        problems.install(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the service whose name its path begins with."""
        if heads.is_head(scope):
            await heads.answer_head(self, scope, receive, send)
            return
        if scope["type"] in {"http", "websocket"}:
            scope = _without_empty_parameters(scope)
            root = scope.get("root_path", "")
            steps = scope["path"].removeprefix(root).split("/", 2)
            if len(steps) == STEPS and (app := self.apps.get(steps[1])) is not None:
                await app({**scope, "root_path": f"{root}/{steps[1]}"}, receive, _guarded(send))
                return
            if self._front is not None and scope["type"] == "http":
                await self._front(scope, receive, send)
                return
            send = _guarded(send)
        else:
            send = self._plainly(scope, send)
        await super().__call__(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        # An application's own start and stop are not called by the one that it stands in.
        async with contextlib.AsyncExitStack() as stack:
            for name, app in self.apps.items():
                try:
                    await stack.enter_async_context(app.router.lifespan_context(app))
                except CannotServe as refusal:
                    log.error("service.cannot_serve", service=name, code=refusal.code, error=refusal.detail)  # noqa: TRY400  no bug of ours
                    self._refusal = refusal
                    raise
            yield

    def _plainly(self, scope: Scope, send: Send) -> Send:
        """Hand why nothing can be served here to the server, in place of a traceback."""

        async def send_plainly(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and self._refusal is not None:
                scope.setdefault("state", {})[REFUSAL] = self._refusal
                message = {**message, "message": ""}
            await send(message)

        return send_plainly


def _guarded(send: Send) -> Send:
    """Say with every answer that it is what it says it is, and that it is not kept unless it says otherwise."""

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            # As the protocol hands them on: this runs for every post of events too.
            headers = message["headers"]
            names = {name for name, _ in headers}
            message["headers"] = [*headers, *(header for header in GUARDING if header[0] not in names)]
        await send(message)

    return send_guarded


def _without_empty_parameters(scope: Scope) -> Scope:
    """Take a parameter that is there and empty for one that is not there: a form sends its empty fields too."""
    query: bytes = scope["query_string"]
    if not query:
        return scope
    told = b"&".join(part for part in query.split(b"&") if part.partition(b"=")[2])
    return scope if told == query else {**scope, "query_string": told}
