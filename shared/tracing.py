"""Traces, sent as OTLP over HTTP: from a post through the log and the stream to the fold. Knows no event.

Imported only where traces are switched on: without them no process loads what makes them.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanContext, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

# A batch may come from more traces than anybody would look at.
MAX_LINKS: Final = 50
HEADER: Final = "traceparent"


class Tracing:
    """Makes the spans of one service, and sends them."""

    def __init__(self, service: str, url: str) -> None:
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"helhedsnet-{service}"}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
        self._tracer = self._provider.get_tracer("helhedsnet")

    @contextlib.contextmanager
    def span(self, name: str, causes: Iterable[str | None], *, events: int = 0) -> Iterator[str]:
        """Do what is inside in a span of the first cause's trace, linked to the others'; give what it is a cause as.

        A cause is a `traceparent`; what is none is passed over.
        """
        known = _contexts(causes)
        parent = trace.set_span_in_context(trace.NonRecordingSpan(known[0]), Context()) if known else Context()
        links = [Link(context) for context in known[1 : 1 + MAX_LINKS]]
        attributes = {"helhedsnet.events": events} if events else {}
        # What went wrong is told by its kind alone: the words of an error may be a sender's.
        with self._tracer.start_as_current_span(
            name, parent, attributes=attributes, links=links, record_exception=False, set_status_on_exception=False
        ) as span:
            carrier: dict[str, str] = {}
            TraceContextTextMapPropagator().inject(carrier, trace.set_span_in_context(span))
            try:
                yield carrier[HEADER]
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    def close(self) -> None:
        """Send what is not sent yet, and stop; blocks for as long as that takes."""
        self._provider.shutdown()


def _contexts(causes: Iterable[str | None]) -> list[SpanContext]:
    """Read causes, each once, in their order."""
    known: list[SpanContext] = []
    for cause in dict.fromkeys(cause for cause in causes if cause):
        extracted = TraceContextTextMapPropagator().extract({HEADER: cause}, Context())
        context = trace.get_current_span(extracted).get_span_context()
        if context.is_valid:
            known.append(context)
    return known


def name_trace(_logger: object, _method: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Add to a line of the log the id of the trace that it belongs to, if it does."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        fields["trace"] = trace.format_trace_id(context.trace_id)
    return fields
