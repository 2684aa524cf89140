"""The dashboard as tests reach it: in this process through ASGI, or in one of its own over real sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from surefoot.dashboard.app import create_app
from surefoot.dashboard.dashboard import OPEN_ENGINE, Dashboard
from surefoot.dashboard.guard import Access

TESTS = Path(__file__).parents[1]
REAL = (sys.executable, "-m", "surefoot", "dashboard", "--no-browser", "--root")
FAKE = (sys.executable, str(Path(__file__).parent / "fake_dashboard.py"))
TOKEN = "a-token-of-the-tests-0123456789"
PATIENCE = 60.0  # seconds; generous, as it only ends a test that would hang
ACCESS = Access(8177, TOKEN)
ALLOWED = {"Authorization": f"Bearer {TOKEN}"}


def environment(cache: Path, **extra: str) -> dict[str, str]:
    """What the process sees: its own cache, no model, no screen, nothing of the user's settings."""
    own = {
        "SUREFOOT_CACHE_DIR": str(cache),
        "SUREFOOT_MODEL": "none",
        "SUREFOOT_DASHBOARD_TOKEN": TOKEN,
        "XDG_CONFIG_HOME": str(cache / "config"),
        "PYTHONPATH": f"{TESTS.parent / 'server'}{os.pathsep}{TESTS}",
    }
    others = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
    return {**others, **own, **extra}


@asynccontextmanager
async def opened(*roots: Path, factory: Any = OPEN_ENGINE) -> AsyncIterator[tuple[httpx.AsyncClient, Dashboard]]:
    """A client of the application in this process, and the dashboard behind it."""
    dashboard = Dashboard(roots, factory)
    dashboard.start()
    transport = httpx.ASGITransport(create_app(dashboard, ACCESS))
    base = f"http://127.0.0.1:{ACCESS.port}"
    try:
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=ALLOWED, timeout=PATIENCE) as client:
            yield client, dashboard
    finally:
        dashboard.leave()
        await asyncio.get_running_loop().run_in_executor(None, dashboard.close)


async def indexed(client: httpx.AsyncClient) -> None:
    """Wait until nothing is left to index."""
    async with asyncio.timeout(PATIENCE):
        while (await client.get("/api/status")).json()["indexing"]:
            await asyncio.sleep(0.02)


def events(text: str) -> list[tuple[str, Any]]:
    """The server-sent events of a whole reply."""
    blocks = [block for block in text.split("\n\n") if block.strip() and not block.startswith(":")]
    pairs = [block.split("\n", 1) for block in blocks]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in pairs]


async def ask(client: httpx.AsyncClient, question: str, **more: Any) -> list[tuple[str, Any]]:
    reply = await client.post("/api/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/event-stream"
    return events(reply.text)


@dataclass
class Running:
    """A process, and what it has said."""

    process: subprocess.Popen[str]
    address: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.address.partition("/#")[0]

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.base, headers=ALLOWED, timeout=PATIENCE, **options)

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def ended(self) -> int:
        return self.process.wait(PATIENCE)


@contextmanager
def running(command: Sequence[str], env: dict[str, str]) -> Iterator[Running]:
    """A process that has printed its address; it is gone at the end."""
    process = subprocess.Popen(
        list(command), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )
    server = Running(process)
    assert process.stdout is not None
    assert process.stderr is not None
    listener = threading.Thread(target=_listen, args=(process.stderr, server.said))
    listener.start()
    try:
        server.address = process.stdout.readline().strip()
        assert server.address, "".join(server.said)
        yield server
    finally:
        process.kill()
        process.wait()
        listener.join()
        process.stdout.close()
        process.stderr.close()


def _listen(stream: Any, said: list[str]) -> None:
    said.extend(iter(stream.readline, ""))
