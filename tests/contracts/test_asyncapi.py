"""The AsyncAPI documents of the services."""

import json
from pathlib import Path

import httpx
import pytest

from shared.backbone import streams
from shared.events.catalogue import CATALOGUES
from shared.http.asyncapi import document
from tests.support import npm

# Prints every diagnostic that is an error or a warning; none of either means that the document is sound.
PARSE = """
import { Parser } from "@asyncapi/parser";
import { readFileSync } from "node:fs";
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const found = diagnostics.filter((item) => item.severity === 0);
console.log(JSON.stringify({ parsed: document !== undefined, found: found.slice(0, 5) }));
"""


async def test_it_is_served_and_names_every_event(registry: httpx.AsyncClient) -> None:
    """The document can be fetched without a token, and holds what the service publishes and what it follows."""
    answer = await registry.get("/registry/asyncapi.json")
    assert answer.status_code == 200
    messages = set(answer.json()["components"]["messages"])
    assert messages == {event.event_name for owner in ("registry", "funding") for event in CATALOGUES[owner].events}
    assert {name: item["action"] for name, item in answer.json()["operations"].items()} == {
        "publish_registry": "send",
        "follow_funding": "receive",
    }


def test_it_says_what_a_message_of_the_stream_is() -> None:
    """The fields, and where the stream stands, are those of the code."""
    channel = document("Helhedsnet", "registry", ("funding",))["channels"]["registry"]
    assert channel["address"] == streams.stream_name("registry")
    for field in (streams.PAGE, streams.SIGNATURE):
        assert f"`{field.decode()}`" in channel["description"]


@pytest.mark.timeout(400)
@pytest.mark.long(beside="test_it_is_served_and_names_every_event")
def test_the_parser_of_asyncapi_accepts_it(tmp_path: Path) -> None:
    """The specification's own parser finds no error."""
    npm.install(tmp_path, "@asyncapi/parser")
    (tmp_path / "document.json").write_text(json.dumps(document("Helhedsnet", "registry", ("funding",))))
    ran = npm.node(tmp_path, PARSE, str(tmp_path / "document.json"))
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"parsed": True, "found": []}
