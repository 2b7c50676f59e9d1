"""TCP wires between the processes, which can be cut, held and slowed. Owns no process and no claim.

A wire has one or several ends: with several it is what a gateway is, and the next connection goes to the next end
that answers.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, TypeAlias

from services import embedded
from shared import background, sockets

# A port of this machine, the path of a socket, or a port of a different machine.
Target: TypeAlias = int | str | tuple[str, int]
# How long a different machine is waited for, as the gateway waits.
DIAL_SECONDS: Final = 1.0
CHUNK: Final = 65_536
HOST: Final = "127.0.0.1"


class Wire:
    """One listening port and whom its connections lead to."""

    def __init__(self, name: str, targets: Callable[[], Sequence[Target]], host: str = HOST) -> None:
        self.name = name
        self.port = embedded.free_port()
        self._targets = targets
        self._host = host
        self._turn = itertools.count()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._cuts = 0
        self.delay_seconds = 0.0

    @property
    def leads_somewhere(self) -> bool:
        """Tell whether anybody is at its other end."""
        return bool(self._targets())

    async def open(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._connected, self._host, self.port)

    async def close(self) -> None:
        """End all connections and take no more."""
        if self._server is not None:
            self._server.close()
        await self._hang_up()

    async def cut(self, seconds: float) -> None:
        """End all connections, and those that are tried, for a while."""
        self._cuts += 1
        await self._hang_up()
        try:
            await asyncio.sleep(seconds)
        finally:
            self._cuts -= 1

    async def hold(self, seconds: float) -> None:
        """Let nothing pass for a while; the connections stay, and what waits arrives afterwards."""
        async with self.held():
            await asyncio.sleep(seconds)

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Let nothing pass until the context ends."""
        self._flowing.clear()
        try:
            yield
        finally:
            self._flowing.set()

    async def slow(self, seconds: float, delay_seconds: float) -> None:
        """Let everything pass late for a while."""
        self.delay_seconds = delay_seconds
        try:
            await asyncio.sleep(seconds)
        finally:
            self.delay_seconds = 0.0

    async def _hang_up(self) -> None:
        await background.end(list(self._connections))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._carry(reader, writer)
        finally:
            self._connections.discard(task)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cuts:
            return
        far_reader, far_writer = await self._far_end()
        try:
            ways = [
                asyncio.create_task(self._pass_on(source, sink), name=f"wire {self.name}")
                for source, sink in ((reader, far_writer), (far_reader, writer))
            ]
            try:
                # Either end's hanging up ends both ways: nobody here speaks on after that.
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await background.end(ways)
        finally:
            far_writer.close()

    async def _far_end(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        targets = self._targets()
        turn = next(self._turn)
        refused: OSError = ConnectionRefusedError(f"nobody is at the other end of {self.name}")
        for place in range(len(targets)):
            target = targets[(turn + place) % len(targets)]
            try:
                if isinstance(target, str):
                    return await asyncio.open_unix_connection(target)
                if isinstance(target, tuple):
                    return await _far(*target)
                return await asyncio.open_connection(HOST, target)
            except OSError as error:
                refused = error
        raise refused

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while received := await source.read(CHUNK):
                await self._flowing.wait()
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                sink.write(received)
                await sink.drain()


async def _far(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a different machine, which may be lost: then, or now."""
    async with asyncio.timeout(DIAL_SECONDS):
        reader, writer = await asyncio.open_connection(host, port)
    sockets.bound(writer.get_extra_info("socket"))
    return reader, writer


@contextlib.asynccontextmanager
async def wire(name: str, targets: Callable[[], Sequence[Target]], host: str = HOST) -> AsyncIterator[Wire]:
    """Open a wire until the context ends."""
    opened = Wire(name, targets, host)
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()
