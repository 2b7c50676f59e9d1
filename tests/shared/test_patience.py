"""Requests that never come whole: their connections end, and everybody else is answered meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from services.embedded.system import _Server
from shared.http.mounting import Mounted
from shared.http.patience import KEEP_ALIVE_SECONDS, MAX_HEAD_BYTES, PatientProtocol
from shared.http.serving import DrainingServer
from tests.conftest import Bearer
from tests.support.running import on_a_port

ENDED_SECONDS = 10
RESET = b"reset"


class Impatient(PatientProtocol):
    """The same with less patience."""

    piece_seconds = 0.3
    whole_seconds = 1.2
    look_seconds = 0.1


@pytest.fixture
async def address(registry_app: FastAPI) -> AsyncIterator[str]:
    """Give the address of a registry that waits for nobody."""
    async with on_a_port({"registry": registry_app}, protocol=Impatient) as address:
        yield address


async def _sent(address: str, *pieces: bytes, pause_s: float = 0) -> bytes:
    """Send a part of a request, and give all that comes until the connection is ended from afar.

    Where it is ended while a piece is on its way, the answer may be lost with it: `RESET`.
    """
    reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
    answer = asyncio.create_task(reader.read())
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.wait([answer], timeout=pause_s)
        async with asyncio.timeout(ENDED_SECONDS):
            return await answer
    except ConnectionError:
        return RESET
    finally:
        writer.close()


@pytest.mark.parametrize(
    "piece",
    [
        b"GET /registry/health/live HTTP/1.1\r\nHost: x\r\n",
        b"POST /registry/events HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
    ],
    ids=["half a head", "half a body"],
)
async def test_who_stops_half_way_is_told_and_cut_off(address: str, piece: bytes) -> None:
    """Whatever is missing."""
    answer = await _sent(address, piece)
    # What may not be posted at all is refused before its body has come.
    assert b"408 Request Timeout" in answer or b"401 Unauthorized" in answer
    assert b"application/problem+json" in answer


async def test_who_says_nothing_at_all_is_let_go_without_a_word(
    address: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with the connections that browsers open in advance: no answer, and no line in the log."""
    assert await _sent(address) == b""
    assert "request_incomplete" not in caplog.text + "".join(capsys.readouterr())


async def test_who_sends_a_byte_at_a_time_is_cut_off_too(address: str, bearer: Bearer) -> None:
    """Each piece comes in time, the whole does not."""
    head = (
        "POST /registry/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
        f"Authorization: {bearer('admin')['Authorization']}\r\n\r\n"
    )
    answer = await _sent(address, head.encode(), *[b" "] * 12, pause_s=0.15)
    assert b"408 Request Timeout" in answer or answer == RESET


async def test_a_head_without_end_is_not_kept(address: str) -> None:
    """No more of it is held than any request needs."""
    answer = await _sent(address, b"GET / HTTP/1.1\r\nX: ", b"x" * (2 * MAX_HEAD_BYTES))
    assert b"431 Request Header Fields Too Large" in answer


async def test_whoever_still_sends_reads_why_it_was_ended(address: str) -> None:
    """What comes after the answer is thrown away for a moment, and the answer is not lost with it."""
    head = b"POST /registry/events HTTP/1.1\r\nHost: x\r\nX: "
    answer = await _sent(address, head, *[b"x" * MAX_HEAD_BYTES] * 40)
    assert b"431 Request Header Fields Too Large" in answer
    assert b'"code":"head_too_large"' in answer


async def test_others_are_answered_while_many_stand_still(address: str) -> None:
    """And all of those end."""
    async with asyncio.TaskGroup() as tasks:
        standing = [tasks.create_task(_sent(address, b"GET / HT")) for _ in range(200)]
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{address}/registry/health/live")
        assert answer.status_code == 200
    assert all(b"408" in each.result() for each in standing)


async def test_who_is_only_slow_to_ask_again_keeps_the_connection(address: str) -> None:
    """Between two requests a connection may rest."""
    reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
    request = b"GET /registry/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(2):
        writer.write(request)
        assert b"200 OK" in await reader.readuntil(b'{"status":"live"}')
        await asyncio.sleep(3 * Impatient.piece_seconds)
    writer.close()


def test_a_server_keeps_a_connection_longer_than_a_client_does() -> None:
    """Else a request is sent, now and then, on a connection that the server has just closed."""
    kept = httpx.Limits().keepalive_expiry
    assert kept is not None
    assert kept < KEEP_ALIVE_SECONDS
    for server in (_Server(FastAPI(), "WARNING"), DrainingServer(Mounted({}), "127.0.0.1", 0)):
        assert server.config.timeout_keep_alive == KEEP_ALIVE_SECONDS
