"""Waiting until reporting has come as far as a reader has seen: read your own writes."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final

from shared.backbone.consumer import Consumer
from shared.errors import NotThereYet

POLL_SECONDS: Final = 0.1


async def wait_until(consumers: Sequence[Consumer], at_least: Mapping[str, int], wait_ms: int) -> None:
    """Wait until reporting has come as far as asked.

    Raises:
        NotThereYet: it did not within `wait_ms`.
    """
    deadline = time.monotonic() + wait_ms / 1000
    for consumer in consumers:
        wanted = at_least.get(consumer.owner, 0)
        while consumer.position < wanted:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise NotThereYet(f"{consumer.owner} is read up to {consumer.position}, not yet {wanted}")
            async with consumer.moved:
                try:
                    await asyncio.wait_for(consumer.moved.wait(), min(remaining, POLL_SECONDS))
                except TimeoutError:
                    continue
