"""The shared feed: pages of it, and following it as it grows. It never commits.

An item's place is that of its event in the registry's log, which reporting folds in order and without gaps: whoever has
read up to a place has read all that there will ever be before it, and a rebuild gives the same places.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting import feed_store
from services.reporting.domain import Json
from shared.backbone.consumer import Consumer
from shared.database import Pool
from shared.errors import Busy

PAGE: Final = 100
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


class SharedFeed:
    """Reads the feed, and lets a bounded number of readers follow it."""

    def __init__(self, pool: Pool, readers_limit: int, heartbeat_ms: int) -> None:
        self._pool = pool
        self._readers_limit = readers_limit
        self._heartbeat_seconds = heartbeat_ms / 1000
        self._readers = 0

    async def page(self, after: int, limit: int, area: str | None) -> Page:
        """Give the items that follow a place, the oldest first."""
        async with self._pool.acquire() as connection:
            rows = await feed_store.after(connection, after, limit + 1, area)
        return _page(rows, limit, after)

    async def page_before(self, before: int, limit: int, area: str | None, kind: str | None = None) -> Page:
        """Give the items that precede a place, the newest first; of one kind of event, or all."""
        async with self._pool.acquire() as connection:
            rows = await feed_store.before(connection, before, limit + 1, area, kind)
        return _page(rows, limit, before)

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take one of the places of those who follow.

        Raises:
            Busy: there is none left.
        """
        if self._readers >= self._readers_limit:
            raise Busy(f"{self._readers} follow the feed already; come back, or read its pages")
        self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1

    async def follow(
        self, consumer: Consumer, after: int, area: str | None, ending: asyncio.Event
    ) -> AsyncIterator[Json | None]:
        """Give each item from a place on as soon as it is folded; None is a sign of life when there is nothing to say.

        It ends when the service does; who follows comes back and goes on.

        A reader who does not keep up holds no more than one page in memory: the rest stays in the database.
        """
        while not ending.is_set():
            seen = consumer.position
            page = await self.page(after, PAGE, area)
            for found in page.items:
                yield found
            after = page.next
            if not page.more and not await self._moved(consumer, seen, ending):
                yield None

    async def _moved(self, consumer: Consumer, seen: int, ending: asyncio.Event) -> bool:
        """Wait until something was folded or the service ends; False when nothing was for the time of a heartbeat."""
        async with consumer.moved:
            if consumer.position != seen or ending.is_set():
                return True
            try:
                await asyncio.wait_for(consumer.moved.wait(), self._heartbeat_seconds)
            except TimeoutError:
                return False
        return True


def _page(rows: Sequence[Mapping[str, Any]], limit: int, start: int) -> Page:
    items = [item(row) for row in rows[:limit]]
    return Page(items, items[-1]["sequence"] if items else start, len(rows) > limit)
