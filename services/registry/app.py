"""Composes the registry from its parts."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.registry import api, handlers
from services.registry.service import RegistryUseCases
from services.registry.settings import RegistrySettings
from shared.events.catalogue import CATALOGUES
from shared.http.application import build
from shared.http.learning import learning_anew
from shared.http.mounting import Mounted
from shared.http.service import Intake, Service

FOLDER: Final = Path(__file__).parent


def build_app(settings: RegistrySettings) -> FastAPI:
    """Make the registry's application."""
    return build(
        Service(
            name="registry",
            title="Helhedsnet: activity registry",
            settings=settings,
            migrations=FOLDER / "migrations",
            routers=(api.router,),
            intake=Intake(CATALOGUES["registry"], RegistryUseCases(), founding=FOLDER / "pools.json"),
            follows=("funding",),
            apply=handlers.apply,
            alongside=learning_anew(handlers.LEARNING),
        )
    )


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    return Mounted({"registry": build_app(RegistrySettings())})
