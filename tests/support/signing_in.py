"""Access beside what is tested, and people who hold an invitation or a session of it."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from services.access import service
from services.access.app import build_app
from services.access.service import Access
from services.access.settings import AccessSettings
from shared import clock
from shared.database import Pool
from shared.http.state import state_in
from shared.tokens import Identity
from tests.support.running import on_a_port

BY: str = "a test"


class Hosts:
    """Who lets people in: access as it runs at the address of the settings."""

    def __init__(self, access: Access, pool: Pool, address: str) -> None:
        self.access = access
        self.pool = pool
        self.address = address

    async def invitation(self, identity: Identity) -> str:
        """Invite somebody, and give what the link carries."""
        return (await self.access.invite("somebody", identity, BY, timedelta(minutes=5))).secret

    async def session(self, identity: Identity, name: str = "somebody") -> str:
        """Sign somebody in, and give what the cookie carries."""
        async with self.pool.acquire() as connection, connection.transaction():
            subject = await service.add_person(connection, name, identity, BY, clock.now())
            return (await service.open_session(connection, subject)).secret


@contextlib.asynccontextmanager
async def hosting(surroundings: dict[str, Any]) -> AsyncIterator[Hosts]:
    """Run access where the settings say that it is; its database must have been made."""
    app = build_app(AccessSettings(**surroundings))
    async with on_a_port({"access": app}, urlsplit(surroundings["access_url"]).port) as address:
        yield Hosts(state_in(app).part(Access), state_in(app).pool, address)
