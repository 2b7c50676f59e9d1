"""The tables that a report is made from again: folded from the logs up to a place, beside those that are read.

Owns the connection that sees them, and no report. Nothing of them stays.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, cast

import httpx

from services.reporting.folding import second_tables
from services.reporting.folding.rebuilding import fold_up_to
from services.reporting.reader.waiting import check_place
from shared.backbone.rebuilding import CannotRebuild, Log, open_alone
from shared.backbone.rebuilding import Connection as Rebuilding
from shared.database import Connection, Pool
from shared.errors import AlreadyRunning, Busy

# Figures are found in the second set, what no rebuild touches in its usual place.
PATH: Final = f"SET search_path = {second_tables.BUILT}, public"
# Whoever asks waits for it, and nobody can rebuild meanwhile. The command waits a little longer.
FOLD_SECONDS: Final = 900
TRIES: Final = 4
TRIED_AGAIN_SECONDS: Final = 0.5


class _OneConnection:
    """What reports take for a pool: one connection, which whoever asks for one is given."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def acquire(self) -> contextlib.AbstractAsyncContextManager[Connection]:
        """Give the connection."""
        return contextlib.nullcontext(self._connection)


@contextlib.asynccontextmanager
async def figures_at(url: str, logs: Mapping[str, Log], cursor: Mapping[str, int]) -> AsyncIterator[Pool]:
    """Give what a report at a place of the logs can be read from, until the context ends.

    Raises:
        AlreadyRunning: somebody else makes figures anew.
        BadRequest: a log is not that long (`invalid_cursor`).
        Busy: the owner of a log is away, or the logs are not folded in `FOLD_SECONDS`.
    """
    connection = await _alone(url)
    try:
        for owner, owner_log in logs.items():
            check_place(owner, cursor[owner], await owner_log.head())
        await _fold(connection, logs, cursor)
        await second_tables.hide_later_releases(connection, cursor["reporting"])
        await connection.execute(PATH)
        yield cast("Pool", _OneConnection(cast("Any", connection)))
    except (CannotRebuild, httpx.HTTPError) as error:
        raise Busy("a log cannot be read just now; try again") from error
    finally:
        if not connection.is_closed():
            await second_tables.clear(connection)
        connection.terminate()


async def _fold(connection: Rebuilding, logs: Mapping[str, Log], cursor: Mapping[str, int]) -> None:
    try:
        async with asyncio.timeout(FOLD_SECONDS):
            await fold_up_to(connection, logs, cursor)
    except TimeoutError as error:
        raise Busy(f"the logs were not folded in {FOLD_SECONDS} seconds; ask when less is going on") from error


async def _alone(url: str) -> Rebuilding:
    """Open the connection of the one that makes figures anew; who clears up after another is done in a moment.

    Raises:
        AlreadyRunning: somebody else makes figures anew.
    """
    for _ in range(TRIES):
        if (connection := await open_alone(url)) is not None:
            return connection
        await asyncio.sleep(TRIED_AGAIN_SECONDS)
    raise AlreadyRunning("figures are being made anew just now; try again when that is over")
