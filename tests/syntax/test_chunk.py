import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surefoot.domain import Chunk, Source
from surefoot.syntax.languages import LANGUAGES
from surefoot.syntax.lines import CHARACTER_CAP, LINE_CAP, TAIL_SLACK
from surefoot.syntax.parse import Parsed, parse

SAMPLES = Path(__file__).parent / "samples"
SOURCES = {
    path.name.split(".")[0]: path.read_text("utf-8")
    for path in sorted(SAMPLES.glob("*.txt"))
    if ".symbols." not in path.name
}


def check(text: str, parsed: Parsed) -> None:
    """The invariants of every file: sorted, disjoint, verbatim, complete, and nothing outside the file."""
    lines = text.split("\n")
    covered: set[int] = set()
    before = 0
    for chunk in parsed.chunks:
        assert before < chunk.span.start <= chunk.span.end <= len(lines)
        assert chunk.text == "\n".join(lines[chunk.span.start - 1 : chunk.span.end])
        assert chunk.text.strip()
        covered.update(range(chunk.span.start, chunk.span.end + 1))
        before = chunk.span.end
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= covered
    for symbol in parsed.symbols:
        assert 1 <= symbol.span.start <= symbol.name_line <= symbol.span.end <= len(lines)
        assert symbol.name
        assert "\n" not in symbol.signature
        assert len(symbol.signature) <= 300


def shown(parsed: Parsed) -> list[tuple[int, int, str]]:
    return [(chunk.span.start, chunk.span.end, chunk.symbol) for chunk in parsed.chunks]


def lines_of(chunk: Chunk) -> int:
    return chunk.span.end - chunk.span.start + 1


@st.composite
def mutilated(draw: st.DrawFn) -> tuple[str, str]:
    """A sample with parts cut out, doubled, and noise put in."""
    language = draw(st.sampled_from(sorted(SOURCES)))
    text = SOURCES[language]
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 200)))
        noise = draw(st.sampled_from(["", text[start:end] * 2, "{", "}", "(", '"', "'''", "\n\n", "\t", "\r", "\f"]))
        noise += draw(st.text(max_size=4))
        text = text[:start] + noise + text[end:]
    return language, text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutilated())
def test_chunks_cover_mutilated_sources(sample: tuple[str, str]) -> None:
    language, text = sample
    check(text, parse("a", text, language))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(LANGUAGES)), st.text(max_size=400))
def test_chunks_cover_any_text(language: str, text: str) -> None:
    check(text, parse("a", text, language))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("text", ["", "\n", "   \n\t\n", "x", "\ufeff", "\x00", "\ud800"])
def test_hardly_any_text(language: str, text: str) -> None:
    check(text, parse("a", text, language))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("nesting", ["[" * 5000 + "]" * 5000, "(" * 5000, "{" * 5000, ">" * 5000, "- " * 5000])
def test_deep_nesting_does_not_overflow(language: str, nesting: str) -> None:
    check(nesting, parse("a", nesting, language))


@pytest.mark.parametrize("language", ["python", "javascript", "yaml", "json"])
def test_deeply_nested_lines(language: str) -> None:
    opening, closing = {"json": ('{"a":', "1" + "}" * 600), "yaml": ("a:", "")}.get(language, ("if (a) {", "}" * 600))
    text = "\n".join([" " * depth + opening for depth in range(600)] + [closing])
    check(text, parse("a", text, language))


@pytest.mark.parametrize("language", ["python", "c", "javascript", "markdown", "text"])
def test_a_file_of_20000_lines(language: str) -> None:
    unit = SOURCES.get(language, "some words\n\nand others\n")
    text = "\n".join((unit * (20_000 // unit.count("\n") + 1)).split("\n")[:20_000])
    parsed = parse("a", text, language)
    check(text, parsed)
    assert len(parsed.chunks) > 300


def test_small_neighbours_share_a_chunk_and_long_functions_do_not() -> None:
    function = "def {0}(a):\n" + "    a += 1\n" * 8 + "    return a\n"
    text = f"import os\nimport re\n\nONE = 1\nTWO = 2\n\n\n{function.format('f')}\n\n{function.format('g')}"
    assert shown(parse("a.py", text, "python")) == [(1, 5, "ONE"), (8, 17, "f"), (20, 29, "g")]


def test_a_class_is_its_header_and_its_methods() -> None:
    method = "    def {0}(self):\n" + "        go()\n" * 6
    tiny = "    def {0}(self):\n        go()\n"
    text = f'class A:\n    """Doc."""\n\n    x = 1\n\n{method.format("f")}\n{tiny.format("g")}\n{tiny.format("h")}'
    chunks = parse("a.py", text, "python").chunks
    assert [(chunk.symbol, chunk.signature, chunk.doc) for chunk in chunks] == [
        ("A", "class A", "Doc."),
        ("A.f", "def f(self)", ""),
        ("A.g", "def g(self)", ""),
    ]


def test_a_long_body_is_split_between_statements_with_its_signature() -> None:
    statement = "    if a:\n        b = [\n            1,\n            2,\n        ]\n        go(b)\n"
    text = f'def long(a: int) -> int:\n    """Doc."""\n{statement * 40}    return a\n'
    chunks = parse("a.py", text, "python").chunks
    assert len(chunks) > 3
    assert {chunk.symbol for chunk in chunks} == {"long"}
    assert {chunk.signature for chunk in chunks} == {"def long(a: int) -> int"}
    assert [chunk.doc for chunk in chunks] == ["Doc."] + [""] * (len(chunks) - 1)
    assert all(chunk.text.startswith("    if a:") for chunk in chunks[1:])
    assert all(lines_of(chunk) <= TAIL_SLACK * LINE_CAP for chunk in chunks)
    assert all(len(chunk.text) <= TAIL_SLACK * CHARACTER_CAP for chunk in chunks)
    assert "def long(a: int) -> int" in chunks[1].embedding_text


def test_a_long_signature_stays_with_the_start_of_its_body() -> None:
    text = "int add(int a,\n        int b) {\n" + "  a += b;\n" * 100 + "  return a;\n}\n"
    chunks = parse("a.c", text, "c").chunks
    assert len(chunks) == 2
    assert lines_of(chunks[0]) > 20


def test_functions_inside_of_a_long_function_keep_their_names() -> None:
    inner = "  function inner{0}() {{\n" + "    go();\n" * 20 + "  }}\n"
    text = "(function () {\n" + "".join(inner.format(number) for number in range(5)) + "})();\n"
    symbols = [chunk.symbol for chunk in parse("a.js", text, "javascript").chunks]
    assert symbols[-5:] == [f"inner{number}" for number in range(5)]


def test_a_line_longer_than_the_cap_is_kept_whole() -> None:
    text = f"x = 1\ny = '{'a' * 9000}'\nz = 2\n"
    chunks = parse("a.py", text, "python").chunks
    assert max(len(chunk.text) for chunk in chunks) > 9000
    check(text, parse("a.py", text, "python"))


def test_prose_is_split_at_headings_and_then_at_paragraphs() -> None:
    paragraph = "word " * 60 + "\n\n"
    text = f"# One\n\n{paragraph}## Two\n\n{paragraph * 20}"
    chunks = parse("a.md", text, "markdown").chunks
    assert [chunk.symbol for chunk in chunks[:2]] == ["One", "One.Two"]
    assert len(chunks) > 2
    assert all(chunk.source is Source.DOCS for chunk in chunks)
    assert all(chunk.text.startswith(("#", "word")) for chunk in chunks)


def test_a_long_code_fence_is_not_taken_for_headings() -> None:
    text = "# One\n\n```sh\n" + "# comment\nrun\n" * 10 + "```\n"
    assert [symbol.name for symbol in parse("a.md", text, "markdown").symbols] == ["One"]


def test_broken_code_keeps_what_can_be_read() -> None:
    text = "def whole():\n    return 1\n\ndef broken(:\n    return (\n\ndef after():\n    return 2\n"
    parsed = parse("a.py", text, "python")
    check(text, parsed)
    assert {"whole", "after"} <= {symbol.name for symbol in parsed.symbols}


def test_a_language_without_a_grammar_is_read_in_windows() -> None:
    text = "\n".join(f"line {number}" if number % 7 else "" for number in range(300))
    parsed = parse("Makefile", text, "text")
    check(text, parsed)
    assert parsed.symbols == ()
    assert all(lines_of(chunk) <= LINE_CAP for chunk in parsed.chunks)
    assert {chunk.source for chunk in parsed.chunks} == {Source.CODE}


def test_an_unknown_language_is_text() -> None:
    assert {chunk.language for chunk in parse("a", "x\n", "klingon").chunks} == {"text"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_noise_is_read_in_bounded_time(language: str) -> None:
    generator = random.Random(7)
    text = "".join(generator.choice("[](){}<>\"'`#$@!:;,.=+-*/\\ \n\tabcdefA0é") for _ in range(20_000))
    check(text, parse("a", text, language))


def test_a_carriage_return_is_no_line_break() -> None:
    text = "a = 1\rb = 2\n\fdef f():\n    return 1\u2028\n"
    parsed = parse("a.py", text, "python")
    check(text, parsed)
    assert parsed.symbols[-1].name_line == 2
