"""Composes reporting from its parts."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette

from services.reporting import api, handlers
from services.reporting.service.reports import Reports
from services.reporting.settings import ReportingSettings
from services.reporting.web import charting
from services.reporting.web.press import Press
from shared.http.mounting import Mounted
from shared.http.service import Service, build

FOLDER: Final = Path(__file__).parent


def build_app(settings: ReportingSettings) -> FastAPI:
    """Make reporting's application."""
    return build(
        Service(
            name="reporting",
            title="Helhedsnet: reporting",
            settings=settings,
            migrations=FOLDER / "migrations",
            router=_router(),
            follows=("registry", "funding"),
            apply=handlers.apply,
            state={
                "reports": lambda pool: Reports(pool, settings.disclosure_threshold),
                "press": lambda _: Press(),
            },
        )
    )


def _router() -> APIRouter:
    router = APIRouter()
    router.include_router(charting.routes())
    router.include_router(api.router)
    return router


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    return Mounted({"reporting": build_app(ReportingSettings())})
