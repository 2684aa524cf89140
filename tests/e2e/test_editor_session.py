"""An editor's day with the real server, the real engine and real files: nothing it is told is ever stale."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp.stdio_session import PATIENCE, Editor, editing, environment
from surefoot.golden import load_cases
from tiny_gguf import write_tiny_gguf

KETTLE = '''"""Boiling of water."""


def boil_water(litres):
    """Heats water until it boils. Takes a while."""
    return litres * 80


def descale(kettle):
    """Removes limescale from the kettle with citric acid."""
    return kettle
'''
TEA = "from kitchen.kettle import boil_water\n\n\ndef brew_tea(cups):\n    🍵 = 1; return boil_water(cups)\n"
README = "# Kitchen\n\nHow tea is brewed: water is boiled first.\n"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "cache")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "kitchen").mkdir(parents=True)
    (project / "kitchen" / "kettle.py").write_text(KETTLE)
    (project / "kitchen" / "tea.py").write_text(TEA)
    (project / "README.md").write_text(README)
    return project


@pytest.fixture
async def editor(project: Path, env: dict[str, str]) -> AsyncIterator[Editor]:
    async with editing(project, env=env) as editor:
        await editor.indexed()
        yield editor


async def found(editor: Editor, query: str) -> list[str]:
    """The files that a search finds, best first."""
    reply = await editor.command("surefoot.search", {"query": query})
    return [hit["path"] for hit in reply["hits"]]


async def cited(editor: Editor, question: str) -> dict:
    return await editor.command("surefoot.ask", {"question": question, "model": "none"})


def opens(project: Path, citation: dict) -> str:
    """The cited lines, read from disk independently of everything in Surefoot."""
    lines = (project / citation["path"]).read_text().split("\n")
    return "\n".join(lines[citation["start_line"] - 1 : citation["end_line"]])


async def test_edit_save_rename_ask_again_and_never_a_stale_path(editor: Editor, project: Path):
    kettle = project / "kitchen" / "kettle.py"
    assert "kitchen/kettle.py" in await found(editor, "boil_water")

    editor.open(kettle)
    text = KETTLE + '\n\ndef whistle_loudly(seconds):\n    """Whistles when the steam escapes."""\n'
    editor.replace(kettle, text)
    editor.save(kettle, text)
    reply = await cited(editor, "what does whistle_loudly do?")
    assert not reply["abstained"]
    assert any("def whistle_loudly" in opens(project, citation) for citation in reply["citations"])

    renamed = project / "kitchen" / "samovar.py"
    kettle.rename(renamed)
    rename = types.FileRename(kettle.as_uri(), renamed.as_uri())
    editor.client.workspace_did_rename_files(types.RenameFilesParams([rename]))
    editor.close(kettle)
    editor.open(renamed)
    reply = await cited(editor, "what does whistle_loudly do?")
    assert {citation["path"] for citation in reply["citations"]} >= {"kitchen/samovar.py"}
    hits = await editor.command("surefoot.search", {"query": "boil water whistle"})
    shown = json.dumps([reply["citations"], reply["claims"], reply["near_misses"], hits["hits"]])
    assert "kettle.py" not in shown


async def test_a_rename_that_the_editor_did_not_announce(editor: Editor, project: Path):
    """A `git mv` in a terminal, and a client that watches no files."""
    (project / "kitchen" / "kettle.py").rename(project / "kitchen" / "boiler.py")
    reply = await cited(editor, "how is limescale removed from the kettle?")
    for citation in reply["citations"]:
        assert (project / citation["path"]).exists()
    assert not any("kettle.py" in place for place in await found(editor, "descale limescale"))


async def test_a_renamed_folder_is_followed(editor: Editor, project: Path):
    (project / "kitchen").rename(project / "galley")
    rename = types.FileRename((project / "kitchen").as_uri(), (project / "galley").as_uri())
    editor.client.workspace_did_rename_files(types.RenameFilesParams([rename]))
    assert "galley/kettle.py" in await found(editor, "boil_water")
    assert not any(place.startswith("kitchen/") for place in await found(editor, "boil water tea kettle"))


async def test_a_deleted_file_is_gone(editor: Editor, project: Path):
    (project / "kitchen" / "kettle.py").unlink()
    deleted = types.FileDelete((project / "kitchen" / "kettle.py").as_uri())
    editor.client.workspace_did_delete_files(types.DeleteFilesParams([deleted]))
    assert not any("kettle" in place for place in await found(editor, "boil_water descale"))
    assert (await editor.command("surefoot.status"))["drifted_chunks"] == 0


async def test_citations_follow_an_unsaved_buffer(editor: Editor, project: Path):
    kettle = project / "kitchen" / "kettle.py"
    editor.open(kettle)
    added = types.TextDocumentContentChangePartial(
        range=types.Range(types.Position(0, 0), types.Position(0, 0)), text="# one\n# two\n# three\n"
    )
    editor.change(kettle, added)
    reply = await cited(editor, "what does descale do?")
    place = next(citation for citation in reply["citations"] if citation["path"] == "kitchen/kettle.py")
    buffer = ("# one\n# two\n# three\n" + KETTLE).split("\n")
    shown = buffer[place["start_line"] - 1 : place["end_line"]]
    assert "def descale(kettle):" in shown
    assert "# three" not in shown
    editor.close(kettle)
    reply = await cited(editor, "what does descale do?")
    place = next(citation for citation in reply["citations"] if citation["path"] == "kitchen/kettle.py")
    assert "def descale(kettle):\n" in opens(project, place) + "\n"


async def test_hover_counts_columns_as_the_client_does(editor: Editor, project: Path):
    tea = project / "kitchen" / "tea.py"
    editor.open(tea)
    line = TEA.split("\n")[4]
    utf16 = len(line[: line.index("boil_water")].encode("utf-16-le")) // 2
    assert utf16 == line.index("boil_water") + 1
    shown = await editor.hover(tea, 4, utf16)
    assert "def boil_water(litres)" in shown
    assert "Heats water until it boils." in shown
    assert "Takes a while" not in shown
    assert f"({(project / 'kitchen/kettle.py').as_uri()}#L4)" in shown
    assert await editor.hover(tea, 4, utf16 + len("boil_water") - 1) == shown
    assert await editor.hover(tea, 1, 0) is None


async def test_hover_renders_nothing_from_a_doc_comment(editor: Editor, project: Path):
    evil = project / "evil.py"
    evil.write_text('def lure():\n    """![x](https://e.example/p.png) <b>[run](command:x)</b> \u202e`."""\n')
    editor.save(evil)
    editor.open(evil)
    await found(editor, "lure")
    shown = await editor.hover(evil, 0, 5)
    assert "![" not in shown
    assert "<b>" not in shown
    assert "[run]" not in shown
    assert "\u202e" not in shown
    assert "\\u202e" in shown


async def test_two_roots_and_questions_limited_to_one(project: Path, tmp_path: Path, env):
    other = tmp_path / "garage"
    other.mkdir()
    (other / "kettle.py").write_text('def boil_oil(litres):\n    """Boils oil for the engine."""\n')
    async with editing(project, other, env=env) as editor:
        await editor.indexed()
        reply = await editor.command("surefoot.search", {"query": "boil"})
        assert {hit["root"] for hit in reply["hits"]} == {str(project), str(other)}
        only = await editor.command("surefoot.search", {"query": "boil", "roots": [str(other)]})
        assert {hit["root"] for hit in only["hits"]} == {str(other)}
        status = await editor.command("surefoot.status")
        assert [root["root"] for root in status["roots"]] == [str(project), str(other)]


async def test_the_commands_and_their_json(editor: Editor, project: Path):
    asked = await editor.command("surefoot.ask", {"question": "how is water boiled?", "token": "q"})
    assert asked["mode"] == "extractive"
    assert editor.answers[0]["event"] == "evidence"
    assert {answer["token"] for answer in editor.answers} == {"q"}
    listed = await editor.command("surefoot.trace", {"limit": 1})
    assert listed["traces"][0]["trace_id"] == asked["trace_id"]
    assert (await editor.command("surefoot.trace", {"id": asked["trace_id"]}))["stages"]
    report = await editor.command("surefoot.reindex")
    assert (report["files"], report["indexed"], report["unchanged"]) == (3, 0, 3)
    place = {"line": 3, "character": 6}
    document = {"uri": (project / "kitchen/kettle.py").as_uri()}
    explained = await editor.command("surefoot.explain", {"textDocument": document, "position": place})
    assert any("boil_water" in citation["symbol"] for citation in explained["citations"])


async def test_workspace_symbols_are_found_by_parts_of_their_names(editor: Editor, project: Path):
    params = types.WorkspaceSymbolParams(query="boilwat")
    symbols = await editor.client.workspace_symbol_async(params)
    assert (symbols[0].name, symbols[0].location.uri) == (
        "boil_water", (project / "kitchen/kettle.py").as_uri(),
    )  # fmt: skip
    assert symbols[0].location.range.start == types.Position(3, 0)


async def test_something_that_is_not_there_is_not_answered(editor: Editor):
    reply = await cited(editor, "how is the Redis cache invalidated?")
    assert reply["abstained"] or any("redis" in missing.lower() for missing in reply["missing"])


async def test_an_empty_folder_and_a_question_before_anything_is_indexed(tmp_path: Path, env):
    empty = tmp_path / "empty"
    empty.mkdir()
    async with editing(empty, env=env) as editor:
        assert (await editor.command("surefoot.search", {"query": "anything"}))["hits"] == []
        with pytest.raises(JsonRpcException) as caught:
            await editor.command("surefoot.ask", {"question": " "})
        assert "\n" not in caught.value.message


async def test_the_index_is_there_for_the_next_session(project: Path, env):
    for wanted in (3, 0):
        async with editing(project, env=env) as editor:
            await editor.indexed()
            listed = await editor.command("surefoot.search", {"query": "boil_water"})
            assert listed["hits"]
            assert (await editor.command("surefoot.status"))["files"] == 3
            assert (await editor.command("surefoot.reindex"))["indexed"] == 0, wanted


# --- with a model ----------------------------------------------------------------------------------------------


def tiny_model(folder: Path) -> Path:
    """A real model file that writes nonsense for as long as it is let."""
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is an extra; without a compiler it is not there.")
    return write_tiny_gguf(folder / "tiny.gguf")


@pytest.fixture
async def model_editor(project: Path, tmp_path: Path, env: dict[str, str]) -> AsyncIterator[Editor]:
    model = tiny_model(tmp_path)
    async with editing(project, env={**env, "SUREFOOT_MODEL": str(model)}) as editor:
        await editor.indexed()
        yield editor


def children(process: int) -> set[int]:
    """All descendants of a process."""
    direct: set[int] = set()
    for task in Path(f"/proc/{process}/task").iterdir():
        direct |= {int(pid) for pid in (task / "children").read_text().split()}
    return direct.union(*(children(pid) for pid in direct))


QUESTION = {"question": "how is water boiled in the kettle?", "token": "t"}


async def begin(editor: Editor, msg_id: str) -> asyncio.Future:
    """Ask, and wait for the evidence: from then on the model is at work."""
    editor.answers.clear()
    params = types.ExecuteCommandParams("surefoot.ask", [QUESTION])
    sent = editor.client.protocol.send_request_async("workspace/executeCommand", params, msg_id=msg_id)
    request = asyncio.ensure_future(sent)
    async with asyncio.timeout(PATIENCE):
        while not editor.answers and not request.done():
            await asyncio.sleep(0.005)
    return request


async def test_a_cancelled_question_stops_the_model_and_the_next_is_answered(model_editor: Editor):
    for turn in range(3):
        request = await begin(model_editor, f"ask-{turn}")
        model_editor.client.cancel_request(types.CancelParams(id=f"ask-{turn}"))
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wait_for(request, PATIENCE)
        assert caught.value.code == -32800
    assert (await cited(model_editor, "how is water boiled?"))["citations"]


@pytest.mark.skipif(sys.platform != "linux", reason="finds the model's process in /proc")
async def test_the_model_killed_in_mid_answer_costs_one_sentence(model_editor: Editor):
    await (await begin(model_editor, "warm-up"))
    before = children(model_editor.client._server.pid)
    assert before
    request = await begin(model_editor, "doomed")
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    outcome = (await asyncio.gather(asyncio.wait_for(request, PATIENCE), return_exceptions=True))[0]
    if isinstance(outcome, JsonRpcException):
        assert "\n" not in outcome.message
    assert (await cited(model_editor, "how is water boiled?"))["citations"]
    again = await begin(model_editor, "again")
    assert await asyncio.wait_for(again, PATIENCE)


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
async def test_leaving_takes_the_models_process_along(project: Path, tmp_path: Path, env):
    model = tiny_model(tmp_path)
    async with editing(project, env={**env, "SUREFOOT_MODEL": str(model)}) as editor:
        await editor.indexed()
        await (await begin(editor, "q"))
        processes = children(editor.client._server.pid)
    assert processes
    async with asyncio.timeout(PATIENCE):
        while any(Path(f"/proc/{pid}").exists() for pid in processes):
            await asyncio.sleep(0.05)


async def test_a_wrong_answer_becomes_a_case_of_the_golden_set(project: Path, env):
    async with editing(project, env=env) as editor:
        await editor.indexed()
        answer = await editor.command("surefoot.ask", QUESTION)
        place = {"path": str(project / "kettle.py"), "start_line": 1, "end_line": 2}
        report = {"trace_id": answer["trace_id"], "places": [place], "note": "the kettle itself"}
        reply = await editor.command("surefoot.reportAnswer", report)
        assert reply == {"case_id": f"trace-{answer['trace_id']}", "file": str(project / ".surefoot" / "cases.jsonl")}
        (case,) = load_cases([Path(reply["file"])])
        assert (case.question, case.places[0].path, case.note) == (
            QUESTION["question"],
            "kettle.py",
            "the kettle itself",
        )
        for wrong in (report, {"trace_id": "nope"}, {**report, "places": [{**place, "path": "/etc/passwd"}]}):
            with pytest.raises(JsonRpcException) as caught:
                await editor.command("surefoot.reportAnswer", wrong)
            assert caught.value.code == -32803
        assert (await cited(editor, "how is water boiled?"))["citations"]
