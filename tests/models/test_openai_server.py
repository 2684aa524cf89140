"""Servers on loopback that speak the OpenAI protocol, well and badly."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from surefoot.errors import (
    Cancelled,
    ContextFullError,
    ModelError,
    ModelNotFoundError,
    UsageError,
    WorkerDiedError,
)
from surefoot.models.openai_server import ServerGenerator
from surefoot.models.protocols import GenerationRequest
from surefoot.trace import CancelToken

REQUEST = GenerationRequest("sys", "ask", grammar='root ::= "x"', max_tokens=7, examples=(("q", "a"),))


class Server(ThreadingHTTPServer):
    """Says `pieces`; what else it does is set by each test."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pieces = ["Hel", "lo ", "wörld"]
        self.status, self.error = 200, ""
        self.location = ""
        self.hangs_up = False
        self.waits = False
        self.tokenizes = False
        self.counted = 0  # requests
        self.bodies: list[dict[str, Any]] = []
        self.client_left = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        assert self.path == "/v1/models"
        self.reply(200, json.dumps({"object": "list", "data": [{"id": "first"}, {"id": "second"}]}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tokenize":
            self.server.counted += 1
            tokens = list(range(len(body["content"].split())))
            self.reply(200 if self.server.tokenizes else 404, json.dumps({"tokens": tokens}))
            return
        self.server.bodies.append(body)
        if self.server.status != 200:
            self.reply(self.server.status, json.dumps({"error": {"message": self.server.error}}))
            return
        self.stream()

    def reply(self, status: int, text: str) -> None:
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        if self.server.hangs_up:
            self.send_header("Content-Length", "100000")
        self.end_headers()
        for piece in ["", *self.server.pieces]:
            event = {"choices": [{"delta": {"role": "assistant", "content": piece or None}}]}
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n: a comment\n\n")
            self.wfile.flush()
        if self.server.waits:
            self.connection.settimeout(20)
            with suppress(ConnectionResetError):  # how a client leaves that has not read everything
                assert self.connection.recv(1) == b""
            self.server.client_left.set()
        elif not self.server.hangs_up:
            self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def text(generator: ServerGenerator) -> str:
    return "".join(generator.generate(REQUEST, CancelToken()))


def test_streams_from_the_first_model(server: Server) -> None:
    generator = ServerGenerator(server.url + "/v1/")
    assert list(generator.generate(REQUEST, CancelToken())) == ["Hel", "lo ", "wörld"]
    assert generator.name == f"first at {server.url}"
    body = server.bodies[0]
    assert [m["role"] for m in body["messages"]] == ["system", "user", "assistant", "user"]
    assert (body["model"], body["grammar"], body["max_tokens"], body["temperature"]) == ("first", REQUEST.grammar, 7, 0)


def test_the_url_may_choose_the_model(server: Server) -> None:
    text(ServerGenerator(server.url + "#second"))
    assert server.bodies[0]["model"] == "second"


def test_lists_models(server: Server) -> None:
    assert ServerGenerator(server.url).models() == ("first", "second")


def test_counts_with_the_server_or_estimates(server: Server) -> None:
    assert ServerGenerator(server.url).count_tokens(["x" * 35, ""]) == [10, 0]
    server.tokenizes = True
    assert ServerGenerator(server.url).count_tokens(["one two three"]) == [3]


def test_many_texts_are_counted_in_one_request(server: Server) -> None:
    """Each line of the sources is counted."""
    server.tokenizes = True
    counts = ServerGenerator(server.url).count_tokens(["one two three four\n"] * 100)
    assert sum(counts) == pytest.approx(400, rel=0.05)
    assert len(set(counts)) == 1
    assert server.counted == 1


def test_cancelling_closes_the_connection(server: Server) -> None:
    server.waits = True
    cancel = CancelToken()
    answer = ServerGenerator(server.url).generate(REQUEST, cancel)
    assert next(answer) == "Hel"
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(answer)
    assert server.client_left.wait(10)


def test_leaving_early_closes_the_connection(server: Server) -> None:
    server.waits = True
    answer = ServerGenerator(server.url).generate(REQUEST, CancelToken())
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    assert server.client_left.wait(10)


def test_a_server_that_hangs_up_in_mid_answer(server: Server) -> None:
    server.hangs_up = True
    with pytest.raises(WorkerDiedError, match="hung up in mid-answer"):
        text(ServerGenerator(server.url))


def test_refusals_are_sentences(server: Server) -> None:
    server.status, server.error = 400, "the request exceeds the available context size"
    with pytest.raises(ContextFullError, match="does not fit the context"):
        text(ServerGenerator(server.url))
    server.status, server.error = 404, "model 'first' not found"
    with pytest.raises(ModelNotFoundError, match="has no model 'first'"):
        text(ServerGenerator(server.url))
    server.status, server.error = 500, "out of memory"
    with pytest.raises(ModelError, match=r"status 500 \(out of memory\)"):
        text(ServerGenerator(server.url))


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.status, server.location = 307, "https://example.com/v1/chat/completions"
    with pytest.raises(ModelError, match="status 307"):
        text(ServerGenerator(server.url + "#first"))


def test_no_server_is_not_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    generator = ServerGenerator(f"http://localhost:{port}")
    with pytest.raises(ModelNotFoundError, match=f"No server answers at http://localhost:{port}; start it"):
        text(generator)


def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert text(ServerGenerator(server.url)) == "Hello wörld"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "http://localhost@example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com:80",
        "http://192.168.1.5:11434",
        "http://0.0.0.0:1",
        "http://",
        "http://[::2]:80",
    ],
)
def test_other_machines_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"not on this machine|not the address"):
        ServerGenerator(url)


@pytest.mark.parametrize("url", ["http://localhost:11434", "http://127.0.0.1", "https://[::1]:8080/v1"])
def test_loopback_is_accepted(url: str) -> None:
    assert ServerGenerator(url).name == url.removesuffix("/v1")
