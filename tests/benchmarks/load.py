"""The load generator: keep-alive HTTP connections on raw sockets. Owns no claim about what is asked or answered.

It runs in the benchmarks' own process, apart from every server, and does no more than write bytes that were prepared
before and take the answer's status and body, so that it is not what limits a figure.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

import httptools

HOST: Final = "127.0.0.1"
ANSWER_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Driven:
    """A load that was driven: its answers, in the order of the requests, and how long all of it took."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def per_second(self) -> float:
        """Give the requests answered in a second."""
        return len(self.answers) / self.seconds

    def must_be(self, status: int) -> None:
        """Check that every answer has one status."""
        for answer in self.answers:
            assert answer.status == status, f"{answer.status} instead of {status}: {answer.body[:500]!r}"


def get(path: str, token: str = "", host: str = HOST, headers: str = "") -> bytes:
    """Write a GET request, with more headers; a system of one machine answers only to a host that has its port."""
    return _request("GET", path, token, headers, host)


def post(path: str, token: str, body: bytes) -> bytes:
    """Write a POST request of one event or a batch of them."""
    kind = "application/cloudevents-batch+json" if body[:1] == b"[" else "application/json"
    return _request("POST", path, token, f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n") + body


def _request(method: str, path: str, token: str, headers: str, host: str = HOST) -> bytes:
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{bearer}{headers}\r\n".encode()


class Connection(asyncio.Protocol):
    """One keep-alive connection: one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[Answer] | None = None
        self._sent_at = 0.0
        self._begin()

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect to a port of this machine."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return connection

    async def send(self, request: bytes) -> Answer:
        """Send one request and give its answer."""
        assert self._transport is not None, "the connection is not open"
        self._answered = asyncio.get_running_loop().create_future()
        self._sent_at = time.perf_counter()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport, as asyncio says."""
        # uvloop's transports are of no class of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on, as asyncio says."""
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        """Fail the request on its way, as asyncio says."""
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionResetError("the server hung up"))

    def on_body(self, part: bytes) -> None:
        """Collect the body, as httptools says."""
        self._body += part

    def on_message_complete(self) -> None:
        """Give the answer to the one who waits, as httptools says."""
        assert self._answered is not None, "an answer that nobody asked for"
        answer = Answer(self._parser.get_status_code(), bytes(self._body), time.perf_counter() - self._sent_at)
        self._begin()
        self._answered.set_result(answer)

    def _begin(self) -> None:
        self._body = bytearray()
        self._parser = httptools.HttpResponseParser(self)


async def drive(
    port: int, requests: Sequence[bytes], connections: int, *, within_seconds: float = ANSWER_SECONDS
) -> Driven:
    """Send all requests over so many connections, each sending its next one as soon as it is answered.

    Raises:
        TimeoutError: not all were answered in time.
    """
    answers: list[Answer | None] = [None] * len(requests)
    waiting = iter(enumerate(requests))
    opened = [await Connection.open(port) for _ in range(connections)]

    async def work(connection: Connection, waiting: Iterator[tuple[int, bytes]]) -> None:
        for place, request in waiting:
            answers[place] = await connection.send(request)

    started = time.perf_counter()
    try:
        async with asyncio.timeout(within_seconds), asyncio.TaskGroup() as group:
            for connection in opened:
                group.create_task(work(connection, waiting))
        seconds = time.perf_counter() - started
    finally:
        for connection in opened:
            connection.close()
    return Driven([answer for answer in answers if answer is not None], seconds)


async def pace(port: int, requests: Iterable[bytes], *, every_seconds: float, connections: int) -> list[Answer]:
    """Send requests at a fixed rate, whether or not the ones before are answered, until they end or this is cancelled.

    With every connection waiting for its answer the next request waits too, and the rate is not kept; the caller
    sees that in the number of answers.
    """
    free: asyncio.Queue[Connection] = asyncio.Queue()
    opened = [await Connection.open(port) for _ in range(connections)]
    for connection in opened:
        free.put_nowait(connection)
    answers: list[Answer] = []

    async def send(connection: Connection, request: bytes) -> None:
        answers.append(await connection.send(request))
        free.put_nowait(connection)

    due = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as group:
            for request in requests:
                group.create_task(send(await free.get(), request))
                due += every_seconds
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
    finally:
        for connection in opened:
            connection.close()
    return answers
