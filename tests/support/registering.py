"""All services with their pages in this process, and people who register there as a browser without scripting does."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from services.access.service import Access
from services.reporting.web.visitor import COOKIE, HOST_COOKIE
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.signing_in import Hosts

FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
PAGE: Final = {"accept": "text/html"}
CLUB: Final = b.ACTIVITY
PEOPLE: Final = [b.person(f"club/{number}") for number in range(1, 4)]


class Visitors:
    """The services, and people who are signed in to their pages."""

    def __init__(
        self, client: httpx.AsyncClient, apps: dict[str, Any], bearer: Bearer, *, is_secure: bool = False
    ) -> None:
        """Give visitors; `is_secure` tells that the pages' public address is one of https."""
        self.client = client
        self.apps = apps
        origin = client.base_url.copy_with(scheme="https") if is_secure else client.base_url
        self._origin = str(origin).rstrip("/")
        self._cookie = HOST_COOKIE if is_secure else COOKIE
        self._admin = {**bearer("admin"), "content-type": "application/json"}
        access = state_in(apps["access"])
        self.bearer = bearer
        self.own = bearer("coordinator", b.AREA)
        self._hosts = Hosts(access.part(Access), access.pool, str(client.base_url))

    async def sign_in(self, role: Any, *areas: str, name: str = "somebody") -> dict[str, str]:  # noqa: ANN401  a literal
        """Give the headers of somebody who has just signed in."""
        session = await self._hosts.session(Identity(role, frozenset(areas)), name)
        return {**PAGE, "cookie": f"{self._cookie}={session}", "origin": self._origin}

    async def invite(self, role: Any, *areas: str) -> str:  # noqa: ANN401  a literal
        """Give what an invitation's link carries."""
        return await self._hosts.invitation(Identity(role, frozenset(areas)))

    async def post(self, *events: Json) -> str:
        """Post to the registry as programs do, and give the cursor."""
        answer = await self.client.post("/registry/events", content=b.body(list(events)), headers=self._admin)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        cursor: str = answer.json()["cursor"]
        return cursor

    async def get(self, path: str, visitor: dict[str, str], **query: str) -> str:
        """Open a page."""
        answer = await self.client.get(httpx.URL(path).copy_merge_params(query), headers=visitor)
        assert answer.status_code == httpx.codes.OK, f"{answer.status_code} {answer.text}"
        return answer.text

    async def send(self, path: str, visitor: dict[str, str], fields: Iterable[tuple[str, str]]) -> httpx.Response:
        """Send a form."""
        return await self.client.post(path, content=urlencode(list(fields)), headers={**visitor, **FORM})

    async def lines(self, owner: str = "registry") -> list[dict[str, Any]]:
        """Give the lines of a service's log."""
        rows = await state_in(self.apps[owner]).pool.fetch(
            "SELECT id, source, digest, body FROM event_log ORDER BY sequence"
        )
        return [dict(row) for row in rows]

    async def rows(self, service: str, query: str) -> list[dict[str, Any]]:
        """Give what stands in a service's database."""
        return [dict(row) for row in await state_in(self.apps[service]).pool.fetch(query)]

    async def figures(self, cursor: str) -> Json:
        """Give the totals of the area's report, as its own coordinator reads them at a cursor."""
        path = f"/reporting/reports/areas/{b.AREA}"
        answer = await self.client.get(path, params={"at_least": cursor}, headers=self.own)
        totals: Json = answer.raise_for_status().json()["totals"]
        return {name: each.get("value") if isinstance(each, dict) else each for name, each in totals.items()}

    async def heard(self, plan: str) -> None:
        """Wait until funding has heard of a plan."""
        async with asyncio.timeout(30):
            # Nothing tells when it has come.
            while plan not in (await self.client.get("/funding/plans", headers=self._admin)).text:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.05)


async def a_club(visitors: Visitors, *more: Json) -> str:
    """Tell of an activity that runs, with three who are enrolled; give the cursor."""
    return await visitors.post(*b.a_running_activity(), *(b.an_enrolment(who) for who in PEOPLE), *more)
