"""An HTTP/1.1 client that says what it is told, right or wrong, byte by byte. Owns one connection, and no judgement."""

import asyncio
import contextlib
import time
from typing import Final

from tests.fuzz.calls import Answer, Call

HOST: Final = "127.0.0.1"
ANSWER_SECONDS: Final = 60.0
MOMENT_SECONDS: Final = 0.3
WHOLE_BYTES: Final = 256 * 1024 * 1024
LINE_BYTES: Final = 1024 * 1024
BODILESS: Final = frozenset({204, 304})


class Client:
    """One client, with a connection that is kept as long as both sides want it."""

    def __init__(self, port: int, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._port = port
        self._answer_seconds = answer_seconds
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, call: Call) -> Answer:
        """Send a call and read its answer; a connection that the server has closed meanwhile is opened anew, once."""
        started = time.monotonic()
        was_open = self._stream is not None
        again = False
        answer = await self._tried(call)
        if answer.status == 0 and was_open and answer.failure.startswith("closed") and not call.broken:
            again = True
            answer = await self._tried(call)
        seconds = time.monotonic() - started
        return Answer(answer.status, answer.headers, answer.body, seconds, answer.failure, again)

    async def close(self) -> None:
        """Close the connection."""
        if self._stream is not None:
            writer, self._stream = self._stream[1], None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _tried(self, call: Call) -> Answer:
        limit = MOMENT_SECONDS if call.unending else self._answer_seconds
        read = _Read()
        try:
            async with asyncio.timeout(limit):
                await self._exchange(call, read)
        except TimeoutError:
            await self.close()
            if not read.status:
                # A stream that has not begun within a moment is given the time of any other answer, by its caller.
                return Answer(0, failure=f"no answer within {limit:.1f} s")
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            await self.close()
            if not read.status:
                return Answer(0, failure=f"closed: {type(error).__name__}")
            if not call.unending:
                return Answer(0, read.headers, bytes(read.body), failure=f"cut short: {type(error).__name__}")
        else:
            if call.broken or read.headers.get("connection", "").lower() == "close":
                await self.close()
        return Answer(read.status, read.headers, bytes(read.body))

    async def _exchange(self, call: Call, read: "_Read") -> None:
        if self._stream is None:
            self._stream = await asyncio.open_connection(HOST, self._port, limit=LINE_BYTES)
        reader, writer = self._stream
        writer.write(_head(call, self._port))
        writer.write(call.body)
        # A server may answer, and hang up, before it has read all of a body that it does not want.
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        await read.all_of(reader, call.method)


class _Read:
    """What has been read of an answer so far."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    async def all_of(self, reader: asyncio.StreamReader, method: str) -> None:
        status = 100
        while status < 200:
            status = int((await _line(reader)).split(" ", 2)[1])
            while line := await _line(reader):
                name, _, value = line.partition(":")
                self.headers[name.strip().lower()] = value.strip()
        self.status = status
        if method == "HEAD" or status in BODILESS:
            return
        if "chunked" in self.headers.get("transfer-encoding", ""):
            while size := int((await _line(reader)).partition(";")[0], 16):
                self.body += await reader.readexactly(size)
                await _line(reader)
            while await _line(reader):
                pass
        elif "content-length" in self.headers:
            self.body += await reader.readexactly(int(self.headers["content-length"]))
        else:
            self.body += await reader.read(WHOLE_BYTES)


async def _line(reader: asyncio.StreamReader) -> str:
    line = await reader.readuntil(b"\r\n")
    return line[:-2].decode("latin-1")


def _head(call: Call, port: int) -> bytes:
    said = {name.lower() for name, _ in call.headers}
    lines = [f"{call.method} {call.target} HTTP/1.1"]
    if "host" not in said:
        lines.append(f"Host: {HOST}:{port}")
    if not said & {"content-length", "transfer-encoding"} and (call.body or call.method in {"POST", "PUT"}):
        lines.append(f"Content-Length: {len(call.body)}")
    lines += [f"{name}: {value}" for name, value in call.headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
