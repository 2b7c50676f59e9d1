"""Keeps what repeats each breach: its call, shrunk as far as it goes, or the event that did it. Owns the folder."""

import json
from pathlib import Path
from typing import Final

from tests.fuzz import judging, ways_out
from tests.fuzz.calls import Call, write_down
from tests.fuzz.client import Client
from tests.fuzz.findings import Findings
from tests.fuzz.shrinking import shrunk
from tests.fuzz.system import System

# What hangs is not tried again and again.
ANSWER_SECONDS: Final = 15.0
UNREPEATED: Final = frozenset({"no answer", "accepted twice", "a different sequence", "put off again and again"})


async def keep(system: System, findings: Findings, folder: Path) -> None:
    """Write down every breach that was kept; last of all, since what is tried to shrink it is stored too."""
    client = Client(system.port, ANSWER_SECONDS)
    for number, breach in enumerate(findings.breaches, start=1):
        name = f"{number:02}-{breach.kind.replace(' ', '-').replace('/', '-')[:50]}"
        if breach.event is not None:
            breach.repeat = _written(folder / f"{name}.json", json.dumps(breach.event, indent=1))
        if breach.call is not None:
            call = breach.call
            if system.runs and breach.kind not in UNREPEATED:
                call = await shrunk(call, _Again(client, breach.kind, number).is_breach)
            breach.repeat = write_down(call, system.address, folder, name)
        _written(folder / f"{name}.txt", f"{breach.kind}\n{breach.where}\n{breach.said}\n")
    await client.close()


def _written(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return str(path)


class _Again:
    """Makes a call again, and tells whether the same breach comes of it."""

    def __init__(self, client: Client, kind: str, number: int) -> None:
        self._client = client
        self._kind = kind
        self._number = number
        self._made = 0

    async def is_breach(self, call: Call) -> bool:
        self._made += 1
        call = _under_a_new_id(call, f"igen-{self._number}-{self._made}")
        answer = await self._client.ask(call)
        found = Findings()
        for breach in (
            *judging.judge_answer(call, answer),
            *(ways_out.judge(call, answer) if call.method == "GET" else ()),
        ):
            found.breach(breach)
        if call.method == "POST":
            judging.judge_post(call.target.split("/")[1], call, answer, "", found)
        return self._kind in found.breaches_by_kind


def _under_a_new_id(call: Call, identifier: str) -> Call:
    """Give the same post under an id that nobody has used; any other call as it is."""
    try:
        document = json.loads(call.body)
    except (ValueError, RecursionError):
        return call
    events = document if isinstance(document, list) else [document]
    for place, event in enumerate(events):
        if isinstance(event, dict) and isinstance(event.get("id"), str):
            event["id"] = f"{identifier}-{place}"
    return call.with_body(json.dumps(document).encode())
