"""Clients of `surefoot mcp` for the tests: the official one, and a plain one that can say what no client would."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

REAL_SERVER = (sys.executable, "-m", "surefoot", "mcp")
FAKE_SERVER = (sys.executable, str(Path(__file__).parent / "mcp" / "fake_server.py"))
PATIENCE = 60.0  # seconds; generous, as it only ends a test that would hang
HANDSHAKE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "tests", "version": "1"},
}


def environment(cache: Path, **extra: str) -> dict[str, str]:
    """What the server sees: its own cache, no model, nothing of the user's settings."""
    own = {"SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": "none", "XDG_CONFIG_HOME": str(cache / "config")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUREFOOT_")}
    return {**kept, **own, **extra}


@asynccontextmanager
async def asking(
    cache: Path,
    *arguments: str,
    command: Sequence[str] = REAL_SERVER,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    **options: Any,
) -> AsyncIterator[Client]:
    """The official client over stdio."""
    program, *rest = command
    server = StdioServerParameters(
        command=program, args=[*rest, *arguments], env=environment(cache, **(env or {})), cwd=cwd
    )
    async with Client(server, read_timeout_seconds=PATIENCE, **options) as client:
        yield client


def text_of(result: Any) -> str:
    """The text of a tool's result."""
    (content,) = result.content
    return str(content.text)


class Wire:
    """A client that writes lines and reads lines."""

    def __init__(self, cache: Path, *arguments: str, command: Sequence[str] = REAL_SERVER, **options: Any) -> None:
        env = environment(cache, **options.pop("env", {}))
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            **options,
        )
        self.lines: queue.Queue[bytes] = queue.Queue()
        self.errors: list[str] = []
        self.notifications: list[dict[str, Any]] = []
        self._number = 0
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line)
        self.lines.put(b"")

    def _read_errors(self) -> None:
        for line in self.process.stderr or ():
            self.errors.append(line.decode("utf-8", "replace"))

    def send(self, line: bytes | str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() if isinstance(line, str) else line)
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def notify(self, method: str, params: dict[str, Any] | None = None) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params or {}}))

    def post(self, method: str, params: Any) -> int:
        """Send a request and do not wait."""
        self._number += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}))
        return self._number

    def reply(self, number: int) -> dict[str, Any]:
        """The reply to a request; requests of the server meanwhile are left unanswered."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            assert line, f"the server is gone: {''.join(self.errors)}"
            message = json.loads(line)
            if message.get("id") == number and "method" not in message:
                return dict(message)
            self.notifications.append(message)

    def request(self, method: str, params: Any) -> dict[str, Any]:
        return self.reply(self.post(method, params))

    def call(self, name: str, arguments: Any) -> dict[str, Any]:
        return self.request("tools/call", {"name": name, "arguments": arguments})

    def begin(self, **capabilities: Any) -> dict[str, Any]:
        reply = self.request("initialize", {**HANDSHAKE, "capabilities": capabilities})
        self.notify("notifications/initialized")
        return reply

    def close(self) -> int:
        """Leave as a client does: close its end and wait."""
        for stream in (self.process.stdin,):
            if stream is not None and not stream.closed:
                stream.close()
        code = self.process.wait(timeout=PATIENCE)
        for thread in self._threads:
            thread.join(timeout=PATIENCE)
        for reader in (self.process.stdout, self.process.stderr):
            if reader is not None:
                reader.close()
        return code


@contextmanager
def wire(cache: Path, *arguments: str, **options: Any) -> Iterator[Wire]:
    """A plain client that has begun."""
    client = Wire(cache, *arguments, **options)
    try:
        client.begin()
        yield client
    finally:
        client.close()


@contextmanager
def serving(cache: Path, *arguments: str, env: dict[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """A server over HTTP: its address and its token, as it prints them."""
    process = subprocess.Popen(
        [*REAL_SERVER, "--http", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(cache, **(env or {})),
    )
    try:
        assert process.stderr is not None
        address = process.stderr.readline().decode()
        token = process.stderr.readline().decode()
        found = re.search(r"http://\S+", address)
        assert found, address
        yield found.group(), token.removeprefix("Authorization: Bearer ").strip()
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=PATIENCE)
        assert out == b"", "nothing is printed on stdout"


@asynccontextmanager
async def asking_over_http(address: str, token: str, **options: Any) -> AsyncIterator[Client]:
    """The official client over HTTP."""
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE) as http:
        transport = streamable_http_client(address, http_client=http)
        async with Client(transport, read_timeout_seconds=PATIENCE, **options) as client:
            yield client
