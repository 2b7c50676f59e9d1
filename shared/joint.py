"""A question that many ask at the same time is put once for all of them. Owns no question and keeps no answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

AnswerT = TypeVar("AnswerT")


class JointQuestion(Generic[AnswerT]):
    """A question whose answer is true when it is put; it is put again and again, one at a time.

    Whoever asks while it is being answered waits for the next time: no answer is older than the asking.
    Example: of a thousand who ask while one answer is awaited, all are given the next one.
    """

    def __init__(self, put: Callable[[], Awaitable[AnswerT]]) -> None:
        self._put = put
        self._being_put: asyncio.Task[AnswerT] | None = None
        self._next: asyncio.Task[AnswerT] | None = None

    async def answer(self) -> AnswerT:
        """Give an answer that was asked for after this was called. Whoever no longer waits takes nothing from others.

        Raises: what putting the question raises, to all who waited for it.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._put_after(self._being_put))
            self._next.add_done_callback(_heard)
        return await asyncio.shield(self._next)

    async def _put_after(self, before: "asyncio.Task[AnswerT] | None") -> AnswerT:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self._being_put, self._next = self._next, None
        return await self._put()


def _heard(task: "asyncio.Task[AnswerT]") -> None:
    """Take note of how it ended, where nobody waits any more."""
    if not task.cancelled():
        task.exception()
