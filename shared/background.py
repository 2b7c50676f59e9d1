"""Tasks that run beside the requests. Owns how they are ended for certain; knows none of them."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

CANCEL_AGAIN_SECONDS: Final = 0.2


async def end(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    """Cancel tasks until each has ended.

    Once is not enough: until Python 3.12 `asyncio.wait_for`, which redis-py calls, can lose a cancellation.

    Source: https://github.com/python/cpython/issues/86296
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
