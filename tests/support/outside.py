"""Whoever reads everything of a network from outside, as a lead: answers in all forms, pages, published reports."""

from typing import Any

import httpx

from services.reporting.releasing.presence import AreaFacts
from services.reporting.releasing.released import Release
from services.reporting.web.visitor import COOKIE
from shared.tokens import Identity
from tests.support import builders as b
from tests.support.everything_read import Everything, Reader, everything, of_published
from tests.support.outsiders import SLOWEST_SECONDS, Network
from tests.support.releases_read import activities_read, release_read
from tests.support.signing_in import Hosts

OWNERS = ("registry", "funding", "reporting")


class Outside:
    """One reader, who has signed in to the pages too."""

    def __init__(self, system: httpx.AsyncClient, network: Network, hosts: Hosts) -> None:
        self.network = network
        self._system, self._hosts = system, hosts
        self._reader: Reader | None = None
        self._session = ""

    async def reads(self, number: int) -> tuple[Everything, list[AreaFacts]]:
        """Read all that is told after a release was made; and give what was true then, which nobody can read."""
        release = await release_read(self._json, number)
        known = await activities_read(self._json, release.calendar)
        plans = {each.plan: area for area, some in known.items() for each in some}
        area_of = {**plans, **{each.activity: area for area, some in known.items() for each in some}}
        self._reader = Reader(self._document, self._page, area_of, tuple(sorted(plans)), tuple(sorted(known)))
        return await everything(self._reader, release), await self.network.facts(release.calendar)

    async def publishes(self) -> None:
        """Have every report published as it is told now that can be."""
        for address in (address for address, _, _ in self._found.reports() if not address.startswith("plans/")):
            report = await self.network.read(f"reports/{address}")
            cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in OWNERS)
            said = {"report": address, "cursor": cursor, "digest": report["digest"]}
            await self.network.post(b.an_event("report.published", said), to="reporting")

    async def reads_published(self, release: Release) -> list[Everything]:
        """Read all published reports, each beside the release that it was published from."""
        whose = {address: area for address, _, area in self._found.reports()}
        listed = (await self.network.read("published"))["published"]
        reports = [(each["report"], await self.network.read(f"published/{each['id']}")) for each in listed]
        return [of_published(report, release, whose[name], self._found) for name, report in reports]

    @property
    def _found(self) -> Reader:
        if self._reader is None:
            raise TypeError("nothing was read yet")
        return self._reader

    async def _json(self, path: str) -> Any:  # noqa: ANN401  any JSON
        return (await self.network.get(path)).json()

    async def _document(self, path: str) -> httpx.Response:
        return await self.network.get(f"/reporting/{path}")

    async def _page(self, path: str) -> str:
        self._session = self._session or await self._hosts.session(Identity("lead"))
        headers = {"cookie": f"{COOKIE}={self._session}"}
        answer = await self._system.get(path, headers=headers, timeout=SLOWEST_SECONDS)
        assert answer.status_code == httpx.codes.OK, (path, answer.text[:500])
        return answer.text
