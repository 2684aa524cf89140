"""The docstrings of a file of code, and comments that are written as such, with where they stand.

Invariant: never raises, whatever the file says; what is returned stands in the text at its offset.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import islice

from surefoot.syntax.languages import language_of

MOST = 5_000  # of one file
LONGEST_BLOCK = 20_000  # characters

_LINES = re.compile(r"(?:^[ \t]*//[/!][^\n]*\n?)+", re.MULTILINE)
_OF_BLOCKS = frozenset("java javascript typescript tsx php kotlin scala c cpp csharp swift dart".split())
_OF_LINES = frozenset({"rust", "csharp", "swift", "dart"})


def docstrings_of(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Each docstring with its offset."""
    language = language_of(path, text=text)
    if language == "python":
        yield from _of_python(text)
        return
    if language in _OF_BLOCKS:
        yield from islice(_blocks(text), MOST)
    if language in _OF_LINES:
        yield from ((match.start(), match[0]) for match in islice(_LINES.finditer(text), MOST))


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """`/** ... */`. The next end is looked for once, as there may be a thousand beginnings before it."""
    begin, end = text.find("/**"), -1
    while begin >= 0:
        if end < begin + 3:
            end = text.find("*/", begin + 3)
        if end < 0:
            return
        is_block = not text.startswith("/", begin + 3) and end - begin - 3 <= LONGEST_BLOCK
        if is_block:
            yield begin, text[begin : end + 2]
        begin = text.find("/**", end + 2 if is_block else begin + 1)


def _of_python(text: str) -> Iterator[tuple[int, str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in somebody's strings
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    starts = _line_starts(text)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or not node.body:
            continue
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            begin, end = first.value.lineno - 1, (first.value.end_lineno or first.value.lineno)
            stop = starts[end] if end < len(starts) else len(text)
            yield starts[begin], text[starts[begin] : stop]


def _line_starts(text: str) -> list[int]:
    """Where the parser's lines begin: it knows the three line ends, and takes a form feed for a blank."""
    return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
