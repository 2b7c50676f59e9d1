"""The ways by which the gateway is reached, as the files say them; `tests/e2e/test_gateway.py` tries them."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
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


def _started(folder: Path, replicas: str) -> "subprocess.CompletedProcess[str]":
    """Start the gateway with something in Caddy's place that tells what it was told."""
    told = folder / "caddy"
    told.write_text('#!/bin/sh\nenv | grep "^HELHEDSNET_.*_REPLICAS="\n')
    told.chmod(0o755)
    said = {"HELHEDSNET_TLS": "off", "HELHEDSNET_PROJECT": "boligby", "HELHEDSNET_REPLICAS": replicas}
    environment = {**os.environ, **said, "PATH": f"{folder}:{os.environ['PATH']}"}
    start = ["sh", str(GATEWAY / "start.sh")]
    return subprocess.run(start, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours


def test_each_replica_is_called_by_its_own_name(tmp_path: Path) -> None:
    """By the names that compose gives; the file of the gateway reads them, and takes a service's name without them."""
    told = dict(line.split("=", 1) for line in _started(tmp_path, "2").stdout.splitlines())
    gateway = (GATEWAY / "Caddyfile").read_text()
    for service in ("registry", "funding", "reporting"):
        name = f"HELHEDSNET_{service.upper()}_REPLICAS"
        assert told[name].split() == [f"boligby-{service}-1:8000", f"boligby-{service}-2:8000"]
        assert f"reverse_proxy {{${name}:{service}:8000}}" in gateway
        assert COMPOSE["services"][service]["scale"] == "${HELHEDSNET_REPLICAS:-1}"
    assert _started(tmp_path, "1").stdout.split() == []


@pytest.mark.parametrize("replicas", ["0", "4", "two", "1 2"])
def test_more_replicas_than_have_connections_are_refused(tmp_path: Path, replicas: str) -> None:
    """In a line that begins with a code."""
    done = _started(tmp_path, replicas)
    assert done.returncode == 1
    assert done.stderr.startswith("replicas_not_one_to_three: ")
