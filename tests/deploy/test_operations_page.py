"""The operations page says what the code and the compose file do."""

import re
from pathlib import Path
from typing import Final

import pytest

from services.access.settings import AccessSettings
from services.funding.settings import FundingSettings
from services.registry.settings import RegistrySettings
from services.reporting.settings import ReportingSettings

ROOT: Final = Path(__file__).parents[2]
COMPOSED: Final = ("docker-compose.yml", "deploy/gateway/ways.yml", "deploy/backups/compose.yml")
PAGE: Final = (ROOT / "docs/operations.md").read_text()


FIELDS: Final = {
    name: field
    for service in (RegistrySettings, FundingSettings, ReportingSettings, AccessSettings)
    for name, field in service.model_fields.items()
}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_each_setting_of_a_service_is_described_with_its_default(name: str) -> None:
    """A setting that the page does not know, or whose default it has wrong, is found here."""
    default = FIELDS[name].default
    shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    table = PAGE.partition("Of a service.")[2]
    rows = re.findall(rf"^\| `HELHEDSNET_{name.upper()}`(?: •)? \| (\S*) \|", table, re.MULTILINE)
    assert rows == ["none" if shown is None else f"`{shown}`"]


def test_each_variable_of_the_compose_file_is_described_with_its_default() -> None:
    """What an operator may set for compose stands on the page, and nothing else does."""
    compose = "".join((ROOT / name).read_text() for name in COMPOSED)
    used = set(re.findall(r"\$\{(HELHEDSNET_[A-Z_]+):-([^}]*)\}", compose))
    compose_table, _, service_table = PAGE.partition("Of compose,")[2].partition("Of a service.")
    row = re.compile(r"^\| `(HELHEDSNET_[A-Z_]+)`(?: •)? \| `([^`]*)` \|", re.MULTILINE)
    # What compose hands on as it is, with the service's own default, stands once: with the service.
    handed_on = used & set(row.findall(service_table))
    assert set(row.findall(compose_table)) == used - handed_on
    told = compose_table.partition("|")[0]
    assert {name for name, _ in handed_on} == set(re.findall(r"`(HELHEDSNET_[A-Z_]+)`", told))
