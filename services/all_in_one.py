"""The three services under one address, in one process: what the embedded mode runs. Owns no rule of theirs."""

from pathlib import Path
from typing import Final, TypeVar

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared.http.mounting import Mounted
from shared.settings import Settings

SettingsT = TypeVar("SettingsT", bound=Settings)

FRONT_PAGE: Final = """<!doctype html>
<html lang="da">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Helhedsnet</title>
<h1>Helhedsnet</h1>
<p>Aktiviteter, økonomi og én rapport for boligsociale helhedsplaner.<br>
<span lang="en">Activities, funding and one report for Danish housing-area plans.</span></p>
<ul>
<li><a href="/registry/docs">Aktiviteter · <span lang="en">Activity registry</span></a>
<li><a href="/funding/docs">Økonomi · <span lang="en">Funding ledger</span></a>
<li><a href="/reporting/docs">Rapporter · <span lang="en">Reports</span></a>
</ul>
</html>
"""


def build(*, database_url: str, redis_url: str, token_key_file: Path, address: str, log_level: str) -> Starlette:
    """Make one application of the three; `address` is where it will answer itself."""

    def settings(kind: type[SettingsT]) -> SettingsT:
        return kind(
            database_url=SecretStr(database_url),
            redis_url=SecretStr(redis_url),
            token_key_file=token_key_file,
            registry_url=f"{address}/registry",
            funding_url=f"{address}/funding",
            log_level=log_level,
        )

    application = Mounted(
        {
            "registry": build_registry(settings(RegistrySettings)),
            "funding": build_funding(settings(FundingSettings)),
            "reporting": build_reporting(settings(ReportingSettings)),
        }
    )
    application.router.routes.append(Route("/", _front_page))
    return application


async def _front_page(_: Request) -> HTMLResponse:
    return HTMLResponse(FRONT_PAGE)
