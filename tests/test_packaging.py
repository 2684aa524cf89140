"""What the README promises of the set-up: pins that carry no address, and a question that is only ever text."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PINS = sorted((PROJECT / "requirements").glob("*.txt"))
QUESTION = 'what is $HOME `id` $(touch pwned) $(shell touch pwned) "quoted" it\'s; $$x ${PATH} \\ # end'


def names(requirements):
    return {re.split(r"[\[<>=!~; ]", name)[0].lower().replace("_", "-") for name in requirements}


def pinned(file):
    return names(line for line in (PROJECT / "requirements" / file).read_text().splitlines() if "==" in line)


@pytest.mark.parametrize("pins", PINS, ids=lambda path: path.name)
def test_every_pin_is_exact_and_hashed_and_carries_no_address(pins):
    text = pins.read_text()
    assert "://" not in text
    assert not re.search(r"^-|@ |file:", text, re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==[^ ]+ .*\\\n +--hash=sha256:[0-9a-f]{64}", entry), entry


def test_everything_the_package_asks_for_is_pinned():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    base = names(project["project"]["dependencies"])
    assert base <= pinned("base.txt")
    assert base | names(project["project"]["optional-dependencies"]["llm"]) <= pinned("llm.txt")
    for group in ("build", "dev"):
        assert names(project["dependency-groups"][group]) <= pinned(f"{group}.txt")


def test_the_page_of_the_dashboard_is_in_the_wheel(tmp_path):
    """Built as the extension's bundle is, without a network."""
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*wheel, "--wheel-dir", str(tmp_path), str(PROJECT)], check=True, timeout=240)
    [built] = tmp_path.glob("*.whl")
    page = PROJECT / "server" / "surefoot" / "dashboard" / "page"
    wanted = {
        f"surefoot/dashboard/page/{path.relative_to(page).as_posix()}" for path in page.rglob("*") if path.is_file()
    }
    with zipfile.ZipFile(built) as archive:
        assert "surefoot/dashboard/page/index.html" in wanted
        assert wanted <= set(archive.namelist())


def test_the_package_installs_without_llama():
    assert "llama-cpp-python" not in pinned("base.txt")


@pytest.fixture
def checkout(tmp_path):
    """The Makefile over a set-up that is already done, with a `surefoot` that shows how it was called."""
    folder = tmp_path / "checkout"
    shutil.copytree(PROJECT / "requirements", folder / "requirements")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(PROJECT / name, folder)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    # In the order in which the set-up makes them: make compares their times.
    (folder / ".venv" / "done").mkdir()
    for stamp in ("venv", "base", "package", "dev", "llm"):
        (folder / ".venv" / "done" / stamp).touch()
    (programs / "surefoot").write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done\n')
    (programs / "python").write_text("#!/bin/sh\nexit 1\n")  # as if llama.cpp were not installed
    for program in programs.iterdir():
        program.chmod(0o755)
    return folder


def make(checkout, *arguments, **environ):
    return subprocess.run(
        ["make", *arguments],
        cwd=checkout,
        env={name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_make_ask_hands_the_question_over_untouched(checkout):
    done = make(checkout, "ask", f"Q={QUESTION}", "DIR=a b", "MODEL=none")
    assert done.stdout.split("\0")[:-1] == ["ask", "--root", "a b", "--model", "none", "--", QUESTION]
    assert not list(checkout.rglob("pwned"))


def test_make_ask_takes_the_question_from_the_environment_too(checkout):
    assert make(checkout, "ask", Q=QUESTION).stdout.split("\0")[:-1] == ["ask", "--root", ".", "--", QUESTION]


def test_make_ask_without_a_question_says_how(checkout):
    done = make(checkout, "ask")
    assert done.returncode != 0
    assert 'make ask Q="' in done.stderr


def test_without_a_compiler_the_set_up_goes_on_with_one_sentence(checkout):
    (checkout / ".venv" / "done" / "llm").unlink()
    done = make(checkout, "ask", "Q=where?", CC="no-such-compiler", CXX="no-such-compiler")
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "No C and C++ compiler was found" in done.stderr
    assert make(checkout, "ask", "Q=where?", CC="no-such-compiler").stderr == ""


def test_a_build_that_fails_is_told_once_and_not_tried_again(checkout):
    """The stand-in for pip in this checkout always fails."""
    (checkout / ".venv" / "done" / "llm").unlink()
    done = make(checkout, "ask", "Q=where?", CC="true", CXX="true")
    assert done.returncode == 0
    assert "could not be compiled" in done.stderr
    assert make(checkout, "ask", "Q=where?", CC="true", CXX="true").stderr == ""


def test_the_model_runtime_is_here_where_it_can_be_built():
    """Otherwise the tests that need it would be skipped in silence on the machines that are meant to run them."""
    if not (shutil.which("cc") and shutil.which("c++")):
        pytest.skip("no compiler")
    assert importlib.util.find_spec("llama_cpp") is not None
