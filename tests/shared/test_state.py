"""What a service holds is asked for by names and classes that the type checker knows."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from services.registry.app import build_app
from services.registry.settings import RegistrySettings
from services.reporting.settings import ReportingSettings
from shared.http.state import carry, state_in

ROOT = Path(__file__).parents[2]


def test_nothing_reaches_past_the_typed_state() -> None:
    """One module uses the framework's own state, which no type checker sees into."""
    files = [path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in files if "app.state" in path.read_text()}
    assert found == {"shared/http/state.py"}


def test_a_service_has_its_own_settings_and_no_others() -> None:
    """A part is found by its class; one that was not added is a bug, and not None."""
    state = state_in(build_app(RegistrySettings()))
    assert state.part(RegistrySettings) is state.settings
    with pytest.raises(KeyError):
        state.part(ReportingSettings)


def test_what_comes_with_the_start_is_not_there_before() -> None:
    """A misspelt or early question fails loudly, and nothing can be set that has no name there."""
    state = state_in(build_app(RegistrySettings()))
    assert not state.ending.is_set()
    with pytest.raises(AttributeError):
        _ = state.pool
    with pytest.raises(AttributeError):
        setattr(state, "pol", None)  # noqa: B010  the type checker would say so


def test_a_part_takes_the_place_of_one_of_its_class() -> None:
    """A service that is started again has the parts of its last start."""
    app = FastAPI()
    state = state_in(build_app(RegistrySettings()))
    carry(app, state)
    again = RegistrySettings()
    state.add(again)
    assert state_in(app).part(RegistrySettings) is again
