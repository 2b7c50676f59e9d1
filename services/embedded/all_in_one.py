"""The services under one address, in one process: what the embedded mode runs. Owns no rule of theirs."""

from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.access.app import build_app as build_access
from services.access.settings import AccessSettings
from services.access.signing import PUBLIC_FILE
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

SERVICES: Final = ("access", "registry", "funding", "reporting")
SettingsT = TypeVar("SettingsT", bound=Settings)


def build(  # noqa: PLR0913  where everything is
    *,
    database_url: str,
    redis_url: str,
    keys_folder: Path,
    issuer_file: Path,
    anchor_folder: Path,
    address: str,
    log_level: str,
    is_demo: bool = False,
) -> NamedHosts:
    """Make one application of them all, which will answer at `address`; in a demo a lead may look as a coordinator."""
    addresses: dict[str, Any] = {f"{name}_url": f"{address}/{name}" for name in SERVICES}

    def settings(kind: type[SettingsT]) -> SettingsT:
        return kind(
            database_url=SecretStr(database_url),
            redis_url=SecretStr(redis_url),
            keys_folder=keys_folder,
            issuer_keys=str(issuer_file.parent / PUBLIC_FILE),
            issuer_file=issuer_file,
            anchor_folder=anchor_folder,
            log_level=log_level,
            **addresses,
        )

    told = settings(ReportingSettings).model_copy(update={"release_copies_folder": anchor_folder / "releases"})
    reporting = build_reporting(told)
    mounted = Mounted(
        {
            "access": build_access(settings(AccessSettings)),
            "registry": build_registry(settings(RegistrySettings)),
            "funding": build_funding(settings(FundingSettings)),
            "reporting": reporting,
        },
        build_site(reporting, is_demo=is_demo),
    )
    return _named(mounted, address, told.public_url)


def _named(mounted: Mounted, address: str, public_url: str | None) -> NamedHosts:
    """Let it answer to its own names alone, and tell metrics only where nobody reaches it from elsewhere."""
    hosts = local_hosts(urlsplit(address).port or DEFAULT_PORT, public_url)
    return NamedHosts(mounted, hosts, tells_metrics=public_url is None)
