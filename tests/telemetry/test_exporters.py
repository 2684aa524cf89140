"""Exporting: to a file, to a receiver that speaks OTLP, and to receivers that do not work."""

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status, TracesData

from surefoot.config import Settings
from surefoot.telemetry import Exporter, open_exporter
from surefoot.telemetry.otlp import endpoint
from surefoot.telemetry.spans import SpanRecord
from surefoot.trace import Stage, Trace

RESOURCE = {"service.name": "surefoot", "service.version": "1.0"}


class Receiver(ThreadingHTTPServer):
    """What a collector is to us: it decodes what is posted to it. `status` is what it answers, after `hold`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], ExportTraceServiceRequest]] = []
        self.status = 200
        self.hold = threading.Event()
        self.hold.set()
        self.arrived = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self) -> list[Span]:
        return [
            span
            for _, _, request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = ExportTraceServiceRequest.FromString(body)
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, request))
        self.server.arrived.set()
        self.server.hold.wait(30)
        self.send_response(self.server.status)
        if 300 <= self.server.status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


def asked(trace_id: str = "0123456789ab", question: str = "who closes the ledger?") -> Trace:
    stages = [
        Stage("lexical", 0.0, 2.0, {"found": 3}, {"ranking": [{"place": "a.py:1-2", "score": 0.5}]}),
        Stage("floor", 2.0, 1.0, {"coverage": 0.25}, {"passed": False}),
        Stage("cite", 3.0, 1.0, {}, {"error": "StoreError: a.py is locked", "citations": [{"place": "a.py:1-2"}]}),
    ]
    return Trace("search", question, trace_id, 1_700_000_000.5, stages, "3 hits", "cli")


def opened(target: str, notices: list[str], *, contents: bool = False) -> Exporter:
    settings = Settings(trace_export=target, trace_export_contents=contents)
    exporter = open_exporter(settings, notices.append, RESOURCE)
    assert exporter is not None
    return exporter


def attributes(span: Span) -> dict[str, object]:
    return {pair.key: getattr(pair.value, str(pair.value.WhichOneof("value"))) for pair in span.attributes}


def test_nothing_is_exported_by_default() -> None:
    assert open_exporter(Settings(), print, RESOURCE) is None


def test_a_receiver_gets_protocol_buffers_that_say_what_happened(receiver: Receiver) -> None:
    notices: list[str] = []
    exporter = opened(receiver.address, notices)
    exporter.export(asked())
    exporter.close()
    assert notices == []
    path, headers, request = receiver.requests[0]
    assert (path, headers["content-type"]) == ("/v1/traces", "application/x-protobuf")
    assert {pair.key: pair.value.string_value for pair in request.resource_spans[0].resource.attributes} == RESOURCE
    root, lexical, floor, cite = receiver.spans()
    assert (root.name, root.parent_span_id) == ("surefoot search", b"")
    assert {lexical.parent_span_id, floor.parent_span_id} == {root.span_id}
    assert {len(span.trace_id) for span in receiver.spans()} == {16}
    assert root.start_time_unix_nano == 1_700_000_000_500_000_000
    assert floor.end_time_unix_nano - floor.start_time_unix_nano == 1_000_000
    assert attributes(floor) == {
        "surefoot.stage": "floor",
        "surefoot.count.coverage": 0.25,
        "surefoot.floor.passed": False,
    }
    assert attributes(root)["surefoot.hits"] == 3
    assert (cite.status.code, cite.status.message) == (Status.STATUS_CODE_ERROR, "StoreError")
    assert "ledger" not in str(request)
    assert "a.py" not in str(request)


def test_contents_are_sent_where_they_are_asked_for(receiver: Receiver) -> None:
    exporter = opened(receiver.address, [], contents=True)
    exporter.export(asked(question="half \ud83d"))
    exporter.close()
    root, lexical, *_ = receiver.spans()
    assert attributes(root)["surefoot.question"] == "half ?"
    assert json.loads(str(attributes(lexical)["gen_ai.retrieval.documents"])) == [{"id": "a.py:1-2", "score": 0.5}]


def test_everything_that_waits_is_sent_when_closing(receiver: Receiver) -> None:
    exporter = opened(receiver.address, [])
    for number in range(120):
        exporter.export(asked(f"{number:012x}"))
    exporter.close()
    assert len({span.trace_id for span in receiver.spans()}) == 120


def test_a_receiver_that_is_away_costs_one_notice(capfd: pytest.CaptureFixture[str]) -> None:
    server = Receiver()
    server.server_close()  # nobody listens there now
    notices: list[str] = []
    exporter = opened(server.address, notices)
    for number in range(5):
        exporter.export(asked(f"{number:012x}"))
    exporter.close()
    assert len(notices) == 1
    assert notices[0].startswith(f"Traces were not exported to 127.0.0.1:{server.server_port}: ")
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("status", [301, 400, 500, 503])
def test_a_receiver_that_refuses_costs_one_notice(receiver: Receiver, status: int) -> None:
    receiver.status = status
    notices: list[str] = []
    exporter = opened(receiver.address, notices)
    exporter.export(asked("a1"))
    receiver.arrived.wait(30)
    exporter.export(asked("a2"))
    exporter.close()
    assert len(notices) == 1  # a redirect is not followed either: nothing goes elsewhere
    assert {path for path, _, _ in receiver.requests} == {"/v1/traces"}


def test_a_receiver_that_hangs_delays_neither_questions_nor_closing(receiver: Receiver) -> None:
    receiver.hold.clear()
    notices: list[str] = []
    exporter = opened(receiver.address, notices)
    exporter.export(asked("a1"))
    assert receiver.arrived.wait(30)
    for number in range(2_000):  # more than wait in line
        exporter.export(asked(f"{number:012x}"))
    exporter.close()
    receiver.hold.set()
    assert len(notices) == 1


def test_a_password_in_the_address_is_not_in_the_notice() -> None:
    notices: list[str] = []
    exporter = opened("http://me:s3cretWord@127.0.0.1:9/v1/traces", notices)
    exporter.export(asked())
    exporter.close()
    assert len(notices) == 1
    assert "s3cretWord" not in notices[0]


def test_an_address_without_a_path_gets_the_usual_one() -> None:
    assert endpoint("http://localhost:4318") == endpoint("http://localhost:4318/") == "http://localhost:4318/v1/traces"
    assert endpoint("https://host/api/public/otel/v1/traces") == "https://host/api/public/otel/v1/traces"


def test_no_proxy_of_the_environment_gets_traces(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    notices: list[str] = []
    exporter = opened(receiver.address, notices)
    exporter.export(asked())
    exporter.close()
    assert (notices, len(receiver.requests)) == ([], 1)


WITHOUT_OPENTELEMETRY = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from surefoot.config import Settings
from surefoot.telemetry import open_exporter
from surefoot.trace import Trace
exporter = open_exporter(Settings(trace_export=sys.argv[1]), print, {})
exporter.export(Trace("search", "?"))
exporter.export(Trace("search", "?"))
exporter.close()
"""


def test_a_missing_extra_is_one_sentence_and_a_file_needs_none(tmp_path: Path) -> None:
    def said(target: str) -> str:
        command = [sys.executable, "-c", WITHOUT_OPENTELEMETRY, target]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    assert said("http://127.0.0.1:9") == (
        "Traces were not exported to 127.0.0.1:9: that needs OpenTelemetry, which is not installed; "
        "install it with: pip install 'surefoot[otel]'.\n"
    )
    assert said(str(tmp_path / "spans.jsonl")) == ""
    assert len((tmp_path / "spans.jsonl").read_text().splitlines()) == 2


def test_opentelemetry_is_not_imported_before_a_trace_goes_to_an_address() -> None:
    program = "import sys, surefoot.engine; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_lines_are_the_json_of_the_protocol(tmp_path: Path, receiver: Receiver) -> None:
    """The file and the receiver get the very same spans."""
    out = tmp_path / "spans.jsonl"
    for target in (str(out), receiver.address):
        exporter = opened(target, [], contents=True)
        exporter.export(asked("a1"))
        exporter.export(asked("a2", question="half \ud83d, \u202e, <b>"))
        exporter.close()
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    read = [span for line in lines for span in parsed(line)]
    assert sorted(map(str, read)) == sorted(str(without_flags(span)) for span in receiver.spans())


def parsed(line: str) -> list[Span]:
    """As a collector reads it: ids are hexadecimal there, and base64 in the JSON of Protocol Buffers otherwise."""
    value = json.loads(line)
    spans = value["resourceSpans"][0]["scopeSpans"][0]["spans"]
    ids = [{key: bytes.fromhex(span.pop(key)) for key in ("traceId", "spanId", "parentSpanId") if key in span}
           for span in spans]  # fmt: skip
    made = list(ParseDict(value, TracesData()).resource_spans[0].scope_spans[0].spans)
    for span, found in zip(made, ids, strict=True):
        span.trace_id, span.span_id = found["traceId"], found["spanId"]
        span.parent_span_id = found.get("parentSpanId", b"")
    return made


def without_flags(span: Span) -> Span:
    span.ClearField("flags")  # whether the parent is in another process: always no, and left out of the file
    if not span.status.code:
        span.status.SetInParent()
    return span


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_the_file_is_its_owners_alone_and_grows(tmp_path: Path) -> None:
    out = tmp_path / "spans.jsonl"
    for _ in range(2):
        exporter = opened(str(out), [])
        exporter.export(asked())
        exporter.close()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert len(out.read_text().splitlines()) == 2


def test_a_file_that_cannot_be_written_costs_one_notice(tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "no" / "such" / "folder.jsonl"):
        notices: list[str] = []
        exporter = opened(str(target), notices)
        exporter.export(asked())
        exporter.export(asked())
        exporter.close()
        assert len(notices) == 1
        assert notices[0].startswith(f"Traces were not exported to {target}: ")


class Odd:
    """A place for spans that fails as nobody expects."""

    def __init__(self) -> None:
        self.stopped = 0

    def send(self, batch: Sequence[tuple[SpanRecord, ...]]) -> str:
        raise ValueError("odd")

    def stop(self) -> None:
        self.stopped += 1


def test_a_fault_of_ours_while_exporting_is_one_notice_and_closing_twice_does_no_harm() -> None:
    sink, notices = Odd(), list[str]()
    exporter = Exporter(sink, "there", notices.append)
    exporter.close()
    exporter.export(asked())
    exporter.export(asked())
    exporter.close()
    exporter.close()
    assert notices == ["Traces were not exported to there: ValueError: odd."]
    assert sink.stopped
