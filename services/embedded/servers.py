"""Both servers together, for whoever needs the two on one folder. Owns nothing of theirs."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.embedded.cluster import postgresql
from services.embedded.courier import redis


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the embedded servers answer."""

    database_url: str
    redis_url: str


@contextlib.contextmanager
def servers(data: Path) -> Iterator[Servers]:
    """Run both servers, with their data under `data`, until the context ends.

    Raises:
        EmbeddedUnavailable: no server is to be had on this machine.
    """
    with postgresql(data / "postgresql") as database_url, redis(data / "redis") as redis_url:
        yield Servers(database_url, redis_url)
