"""A real PostgreSQL and a real Redis from Python wheels, for a machine that has neither (ADR 2 and 8)."""

from services.embedded.cluster import Server, cluster, postgresql
from services.embedded.courier import free_port, redis
from services.embedded.places import EmbeddedUnavailable
from services.embedded.servers import Servers, servers
from services.embedded.wheels import redis_server

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
