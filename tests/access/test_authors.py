"""Every line of a log says who sent it, under an opaque name tied into the chain; older lines stay as they were."""

from datetime import UTC, datetime

import httpx
import orjson

from shared import database
from shared.backbone import appending, event_log, verification
from shared.backbone.chain_walk import MAX_LINES
from shared.backbone.event_log import Accepted
from shared.tokens import Identity
from tests.conftest import Bearer
from tests.support.builders import an_area, body, posted
from tests.support.keyring import Keyring

NOW = datetime(2025, 8, 1, 12, tzinfo=UTC)


async def _found(connection: database.Connection) -> set[tuple[str, int]]:
    """Verify the log, and give what does not fit."""
    stretch = await verification.read(connection, 0, MAX_LINES)
    return {(finding.code, finding.sequence) for finding in verification.found_in(stretch)}


async def test_an_auditor_sees_who_sent_an_event(
    registry: httpx.AsyncClient, keyring: Keyring, bearer: Bearer, registry_pool: database.Pool
) -> None:
    """As the attributes of CloudEvents' extension have it, and with nothing of what the event says."""
    key = Identity("admin", subject="k-0123456789abcdef", kind="api_key")
    headers = {"authorization": f"Bearer {keyring.issue(key)}", "content-type": "application/json"}
    answer = await registry.post("/registry/events", content=body([an_area("one")]), headers=headers)
    assert answer.status_code == httpx.codes.CREATED
    listed = (await registry.get("/registry/log/authors", headers=bearer("auditor"))).json()["authors"]
    assert (listed[0]["authtype"], listed[0]["authid"]) == ("api_key", "k-0123456789abcdef")
    assert listed[0]["type"] == "dk.helhedsnet.area.registered.v1"
    # What is there from the start, the service itself has said.
    assert (listed[-1]["authtype"], listed[-1]["authid"]) == ("system", "registry")
    assert "data" not in listed[0]
    page = (await registry.get("/registry/events", headers=bearer("service"))).json()["events"]
    assert (page[-1]["authtype"], page[-1]["authid"]) == ("api_key", "k-0123456789abcdef")
    assert "authid" not in page[-1]["event"]
    async with registry_pool.acquire() as connection:
        assert await _found(connection) == set()


async def test_an_author_cannot_be_changed_unseen_and_a_line_without_one_is_whole(registry_pool: database.Pool) -> None:
    """Lines of before have none, and a chain over both kinds fits; whoever names somebody else breaks it."""
    async with registry_pool.acquire() as connection:
        before = [Accepted(posted(an_area("old")), None), Accepted(posted(an_area("older")), '{"a":1}')]
        await appending.append(connection, before, NOW)
        named = [
            Accepted(posted(an_area("new")), None, "user", "p-1"),
            Accepted(posted(an_area("newer")), '{"a":1}', "user", "p-2"),
        ]
        await appending.append(connection, named, NOW)
        lines = (await event_log.read(connection, 0, 10)).lines
        told = [orjson.loads(line.text) for line in lines]
        assert [line.get("authid") for line in told] == [None, None, "p-1", "p-2"]
        assert await _found(connection) == set()
        for sequence in (1, 3):
            statement = "UPDATE event_log SET authtype = 'user', authid = 'p-9' WHERE sequence = $1"
            await connection.execute(statement, sequence)
        assert await _found(connection) == {("chain_broken", 1), ("chain_broken", 3)}
