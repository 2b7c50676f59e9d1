"""Pages while the database stands still: an error page that says when to come back, whatever is looked for."""

from typing import Any, Final

import httpx

from services.embedded import free_port
from services.reporting.app import build_app
from services.reporting.settings import ReportingSettings
from services.reporting.web.site import build_site
from services.reporting.web.visitor import COOKIE
from shared import background
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import MakeDatabase
from tests.support.running import on_a_port
from tests.support.signing_in import Hosts

READ: Final = ("/", "/en", "/figures.csv?indicator=sessions")


async def test_a_page_says_when_to_come_back(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """To people as to programs; an address that leads nowhere is still no more than that."""
    await make_database("reporting")
    nobody = f"http://127.0.0.1:{free_port()}"
    app = build_app(ReportingSettings(**surroundings, registry_url=nobody, funding_url=nobody))
    signed_in = {COOKIE: await hosts.session(Identity("lead"))}
    async with (
        on_a_port({"reporting": app}, front=build_site(app)) as address,
        httpx.AsyncClient(base_url=address, cookies=signed_in) as client,
    ):
        # Nobody is left who would open it again.
        await background.end([kept.task for kept in state_in(app).kept if kept.name == "pulse"])
        state_in(app).line.hang_up()
        for path in READ:
            for accept in ("text/html", "application/json"):
                answer = await client.get(path, headers={"accept": accept})
                assert answer.status_code == 503, f"{path}: {answer.status_code}"
                assert answer.headers["retry-after"]
                assert answer.headers["content-type"].startswith(accept.partition("/")[0])
        assert (await client.get("/nowhere", headers={"accept": "text/html"})).status_code == 404
