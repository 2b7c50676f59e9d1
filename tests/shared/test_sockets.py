"""A connection that a network has swallowed ends in bounded time, whoever is at the other end."""

import socket
from typing import Any

from shared import sockets
from shared.backbone import streams


async def test_a_silent_network_ends_a_connection_to_redis(redis_url: str) -> None:
    """The kernel is told so for each connection that a service makes."""
    broker = streams.open_broker(redis_url)
    await broker.connect()
    pool: Any = streams.client(broker).connection_pool
    connection: Any = await pool.get_connection()
    try:
        end = connection._writer.get_extra_info("socket")  # noqa: SLF001  redis-py shows it to nobody
        assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert {option: end.getsockopt(socket.IPPROTO_TCP, option) for option in sockets.BOUNDS} == sockets.BOUNDS
        assert connection.socket_connect_timeout == streams.CONNECT_TIMEOUT_SECONDS
    finally:
        await pool.release(connection)
        await broker.stop()
