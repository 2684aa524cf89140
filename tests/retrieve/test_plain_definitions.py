"""A bare name finds its definition in files whose language has no grammar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Query, Scope
from surefoot.engine import Engine
from surefoot.retrieve.plain_definitions import asks_for_a_name

Open = Callable[..., Engine]
JQ = """
def until(cond; update):
  def _until:
    if cond then . else (update | _until) end;
  _until;

def limit($n; exp):
  if $n > 0 then label $out | exp
  else exp end;

def skipped: limit(3; .[]);

def first: .[0];
"""
FILES = {
    "src/builtin.jq": JQ,
    "src/setup.nims": "proc limitless() =\n  discard\n\nlimits() {\n  echo none\n}\n",
    "src/stack.h": "struct stack {\n  int limit;\n};\nint until(int limit);\n",
    "src/stack.py": "def known(limit):\n    return limit\n",
    "src/other.jq": "def known(limit): limit;\n",
    "docs/limit.md": "# Limits\n\ndef limit is told here.\n",
}


@pytest.fixture
def engine(tmp_path: Path, open_engine: Open) -> Engine:
    write_tree(tmp_path / "jq", FILES)
    engine = open_engine(tmp_path / "jq")
    engine.refresh()
    return engine


def test_a_line_that_reads_like_a_definition_is_found_first(engine: Engine) -> None:
    for query in ("limit", "`limit`", "where is limit defined?"):
        hit = engine.search(Query(query)).hits[0]
        assert hit.chunk.span.path == "src/builtin.jq", query
        assert "def limit($n; exp):" in hit.chunk.text
    assert engine.search(Query("limits")).hits[0].chunk.span.path == "src/setup.nims"
    assert engine.ask(Query("limit"), model="none").claims[0].text == "src/builtin.jq: def limit($n; exp):"


def test_a_name_that_says_nothing_in_a_sentence_is_found_alone(engine: Engine) -> None:
    for query in ("first", "`first`", "where is `first` defined?"):
        assert "def first:" in engine.search(Query(query)).hits[0].chunk.text, query


def test_what_a_grammar_knows_comes_first_and_filters_hold(engine: Engine) -> None:
    assert engine.search(Query("known")).hits[0].chunk.span.path == "src/stack.py"
    paths = {hit.chunk.span.path for hit in engine.search(Query("limit", scope=Scope(paths=("src/*.h",)))).hits}
    assert paths == {"src/stack.h"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("limit", "limit"),
        ("`limit()`", "limit"),
        ("where is limit defined?", "limit"),
        ("where is the limit checked?", ""),
        ("limit of the stack", ""),
        ("a.b", ""),
    ],
)
def test_only_a_name_and_nothing_else_is_one(text: str, name: str) -> None:
    assert asks_for_a_name(text) == name
