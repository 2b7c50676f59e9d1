"""What an owner did not sign takes no effect, is an alarm, and hides nothing that the owner did say."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx
import orjson
import pytest
import redis.asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from faststream.redis import BinaryMessageFormatV1
from structlog.testing import capture_logs

from shared import database
from shared.backbone import forgeries, pages, streams
from shared.backbone.event_log import Entry
from shared.backbone.forgeries import Forgery
from shared.backbone.signatures import Signer
from shared.clock import today
from shared.database import Connection, Pool
from shared.http.state import state_in
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import an_area, body
from tests.support.following import following, make_table, reaches
from tests.support.keyring import Keyring
from tests.support.running import on_a_port
from tests.support.streaming import Logged, Message, logged, published, signed

STREAM: Final = streams.stream_name("registry")
GROUP: Final = "follower"
FOUNDING: Final = 3
FALSE: Final = "falsk"

Post: TypeAlias = Callable[[str], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a forger has: what stands on the stream already, and the keys of others."""

    logged: Logged
    signer: Signer
    keyring: Keyring

    @property
    def last(self) -> int:
        """Give the last sequence."""
        return len(self.logged.lines)

    @property
    def next_text(self) -> bytes:
        """Give an entry that says something false under the next sequence."""
        entry: dict[str, Any] = orjson.loads(self.logged.lines[-1].text)
        entry["sequence"] += 1
        entry["event"]["data"]["area"] = FALSE
        return orjson.dumps(entry)

    @property
    def next_page(self) -> bytes:
        """Give the page that it would stand on, going on from where the log ends."""
        return pages.written(self.logged.epoch, self.logged.lines[-1].chain, [self.next_text])

    @property
    def true_signature(self) -> bytes:
        """Give the owner's signature of the last entry."""
        return bytes(self.logged.message(self.signer, self.last, self.last)[streams.SIGNATURE])


async def _known(app: FastAPI, keyring: Keyring) -> Known:
    return Known(await logged(state_in(app).pool), keyring.signer("registry"), keyring)


async def _unsigned(known: Known) -> Message:
    return {streams.PAGE: known.next_page}


async def _signed_at_random(known: Known) -> Message:
    return {streams.PAGE: known.next_page, streams.SIGNATURE: bytes(range(64))}


async def _signed_too_short(known: Known) -> Message:
    return {streams.PAGE: known.next_page, streams.SIGNATURE: b"1"}


async def _copied_signature(known: Known) -> Message:
    return {streams.PAGE: known.next_page, streams.SIGNATURE: known.true_signature}


async def _changed_body(known: Known) -> Message:
    changed = known.logged.message(known.signer, 1, known.last)
    changed[streams.PAGE] = changed[streams.PAGE].replace(b'"last"', b'"' + FALSE.encode() + b'"')
    return changed


async def _lengthened(known: Known) -> Message:
    """Begin with what the owner signed, and go on with something else."""
    longer = known.logged.message(known.signer, 1, known.last)
    longer[streams.PAGE] = longer[streams.PAGE].removesuffix(b"]}") + b"," + known.next_text + b"]}"
    return longer


async def _reordered(known: Known) -> Message:
    signature = known.logged.message(known.signer, 1, known.last)[streams.SIGNATURE]
    texts = [line.text for line in reversed(known.logged.lines)]
    return {streams.PAGE: pages.written(known.logged.epoch, b"", texts), streams.SIGNATURE: signature}


async def _replayed_as_the_next(known: Known) -> Message:
    page = known.logged.page(known.last, known.last)
    replayed = page.replace(b'"sequence":%d' % known.last, b'"sequence":%d' % (known.last + 1))
    return {streams.PAGE: replayed, streams.SIGNATURE: known.true_signature}


async def _of_another_owner(known: Known) -> Message:
    return signed(known.keyring.signer("funding"), known.next_page)


async def _of_another_installation(known: Known) -> Message:
    return signed(Signer(Ed25519PrivateKey.generate(), "registry"), known.next_page)


async def _of_an_older_form(known: Known) -> Message:
    header = await BinaryMessageFormatV1.encode(message="", reply_to=None, headers=None, correlation_id="")
    return {b"__data__": header + known.next_text}


async def _garbage(_: Known) -> Message:
    return {streams.PAGE: b"{\xff", streams.SIGNATURE: b"\x00" * 64, b"other": b"1"}


FORGERIES: Final = {
    "without a signature": _unsigned,
    "under any signature": _signed_at_random,
    "under a signature that is too short": _signed_too_short,
    "under a copied signature": _copied_signature,
    "with its body changed": _changed_body,
    "with more behind what is signed": _lengthened,
    "in a different order": _reordered,
    "replayed as the next": _replayed_as_the_next,
    "signed by a different owner": _of_another_owner,
    "signed in a different installation": _of_another_installation,
    "in the form of an older release": _of_an_older_form,
    "garbage": _garbage,
}


class Heard:
    """What a follower applied, by sequence; twice is seen."""

    def __init__(self) -> None:
        self.areas: list[tuple[int, str | None]] = []

    async def apply(self, _: Connection, __: str, entries: Sequence[Entry]) -> None:
        """Note what each entry says."""
        self.areas.extend((entry.sequence, entry.event["data"].get("area")) for entry in entries)


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    """Give the follower's database."""
    pool = await database.open_pool(await make_database("follower", like="registry"), 4)
    await make_table(pool)
    yield pool
    await pool.close()


@pytest.fixture
async def address(registry_app: FastAPI) -> AsyncIterator[str]:
    """Run the registry, with its relay."""
    async with on_a_port({"registry": registry_app}) as address:
        yield f"{address}/registry"


@pytest.fixture
async def post(address: str, bearer: Bearer) -> AsyncIterator[Post]:
    """Give a function that posts an area and tells its sequence."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    async with httpx.AsyncClient(headers=headers) as client:

        async def post(name: str) -> int:
            answer = await client.post(f"{address}/events", content=body(an_area(name)))
            assert answer.status_code == 201, answer.text
            return int(answer.json()["cursor"].removeprefix("registry:"))

        yield post


async def _alarm(pool: Pool) -> Forgery:
    """Wait until a follower has sounded its alarm."""
    async with asyncio.timeout(15):
        # Nothing tells when.
        while True:
            async with pool.acquire() as connection:
                if found := await forgeries.lately(connection, today()):
                    return found[0]
            await asyncio.sleep(0.01)


async def _nothing_pending(client: "redis.asyncio.Redis") -> None:
    async with asyncio.timeout(15):
        while (await client.xpending(STREAM, GROUP))["pending"]:  # noqa: ASYNC110  acknowledgements cannot be awaited
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_a_forged_message_is_an_alarm_and_the_true_event_is_applied(
    forge: Callable[[Known], Awaitable[Message]],
    address: str,
    registry_app: FastAPI,
    post: Post,
    pool: Pool,
    redis_url: str,
    redis_client: "redis.asyncio.Redis",
    keyring: Keyring,
) -> None:
    """What somebody puts on the stream as the next entry is not believed, and the owner's next entry is heard."""
    heard = Heard()
    with capture_logs() as said_of_it:
        # So long between two looks at the log that only the forgery makes it be read.
        async with following(pool, redis_url, address, keyring, heard.apply, tick_ms=60_000) as consumer:
            last = await post("last")
            await reaches(consumer, last)
            known = await _known(registry_app, keyring)
            identifier: Any = await redis_client.xadd(STREAM, await forge(known))
            alarm = await _alarm(pool)
            assert (alarm.owner, alarm.messages) == ("registry", 1)
            await _nothing_pending(redis_client)
            true = await post("true")
            await reaches(consumer, true)
            assert consumer.healthy
            counted = consumer._metrics.registry.get_sample_value(  # noqa: SLF001  the follower has no route
                "helhedsnet_forged_messages_total", {"source": "registry"}
            )
            assert counted == 1
    assert heard.areas == [*((number, None) for number in range(1, FOUNDING + 1)), (last, "last"), (true, "true")]
    (said,) = [line for line in said_of_it if line["event"] == "consumer.forged"]
    assert (said["log_level"], said["owner"], said["messages"]) == ("error", "registry", 1)
    assert said["message_ids"] == [identifier.decode()]
    assert FALSE not in str(said_of_it)


async def test_the_log_is_read_in_place_of_what_was_forged(
    address: str,
    registry_app: FastAPI,
    post: Post,
    pool: Pool,
    redis_url: str,
    redis_client: "redis.asyncio.Redis",
    keyring: Keyring,
) -> None:
    """Where a message was changed that nobody had read yet, its true entries come from the log, at once."""
    last = await post("last")
    await published(redis_client, STREAM, last)
    known = await _known(registry_app, keyring)
    await redis_client.delete(STREAM)
    await redis_client.xadd(STREAM, await _changed_body(known))
    heard = Heard()
    async with following(pool, redis_url, address, keyring, heard.apply, tick_ms=60_000) as consumer:
        await reaches(consumer, last)
        await _nothing_pending(redis_client)
        assert consumer.healthy
    assert heard.areas[FOUNDING:] == [(last, "last")]
    assert (await _alarm(pool)).messages == 1


async def test_what_is_true_is_applied_beside_what_is_forged(
    address: str,
    registry_app: FastAPI,
    post: Post,
    pool: Pool,
    redis_url: str,
    redis_client: "redis.asyncio.Redis",
    keyring: Keyring,
) -> None:
    """In one delivery each message stands for itself; all alarms of it are counted."""
    last = await post("last")
    await published(redis_client, STREAM, last)
    known = await _known(registry_app, keyring)
    for forge in FORGERIES.values():
        await redis_client.xadd(STREAM, await forge(known))
        # A true message again is a repetition, and no alarm.
        await redis_client.xadd(STREAM, known.logged.message(known.signer, 1, known.last))
    heard = Heard()
    async with following(pool, redis_url, address, keyring, heard.apply) as consumer:
        await reaches(consumer, last)
        await _nothing_pending(redis_client)
        true = await post("true")
        await reaches(consumer, true)
    assert heard.areas[FOUNDING:] == [(last, "last"), (true, "true")]
    assert (await _alarm(pool)).messages == len(FORGERIES)


async def test_an_owner_that_is_away_is_waited_for(
    registry_app: FastAPI,
    pool: Pool,
    redis_url: str,
    redis_client: "redis.asyncio.Redis",
    keyring: Keyring,
    bearer: Bearer,
) -> None:
    """While the owner is away nothing takes its place; once its log was read, all is well again."""
    heard = Heard()
    async with contextlib.AsyncExitStack() as owner:
        address = await owner.enter_async_context(on_a_port({"registry": registry_app}))
        port = int(address.rpartition(":")[2])
        async with following(pool, redis_url, f"{address}/registry", keyring, heard.apply) as consumer:
            await reaches(consumer, FOUNDING)
            known = await _known(registry_app, keyring)
            await owner.aclose()
            await redis_client.xadd(STREAM, await _unsigned(known))
            assert (await _alarm(pool)).messages == 1
            async with asyncio.timeout(15):
                while consumer.healthy:  # noqa: ASYNC110  nothing tells
                    await asyncio.sleep(0.01)
            async with (
                on_a_port({"registry": registry_app}, port),
                httpx.AsyncClient(headers={**bearer("admin"), "content-type": "application/json"}) as client,
            ):
                answer = await client.post(f"{address}/registry/events", content=body(an_area("true")))
                assert answer.status_code == 201
                await reaches(consumer, FOUNDING + 1)
                async with asyncio.timeout(15):
                    while not consumer.healthy:  # noqa: ASYNC110  as above
                        await asyncio.sleep(0.01)
    assert heard.areas[FOUNDING:] == [(FOUNDING + 1, "true")]


def test_each_owner_of_each_installation_signs_for_itself(keyring: Keyring, tmp_path: Path) -> None:
    """A signature is good for one owner in one installation, whoever verifies, and made the same way each time."""
    signers = [ring.signer(owner) for ring in (keyring, Keyring(tmp_path)) for owner in ("registry", "funding")]
    signatures = {signer.sign(b"[]") for signer in signers}
    assert len(signatures) == len(signers)
    assert signatures == {signer.sign(b"[]") for signer in signers}
    assert all(signer.verifier.is_signed(b"[]", signer.sign(b"[]")) for signer in signers)
