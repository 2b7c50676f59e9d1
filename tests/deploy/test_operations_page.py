"""The operations page says what the code and the compose file do."""

import re
from pathlib import Path
from typing import Final

import pytest

from shared.settings import Settings

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/operations.md").read_text()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_of_a_service_is_described_with_its_default(name: str) -> None:
    """A setting that the page does not know, or whose default it has wrong, is found here."""
    default = Settings.model_fields[name].default
    shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    rows = re.findall(rf"^\| `HELHEDSNET_{name.upper()}`(?: •)? \| `([^`]*)` \|", PAGE, re.MULTILINE)
    assert set(rows) == {str(shown)}


def test_each_variable_of_the_compose_file_is_described_with_its_default() -> None:
    """What an operator may set for compose stands on the page, and nothing else does."""
    compose = (ROOT / "docker-compose.yml").read_text()
    used = set(re.findall(r"\$\{(HELHEDSNET_[A-Z_]+):-([^}]*)\}", compose))
    table = PAGE.partition("Of compose,")[2].partition("Of a service.")[0]
    assert set(re.findall(r"^\| `(HELHEDSNET_[A-Z_]+)` \| `([^`]*)` \|", table, re.MULTILINE)) == used
