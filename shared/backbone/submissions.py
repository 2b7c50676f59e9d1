"""Requests on their way through the write path: what each holds, what becomes of it, and what its sender is told."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from shared.backbone.decisions import Decision
from shared.errors import EventsRefused, Fault
from shared.events.catalogue import Posted
from shared.tokens import Identity

OnError = Literal["refuse", "skip"]


class Result(NamedTuple):
    """What became of one event of a request."""

    index: int  # type: ignore[assignment]  # nobody asks for a tuple's own
    id: str
    status: Literal["accepted", "duplicate", "rejected"]
    sequence: int | None = None
    warnings: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class Submission(NamedTuple):
    """One request on its way: its events, the faults found so far, and who waits for the results.

    `cause` is its trace context, where traces are kept.
    """

    posted: Sequence[Posted]
    faults: Sequence[Fault]
    sender: Identity
    on_error: OnError
    results: "asyncio.Future[list[Result]]"
    cause: str | None = None


@dataclass(slots=True)
class Draft:
    """What one submission came to while its unit of work is decided, before it has sequences."""

    submission: Submission
    faults: list[Fault]
    # (place in the unit of work's accepted events, event, decision)
    accepted: list[tuple[int, Posted, Decision]] = field(default_factory=list)
    # (event, its sequence in the log, or its place among the accepted of this unit of work as a negative number)
    duplicates: list[tuple[Posted, int]] = field(default_factory=list)


def answer(draft: Draft, before: int) -> None:
    """Tell the one who waits what became of the request, if they still wait."""
    if draft.submission.results.done():
        return
    if draft.faults and draft.submission.on_error == "refuse":
        draft.submission.results.set_exception(EventsRefused(sorted(draft.faults, key=lambda fault: fault.index or 0)))
        return
    results = [
        Result(item.index, item.event.id, "accepted", before + place, (*item.warnings, *decision.warnings))
        for place, item, decision in draft.accepted
    ]
    results.extend(
        Result(item.index, item.event.id, "duplicate", sequence if sequence > 0 else before - sequence)
        for item, sequence in draft.duplicates
    )
    ids = {item.index: item.event.id for item in draft.submission.posted}
    faults: dict[int, list[Fault]] = {}
    for fault in draft.faults:
        faults.setdefault(fault.index or 0, []).append(fault)
    results.extend(
        Result(index, ids.get(index, ""), "rejected", faults=tuple(of_event)) for index, of_event in faults.items()
    )
    draft.submission.results.set_result(sorted(results, key=lambda result: result.index))


def fail(group: Iterable[Submission], error: Exception) -> None:
    """Tell everybody in a group that nothing came of it."""
    for submission in group:
        if not submission.results.done():
            submission.results.set_exception(error)
