"""Every kind of reader, a story for them to read of, and a question that gives the status alone."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

import httpx

from shared.tokens import Role
from tests.support import builders as b
from tests.support.routes import HOLES

FOREIGN: Final = "gellerupparken"
# Each reader by a letter: the area's own coordinator, one of a different area, lead, auditor, administrator, service.
READERS: Final[Mapping[str, tuple[Role, tuple[str, ...]]]] = {
    "o": ("coordinator", (b.AREA,)),
    "f": ("coordinator", (FOREIGN,)),
    "l": ("lead", ()),
    "u": ("auditor", ()),
    "a": ("admin", ()),
    "s": ("service", ()),
}
# What takes long to make is asked for so that whoever may ask is told what is wrong with the question.
SLOW: Final = re.compile(r"\.(pdf|svg)$")


async def asked(client: httpx.AsyncClient, method: str, path: str, headers: Mapping[str, str]) -> int:
    """Ask, and give the status alone: a stream goes on."""
    for name, value in HOLES.items():
        path = path.replace(f"{{{name}}}", value)
    # An empty choice would take away what the path itself asks for.
    parameters = {"from": "x"} if SLOW.search(path) else None
    if SLOW.search(path):
        path = path.replace("/2025.", "/x.")
    async with client.stream(method, path, params=parameters, headers=dict(headers)) as answer:
        return answer.status_code


async def tell_story(client: httpx.AsyncClient, admin: Mapping[str, str]) -> None:
    """Tell of an area with a plan and an activity, and of a second area; wait until everybody knows."""
    events = [b.an_area(), b.an_area(FOREIGN), b.a_plan(), b.an_activity(HOLES["activity"])]
    headers = {**admin, "content-type": "application/json"}
    answer = await client.post("/registry/events", content=b.body(events), headers=headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    cursor = answer.json()["cursor"]
    (await client.get("/reporting/reports/network", params={"at_least": cursor}, headers=headers)).raise_for_status()
    async with asyncio.timeout(30):
        # Nothing tells when it has come.
        while HOLES["plan"] not in (await client.get("/funding/plans", headers=headers)).text:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.05)
