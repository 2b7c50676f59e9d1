"""Puts services at their paths under one address. Owns no rule and no route of theirs."""

import contextlib
from collections.abc import AsyncIterator, Mapping

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.http import problems


def mount(apps: Mapping[str, FastAPI]) -> Starlette:
    """Mount each service at `/<its name>`, and start and stop them in order.

    The same paths then hold for a service alone, behind a gateway, and beside the others in one process.
    """

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        # A mounted application's own start and stop are not called by the one it is mounted in.
        async with contextlib.AsyncExitStack() as stack:
            for app in apps.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    mounted = Starlette(routes=[Mount(f"/{name}", app) for name, app in apps.items()], lifespan=running)
    # What no service's path matches, such as one with a line break in it, is answered like every other error.
    problems.install(mounted)
    return mounted
