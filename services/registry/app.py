"""Composes the registry from its parts."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.registry import api, handlers, person_api, replaying, retention_api
from services.registry.service import RegistryUseCases
from services.registry.settings import RegistrySettings
from services.registry.withdrawals import WithdrawalList
from shared.events.catalogue import CATALOGUES
from shared.http.application import build
from shared.http.mounting import Mounted
from shared.http.service import Intake, Service

FOLDER: Final = Path(__file__).parent


def build_app(settings: RegistrySettings) -> FastAPI:
    """Make the registry's application."""
    withdrawals = WithdrawalList(settings.anchor_folder)
    use_cases = RegistryUseCases(withdrawals=withdrawals)
    return build(
        Service(
            name="registry",
            title="Helhedsnet: activity registry",
            settings=settings,
            migrations=FOLDER / "migrations",
            routers=(api.router, person_api.router, retention_api.router),
            intake=Intake(CATALOGUES["registry"], use_cases, founding=FOLDER / "pools.json"),
            follows=("funding",),
            apply=handlers.apply,
            parts=lambda _: (withdrawals,),
            alongside=replaying.alongside,
        )
    )


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    return Mounted({"registry": build_app(RegistrySettings())})
