"""The entry: the text of one file becomes its symbols and chunks.

Invariant: never raises for user text; what no grammar can read is read as headings or as windows of lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surefoot.domain import Chunk, Source, Symbol
from surefoot.syntax.chunk import Origin, make_chunks
from surefoot.syntax.grammar import grammar_of, parse_tree
from surefoot.syntax.languages import LANGUAGES, TEXT, is_document
from surefoot.syntax.lines import Lines
from surefoot.syntax.prose import headings_of, sections
from surefoot.syntax.split import Splitter
from surefoot.syntax.symbols import Outline, SourceText, outline

if TYPE_CHECKING:
    from tree_sitter import Node

MOSTLY = 0.5  # the share of a file inside of error nodes from which its tree is not believed


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file holds."""

    symbols: tuple[Symbol, ...]
    chunks: tuple[Chunk, ...]


def parse(path: str, text: str, language: str) -> Parsed:
    """The symbols and chunks of `text`, which is the content of `path`."""
    lines = Lines(text.split("\n"))
    source = Source.DOCS if is_document(path, language) else Source.CODE
    found, root = _read(text, language, lines)
    origin = Origin(path, language if language in LANGUAGES else TEXT, source, found.doc)
    chunks = make_chunks(origin, lines, found.definitions, Splitter(lines, root))
    return Parsed(found.symbols(path), chunks)


def _read(text: str, language: str, lines: Lines) -> tuple[Outline, Node | None]:
    """The definitions of a file, and the root of its tree when it has one to be believed."""
    source = SourceText(text.encode("utf-8", "replace"))
    grammar = grammar_of(language)
    tree = parse_tree(grammar, language, text, source.data) if grammar is not None else None
    root = tree.root_node if tree is not None else None
    if grammar is None or root is None or LANGUAGES[language].is_prose:
        return Outline(sections(headings_of(language, lines.all), len(lines))), root
    found = outline(grammar, root, source)
    is_broken = root.has_error and _error_bytes(root) > MOSTLY * len(source.data)
    return found, None if is_broken else root


def _error_bytes(root: Node) -> int:
    """Bytes inside of errors, counted near the root: an error deep below is one broken statement."""
    if root.is_error:
        return root.end_byte - root.start_byte
    return sum(child.end_byte - child.start_byte for child in root.children if child.is_error)
