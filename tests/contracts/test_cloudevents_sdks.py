"""The CloudEvents SDKs of others post in every mode, and an event is the same event in each of them."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from fastapi import FastAPI

from shared.http.state import state_in
from tests.conftest import Bearer
from tests.support import builders as b
from tests.support import npm
from tests.support.running import on_a_port

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

POST = """
import { CloudEvent, HTTP } from "cloudevents";
const [url, token, trace] = process.argv.slice(2);
const event = (id) => new CloudEvent({
  id, source: "/network", type: "dk.helhedsnet.area.registered.v1", time: "2026-06-01T08:00:00.000Z",
  traceparent: trace,
  data: { area: id, name: "Område ø", municipality: "Aarhus Kommune" },
});
const batch = [event("js-3"), event("js-4")];
const messages = [
  HTTP.binary(event("js-1")),
  HTTP.structured(event("js-2")),
  { headers: { "content-type": "application/cloudevents-batch+json" }, body: JSON.stringify(batch) },
  HTTP.structured(event("js-1")),
];
const statuses = [];
for (const { headers, body } of messages) {
  const answer = await fetch(url, { method: "POST", body, headers: { ...headers, authorization: token } });
  statuses.push([answer.status, (await answer.json()).accepted ?? null]);
}
console.log(JSON.stringify(statuses));
"""


def _event(identifier: str) -> CloudEvent:
    attributes: dict[str, Any] = {
        "id": identifier,
        "source": "/network",
        "type": "dk.helhedsnet.area.registered.v1",
        "specversion": "1.0",
        "time": datetime(2026, 6, 1, 8, tzinfo=UTC),
        "traceparent": TRACE,
    }
    return CloudEvent(attributes, {"area": identifier, "name": "Område ø", "municipality": "Aarhus Kommune"})


async def _post(registry: httpx.AsyncClient, bearer: Bearer, message: HTTPMessage) -> httpx.Response:
    headers = {**message.headers, **bearer("admin")}
    return await registry.post("/registry/events", content=message.body, headers=headers)


async def test_the_python_sdk_posts_in_every_mode(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Binary, structured and batched; the same event in another mode is a duplicate; the trace is carried along."""
    binary = to_binary_event(_event("py-1"))
    if not any(name.lower() == "content-type" for name in binary.headers):
        binary.headers["content-type"] = "application/json"
    structured = [to_structured_event(_event(f"py-{number}")) for number in (1, 2, 3)]
    parts = [part.body.decode() for part in structured]
    batch = HTTPMessage({"content-type": "application/cloudevents-batch+json"}, f"[{','.join(parts)}]".encode())
    first = await _post(registry, bearer, binary)
    assert first.status_code == 201, first.text
    second = await _post(registry, bearer, structured[1])
    assert second.status_code == 201, second.text
    third = await _post(registry, bearer, batch)
    assert (third.json()["accepted"], third.json()["duplicates"]) == (1, 2)
    bodies = await state_in(registry_app).pool.fetch("SELECT body FROM event_log WHERE id LIKE 'py-%'")
    assert {json.loads(row["body"])["traceparent"] for row in bodies} == {TRACE}


@pytest.mark.timeout(400)
async def test_the_javascript_sdk_posts_in_every_mode(registry_app: FastAPI, bearer: Bearer, tmp_path: Path) -> None:
    """The same with the SDK for JavaScript, over a real connection."""
    npm.install(tmp_path, "cloudevents")
    async with on_a_port({"registry": registry_app}) as address:
        token = bearer("admin")["Authorization"]
        ran = await asyncio.to_thread(npm.node, tmp_path, POST, f"{address}/registry/events", token, TRACE)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[201, 1], [201, 1], [201, 2], [200, 0]]


async def test_binary_mode_refuses_what_structured_mode_refuses(registry: httpx.AsyncClient, bearer: Bearer) -> None:
    """An attribute that is unknown, a missing one, and data that is no JSON each have their code."""
    area = b.an_area("ny")
    headers = {f"ce-{name}": str(value) for name, value in area.items() if name != "data"}
    cases = [
        ({**headers, "ce-colour": "blue"}, json.dumps(area["data"]), 422, "unknown_field"),
        (
            {name: value for name, value in headers.items() if name != "ce-id"},
            json.dumps(area["data"]),
            422,
            "missing_field",
        ),
        (headers, "{", 400, "malformed_json"),
        (headers, '{}, "id": "another"', 400, "malformed_json"),
    ]
    for attributes, data, status, code in cases:
        answer = await registry.post(
            "/registry/events",
            content=data,
            headers={**attributes, **bearer("admin"), "content-type": "application/json"},
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
