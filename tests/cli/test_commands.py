"""What each command prints, for people and as JSON."""

import json
import re
from pathlib import Path

import pytest

from surefoot.replay.options import OPTIONS

SAFE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*")


def test_index_says_what_it_did(surefoot):
    done = surefoot("index")
    assert done.code == 0
    assert "3 files: 1 indexed, 2 unchanged, 0 removed; 30 symbols, 20 chunks; 0.50 s (2 files/s)" in done.out
    assert re.search(r"^  2  binary$", done.out, re.MULTILINE)
    assert "Could not be read." in done.out


def test_index_as_json(surefoot):
    reply = json.loads(surefoot("index", "--json").out)
    assert (reply["files"], reply["skipped"]) == (3, {"binary": 2, "too large": 1})


def test_a_notice_is_told_once_and_not_on_stdout(surefoot):
    done = surefoot("index", "--json")
    assert done.err.count("The index of demo was damaged") == 1
    assert len(done.out.splitlines()) == 1


def test_preview_lists_files_and_reasons(surefoot):
    lines = surefoot("index", "--preview").out.splitlines()
    assert lines == [
        "a.py",
        r"evil\x1b[2J\u202e.py",
        "logo.png  skipped: binary",
        "locked.py  failed: Permission denied.",
        "demo: 2 to index, 1 skipped, 1 failed",
    ]


def test_preview_as_json(surefoot):
    reply = json.loads(surefoot("index", "--preview", "--json").out)
    assert reply["roots"][0]["skipped"] == [{"path": "logo.png", "reason": "binary"}]


def test_search_puts_path_and_line_first(surefoot):
    lines = surefoot("search", "-k", "2", "how", "does f work").out.splitlines()
    assert lines[0] == "a.py:3-12  Demo.f  method"
    assert lines[1] == "    line 3"
    assert lines[6] == "    ... 5 more lines"
    assert len(lines) == 14


def test_search_in_another_folder_shows_paths_that_open_from_here(surefoot, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    assert surefoot("search", "--root", str(other), "f").out.startswith(f"{other}/a.py:3-12")


def test_search_as_json(surefoot):
    reply = json.loads(surefoot("search", "f", "-k", "1", "--json").out)
    assert reply["hits"][0]["path"] == "a.py"
    assert reply["query"] == "f"


def test_search_without_a_match_says_so(surefoot):
    done = surefoot("search", "nothing")
    assert (done.code, done.out) == (0, "Nothing in the index matches.\nNearest names: Demo\n")


def test_ask_shows_evidence_then_claims_then_citations_then_what_is_missing(surefoot):
    assert surefoot("ask", "what", "does it?").out.splitlines() == [
        "Evidence",
        "a.py:3-12  Demo.f  method",
        "Answer",
        "Demo.f does it. [1]",
        "Citations",
        "a.py:3-12  [1]  Demo.f  valid",
        "Not found: redis",
        "Nearest names: Demo",
        "Withheld: 1 sentence of the model that did not pass the check.",
        "There is no model here; surefoot models pull fetches one.",
        "taken from the index, no model; index: 3 files; surefoot trace show abc123",
    ]


def test_an_answer_says_who_wrote_it(surefoot):
    by_model = surefoot("ask", "--model", "qwen", "what?").out.splitlines()[-1]
    assert by_model.startswith("written by qwen; index: 3 files")
    mixed = surefoot("ask", "--model", "qwen", "mixed").out.splitlines()[-1]
    assert mixed.startswith("written by qwen, the rest taken from the index; index: 3 files")


def test_a_withheld_sentence_is_counted_and_never_shown(surefoot):
    assert "Redis does it" not in surefoot("ask", "what?").out


def test_ask_that_abstains_claims_nothing(surefoot):
    done = surefoot("ask", "nothing")
    assert "nothing is claimed" in done.out
    assert "Citations" not in done.out


def test_ask_as_json_names_the_model(surefoot):
    reply = json.loads(surefoot("ask", "--json", "--model", "qwen", "--", "--what?").out)
    assert (reply["question"], reply["mode"], reply["model"]) == ("--what?", "llm", "qwen")


def test_status_for_people(surefoot):
    out = surefoot("status").out
    assert "3 files, 30 symbols, 20 chunks" in out
    assert "2 chunks in 1 file" in out
    assert "python 2, go 1" in out
    assert "4.0 KiB" in out
    assert "Model: qwen (not downloaded)" in out


def test_status_as_json(surefoot):
    reply = json.loads(surefoot("status", "--json").out)
    assert (reply["files"], reply["roots"][0]["unindexed_files"]) == (3, 1)


@pytest.mark.parametrize("arguments", [["trace"], ["trace", "list"]])
def test_trace_lists(surefoot, arguments):
    done = surefoot(*arguments)
    assert "abc123" in done.out
    assert r"where?\x1b[2J" in done.out
    first, second = Path("/a/shop"), Path("/b/shop")
    assert rf"{first}, {second}, till\x1b[2J  where?" in done.out  # by name, where that tells it from the others


def test_trace_shows_a_waterfall(surefoot):
    lines = surefoot("trace", "show", "abc").out.splitlines()
    assert lines[0] == "ask abc123: where?"
    assert re.match(r"resolve  +[\d.]+ ms .*█.* found 2$", lines[2])
    assert lines[3].endswith("...")


def test_trace_exports_json(surefoot):
    reply = json.loads(surefoot("trace", "export", "abc").out)
    assert [stage["name"] for stage in reply["stages"]] == ["resolve", "retrieve"]


def test_trace_that_is_not_there(surefoot):
    done = surefoot("trace", "show", "zzz")
    assert (done.code, done.err) == (1, "There is no trace zzz; surefoot trace lists them.\n")


@pytest.mark.parametrize(
    ("option", "value", "is_listed"),
    [("--client", "editor", True), ("--client", "cli", False), ("--kind", "ask", True), ("--kind", "replay", False)],
)
def test_trace_lists_only_what_is_wanted(surefoot, option, value, is_listed):
    done = surefoot("trace", "list", option, value)
    assert ("abc123" in done.out) == is_listed
    assert ("No question that is kept is like that." in done.out) != is_listed


@pytest.mark.parametrize(("option", "name"), [("--kind", "replay"), ("--client", "evals"), ("--outcome", "failed")])
def test_trace_list_names_what_can_be_wanted(surefoot, option, name):
    done = surefoot("trace", "list", option, "nonsense")
    assert done.code == 2
    assert name in done.err


def test_a_replay_without_a_difference_says_so(surefoot):
    assert surefoot("trace", "replay", "abc").out.splitlines()[-1] == "Nothing differs."


def test_a_replay_names_the_first_difference_and_the_cause(surefoot):
    lines = surefoot("trace", "replay", "abc", "--set", "rerank.prose=off").out.splitlines()
    assert lines[0] == "ask abc123: where?"
    assert lines[2:5] == [
        "set for this replay: rerank.prose=off",
        "index: 1, now 2",
        "Differs first in rerank.",
    ]
    assert "rerank  cause: its inputs are the same" in lines
    assert "focus  follows from rerank" in lines
    assert "  rule   prose on 9 places, such as a.md:0: times 1, now times 0.7" in lines
    assert "  and 95 more differences; --json lists all" in lines
    assert [line.strip() for line in lines[-2:]] == [r"- - old\x1b[2J", "+ - new"]


def test_a_replay_as_json_has_everything(surefoot):
    reply = json.loads(surefoot("trace", "replay", "abc", "--set", "x=y", "--json").out)
    assert (reply["first_difference"], reply["causes"]) == ("rerank", ["rerank"])
    assert [len(each["changes"]) for each in reply["stages"]] == [10, 99, 1]


def test_the_help_of_replay_names_every_option(surefoot):
    told = surefoot("trace", "replay", "--help").out
    words = set(re.findall(r"[a-z]+", told))
    for name in OPTIONS:
        stage, _, option = name.partition(".")
        if option == "off":
            assert stage in words
        elif stage == "rerank":
            assert "rerank.RULE=off" in told
        else:
            assert f"{name}=" in told


def test_stats_fit_a_terminal(surefoot):
    done = surefoot("trace", "stats", "--days", "7")
    lines = done.out.splitlines()
    assert lines[0] == "2 questions in the last 7 days, 2.0 on a day with any"
    assert max(map(len, lines)) <= 80
    folded = " ".join(done.out.split())
    for said in (
        "without an answer 100.0% 1",
        "sentences withheld 25.0% 1 of 4",
        "shown in part 66.7% 2 of 3 shown",
        "resolve 12.0 30.5 2",
        "unknown 2 1 1",
    ):
        assert said in folded
    assert "before the first stage" in done.out


def test_stats_of_nothing_and_of_no_number_of_days(surefoot):
    assert "No question" in surefoot("trace", "stats", "--days", "0.5").out
    refused = surefoot("trace", "stats", "--days", "5000")
    assert (refused.code, refused.err) == (2, "Figures are not for 5000 days.\n")


def test_stats_as_json(surefoot):
    reply = json.loads(surefoot("trace", "stats", "--json").out)
    assert (reply["days"], reply["abstention_rate"], reply["withheld_rate"]) == (30.0, 1.0, 0.25)
    assert reply["stages"]["resolve"] == {"count": 2, "p50": 12.0, "p95": 30.5}


@pytest.mark.parametrize(
    "arguments",
    [["trace", "stats"], ["trace", "replay", "abc", "--set", "a=b"], ["trace", "list"]],
)
def test_no_trace_steers_the_terminal(surefoot, arguments):
    done = surefoot(*arguments)
    assert SAFE.fullmatch(done.out)


@pytest.mark.parametrize(
    "arguments", [["index"], ["index", "--preview"], ["search", "evil"], ["status"], ["trace"], ["ask", "a\x1b[2Jb"]]
)
def test_nothing_from_a_repository_or_a_question_steers_the_terminal(surefoot, arguments):
    done = surefoot(*arguments)
    assert SAFE.fullmatch(done.out)
    assert SAFE.fullmatch(done.err)
