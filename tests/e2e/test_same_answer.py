"""One question, one answer: the command line, the language server, the dashboard and MCP give the same object."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import SHOP, write_tree
from dashboard import serving
from lsp.stdio_session import editing
from surefoot import wire

PATIENCE = 60.0
QUESTIONS = (
    "What does rate_for return for an unknown country?",
    "How do I open a session, and when does it expire?",
    "Where are parcels over ten kilograms sent, and how is the Redis cache invalidated?",
    "frobnicate the quux",
)
OF_ONE_ASKING = {"trace_id", "stages"}  # another id and other timings each time

Answer = dict[str, Any]
Ask = Callable[[Path, dict[str, str]], Awaitable[list[Answer]]]


async def over_the_command_line(root: Path, env: dict[str, str]) -> list[Answer]:
    def ask(question: str) -> Answer:
        command = [sys.executable, "-m", "surefoot", "ask", "--json", "--root", str(root), "--", question]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=PATIENCE)
        return json.loads(done.stdout)

    return [await asyncio.to_thread(ask, question) for question in QUESTIONS]


async def over_the_language_server(root: Path, env: dict[str, str]) -> list[Answer]:
    async with editing(root, env=env) as editor:
        await editor.indexed()
        return [await editor.command("surefoot.ask", {"question": question}) for question in QUESTIONS]


async def over_the_dashboard(root: Path, env: dict[str, str]) -> list[Answer]:
    def all_answers() -> list[Answer]:
        with serving.running([*serving.REAL, str(root)], env) as server, server.client() as client:
            return [_last_event(client, question) for question in QUESTIONS]

    return await asyncio.to_thread(all_answers)


def _last_event(client: httpx.Client, question: str) -> Answer:
    name, answer = serving.events(client.post("/api/ask", json={"question": question}).text)[-1]
    assert name == "answer", answer
    return answer


async def over_mcp(root: Path, env: dict[str, str]) -> list[Answer]:
    mcp_session = pytest.importorskip("mcp_session")
    async with mcp_session.asking(Path(env["SUREFOOT_CACHE_DIR"]), "--root", str(root)) as client:
        answers = []
        for question in QUESTIONS:
            result = await client.call_tool("ask_codebase", {"question": question, "detail": "full"})
            assert not result.is_error, result
            answers.append(result.structured_content)
    return answers


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_tree(tmp_path / "project", SHOP)
    return tmp_path / "project"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return serving.environment(tmp_path / "cache")


@pytest.fixture
async def expected(root: Path, env: dict[str, str]) -> list[Answer]:
    return await over_the_command_line(root, env)


def comparable(answer: Answer) -> Answer:
    kept = {name: value for name, value in answer.items() if name not in OF_ONE_ASKING}
    drift = {name: value for name, value in answer["index"]["drift"].items() if name != "measured_at"}
    return {**kept, "index": {**answer["index"], "drift": drift}}


@pytest.mark.parametrize("ask", [over_the_language_server, over_the_dashboard, over_mcp])
async def test_every_front_end_gives_the_same_answer(ask: Ask, root, env, expected) -> None:
    answers = await ask(root, env)
    for question, answer, wanted in zip(QUESTIONS, answers, expected, strict=True):
        assert comparable(answer) == comparable(wanted), question
        assert answer["stages"].keys() == wanted["stages"].keys()
        wire.AskReply.model_validate({name: answer[name] for name in wanted})
    assert {answer["abstained"] for answer in answers} == {True, False}, "the questions are to test both"
    assert any(answer["missing"] for answer in answers)
