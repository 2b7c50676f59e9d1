"""What every answer says to browsers and caches, and what is never said: who serves, and which invitation came."""

import subprocess
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
import pytest

from services.embedded import free_port
from shared.http.intake import MAX_BYTES
from tests.support.invitations import PATIENCE_SECONDS
from tests.support.places import place
from tests.support.running import ROOT
from tests.support.systems import READY, STOP_SECONDS, System, arguments, environment, helhedsnet

REPORT: Final = "/reporting/reports/network"


async def test_every_answer_is_what_it_says_and_names_no_server(rich_system: System) -> None:
    """Pages, files, answers for programs, problem documents, health, and what no service answers for."""
    admin = {"authorization": f"Bearer {rich_system.token('admin')}"}
    post = {**admin, "content-type": "application/json"}
    async with httpx.AsyncClient(base_url=rich_system.address, timeout=PATIENCE_SECONDS) as client:
        answers = [
            await client.get(path, headers=headers)
            for headers in (admin, {}, {"accept": "text/html"})
            for path in (
                *("/", "/en", "/nothing", "/figures.csv", "/static/nothing", "/sign-in", "/charts/attendance.json"),
                *("/reporting", "/registry", "/registry/nothing", "/registry/docs", "/registry/openapi.json"),
                *(f"/{name}/health/live" for name in ("registry", "funding", "reporting")),
                *("/registry/areas", "/registry/areas/nothing", "/funding/plans", "/funding/metrics", REPORT),
                *(f"{REPORT}.csv", "/reporting/indicators", "/reporting/feed", "/funding/verification"),
            )
        ]
        answers.append(await client.get(f"{REPORT}.pdf", headers=admin))
        answers += [
            await client.post("/registry/events", content=content, headers=headers)
            for headers in (post, {})
            for content in (b"[]", b"{", b" " * (MAX_BYTES + 1))
        ]
        answers.append(await client.delete("/funding/plans"))
    statuses = {answer.status_code for answer in answers}
    assert {200, 401, 404, 405, 413} <= statuses
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url} answered {answer.status_code}"
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], where
        assert "server" not in answer.headers, where
        kept = answer.headers.get_list("cache-control")
        assert len(kept) == 1, where
        assert kept[0] in {"no-store", "private, no-cache"} or "immutable" in kept[0], where
        if "private" in kept[0]:
            assert "authorization" in answer.headers["vary"].lower(), where


async def test_what_a_visitor_sees_is_left_in_no_cache(rich_system: System) -> None:
    """A file and a chart show what their page shows; for a program the same file may be kept, and is asked about."""
    paths = ("/figures.csv", "/reports/network.csv", "/charts/attendance.json", "/figures.xlsx", "/figures.zip")
    async with httpx.AsyncClient(
        base_url=rich_system.address, cookies=rich_system.cookies, timeout=PATIENCE_SECONDS
    ) as client:
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == httpx.codes.OK
            assert answer.headers["cache-control"] == "no-store", path
            token = {"authorization": f"Bearer {rich_system.token('lead')}"}
            answer = await client.get(f"/reporting{path}", headers=token)
            assert answer.headers["cache-control"] == "private, no-cache"
            assert {"authorization", "cookie"} == {name.strip().lower() for name in answer.headers["vary"].split(",")}


@pytest.mark.long(beside="test_every_answer_is_what_it_says_and_names_no_server")
def test_no_invitation_stands_in_the_access_log() -> None:
    """Nor anything else of a query, whichever way a link was mangled; the path does stand there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with place("web") as made:
        process = subprocess.Popen(  # noqa: S603  our own command
            arguments("up", "--log-level", "INFO", "--port", str(port), "--data", made),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=environment(),
        )
        assert process.stdout is not None
        assert any(READY in line for line in process.stdout)
        said = helhedsnet("invite", "--role", "lead", "--data", Path(made), "--url", address).stdout.strip()
        invitation = said.partition("invitation=")[2]
        assert invitation
        with httpx.Client(base_url=address, headers={"accept": "text/html", "origin": address}) as client:
            client.get(said)
            client.get(f"/en/sign-in?invitation={invitation}&next=%2F")
            client.get(f"/sign-in{quote('?')}invitation={invitation}")
            client.post("/sign-in", data={"invitation": invitation}, params={"invitation": invitation})
        process.terminate()
        logged, _ = process.communicate(timeout=STOP_SECONDS)
    assert "/sign-in" in logged
    assert invitation not in logged
    assert invitation.rpartition(".")[2] not in logged
