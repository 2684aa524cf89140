"""Warnings in documents that are open: when they come, what they say, what mends them, and when they go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from lsp.stdio_session import PATIENCE, Editor, editing, environment, identifier
from surefoot.domain import CheckedMention, CitedKind, Verdict
from surefoot.lsp import convert
from surefoot.lsp.features.document_drift import diagnostic, quick_fixes

GUIDE = "# Guide\n\n\U0001f600 See [the cart](cart.py) and [more](#nowhere).\n"


class Warned:
    """An editor that is told of documents."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor

    @property
    def told(self) -> dict[str, Any]:
        return self.editor.client.diagnostics

    async def until(self, path: Path, count: int) -> list[types.Diagnostic]:
        """What was told last of a document, once that are so many warnings."""
        async with asyncio.timeout(PATIENCE):
            while path.as_uri() not in self.told or len(self.told[path.as_uri()]) != count:
                await asyncio.sleep(0.02)
        return list(self.told[path.as_uri()])

    async def actions(self, path: Path, found: list[types.Diagnostic], *only: Any) -> list[Any]:
        context = types.CodeActionContext(diagnostics=found, only=list(only) or None)
        params = types.CodeActionParams(identifier(path), found[0].range, context)
        request = self.editor.client.text_document_code_action_async(params)
        return list(await asyncio.wait_for(request, PATIENCE) or [])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "src/cart.py").write_text("class Cart:\n    pass\n")
    (root / "guide.md").write_text(GUIDE)
    return root


@pytest.fixture
async def warned(project: Path, tmp_path: Path) -> AsyncIterator[Warned]:
    async with editing(project, env=environment(tmp_path / "cache")) as editor:
        yield Warned(editor)


async def test_a_document_is_warned_of_mended_and_cleared(warned: Warned, project: Path) -> None:
    guide = project / "guide.md"
    warned.editor.open(guide)
    cart, nowhere = await warned.until(guide, 2)
    assert (cart.severity, cart.source, cart.code) == (types.DiagnosticSeverity.Warning, "surefoot", "document-drift")
    assert cart.message == "There is no file cart.py; src/cart.py has that name."
    begin = GUIDE.split("\n")[2].index("cart.py") + 1  # the face counts twice
    assert cart.range == types.Range(types.Position(2, begin), types.Position(2, begin + 7))
    assert nowhere.message == "No heading is called #nowhere."

    (fix,) = await warned.actions(guide, [cart, nowhere], types.CodeActionKind.QuickFix)
    assert (fix.title, fix.kind, fix.is_preferred) == ("Change to src/cart.py", "quickfix", True)
    ((edit,),) = fix.edit.changes.values()
    assert (edit.range, edit.new_text) == (cart.range, "src/cart.py")

    warned.editor.change(guide, types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text))
    (left,) = await warned.until(guide, 1)
    assert left.message == nowhere.message
    assert await warned.actions(guide, [cart], types.CodeActionKind.QuickFix) == []  # it says something else now

    warned.editor.close(guide)
    await warned.until(guide, 0)


async def test_a_warning_goes_when_the_file_comes(warned: Warned, project: Path) -> None:
    guide = project / "guide.md"
    warned.editor.open(guide)
    await warned.until(guide, 2)
    new = project / "cart.py"
    new.write_text("class Cart:\n    pass\n")
    created = types.DidChangeWatchedFilesParams([types.FileEvent(new.as_uri(), types.FileChangeType.Created)])
    warned.editor.client.workspace_did_change_watched_files(created)
    await warned.until(guide, 1)


async def test_the_setting_turns_it_off_and_on(warned: Warned, project: Path) -> None:
    guide = project / "guide.md"
    warned.editor.open(guide)
    await warned.until(guide, 2)
    for is_on, count in ((False, 0), (True, 2)):
        params = types.DidChangeConfigurationParams(settings={"surefoot": {"document_drift": is_on}})
        warned.editor.client.workspace_did_change_configuration(params)
        await warned.until(guide, count)


async def test_documents_outside_of_the_project_are_left_alone(warned: Warned, project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(GUIDE)
    warned.editor.open(outside)
    warned.editor.open(project / "guide.md")
    await warned.until(project / "guide.md", 2)
    assert outside.as_uri() not in warned.told


MENTION = CheckedMention("a.py", 5, 9, CitedKind.PATH, Verdict.MOVED, correction="b.py", reason="It moved.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_a_fix_is_offered_only_for_what_still_stands_there(encoding: str) -> None:
    text = "\U0001f600\n\n: a.py"
    found = diagnostic(MENTION, text, encoding)
    assert convert.text_in(text, found.range, encoding) == "a.py"
    (fix,) = quick_fixes("file:///x.md", [found], text, encoding)
    assert fix.title == "Change to b.py"
    assert quick_fixes("file:///x.md", [found], text.replace("a.py", "c.py"), encoding) == []


@pytest.mark.parametrize("data", [None, 5, "x", [], {}, {"text": "a.py"}, {"text": 1, "correction": 2}])
def test_what_a_client_made_up_is_no_fix(data: object) -> None:
    found = diagnostic(MENTION, "123: a.py", "utf-16")
    found.data = data
    assert quick_fixes("file:///x.md", [found], "123: a.py", "utf-16") == []
