"""HEAD is answered as GET is, without the body, by every route that answers GET."""

import asyncio
from typing import Any, Final

import httpx

from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from services.reporting.app import build_app as build_reporting
from services.reporting.settings import ReportingSettings
from shared.http.state import state_in
from tests.conftest import Bearer

ENDS_WITHIN_SECONDS: Final = 5
IN_A_ROW: Final = 5
TRIES: Final = 5
# Differs between two answers to the same question: when, and what went on meanwhile.
OF_THE_MOMENT: Final = {"date", "content-length"}


def _paths() -> list[str]:
    """Give the path of every route that answers GET, but of the stream, which has no end."""
    apps = (
        build_registry(RegistrySettings()),
        build_funding(FundingSettings()),
        build_reporting(ReportingSettings()),
    )
    return sorted(
        f"/{state_in(app).name}{path}"
        for app in apps
        for path, operations in app.openapi()["paths"].items()
        if "get" in operations and not path.endswith("/stream")
    )


async def test_every_route_answers_head_as_get(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """The status and the headers are those of GET, found or not, and of a page as of a document; nothing follows."""
    paths = _paths()
    assert len(paths) > 60
    system.headers.update(bearer("admin"))
    for path in (*paths, "/", "/sign-in", "/en/sign-in", "/nowhere", "/registry/nowhere"):
        address = path.replace("{", "").replace("}", "")
        for _ in range(TRIES):
            get, head = await system.get(address), await system.head(address)
            # Whether a service is ready may have changed between the two.
            if head.status_code == get.status_code:
                break
        assert (head.status_code, head.content) == (get.status_code, b""), path
        assert _lasting(head) == _lasting(get), path


def _lasting(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}


async def test_what_posts_alone_has_no_head(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """It is refused as GET is there, and says what is allowed."""
    answer = await system.head("/registry/dead-letters/funding/1/retry", headers=bearer("admin"))
    assert (answer.status_code, answer.headers["allow"]) == (httpx.codes.METHOD_NOT_ALLOWED, "POST")


async def test_the_head_of_a_stream_ends(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """It holds no place among those who follow: more may ask for it in a row than may follow at once."""
    async with asyncio.timeout(ENDS_WITHIN_SECONDS):
        for _ in range(IN_A_ROW):
            answer = await system.head("/reporting/feed/stream", headers=bearer("lead"))
            assert (answer.status_code, answer.content) == (httpx.codes.OK, b"")
            assert answer.headers["content-type"].startswith("text/event-stream")
