"""A server on loopback that speaks the OpenAI protocol, well or badly, as a test wants it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


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


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
