"""The installed command over the real engine, in processes of its own: index, search, ask, status, trace."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import filelock
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

    def run(*arguments, stdin="", env=()):
        program = [sys.executable, "-m", "surefoot", *arguments]
        environ = os.environ | dict(env)
        return subprocess.run(
            program, input=stdin, capture_output=True, text=True, check=False, timeout=120, env=environ
        )

    return run


def test_index_then_unchanged_then_changed(command, project):
    first = json.loads(command("index", "--json").stdout)
    assert (first["files"], first["indexed"], first["failed"]) == (1, 1, [])
    assert first["skipped"] == {"binary": 1}
    second = json.loads(command("index", "--json").stdout)
    assert (second["indexed"], second["unchanged"]) == (0, 1)
    (project / "greeting.py").unlink()
    assert json.loads(command("index", "--json").stdout)["removed"] == 1


def test_an_unchanged_index_is_checked_without_what_only_questions_need(command):
    command("index")
    said = command("index", env={"PYTHONPROFILEIMPORTTIME": "1"}).stderr
    imported = {line.rpartition("|")[2].strip() for line in said.splitlines()}
    assert "surefoot.index.indexer" in imported
    assert not {"numpy", "tokenizers", "lsprotocol", "git"} & imported
    parts = {name.split(".")[1] for name in imported if name.startswith("surefoot.")}
    assert not {"answer", "checks", "telemetry", "wire"} & parts
    assert not {"surefoot.retrieve.retriever", "surefoot.syntax.parse", "rich.progress"} & imported


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


def test_that_git_refuses_is_told_where_it_matters(command, project):
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # as where another user owns it
    asked = (
        ("index",),
        ("search", "greet_politely"),
        ("ask", "--model", "none", "who changed greet_politely last, and in which commit?"),
        ("status",),
        ("doctor",),
    )
    done = [command(*each, env=env) for each in asked]
    assert [(each.stdout + each.stderr).count("safe.directory") for each in done] == [0, 0, 1, 1, 1]


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


def shell(script, folder):
    program = f"'{sys.executable}' -m surefoot"
    line = ["sh", "-c", script.replace("surefoot ", f"{program} ")]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_fault(command, project, closing):
    done = shell(f"surefoot search --jsonl {closing}", project)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_output_that_cannot_be_written_is_one_sentence(command, project):
    done = shell("surefoot index --json > /dev/full", project)
    assert (done.returncode, done.stderr) == (1, "Surefoot could not go on: No space left on device.\n")


WRITES_LATE = "from surefoot.cli.run import run; code = run(['index', '--json']); print('late'); raise SystemExit(code)"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_what_is_still_written_after_that_adds_no_warning(command, project):
    done = shell(f'{shlex.quote(sys.executable)} -c "{WRITES_LATE}" > /dev/full', project)
    assert (done.returncode, done.stderr) == (1, "Surefoot could not go on: No space left on device.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete the folder that somebody is in")
def test_a_deleted_current_folder_is_one_sentence(command, project):
    done = shell("mkdir gone; cd gone; rmdir ../gone; surefoot index", project)
    assert done.returncode == 2
    assert done.stderr == "The current folder has been deleted; go to another, or name one with --root.\n"


def test_a_byte_order_mark_before_the_first_query_is_skipped(command):
    lines = command("search", "--jsonl", stdin='\ufeff{"id": 1, "query": "greet politely"}\n').stdout.splitlines()
    assert [json.loads(line)["hits"][0]["path"] for line in lines] == ["greeting.py"]


def test_the_preview_agrees_with_the_index(command, project):
    (project / "bundle.js").write_text("a=1;" * 400)
    (project / "blank.py").write_text("   \n")
    (root,) = json.loads(command("index", "--preview", "--json").stdout)["roots"]
    report = json.loads(command("index", "--json").stdout)
    assert [file["path"] if isinstance(file, dict) else file for file in root["files"]] == ["greeting.py"]
    assert (len(root["files"]), len(root["skipped"])) == (report["files"], sum(report["skipped"].values()))


def test_a_busy_index_answers_as_it_is_and_says_so(command, project, cache):
    command("index")
    (lock,) = (cache / "index").glob("demo-*.lock")
    (project / "new.py").write_text("def wave_goodbye(): pass\n")
    with filelock.FileLock(lock):
        done = command("search", "greet politely", "--json", env={"SUREFOOT_LOCK_TIMEOUT": "2.4"})
    assert json.loads(done.stdout)["hits"][0]["path"] == "greeting.py"
    assert "waiting up to 2 s for it" in done.stderr
    assert "Until then the index answers as it is" in done.stderr


@pytest.mark.parametrize("command_line", [["search", "--lang", "klingon", "x"], ["ask", "--lang", "klingon", "x"]])
def test_an_unknown_language_is_told(command, command_line):
    done = command(*command_line)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no language 'klingon'; there are asciidoc, bash,")


def test_a_language_may_be_named_by_its_extension(command):
    done = command("search", "--lang", "py", "greet politely", "--json")
    assert json.loads(done.stdout)["hits"]


def test_a_model_that_is_not_there_is_told_before_anything_is_shown(command):
    done = command("ask", "--model", "nonsense", "greet politely")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no model 'nonsense'" in done.stderr


def test_a_question_is_replayed_from_anywhere_against_the_files_of_today(command, tmp_path, monkeypatch):
    asked = json.loads(command("ask", "--model", "none", "--json", "greet_politely?").stdout)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    same = command("trace", "replay", asked["trace_id"])
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "Nothing differs.")
    cited = asked["citations"][0]
    path = Path(cited["root"]) / cited["path"]
    path.write_text("\n\n" + path.read_text().replace("greet_politely", "greet_rudely"))
    differs = json.loads(command("trace", "replay", asked["trace_id"][:8], "--json").stdout)
    assert differs["first_difference"] == "resolve"
    assert "index" in [condition["subject"] for condition in differs["conditions"]]
    wrong = command("trace", "replay", asked["trace_id"], "--set", "rerank.of=true")
    assert wrong.returncode == 2
    assert "did you mean rerank.off?" in wrong.stderr


def test_no_trace_is_named_where_none_is_kept(command):
    reply = json.loads(
        command("ask", "--model", "none", "greet politely", "--json", env={"SUREFOOT_TRACE": "no"}).stdout
    )
    assert reply["trace_id"] == ""
    said = command("ask", "--model", "none", "greet politely", env={"SUREFOOT_TRACE": "no"}).stdout
    *_, last = said.splitlines()
    assert last.startswith("taken from the index, no model; index: 1 file, 0 changed since, counted ")
    assert "trace" not in last


@pytest.mark.parametrize("name", ["search", "ask"])
def test_only_one_kind_of_source(command, project, name):
    (project / "MANNERS.md").write_text("# Manners\n\nHow to greet politely: say good day.\n")
    places = "hits" if name == "search" else "citations"
    for source, path in (("docs", "MANNERS.md"), ("CODE", "greeting.py")):
        done = command(name, "--source", source, "greet politely", "--json")
        assert {place["path"] for place in json.loads(done.stdout)[places]} == {path}, done.stderr
    both = "greet politely" if name == "search" else "how does one say a polite good day"  # and no name
    done = command(name, "--source", "code", "--source", "docs", both, "--json")
    assert {place["path"] for place in json.loads(done.stdout)[places]} == {"MANNERS.md", "greeting.py"}
    wrong = command(name, "--source", "wikis", "greet politely")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "There is no source 'wikis'; there are code, docs, tickets, commits, designs.\n"


def test_a_trace_is_shown_with_places_and_symbols(command):
    found = json.loads(command("ask", "greet politely", "--json").stdout)
    shown = command("trace", "show", found["trace_id"]).stdout
    assert "ranking: greeting.py:1-6 greet_politely" in shown
    assert "items: greeting.py:" in shown
