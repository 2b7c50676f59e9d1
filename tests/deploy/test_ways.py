"""The ways by which the gateway is reached, as the files say them; `tests/e2e/test_gateway.py` tries them."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
GATEWAY: Final = ROOT / "deploy/gateway"
WAYS: Final[dict[str, Any]] = yaml.safe_load((GATEWAY / "ways.yml").read_text())["services"]
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
TLS: Final = {"8443", "8081"}


def test_nothing_is_published_in_the_clear_but_on_loopback() -> None:
    """What leaves the machine is TLS, or the redirection to it, which serves nothing else."""
    published = {way: [port.rpartition(":") for port in said["ports"]] for way, said in WAYS.items()}
    assert [where for where, _, _ in published.pop("off")] == ["127.0.0.1:${HELHEDSNET_PORT:-8080}"]
    assert published
    assert all({inside for _, _, inside in ports} == TLS for ports in published.values())
    others = [name for name, said in COMPOSE["services"].items() if "ports" in said]
    assert others == []


def test_each_way_has_a_file_and_each_over_tls_redirects_and_holds_to_it() -> None:
    """A way without its file would not start; one without the lines would serve in the clear, or let people go back."""
    assert {path.stem for path in GATEWAY.glob("*.caddy")} == set(WAYS)
    for way in WAYS.keys() - {"off"}:
        said = (GATEWAY / f"{way}.caddy").read_text()
        assert {"redirecting", "kept_secure", "site"} <= set(re.findall(r"import (\w+)", said)), way
