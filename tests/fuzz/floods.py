"""Large hostile bodies, several at once and some never said to their end. Owns them, and how they are sent."""

import asyncio
import contextlib
import json
import random
from collections.abc import Iterator
from typing import Final

from shared.events.envelope import Owner
from tests.fuzz import judging, posts, texts
from tests.fuzz.calls import Call, Headers
from tests.fuzz.client import HOST, Client
from tests.fuzz.findings import Breach, Findings
from tests.fuzz.system import System
from tests.support import builders

# As much as one request may hold, and a little more.
MOST_BYTES: Final = 5 * 1024 * 1024
AT_ONCE: Final = 4
HALF_SENT: Final = 20
HELD_SECONDS: Final = 2.0
WHERE: Final = "large hostile bodies"
# Nobody waits longer for health while they come, where nothing else runs; elsewhere as many times as long as the
# machine takes for the same work just before and after.
HEALTH_SECONDS: Final = 5.0
MANY_FIELDS: Final = 80
MANY_EVENTS: Final = 5_000
EXPLANATIONS: Final = 60


async def send(system: System, findings: Findings, dice: random.Random, number: int) -> None:
    """Send so many bodies, several at once, from a reader who may post nothing and from one who may."""
    senders: list[Headers] = [
        (("Authorization", f"Bearer {system.token('auditor')}"),),
        (("Authorization", f"Bearer {system.token('admin')}"),),
    ]
    waiting = iter(list(calls(senders, dice, number)))
    half = [asyncio.create_task(_half_sent(system, senders[0])) for _ in range(HALF_SENT)]
    await asyncio.gather(*(_send_each(system, findings, waiting) for _ in range(AT_ONCE)))
    await asyncio.gather(*half)


def calls(senders: list[Headers], dice: random.Random, number: int) -> Iterator[Call]:
    """Give so many large bodies, the same for the same dice."""
    for place in range(number):
        owner, body = BODIES[place % len(BODIES)](dice)
        yield posts.post(owner, body, senders[place % len(senders)])


async def _send_each(system: System, findings: Findings, waiting: Iterator[Call]) -> None:
    client = Client(system.port)
    for call in waiting:
        answer = await client.ask(call)
        findings.coverage.calls += 1
        findings.coverage.routes[f"{call.route} (large)"][answer.status] += 1
        for breach in judging.judge_answer(call, answer):
            breach.where = WHERE
            findings.breach(breach)
        findings.where = WHERE
        owner = call.target.split("/")[1]
        judging.judge_post(owner, call, answer, "", findings)
    await client.close()


async def _half_sent(system: System, who: Headers) -> None:
    """Promise a large body, say half of it, and say nothing more for a while."""
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection(HOST, system.port)
        head = f"POST /registry/events HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in who)
        writer.write(f"{head}{lines}Content-Length: {MOST_BYTES}\r\n\r\n[".encode() + b" " * (MOST_BYTES // 2))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(writer.drain(), HELD_SECONDS)
        await asyncio.sleep(HELD_SECONDS)
        writer.close()


def _long_text(dice: random.Random) -> tuple[Owner, bytes]:
    length = dice.choice((texts.LONGEST, 20_000, 100_000, MOST_BYTES - 100))
    return "registry", json.dumps({"data": {"text": texts.run(dice, length)}}).encode()[:MOST_BYTES]


def _long_but_valid(dice: random.Random) -> tuple[Owner, bytes]:
    """Make an annual statement that explains many lines at the greatest length, each hard to look through."""
    lines = [{"line": f"linje-{number}", "text": texts.run(dice, texts.LONGEST)} for number in range(EXPLANATIONS)]
    data = {"plan": "findes-ikke", "year": 2024, "explanations": lines}
    return "funding", json.dumps(builders.an_event("statement.submitted", data)).encode()


def _many_numbers(_: random.Random) -> tuple[Owner, bytes]:
    return "registry", b"[" + b"1," * (MOST_BYTES // 2 - 2) + b"1]"


def _many_keys(_: random.Random) -> tuple[Owner, bytes]:
    return "registry", b'{"data":{' + b",".join(b'"%d":0' % number for number in range(400_000)) + b"}}"


def _many_faults(_: random.Random) -> tuple[Owner, bytes]:
    event = b'{"data":{' + b",".join(b'"x%d":0' % number for number in range(MANY_FIELDS)) + b"}}"
    return "registry", b"[" + b",".join([event] * MANY_EVENTS) + b"]"


def _too_much(_: random.Random) -> tuple[Owner, bytes]:
    return "funding", b'"' + b"a" * (MOST_BYTES + 10) + b'"'


def _vouchers(_: random.Random) -> tuple[Owner, bytes]:
    return "registry", json.dumps({"data": {"text": "bilag" * 1_000 + "! " + "22334455 kr," * 300}}).encode()


BODIES: Final = (_long_text, _long_but_valid, _many_numbers, _many_keys, _many_faults, _too_much, _vouchers, _long_text)


def judge_health(findings: Findings, longest_seconds: float, slowness: float) -> None:
    """Note when health was waited for too long while they came, on a machine that is so many times as slow."""
    most_seconds = HEALTH_SECONDS * slowness
    if longest_seconds > most_seconds:
        said = f"{longest_seconds:.1f} s, at most {most_seconds:.1f} on a machine that is {slowness:.1f} times as slow"
        findings.breach(Breach("health waits", said, where=WHERE))
