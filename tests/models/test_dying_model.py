"""A real model process that comes to grief under a question: the answer comes from the index, with one sentence."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("llama_cpp")

from surefoot.domain import Answer, AnswerMode, Query
from surefoot.engine import Engine
from surefoot.models import llama
from tiny_gguf import write_tiny_gguf

QUESTION = "what is the tax rate_for a country"
Open = Callable[..., Engine]


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    return write_tiny_gguf(tmp_path / "tiny.gguf")


def asked(engine: Engine, model_file: Path) -> Answer:
    engine.refresh()
    return engine.ask(Query(QUESTION), model=str(model_file))


def assert_answered_from_the_index(answer: Answer, engine: Engine, sentence: str) -> None:
    alone = engine.ask(Query(QUESTION), model="none")
    assert answer.mode is AnswerMode.EXTRACTIVE
    assert answer.claims == alone.claims
    assert answer.citations == alone.citations
    (told,) = set(answer.notices) - set(alone.notices)
    assert sentence in told
    assert told.endswith("The answer is drawn from the index alone.")


def test_killed_in_mid_answer(shop: Path, open_engine: Open, model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send = llama.WorkerProcess.send

    def killing(process: llama.WorkerProcess, message: dict[str, object]) -> None:
        send(process, message)
        if message["op"] == "generate":
            os.kill(process.pid, signal.SIGKILL)

    monkeypatch.setattr(llama.WorkerProcess, "send", killing)
    engine = open_engine(shop, model_threads=1)
    assert_answered_from_the_index(asked(engine, model_file), engine, "ended in mid-answer (signal SIGKILL)")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_out_of_memory(shop: Path, open_engine: Open, model_file: Path) -> None:
    engine = open_engine(shop, model_threads=1, model_memory=30_000_000)
    assert_answered_from_the_index(asked(engine, model_file), engine, "Not enough memory for the model")


def test_truncated_between_two_questions(shop: Path, open_engine: Open, model_file: Path) -> None:
    engine = open_engine(shop, model_threads=1)
    asked(engine, model_file)
    engine._generators[str(model_file)].close()  # type: ignore[union-attr]
    with model_file.open("r+b") as file:
        file.truncate(100_000)
    assert_answered_from_the_index(asked(engine, model_file), engine, "is truncated or damaged; delete it")
