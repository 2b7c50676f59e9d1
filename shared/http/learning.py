"""Lets a service learn anew from the owner that it follows, beside all else that it does."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from shared import database
from shared.backbone.catch_up import OwnerLog
from shared.backbone.learning import Learning, LearningAnew
from shared.backbone.rebuilding import Rebuilder
from shared.http.state import State


def learning_anew(learning: Learning) -> Callable[[State], AbstractAsyncContextManager[None]]:
    """Give what runs alongside a service, so that it can be told to learn anew; with a reader of the log of its own."""

    @contextlib.asynccontextmanager
    async def alongside(state: State) -> AsyncIterator[None]:
        settings = state.settings
        database_url = database.service_url(settings.database_url.get_secret_value(), state.name)
        owner_log = OwnerLog(learning.owner, settings.url_of(learning.owner), state.credential)
        state.rebuilder = rebuilder = Rebuilder(database_url, LearningAnew(learning, owner_log))
        try:
            async with rebuilder.running():
                yield
        finally:
            await owner_log.close()

    return alongside
