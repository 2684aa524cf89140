import subprocess
import sys
import threading

import pytest

from surefoot.syntax import grammar
from surefoot.syntax.languages import LANGUAGES, Language
from surefoot.syntax.parse import parse


@pytest.mark.parametrize("language", [name for name, entry in LANGUAGES.items() if entry.module])
def test_every_grammar_loads_with_its_query(language: str) -> None:
    assert grammar.grammar_of(language) is not None


def test_a_grammar_that_does_not_load_leaves_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_lua", None)
    grammar.grammar_of.cache_clear()
    try:
        parsed = parse("a.lua", "function f() end\n", "lua")
    finally:
        grammar.grammar_of.cache_clear()
    assert parsed.symbols == ()
    assert [chunk.text for chunk in parsed.chunks] == ["function f() end"]


def test_a_grammar_without_a_query_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"odd": Language("odd", module="tree_sitter_lua")}
    monkeypatch.setattr(grammar, "LANGUAGES", table)
    grammar.grammar_of.cache_clear()
    try:
        assert grammar.grammar_of("odd") is None
    finally:
        grammar.grammar_of.cache_clear()


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "PARSE_SECONDS", 0.05)
    text = "<div>\n" * 50_000
    parsed = parse("a.sh", text, "bash")
    assert parsed.symbols == ()
    assert sum(chunk.span.end - chunk.span.start + 1 for chunk in parsed.chunks) == 50_000


def test_yaml_nested_deeper_than_its_scanner_can_hold_is_read_in_windows() -> None:
    for text in ("- " * 1000 + "a", "\n".join(" " * depth + "a:" for depth in range(1000))):
        assert parse("a.yaml", text, "yaml").symbols == ()


def test_threads_may_parse_at_once() -> None:
    text = "def f():\n    return 1\n" * 500
    expected = parse("a.py", text, "python")
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(parse("a.py", text, "python") == expected)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


def test_bash_with_any_character_in_braces_crashes_no_process() -> None:
    """Its scanner reads beyond a table for them; what crashes is a process of its own here."""
    program = (
        "from surefoot.syntax.parse import parse\n"
        "for code in (*range(0x100, 0xD800, 0x80), *range(0xE000, 0x110000, 0x400)):\n"
        "    parse('a.sh', 'echo {%s..3}\\n' % chr(code), 'bash')\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_bash_names_stay_as_they_are_written() -> None:
    (symbol,) = parse("a.sh", "# 🦶\nmaß_жар() {\n  echo {🦶..3}\n}\n", "bash").symbols
    assert (symbol.name, symbol.span.start, symbol.span.end) == ("maß_жар", 1, 4)
