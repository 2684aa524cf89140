"""Exit codes, one-sentence errors, Ctrl-C, closed pipes, colour."""

import json
import os
import pty
import signal
import subprocess
import sys

import pytest


def test_help_and_version(surefoot):
    assert surefoot("--help").out.startswith("Usage: surefoot")
    assert surefoot("--version").out.startswith("surefoot ")


def test_python_m_surefoot_is_the_same_command():
    done = subprocess.run([sys.executable, "-m", "surefoot", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("surefoot ")


def test_help_imports_nothing_heavy():
    """What takes long to import is imported by the command that needs it."""
    code = "import sys, surefoot.cli.run; print([name for name in sys.modules if name.split('.')[0] in sys.argv[1:]])"
    heavy = ["pydantic", "rich", "numpy", "apsw", "tree_sitter", "tokenizers", "pygls", "llama_cpp", "git", "httpx"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["search", "--root", "gone", "x"], 2, "There is no folder gone."),
        (["search", "empty"], 2, "The question is empty."),
        (["search"], 2, "There is nothing to search for: give the words after the options."),
        (["search", "busy"], 1, "The index of demo is being written by another process."),
    ],
)
def test_an_error_is_one_sentence_on_stderr(surefoot, arguments, code, sentence):
    done = surefoot(*arguments)
    assert (done.code, done.out, done.err.splitlines()[-1]) == (code, "", sentence)


def test_no_command_is_a_question_for_help(surefoot):
    assert surefoot() == surefoot("--help")


def test_a_folder_without_root_is_told_about_it(surefoot):
    assert surefoot("index", "proj").err == "Got unexpected extra argument(s) (proj); a folder is named with --root.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["search", "--nope", "x"],
        ["search", "-k", "0", "x"],
        ["ask"],
        ["search", "--jsonl", "words"],
        ["trace", "list", "-n", "99999999999999999999"],
    ],
)
def test_wrong_usage_is_one_line_and_code_2(surefoot, arguments):
    done = surefoot(*arguments)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)


def test_a_fault_of_ours_is_one_sentence_and_a_log(surefoot, cache):
    done = surefoot("search", "fault")
    (log,) = (cache / "logs").glob("*.log")
    assert done.code == 70
    assert done.err.splitlines()[-1] == (
        f"Surefoot failed with ZeroDivisionError: division by zero; the details are in {log}."
    )
    assert "Traceback" not in done.err
    assert "Traceback" in log.read_text()


def test_a_fault_with_no_place_for_a_log_is_still_one_sentence(surefoot, cache):
    cache.write_text("in the way")
    done = surefoot("search", "fault")
    assert (done.code, done.err.splitlines()[-1].endswith("no log could be written.")) == (70, True)


def test_ctrl_c_stops_the_work_quietly(started):
    process = started("search", "wait")
    for line in process.stderr:
        if b"waiting" in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_ctrl_c_is_quiet_while_the_program_still_loads(tmp_path):
    """A module that takes long to import, and is interrupted there."""
    (tmp_path / "typer.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "surefoot", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_reader_that_goes_away_is_no_fault(started):
    process = started("search", "f", "-k", "1000")
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=60) == 141
    assert b"Error" not in err
    assert b"Traceback" not in err


def on_a_terminal(started, *arguments, **environ):
    """What a person would see; stdout and stderr are the same terminal."""
    ours, theirs = pty.openpty()
    process = started(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, env={"TERM": "xterm-256color", **environ})
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says EIO where the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return seen.decode()


def test_a_terminal_gets_colour(started):
    assert "\x1b[36ma.py" in on_a_terminal(started, "search", "f")


def test_no_color_is_honoured(started):
    assert "\x1b[36m" not in on_a_terminal(started, "search", "f", NO_COLOR="1")


def test_json_on_a_terminal_is_pure_ascii(started):
    seen = on_a_terminal(started, "search", "evil", "--json")
    line = next(line for line in seen.splitlines() if line.startswith("{"))
    assert line.isascii()
    assert "\x1b" not in line
    assert json.loads(line)["hits"][0]["path"] == "evil\x1b[2J\u202e.py"


def test_a_pipe_gets_no_colour_and_utf_8(started):
    process = started("ask", "où?", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    out, _ = process.communicate(timeout=60)
    assert b"\x1b" not in out
    assert "Demo.f does it." in out.decode()


# --- search --jsonl ----------------------------------------------------------------------------------------------


def test_each_line_is_answered_before_the_next_is_read(started):
    process = started("search", "--jsonl", "-k", "3")
    for line_id, asked, hits in (("a", {"query": "f", "k": 1}, 1), (2, {"query": "f"}, 3), (None, {"query": "f"}, 3)):
        process.stdin.write(json.dumps({"id": line_id, **asked}).encode() + b"\n")
        process.stdin.flush()
        reply = json.loads(process.stdout.readline())
        assert (reply["id"], len(reply["hits"])) == (line_id, hits)
        assert reply["ms"] >= 0
    process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", {"id": None, "error": "The arguments are not JSON."}),
        (b"\xff\xfe", {"id": None, "error": "The arguments are not JSON."}),
        (b"[1]", {"id": None, "error": "The arguments should be one object."}),
        (b'{"id": 7}', {"id": 7, "error": "'query' is missing."}),
        (b'{"id": "x", "query": "f", "kk": 1}', {"id": "x", "error": "'kk' is not known."}),
        (b'{"id": 1, "query": "busy"}', {"id": 1, "error": "The index of demo is being written by another process."}),
        (b'{"id": 1, "query": "empty"}', {"id": 1, "error": "The question is empty."}),
    ],
)
def test_a_bad_line_gets_an_error_and_the_next_one_an_answer(started, line, expected):
    process = started("search", "--jsonl")
    out, _ = process.communicate(line + b'\n\n{"id": "next", "query": "f"}\n', timeout=60)
    first, second = map(json.loads, out.splitlines())
    assert first == expected
    assert second["id"] == "next"
