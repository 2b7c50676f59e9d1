"""A real PostgreSQL and a real Redis from Python wheels, for a machine that has neither (ADR 2 and 8)."""

from shared.embedded.cluster import Server, cluster, postgresql
from shared.embedded.courier import free_port, redis
from shared.embedded.places import EmbeddedUnavailable
from shared.embedded.servers import Servers, servers
from shared.embedded.wheels import redis_server

__all__ = [
    "EmbeddedUnavailable",
    "Server",
    "Servers",
    "cluster",
    "free_port",
    "postgresql",
    "redis",
    "redis_server",
    "servers",
]
