"""The installed command over the real engine, in processes of its own: index, search, ask, status, trace."""

import json
import subprocess
import sys

import pytest

SOURCE = '''"""Greeting people."""


def greet_politely(name: str) -> str:
    """Say good day to somebody by name."""
    return f"Good day, {name}."
'''


@pytest.fixture
def command(project):
    (project / "greeting.py").write_text(SOURCE)
    (project / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")

    def run(*arguments, stdin=""):
        program = [sys.executable, "-m", "surefoot", *arguments]
        return subprocess.run(program, input=stdin, capture_output=True, text=True, check=False, timeout=120)

    return run


def test_index_then_unchanged_then_changed(command, project):
    first = json.loads(command("index", "--json").stdout)
    assert (first["files"], first["indexed"], first["failed"]) == (1, 1, [])
    assert first["skipped"] == {"binary": 1}
    second = json.loads(command("index", "--json").stdout)
    assert (second["indexed"], second["unchanged"]) == (0, 1)
    (project / "greeting.py").unlink()
    assert json.loads(command("index", "--json").stdout)["removed"] == 1


def test_search_indexes_first_and_finds_the_definition(command):
    done = command("search", "greet politely")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("greeting.py:")
    hit = json.loads(command("search", "greet politely", "--json").stdout)["hits"][0]
    assert (hit["path"], hit["symbol"], hit["source"]) == ("greeting.py", "greet_politely", "code")


def test_the_same_root_twice_is_one(command, project):
    reply = json.loads(command("index", "--root", str(project), "--root", ".", "--json").stdout)
    assert reply["files"] == 1


def test_jsonl_answers_line_by_line(command):
    lines = '{"id": 1, "query": "greet politely", "k": 1}\nnonsense\n{"id": 3, "query": ""}\n'
    replies = [json.loads(line) for line in command("search", "--jsonl", stdin=lines).stdout.splitlines()]
    assert [reply["id"] for reply in replies] == [1, None, 3]
    assert replies[0]["hits"][0]["path"] == "greeting.py"
    assert "error" in replies[1]
    assert "error" in replies[2]


def test_ask_without_a_model_cites_what_is_there(command, project):
    reply = json.loads(command("ask", "--model", "none", "--json", "Where is greet_politely defined?").stdout)
    assert (reply["mode"], reply["model"], reply["abstained"]) == ("extractive", "none", False)
    (citation, *_) = reply["citations"]
    assert citation["verdict"] == "valid"
    lines = (project / citation["path"]).read_text().splitlines()[citation["start_line"] - 1 : citation["end_line"]]
    assert any("def greet_politely" in line for line in lines)


def test_ask_leaves_a_trace(command):
    trace_id = json.loads(command("ask", "--model", "none", "--json", "greet_politely?").stdout)["trace_id"]
    assert trace_id in command("trace").stdout
    assert "resolve" in command("trace", "show", trace_id[:8]).stdout
    assert json.loads(command("trace", "export", trace_id).stdout)["trace_id"] == trace_id


def test_status_counts_drift_without_indexing(command, project):
    command("index")
    (project / "greeting.py").write_text(SOURCE + "\n\ndef wave() -> None:\n    pass\n")
    (project / "new.py").write_text("x = 1\n")
    root = json.loads(command("status", "--json").stdout)["roots"][0]
    assert root["drifted_files"] == ["greeting.py"]
    assert root["drifted_chunks"] > 0
    assert root["unindexed_files"] == 1


@pytest.mark.parametrize("root", ["gone", "greeting.py"])
def test_a_root_that_is_no_folder_is_one_sentence(command, root):
    done = command("search", "--root", root, "x")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert root in done.stderr


@pytest.mark.parametrize("question", ["", "   ", "x" * 100_000])
def test_a_question_that_cannot_be_asked_is_one_sentence(command, question):
    done = command("ask", "--model", "none", "--", question)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_preview_names_the_files(command):
    lines = command("index", "--preview").stdout.splitlines()
    assert "greeting.py" in lines
    assert "logo.png  skipped: binary" in lines
