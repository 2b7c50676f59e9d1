"""What must hold when all has been said: nothing dead, nothing lost, books and reports alike, every way out open."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any, Final

from tests.fuzz import books, judging, ways_out
from tests.fuzz.calls import Answer, Call, Headers
from tests.fuzz.client import Client
from tests.fuzz.findings import Breach, Findings
from tests.fuzz.system import SERVICES, System

SETTLE_SECONDS: Final = 90
POLL_SECONDS: Final = 0.2
# A document of everything is made in one piece; others wait for it.
ANSWER_SECONDS: Final = 120.0
PAGE: Final = 500
AT_ONCE: Final = 3
PUT_OFF_TRIES: Final = 60
LISTED: Final = 1_000
# What a service says by itself at its first start.
FOUNDING: Final = "pool-"


class Checks:
    """Looks through a system that nobody calls just now."""

    def __init__(self, system: System, findings: Findings, visitor: Headers) -> None:
        self._system = system
        self._findings = findings
        self._visitor = visitor
        self._admin: Headers = (("Authorization", f"Bearer {system.token('admin')}"),)
        self._service: Headers = (("Authorization", f"Bearer {system.token('service')}"),)
        self._clients = [Client(system.port, ANSWER_SECONDS) for _ in range(AT_ONCE)]
        self.ways_tried = 0

    async def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            await client.close()

    async def at_rest(self, where: str) -> None:
        """Wait until all is followed; then look for dead letters, and compare the books."""
        await self._settle(where)
        await self._no_dead_letters(where)
        async for breach in books.differences(self._clients[0], self._admin):
            self._note(breach, where)

    async def ways(self, calls: list[Call], where: str) -> None:
        """Try ways out, several at once."""
        waiting = iter(calls)
        await asyncio.gather(*(self._try_each(client, waiting, where) for client in self._clients))

    def every_way(self, worlds: Iterable[Any]) -> list[Call]:
        """List every way out."""
        return ways_out.every(worlds, self._admin, self._visitor)

    async def logs_hold_what_was_answered(self) -> None:
        """Compare every log with what was promised: each accepted event once, at its place, and nothing else."""
        for owner, promised in self._findings.promises.items():
            logged = await self._log(owner)
            if sorted(logged.values()) != list(range(1, len(logged) + 1)):
                self._note(Breach("a gap in a log", f"{owner}: {len(logged)} entries"), "the end")
            for identity, sequence in promised.items():
                found = logged.pop(identity, None) or logged.pop(self._findings.stands_as(identity, sequence), None)
                if found != sequence:
                    self._note(
                        Breach("a promise is not kept", f"{owner} {identity}: {sequence}, logged {found}"), "the end"
                    )
            for identity in logged:
                if not identity[1].startswith(FOUNDING) and identity not in self._findings.unanswered:
                    self._note(Breach("stored, though refused", f"{owner} {identity}"), "the end")

    async def _settle(self, where: str) -> None:
        """Wait until every relay and every consumer stands at its owner's head; bounded."""
        deadline = time.monotonic() + SETTLE_SECONDS
        missing = ["nothing was looked at"]
        while missing and time.monotonic() < deadline:
            missing = await self._behind()
            if missing:
                await asyncio.sleep(POLL_SECONDS)
        if missing:
            self._note(Breach("not followed", "; ".join(missing)), where)

    async def _behind(self) -> list[str]:
        told = {service: (await self._read(f"/{service}/status")).json() for service in SERVICES}
        heads = {service: (status.get("log") or {}).get("head") for service, status in told.items()}
        behind = []
        for service, status in told.items():
            if not status:
                behind.append(f"{service} does not tell how it stands")
                continue
            log = status["log"]
            if log and log["relayed"] != log["head"]:
                behind.append(f"the relay of {service} stands at {log['relayed']} of {log['head']}")
            behind += [
                f"{service} stands at {consumer['position']} of {consumer['owner']}'s {heads[consumer['owner']]}"
                for consumer in status["consumers"]
                if consumer["position"] != heads[consumer["owner"]]
            ]
            behind += [f"{name} of {service} is not well" for name, well in status["background"].items() if not well]
        return behind

    async def _no_dead_letters(self, where: str) -> None:
        for service in SERVICES:
            answer = await self._read(f"/{service}/dead-letters?limit={LISTED}")
            if answer.status == 404:
                continue
            for letter in answer.json().get("dead_letters", ()):
                owner, sequence = letter["owner"], letter["sequence"]
                entry = (await self._read(f"/{service}/dead-letters/{owner}/{sequence}")).json()
                said = f"{service} cannot apply {owner} {sequence}: {letter['reason']}"
                if said not in self._findings.dead:
                    self._findings.dead.add(said)
                    self._note(Breach("a dead letter", said, event=entry.get("event", entry)), where)

    async def _try_each(self, client: Client, waiting: Any, where: str) -> None:  # noqa: ANN401  an iterator that is shared
        for call in waiting:
            answer = await self._patiently(client, call)
            self.ways_tried += 1
            self._findings.coverage.ways[
                call.target.partition("?")[0].rpartition(".")[2][:4] if "." in call.target else "json or page"
            ][answer.status] += 1
            for breach in await asyncio.to_thread(lambda: list(ways_out.judge(call, answer))):  # noqa: B023  awaited at once
                self._note(breach, where)

    async def _patiently(self, client: Client, call: Call) -> Answer:
        for _ in range(PUT_OFF_TRIES):
            answer = await client.ask(call)
            if not judging.is_put_off(answer):
                break
            await asyncio.sleep(POLL_SECONDS)
        return answer

    async def _log(self, owner: str) -> dict[tuple[str, str], int]:
        logged: dict[tuple[str, str], int] = {}
        position = 0
        while True:
            target = f"/{owner}/events?after={position}&limit={PAGE}"
            entries = (await self._clients[0].ask(Call("GET", target, self._service))).json().get("events", [])
            if not entries:
                return logged
            for entry in entries:
                logged[entry["event"]["source"], entry["event"]["id"]] = entry["sequence"]
            position = entries[-1]["sequence"]

    async def _read(self, target: str) -> Answer:
        return await self._patiently(self._clients[0], Call("GET", target, self._admin))

    def _note(self, breach: Breach, where: str) -> None:
        breach.where = where
        self._findings.breach(breach)
