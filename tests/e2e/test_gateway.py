"""The gateway over TLS, on a real engine: a certificate is given, and nothing is served in the clear any more."""

import dataclasses
import ssl
import subprocess
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
import pytest

from services.embedded import free_port
from tests.support.certificates import write_certificate
from tests.support.containers import HTTP_SECONDS, Installation, run
from tests.support.running import ROOT

WAYS: Final = ("off", "files", "acme")

pytestmark = pytest.mark.long(
    beside="tests/deploy/test_ways.py::test_nothing_is_published_in_the_clear_but_on_loopback"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a certificate of this machine, and its key, as an operator would put them there."""
    folder = tmp_path_factory.mktemp("tls")
    write_certificate(folder, "localhost")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def secured(installation: Installation, certificate: Path) -> Iterator[Installation]:
    """Give the installation as its operator has it over TLS, by files; afterwards it is as it was."""
    port, in_the_clear = free_port(), free_port()
    more = {
        "HELHEDSNET_TLS": "files",
        "HELHEDSNET_TLS_FOLDER": str(certificate),
        "HELHEDSNET_BIND": "127.0.0.1",
        "HELHEDSNET_HTTPS_PORT": str(port),
        "HELHEDSNET_HTTP_PORT": str(in_the_clear),
        "HELHEDSNET_PUBLIC_URL": f"https://localhost:{port}",
    }
    over_tls = dataclasses.replace(installation, more=more)
    again = ("up", "--detach", "--wait", "--no-deps", "reporting", "gateway")
    over_tls.compose(*again)
    try:
        yield over_tls
    finally:
        installation.compose(*again)


@pytest.fixture
def browser(secured: Installation, certificate: Path) -> Iterator[httpx.Client]:
    """Give a client that trusts the given certificate, and no other."""
    trust = ssl.create_default_context(cafile=certificate / "certificate.pem")
    with httpx.Client(base_url=secured.more["HELHEDSNET_PUBLIC_URL"], verify=trust, timeout=HTTP_SECONDS) as client:
        yield client


def test_pages_come_over_tls_and_say_so_for_a_year(browser: httpx.Client) -> None:
    """With the certificate that was given; the answer holds the browser to it."""
    answer = browser.get("/sign-in", headers={"accept": "text/html"})
    assert answer.status_code == HTTPStatus.OK
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert browser.get("/registry/health/live").status_code == HTTPStatus.OK


def test_whoever_comes_in_the_clear_is_sent_to_the_one_address(secured: Installation) -> None:
    """Whatever name was asked for: the redirection leads to nobody else's."""
    address = f"http://127.0.0.1:{secured.more['HELHEDSNET_HTTP_PORT']}"
    for path in ("/", "/registry/events?after=1", "/registry/health/live"):
        answer = httpx.get(f"{address}{path}", headers={"host": "elsewhere.test"}, timeout=HTTP_SECONDS)
        assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
        assert answer.headers["location"] == secured.more["HELHEDSNET_PUBLIC_URL"] + path


def test_only_the_two_ports_are_published(secured: Installation) -> None:
    """TLS, and the redirection; the port in the clear is not."""
    bindings = secured.containers()["gateway"]["HostConfig"]["PortBindings"]
    assert set(bindings) == {"8443/tcp", "8081/tcp"}


def test_old_versions_of_tls_are_refused(secured: Installation, certificate: Path) -> None:
    """Nothing older than TLS 1.2 is spoken."""
    trust = ssl.create_default_context(cafile=certificate / "certificate.pem")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        trust.minimum_version = trust.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.ConnectError):
        httpx.get(secured.more["HELHEDSNET_PUBLIC_URL"], verify=trust, timeout=HTTP_SECONDS)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"HELHEDSNET_PUBLIC_URL": "http://localhost:8080"}, "public_url_not_https"),
        ({"HELHEDSNET_TLS_FOLDER": "empty"}, "tls_file_unreadable"),
    ],
)
def test_a_gateway_that_cannot_be_reached_as_asked_says_why(
    secured: Installation, tmp_path: Path, more: dict[str, str], code: str
) -> None:
    """It ends with a line that begins with a code, rather than serving something else."""
    if "HELHEDSNET_TLS_FOLDER" in more:
        more = {"HELHEDSNET_TLS_FOLDER": str(tmp_path)}
    wrong = dataclasses.replace(secured, more={**secured.more, **more})
    with pytest.raises(subprocess.CalledProcessError) as ended:
        wrong.compose("run", "--rm", "--no-deps", "-T", "gateway")
    assert ended.value.stderr.strip().splitlines()[-1].startswith(f"{code}: ")


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize("way", WAYS)
def test_the_gateways_own_check_takes_each_way(way: str, certificate: Path) -> None:
    """Its file says what Caddy understands, also for certificates by ACME, which nobody here can give."""
    told = {
        "HELHEDSNET_TLS": way,
        "HELHEDSNET_PUBLIC_URL": "https://helhedsnet.test",
        "HELHEDSNET_ACME_DIRECTORY": "https://acme.test/directory",
    }
    settings = [each for name, value in told.items() for each in ("--env", f"{name}={value}")]
    files = ["--volume", f"{ROOT / 'deploy/gateway'}:/etc/caddy:ro", "--volume", f"{certificate}:/run/tls:ro"]
    check = ["caddy", "validate", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
    run(["docker", "run", "--rm", "--network", "none", *settings, *files, "caddy:2", *check])
