"""Composes funding from its parts."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.funding import api, handlers
from services.funding.service import FundingUseCases
from services.funding.settings import FundingSettings
from shared.events.catalogue import CATALOGUES
from shared.http.application import build
from shared.http.learning import learning_anew
from shared.http.mounting import Mounted
from shared.http.service import Intake, Service

FOLDER: Final = Path(__file__).parent


def build_app(settings: FundingSettings) -> FastAPI:
    """Make funding's application."""
    return build(
        Service(
            name="funding",
            title="Helhedsnet: funding ledger",
            settings=settings,
            migrations=FOLDER / "migrations",
            routers=(api.router,),
            intake=Intake(CATALOGUES["funding"], FundingUseCases()),
            follows=("registry",),
            apply=handlers.apply,
            alongside=learning_anew(handlers.LEARNING),
        )
    )


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    return Mounted({"funding": build_app(FundingSettings())})
