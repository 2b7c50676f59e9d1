"""One run: a system is started, called by several clients at once, left to settle, looked through, and ended."""

import asyncio
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.fuzz import floods, reads, repeating, senders, ways_out
from tests.fuzz import system as systems
from tests.fuzz.callers import Caller
from tests.fuzz.checks import Checks
from tests.fuzz.client import Client
from tests.fuzz.events import NAMES
from tests.fuzz.findings import Breach, Findings
from tests.fuzz.system import System
from tests.fuzz.watching import Seen, Watch

CLIENTS: Final = 6
CALLS_PER_CHECKPOINT: Final = 20_000
SOME_WAYS: Final = 40
CALLS_PER_WORD: Final = 1_000
MOST_MB: Final = 1_200.0
# Of the calls, so many are made while nobody writes: a report is then made once and read often.
READ_PART: Final = 0.08


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to be. `minutes` is when it is given up, `keep` where what repeats a breach is kept."""

    seed: int
    calls: int
    clients: int = CLIENTS
    minutes: float = 30.0
    least_accepted: int = 5
    planted: str | None = None
    # Of the ways out so many are tried at the end; without a number, all.
    ways: int | None = None
    floods: int = 8
    keep: Path | None = None

    @property
    def checkpoints(self) -> int:
        """Say how often the calls pause, so that all can be looked through."""
        return max(1, self.calls // CALLS_PER_CHECKPOINT)


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    wanted: Wanted
    findings: Findings = field(default_factory=Findings)
    seen: Seen = field(default_factory=Seen)
    logged: dict[tuple[str, str], int] = field(default_factory=dict)
    ways_tried: int = 0
    seconds: float = 0.0

    @property
    def breaches(self) -> list[Breach]:
        """List what must not be."""
        return self.findings.breaches


async def run(wanted: Wanted, tell: Callable[[Breach], None] = lambda _: None) -> Outcome:
    """Do one run, and `tell` each breach when it is found."""
    outcome, started = Outcome(wanted, Findings(tell=tell)), time.monotonic()
    async with systems.running(wanted.planted) as system:
        with Watch(system) as watch:
            outcome.seen = watch.seen
            await _Run(system, watch, outcome, started + wanted.minutes * 60).whole()
        _look_back(system, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


class _Run:
    """The parts of a run, in their order."""

    def __init__(self, system: System, watch: Watch, outcome: Outcome, deadline: float) -> None:
        self._system = system
        self._watch = watch
        self._outcome = outcome
        self._findings = outcome.findings
        self._deadline = deadline
        self._started = time.monotonic()
        self._dice = random.Random(f"{outcome.wanted.seed} run")
        self._said_at_calls = 0

    async def whole(self) -> None:
        wanted = self._outcome.wanted
        client = Client(self._system.port)
        found = await reads.routes(client)
        visitor = await senders.session(self._system, client, "lead")
        await client.close()
        callers = [Caller(number, wanted.seed, self._system, found, self._findings) for number in range(wanted.clients)]
        checks = Checks(self._system, self._findings, visitor)
        try:
            for caller in callers:
                caller.sign_in(visitor)
            for number in range(1, wanted.checkpoints + 1):
                await self._stretch(callers, checks, number)
            self._watch.meanwhile = "the ways out"
            self._say("the ways out")
            ways = checks.every_way(caller.events.world for caller in callers)
            if wanted.ways is not None:
                ways = ways_out.some(ways, self._dice, wanted.ways) if wanted.ways else []
            await checks.ways(ways, "the end")
            await checks.at_rest("the end")
            await checks.logs_hold_what_was_answered()
            seen = self._watch.seen
            floods.judge_health(self._findings, seen.longest_health_seconds.get(floods.WHERE, 0.0), seen.slowest)
            if wanted.keep is not None:
                self._say("making what repeats the breaches simple")
                await repeating.keep(self._system, self._findings, wanted.keep)
        finally:
            self._outcome.ways_tried = checks.ways_tried
            await checks.close()
            for caller in callers:
                await caller.close()

    async def _stretch(self, callers: list[Caller], checks: Checks, number: int) -> None:
        """Call for a while, then read while nobody writes, and look through what there is."""
        wanted = self._outcome.wanted
        each = wanted.calls // (wanted.checkpoints * wanted.clients)
        reading = int(each * READ_PART)
        self._watch.meanwhile = "calls"
        self._say(f"stretch {number} of {wanted.checkpoints}")
        await self._all(callers, each - reading, writing=True)
        self._watch.meanwhile = "reading"
        self._say("reading")
        await self._all(callers, reading, writing=False)
        if wanted.floods:
            self._watch.meanwhile = floods.WHERE
            self._say(floods.WHERE)
            self._watch.seen.weigh_machine()
            await floods.send(self._system, self._findings, self._dice, wanted.floods)
            self._watch.seen.weigh_machine()
        self._watch.meanwhile = "the checks"
        where = f"checkpoint {number}"
        await checks.at_rest(where)
        if number < wanted.checkpoints:
            ways = checks.every_way(caller.events.world for caller in callers)
            await checks.ways(ways_out.some(ways, self._dice, SOME_WAYS), where)

    def _say(self, what: str) -> None:
        """Tell whoever waits how far it has come."""
        seconds, calls = time.monotonic() - self._started, self._findings.coverage.calls
        number = sum(self._findings.breaches_by_kind.values())
        sys.stderr.write(f"  {seconds:5.0f} s: {calls:,} calls, {number:,} breaches; {what} …\n")

    async def _all(self, callers: list[Caller], steps: int, *, writing: bool) -> None:
        await asyncio.gather(*(self._each(caller, steps, writing=writing) for caller in callers))

    async def _each(self, caller: Caller, steps: int, *, writing: bool) -> None:
        for _ in range(steps):
            if time.monotonic() > self._deadline or not self._system.runs:
                return
            await (caller.write() if writing else caller.look())
            if self._findings.coverage.calls >= self._said_at_calls + CALLS_PER_WORD:
                self._said_at_calls = self._findings.coverage.calls
                self._say(self._watch.meanwhile)


def _look_back(system: System, outcome: Outcome) -> None:
    """Judge the run as a whole."""
    findings, wanted = outcome.findings, outcome.wanted
    findings.where = "the end"
    outcome.logged = dict(system.logged())
    if not system.runs:
        findings.breach(
            Breach("the system ended", f"with {system.process.returncode}: {system.log.read_text()[-500:]}")
        )
    if outcome.seen.most_mb > MOST_MB:
        findings.breach(Breach("memory", f"{outcome.seen.most_mb:.0f} MB were held; {MOST_MB:.0f} may be"))
    for name in NAMES:
        if findings.coverage.accepted[name] < wanted.least_accepted:
            said = f"{name} was accepted {findings.coverage.accepted[name]} times of at least {wanted.least_accepted}"
            findings.breach(Breach("not reached", said))
    if findings.coverage.calls < wanted.calls:
        said = f"{findings.coverage.calls} of {wanted.calls} calls within {wanted.minutes} minutes"
        findings.breach(Breach("not in time", said))
