"""What becomes of a finished trace: masked, saved, exported, however the program ends."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from secret_samples import made
from surefoot.config import Settings
from surefoot.errors import StoreError
from surefoot.recorder import Recorder, without_secrets
from surefoot.store.traces import TraceStore
from surefoot.trace import Trace


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TraceStore]:
    opened = TraceStore.open(tmp_path / "traces.db")
    yield opened
    opened.close()


def trace(question: str = "where?", **details: object) -> Trace:
    made_up = Trace("search", question, client="cli")
    with made_up.stage("rerank") as stage:
        stage.details.update(details)
    made_up.outcome = "1 hit"
    return made_up


def recorder(store: TraceStore, notices: list[str], **settings: object) -> Recorder:
    return Recorder(Settings(**settings), lambda: store, notices.append, lambda: "1.0")  # type: ignore[arg-type]


def test_a_trace_that_was_taken_can_be_read_after_draining(store: TraceStore) -> None:
    keeping = recorder(store, [])
    for number in range(30):
        keeping.take(trace(f"question {number}"))
    keeping.drain()
    assert len(store.list(99)) == 30
    keeping.close()


def test_no_secret_reaches_the_database(tmp_path: Path) -> None:
    key, parts = made("AKIA{16A}")
    password, more = made("hunter{10b}7x")
    store, notices = TraceStore.open(tmp_path / "traces.db"), list[str]()
    keeping = recorder(store, notices)
    asked = trace(f"what is {key}?", text=f"password = '{password}'", words=[{"text": key}])
    asked.request = {"text": asked.question, "k": 3}
    asked.versions = {"model_wanted": "http://me:a8kQ0zzR1@localhost/v1"}
    asked.outcome = f"QueryError: {key} is unknown"
    keeping.take(asked)
    keeping.close()
    kept = store.get(asked.trace_id)
    store.close()
    assert kept.question == kept.request["text"] == "what is AKIA…(masked)?"
    assert kept.versions == {"model_wanted": "http://me:…(masked)@localhost/v1"}
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert kept.trace_id.encode() in everything
    assert not [part for part in (*parts, *more, "a8kQ0zzR1") if part.encode() in everything]


def test_a_trace_without_secrets_is_not_copied() -> None:
    asked = trace(place="a.py:1-2")
    assert without_secrets(asked) is asked


def test_two_recorders_of_two_threads_lose_nothing(store: TraceStore) -> None:
    notices: list[str] = []
    both = [recorder(store, notices), recorder(store, notices)]
    threads = [threading.Thread(target=lambda r=r: [r.take(trace()) for _ in range(40)]) for r in both for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in both:
        each.close()
    assert (len(store.list(999)), notices) == (160, [])


def test_a_question_that_ends_after_closing_is_kept_all_the_same(store: TraceStore) -> None:
    keeping = recorder(store, [])
    keeping.take(trace("before"))
    keeping.close()
    keeping.take(trace("after"))
    assert [row.question for row in store.list(9)] == ["after", "before"]
    keeping.close()


def test_it_wakes_up_again_after_a_rest(store: TraceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surefoot.recorder.REST_SECONDS", 0.0)
    keeping = recorder(store, [])
    for number in range(3):
        keeping.take(trace(f"question {number}"))
        until = time.monotonic() + 20
        while len(store.list(9)) <= number and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.1)
    assert len(store.list(9)) == 3
    keeping.close()


def test_a_store_that_cannot_be_opened_costs_a_notice_and_not_the_answer() -> None:
    def fails() -> TraceStore:
        raise StoreError("The disk is full.")

    notices: list[str] = []
    keeping = Recorder(Settings(), fails, notices.append, lambda: "1.0")
    assert keeping.take(trace()) == ""
    keeping.close()
    assert notices == ["This question was not traced: The disk is full."]


def test_a_store_that_fails_while_saving_costs_a_notice(store: TraceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*traces: Trace) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr(store, "save", fails)
    notices: list[str] = []
    keeping = recorder(store, notices)
    keeping.take(trace())
    keeping.drain()
    monkeypatch.undo()
    keeping.take(trace())
    keeping.close()
    assert (len(store.list(9)), notices) == (1, ["This question was not traced: odd"])


def test_old_traces_and_too_many_are_dropped(store: TraceStore) -> None:
    keeping = recorder(store, [], trace_days=2, trace_keep=3)
    for age in (10.0, 3.0, 1.0, 0.0, 0.0, 0.0):
        asked = trace(f"{age} days ago")
        asked.started_at = time.time() - age * 86_400
        keeping.take(asked)
    keeping.close()
    assert [row.question for row in store.list(9)] == ["0.0 days ago"] * 3


def test_lines_are_exported_masked_and_after_saving(store: TraceStore, tmp_path: Path) -> None:
    notices: list[str] = []
    out = tmp_path / "spans.jsonl"
    keeping = recorder(store, notices, trace_export=str(out), trace_export_contents=True)
    key, parts = made("ghp_{36b}")
    keeping.take(trace(f"who uses {key}?"))
    keeping.close()
    assert notices == []
    assert len(out.read_text().splitlines()) == 1
    assert "ghp_…(masked)" in json.dumps(json.loads(out.read_text()), ensure_ascii=False)
    assert parts[0] not in out.read_text()


PROGRAM = """
import sys
from pathlib import Path
from surefoot.config import Settings
from surefoot.recorder import Recorder
from surefoot.store.traces import TraceStore
from surefoot.trace import Trace
store = TraceStore.open(Path(sys.argv[1]))
recorder = Recorder(Settings(), lambda: store, print, lambda: "1.0")
recorder.take(Trace("search", "the last question"))
{ending}
"""


@pytest.mark.parametrize("ending", ["", "raise SystemExit(0)", "raise RuntimeError('odd')"])
def test_a_program_that_ends_without_closing_has_saved(tmp_path: Path, ending: str) -> None:
    location = tmp_path / "traces.db"
    subprocess.run(
        [sys.executable, "-c", PROGRAM.format(ending=ending), str(location)],
        check=False,
        capture_output=True,
        timeout=60,
    )
    store = TraceStore.open(location)
    assert [row.question for row in store.list(9)] == ["the last question"]
    store.close()
