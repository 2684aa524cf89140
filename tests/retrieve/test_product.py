"""Which folder of several a question is about: by its name, wherever that stands, unless it is a word like others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.retrieve.product import named_roots
from surefoot.retrieve.resolve import resolve

TREES = {
    "cobra": {"command.go": "package cobra\n\nfunc ParseFlags(input string) {}\n"},
    "jq": {"src/parser.c": "/* Parses nested input. */\nint parse_value(int depth) { return depth; }\n"},
    "socket.io": {"index.js": "function connect(input) { return input }\n"},
    "server": {"routes/login.py": "def log_in(input):\n    return input\n"},
    "app": {"main.py": "def start_app(input):\n    return input\n"},
    "API": {"client.py": "def call_api(input):\n    return input\n"},
}


@pytest.fixture
def products(tmp_path: Path, open_engine: Callable[..., Engine]) -> Engine:
    for name, files in TREES.items():
        write_tree(tmp_path / name, files)
    engine = open_engine(*(tmp_path / name for name in TREES))
    engine.refresh()
    return engine


def named(engine: Engine, question: str) -> list[str]:
    indexes = list(engine._current().values())
    return [index.root.name for index in named_roots(resolve(Query(question), indexes), indexes)]


@pytest.mark.parametrize(
    ("question", "roots"),
    [
        ("jq crashes on deeply nested input", ["jq"]),
        ("where does jq free memory?", ["jq"]),
        ("jq's parser overflows", ["jq"]),
        ("jq: how is nested input parsed", ["jq"]),
        ("how is nested input parsed in jq.", ["jq"]),
        ("why is JQ slow", ["jq"]),
        ("do cobra and jq parse alike", ["cobra", "jq"]),
        ("how does socket.io connect", ["socket.io"]),
        ("a jq-like parser", []),
        ("how is input parsed", []),
    ],
)
def test_a_folder_is_named_by_its_name_as_a_word_of_its_own(products: Engine, question: str, roots: list[str]) -> None:
    assert named(products, question) == roots


@pytest.mark.parametrize(
    ("question", "roots"),
    [
        ("how does the server start", []),
        ("Server crashes on long input", []),
        ("the server's answer is late. Server side?", []),
        ("is the server slow? Server or network?", []),
        ("which api does the app call", []),
        ("how is the API called", []),
        ("does the client/server protocol have versions", []),
        ("how does the Server start", ["server"]),
        ("how does `server` start", ["server"]),
        ('how does "app" start', ["app"]),
        ("how does the server folder log in", ["server"]),
        ("the login of the app repo", ["app"]),
        ("what is in the directory server", ["server"]),
        ("in server: who logs in", ["server"]),
        ("server: who logs in", ["server"]),
        ("what is in server/routes", ["server"]),
        ("what is in server/", ["server"]),
        ("what does `api` send", ["API"]),
    ],
)
def test_an_ordinary_word_names_a_folder_only_where_that_is_clear(
    products: Engine, question: str, roots: list[str]
) -> None:
    assert named(products, question) == roots


def test_lines_name_the_folder_that_they_are_in(products: Engine, tmp_path: Path) -> None:
    assert named(products, f"{tmp_path}/server/routes/login.py:1 in the app") == ["server"]
    assert named(products, "src/parser.c:2 and cobra") == ["cobra", "jq"]


def test_where_only_the_open_root_was_searched_it_is_said(products: Engine, tmp_path: Path) -> None:
    opened = (tmp_path / "cobra/command.go").resolve()
    answer = products.ask(Query("how are flags parsed when nested?", open_file=opened))
    assert answer.notices == (
        "Only cobra was searched, since one of its files is open; name another folder to ask about it.",
    )
    assert "nested: nothing in cobra contains it" in answer.missing


def test_where_the_question_names_the_root_the_open_file_is_not_told_of(products: Engine, tmp_path: Path) -> None:
    opened = (tmp_path / "cobra/command.go").resolve()
    answer = products.ask(Query("jq crashes on deeply nested input", open_file=opened))
    assert {citation.root.name for citation in answer.citations} == {"jq"}
    assert answer.notices == ()
    assert "crashes: nothing in jq contains it" in answer.missing
    assert not [part for part in answer.missing if part.startswith("jq")]


def test_where_all_roots_were_searched_nothing_indexed_contains_it(products: Engine) -> None:
    answer = products.ask(Query("how is nested input parsed by frobnication"))
    assert "frobnication: nothing indexed contains it" in answer.missing


def test_a_limit_to_some_roots_is_told_as_well(products: Engine, tmp_path: Path) -> None:
    asked = Query("how are flags parsed when deeply nested, and what is Redis?")
    answer = products.ask(asked, roots=[tmp_path / "cobra", tmp_path / "app"])
    assert "deeply nested: nothing in cobra or app contains it" in answer.missing
    assert "Redis: nothing in cobra or app has this name" in answer.missing


def test_the_name_of_the_searched_folder_does_not_count_as_absent(
    tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    """The word stands in no text of the folder, and would outweigh the three that do."""
    write_tree(tmp_path / "zq", {"a.py": "def parse(depth):\n    return depth\n"})
    write_tree(tmp_path / "other", {"b.py": "def other():\n    return 1\n"})
    engine = open_engine(tmp_path / "zq", tmp_path / "other")
    engine.refresh()
    answer = engine.ask(Query("Zq: at which depth does the zq folder parse"))
    assert not answer.abstained
    assert answer.missing == ()
