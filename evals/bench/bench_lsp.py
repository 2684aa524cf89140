"""Measures the language server over a real stdio session: `python evals/bench/bench_lsp.py DIR [--model NAME]`.

Hovers are on names spread over the files of DIR; an edit is saved in a copy of DIR, which is never written to itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from surefoot.lsp.protocol import ANSWER_NOTIFICATION, SERVER_NAME, Command

NAME = re.compile(rb"\b(?:def|class|func|function|fn|return|new)\s+([A-Za-z_]\w{3,})")
SEED = 7  # the same places on every run
SAVES = 10
POLL_SECONDS = 2.0  # a status counts everything against disk; asked more often, it would slow what it waits for
QUESTION = "How does this project validate its input, step by step, and where are errors reported to the user?"
CANCEL_LIMIT = 0.2  # seconds after which generation has to have stopped
# Moments of an answer: reading the prompt, the first words, later words.
CANCEL_AFTER = (0.1, 0.5, 1.0, 3.0, 6.0)


def main() -> None:
    """Run the session and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hovers", type=int, default=200)
    parser.add_argument("--model", default="default", help='for the cancel row; "none" leaves it out')
    parser.add_argument("--python", default="python3", help="the interpreter that has surefoot")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        folder = Path(temporary) / options.folder.resolve().name
        shutil.copytree(options.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        rows = asyncio.run(measure(folder, Path(temporary) / "cache", options))
    print(f"{'what':<44}{'median':>10}{'p95':>10}{'max':>10}   n")
    for name, milliseconds in rows:
        ordered = sorted(milliseconds)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        middle = statistics.median(ordered)
        print(f"{name:<44}{middle:>8.1f}ms{p95:>8.1f}ms{ordered[-1]:>8.1f}ms {len(ordered):>3}")


async def measure(folder: Path, cache: Path, options: argparse.Namespace) -> list[tuple[str, list[float]]]:
    """One session, from start to end."""
    models = Path(os.environ.get("SUREFOOT_CACHE_DIR", Path.home() / ".cache" / "surefoot")) / "models"
    if models.exists():
        cache.mkdir(parents=True)
        (cache / "models").symlink_to(models)
    env = {**os.environ, "SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": options.model}
    client = LanguageClient("bench", "1", converter_factory=default_converter)
    answers: list[Any] = []
    # pygls marks the function that it is given, which a bound method does not take.
    client.feature(ANSWER_NOTIFICATION)(lambda params: answers.append(params))  # noqa: PLW0108
    begin = time.perf_counter()
    await client.start_io(options.python, "-m", SERVER_NAME, "lsp", env=env)
    drain = asyncio.ensure_future(_drain(client))
    await client.initialize_async(
        types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=folder.as_uri())
    )
    rows = [("process start to initialize reply", [_since(begin)])]
    client.initialized(types.InitializedParams())
    while (await command(client, Command.STATUS))["indexing"]:
        await asyncio.sleep(POLL_SECONDS)
    rows.append(("process start to everything indexed", [_since(begin)]))
    rows.append(("hover", await hovers(client, folder, options.hovers)))
    rows.append(("save to found by search", await saves(client, folder)))
    if options.model != "none":
        rows.append(("cancel to stopped", await cancels(client, answers)))
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    drain.cancel()
    return rows


async def hovers(client: LanguageClient, folder: Path, count: int) -> list[float]:
    """Hover over names in opened documents, after one hover that warms the caches."""
    places = list(_names(folder))
    random.Random(SEED).shuffle(places)
    times, shown = [], 0
    for path, line, character in places[: count + 1]:
        uri = path.as_uri()
        text = path.read_text(errors="replace")
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "plaintext", 1, text))
        )
        document = types.TextDocumentIdentifier(uri)
        # The document is opened long before anyone hovers; the reply to this says that it has been.
        await client.text_document_hover_async(types.HoverParams(document, types.Position(1_000_000, 0)))
        params = types.HoverParams(document, types.Position(line, character))
        begin = time.perf_counter()
        found = await client.text_document_hover_async(params)
        times.append(_since(begin))
        shown += found is not None
    print(f"{shown} of {len(times)} hovers showed a symbol")
    return times[1:]


def _names(folder: Path) -> Iterator[tuple[Path, int, int]]:
    for path in sorted(folder.rglob("*.*")):
        if not path.is_file() or path.is_symlink() or path.stat().st_size > 200_000:
            continue
        for line, content in enumerate(path.read_bytes().split(b"\n")):
            if content.isascii() and (match := NAME.search(content)):
                yield path, line, match.start(1) + 1


async def saves(client: LanguageClient, folder: Path) -> list[float]:
    """Write a new function, say that it was saved, search for it at once."""
    path = folder / "surefoot_bench_saved.py"
    times = []
    for number in range(SAVES):
        name = f"zebra{number}_crossing{number}"
        path.write_text(f'def {name}(x):\n    """Number {number}."""\n    return x\n')
        begin = time.perf_counter()
        client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(path.as_uri())))
        reply = await command(client, Command.SEARCH, query=name)
        times.append(_since(begin))
        if not any(hit["symbol"] == name for hit in reply["hits"]):
            raise SystemExit(f"{name} was saved and not found")
    return times


async def cancels(client: LanguageClient, answers: list[Any]) -> list[float]:
    """Cancel at several moments; the server replies once the work has stopped."""
    await command(client, Command.ASK, question=QUESTION)  # loads the model
    times = []
    for number, pause in enumerate(CANCEL_AFTER):
        answers.clear()
        arguments = {"question": f"{QUESTION} ({number})", "token": "bench"}
        params = types.ExecuteCommandParams(Command.ASK, [arguments])
        request = asyncio.ensure_future(
            client.protocol.send_request_async(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id=f"c{number}")
        )
        while not answers and not request.done():
            await asyncio.sleep(0.005)
        before = _cpu_seconds(client)
        await asyncio.sleep(pause)
        working = _cpu_seconds(client) - before
        if request.done():
            print(f"answered within {pause} s of its evidence; not cancelled")
            continue
        begin = time.perf_counter()
        client.cancel_request(types.CancelParams(id=f"c{number}"))
        try:
            await request
        except JsonRpcException:
            times.append(_since(begin))
        await asyncio.sleep(max(0.0, CANCEL_LIMIT - _since(begin) / 1000))
        used = _cpu_seconds(client)
        await asyncio.sleep(1.0)
        idle = _cpu_seconds(client) - used
        print(f"cancelled after {pause} s ({working:.2f} s of CPU): {idle:.2f} s in the second after 200 ms")
    return times or [float("nan")]


def _cpu_seconds(client: LanguageClient) -> float:
    """What the server and all its processes have used so far; 0 where there is no /proc."""
    server = client._server  # noqa: SLF001 - the client has no public way to it
    waiting, ticks = [server.pid] if server else [], 0
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        for task in folder.glob("task/*"):
            waiting += [int(pid) for pid in (task / "children").read_text().split()]
            ticks += sum(int(number) for number in (task / "stat").read_text().rsplit(")", 1)[1].split()[11:13])
    return ticks / 100


async def command(client: LanguageClient, name: str, **arguments: object) -> Any:
    """Run one command; the reply as plain JSON."""
    reply = await client.workspace_execute_command_async(types.ExecuteCommandParams(name, [arguments]))
    return _plain(reply)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


async def _drain(client: LanguageClient) -> None:
    # The server's stderr must be read, or a talkative one would block.
    server = client._server  # noqa: SLF001 - the client has no public way to it
    while server and server.stderr and (line := await server.stderr.readline()):
        print(line.decode(errors="replace"), end="")


def _since(begin: float) -> float:
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    main()
