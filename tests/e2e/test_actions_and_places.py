"""What an editor shows beside its text, with the real server on real files: actions, lenses, links and rechecks."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from e2e.test_editor_session import KETTLE, TEA, env, project  # noqa: F401 - fixtures
from lsp.stdio_session import CAPABILITIES, PATIENCE, REAL_SERVER, Editor, editing, identifier, plain

TESTED = "from kitchen.kettle import boil_water\n\n\ndef test_two_litres():\n    assert boil_water(2) == 160\n"
ON = {"code_lens": True}


@pytest.fixture
async def editor(project: Path, env: dict[str, str]) -> AsyncIterator[Editor]:  # noqa: F811
    (project / "test_kettle.py").write_text(TESTED)
    for number in range(6):
        (project / f"test_{number}.py").write_text(f"def test_tested_{number}():\n    assert {number}\n")
    async with editing(project, env=env) as editor:
        await editor.indexed()
        yield editor


# --- conversations and sources ---------------------------------------------------------------------------------


async def test_it_is_what_was_cited_before(editor: Editor):
    before = await editor.command("surefoot.ask", {"question": "how is water boiled in the kettle?"})
    alone = await editor.command("surefoot.ask", {"question": "where is it tested?"})
    after = await editor.command("surefoot.ask", {"question": "where is it tested?", "after": before["trace_id"]})
    assert "test_kettle.py" not in [citation["path"] for citation in alone["citations"]]
    assert "test_kettle.py" in [citation["path"] for citation in after["citations"]]
    assert after["question"] == "where is it tested?"
    trace = await editor.command("surefoot.trace", {"id": after["trace_id"]})
    assert trace["question"] == "where is it tested?"
    assert trace["stages"][0]["details"]["added"] == ["boil_water"]
    unknown = await editor.command("surefoot.ask", {"question": "where is it tested?", "after": "nosuchtrace"})
    assert any("is not kept" in notice for notice in unknown["notices"])


async def test_only_documentation_or_only_code(editor: Editor):
    for source, suffix in (("docs", ".md"), ("code", ".py"), (["docs"], ".md")):
        reply = await editor.command("surefoot.search", {"query": "how is tea brewed", "source": source})
        assert {Path(hit["path"]).suffix for hit in reply["hits"]} == {suffix}
    with pytest.raises(JsonRpcException) as caught:
        await editor.command("surefoot.search", {"query": "tea", "source": "wikis"})
    assert caught.value.message == "There is no source 'wikis'; there are code, docs, tickets, commits, designs."


async def test_a_hit_says_why(editor: Editor):
    reply = await editor.command("surefoot.search", {"query": "boil_water"})
    assert reply["hits"][0]["why"][0] == "named in the question"
    assert all(hit["why"] for hit in reply["hits"])


# --- actions and lenses ----------------------------------------------------------------------------------------


async def actions(editor: Editor, path: Path, line: int, character: int, **context: Any) -> list[types.Command]:
    place = types.Position(line, character)
    params = types.CodeActionParams(
        identifier(path), types.Range(place, place), types.CodeActionContext(diagnostics=[], **context)
    )
    found = await asyncio.wait_for(editor.client.text_document_code_action_async(params), PATIENCE)
    return list(found or [])


async def test_the_symbol_under_the_cursor_can_be_explained(editor: Editor, project: Path):  # noqa: F811
    tea = project / "kitchen" / "tea.py"
    editor.open(tea)
    line = TEA.split("\n")[4]
    column = line.index("boil_water") + 1  # the cup before it takes two units of UTF-16
    (action,) = await actions(editor, tea, 4, column)
    assert (action.title, action.command) == ("Explain `boil_water`", "surefoot.explain")
    explained = await editor.command(action.command, *plain(action.arguments))
    assert explained["citations"][0]["symbol"] == "boil_water"
    assert [each.title for each in await actions(editor, tea, 4, column + 9)] == [action.title]
    assert await actions(editor, tea, 1, 0) == []
    assert await actions(editor, tea, 4, column, only=[types.CodeActionKind.QuickFix]) == []
    assert await actions(editor, tea, 4, column, trigger_kind=types.CodeActionTriggerKind.Automatic) == []
    assert await actions(editor, tea, 4, column, trigger_kind=types.CodeActionTriggerKind.Invoked) == [action]
    assert await actions(editor, Path("/nowhere/else.py"), 0, 0) == []


async def lenses(editor: Editor, path: Path) -> list[types.CodeLens]:
    params = types.CodeLensParams(identifier(path))
    found = await asyncio.wait_for(editor.client.text_document_code_lens_async(params), PATIENCE)
    return list(found or [])


def under(lens: types.CodeLens, text: str) -> str:
    start, end = lens.range.start, lens.range.end
    assert start.line == end.line
    return text.split("\n")[start.line][start.character : end.character]


async def test_lenses_are_off_until_they_are_switched_on_and_then_refreshed(project: Path, env):  # noqa: F811
    kettle = project / "kitchen" / "kettle.py"
    refreshing = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    workspace = types.WorkspaceClientCapabilities(code_lens=refreshing)
    async with editing(project, env=env, capabilities=types.ClientCapabilities(workspace=workspace)) as editor:
        refreshed = asyncio.Event()
        editor.client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(lambda _params: refreshed.set())
        editor.open(kettle)
        await editor.indexed()
        assert await lenses(editor, kettle) == []
        for settings, names in ((ON, ["boil_water", "descale"]), ({}, [])):
            refreshed.clear()
            changed = types.DidChangeConfigurationParams(settings={"surefoot": settings})
            editor.client.workspace_did_change_configuration(changed)
            await asyncio.wait_for(refreshed.wait(), PATIENCE)
            assert [under(lens, KETTLE) for lens in await lenses(editor, kettle)] == names


async def test_a_lens_explains_the_definition_below_it(project: Path, env):  # noqa: F811
    kettle = project / "kitchen" / "kettle.py"
    async with editing(project, env=env, initialization_options=ON) as editor:
        await editor.indexed()
        editor.open(kettle)
        first = (await lenses(editor, kettle))[0]
        assert first.command.title == "Explain"
        explained = await editor.command(first.command.command, *plain(first.command.arguments))
        assert explained["citations"][0]["symbol"] == "boil_water"
        assert await lenses(editor, project / "README.md") == []


async def test_lenses_follow_the_unsaved_buffer_or_are_left_out(project: Path, env):  # noqa: F811
    kettle = project / "kitchen" / "kettle.py"
    async with editing(project, env=env, initialization_options=ON) as editor:
        await editor.indexed()
        editor.open(kettle)
        for text, names in (
            ("# one\n# 🦶\n" + KETTLE, ["boil_water", "descale"]),
            (KETTLE.replace("def descale", "def rinse"), ["boil_water"]),
            ("x = 'def boil_water'\n", []),
            ("", []),
        ):
            editor.replace(kettle, text)
            shown = [under(lens, text) for lens in await lenses(editor, kettle)]
            assert shown == names


# --- places ----------------------------------------------------------------------------------------------------


def rechecking(citation: dict[str, Any]) -> dict[str, Any]:
    return {name: citation[name] for name in ("root", "path", "start_line", "end_line", "symbol", "text")}


async def test_a_citation_is_rechecked_when_it_is_clicked(editor: Editor, project: Path):  # noqa: F811
    kettle = project / "kitchen" / "kettle.py"
    reply = await editor.command("surefoot.ask", {"question": "what does descale do?"})
    citation = next(c for c in reply["citations"] if c["symbol"] == "descale")
    start, end = citation["start_line"], citation["end_line"]
    assert citation["text"] == "\n".join(KETTLE.split("\n")[start - 1 : end])
    where = {"start_line": start, "end_line": end}
    assert await editor.command("surefoot.recheck", rechecking(citation)) == {"verdict": "valid", **where}
    editor.open(kettle, "# one\n" + KETTLE)
    moved = {"verdict": "moved", "start_line": start + 1, "end_line": end + 1}
    assert await editor.command("surefoot.recheck", rechecking(citation)) == moved
    editor.replace(kettle, KETTLE.replace("    return kettle\n", "    return None\n"))
    assert (await editor.command("surefoot.recheck", rechecking(citation)))["verdict"] == "changed"
    editor.replace(kettle, "")
    assert await editor.command("surefoot.recheck", rechecking(citation)) == {"verdict": "missing", **where}
    for wrong in ({**rechecking(citation), "root": "/nowhere"}, {**rechecking(citation), "start_line": 0}):
        with pytest.raises(JsonRpcException) as caught:
            await editor.command("surefoot.recheck", wrong)
        assert "\n" not in caught.value.message


async def test_permalinks_of_a_pushed_project(editor: Editor, project: Path, tmp_path: Path):  # noqa: F811
    kettle = {"path": str(project / "kitchen/kettle.py"), "start_line": 4, "end_line": 6}
    assert await editor.command("surefoot.permalinks", {"places": [kettle]}) == {"links": [""]}

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        done = subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")], check=True)
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("remote", "add", "origin", str(tmp_path / "remote.git"))
    git("push", "-q", "origin", "main")
    git("remote", "set-url", "origin", "git@github.com:owner/kitchen.git")
    uri = {**kettle, "path": (project / "kitchen/kettle.py").as_uri()}
    link = f"https://github.com/owner/kitchen/blob/{git('rev-parse', 'HEAD')}/kitchen/kettle.py#L4-L6"
    reply = await editor.command("surefoot.permalinks", {"places": [kettle, uri, {**kettle, "path": "/etc/passwd"}]})
    assert reply == {"links": [link, link, ""]}
    assert await editor.command("surefoot.permalinks", {"places": []}) == {"links": []}


async def test_the_text_of_a_file_and_of_a_commit_that_is_none(editor: Editor, project: Path):  # noqa: F811
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "add", "."], cwd=project, check=True)
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, "commit", "-q", "-m", "Boil water"], cwd=project, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, check=True, capture_output=True, text=True)
    asked = {"root": str(project), "path": f"commit:{head.stdout.strip()}"}
    commit = await editor.command("surefoot.source", asked)
    assert commit["text"].startswith(f"commit {head.stdout[:10]}: Boil water\nDate: ")
    assert "A kitchen/kettle.py" in commit["text"]
    assert commit["lines"] == [1] * (commit["text"].count("\n") + 1)
    kettle = await editor.command("surefoot.source", {**asked, "path": "kitchen/kettle.py"})
    assert (kettle["text"], kettle["lines"]) == ((project / "kitchen/kettle.py").read_text(), [])
    for wrong in (f"commit:{'0' * 40}", "commit:HEAD", "../secret", ".git/config"):
        with pytest.raises(JsonRpcException) as caught:
            await editor.command("surefoot.source", {**asked, "path": wrong})
        assert "\n" not in caught.value.message


async def test_skipped_files_are_listed_where_details_are_asked_for(editor: Editor, project: Path):  # noqa: F811
    (project / "logo.py").write_bytes(b"\0\1\2" * 100)
    await editor.command("surefoot.reindex")
    (plain_root,) = (await editor.command("surefoot.status"))["roots"]
    assert plain_root["skipped_files"] == []
    (root,) = (await editor.command("surefoot.status", {"details": True}))["roots"]
    assert root["skipped_files"] == [{"path": "logo.py", "reason": "binary"}]
    assert root["skipped"] == {"binary": 1}


async def test_the_flag_that_editors_append_is_accepted(project: Path, env):  # noqa: F811
    async with editing(project, command=(*REAL_SERVER, "--stdio"), env=env, capabilities=CAPABILITIES) as editor:
        await editor.indexed()
        assert (await editor.command("surefoot.status"))["files"] == 3
