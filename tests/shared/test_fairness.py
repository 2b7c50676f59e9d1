"""What senders may hold at once of what is bounded."""

import asyncio
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from shared.errors import Busy, HelhedsnetError, TooManyRequests
from shared.fairness import Held, Shares
from shared.http import problems

SENDERS = st.sampled_from(["a", "b", "c", "d"])
STEPS = st.lists(st.tuples(st.sampled_from(["enter", "grow", "leave"]), SENDERS, st.integers(0, 7)), max_size=60)


def test_one_sender_leaves_room_for_others() -> None:
    """Over its own share it is told to come back, and the other is served."""
    shares = Shares("places", 10, 4)
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(shares.held("greedy"))
        with pytest.raises(TooManyRequests, match="places"), shares.held("greedy"):
            pass
        with shares.held("other"):
            assert shares.amount == 5


def test_all_together_hold_no_more_than_there_is() -> None:
    """Where nobody is over its own share and the whole is taken, that is nobody's fault."""
    shares = Shares("places", 3, 2)
    with shares.held("a", 2), shares.held("b"), pytest.raises(Busy), shares.held("c"):
        pass
    assert (shares.senders, shares.amount) == (0, 0)


def test_a_share_grows_with_a_body() -> None:
    """A piece too many is not counted, and all before it is given back."""
    shares = Shares("bytes", 10, 5)
    with shares.held("a", 0) as held:
        held.grow(5)
        with pytest.raises(TooManyRequests):
            held.grow(1)
        assert shares.amount == 5
        with shares.held("b", 5), pytest.raises(Busy):
            shares.held("c", 1).__enter__()
    assert (shares.senders, shares.amount) == (0, 0)


async def test_who_is_cancelled_gives_back() -> None:
    """A request that is broken off holds nothing."""
    shares = Shares("places", 1, 1)
    entered = asyncio.Event()

    async def hold() -> None:
        with shares.held("a"):
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await entered.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    with shares.held("b"):
        assert shares.senders == 1


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_what_is_held_is_what_was_taken_and_not_given_back(steps: list[tuple[str, str, int]]) -> None:
    """Against a plain list of what each holds: the limits hold, and nobody who holds nothing is remembered."""
    shares = Shares("things", 12, 6)
    holds: list[tuple[str, Held, list[int]]] = []

    def sum_of(sender: str | None = None) -> int:
        return sum(sum(amounts) for holder, _, amounts in holds if sender in {None, holder})

    for step, sender, amount in steps:
        own = next((entry for entry in holds if entry[0] == sender), None)
        if step == "leave" or (step == "grow" and own is None):
            if own is not None:
                own[1].__exit__(None, None, None)
                holds.remove(own)
            continue
        error = TooManyRequests if sum_of(sender) + amount > 6 else Busy if sum_of() + amount > 12 else None
        with pytest.raises(error) if error else contextlib.nullcontext():
            if own is not None and step == "grow":
                own[1].grow(amount)
                own[2].append(amount)
            else:
                holds.append((sender, shares.held(sender, amount).__enter__(), [amount]))
        assert shares.amount == sum_of()
        assert shares.senders == len({holder for holder, _, _ in holds if sum_of(holder)})


@pytest.mark.parametrize(("error", "status"), [(TooManyRequests("x"), 429), (Busy("x"), 503)])
async def test_both_say_when_to_come_back(error: HelhedsnetError, status: int) -> None:
    """As a problem document with a stable code."""
    answer = await problems.answer_to(Request({"type": "http", "path": "/", "headers": []}), error)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "1")
    assert error.code.encode() in answer.body
