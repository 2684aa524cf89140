"""One conversation over stdio: cancelling, progress, faults, folders, the end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import mcp_types as types
import pytest

from mcp_session import FAKE_SERVER, HANDSHAKE, PATIENCE, REAL_SERVER, Wire, asking, environment, text_of, wire

BOTH_ERAS = pytest.mark.parametrize("mode", ["legacy", "auto"])


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal"
    path.touch()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    path.mkdir()
    return path


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def fake(tmp_path: Path, journal: Path, *folders: Path, **options):
    env = {"SUREFOOT_TEST_JOURNAL": str(journal), **options.pop("env", {})}
    names = [str(folder) for folder in folders]
    return asking(tmp_path / "cache", *names, command=FAKE_SERVER, env=env, **options)


@BOTH_ERAS
async def test_a_cancelled_call_stops_the_engine_and_the_server_answers_on(
    tmp_path: Path, journal: Path, folder: Path, mode: str
) -> None:
    async with fake(tmp_path, journal, folder, mode=mode) as client:
        heard: list[str] = []

        async def told(_progress: float, _total: float | None, message: str | None) -> None:
            heard.append(message or "")

        with anyio.move_on_after(PATIENCE):
            async with anyio.create_task_group() as group:
                group.start_soon(lambda: client.call_tool("ask_codebase", {"question": "slow"}, progress_callback=told))
                while len(heard) < 3:
                    await asyncio.sleep(0.02)
                group.cancel_scope.cancel()
        await asyncio.to_thread(until, lambda: "stopped" in journal.read_text())
        after = await client.call_tool("ask_codebase", {"question": "quick"})
        assert not after.is_error


def test_after_the_cancel_nothing_comes_for_that_request(tmp_path: Path, journal: Path, folder: Path) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    with wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env) as client:
        asked = {"name": "ask_codebase", "arguments": {"question": "slow"}, "_meta": {"progressToken": "p"}}
        number = client.post("tools/call", asked)
        line = json.loads(client.lines.get(timeout=PATIENCE))
        assert line["method"] == "notifications/progress"
        client.notify("notifications/cancelled", {"requestId": number})
        until(lambda: "stopped" in journal.read_text())
        client.notifications.clear()
        while not client.lines.empty():  # what was on its way
            client.lines.get()
        assert "result" in client.call("ask_codebase", {"question": "quick"})
        assert client.notifications == []


async def test_progress_tells_that_the_model_is_busy(tmp_path: Path, journal: Path, folder: Path) -> None:
    heard: list[str] = []

    async def told(_progress: float, _total: float | None, message: str | None) -> None:
        heard.append(message or "")

    async with fake(tmp_path, journal, folder) as client:
        await client.call_tool("ask_codebase", {"question": "busy"}, progress_callback=told)
    assert heard[-3:] == ["The model is busy.", "The language model is free.", "Claim checked: A sentence."]


async def test_progress_tells_indexing_evidence_and_claims_in_order(
    tmp_path: Path, journal: Path, folder: Path
) -> None:
    heard: list[tuple[float, str]] = []

    async def told(progress: float, _total: float | None, message: str | None) -> None:
        heard.append((progress, message or ""))

    async with fake(tmp_path, journal, folder, env={"SUREFOOT_TEST_REFRESH": "0.7"}) as client:
        await client.call_tool("ask_codebase", {"question": "quick"}, progress_callback=told)
    numbers, messages = zip(*heard, strict=True)
    assert list(numbers) == sorted(set(numbers))
    assert messages[0].startswith("Indexing: ")
    assert messages[-2:] == ("Evidence: 0 places found.", "Claim checked: A sentence.")


@BOTH_ERAS
async def test_faults_and_refusals_are_tool_errors_of_one_sentence(
    tmp_path: Path, journal: Path, folder: Path, mode: str
) -> None:
    async with fake(tmp_path, journal, folder, mode=mode) as client:
        boom = await client.call_tool("ask_codebase", {"question": "boom"})
        refused = await client.call_tool("ask_codebase", {"question": "refuse"})
        after = await client.call_tool("ask_codebase", {"question": "quick"})
    assert boom.is_error
    assert "ZeroDivisionError" in text_of(boom)
    assert "Traceback" not in text_of(boom)
    assert "\n" not in text_of(boom)
    assert refused.is_error
    assert text_of(refused) == "The question is refused."
    assert not after.is_error


async def test_nothing_but_the_protocol_is_on_stdout(tmp_path: Path, journal: Path, folder: Path) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    with wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env) as client:
        assert "result" in client.call("ask_codebase", {"question": "print"})
        assert all(note.get("jsonrpc") == "2.0" for note in client.notifications)
    said = "".join(client.errors)
    assert "stray print" in said
    assert "stray write" in said
    assert "child" in said


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b'{"jsonrpc":"2.0","id":5}',
        b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
        b"[" * 100_000,
        b'{"jsonrpc":"2.0","method":"notifications/unknown","params":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody"}}',
    ],
    ids=range(10),
)
def test_a_line_that_is_no_message_costs_only_itself(tmp_path: Path, journal: Path, folder: Path, line: bytes) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    with wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env) as client:
        client.send(line)
        assert "result" in client.call("ask_codebase", {"question": "quick"})
    assert "Traceback" not in "".join(client.errors)


def test_half_a_character_in_a_question_is_answered(tmp_path: Path, journal: Path, folder: Path) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    with wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env) as client:
        reply = client.call("ask_codebase", {"question": "cut \ud83d short"})
    assert reply["result"]["structuredContent"]["question"] == "cut ? short"


def test_what_was_never_a_tool_is_told_with_those_that_are(tmp_path: Path, journal: Path, folder: Path) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    with wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env) as client:
        error = client.call("rm_rf", {})["error"]
    assert error["code"] == types.INVALID_PARAMS
    assert error["message"].startswith("There is no tool 'rm_rf'; there are search_code, ")


# --- folders -----------------------------------------------------------------------------------------------------


def offering(*folders: Path):
    async def roots(_context: object) -> types.ListRootsResult:
        return types.ListRootsResult(roots=[types.Root(uri=folder.as_uri()) for folder in folders])

    return roots


@BOTH_ERAS
async def test_the_clients_folders_are_asked_for(tmp_path: Path, journal: Path, folder: Path, mode: str) -> None:
    other = tmp_path / "other ä"
    other.mkdir()
    options = {"list_roots_callback": offering(folder, other), "cwd": tmp_path, "mode": mode}
    async with fake(tmp_path, journal, **options) as client:
        reply = await client.call_tool("ask_codebase", {"question": "quick"})
    assert not reply.is_error, text_of(reply)
    assert journal.read_text().startswith(f"open {[str(folder), str(other)]}")


@BOTH_ERAS
async def test_named_folders_go_before_the_clients(tmp_path: Path, journal: Path, folder: Path, mode: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with fake(tmp_path, journal, folder, list_roots_callback=offering(other), mode=mode) as client:
        await client.call_tool("ask_codebase", {"question": "quick"})
    assert journal.read_text().startswith(f"open {[str(folder)]}")


@BOTH_ERAS
async def test_a_client_without_folders_gets_the_current_one(
    tmp_path: Path, journal: Path, folder: Path, mode: str
) -> None:
    async with fake(tmp_path, journal, cwd=folder, mode=mode) as client:
        await client.call_tool("ask_codebase", {"question": "quick"})
    assert journal.read_text().startswith(f"open {[str(folder)]}")


@BOTH_ERAS
async def test_a_client_with_no_folder_open_is_told_so_and_nothing_is_indexed(
    tmp_path: Path, journal: Path, folder: Path, mode: str
) -> None:
    async with fake(tmp_path, journal, cwd=folder, list_roots_callback=offering(), mode=mode) as client:
        reply = await client.call_tool("ask_codebase", {"question": "quick"})
    assert reply.is_error
    assert text_of(reply).startswith("The client has no folder open")
    assert "open [" not in journal.read_text()


@pytest.mark.parametrize("place", ["/", "home"])
async def test_neither_the_disk_nor_the_home_folder_is_taken_for_a_project(
    tmp_path: Path, journal: Path, folder: Path, place: str
) -> None:
    cwd = Path("/") if place == "/" else folder
    async with fake(tmp_path, journal, cwd=cwd, env={"HOME": str(folder)}) as client:
        reply = await client.call_tool("search_code", {"query": "anything"})
    assert reply.is_error
    assert "as a whole; start Surefoot with --root DIR." in text_of(reply)
    assert "open [" not in journal.read_text()


async def test_folders_that_change_are_followed(tmp_path: Path, journal: Path, folder: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    offered = [folder]

    async def roots(_context: object) -> types.ListRootsResult:
        return types.ListRootsResult(roots=[types.Root(uri=path.as_uri()) for path in offered])

    async with fake(tmp_path, journal, list_roots_callback=roots, mode="legacy") as client:
        await client.call_tool("ask_codebase", {"question": "quick"})
        offered[:] = [other]
        await client.session.send_notification(types.RootsListChangedNotification())
        await asyncio.to_thread(until, lambda: f"roots {[str(other)]}" in journal.read_text())


def test_a_client_that_never_tells_its_folders_is_not_waited_for_for_ever(
    tmp_path: Path, journal: Path, folder: Path
) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    client = Wire(tmp_path / "cache", command=FAKE_SERVER, env=env, cwd=folder)
    try:
        client.begin(roots={"listChanged": True})
        assert "result" in client.call("ask_codebase", {"question": "quick"})
        assert [note["method"] for note in client.notifications if "id" in note] == ["roots/list"]
    finally:
        client.close()
    assert journal.read_text().startswith(f"open {[str(folder)]}")


# --- the end -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [{"model": "m" * 100_000}, {"model": "\u202e" * 100_000}])
def test_an_error_does_not_send_back_what_was_sent(tmp_path: Path, folder: Path, arguments: dict[str, str]) -> None:
    with wire(tmp_path / "cache", "--root", str(folder)) as client:
        reply = client.call("ask_codebase", {"question": "where is it", **arguments})
    assert reply["result"]["isError"]
    assert "There is no model" in reply["result"]["content"][0]["text"]
    assert len(reply["result"]["content"][0]["text"]) < 7_000


def test_the_server_leaves_with_its_client(tmp_path: Path, journal: Path, folder: Path) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    client = Wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env)
    client.begin()
    client.call("ask_codebase", {"question": "quick"})
    meta = {"progressToken": 1}
    client.post("tools/call", {"name": "ask_codebase", "arguments": {"question": "slow"}, "_meta": meta})
    assert b"notifications/progress" in client.lines.get(timeout=PATIENCE)
    assert client.close() == 0
    assert "stopped" in journal.read_text()
    assert "close" in journal.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_leaves_in_order_when_it_is_told_to(
    tmp_path: Path, journal: Path, folder: Path, number: signal.Signals
) -> None:
    env = {"SUREFOOT_TEST_JOURNAL": str(journal)}
    client = Wire(tmp_path / "cache", str(folder), command=FAKE_SERVER, env=env)
    client.begin()
    client.call("ask_codebase", {"question": "quick"})
    client.process.send_signal(number)
    client.process.wait(timeout=PATIENCE)  # while its client still listens: else the end of the input may come first
    assert client.close() == 128 + number
    assert "close" in journal.read_text()
    assert "Traceback" not in "".join(client.errors)


def test_the_server_leaves_when_nobody_listens_any_more(tmp_path: Path, journal: Path, folder: Path) -> None:
    """Somebody else may hold the other end of its input open, and then it would stay for ever."""
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*FAKE_SERVER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(tmp_path / "cache", SUREFOOT_TEST_JOURNAL=str(journal)),
    )
    os.close(writer)
    os.close(reader)
    assert process.stdin is not None
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HANDSHAKE}
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()
    assert process.wait(timeout=PATIENCE) == 0
    process.stdin.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_client_that_is_gone_before_it_says_anything(tmp_path: Path) -> None:
    client = Wire(tmp_path / "cache", "--root", str(tmp_path), command=REAL_SERVER)
    assert client.close() == 0
    assert client.errors == []


def test_initialize_is_answered_before_the_engine_is_imported(tmp_path: Path, folder: Path) -> None:
    """With an engine that takes for ever to import, the client still gets its answer."""
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "sitecustomize.py").write_text(
        "import sys, time\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in {'surefoot.engine', 'numpy', 'apsw', 'surefoot.wire'}:\n"
        "            time.sleep(3600)\n"
        "sys.meta_path.insert(0, Slow())\n"
    )
    client = Wire(tmp_path / "cache", "--root", str(folder), env={"PYTHONPATH": str(slow)})
    try:
        reply = client.request("initialize", HANDSHAKE)
        assert reply["result"]["serverInfo"]["name"] == "surefoot"
        assert "verify_citations" in reply["result"]["instructions"]
    finally:
        client.process.kill()
        client.close()
