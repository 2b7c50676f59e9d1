"""Who may say what: the table whole, every event by every kind of sender, over HTTP; what is refused is not stored."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
import pytest

from services.funding import handlers as funding_handlers
from services.funding.app import build_app
from services.funding.settings import FundingSettings
from services.registry import handlers as registry_handlers
from services.registry.domain import rights
from shared.backbone.event_log import Entry, head
from shared.database import Pool, open_pool
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from shared.events.rights import MEANINGS
from tests.conftest import Bearer, Headers, MakeDatabase
from tests.funding.conftest import as_entries
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.extent import long_but_for
from tests.support.running import in_process
from tests.support.samples import SAMPLES
from tests.support.senders import AREAS, IN_SHORT, INVITED, OWN, SENDERS, Sender
from tests.support.stories import fundings, heard_of, the_registrys

BY_TYPE: Final[Mapping[str, type[EventData]]] = {event.type_name(): event for event in EVENTS}
EACH_SENDER: Final = pytest.mark.parametrize("sender", long_but_for(SENDERS, IN_SHORT), ids=lambda sender: sender.name)
# What is answered instead of 403: whoever keeps nothing under a pseudonym learns nothing of who does.
BLIND: Final = dict.fromkeys(
    ("consent.withdrawn", "participant.corrected", "participant.merged"), (422, {"unknown_participant"})
)
DENIALS: Final = {"foreign_area", "foreign_organisation", "network_only"}


class Door:
    """The intake of one service, and its log behind it."""

    def __init__(self, client: httpx.AsyncClient, owner: str, pool: Pool, bearer: Bearer) -> None:
        self._client = client
        self._path = f"/{owner}/events"
        self._pool = pool
        self._bearer = bearer

    async def tell(self, story: list[Json], sender: Sender) -> None:
        """Tell a story; the last event of each kind in it is tried as the sender's, and said as meant where refused."""
        last = {event["type"]: place for place, event in enumerate(story)}
        for place, event in enumerate(story):
            is_taken = last[event["type"]] == place and await self._try(event, sender)
            if not is_taken:
                answer = await self._post(event, self._bearer("admin"))
                assert answer.status_code == httpx.codes.CREATED, (event["type"], answer.text)

    async def _try(self, event: Json, sender: Sender) -> bool:
        """Say an event as the sender: the entitled are taken, others refused with a code, and nothing is stored."""
        kind = BY_TYPE[event["type"]]
        token = {} if sender.role is None else self._bearer(sender.role, *sender.areas)
        before = await self._head()
        answer = await self._post({**event, "source": sender.source, "id": f"{event['id']}-tried"}, token)
        stored = await self._head() - before
        if kind.said_by in sender.entitled_by:
            assert (answer.status_code, stored) == (201, 1), (kind.event_name, answer.text)
            return True
        expected = (401, {"unauthenticated"}) if sender.role is None else (403, DENIALS)
        if sender.is_believed:
            expected = BLIND.get(kind.event_name, expected)
        assert (answer.status_code, stored) == (expected[0], 0), (kind.event_name, answer.text)
        assert answer.json()["code"] in expected[1]
        return False

    async def _post(self, event: Json, token: Headers) -> httpx.Response:
        headers = {**token, "content-type": "application/json"}
        return await self._client.post(self._path, content=b.body(event), headers=headers)

    async def _head(self) -> int:
        async with self._pool.acquire() as connection:
            return await head(connection)


@EACH_SENDER
async def test_each_event_of_the_registry_is_taken_from_the_entitled_alone(
    registry: httpx.AsyncClient, registry_pool: Pool, bearer: Bearer, sender: Sender
) -> None:
    """The area that it concerns, the areas that belong to the plan, or the network; nobody else, in whosever name."""
    accepted = [b.an_event("statement.accepted", {"plan": "amagerplanen", "year": year}) for year in (2025, 2026)]
    async with registry_pool.acquire() as connection:
        await registry_handlers.apply(connection, "funding", as_entries(*accepted))
    await Door(registry, "registry", registry_pool, bearer).tell(the_registrys(), sender)


@EACH_SENDER
async def test_each_event_of_funding_is_taken_from_the_entitled_alone(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer, sender: Sender
) -> None:
    """The plan's areas are those that have consented; the invited one is not."""
    pool = await open_pool(await make_database("funding"), 2)
    async with pool.acquire() as connection:
        heard = [Entry({**entry.document, "outcome": {"invited": [INVITED]}}) for entry in as_entries(*heard_of())]
        await funding_handlers.apply(connection, "registry", heard)
    app = build_app(FundingSettings(**surroundings, registry_url="http://127.0.0.1:9/registry"))
    async with in_process({"funding": app}) as client:
        await Door(client, "funding", pool, bearer).tell(fundings(), sender)
    await pool.close()


@pytest.mark.timeout(240)
async def test_each_event_of_reporting_is_taken_from_the_entitled_alone(
    system: httpx.AsyncClient, bearer: Bearer
) -> None:
    """A figure about an area and a report of it: the area's and the network's words."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    areas = b.body([b.an_area(area) for area in AREAS])
    cursor = (await system.post("/registry/events", content=areas, headers=headers)).json()["cursor"]
    path = f"/reporting/reports/areas/{OWN}"
    for sender in SENDERS:
        for name in ("context.imported", "report.published"):
            report = (await system.get(path, params={"at_least": cursor}, headers=bearer("lead"))).json()
            as_of = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding", "reporting"))
            data = {"report": f"areas/{OWN}", "cursor": as_of, "digest": report["digest"]}
            said = SAMPLES[name] if name == "context.imported" else data
            event = b.an_event(name, said, source=sender.source)
            token = {} if sender.role is None else bearer(sender.role, *sender.areas)
            answer = await system.post(
                "/reporting/events", content=b.body(event), headers={**token, "content-type": "application/json"}
            )
            refused = 401 if sender.role is None else 403
            assert answer.status_code == (201 if "area" in sender.entitled_by else refused), (sender, answer.text)
            logged = (await system.get("/reporting/events", params={"limit": 1000}, headers=bearer("service"))).text
            assert (f'"{event["id"]}"' in logged) == answer.is_success


@pytest.mark.parametrize(
    ("story", "owner"), [(the_registrys, "registry"), (fundings, "funding")], ids=["registry", "funding"]
)
def test_the_stories_try_every_event(story: Callable[[], list[Json]], owner: str) -> None:
    """An event that stands in none would be said by anybody unseen; reporting's own two are tried beside them."""
    told = {BY_TYPE[event["type"]] for event in story()}
    assert told == {event for event in EVENTS if event.event_owner == owner}


def test_an_event_that_says_not_who_may_say_it_cannot_be_defined() -> None:
    """The table has no gap: a class statement without its line fails where it stands."""
    with pytest.raises(TypeError, match="said_by"):
        type("Nameless", (EventData,), {}, name="no.body", owner="registry", label_da="x", label_en="x", example={})


def test_an_event_of_an_area_that_names_nothing_of_an_area_cannot_be_served() -> None:
    """Nobody could look up whom it concerns; the registry would not start with it."""

    class AreaLess(EventData, name="x.said", owner="registry", label_da="x", label_en="x", said_by="area", example={}):
        """An event without any field."""

    with pytest.raises(AssertionError, match=r"x\.said"):
        rights.check_of(AreaLess)


def test_every_line_of_the_table_is_one_of_its_words() -> None:
    """A misspelt word would entitle nobody, or everybody."""
    assert {event.said_by for event in EVENTS} == set(MEANINGS)
