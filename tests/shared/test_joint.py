"""A question that many ask at once is put once, and nobody is given an answer that is older than the asking."""

import asyncio

import pytest

from shared.joint import JointQuestion

MANY = 100


class _Clock:
    """Answers how often it was asked, as soon as it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.let = asyncio.Event()
        self.fails = False

    async def read(self) -> int:
        self.asked += 1
        now = self.asked
        await self.let.wait()
        if self.fails:
            raise OSError("away")
        return now


async def _begun(clock: _Clock, times: int) -> None:
    async with asyncio.timeout(5):
        while clock.asked < times:  # noqa: ASYNC110  it is the loop's turns that are waited for
            await asyncio.sleep(0)


async def test_those_who_ask_meanwhile_are_given_the_next_answer() -> None:
    """All of them one: the answer that was begun before they asked may be older than what they know."""
    clock = _Clock()
    question = JointQuestion(clock.read)
    first = asyncio.create_task(question.answer())
    await _begun(clock, 1)
    later = [asyncio.create_task(question.answer()) for _ in range(MANY)]
    await asyncio.sleep(0)
    clock.let.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * MANY
    assert await question.answer() == 3


async def test_whoever_goes_away_takes_nothing_from_the_others() -> None:
    """The first who asked is the one who leaves."""
    clock = _Clock()
    question = JointQuestion(clock.read)
    gone, stays = (asyncio.create_task(question.answer()) for _ in range(2))
    await _begun(clock, 1)
    gone.cancel()
    clock.let.set()
    assert await stays == 1
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_an_answer_that_fails_fails_for_all_who_waited_and_for_nobody_after() -> None:
    """The next time it is put anew."""
    clock = _Clock()
    clock.fails = True
    clock.let.set()
    question = JointQuestion(clock.read)
    both = await asyncio.gather(*(question.answer() for _ in range(2)), return_exceptions=True)
    assert [type(each) for each in both] == [OSError, OSError]
    clock.fails = False
    assert await question.answer() == 2
