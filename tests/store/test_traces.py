"""Traces of earlier questions."""

import threading
from pathlib import Path

import apsw
import pytest

from surefoot.errors import TraceNotFoundError
from surefoot.store.traces import TraceStore
from surefoot.trace import Trace


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return tmp_path / "index" / "traces.db"


@pytest.fixture
def traces(location: Path):  # type: ignore[no-untyped-def]
    store = TraceStore.open(location)
    yield store
    store.close()


def trace(trace_id: str, started_at: float = 1.0, question: str = "where?") -> Trace:
    made = Trace("ask", question, trace_id, started_at)
    with made.stage("resolve") as stage:
        stage.counts["mentions"] = 2
        stage.details["words"] = ["a", "ü", {"deep": None}]
    with made.stage("generate"):
        pass
    made.outcome = "3 claims"
    return made


def test_a_trace_comes_back_whole(traces: TraceStore) -> None:
    saved = trace("abc123")
    traces.save(saved)
    loaded = traces.get("abc123")
    assert (loaded.kind, loaded.question, loaded.trace_id) == ("ask", "where?", "abc123")
    assert (loaded.started_at, loaded.outcome, loaded.stages) == (1.0, "3 claims", saved.stages)
    assert loaded.milliseconds == saved.milliseconds


def test_details_that_json_does_not_know_are_shown_as_text(traces: TraceStore) -> None:
    odd = Trace("search", "half \ud83d", "odd")
    with odd.stage("resolve") as stage:
        stage.details["path"] = Path("a/b")
        stage.details["text"] = "\udc80"
    traces.save(odd)
    assert traces.get("odd").stages[0].details == {"path": "a/b", "text": "\udc80"}
    assert traces.get("odd").question == "half \ud83d"


def test_the_newest_come_first(traces: TraceStore) -> None:
    for number in range(5):
        traces.save(trace(f"id{number}", started_at=number))
    assert [summary.trace_id for summary in traces.list(3)] == ["id4", "id3", "id2"]
    assert traces.list(1)[0].outcome == "3 claims"
    assert traces.list(0) == []


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one(traces: TraceStore) -> None:
    for trace_id in ("abc1", "abc2", "abc", "x%_y"):
        traces.save(trace(trace_id))
    assert traces.get("abc").trace_id == "abc"
    assert traces.get("x").trace_id == "x%_y"
    with pytest.raises(TraceNotFoundError, match="Several"):
        traces.get("ab")
    for unknown in ("", "%", "abc3", "\ud800"):
        with pytest.raises(TraceNotFoundError, match="No trace"):
            traces.get(unknown)


def test_saving_again_replaces(traces: TraceStore) -> None:
    traces.save(trace("a", question="first"))
    traces.save(trace("a", question="second"))
    assert [summary.question for summary in traces.list(9)] == ["second"]
    assert len(traces.get("a").stages) == 2


def test_pruning_drops_the_oldest_with_their_stages(traces: TraceStore, location: Path) -> None:
    for number in range(6):
        traces.save(trace(f"id{number}", started_at=number))
    assert traces.prune(4) == 2
    assert traces.prune(4) == 0
    assert [summary.trace_id for summary in traces.list(9)] == ["id5", "id4", "id3", "id2"]
    with apsw.Connection(str(location)) as connection:
        assert connection.execute("SELECT count(*) FROM stages").get == 8
    connection.close()


def test_threads_save_at_once(traces: TraceStore) -> None:
    threads = [threading.Thread(target=traces.save, args=(trace(f"t{n}"),)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(traces.list(99)) == 12


def test_damaged_traces_are_moved_aside(location: Path) -> None:
    location.parent.mkdir()
    location.write_bytes(b"nonsense" * 2000)
    store = TraceStore.open(location)
    assert "damaged" in store.notices[0]
    store.save(trace("a"))
    store.close()
    assert location.with_name("traces.db.damaged-1").exists()


def test_two_stores_share_the_file(traces: TraceStore, location: Path) -> None:
    other = TraceStore.open(location)
    other.save(trace("theirs"))
    assert traces.get("theirs").question == "where?"
    other.close()
