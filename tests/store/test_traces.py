"""Traces of earlier questions."""

import sys
import threading
from pathlib import Path

import apsw
import pytest

from surefoot.domain import Percentiles, TraceFilter
from surefoot.errors import QueryError, TraceNotFoundError
from surefoot.store.traces import STEPS, TraceStore
from surefoot.trace import Stage, Trace
from surefoot.wire import metrics_reply


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


# --- which traces ----------------------------------------------------------------------------------------------


ENDED = {
    "3 hits": "answered",
    "llm, 1 claim": "answered",
    "extractive, 2 claims": "answered",
    "": "answered",
    "no match": "abstained",
    "abstained": "abstained",
    "StoreError: The index is gone.": "failed",
    "ZeroDivisionError: \ud800": "failed",
    "Cancelled: Cancelled.": "cancelled",
    "KeyboardInterrupt: ": "cancelled",
    "SystemExit: 1": "cancelled",  # whoever read the output has gone
}


def asked(number: int, **more: object) -> Trace:
    values = {"kind": "ask", "question": f"question {number}", "started_at": float(number)} | more
    return Trace(trace_id=f"id{number:04}", **values)  # type: ignore[arg-type]


def listed(traces: TraceStore, limit: int = 99, **wanted: str) -> list[str]:
    return [row.trace_id for row in traces.list(limit, TraceFilter(**wanted))]


def test_client_request_and_versions_come_back(traces: TraceStore) -> None:
    request, versions = {"text": "\ud83d", "paths": ["a/**"], "k": 5}, {"surefoot": "1", "settings": {"k": None}}
    traces.save(asked(1, client="mcp", request=request, versions=versions))
    kept = traces.get("id0001")
    assert (kept.client, kept.request, kept.versions) == ("mcp", request, versions)
    assert (traces.list(1)[0].client, traces.list(1)[0].roots) == ("mcp", ())
    assert (traces.prune(0), traces.list(1)) == (1, [])
    traces.save(asked(1))
    assert traces.get("id0001").request == {}


def test_each_is_listed_with_the_folders_that_it_was_asked_of(traces: TraceStore) -> None:
    traces.save(asked(1))
    traces.save(asked(2, request={"roots": [], "workspace": ["/shop", "/till"]}))
    traces.save(asked(3, request={"roots": ["/till"], "workspace": ["/shop", "/till"]}))
    assert [row.roots for row in traces.list(9)] == [(Path("/till"),), (Path("/shop"), Path("/till")), ()]


def test_filters_by_kind_client_and_ending(traces: TraceStore) -> None:
    for number, outcome in enumerate(ENDED):
        traces.save(
            asked(number, outcome=outcome, kind=("ask", "search")[number % 2], client=("cli", "mcp")[number >= 5])
        )
    for ending in set(ENDED.values()):
        wanted = [f"id{number:04}" for number, outcome in enumerate(ENDED) if ENDED[outcome] == ending]
        assert listed(traces, outcome=ending) == wanted[::-1]
    assert listed(traces, kind="search", client="mcp") == ["id0009", "id0007", "id0005"]
    assert listed(traces, 1, kind="search", client="mcp") == ["id0009"]
    assert listed(traces, client="' OR 1 --") == []
    with pytest.raises(QueryError, match="no outcome 'broken'; there are answered"):
        listed(traces, outcome="broken")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("CART", True), ("%", True), ("100%", True), ("_art", False), ("[2J", True), ("c\x1b[", True), ("'", True),
     ("\ud83d", False), ("zzz", False), ("\0", False)],
)  # fmt: skip
def test_filters_by_words_of_the_question(traces: TraceStore, text: str, is_found: bool) -> None:
    traces.save(asked(1, question="Is the cart's limit 100% of c\x1b[2J?"))
    assert bool(listed(traces, text=text)) == is_found


def test_a_question_that_is_not_unicode_is_filtered_too(traces: TraceStore) -> None:
    traces.save(asked(1, question="half \ud83d of a Cart"))
    assert listed(traces, text="cart") == listed(traces, text="\ud83d of") == ["id0001"]
    assert listed(traces, text="\ud83e") == []


def test_pages_follow_one_another_also_where_traces_are_of_one_moment(traces: TraceStore) -> None:
    for number in range(10):
        traces.save(asked(number, started_at=float(number // 4)))
    pages, last = list[str](), ""
    while page := listed(traces, 3, before=last):
        pages += page
        last = page[-1]
    assert pages == [f"id{number:04}" for number in reversed(range(10))]
    with pytest.raises(TraceNotFoundError):
        listed(traces, before="nosuch")


# --- what they come to -----------------------------------------------------------------------------------------


NOW = 1_800_000_000.0


def timed(number: int, milliseconds: float, **more: object) -> Trace:
    trace = asked(number, **({"started_at": NOW - number} | more))
    trace.stages.append(Stage("resolve", 0.0, milliseconds))
    return trace


def test_percentiles_are_times_that_were_taken(traces: TraceStore) -> None:
    for number in range(1, 101):
        traces.save(timed(number, float(number)))
    metrics = traces.metrics(1, NOW)
    assert (metrics.stages["resolve"], metrics.all.whole) == (Percentiles(100, 50.0, 95.0),) * 2
    assert traces.metrics(1 / 86_400 * 10, NOW).all.questions == 10


def test_nothing_asked_comes_to_nothing(traces: TraceStore) -> None:
    metrics = traces.metrics(30, NOW)
    assert (metrics.all.questions, metrics.stages, metrics.by_day) == (0, {}, ())
    assert (metrics.abstention_rate, metrics.withheld_rate, metrics.questions_per_day) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("days", [0, -1, float("nan"), float("inf"), 1e300])
def test_a_number_of_days_that_makes_no_sense_is_refused(traces: TraceStore, days: float) -> None:
    with pytest.raises(QueryError, match="Figures are for the last days"):
        traces.metrics(days)


def test_rates_failures_and_drift(traces: TraceStore) -> None:
    answered = timed(1, 5.0, outcome="llm, 2 claims", client="editor")
    for verdict in ("supported", "supported", "names what is not there"):
        answered.stages.append(Stage("verify", 5.0, 1.0, details={"verdict": verdict}))
    answered.stages[-2].details["struck"] = [{"text": " and more", "reason": "names what is not there"}]
    answered.stages.append(Stage("freshen", 1.0, 1.0, details={"stale": ["a.py", "b.py"]}))
    answered.stages.append(Stage("freshen", 2.0, 1.0, details={"stale": ["a.py"]}))
    recovered = timed(2, 5.0, outcome="extractive, 1 claim", client="editor")
    recovered.stages.append(Stage("generate", 1.0, 1.0, details={"error": "WorkerDiedError: gone"}))
    failed = timed(3, 5.0, outcome="StoreError: The disk is full.", client="cli", kind="search")
    error = {"error": "StoreError: The disk is full."}
    failed.stages += [Stage("generate", 1.0, 1.0, details=error), Stage("verify", 1.0, 1.0, details=error)]
    early = timed(4, 5.0, outcome="QueryError: no such language", client="cli")
    cancelled = timed(5, 5.0, outcome="Cancelled: Cancelled.", client="cli")
    cancelled.stages.append(Stage("lexical", 1.0, 1.0, details={"error": "Cancelled: Cancelled."}))
    traces.save(answered, recovered, failed, early, cancelled, timed(6, 5.0, outcome="abstained"))
    traces.save(timed(7, 999.0, kind="replay", outcome="abstained"))
    metrics = traces.metrics(30, NOW)
    assert (metrics.all.questions, metrics.all.abstained, metrics.all.failed) == (6, 1, 2)
    assert metrics.failures == {"generate": 1, "verify": 1, "": 1}
    assert (metrics.all.claims, metrics.all.partly, metrics.all.withheld) == (2, 1, 1)
    assert metrics.withheld_rate == pytest.approx(1 / 3)
    assert metrics.abstention_rate == pytest.approx(1 / 4)
    assert (metrics.all.freshened, metrics.questions_with_drift) == (2, 1)
    assert [(tally.name, tally.questions) for tally in metrics.by_client] == [("", 1), ("cli", 3), ("editor", 2)]
    assert [(tally.name, tally.questions) for tally in metrics.by_kind] == [("ask", 5), ("search", 1)]
    assert list(metrics.stages) == ["resolve", "lexical", "freshen", "generate", "verify"]
    metrics_reply(metrics).to_json()


def test_days_are_told_apart(traces: TraceStore) -> None:
    for number in range(4):
        traces.save(timed(number, 1.0, started_at=NOW - number * 43_200))
    days = traces.metrics(30, NOW).by_day
    assert [day.name for day in days] == sorted({day.name for day in days})
    assert sum(day.questions for day in days) == 4
    assert len(days) in (2, 3)


def test_odd_rows_cost_themselves_and_not_the_figures(traces: TraceStore, location: Path) -> None:
    for number in range(5):
        traces.save(timed(number, 7.0))
    with apsw.Connection(str(location)) as connection:
        odd = ("not json", "[]", '{"resolve": "slow", "fuse": NaN, "rerank": 1e999}', "null")
        for number, timings in enumerate(odd):
            connection.execute(
                "UPDATE traces SET timings = ?, failed_stages = ? WHERE trace_id = ?",
                (timings, timings, f"id{number:04}"),
            )
        connection.execute("UPDATE traces SET started_at = 1e300, claims = 'many' WHERE trace_id = 'id0003'")
        connection.execute("UPDATE stages SET details = ?, counts = '[1]'", ("{" * 100_000,))
    connection.close()
    metrics = traces.metrics(30, NOW)
    assert (metrics.all.questions, metrics.stages) == (4, {"resolve": Percentiles(1, 7.0, 7.0)})
    assert (traces.get("id0000").stages[0].details, traces.get("id0000").stages[0].counts) == ({}, {})


def test_an_older_file_is_brought_up_to_date_with_all_that_it_has(location: Path) -> None:
    location.parent.mkdir()
    with apsw.Connection(str(location)) as connection:
        connection.execute(STEPS[0])
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO traces VALUES (1, 'old', 'ask', 'where?', ?, 9.0, 'abstained')", (NOW - 5,))
        stages = [("resolve", 2.0), ("cite", 3.0), ("cite", 4.0)]
        for position, (name, milliseconds) in enumerate(stages):
            connection.execute(
                "INSERT INTO stages VALUES ('old', ?, ?, 0.0, ?, '{}', '{}')", (position, name, milliseconds)
            )
    connection.close()
    store = TraceStore.open(location)
    store.save(asked(1, started_at=NOW))
    assert [row.trace_id for row in store.list(9)] == ["id0001", "old"]
    assert (store.get("old").client, store.get("old").request) == ("", {})
    metrics = store.metrics(1, NOW)
    assert {name: times.p50 for name, times in metrics.stages.items()} == {"resolve": 2.0, "cite": 7.0}
    assert (metrics.all.questions, metrics.all.abstained, store.notices) == (2, 1, ())
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are granted in another way there")
@pytest.mark.parametrize("is_older", [False, True])
def test_the_files_are_their_owners_alone(location: Path, is_older: bool) -> None:
    """Somebody else on the machine reads neither the questions nor the code, also where the file is of before."""
    if is_older:
        location.parent.mkdir(mode=0o755)
        with apsw.Connection(str(location)) as connection:
            connection.execute(STEPS[0])
            connection.execute("PRAGMA user_version = 1")
        connection.close()
        location.chmod(0o644)
    store = TraceStore.open(location)
    store.save(asked(1, started_at=NOW))
    names = [
        path.name for path in location.parent.iterdir() if path.name.startswith("traces.db") and path.stat().st_size
    ]
    assert {"traces.db", "traces.db-wal"} <= set(names)
    assert {(location.parent / name).stat().st_mode & 0o077 for name in names} == {0}
    if not is_older:
        assert location.parent.stat().st_mode & 0o077 == 0
    store.close()


def pages(location: Path) -> tuple[int, int]:
    """The size of the file, and how much of it is free, in bytes."""
    with apsw.Connection(str(location)) as connection:
        size, count, free = (int(connection.pragma(name)) for name in ("page_size", "page_count", "freelist_count"))
    connection.close()
    return size * count, size * free


def large(trace_id: str, started_at: float, characters: int = 100_000) -> Trace:
    made = Trace("ask", "where?", trace_id, started_at)
    with made.stage("budget") as stage:
        stage.details["text"] = trace_id * (characters // len(trace_id))
    return made


def test_old_traces_are_dropped_however_few_there_are(traces: TraceStore) -> None:
    for number in range(6):
        traces.save(trace(f"id{number}", started_at=number))
    assert traces.prune(99, since=4.0) == 4
    assert [summary.trace_id for summary in traces.list(9)] == ["id5", "id4"]


def test_a_database_that_is_too_large_loses_its_oldest_traces_and_shrinks(traces: TraceStore, location: Path) -> None:
    for number in range(60):
        traces.save(large(f"id{number:02}", started_at=number))
    before, _ = pages(location)
    assert traces.prune(99, most_bytes=before) == 0
    gone = traces.prune(99, most_bytes=before // 2)
    assert 28 < gone < 45
    assert [summary.trace_id for summary in traces.list(99)] == [f"id{n:02}" for n in range(59, gone - 1, -1)]
    after, free = pages(location)
    assert after < before * 0.6
    assert free < after * 0.25
    assert location.stat().st_size < before * 0.6
    assert traces.get("id59").stages[0].details["text"].startswith("id59id59")


def test_the_newest_trace_is_kept_however_small_the_limit(traces: TraceStore) -> None:
    for number in range(3):
        traces.save(large(f"id{number}", started_at=number))
    traces.prune(99, most_bytes=1)
    assert [summary.trace_id for summary in traces.list(9)] == ["id2"]


def test_several_are_saved_at_once_or_none(traces: TraceStore) -> None:
    traces.save(trace("a"), trace("b"), trace("c"))
    assert len(traces.list(9)) == 3
    broken = trace("e")
    broken.started_at = None  # type: ignore[assignment]
    with pytest.raises(Exception, match="NOT NULL"):
        traces.save(trace("d"), broken)
    assert len(traces.list(9)) == 3


def test_long_details_are_cut_and_say_so(traces: TraceStore) -> None:
    made = Trace("ask", "where?", "long")
    with made.stage("budget") as stage:
        stage.details["items"] = [{"place": f"a.py:{n}", "text": "x" * 3_000} for n in range(500)]
        stage.details["note"] = "kept"
    with made.stage("prompt") as stage:
        stage.details["user"] = "\udc80" * 300_000
    with made.stage("focus") as stage:
        stage.details["hits"] = ["a.py:1-2"]
    traces.save(made)
    budget, prompt, focus = (stage.details for stage in traces.get("long").stages)
    assert budget["note"] == "kept"
    assert 0 < len(budget["items"]) < 500
    assert budget["items"][0]["place"] == "a.py:0"
    assert f"items: {len(budget['items']):,} of 500 entries kept" in budget["cut"]
    assert prompt["cut"] == [f"user: {len(prompt['user']):,} of 300,000 characters kept"]
    assert focus == {"hits": ["a.py:1-2"]}


@pytest.mark.parametrize("stages", [8, 300])
def test_a_trace_of_many_long_stages_is_cut_as_a_whole(traces: TraceStore, location: Path, stages: int) -> None:
    made = Trace("ask", "where?", "many")
    for number in range(stages):
        with made.stage("verify") as stage:
            stage.details["claim"] = "y" * 120_000
            stage.details["citations"] = [{"place": f"a.py:{number}"}]
    traces.save(made)
    with apsw.Connection(str(location)) as connection:
        kept = connection.execute("SELECT sum(length(details)) FROM stages").get
    connection.close()
    assert kept <= 512 * 1024
    found = traces.get("many").stages
    assert len(found) == stages
    assert all(stage.details["cut"] and stage.details["citations"] for stage in found)


def test_details_that_are_one_huge_table_leave_a_sentence(traces: TraceStore) -> None:
    made = Trace("ask", "where?", "table")
    with made.stage("odd") as stage:
        stage.details.update({f"name{number}" * 20: "value" * 20 for number in range(3_000)})
    traces.save(made)
    (stage,) = traces.get("table").stages
    assert stage.details == {"cut": [next(iter(stage.details["cut"]))]}
    assert "more than a trace keeps" in stage.details["cut"][0]
