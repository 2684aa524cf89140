"""The JSON contract: field names as the documentation promises them, and arguments refused in one sentence."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from surefoot import wire
from surefoot.domain import (
    Answer,
    AnswerMode,
    Chunk,
    Citation,
    Claim,
    ClaimVerified,
    ClaimWithheld,
    Drift,
    Evidence,
    FailedFile,
    FileEntry,
    Hit,
    IndexReport,
    IndexState,
    Root,
    RootStatus,
    Scope,
    SearchResult,
    SkippedFile,
    SkipReason,
    Source,
    Span,
    Standing,
    Status,
    Struck,
    SymbolKind,
    TraceSummary,
    Verdict,
    WaitingForModel,
    Withheld,
)
from surefoot.errors import QueryError
from surefoot.models.catalog import CATALOG
from surefoot.retrieve.rerank import RULES
from surefoot.trace import Trace

ROOT = Root(Path("/project"), "project")
HIT = Hit(
    root=ROOT,
    chunk=Chunk(Span("a/b.py", 3, 5), Source.CODE, "python", "def f():\n    pass\n", "f", SymbolKind.FUNCTION),
    score=0.0325,
    retrievers={"lexical": 1, "symbol": 2},
    rules={"definition": 1.5},
)
CITATION = Citation(1, ROOT, Span("a/b.py", 3, 5), "f", Verdict.VALID, "def f():\n    pass")
ANSWER = Answer(
    question="where is f?",
    trace_id="abc123",
    mode=AnswerMode.EXTRACTIVE,
    model="none",
    abstained=False,
    claims=(Claim("f is defined here.", (1,), (Struck("and in g", "g is not"),)),),
    withheld=(Withheld("g is too.", "g is not in the sources"),),
    citations=(CITATION,),
    missing=("redis",),
    near_misses=("g",),
    index=IndexState(1, 2, indexing=False),
    stages={"resolve": 0.5},
    notices=("No model.",),
)


def loaded(reply: wire.Reply) -> dict:
    """Through text and back, as a caller sees it."""
    return json.loads(reply.to_json())


def test_index_has_the_promised_fields():
    report = IndexReport(9, 4, 5, 1, {"binary": 2}, (FailedFile("x.py", "Gone."),), 30, 20, 1.23456, commits=7)
    assert loaded(wire.index_reply(report)) == {
        "files": 9,
        "indexed": 4,
        "unchanged": 5,
        "removed": 1,
        "skipped": {"binary": 2},
        "failed": [{"path": "x.py", "error": "Gone."}],
        "symbols": 30,
        "chunks": 20,
        "commits": 7,
        "seconds": 1.235,
        "notices": [],
    }


def test_preview_lists_what_is_read_and_why_the_rest_is_not():
    skipped = [SkippedFile("logo.png", SkipReason.BINARY)]
    root = wire.previewed_root(ROOT, [FileEntry("a.py", 1, 1)], skipped, [])
    assert loaded(wire.PreviewReply(roots=[root])) == {
        "roots": [
            {
                "root": str(ROOT.path),
                "files": ["a.py"],
                "skipped": [{"path": "logo.png", "reason": "binary"}],
                "failed": [],
            }
        ]
    }


def test_search_has_the_promised_fields():
    result = SearchResult("f", "abc123", no_match=False, hits=(HIT,), near_misses=("g",), stages={"resolve": 0.5})
    reply = loaded(wire.search_reply(result))
    assert reply.keys() >= {"query", "trace_id", "no_match", "hits", "stages"}
    assert reply["hits"] == [
        {
            "path": "a/b.py",
            "start_line": 3,
            "end_line": 5,
            "symbol": "f",
            "kind": "function",
            "source": "code",
            "root": str(ROOT.path),
            "score": 0.0325,
            "retrievers": {"lexical": 1, "symbol": 2},
            "text": "def f():\n    pass\n",
            "language": "python",
            "rules": {"definition": 1.5},
            "why": ["words match", "part of what is named"],
            "label": "",
            "url": "",
        }
    ]


@pytest.mark.parametrize(
    ("retrievers", "rules", "why"),
    [
        ({"symbol": 1, "lexical": 2}, {"definition_of_mentioned_symbol": 1.6, "query_words_in_symbol_name": 1.8}, [
            "named in the question", "words match",
        ]),
        ({"symbol": 1, "lexical": 90}, {}, ["part of what is named"]),
        ({"lexical": 1, "place": 2}, {"query_words_in_file_name": 1.2}, [
            "place asked about", "file name matches", "words match",
        ]),
        ({"vector": 3, "lexical": 40}, {"covers_the_question": 1.3}, ["similar meaning"]),
        ({"vector": 80}, {"side_code": 0.5}, ["similar meaning"]),
        ({"lexical": 1, "vector": 1}, {"covers_the_question": 2.2}, ["most words match", "similar meaning"]),
        ({"lexical": 1}, {"query_words_in_file_name": 1.2}, ["file name matches", "words match"]),
        (
            {"lexical": 1, "vector": 1, "symbol": 1},
            {"query_words_in_symbol_name": 1.5, "covers_the_question": 2.2, "query_words_in_file_name": 1.2},
            ["name matches", "most words match", "file name matches", "similar meaning"],
        ),
    ],
)  # fmt: skip
def test_a_hit_says_why_in_words_the_best_reason_first(retrievers, rules, why):
    assert wire.reasons(replace(HIT, retrievers=retrievers, rules=rules)) == why


def test_reasons_are_short_and_few():
    phrases = [*(phrase for _, _, phrase in wire.REASONS), *wire.FOUND_BY.values()]
    assert max(map(len, phrases)) <= 25
    everything = dict.fromkeys((rule for rule, _, _ in wire.REASONS), 2.2)
    assert len(wire.reasons(replace(HIT, retrievers=dict.fromkeys(wire.FOUND_BY, 1), rules=everything))) <= 4


def test_reasons_are_given_for_rules_that_there_are():
    assert {rule for rule, _, _ in wire.REASONS} <= {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("line_id", ["q1", 7, 7.5, None])
def test_a_search_line_carries_the_callers_id_and_the_time(line_id):
    result = SearchResult("f", "abc123", no_match=True, hits=(), near_misses=(), stages={})
    reply = loaded(wire.search_line_reply(line_id, result, 12.34567))
    assert (reply["id"], reply["ms"], reply["no_match"]) == (line_id, 12.346, True)


def test_ask_has_the_promised_fields():
    reply = loaded(wire.ask_reply(ANSWER))
    assert reply == {
        "question": "where is f?",
        "trace_id": "abc123",
        "mode": "extractive",
        "model": "none",
        "abstained": False,
        "claims": [
            {"text": "f is defined here.", "citations": [1], "struck": [{"text": "and in g", "reason": "g is not"}]}
        ],
        "withheld": [{"text": "g is too.", "reason": "g is not in the sources"}],
        "citations": [
            {
                "id": 1,
                "path": "a/b.py",
                "start_line": 3,
                "end_line": 5,
                "symbol": "f",
                "verdict": "valid",
                "root": str(ROOT.path),
                "text": "def f():\n    pass",
                "source": "code",
                "label": "",
                "url": "",
            }
        ],
        "missing": ["redis"],
        "near_misses": ["g"],
        "index": {"files": 1, "chunks": 2, "indexing": False, "drift": None},
        "stages": {"resolve": 0.5},
        "notices": ["No model."],
        "sources": [],
    }


def test_each_piece_of_a_streamed_answer_says_what_it_is():
    claim = ClaimVerified(ANSWER.claims[0], (CITATION,))
    events = [Evidence((HIT,)), WaitingForModel("Busy."), claim, ClaimWithheld(ANSWER.withheld[0])]
    replies = [loaded(wire.event_reply(event)) for event in events]
    assert [(reply["event"], sorted(reply)) for reply in replies] == [
        ("evidence", ["event", "hits"]),
        ("waiting", ["event", "notice"]),
        ("claim", ["citations", "claim", "event"]),
        ("withheld", ["event", "withheld"]),
    ]


def test_status_sums_its_roots():
    root = RootStatus(
        root=ROOT,
        database=Path("/cache/project.db"),
        database_bytes=4096,
        files=10,
        symbols=30,
        chunks=20,
        drifted_chunks=2,
        drifted_files=("a/b.py",),
        unindexed_files=1,
        languages={"python": 10},
        skipped={"binary": 2},
        failed=(FailedFile("x.py", "Gone."),),
    )
    status = Status((root, root), "static/256/ab", "qwen", "ready", measured_at=1.5, indexing=False)
    reply = loaded(wire.status_reply(status))
    summed = ("files", "symbols", "chunks", "drifted_chunks", "unindexed_files", "database_bytes")
    assert {name: reply[name] for name in summed} == {name: 2 * getattr(root, name) for name in summed}
    assert (reply["embedder"], reply["model"], reply["model_state"]) == ("static/256/ab", "qwen", "ready")
    assert reply["roots"][0]["failed"] == [{"path": "x.py", "error": "Gone."}]


def test_status_says_what_a_chunk_takes():
    root = RootStatus(
        root=ROOT, database=Path("/cache/project.db"), database_bytes=4096, files=1, symbols=0, chunks=3,
        drifted_chunks=0, drifted_files=(), unindexed_files=0, languages={}, skipped={}, failed=(),
    )  # fmt: skip
    empty = replace(root, chunks=0)
    reply = loaded(wire.status_reply(Status((root, empty), "e", "m", "s", measured_at=1.5, indexing=False)))
    assert [reply["bytes_per_chunk"], *(each["bytes_per_chunk"] for each in reply["roots"])] == [2731, 1365, 0]


DRIFT = Drift(measured_at=1_700_000_000.12345, files=9, drifted_files=2, drifted_chunks=7, unindexed_files=1)
TOLD_DRIFT = {
    "measured_at": 1_700_000_000.123, "files": 9, "drifted_files": 2, "drifted_chunks": 7, "unindexed_files": 1,
}  # fmt: skip


def test_every_answer_and_search_says_how_far_the_index_was_behind_and_when():
    answer = replace(ANSWER, index=IndexState(9, 20, indexing=False, drift=DRIFT))
    assert loaded(wire.ask_reply(answer))["index"]["drift"] == TOLD_DRIFT
    result = SearchResult("f", "abc123", no_match=True, hits=(), near_misses=(), stages={}, drift=DRIFT)
    assert loaded(wire.search_reply(result))["drift"] == TOLD_DRIFT
    assert loaded(wire.search_reply(replace(result, drift=None)))["drift"] is None


def test_of_many_skipped_files_the_first_of_each_reason_are_listed():
    many = [SkippedFile(f"t/{n}.po", SkipReason.TRANSLATIONS) for n in range(3 * wire.MOST_SKIPPED)]
    skipped = (*many, SkippedFile("z.bin", SkipReason.BINARY))
    root = RootStatus(
        root=ROOT, database=Path("/cache/project.db"), database_bytes=0, files=0, symbols=0, chunks=0,
        drifted_chunks=0, drifted_files=(), unindexed_files=0, languages={}, skipped={"translations": len(many)},
        failed=(), skipped_files=skipped,
    )  # fmt: skip
    reply = loaded(wire.status_reply(Status((root,), "e", "m", "s", measured_at=1.5, indexing=False)))["roots"][0]
    assert reply["skipped"] == {"translations": 3 * wire.MOST_SKIPPED}
    assert [file["reason"] for file in reply["skipped_files"]] == ["translations"] * wire.MOST_SKIPPED + ["binary"]
    assert reply["skipped_files"][-1] == {"path": "z.bin", "reason": "binary"}


def test_a_recheck_says_where_the_lines_are_now():
    reply = loaded(wire.recheck_reply(Standing(Span("a/b.py", 7, 9), Verdict.MOVED)))
    assert reply == {"verdict": "moved", "start_line": 7, "end_line": 9}


@pytest.mark.parametrize(
    ("size", "downloaded", "incomplete"), [(None, False, False), (3, False, True), (5, True, False)]
)
def test_a_model_is_there_whole_or_in_part_or_not(size, downloaded, incomplete):
    entry = replace(CATALOG[0], size_bytes=5)
    row = loaded(wire.model_row(entry, Path("/models/m.gguf"), size, is_default=True))
    assert (row["downloaded"], row["incomplete"], row["default"]) == (downloaded, incomplete, True)
    assert (row["name"], row["path"]) == (entry.name, str(Path("/models/m.gguf")))


def test_a_trace_keeps_its_stages_in_order_whatever_their_details_hold():
    trace = Trace("ask", "where?")
    with trace.stage("resolve") as stage:
        stage.counts["mentions"] = 2
        stage.details = {"root": Path("/project"), "kinds": {Source.CODE}, "nested": {1: (HIT.chunk.span,)}}
    with trace.stage("retrieve"):
        pass
    reply = loaded(wire.trace_reply(trace))
    assert [stage["name"] for stage in reply["stages"]] == ["resolve", "retrieve"]
    assert reply["stages"][0]["details"] == {
        "root": str(Path("/project")),
        "kinds": ["code"],
        "nested": {"1": ["a/b.py:3-5"]},
    }


def test_the_list_of_traces():
    row = TraceSummary("abc", "ask", "where?", 5.0, 12.5, "answered", "mcp", (Path("/shop"),))
    reply = loaded(wire.trace_list_reply([row]))
    assert reply["traces"] == [
        {
            "trace_id": "abc",
            "kind": "ask",
            "question": "where?",
            "started_at": 5.0,
            "milliseconds": 12.5,
            "outcome": "answered",
            "client": "mcp",
            "roots": [str(Path("/shop"))],
        }
    ]


def test_a_file_name_that_is_not_utf_8_still_makes_json():
    odd = b"caf\xe9.py".decode("utf-8", "surrogateescape")
    root = wire.previewed_root(ROOT, [FileEntry(odd, 1, 1)], [], [])
    assert loaded(root)["files"] == ["caf?.py"]


def test_ascii_only_leaves_nothing_that_steers_a_terminal():
    failed = FailedFile("a\x1b[2J\u202eb\x9b.py", "Gone.")
    text = wire.index_reply(IndexReport(0, 0, 0, 0, {}, (failed,), 0, 0, 0.0)).to_json(ascii_only=True)
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["failed"][0]["path"] == failed.path


# --- arguments -------------------------------------------------------------------------------------------------


def test_search_arguments_become_a_query():
    given = {"query": "f", "k": 3, "roots": ["/project"], "path": "src/**", "lang": ["Python", "go"]}
    query = wire.SearchArguments.model_validate(given).to_query()
    assert (query.text, query.k, query.scope) == ("f", 3, Scope(paths=("src/**",), languages=("python", "go")))


@pytest.mark.parametrize(
    ("source", "sources"),
    [(None, ()), ("docs", (Source.DOCS,)), ("Code", (Source.CODE,)), (["docs", "code"], (Source.DOCS, Source.CODE))],
)
def test_sources_are_named_one_or_several(source, sources):
    query = wire.AskArguments.model_validate({"question": "f", "source": source, "after": "abc"}).to_query()
    assert (query.scope.sources, query.after) == (sources, "abc")


def test_an_unknown_source_is_told():
    with pytest.raises(
        QueryError, match=r"^There is no source 'wikis'; there are code, docs, tickets, commits, designs\.$"
    ):
        wire.scope_of([], [], ["docs", "wikis"])


def test_explain_takes_a_position_as_editors_send_it():
    given = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 4}}
    arguments = wire.ExplainArguments.model_validate(given)
    assert (arguments.text_document.uri, arguments.position.character) == ("file:///a.py", 4)


@pytest.mark.parametrize(
    ("model", "given", "sentence"),
    [
        (wire.SearchArguments, {}, "'query' is missing."),
        (wire.SearchArguments, {"query": "f", "kk": 1}, "'kk' is not known."),
        (wire.SearchArguments, {"query": "f", "k": 0}, "'k' should be greater than or equal to 1."),
        (wire.SearchArguments, {"query": "f", "k": "3"}, "'k' should be a valid integer."),
        (wire.SearchArguments, {"query": "f", "path": 3}, "'path' should be a valid string or a valid list."),
        (wire.AskArguments, ["f"], "The arguments should be one object."),
        (wire.AskArguments, None, "The arguments should be one object."),
        (wire.StatusArguments, {"id": "x"}, "'id' is not known."),
        (wire.StatusArguments, {"details": "yes"}, "'details' should be a valid boolean."),
        (wire.AskArguments, {"question": "f", "source": 3}, "'source' should be a valid string or a valid list."),
        (wire.PullArguments, {}, "'name' is missing."),
        (
            wire.PermalinksArguments,
            {"places": [{"path": "/a", "end_line": 1}]},
            "'places.0.start_line' is missing.",
        ),
        (
            wire.ExplainArguments,
            {"textDocument": {"uri": "x"}, "position": {"line": -1}},
            "'position.line' should be greater than or equal to 0; 'position.character' is missing.",
        ),
        (
            wire.AskArguments,
            {"question": 1, "model": 2, "a": 3, "b": 4},
            "'question' should be a valid string; 'model' should be a valid string; 'a' is not known; and 1 more.",
        ),
    ],
)
def test_wrong_arguments_are_one_sentence(model, given, sentence):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(given)
    assert wire.usage_sentence(caught.value) == sentence


@pytest.mark.parametrize("line", ["{", "[1", "", "nonsense"])
def test_a_line_that_is_not_json_is_called_that(line):
    with pytest.raises(ValidationError) as caught:
        wire.SearchLine.model_validate_json(line)
    assert wire.usage_sentence(caught.value) == "The arguments are not JSON."
