"""Changes on disk reach the index whatever the client can do: by its own events, or by looking."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

from live.live_session import branches, git
from lsp.stdio_session import CAPABILITIES, PATIENCE, Editor, editing, environment


def able_to_register(capabilities: types.ClientCapabilities) -> types.ClientCapabilities:
    """The same client, which can be asked to watch files."""
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching, configuration=True)
    return types.ClientCapabilities(
        text_document=capabilities.text_document, window=capabilities.window, workspace=workspace
    )


async def files_found(editor: Editor, query: str) -> list[str]:
    """What the index names, without a look at each file on disk."""
    found = await editor.command("surefoot.search", {"query": query, "k": 5})
    return [hit["path"] for hit in found["hits"]]


async def counted(editor: Editor, files: int) -> None:
    """Wait until the index holds so many files, by its own count, and lacks none."""
    async with asyncio.timeout(PATIENCE):
        while True:
            status = await editor.command("surefoot.status")
            if (status["files"], status["unindexed_files"], status["drifted_chunks"]) == (files, 0, 0):
                return
            await asyncio.sleep(0.05)


async def test_a_client_that_cannot_watch_needs_not_to(tmp_path: Path) -> None:
    """Such as Vim and older ones: files that another program writes are followed all the same."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("def first(): pass\n")
    async with editing(root, env=environment(tmp_path / "cache")) as editor:
        await counted(editor, 1)
        (root / "b.py").write_text("def written_by_another_program(): pass\n")
        await counted(editor, 2)
        (root / "a.py").unlink()
        await counted(editor, 1)
        assert (await files_found(editor, "written_by_another_program"))[0] == "b.py"


async def test_a_switch_is_followed_though_the_client_that_watches_says_nothing(tmp_path: Path) -> None:
    """Some leave out what git does, or tell it late; that HEAD has moved is seen here."""
    root = branches(tmp_path / "root", 30)
    asked: list[types.RegistrationParams] = []
    async with editing(
        root, env=environment(tmp_path / "cache"), capabilities=able_to_register(CAPABILITIES)
    ) as editor:

        @editor.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            asked.append(params)

        await counted(editor, 30)
        git(root, "switch", "-q", "other")
        await counted(editor, 30)
        async with asyncio.timeout(PATIENCE):
            while (await files_found(editor, "other_7"))[:1] != ["pkg/m7.py"]:
                await asyncio.sleep(0.05)
        (root / "unsaid.py").write_text("def unsaid(): pass\n")
        await asyncio.sleep(1.5)
        status = await editor.command("surefoot.status")
        assert status["unindexed_files"] == 1, "what the client watches is not watched twice"


async def test_a_client_that_refuses_to_watch_after_all_needs_not_to(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("def first(): pass\n")
    async with editing(
        root, env=environment(tmp_path / "cache"), capabilities=able_to_register(CAPABILITIES)
    ) as editor:
        # pytest-lsp's client knows no client/registerCapability of its own and answers with an error.
        await counted(editor, 1)
        (root / "b.py").write_text("def written_by_another_program(): pass\n")
        await counted(editor, 2)


async def test_a_project_file_is_taken_up_on_the_save(tmp_path: Path) -> None:
    """A client reports it as any other file; a mistake in it is shown, and no restart is needed for the rest."""
    root = tmp_path / "root"
    (root / "exports").mkdir(parents=True)
    (root / "a.py").write_text("def first(): pass\n")
    (root / "exports/7.md").write_text("---\nkey: 7\nstate: closed\n---\n# The basket is empty\n")
    async with editing(
        root, env=environment(tmp_path / "cache"), capabilities=able_to_register(CAPABILITIES)
    ) as editor:
        await counted(editor, 2)
        project = root / ".surefoot.toml"
        project.write_text('tickets = ["exports"]\nticket_patterns = ["Fault", "Fault {number}"]\n')
        event = types.FileEvent(project.as_uri(), types.FileChangeType.Created)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await counted(editor, 3)
        found = await editor.command("surefoot.search", {"query": "what is Fault 7 about?", "k": 5})
        assert [hit["path"] for hit in found["hits"]][:1] == ["exports/7.md"]
        said = [message.message for message in editor.client.messages]
        assert any("ticket_patterns: 'Fault' has to hold {number} once" in message for message in said), said
