"""Loads grammars and queries, each once per process, and turns text into trees within a bounded time.

Invariant: nothing here raises for user text; what cannot be parsed is None.
"""

from __future__ import annotations

import importlib
import re
import time
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import tree_sitter

from surefoot.syntax.languages import LANGUAGES, Language

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

# CPU seconds for one tree. Usual files take milliseconds; error recovery in garbage can be quadratic.
PARSE_SECONDS = 3.0
# Mean characters a line from which text is data rather than code: scanners go quadratic over very wide indents.
WIDE_LINE = 300
WIDE_MINIMUM = 20_000  # characters below which even the worst scanner is quick
# The YAML scanner keeps its open blocks in a fixed buffer and crashes near 250 of them: indents or inline
# indicators beyond this are not read with it. Real files stay below 40.
YAML_DEPTH = 90
# The scanner of bash looks characters up in C's table of the first 256, and for those beyond reads whatever memory
# is there, or crashes where none is. A letter for each of their bytes leaves all others in their places.
BEYOND_THE_TABLE = re.compile(rb"[\xc4-\xf4][\x80-\xbf]*")
SMALL = 32 * 1024  # bytes: no parser needs long for less, so it is spared the callbacks
READ_SIZE = 1 << 16  # bytes handed to the parser at a time


class Grammar:
    """A grammar and the query that finds definitions, ready for one language."""

    def __init__(self, language: tree_sitter.Language, query: str) -> None:
        self.language = language
        self._query: Query = tree_sitter.Query(language, query)

    def matches(self, node: Node) -> list[tuple[int, dict[str, list[Node]]]]:
        """Every match of the query below `node`, in the order of the text.

        Without a progress callback: the 0.26 binding crashes the process when a query has one.
        """
        return tree_sitter.QueryCursor(self._query).matches(node)


@cache
def grammar_of(language: str) -> Grammar | None:
    """The grammar of a language of the table; None where there is none, or its wheel does not load."""
    entry = LANGUAGES.get(language)
    if entry is None or not entry.module:
        return None
    try:
        module = importlib.import_module(entry.module)
        return Grammar(tree_sitter.Language(getattr(module, entry.factory)()), _query_source(entry))
    except (ImportError, AttributeError, ValueError, OSError):
        return None  # a wheel for another platform or another ABI: the language is read in windows


def _query_source(entry: Language) -> str:
    """Our own query for the language; prose and designs have none, they are read without."""
    if entry.is_prose or entry.is_design:
        return ""
    return files(__package__).joinpath("queries", f"{entry.query or entry.name}.scm").read_text("utf-8")


def parse_tree(grammar: Grammar, language: str, text: str, data: bytes) -> Tree | None:
    """The syntax tree of `data`, which is `text` in UTF-8; None when a parser is not to be trusted with it."""
    if _is_too_wide(text) or (language == "yaml" and _is_too_deep(text)):
        return None
    if language == "bash" and not text.isascii():
        data = BEYOND_THE_TABLE.sub(lambda found: b"x" * len(found[0]), data)
    parser = tree_sitter.Parser(grammar.language)  # one per call: cheap, and threads cannot meet in it
    if len(data) <= SMALL:
        return parser.parse(data)
    deadline = time.thread_time() + PARSE_SECONDS
    try:
        return parser.parse(
            lambda offset, _point: data[offset : offset + READ_SIZE],
            encoding="utf8",
            progress_callback=lambda _offset, _error: time.thread_time() > deadline,
        )
    except ValueError:  # cancelled by the callback
        return None


def _is_too_wide(text: str) -> bool:
    return len(text) > WIDE_MINIMUM and len(text) > WIDE_LINE * (text.count("\n") + 1)


def _is_too_deep(text: str) -> bool:
    return any(
        len(line) - len(line.lstrip(" -?:\t")) > YAML_DEPTH or line.count("- ") + line.count("? ") > YAML_DEPTH
        for line in text.split("\n")
        if len(line) > YAML_DEPTH
    )
