"""The entry: the text of one file becomes its symbols and chunks.

Invariant: never raises for user text; what no grammar can read is read as headings or as windows of lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from surefoot.domain import Chunk, Symbol
from surefoot.syntax.chunk import Origin, make_chunks
from surefoot.syntax.decisions import with_decision
from surefoot.syntax.designs import READERS
from surefoot.syntax.designs.fences import MERMAID, with_diagrams
from surefoot.syntax.designs.interfaces import interface_outline
from surefoot.syntax.grammar import grammar_of, parse_tree
from surefoot.syntax.languages import LANGUAGES, TEXT, TICKET, is_document
from surefoot.syntax.lines import Lines
from surefoot.syntax.long_yaml import MOST_LINES, outline_in_parts
from surefoot.syntax.prose import headings_of, sections
from surefoot.syntax.scripts import SCRIPTED, only_script
from surefoot.syntax.source import interface_of, source_of
from surefoot.syntax.split import Splitter
from surefoot.syntax.symbols import Definition, Outline, SourceText, outline
from surefoot.syntax.ticket_files import ticket_definitions

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
    source = source_of(path, language, text)
    found, root = _read(path, text, language, lines)
    origin = Origin(path, language if language in LANGUAGES else TEXT, source, found.doc)
    chunks = make_chunks(origin, lines, found.definitions, Splitter(lines, root))
    return Parsed(found.symbols(path), chunks)


def _read(path: str, text: str, language: str, lines: Lines) -> tuple[Outline, Node | None]:
    """The definitions of a file, and the root of its tree when it has one to be believed."""
    if language == TICKET:
        return Outline(ticket_definitions(text)), None
    if language == "yaml" and len(lines) > MOST_LINES:
        return outline_in_parts(lines.all, partial(_read_part, interface_of(language, text))), None
    if language in SCRIPTED:
        text = only_script(text)
    source = SourceText(text.encode("utf-8", "replace"))
    grammar = grammar_of(language)
    tree = parse_tree(grammar, language, text, source.data) if grammar is not None else None
    root = tree.root_node if tree is not None else None
    if language in READERS:
        found = Outline(READERS[language](text))
    elif grammar is None or root is None or LANGUAGES[language].is_prose:
        return Outline(_prose(path, language, lines)), root
    else:
        interface = interface_of(language, text) if language in {"yaml", "json"} else ""
        found = interface_outline(interface, root, source) if interface else outline(grammar, root, source)
    is_broken = root is not None and root.has_error and _error_bytes(root) > MOSTLY * len(source.data)
    return found, None if is_broken else root


def _read_part(interface: str, text: str) -> Outline:
    """The definitions of some lines of YAML."""
    source = SourceText(text.encode("utf-8", "replace"))
    grammar = grammar_of("yaml")
    tree = parse_tree(grammar, "yaml", text, source.data) if grammar is not None else None
    if grammar is None or tree is None:
        return Outline([])
    root = tree.root_node
    return interface_outline(interface, root, source) if interface else outline(grammar, root, source)


def _prose(path: str, language: str, lines: Lines) -> list[Definition]:
    """The headings of a document, with the diagrams in it, and the record that it may be."""
    found = sections(headings_of(language, lines.all), len(lines))
    if language == "markdown" and any(MERMAID in line for line in lines.all):
        found = with_diagrams(found, lines.all)
    return with_decision(path, lines.all, found) if found or is_document(path, language) else found


def _error_bytes(root: Node) -> int:
    """Bytes inside of errors, counted near the root: an error deep below is one broken statement."""
    if root.is_error:
        return root.end_byte - root.start_byte
    return sum(child.end_byte - child.start_byte for child in root.children if child.is_error)
