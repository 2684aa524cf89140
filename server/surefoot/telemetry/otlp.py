"""Spans to a receiver of OTLP over HTTP, by OpenTelemetry's own exporter: the only importer of `opentelemetry`.

Invariant: the receiver is asked directly and nobody else is: no proxy, no redirect, and nothing about the machine in
the resource.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from surefoot.telemetry.spans import SpanRecord, Value

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from requests import Response

TRACES_PATH = "/v1/traces"
REDIRECTS = range(300, 400)
SEND_SECONDS = 5.0  # with all attempts
MISSING = "that needs OpenTelemetry, which is not installed; install it with: pip install 'surefoot[otel]'"

Spans = tuple[SpanRecord, ...]


class Otlp:
    """Sends to one address. OpenTelemetry is imported with the first batch, which is sent in the background."""

    def __init__(self, address: str, resource: Mapping[str, str]) -> None:
        self._address = endpoint(address)
        self._resource = resource
        self._exporter: object | None = None
        self._stopped = False
        self._status = 0  # of the latest reply

    def send(self, batch: Sequence[Spans]) -> str:
        """Send the batch; returns why it could not be, or ""."""
        try:
            import requests  # noqa: PLC0415 - comes with the exporter
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
            from opentelemetry.sdk.trace.export import SpanExportResult  # noqa: PLC0415
        except ImportError:
            return MISSING
        if not isinstance(self._exporter, OTLPSpanExporter):
            _quieten()
            session = requests.Session()
            session.trust_env = False
            session.hooks["response"].append(self._note_status)
            self._exporter = OTLPSpanExporter(endpoint=self._address, timeout=SEND_SECONDS, session=session)
        if self._stopped:
            return "Surefoot was closed before the receiver answered"
        made = readable([span for spans in batch for span in spans], self._resource)
        result = self._exporter.export(made)
        if self._status in REDIRECTS:  # not followed, and OpenTelemetry takes it for a success
            return "the receiver redirects to another address; set that one"
        return "" if result is SpanExportResult.SUCCESS else "the receiver did not take them"

    def _note_status(self, response: Response, *_: object, **__: object) -> None:
        self._status = response.status_code

    def stop(self) -> None:
        """Give up what is being sent."""
        self._stopped = True
        stop = getattr(self._exporter, "shutdown", None)
        if stop is not None:
            stop()


def endpoint(address: str) -> str:
    """The address itself, or with the usual path where it has none."""
    parts = urlsplit(address)
    return address if parts.path.strip("/") or parts.query else f"{address.rstrip('/')}{TRACES_PATH}"


def readable(spans: Sequence[SpanRecord], resource: Mapping[str, str]) -> list[ReadableSpan]:
    """As OpenTelemetry's exporters take them."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags  # noqa: PLC0415

    def context(trace_id: int, span_id: int) -> SpanContext:
        return SpanContext(trace_id, span_id, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))

    def sound(value: Value) -> Value:
        if isinstance(value, str):
            return value.encode("utf-8", "replace").decode()
        return tuple(str(sound(item)) for item in value) if isinstance(value, tuple) else value

    return [
        ReadableSpan(
            span.name,
            context(span.trace_id, span.span_id),
            None if span.parent_id is None else context(span.trace_id, span.parent_id),
            Resource(dict(resource)),
            {name: sound(value) for name, value in span.attributes.items()},
            kind=SpanKind.INTERNAL,
            status=Status(StatusCode.ERROR, span.error) if span.error else Status(),
            start_time=span.start_ns,
            end_time=span.end_ns,
            instrumentation_scope=InstrumentationScope("surefoot"),
        )
        for span in spans
    ]


def _quieten() -> None:
    """A receiver that is away is told of once, by us, and not with each attempt."""
    for name in ("opentelemetry.exporter", "urllib3"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
