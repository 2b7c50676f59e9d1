"""The shared feed: pages of it, and following it as it grows. It never commits.

An item's place is that of its event in the registry's log, which reporting folds in order and without gaps: whoever has
read up to a place has read all that there will ever be before it, and a rebuild gives the same places.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.feed import store
from services.reporting.reader.passes import Passes
from services.reporting.terms import Json
from shared import database
from shared.backbone.consumer import Consumer
from shared.database import Pool
from shared.errors import IssuerUnknown
from shared.fairness import Shares
from shared.tokens import Pass, TrustedKeys

PAGE: Final = 100
# How long a stream goes on at most after its session or token has ended, when there is nothing to tell.
LOOKS_UP_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 1.0
# What an item says, Danish and English, with what it is about filled in.
TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "plan.approved": ("Ny helhedsplan: {plan}", "New plan: {plan}"),
    "plan.consented": ("Helhedsplan tiltrådt: {plan}", "Plan consented to: {plan}"),
    "plan.extended": ("Helhedsplan forlænget: {plan}", "Plan extended: {plan}"),
    "plan.closed": ("Helhedsplan afsluttet: {plan}", "Plan closed: {plan}"),
    "milestone.planned": ("Ny milepæl: {title}", "New milestone: {title}"),
    "milestone.reached": ("Milepæl nået: {milestone}", "Milestone reached: {milestone}"),
    "activity.planned": ("Ny aktivitet: {activity}", "New activity: {activity}"),
    "activity.started": ("Aktivitet startet: {activity}", "Activity started: {activity}"),
    "activity.ended": ("Aktivitet afsluttet: {activity}", "Activity ended: {activity}"),
    "activity.anchored": ("Aktivitet forankret: {activity}", "Activity anchored: {activity}"),
    "practice.shared": ("Praksis delt: {activity}", "Practice shared: {activity}"),
    "practice.adopted": ("Praksis taget med hjem: {activity}", "Practice adopted: {activity}"),
    "story.published": ("Historie: {title}", "Story: {title}"),
    "story.removed": ("Historie trukket tilbage", "Story withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed; `next` is where to go on from, and `more` tells whether there is more at once."""

    items: Sequence[Json]
    next: int
    more: bool


def item(row: Mapping[str, Any]) -> Json:
    """Make an item of the feed from its row."""
    # What is withdrawn is told of as gone, so that whoever has it takes it away.
    kind = "story.removed" if row["name"] == "story.withdrawn" else row["name"]
    data: Json = row["data"]
    about = {
        "plan": row["plan_name"] or row["plan"] or "",
        "activity": row["activity_name"] or row["activity"] or "",
        "title": data.get("title", ""),
        "milestone": row["milestone_title"] or data.get("milestone", ""),
    }
    danish, english = TITLES[kind]
    return {
        "sequence": row["sequence"],
        "kind": kind,
        "recorded": row["recorded"].isoformat(),
        "stated": row["stated"].isoformat(),
        "areas": row["areas"],
        "plan_name": row["plan_name"],
        "activity_name": row["activity_name"],
        "source_name": row["source_name"],
        "title_da": danish.format(**about),
        "title_en": english.format(**about),
        "data": data,
    }


@dataclass(frozen=True, slots=True)
class Until:
    """How long a reader follows: until the service ends, or the token or session does that let the reader in."""

    ending: asyncio.Event
    passes: Passes
    trusted: TrustedKeys
    held: Pass

    def is_over(self) -> bool:
        """Tell without a query whether the reader is to be told nothing more."""
        return self.ending.is_set() or self.passes.has_ended(self.held)

    async def is_over_anywhere(self) -> bool:
        """Tell whether it is over, also where another process ended the session."""
        return self.ending.is_set() or not await self.passes.holds(self.trusted, self.held)


class SharedFeed:
    """Reads the feed, and lets a bounded number of readers follow it; `shares` says how many, and how many of one."""

    def __init__(self, pool: Pool, shares: Shares, heartbeat_ms: int) -> None:
        self.shares = shares
        self._pool = pool
        self._heartbeat_seconds = heartbeat_ms / 1000

    async def page(self, after: int, limit: int, area: str | None) -> Page:
        """Give the items that follow a place, the oldest first."""
        async with self._pool.acquire() as connection:
            rows = await store.after(connection, after, limit + 1, area)
        return _page(rows, limit, after)

    async def page_before(self, before: int, limit: int, area: str | None, kind: str | None = None) -> Page:
        """Give the items that precede a place, the newest first; of one kind of event, or all."""
        async with self._pool.acquire() as connection:
            rows = await store.before(connection, before, limit + 1, area, kind)
        return _page(rows, limit, before)

    async def follow(
        self, consumer: Consumer, after: int, area: str | None, until: Until
    ) -> AsyncIterator[Json | None]:
        """Give each item from a place on as soon as it is folded; None is a sign of life when there is nothing to say.

        When the service ends it ends too, and whoever follows comes back and goes on. While the database or access is
        away no more is told than that the stream is there.

        A reader who does not keep up holds no more than one page in memory: the rest stays in the database.
        """
        while not until.is_over():
            seen = consumer.position
            try:
                page = await self.page(after, PAGE, area)
                # Asked after the page is read: what is posted after a session's end is in no page read before it.
                if await until.is_over_anywhere():
                    return
            except (IssuerUnknown, *database.UNAVAILABLE):
                # Its answer has begun, so there is no other; who is sent away now might not come back.
                yield None
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            for found in page.items:
                yield found
                # Whoever reads slowly may have signed out meanwhile.
                if until.is_over():
                    return
            after = page.next
            if not page.more and not await self._moved(consumer, seen, until):
                yield None

    async def _moved(self, consumer: Consumer, seen: int, until: Until) -> bool:
        """Wait until something was folded or it is over; False when nothing was for the time of a heartbeat."""
        deadline = time.monotonic() + self._heartbeat_seconds
        async with consumer.moved:
            while consumer.position == seen and not until.is_over():
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(consumer.moved.wait(), min(left, LOOKS_UP_SECONDS))
        return True


def _page(rows: Sequence[Mapping[str, Any]], limit: int, start: int) -> Page:
    items = [item(row) for row in rows[:limit]]
    return Page(items, items[-1]["sequence"] if items else start, len(rows) > limit)
