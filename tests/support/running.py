"""Runs the real applications for tests: in this process over ASGI, on a free port, or as a process of their own."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Final, Self

import httpx
import uvicorn
from fastapi import FastAPI

from services.embedded import free_port
from shared import background
from shared.http.mounting import Mounted
from shared.http.patience import PatientProtocol

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 60
# A connection that comes just as the server closes is kept open by whoever asks on it again and again.
GRACE_SECONDS: Final = 5


@contextlib.asynccontextmanager
async def in_process(apps: Mapping[str, FastAPI]) -> AsyncIterator[httpx.AsyncClient]:
    """Run applications with their real start and stop, and give a client that calls them without a socket."""
    mounted = Mounted(apps)
    transport = httpx.ASGITransport(app=mounted, raise_app_exceptions=False)
    async with (
        mounted.router.lifespan_context(mounted),
        httpx.AsyncClient(transport=transport, base_url="http://helhedsnet.test") as client,
    ):
        yield client


@contextlib.asynccontextmanager
async def on_a_port(
    apps: Mapping[str, FastAPI],
    port: int | None = None,
    *,
    front: FastAPI | None = None,
    protocol: type[PatientProtocol] = PatientProtocol,
) -> AsyncIterator[str]:
    """Run applications on a real uvicorn, in this event loop, and give their address; `front` are the pages."""
    port = port or free_port()
    config = uvicorn.Config(
        Mounted(apps, front),
        host="127.0.0.1",
        port=port,
        log_config=None,
        http=protocol,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(), name="uvicorn")
    started = asyncio.create_task(server.listening.wait(), name="uvicorn is starting")
    try:
        await asyncio.wait({serving, started}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        assert server.listening.is_set(), "the application did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        started.cancel()
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Uvicorn that says when it listens, and leaves the signals of this process to pytest."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class Wire:
    """A TCP wire to a port of this machine, which can be cut and mended."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self.port = free_port()

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """End all connections, and refuse new ones."""
        if self._server is not None:
            self._server.close()
        await background.end(list(self._passing))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        ways = [
            asyncio.create_task(_pass_on(source, sink), name="wire")
            for source, sink in ((reader, far_writer), (far_reader, writer))
        ]
        self._passing.update(ways)
        await asyncio.wait(ways)
        self._passing.difference_update(ways)


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Hand on bytes until either end closes, then close the other."""
    with contextlib.suppress(OSError):
        try:
            while received := await source.read(65_536):
                sink.write(received)
                await sink.drain()
        finally:
            sink.close()


@contextlib.asynccontextmanager
async def as_process(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Python with arguments as a process of its own, and end it with the context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
