"""What a system on one machine is called: by its own names, written as browsers write them, and by no other."""

import httpx
import pytest
from fastapi import FastAPI

from shared.http.hosts import NamedHosts, local_hosts
from tests.support.systems import System

PATHS = (
    "/",
    "/en/money",
    "/sign-in",
    "/static/pages.css",
    "/registry/areas",
    "/registry/health/live",
    "/funding/metrics",
    "/reporting/docs",
    "/nothing",
)


def _hostile(port: int) -> list[str]:
    """Give names that are not ours; some a framework takes as none at all, and puts its own address in their place."""
    names = [
        "elsewhere.test",
        "{a.elsewhere.test",
        'a".elsewhere.test',
        "a`.elsewhere.test",
        "localhost.elsewhere.test",
    ]
    ported = [f"{name}:{port}" for name in [*names, "127.0.0.1@elsewhere.test", "localhost.", "[::1", "127.1", "0"]]
    return [
        *names,
        *ported,
        "",
        "localhost",
        f"localhost:{port + 1}",
        f"LOCALHOST:{port}",
        f"localhost:{port} "[:-1] + "/",
    ]


def test_a_strange_name_is_refused_on_every_path(demo_process: System) -> None:
    """Pages, files and interfaces alike, with and without a sign-in; its own three names are answered."""
    port = httpx.URL(demo_process.address).port
    assert port is not None
    headers = {"authorization": f"Bearer {demo_process.token('admin')}"}
    with httpx.Client(base_url=demo_process.address, headers=headers) as client:
        for path in PATHS:
            for host in _hostile(port):
                answer = client.get(path, headers={"host": host})
                assert answer.status_code == httpx.codes.MISDIRECTED_REQUEST, (path, host)
                assert answer.json()["code"] == "unknown_host"
            for host in ("127.0.0.1", "localhost", "[::1]"):
                answer = client.get(path, headers={"host": f"{host}:{port}"})
                assert answer.status_code != httpx.codes.MISDIRECTED_REQUEST, (path, host)


async def test_two_names_or_none_are_refused() -> None:
    """Which of two is meant, nobody can tell."""
    app = FastAPI()
    app.add_api_route("/", lambda: "here")
    guarded = NamedHosts(app, local_hosts(80, "https://helhedsnet.example:8443/"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://localhost") as client:
        for hosts in (["localhost"], ["localhost:80"], ["helhedsnet.example:8443"]):
            assert (await client.get("/", headers=[("host", host) for host in hosts])).status_code == 200
        for hosts in (["localhost", "localhost"], ["localhost", "elsewhere.test"], ["helhedsnet.example"]):
            assert (await client.get("/", headers=[("host", host) for host in hosts])).status_code == 421


@pytest.mark.parametrize("handed_on", ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "X-Real-IP"])
async def test_metrics_are_told_to_this_machine_alone(handed_on: str) -> None:
    """Not through a proxy that says so, and not at all where people reach the system from elsewhere."""
    app = FastAPI()
    for path in ("/registry/metrics", "/registry/areas"):
        app.add_api_route(path, lambda: "here")
    closed, local = (
        NamedHosts(app, local_hosts(80, url), tells_metrics=url is None) for url in ("https://h.example", None)
    )
    for guarded, hosts, status in ((local, "localhost", 200), (closed, "h.example", 404), (closed, "localhost", 404)):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url=f"http://{hosts}") as client:
            assert (await client.get("/registry/metrics")).status_code == status
            assert (await client.get("/registry/metrics", headers={handed_on: "x"})).status_code == 404
            assert (await client.get("/registry/areas", headers={handed_on: "x"})).status_code == 200


def test_where_people_reach_the_system_is_a_name_of_it() -> None:
    """As behind a forwarded port: the setting that names the address of the pages lets it through."""
    assert local_hosts(8000, None) == {"127.0.0.1:8000", "localhost:8000", "[::1]:8000"}
    assert local_hosts(8000, "http://localhost:9000") - local_hosts(8000, None) == {"localhost:9000"}
