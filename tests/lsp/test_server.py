"""The server's manners over real stdio, with an engine that misbehaves on request."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp.fake_server import JOURNAL
from lsp.stdio_session import (
    CAPABILITIES,
    FAKE_SERVER,
    PATIENCE,
    Editor,
    editing,
    environment,
    initialize,
    plain,
    started,
)  # fmt: skip

INVALID_PARAMS, INTERNAL_ERROR, REQUEST_FAILED, REQUEST_CANCELLED = -32602, -32603, -32803, -32800


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def env(tmp_path: Path, journal: Path) -> dict[str, str]:
    return environment(tmp_path / "cache", **{JOURNAL: str(journal)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    return folder


@pytest.fixture
async def editor(folder: Path, env: dict[str, str]):
    async with editing(folder, command=FAKE_SERVER, env=env) as editor:
        yield editor


async def refused(work) -> JsonRpcException:
    with pytest.raises(JsonRpcException) as caught:
        await work
    message = caught.value.message
    assert "\n" not in message
    assert "Traceback" not in message
    assert not caught.value.data
    return caught.value


async def lines(journal: Path, wanted: str) -> list[str]:
    """The journal, once it has a line that starts as `wanted` does."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = journal.read_text().splitlines() if journal.exists() else []
            if any(line.startswith(wanted) for line in found):
                return found
            await asyncio.sleep(0.01)


async def test_initialize_lists_the_commands_and_answers_before_anything_is_opened(folder, env, journal):
    async with started(FAKE_SERVER, env) as editor:
        params = types.InitializeParams(
            capabilities=CAPABILITIES, workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "p")]
        )
        editor.client.capabilities = CAPABILITIES
        result = await editor.client.initialize_async(params)
        assert set(result.capabilities.execute_command_provider.commands) == {
            f"surefoot.{name}"
            for name in (
                "ask", "search", "explain", "status", "reindex", "trace", "reportAnswer",
                "models", "pullModel", "recheck", "permalinks", "source",
            )
        }  # fmt: skip
        assert result.capabilities.hover_provider
        assert result.capabilities.workspace_symbol_provider
        assert result.capabilities.text_document_sync.change == types.TextDocumentSyncKind.Incremental
        assert result.capabilities.text_document_sync.save
        assert result.capabilities.workspace.file_operations.did_rename
        assert not journal.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_the_position_encoding_is_the_one_that_the_client_prefers(folder, env, encoding):
    general = types.GeneralClientCapabilities(position_encodings=[encoding, "utf-16"])
    async with started(FAKE_SERVER, env) as editor:
        result = await initialize(editor, folder, capabilities=types.ClientCapabilities(general=general))
        assert result.capabilities.position_encoding == encoding
        units = {"utf-8": 4, "utf-16": 2, "utf-32": 1}[encoding]
        editor.open(folder / "a.py", "🦶name\n")
        await editor.indexed()
        assert (await editor.hover(folder / "a.py", 0, units)).startswith("function name")


async def test_indexing_is_shown_as_work_done_progress(folder, env):
    async with editing(folder, command=FAKE_SERVER, env={**env, "SUREFOOT_TEST_REFRESH": "0.3"}) as editor:
        await editor.indexed()
        async with asyncio.timeout(PATIENCE):
            while not (steps := [step for run in editor.client.progress_reports.values() for step in run]) or (
                not isinstance(steps[-1], types.WorkDoneProgressEnd)
            ):
                await asyncio.sleep(0.02)
        assert isinstance(steps[0], types.WorkDoneProgressBegin)
        assert any("of 3 files" in (step.message or "") for step in steps[1:-1])


async def test_a_client_without_progress_gets_none(folder, env):
    async with editing(folder, command=FAKE_SERVER, env=env, capabilities=types.ClientCapabilities()) as editor:
        await editor.indexed()
        assert not editor.client.progress_reports


async def test_an_unknown_command_is_refused_in_one_sentence(editor: Editor):
    error = await refused(editor.command("surefoot.fly"))
    assert error.code == INVALID_PARAMS
    assert "surefoot.fly" in error.message


async def test_malformed_arguments_are_refused_in_one_sentence(editor: Editor):
    question = {"question": "x"}
    for arguments in (
        [], [{}], [[]], [None], ["x"], [{"question": 3}], [question, {}], [{**question, "k": 3}],
        [{**question, "roots": "/"}], [{**question, "token": 3}],
    ):  # fmt: skip
        error = await refused(editor.command("surefoot.ask", *arguments))
        assert error.code == INVALID_PARAMS
        assert "surefoot.ask" in error.message


async def test_a_fault_in_one_feature_is_logged_and_the_server_lives_on(editor: Editor):
    error = await refused(editor.command("surefoot.ask", {"question": "boom"}))
    assert error.code == INTERNAL_ERROR
    assert "ZeroDivisionError" in error.message
    await refused(editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(query="x")))
    assert (await editor.command("surefoot.ask", {"question": "fine"}))["question"] == "fine"
    logged = "\n".join(message.message for message in editor.client.log_messages)
    assert "Traceback" in logged
    assert "inner detail" in logged


async def test_what_surefoot_refuses_is_its_own_sentence(editor: Editor):
    error = await refused(editor.command("surefoot.ask", {"question": "refuse"}))
    assert (error.code, error.message) == (REQUEST_FAILED, "The question is refused.")
    error = await refused(editor.command("surefoot.trace", {"id": "nope"}))
    assert error.message == "There is no trace 'nope'."
    assert not editor.client.log_messages, "a refusal is a reply, and no fault for the log"


async def test_stray_output_does_not_reach_the_protocol(editor: Editor):
    for _ in range(3):
        assert (await editor.command("surefoot.ask", {"question": "print"}))["mode"] == "extractive"


async def test_an_answer_is_streamed_under_its_token_before_the_reply(editor: Editor):
    await editor.command("surefoot.ask", {"question": "fine", "token": "t-1"})
    assert editor.answers == [{"token": "t-1", "event": "evidence", "hits": []}]
    await editor.command("surefoot.ask", {"question": "fine"})
    assert len(editor.answers) == 1


async def test_cancelling_stops_the_work_and_is_answered_once(editor: Editor, journal: Path):
    await editor.indexed()
    protocol = editor.client.protocol
    replies = []
    handle = protocol._handle_response
    protocol._handle_response = lambda msg_id, *rest: (replies.append(msg_id), handle(msg_id, *rest))
    params = types.ExecuteCommandParams("surefoot.ask", [{"question": "slow", "token": "t"}])
    sent = protocol.send_request_async("workspace/executeCommand", params, msg_id="slow-1")
    request = asyncio.ensure_future(sent)
    async with asyncio.timeout(PATIENCE):
        while len(editor.answers) < 3:
            await asyncio.sleep(0.01)
    editor.client.cancel_request(types.CancelParams(id="slow-1"))
    error = await refused(asyncio.wait_for(request, PATIENCE))
    assert error.code == REQUEST_CANCELLED
    assert "stopped" in journal.read_text(), "the reply came before the work had stopped"
    streamed = len(editor.answers)
    assert (await editor.command("surefoot.ask", {"question": "fine"}))["question"] == "fine"
    assert len(editor.answers) == streamed
    assert replies.count("slow-1") == 1


async def test_questions_in_flight_do_not_hold_up_hovers(editor: Editor, folder: Path):
    await editor.indexed()
    editor.open(folder / "a.py", "name\n")
    params = types.ExecuteCommandParams("surefoot.ask", [{"question": "slow"}])
    for number in range(6):  # more than there are threads for questions
        editor.client.protocol.send_request("workspace/executeCommand", params, msg_id=f"q{number}")
    assert "name" in await editor.hover(folder / "a.py", 0, 0)


async def test_without_a_folder_commands_say_so(env):
    async with editing(command=FAKE_SERVER, env=env) as editor:
        error = await refused(editor.command("surefoot.ask", {"question": "fine"}))
        assert error.message.startswith("No folder is open")
        editor.open(Path("/tmp/x.py"), "name\n")
        assert await editor.hover(Path("/tmp/x.py"), 0, 0) is None


async def test_a_question_between_initialize_and_initialized_waits_for_the_index(folder: Path, env: dict[str, str]):
    """Some editors send the first command before they have said that they are ready."""
    async with started(FAKE_SERVER, env) as editor:
        folders = [types.WorkspaceFolder(folder.as_uri(), folder.name)]
        editor.client.capabilities = CAPABILITIES  # pytest-lsp checks replies against them
        await editor.client.initialize_async(types.InitializeParams(CAPABILITIES, workspace_folders=folders))
        question = asyncio.ensure_future(editor.command("surefoot.ask", {"question": "well?"}))
        await asyncio.sleep(0.2)
        assert not question.done()
        editor.client.initialized(types.InitializedParams())
        assert (await question)["question"] == "well?"


async def test_only_answers_wait_for_the_first_indexing(folder: Path, env: dict[str, str]):
    """It takes longer here than what any other question waits for."""
    async with editing(folder, command=FAKE_SERVER, env={**env, "SUREFOOT_TEST_REFRESH": "1.0"}) as editor:
        explained = {"textDocument": {"uri": (folder / "a.py").as_uri()}, "position": {"line": 0, "character": 0}}
        answers = [
            asyncio.ensure_future(editor.command("surefoot.ask", {"question": "x"})),
            asyncio.ensure_future(editor.command("surefoot.explain", explained)),
        ]
        found = await editor.command("surefoot.search", {"query": "x"})
        assert found["query"] == "x"
        assert not any(answer.done() for answer in answers)
        for reply in await asyncio.gather(*answers):
            assert reply["index"]["indexing"] is False


async def test_a_folder_can_be_added_and_removed(env, folder, tmp_path, journal):
    other = tmp_path / "other"
    other.mkdir()

    def change(added, removed):
        event = types.WorkspaceFoldersChangeEvent(
            [types.WorkspaceFolder(path.as_uri(), path.name) for path in added],
            [types.WorkspaceFolder(path.as_uri(), path.name) for path in removed],
        )
        editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))

    async with editing(command=FAKE_SERVER, env=env) as editor:
        change([folder], [])
        await editor.indexed()
        change([other], [])
        change([], [folder])
        await lines(journal, f"roots ['{other}']")
        change([], [other])
        await lines(journal, "close")
        await refused(editor.command("surefoot.status"))


async def test_one_missing_folder_does_not_cost_the_others(env, folder, tmp_path, journal):
    async with editing(folder, tmp_path / "gone", command=FAKE_SERVER, env=env) as editor:
        await editor.indexed()
        assert f"open ['{folder}']" in journal.read_text()
        assert any("gone" in message.message for message in editor.client.messages)


async def test_a_folder_that_is_not_there_is_named_in_the_error(env, tmp_path):
    async with editing(tmp_path / "gone", command=FAKE_SERVER, env=env) as editor:
        error = await refused(editor.command("surefoot.ask", {"question": "fine"}))
        assert "gone" in error.message


async def test_settings_come_with_initialize_and_change_later(env, folder, journal):
    async with editing(folder, command=FAKE_SERVER, env=env, initialization_options={"max_file_bytes": 1111}) as editor:
        assert any(line.endswith(" 1111") for line in await lines(journal, "open"))
        await editor.indexed()
        changed = types.DidChangeConfigurationParams(settings={"surefoot": {"max_file_bytes": 2222}})
        editor.client.workspace_did_change_configuration(changed)
        await lines(journal, "close")
        assert any(line.endswith(" 2222") for line in await lines(journal, "open"))
        editor.client.set_configuration({"max_file_bytes": 3333}, section="surefoot")
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
        async with asyncio.timeout(PATIENCE):
            while " 3333" not in journal.read_text():
                await asyncio.sleep(0.01)


async def test_a_setting_of_the_editor_alone_does_not_open_the_engine_again(env, folder, journal):
    async with editing(folder, command=FAKE_SERVER, env=env) as editor:
        await editor.indexed()
        changed = types.DidChangeConfigurationParams(settings={"surefoot": {"code_lens": True}})
        editor.client.workspace_did_change_configuration(changed)
        async with asyncio.timeout(PATIENCE):
            while journal.read_text().count("refresh all") < 2:
                await asyncio.sleep(0.01)
        await editor.indexed()
        said = [line.split()[0] for line in journal.read_text().splitlines()]
        assert (said.count("open"), said.count("close")) == (1, 0)


@pytest.mark.parametrize("options", [{"max_file_bytes": -1}, {"colour": "blue"}, [1], "x"])
async def test_bad_settings_become_a_message(env, folder, options, journal):
    async with editing(folder, command=FAKE_SERVER, env=env, initialization_options=options) as editor:
        await editor.indexed()
        assert editor.client.messages
        assert any(line.endswith(" 1048576") for line in await lines(journal, "open"))


async def test_a_question_waits_for_the_save_before_it(editor: Editor, folder: Path, journal: Path):
    await editor.indexed()
    editor.save(folder / "a.py")
    await editor.command("surefoot.search", {"query": "x"})
    assert f"refresh ['{folder / 'a.py'}']" in journal.read_text()


async def test_changes_on_disk_are_followed_but_not_those_of_git(editor: Editor, folder: Path, journal: Path):
    await editor.indexed()
    created = types.FileChangeType.Created
    events = [types.FileEvent((folder / name).as_uri(), created) for name in (".git/index", "b.py")]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    await editor.command("surefoot.search", {"query": "x"})
    assert journal.read_text().splitlines()[-1] == f"refresh ['{folder / 'b.py'}']"


async def test_a_burst_of_changes_becomes_one_pass_over_everything(editor, folder, journal):
    await editor.indexed()
    events = [types.FileEvent((folder / f"{n}.py").as_uri(), types.FileChangeType.Created) for n in range(5000)]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
    await editor.command("surefoot.search", {"query": "x"})
    assert journal.read_text().splitlines()[-1] == "refresh all"


async def test_shutdown_closes_the_engine_and_exit_ends_the_process(folder, env, journal):
    async with editing(folder, command=FAKE_SERVER, env=env) as editor:
        await editor.indexed()
        server = editor.client._server
    assert server.returncode == 0
    assert journal.read_text().splitlines()[-1] == "close"


def raw(message: dict) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_the_end_of_the_input_ends_the_server(folder, env, journal):
    """An editor that crashed says nothing, its end of the pipe just closes; even in mid-question."""
    question = {"command": "surefoot.ask", "arguments": [{"question": "slow"}]}
    root = {"capabilities": {}, "rootUri": folder.as_uri(), "processId": None}
    said = [
        {"id": 1, "method": "initialize", "params": root},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "workspace/executeCommand", "params": question},
    ]
    done = subprocess.run(
        FAKE_SERVER, input=b"".join(map(raw, said)), env=env, capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1
    assert journal.read_text().splitlines()[-1] == "close"


def test_what_comes_before_initialize_and_what_is_not_json_does_no_harm(folder, env):
    said = [
        raw({"id": 1, "method": "textDocument/hover", "params": {}}),
        raw({"method": "textDocument/didSave", "params": {"textDocument": {"uri": "file:///x"}}}),
        b"Content-Length: 5\r\n\r\n{nope",
        raw({"id": 2, "method": "initialize", "params": {"capabilities": {}, "processId": None, "rootUri": None}}),
        raw({"id": 4, "method": "workspace/executeCommand", "params": {"arguments": 3}}),
        raw({"id": 3, "method": "shutdown"}),
    ]
    with subprocess.Popen(FAKE_SERVER, stdin=-1, stdout=-1, stderr=-1, env=env) as done:
        done.stdin.write(b"".join(said))
        done.stdin.flush()
        by_id = read_until(done.stdout, 3)  # a client waits for this before it says exit
        done.communicate(raw({"method": "exit"}))
    assert "error" in by_id[1]
    assert by_id[2]["result"]["serverInfo"]["name"] == "surefoot"
    assert by_id[4]["error"]["code"] == INVALID_PARAMS  # pygls by itself would never reply
    assert by_id[3]["result"] is None
    assert done.returncode == 0


def read_until(stdout, wanted):
    """Read whole messages, and nothing but messages, up to the reply to the request; returns all replies by id."""
    by_id = {}
    while wanted not in by_id:
        header = stdout.readline()
        assert header.startswith(b"Content-Length: ")
        assert stdout.readline().startswith(b"Content-Type: ")
        assert stdout.readline() == b"\r\n"
        message = json.loads(stdout.read(int(header.split()[1])))
        by_id[message.get("id")] = message
    return by_id


def test_only_protocol_reaches_stdout(folder, env):
    """Every byte of stdout belongs to a message, stray prints included in the conversation notwithstanding."""
    question = {"command": "surefoot.ask", "arguments": [{"question": "print"}]}
    said = [
        raw({"id": 1, "method": "initialize", "params": {"capabilities": {}, "rootUri": folder.as_uri()}}),
        raw({"method": "initialized", "params": {}}),
        raw({"id": 2, "method": "workspace/executeCommand", "params": question}),
    ]
    with subprocess.Popen(FAKE_SERVER, stdin=-1, stdout=-1, stderr=-1, env=env) as server:
        server.stdin.write(b"".join(said))
        server.stdin.flush()
        read_until(server.stdout, 2)
        server.stdin.write(raw({"id": 3, "method": "shutdown"}))
        server.stdin.flush()
        read_until(server.stdout, 3)  # a client waits for this before it says exit
        rest, errors = server.communicate(raw({"method": "exit"}))
    assert rest == b""
    assert b"stray print" in errors
    assert b"stray write" in errors
    assert b"child \n" in errors  # it read nothing from the editor's pipe


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_engine_and_ends_the_server(folder, env, journal, number):
    """Editors send one to a server that takes too long to leave; even in mid-question."""
    question = {"command": "surefoot.ask", "arguments": [{"question": "slow", "token": "t"}]}
    said = [
        raw({"id": 1, "method": "initialize", "params": {"capabilities": {}, "rootUri": folder.as_uri()}}),
        raw({"method": "initialized", "params": {}}),
        raw({"id": 2, "method": "workspace/executeCommand", "params": question}),
    ]
    with subprocess.Popen(FAKE_SERVER, stdin=-1, stdout=-1, stderr=-1, env=env) as server:
        server.stdin.write(b"".join(said))
        server.stdin.flush()
        while b"A sentence." not in server.stdout.readline():
            assert server.poll() is None
        server.send_signal(number)
        assert server.wait(PATIENCE) == 128 + number
    assert journal.read_text().splitlines()[-1] == "close"


def test_plain_turns_named_tuples_into_objects():
    assert plain([{"a": (1, 2)}]) == [{"a": [1, 2]}]


@pytest.mark.parametrize("body", [b"hello", b'{"a": [1, 2]', b"\xff\xfe{}"])
def test_a_message_that_is_not_json_is_one_line_in_the_log(body: bytes):
    message = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    done = subprocess.run(FAKE_SERVER, input=message, capture_output=True, check=False, timeout=60)
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("WARNING surefoot.lsp.faults: A message could not be handled: ")
