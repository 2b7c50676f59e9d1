"""The page of a person's rights: a coordinator of the area sees and prints what is held, and nobody else does."""

import io
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pypdf
import pytest

from services.access.service import Access
from services.reporting.web.visitor import COOKIE
from shared import pseudonyms
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.signing_in import Hosts
from tests.support.whole import SERVICES, whole

KEY: Final = b"k" * pseudonyms.KEY_BYTES
PERSON: Final = pseudonyms.of_name(KEY, "Kanarie Ost", "2012-03-01")
ASKED: Final = {"participant": PERSON, "reason": "access_request"}


@pytest.fixture
async def served(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer
) -> AsyncIterator[tuple[httpx.AsyncClient, Hosts]]:
    """Run everything with somebody in it; give a browser that is not signed in, and what signs in."""
    for service in SERVICES:
        await make_database(service)
    async with whole(surroundings) as (client, apps):
        headers = {**bearer("admin"), "content-type": "application/json"}
        events = b.body([*b.a_running_activity(), b.an_enrolment(PERSON)])
        answer = await client.post("/registry/events", content=events, headers=headers)
        assert answer.is_success, answer.text
        at_least = {"at_least": answer.json()["cursor"]}
        (await client.get("/reporting/reports/network", params=at_least, headers=headers)).raise_for_status()
        client.headers["origin"] = str(client.base_url).rstrip("/")
        state = state_in(apps["access"])
        yield client, Hosts(state.part(Access), state.pool, str(client.base_url))


async def test_a_coordinator_sees_and_prints_what_is_held(served: tuple[httpx.AsyncClient, Hosts]) -> None:
    """In both languages; the print holds what the page holds, and each look-up stands in the next."""
    client, hosts = served
    client.cookies.set(COOKIE, await hosts.session(Identity("coordinator", frozenset({b.AREA}), subject="mette")))
    for prefix, words in (("", "Deltager indskrevet"), ("/en", "Participant enrolled")):
        assert "<form" in (await client.get(f"{prefix}/people")).text
        page = await client.post(f"{prefix}/people", data=ASKED)
        assert page.status_code == httpx.codes.OK, page.text
        assert words in page.text
        assert page.headers["cache-control"] == "no-store"
        document = await client.post(f"{prefix}/people", data={**ASKED, "as": "pdf"})
        text = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(document.content)).pages)
        assert words in " ".join(text.split())
        assert PERSON in text
    # Each of the four was noted by both services.
    assert page.text.count("Personen bad om indsigt") + page.text.count("The person asked for access") > 4


@pytest.mark.parametrize(
    "who", [Identity("lead"), Identity("admin"), Identity("coordinator", frozenset({"elsewhere"}))]
)
async def test_nobody_else_does(served: tuple[httpx.AsyncClient, Hosts], who: Identity) -> None:
    """Others are told whom to ask; a coordinator of a different area hears of nobody."""
    client, hosts = served
    client.cookies.set(COOKIE, await hosts.session(who))
    assert (await client.get("/people")).status_code == httpx.codes.OK
    page = await client.post("/people", data=ASKED)
    assert page.status_code in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}
    assert "Deltager indskrevet" not in page.text


@pytest.mark.parametrize(
    "asked", [{**ASKED, "participant": "p-bcd"}, {**ASKED, "participant": "Kanarie Ost"}, {**ASKED, "reason": "x"}, {}]
)
async def test_what_is_no_pseudonym_or_no_reason_is_asked_for_again(
    served: tuple[httpx.AsyncClient, Hosts], asked: dict[str, str]
) -> None:
    """Before anybody is asked; nothing of it stands in the answer."""
    client, hosts = served
    client.cookies.set(COOKIE, await hosts.session(Identity("coordinator", frozenset({b.AREA}))))
    of_a_program = await client.post("/people", data=asked)
    assert of_a_program.status_code == httpx.codes.BAD_REQUEST
    assert (of_a_program.json()["code"], "Kanarie" in of_a_program.text) == ("invalid_form", False)
    answer = await client.post("/people", data=asked, headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == httpx.codes.OK
    assert 'role="alert"' in answer.text
    assert "Deltager indskrevet" not in answer.text
    assert "Kanarie" not in answer.text
