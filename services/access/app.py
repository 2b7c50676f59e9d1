"""Composes access from its parts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.access import api
from services.access.ended import Ended
from services.access.providers.configuration import providers_in
from services.access.providers.relying_party import RelyingParty
from services.access.recalling import recall
from services.access.service import Access
from services.access.settings import AccessSettings
from services.access.sign_ins import SignIns
from services.access.signing import PUBLIC_FILE, Issuer
from shared import background
from shared.backbone.catch_up import trusted_authorities
from shared.background import Kept
from shared.database import Pool
from shared.http.application import build
from shared.http.mounting import Mounted
from shared.http.service import Service
from shared.http.state import State

FOLDER: Final = Path(__file__).parent
# Much shorter than a new key is announced before it signs.
READ_AGAIN_SECONDS: Final = 2.0


class Signing:
    """The issuer's keys as their file holds them now, whoever has made new ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.issuer = Issuer.load_or_create(path)

    async def run(self) -> None:
        """Read the file again and again."""
        while True:
            await asyncio.sleep(READ_AGAIN_SECONDS)
            self.issuer = await asyncio.to_thread(Issuer.load_or_create, self._path)


def build_app(settings: AccessSettings) -> FastAPI:
    """Make the application of access."""
    public = str(settings.issuer_file.parent / PUBLIC_FILE)
    return build(
        Service(
            name="access",
            title="Helhedsnet: access",
            # It believes what it signs itself.
            settings=settings.model_copy(update={"issuer_keys": public}),
            migrations=FOLDER / "migrations",
            routers=(api.router,),
            parts=lambda pool: _parts(pool, settings),
            alongside=_alongside,
        )
    )


def _parts(pool: Pool, settings: AccessSettings) -> tuple[object, ...]:
    """Make what the routes ask for by its class."""
    signing = Signing(settings.issuer_file)
    ended = Ended(settings.issuer_file.parent)
    return (
        signing,
        ended,
        Access(pool, lambda: signing.issuer, ended),
        SignIns(pool, _parties(settings), settings.public_url),
    )


def _parties(settings: AccessSettings) -> dict[str, RelyingParty]:
    """Give who speaks for us with each provider."""
    known = providers_in(settings.providers_file)
    # Reading whom this machine trusts takes a while, and most installations have one provider or none.
    trusted = trusted_authorities() if known else None
    return {name: RelyingParty(each, trusted) for name, each in known.items()}


@contextlib.asynccontextmanager
async def _alongside(state: State) -> AsyncIterator[None]:
    """End again what a restored database has forgotten the end of, then hear of new keys of the issuer."""
    await recall(state.pool, state.part(Ended))
    reading = Kept("issuer", state.part(Signing).run, state.metrics.restarts.labels("issuer").inc)
    state.kept.append(reading)
    try:
        yield
    finally:
        await background.end([reading.task])
        await state.part(SignIns).close()


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    return Mounted({"access": build_app(AccessSettings())})
