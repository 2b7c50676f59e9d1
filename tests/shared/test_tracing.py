"""Traces: off they cost nothing, on they lead from a post to the fold, and neither changes what an event is."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.embedded import free_port
from services.funding.app import build_app as build_funding
from services.funding.settings import FundingSettings
from services.registry.app import build_app as build_registry
from services.registry.settings import RegistrySettings
from shared.http.state import state_in
from tests.conftest import Bearer, MakeDatabase
from tests.support.builders import an_area, body
from tests.support.running import as_process, in_process, on_a_port

TRACE = "0af7651916cd43dd8448eb211c80319c"
OTHER_TRACE = "1bf7651916cd43dd8448eb211c80319d"
UNLOADED = ("shared.tracing", "opentelemetry.sdk.trace", "opentelemetry.exporter")
SECONDS = 90


class Collector:
    """A receiver of OTLP over HTTP that keeps the spans."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, Span]] = []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
                for sent in request.resource_spans:
                    (service,) = [
                        one.value.string_value for one in sent.resource.attributes if one.key == "service.name"
                    ]
                    collector.spans.extend((service, span) for scope in sent.scope_spans for span in scope.spans)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/traces"
        self._thread = threading.Thread(target=self._server.serve_forever, name="collector")
        self._thread.start()

    def close(self) -> None:
        """Receive no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def of(self, trace: str) -> dict[tuple[str, str], Span]:
        """Give the spans of a trace, by service and name."""
        return {(service, span.name): span for service, span in self.spans if span.trace_id.hex() == trace}


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Receive traces."""
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
async def settings(make_database: MakeDatabase, surroundings: dict[str, Any]) -> dict[str, Any]:
    """Give the settings of registry and funding side by side."""
    for service in ("registry", "funding"):
        await make_database(service)
    here = f"http://127.0.0.1:{free_port()}"
    return {**surroundings, "registry_url": f"{here}/registry", "funding_url": f"{here}/funding"}


def _event(**attributes: str) -> dict[str, Any]:
    return {**an_area(), **attributes}


async def test_one_trace_leads_from_a_post_to_its_fold(
    settings: dict[str, Any], collector: Collector, bearer: Bearer
) -> None:
    """The sender's trace goes on in the post, in what is stored, and in the service that follows."""
    told = {**settings, "traces_url": collector.url}
    registry, funding = build_registry(RegistrySettings(**told)), build_funding(FundingSettings(**told))
    port = int(settings["registry_url"].rsplit(":", 1)[1].partition("/")[0])
    headers = {**bearer("admin"), "Content-Type": "application/json"}
    named, own = _event(), _event(traceparent=f"00-{OTHER_TRACE}-b7ad6b7169203331-01")
    async with on_a_port({"registry": registry, "funding": funding}, port) as address:
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=SECONDS) as client:
            cause = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
            for event in (named, own):
                assert (await client.post("/registry/events", content=body(event), headers=cause)).status_code == 201
                assert (await client.post("/registry/events", content=body(event))).status_code == 200
        consumer = state_in(funding).consumers[0]
        async with asyncio.timeout(SECONDS), consumer.moved:
            await consumer.moved.wait_for(lambda: consumer.position >= 5)
        rows = await state_in(registry).pool.fetch("SELECT body FROM event_log WHERE sequence > 3 ORDER BY sequence")
    assert [orjson.loads(row["body"]) for row in rows] == [named, own]
    spans = collector.of(TRACE)
    post, store = spans["helhedsnet-registry", "post"], spans["helhedsnet-registry", "store"]
    assert post.parent_span_id.hex() == "b7ad6b7169203331"
    assert store.parent_span_id == post.span_id
    folds = [
        span.trace_id.hex()
        for service, span in collector.spans
        if (service, span.name) == ("helhedsnet-funding", "apply registry")
    ]
    linked = [link.trace_id.hex() for _, span in collector.spans for link in span.links]
    assert TRACE in folds + linked
    assert OTHER_TRACE in folds + linked


async def test_a_refusal_is_told_by_its_kind_alone(
    registry_settings: RegistrySettings, collector: Collector, bearer: Bearer
) -> None:
    """What a sender wrote goes into no trace."""
    app = build_registry(registry_settings.model_copy(update={"traces_url": collector.url}))
    async with in_process({"registry": app}) as client:
        headers = {**bearer("admin"), "Content-Type": "application/json", "traceparent": f"00-{TRACE}-{'a' * 16}-01"}
        answer = await client.post("/registry/events", content=body(_event(id="hemmelig navn")), headers=headers)
        refused = await client.post("/registry/events", content=b'{"id": "hemmelig navn"}', headers=headers)
    assert (answer.status_code, refused.status_code) == (201, 422)
    assert any(span.status.message == "EventsRefused" for _, span in collector.spans)
    assert "hemmelig" not in repr(collector.spans)


async def test_a_service_without_traces_loads_nothing_of_them(registry_database: str) -> None:
    """Off, what makes and sends traces is not even imported; that redis-py loads what counts is not ours to change."""
    assert registry_database
    script = (
        "import sys, services.embedded.all_in_one, services.registry.app, services.funding.app, services.reporting.app;"
        "services.registry.app.from_environment();"
        f"print([name for name in sys.modules if name.startswith({UNLOADED!r})])"
    )
    async with as_process("-c", script) as process:
        said, _ = await process.communicate()
    assert said.decode().strip() == "[]"
