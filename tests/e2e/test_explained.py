"""A model in a real session of an editor: what it says of a symbol is in the hover, and questions wait in order."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp.stdio_session import PATIENCE, Editor, editing, environment
from models.loopback_server import serving
from tiny_gguf import write_tiny_gguf

SAID = "`rate_for` gives the tax rate of a country; unknown ones pay none."


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "cache")


async def hover(editor: Editor, path: Path, text: str) -> str:
    line = next(number for number, each in enumerate(text.split("\n")) if "def rate_for" in each)
    return await editor.hover(path, line, 5) or ""


async def test_a_hover_has_what_an_explanation_said_until_its_lines_change(shop: Path, env: dict[str, str]) -> None:
    path = shop / "shop/tax.py"
    text = path.read_text()
    place = {"line": text.split("\n").index("def rate_for(country):"), "character": 5}
    with serving() as server:
        server.pieces = [f"- {SAID}", " [1]\n"]
        async with editing(shop, env={**env, "SUREFOOT_MODEL": server.url}) as editor:
            await editor.indexed()
            editor.open(path)
            without = await hover(editor, path, text)
            asked = {"textDocument": {"uri": path.as_uri()}, "position": place}
            answer = await editor.command("surefoot.explain", asked)
            assert [claim["text"] for claim in answer["claims"]] == [SAID, "`Cart.total_price` calls `rate_for`."]
            explained = await hover(editor, path, text)
            (said,) = set(explained.split("\n\n")) - set(without.split("\n\n"))
            assert said.startswith(f"{SAID} (")
            assert ", as of 20" in said
            changed = text.replace("(country, 0)", "(country, 1)")
            editor.replace(path, changed)
            assert SAID not in await hover(editor, path, changed)
            below = text.replace("def rate_for", "OTHER = 1\n\n\ndef rate_for")
            editor.replace(path, below)
            assert SAID in await hover(editor, path, below)
            requests = len(server.bodies)
        async with editing(shop, env={**env, "SUREFOOT_MODEL": server.url}) as editor:
            await editor.indexed()
            assert await hover(editor, path, text) == explained
            assert len(server.bodies) == requests == 1, "a hover asks no model"


@pytest.mark.skipif(os.name == "nt", reason="what others may read is told by mode bits")
async def test_what_was_said_is_its_owners_alone_and_nowhere_in_the_tree(shop: Path, env: dict[str, str]) -> None:
    path, cache = shop / "shop/tax.py", Path(env["SUREFOOT_CACHE_DIR"])
    before = {each: each.stat().st_mtime_ns for each in shop.rglob("*")}
    with serving() as server:
        server.pieces = [f"- {SAID} [1]\n"]
        async with editing(shop, env={**env, "SUREFOOT_MODEL": server.url}) as editor:
            await editor.indexed()
            line = path.read_text().split("\n").index("def rate_for(country):")
            place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": 5}}
            await editor.command("surefoot.explain", place)
    holding = [each for each in cache.rglob("*") if each.is_file() and SAID.encode() in each.read_bytes()]
    assert holding
    assert {each.parent for each in holding} == {cache / "index"}
    assert (cache / "index").stat().st_mode & 0o077 == 0
    assert {each: each.stat().st_mtime_ns for each in shop.rglob("*")} == before


# --- who waits -------------------------------------------------------------------------------------------------


@pytest.fixture
async def busy_editor(shop: Path, env: dict[str, str], tmp_path: Path) -> AsyncIterator[Editor]:
    """With a real model that takes some seconds to read a question."""
    pytest.importorskip("llama_cpp")
    model = write_tiny_gguf(tmp_path / "tiny.gguf", layers=6, width=512)
    more = {"SUREFOOT_MODEL": str(model), "SUREFOOT_MODEL_THREADS": "1"}
    async with editing(shop, env={**env, **more}) as editor:
        await editor.indexed()
        yield editor


def ask(editor: Editor, name: str) -> asyncio.Future[Any]:
    """Ask under a name, which is that of the request and of the stream."""
    arguments = {"question": "What does rate_for return for an unknown country?", "token": name}
    params = types.ExecuteCommandParams("surefoot.ask", [arguments])
    sent = editor.client.protocol.send_request_async("workspace/executeCommand", params, msg_id=name)
    return asyncio.ensure_future(sent)


async def heard(editor: Editor, name: str, event: str) -> list[dict[str, Any]]:
    """What an answer has streamed so far, once it has streamed this."""
    async with asyncio.timeout(PATIENCE):
        while True:
            pieces = [piece for piece in editor.answers if piece["token"] == name]
            if any(piece["event"] == event for piece in pieces):
                return pieces
            await asyncio.sleep(0.005)


async def stop(editor: Editor, request: asyncio.Future[Any], name: str) -> None:
    editor.client.cancel_request(types.CancelParams(id=name))
    with pytest.raises(JsonRpcException) as caught:
        await asyncio.wait_for(request, PATIENCE)
    assert caught.value.code == -32800


async def is_told_the_end(editor: Editor, name: str) -> None:
    """Wait until an answer that waited has the model."""
    async with asyncio.timeout(PATIENCE):
        while notices(editor, name)[-1:] != [""]:
            await asyncio.sleep(0.005)


def notices(editor: Editor, name: str) -> list[str]:
    return [piece["notice"] for piece in editor.answers if (piece["token"], piece["event"]) == (name, "waiting")]


async def test_who_waits_has_the_evidence_and_a_sentence_and_can_be_stopped(busy_editor: Editor) -> None:
    asked = {name: ask(busy_editor, name) for name in ("one", "other")}
    waits = [asyncio.ensure_future(heard(busy_editor, name, "waiting")) for name in asked]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    oldest, writing = ("one", "other") if waits[0].done() else ("other", "one")
    for wait in waits:
        wait.cancel()
    asked["stopped"] = ask(busy_editor, "stopped")
    pieces = await heard(busy_editor, "stopped", "waiting")
    assert [piece["event"] for piece in pieces] == ["evidence", "waiting"]
    assert "busy with another answer" in pieces[-1]["notice"]
    await stop(busy_editor, asked["stopped"], "stopped")
    assert not asked[writing].done(), "the one that waited has left, and the model is still busy with the first"
    asked["newest"] = ask(busy_editor, "newest")
    await heard(busy_editor, "newest", "waiting")
    await stop(busy_editor, asked[writing], writing)
    await is_told_the_end(busy_editor, "newest")
    assert len(notices(busy_editor, oldest)) == 1
    await stop(busy_editor, asked["newest"], "newest")
    await is_told_the_end(busy_editor, oldest)
    await stop(busy_editor, asked[oldest], oldest)
    free = {"question": "What does rate_for return?", "model": "none"}
    assert (await busy_editor.command("surefoot.ask", free))["citations"]
