"""Composes reporting from its parts."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.reporting import api, handlers
from services.reporting.service.passes import Passes
from services.reporting.service.reports import Reports
from services.reporting.settings import ReportingSettings
from services.reporting.web.site import build_site
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
            router=api.router,
            follows=("registry", "funding"),
            apply=handlers.apply,
            state={"reports": lambda pool: Reports(pool, settings.disclosure_threshold), "passes": Passes},
        )
    )


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    reporting = build_app(ReportingSettings())
    return Mounted({"reporting": reporting}, build_site(reporting))
