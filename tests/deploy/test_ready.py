"""The check of a container's health: a shell that asks the service in it, and ends with 0 where that is ready."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.embedded import free_port

ROOT: Final = Path(__file__).parents[2]
CHECK: Final = ROOT / "deploy/ready.sh"
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SERVICES: Final = ("registry", "funding", "reporting", "access")


class _Service(http.server.BaseHTTPRequestHandler):
    """Ready where it is called the registry; where it is called funding it answers, and is not ready."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as a service does."""
        ready = self.path in {"/registry/health/ready", "/funding/health/live"}
        self.send_response(HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Give the port of something that answers for a service."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.server_address[1]
        server.shutdown()
        serving.join()


def _asked(service: str, port: int, *asked: str) -> int:
    if shutil.which("bash") is None:
        pytest.skip("the check is a shell's that this machine has not; the image has it")
    command = ["bash", str(CHECK), service, str(port), *asked]
    return subprocess.run(command, check=False, capture_output=True, timeout=30).returncode  # noqa: S603  our own


def test_a_service_that_only_answers_is_live(port: int) -> None:
    """Asked for that, the check ends with 0, as where it is not ready but there."""
    assert _asked("funding", port, "live") == 0
    assert _asked("registry", port, "live") != 0


def test_a_service_that_is_ready_is_healthy(port: int) -> None:
    """The check ends with 0."""
    assert _asked("registry", port) == 0


def test_a_service_that_is_not_ready_is_not(port: int) -> None:
    """Told so by `503`, or by nobody."""
    assert _asked("funding", port) != 0
    assert _asked("registry", free_port()) != 0


@pytest.mark.parametrize("service", SERVICES)
def test_each_container_is_asked_for_its_own_service(service: str) -> None:
    """By the file that the image has, and in a way that starts no Python."""
    assert COMPOSE[service]["healthcheck"]["test"] == ["CMD", "bash", "/opt/helhedsnet/deploy/ready.sh", service]
    assert "deploy/ready.sh /opt/helhedsnet/deploy/" in (ROOT / "deploy/Dockerfile").read_text()
    assert "!deploy/ready.sh" in (ROOT / ".dockerignore").read_text().splitlines()
