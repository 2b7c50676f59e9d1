"""The file that says through whom people sign in: what is wrong with it is said at the start, with where and why."""

from pathlib import Path
from typing import Final

import pytest

from services.access.providers.configuration import MAX_PROVIDERS, providers_in
from shared.errors import CannotServe

SECRET: Final = "hemmeligt"  # noqa: S105  of no provider
GOOD: Final = """
[[providers]]
name = "kommunen"
label_da = "Log ind med kommunen"
label_en = "Sign in with the municipality"
issuer = "https://login.example.dk/realms/helhedsnet"
client_id = "helhedsnet"
client_secret_file = "secret"

[[providers.rules]]
claim = "roles"
value = "koordinator:{area}"
role = "coordinator"

[[providers.rules]]
claim = "roles"
value = "netværksleder"
role = "lead"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the file, with its secret beside it."""
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    path = tmp_path / "providers.toml"
    path.write_text(GOOD)
    return path


def test_a_file_names_providers_in_its_order_each_with_its_secret(file: Path) -> None:
    """The secret stands in a file of its own, and in no text that is printed."""
    found = providers_in(file)
    assert list(found) == ["kommunen"]
    assert found["kommunen"].secret == SECRET
    assert SECRET not in repr(found)


def test_without_a_file_there_is_no_provider() -> None:
    """Then people are invited."""
    assert providers_in(None) == {}


@pytest.mark.parametrize(
    ("good", "wrong", "said"),
    [
        ("[[providers]]", "[[providers", "it is no TOML"),
        ('name = "kommunen"', 'name = "Kommunen!"', "providers.0.name"),
        ('client_id = "helhedsnet"', "", "providers.0.client_id: Field required"),
        ('client_id = "helhedsnet"', 'client_id = "a"\nclient_secret = "b"', "providers.0.client_secret"),
        ('client_id = "helhedsnet"', 'client_id = "a"\ncolour = "red"', "providers.0.colour: Extra inputs"),
        ("https://login.example.dk", "http://login.example.dk", "the issuer is an address over https"),
        ("https://login.example.dk", "https://me@login.example.dk", "the issuer is an address over https"),
        ("https://login.example.dk", "ftp://login.example.dk", "the issuer is an address over https"),
        ('client_id = "helhedsnet"', 'client_id = "a"\nscopes = ["profile"]', "the scopes hold openid"),
        ("koordinator:{area}", "koordinator", "a coordinator's areas are said in one way"),
        ("koordinator:{area}", "{area}:{area}", "{area} stands once in a value"),
        ('value = "netværksleder"', 'value = "netværksleder"\nareas = ["a"]', "the role lead has no areas"),
        ('role = "lead"', 'role = "service"', "providers.0.rules.1.role"),
        ('client_secret_file = "secret"', 'client_secret_file = "elsewhere"', "the secret of kommunen cannot be read"),
        ('client_secret_file = "secret"', 'client_secret_file = "empty"', "the secret of kommunen is empty"),
        (GOOD, GOOD + GOOD, "two providers have the same name"),
        (GOOD, GOOD * (MAX_PROVIDERS + 1), f"at most {MAX_PROVIDERS}"),
        (GOOD[GOOD.index("[[providers.rules]]") :], "", "providers.0.rules: Field required"),
    ],
)
def test_what_is_wrong_is_said_with_a_code_and_where(file: Path, good: str, wrong: str, said: str) -> None:
    """A service whose file cannot be used does not start, rather than let in whom nobody meant."""
    assert good in GOOD
    file.write_text(GOOD.replace(good, wrong, 1))
    (file.parent / "empty").write_text(" \n")
    with pytest.raises(CannotServe) as refused:
        providers_in(file)
    assert refused.value.code == "providers_unusable"
    assert said in refused.value.detail
    assert str(file) in refused.value.detail


def test_a_file_that_is_not_there_or_too_long_is_said(file: Path) -> None:
    """A setting that points nowhere is no installation without providers."""
    with pytest.raises(CannotServe, match="No such file"):
        providers_in(file.with_name("nothing.toml"))
    file.write_bytes(b"#" * 300_000)
    with pytest.raises(CannotServe, match="it holds more than"):
        providers_in(file)


def test_each_example_that_ships_is_good_and_the_file_as_it_ships_names_nobody(tmp_path: Path) -> None:
    """Whoever takes the signs off one has a file that access starts with."""
    shipped = (Path(__file__).parents[2] / "deploy/providers/providers.toml").read_text()
    path = tmp_path / "providers.toml"
    path.write_text(shipped)
    assert providers_in(path) == {}
    said = [line.removeprefix("#").removeprefix(" ") for line in shipped.splitlines() if not line.startswith("# ---")]
    path.write_text("\n".join(said[said.index("[[providers]]") :]))
    for name in ("entra", "keycloak", "kombit"):
        (tmp_path / f"{name}-secret").write_text("a secret")
    assert list(providers_in(path)) == ["entra", "keycloak", "kombit"]
