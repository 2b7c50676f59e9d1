"""One client of several: what it says and asks, call by call, from dice of its own. Owns the order of its calls.

The same seed gives the same calls as long as the answers are the same, whatever the other clients do.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from pydantic import ValidationError

from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX, Owner
from tests.fuzz import judging, mutations, posts
from tests.fuzz.calls import Answer, Call, Headers
from tests.fuzz.client import Client
from tests.fuzz.events import PUBLISHED, Events, owner_of
from tests.fuzz.findings import Breach, Findings
from tests.fuzz.reads import Questions, Route
from tests.fuzz.senders import Senders
from tests.fuzz.system import System
from tests.fuzz.telling import Told
from tests.support.builders import Json

TRIES: Final = 40
AGAIN_SECONDS: Final = 0.25
STORED: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})
LARGEST_BATCH: Final = 30
# How often a client does what.
WRITING: Final = {
    "good": 40,
    "strange": 12,
    "spoilt": 24,
    "wrong sender": 4,
    "repeated": 4,
    "raw": 5,
    "read cheaply": 11,
    "read": 0.02,
}
# While nobody writes about people, a report is made once and read often.
READING: Final = {"read": 40, "publish": 3}
MOST_PUBLISHED: Final = 12
SETTING_UP: Final = 25
MALFORMED: Final = (AttributeError, KeyError, TypeError, ValueError, ValidationError, RecursionError)


class Caller:
    """One client, with a world, dice and a connection of its own."""

    def __init__(self, number: int, seed: int, system: System, found: list[Route], findings: Findings) -> None:
        self.name = f"k{number}"
        self.step = 0
        self._dice = random.Random(f"{seed} {self.name}")
        self._client = Client(system.port)
        self._senders = Senders(system, self._dice)
        self._findings = findings
        self.events = Events(self.name, self._dice)
        self._questions = Questions(found, self.events.world, self._dice)
        self._visitor: Headers = ()
        self._taken: deque[tuple[Owner, Call]] = deque(maxlen=5)

    def sign_in(self, visitor: Headers) -> None:
        """Take a session for the pages."""
        self._visitor = visitor

    @property
    def _where(self) -> str:
        return f"client {self.name}, step {self.step}"

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()

    async def write(self) -> None:
        """Make one call of those that mostly tell of something."""
        self.step += 1
        kind = "good" if self.step <= SETTING_UP else self._dice.choices(list(WRITING), list(WRITING.values()))[0]
        await DOINGS[kind](self)

    async def look(self) -> None:
        """Make one call of those that mostly ask, or two where one must be read before it is published."""
        self.step += 1
        (kind,) = self._dice.choices(list(READING), list(READING.values()))
        await DOINGS[kind](self)

    async def good(self) -> None:
        """Say something that is right."""
        events = self._several()
        await self._post_events(events, self._source_of(events))

    async def strange(self) -> None:
        """Say something that is right, with strange texts."""
        events = [mutations.strange(event, self._dice) for event in self._several()]
        await self._post_events(events, self._source_of(events))

    async def spoilt(self) -> None:
        """Say something of which a part is spoilt."""
        events = self._several()
        source, owner = self._source_of(events), _owner(events[0])
        place = self._dice.randrange(len(events))
        events[place] = mutations.spoilt(events[place], self._dice)
        await self._post_events(events, source, owner)

    async def wrong_sender(self) -> None:
        """Say something right as somebody who may not say it."""
        event = self.events.next()
        sender = self._senders.wrong_for(event["source"])
        call = posts.post(_owner(event), mutations.as_bytes(event, self._dice), sender.headers)
        await self._post(_owner(event), call, may_not=sender.may_not, is_good=False)

    async def repeated(self) -> None:
        """Say again what was taken just before."""
        if not self._taken:
            return await self.good()
        owner, call = self._taken[-1]
        return await self._post(owner, call, is_good=False)

    async def raw(self) -> None:
        """Send something that is hardly a post."""
        event = self.events.next()
        who = self._senders.of(event["source"]).headers
        await self._post(_owner(event), posts.raw(_owner(event), event, who, self._dice), is_good=False)

    async def read(self) -> None:
        """Ask one question of any route."""
        await self.ask(self._questions.next(self._reader(), self._visitor))

    async def read_cheaply(self) -> None:
        """Ask one question of a route that makes no report."""
        await self.ask(self._questions.next(self._reader(), self._visitor, cheaply=True))

    async def publish(self) -> None:
        """Read a report as everybody sees it, and publish it as it was read."""
        world = self.events.world
        if len(world.published) >= MOST_PUBLISHED:
            return await self.read()
        report = self._dice.choice(["network", *(f"areas/{area}" for area in world.areas)])
        days = self._dice.choice(("", "?from=2024-01-01&to=2024-12-31", "?from=2025-01-01&to=2025-12-31"))
        target = f"/reporting/reports/{report}{days}"
        answer = await self.ask(Call("GET", target, self._senders.bearer("lead"), route="GET read to publish"))
        read = answer.json()
        if "digest" not in read:
            return None
        cursor = ",".join(
            f"{owner}:{read['as_of'][owner]}"
            for owner in ("registry", "funding", "reporting")
            if owner in read["as_of"]
        )
        area = report.removeprefix("areas/") if report != "network" else None
        data = {"report": f"{report}{days}", "cursor": cursor, "digest": read["digest"]}
        return await self._post_events([self.events.enveloped(Told(PUBLISHED, area, data))], None)

    def _reader(self) -> Headers:
        return self._senders.reader(self.events.world.areas)

    def _several(self) -> list[Json]:
        """Make one event, or now and then several of one owner and one source."""
        first = self.events.next()
        if self._dice.random() < 0.85:
            return [first]
        more = (self.events.next() for _ in range(self._dice.randint(1, LARGEST_BATCH)))
        return [first, *(event for event in more if _owner(event) == _owner(first))]

    def _source_of(self, events: list[Json]) -> object:
        sources = {event["source"] for event in events}
        return sources.pop() if len(sources) == 1 else None

    async def _post_events(self, events: list[Json], source: object, spoilt_of: Owner | None = None) -> None:
        """Post events; spoilt ones go where they would have gone, and are not waited for."""
        owner = spoilt_of or _owner(events[0])
        sender = self._senders.of(source)
        call = posts.of_events(owner, events, sender.headers, self._dice)
        await self._post(owner, call, is_good=spoilt_of is None)

    async def _post(self, owner: Owner, call: Call, *, may_not: str = "", is_good: bool = True) -> None:
        answer = await self.ask(call, wait_for_others=is_good)
        self._findings.where = self._where
        accepted = judging.judge_post(owner, call, answer, may_not, self._findings)
        for event in accepted:
            self._learn(event)
        if accepted and answer.status:
            self._taken.append((owner, call))

    def _learn(self, event: Json) -> None:
        name = str(event["type"]).removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)
        self.events.accepted[name] += 1
        if name == PUBLISHED:
            self.events.world.published.append(self._findings.promises["reporting"][event["source"], event["id"]])
        # What is not well formed here, but was there, changes nothing of what is told next.
        try:
            self.events.world.learn(event)
        except MALFORMED:
            self._findings.coverage.not_learnt += 1

    async def ask(self, call: Call, *, wait_for_others: bool = False) -> Answer:
        """Make a call until it is not put off any more, bounded, and judge its answer."""
        coverage = self._findings.coverage
        has_stored = False
        for number in range(TRIES):
            answer = await self._client.ask(call)
            # What was good in a batch is there already, when the rest is asked again.
            answer = replace(answer, was_asked_again=answer.was_asked_again or has_stored)
            has_stored = has_stored or answer.status in STORED
            coverage.calls += 1
            coverage.routes[call.route or f"{call.method} {call.target.partition('?')[0]}"][answer.status] += 1
            coverage.longest_answer = max(
                coverage.longest_answer, (answer.seconds, f"{call.method} {call.target}"[:200])
            )
            for breach in judging.judge_answer(call, answer):
                self.note(breach)
            waits = wait_for_others and number < TRIES // 2 and b"not_yet_known" in answer.body
            if not waits and not (judging.is_put_off(answer) and answer.status != 504):
                return answer
            coverage.put_off[answer.status] += 1
            await asyncio.sleep(AGAIN_SECONDS)
        self.note(Breach("put off again and again", answer.shortly(), call=call))
        return answer

    def note(self, breach: Breach) -> None:
        """Note a breach with where it happened."""
        breach.where = self._where
        self._findings.breach(breach)


DOINGS: Final[dict[str, Callable[[Caller], Awaitable[None]]]] = {
    "good": Caller.good,
    "strange": Caller.strange,
    "spoilt": Caller.spoilt,
    "wrong sender": Caller.wrong_sender,
    "repeated": Caller.repeated,
    "raw": Caller.raw,
    "read": Caller.read,
    "read cheaply": Caller.read_cheaply,
    "publish": Caller.publish,
}


def _owner(event: Json) -> Owner:
    return owner_of(str(event["type"]).removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX))
