"""A question that went wrong becomes a case."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from surefoot.cli.run import run
from surefoot.golden import TEAM_FILE, load_cases


@pytest.fixture
def asked(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The id of a question that was really asked about the shop, which is the current folder."""
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(shop)
    assert run(["search", "--json", "what does add_item raise"]) == 0
    return str(json.loads(capsys.readouterr().out)["trace_id"])


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        ("shop/cart.py:17-21", (17, 21)),
        ("cart.py:17", (17, 17)),
        ("shop/cart.py#Cart.add_item", (17, 21)),
        ("shop/cart.py#add_item", (17, 21)),
        ("shop/cart.py", (1, 27)),
        ("1", (17, 21)),
    ],
)
def test_a_place_may_be_named_in_every_usual_way(asked: str, place: str, lines: tuple[int, int]) -> None:
    assert run(["eval", "add", "--trace", asked, "--place", place, "--note", "seen today"]) == 0
    (case,) = load_cases([TEAM_FILE])
    assert (case.id, case.bucket, case.question) == (f"trace-{asked}", "symbol", "what does add_item raise")
    assert [(p.path, p.start_line, p.end_line) for p in case.places] == [("shop/cart.py", *lines)]
    assert case.note == "seen today"
    assert run(["eval", "run", "--suite", "retrieval"]) == 0


def test_what_is_nowhere_is_unanswerable(asked: str) -> None:
    assert run(["eval", "add", "--trace", asked, "--absent"]) == 0
    (case,) = load_cases([TEAM_FILE])
    assert (case.bucket, case.answerable, case.places) == ("unanswerable", False, ())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say where the answer is with --place FILE:12-30, or --absent"),
        (["--place", "shop/crt.py"], "No single indexed file is called 'shop/crt.py'; did you mean "),
        (["--place", "shop/cart.py:5-900"], "shop/cart.py has 27 lines; 5-900 is not in it."),
        (["--place", "shop/cart.py#drop"], "shop/cart.py defines no 'drop'; it defines CartFullError, Cart"),
    ],
)
def test_a_place_that_is_not_there_is_told_and_nothing_is_written(
    asked: str, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", "add", "--trace", asked, *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert not TEAM_FILE.exists()


def test_a_case_is_not_added_twice(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    for code in (0, 2):
        assert run(["eval", "add", "--trace", asked, "--place", "1"]) == code
    assert f"already has the case trace-{asked}" in capsys.readouterr().err
    assert len(load_cases([TEAM_FILE])) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_at_a_terminal_the_hits_are_listed_and_the_place_is_asked_for(asked: str) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "surefoot", "eval", "add", "--trace", asked]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    for typed in (b"nowhere.py\n", b"shop/tax.py#rate_for\n", b"\n", b"it taxes\n"):
        while not said.rstrip().endswith((b"Place:", b"Why:")):
            said += os.read(ours, 1000)
        said = b"" if b"did you mean" in said else said + b"\n"
        os.write(ours, typed)
        said += typed
    assert process.wait(60) == 0
    os.close(ours)
    (case,) = load_cases([TEAM_FILE])
    assert [(p.path, p.symbol) for p in case.places] == [("shop/tax.py", "rate_for")]
    assert case.note == "it taxes"


@pytest.mark.parametrize(("arguments", "module"), [(["run"], "ir_measures"), (["report", "none.json"], "matplotlib")])
def test_what_is_not_installed_is_named_with_the_way_to_get_it(
    arguments: list[str], module: str, asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", "add", "--trace", asked, "--absent"]) == 0
    monkeypatch.setitem(sys.modules, module, None)  # as where the extra `evals` was left out
    assert run(["eval", *arguments]) == 2
    said = capsys.readouterr().err
    assert f"needs {module}, which is not installed; run: pip install 'surefoot[evals]'" in said
