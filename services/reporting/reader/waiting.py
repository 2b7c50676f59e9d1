"""Waiting until reporting has come as far as a reader has seen: read your own writes."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shared.backbone.consumer import Consumer
from shared.errors import BadRequest, LogParted, NotThereYet

POLL_SECONDS: Final = 0.1
# What was just accepted is nearly always here sooner, and then nobody asks the owner how far its log goes.
ASKED_AFTER_SECONDS: Final = 0.1


class Cursor(NamedTuple):
    """A place in an owner's log; `suffix` tells of which epoch it is: empty for the first, None for the present one."""

    sequence: int
    suffix: str | None = None


async def wait_until(consumers: Sequence[Consumer], at_least: Mapping[str, Cursor], wait_ms: int) -> None:
    """Wait until reporting has come as far as asked.

    Raises:
        BadRequest: an owner's log ends before that, so nobody was answered such a cursor (`invalid_cursor`), or it was
            before the log was put back (`log_replaced`).
        LogParted: nothing more is read of that owner's log.
        NotThereYet: it did not within `wait_ms`.
    """
    deadline = time.monotonic() + wait_ms / 1000
    for consumer in consumers:
        if (cursor := at_least.get(consumer.owner)) is None:
            continue
        if consumer.parted is not None:
            raise LogParted(f"nothing more is read of {consumer.owner} until an operator has acted: {consumer.parted}")
        check_epoch(consumer.owner, cursor, consumer.suffix)
        wanted = cursor.sequence
        if await _has_come(consumer, wanted, min(deadline, time.monotonic() + ASKED_AFTER_SECONDS)):
            continue
        await _check_head(consumer, wanted, deadline)
        if not await _has_come(consumer, wanted, deadline):
            raise NotThereYet(f"{consumer.owner} is read up to {consumer.position}, not yet {wanted}")


async def _has_come(consumer: Consumer, wanted: int, deadline: float) -> bool:
    """Wait for a place in an owner's log, and tell whether it was reached in time."""
    while consumer.position < wanted:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return False
        async with consumer.moved:
            try:
                await asyncio.wait_for(consumer.moved.wait(), min(remaining, POLL_SECONDS))
            except TimeoutError:
                continue
    return True


async def _check_head(consumer: Consumer, wanted: int, deadline: float) -> None:
    """Refuse a place that the owner's log does not have; while the owner does not answer, it may be there."""
    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            head = await consumer.owners_head()
    except TimeoutError:
        return
    check_place(consumer.owner, wanted, head)


def check_epoch(owner: str, cursor: Cursor, suffix: str | None) -> None:
    """Check that a cursor is of the log as it is now; `suffix` is None where nobody knows yet.

    Raises:
        BadRequest: the log was put back since (`log_replaced`).
    """
    if suffix is not None and cursor.suffix is not None and cursor.suffix != suffix:
        raise BadRequest("log_replaced", f"this cursor is of the log of {owner} as it was before it was put back")


def check_place(owner: str, wanted: int, head: int | None) -> None:
    """Check that a log has a place; `head` is None where nobody knows.

    Raises:
        BadRequest: the log ends before it (`invalid_cursor`).
    """
    if head is not None and wanted > head:
        raise BadRequest("invalid_cursor", f"the log of {owner} ends at {head}, before {wanted}")
