"""Spans as lines of OTLP's own JSON, one question a line, which collectors read as a file. Needs no OpenTelemetry.

Invariant: a line is written whole or not at all, and the file is its owner's alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from surefoot.telemetry.spans import SpanRecord, Value

INTERNAL = 1  # the kind of span
FAILED = 2  # the status of a span
OWNER_ONLY = 0o600

Spans = tuple[SpanRecord, ...]


class JsonLines:
    """Appends to a file. It is opened for each batch, so that it may be moved away between two."""

    def __init__(self, path: Path, resource: Mapping[str, str]) -> None:
        self._path = path
        self._resource = resource

    def send(self, batch: Sequence[Spans]) -> str:
        """Write the batch; returns why it could not be, or ""."""
        lines = b"".join(line_of(spans, self._resource).encode() + b"\n" for spans in batch)
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
            with open(descriptor, "ab", buffering=0) as file:  # noqa: PTH123 - made with the owner's rights from the start
                file.write(lines)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def stop(self) -> None:
        """Nothing is held."""


def line_of(spans: Spans, resource: Mapping[str, str]) -> str:
    """One line: the export request that a receiver would get."""
    scope = {"scope": {"name": "surefoot"}, "spans": [_span(span) for span in spans]}
    return json.dumps({"resourceSpans": [{"resource": {"attributes": _listed(resource)}, "scopeSpans": [scope]}]})


def _span(span: SpanRecord) -> dict[str, Any]:
    parent = {} if span.parent_id is None else {"parentSpanId": f"{span.parent_id:016x}"}
    return {
        "traceId": f"{span.trace_id:032x}",
        "spanId": f"{span.span_id:016x}",
        **parent,
        "name": span.name,
        "kind": INTERNAL,
        "startTimeUnixNano": str(span.start_ns),  # 64-bit numbers are texts in the JSON of Protocol Buffers
        "endTimeUnixNano": str(span.end_ns),
        "attributes": _listed(span.attributes),
        "status": {"code": FAILED, "message": span.error} if span.error else {},
    }


def _listed(attributes: Mapping[str, Value] | Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in attributes.items()]


def _value(value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": _sound(value)}
    return {"arrayValue": {"values": [{"stringValue": _sound(item)} for item in value]}}


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # half characters are no text to a receiver
