"""One sample a language with every symbol that is expected from it, each line of which was checked by hand."""

from pathlib import Path

import pytest

from surefoot.domain import Symbol
from surefoot.syntax.languages import LANGUAGES, language_of
from surefoot.syntax.parse import parse

SAMPLES = Path(__file__).parent / "samples"
SOURCES = {path.name.split(".")[0]: path for path in SAMPLES.glob("*.txt") if ".symbols." not in path.name}


def row(symbol: Symbol) -> str:
    lines = f"{symbol.span.start}-{symbol.span.end} @{symbol.name_line}"
    name = f"{symbol.kind} {symbol.container or '-'} {symbol.name!r}"
    return f"{lines} {name} | {symbol.signature} | {symbol.doc!r}"


def test_every_language_has_a_sample() -> None:
    assert set(SOURCES) == set(LANGUAGES) - {"text", "ticket"}  # of a ticket no name of a file tells the language


@pytest.mark.parametrize("language", sorted(SOURCES))
def test_symbols(language: str) -> None:
    path = SOURCES[language].name.removesuffix(".txt")
    text = SOURCES[language].read_text("utf-8")
    assert language_of(path) == language
    rows = [row(symbol) for symbol in parse(path, text, language).symbols]
    assert rows == (SAMPLES / f"{language}.symbols.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("language", sorted(SOURCES))
def test_the_name_stands_on_its_line(language: str) -> None:
    text = SOURCES[language].read_text("utf-8")
    for symbol in parse("x", text, language).symbols:
        line = text.split("\n")[symbol.name_line - 1]
        last_word = symbol.name.split(".")[-1].split()[-1]
        assert last_word in line.replace("`", "").replace("*", "") or last_word in line
        assert symbol.span.start <= symbol.name_line <= symbol.span.end


def test_names_are_not_split_by_bytes_of_other_alphabets() -> None:
    (symbol,) = parse("a.py", 'ü = "ä" ; ß = 1\ndef größe(maß):\n    "Länge."\n', "python").symbols[-1:]
    assert (symbol.name, symbol.signature, symbol.doc) == ("größe", "def größe(maß)", "Länge.")


def test_long_signatures_are_cut() -> None:
    parameters = ",\n".join(f"    parameter_{number}: int" for number in range(100))
    (symbol,) = parse("a.py", f"def many(\n{parameters},\n) -> None:\n    pass\n", "python").symbols
    assert 270 < len(symbol.signature) <= 300
    assert symbol.signature.startswith("def many(parameter_0: int, parameter_1: int")
    assert symbol.signature.endswith("…")
    last = symbol.signature.removesuffix("…").rstrip(", ").rsplit(", ", 1)[-1]
    assert last.removesuffix(":").removesuffix(": int") in parameters  # and not half a name


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("/**\n * First.\n *\n * @param a  the a\n */", "First.\n\n@param a  the a"),
        ("/// First.\n/// Second.", "First.\nSecond."),
        ("/* One. */", "One."),
        ("//! Inner.", "Inner."),
        ("/// <summary>First.</summary>", "First."),
        ('/// See <see cref="Store"/>.', "See Store."),
    ],
)
def test_documentation_loses_its_markers(comment: str, expected: str) -> None:
    (symbol,) = parse("a.cpp", f"{comment}\nint f() {{ return 1; }}\n", "cpp").symbols
    assert symbol.doc == expected
    assert symbol.span.start == 1


def test_a_comment_after_a_blank_line_is_not_documentation() -> None:
    (symbol,) = parse("a.go", "package a\n\n// Licence.\n\nfunc f() {}\n", "go").symbols
    assert (symbol.doc, symbol.span.start) == ("", 5)


def test_a_comment_behind_code_is_not_documentation() -> None:
    symbols = parse("a.go", "package a\nvar x = 1 // of x\nfunc f() {}\n", "go").symbols
    assert [(symbol.doc, symbol.span.start) for symbol in symbols] == [("", 2), ("", 3)]


def test_a_docstring_is_preferred_to_a_comment() -> None:
    (symbol,) = parse("a.py", "# noqa\ndef f():\n    r'''Say \\d.'''\n", "python").symbols
    assert symbol.doc == "Say \\d."
