"""The registry's read routes."""

import httpx

from tests.builders import an_area, body
from tests.conftest import Bearer


async def test_an_area_can_be_read_once_it_is_posted(registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """What is posted can be read."""
    answer = await registry.post(
        "/registry/events",
        content=body(an_area()),
        headers={**bearer("admin"), "content-type": "application/json"},
    )
    assert answer.status_code == 201, answer.text
    read = await registry.get("/registry/areas/urbanplanen", headers=bearer("lead"))
    assert read.json()["municipality"] == "Københavns Kommune"
