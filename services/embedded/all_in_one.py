"""The three services under one address, in one process: what the embedded mode runs. Owns no rule of theirs."""

from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from services.reporting.web.site import build_site
from shared.http.hosts import DEFAULT_PORT, NamedHosts, local_hosts
from shared.http.mounting import Mounted
from shared.settings import Settings

SettingsT = TypeVar("SettingsT", bound=Settings)


def build(  # noqa: PLR0913  where everything is
    *,
    database_url: str,
    redis_url: str,
    token_key_file: Path,
    anchor_folder: Path,
    address: str,
    log_level: str,
    is_demo: bool = False,
) -> NamedHosts:
    """Make one application of the three; `address` is where it will answer itself.

    In a demo a lead may look as a coordinator.
    """

    def settings(kind: type[SettingsT]) -> SettingsT:
        return kind(
            database_url=SecretStr(database_url),
            redis_url=SecretStr(redis_url),
            token_key_file=token_key_file,
            anchor_folder=anchor_folder,
            registry_url=f"{address}/registry",
            funding_url=f"{address}/funding",
            log_level=log_level,
        )

    told = settings(ReportingSettings)
    reporting = build_reporting(told)
    mounted = Mounted(
        {
            "registry": build_registry(settings(RegistrySettings)),
            "funding": build_funding(settings(FundingSettings)),
            "reporting": reporting,
        },
        build_site(reporting, is_demo=is_demo),
    )
    port = urlsplit(address).port or DEFAULT_PORT
    return NamedHosts(mounted, local_hosts(port, told.public_url))
