"""Where a name is defined in files whose language has no grammar: on lines that read like a definition.

Invariant: looked for only where a name and nothing else is asked for, and nothing that a grammar knows as a function or
a type has it; every line that is returned holds the name.
"""

from __future__ import annotations

import re

from surefoot.domain import Chunk, ChunkKey, Ranking, Resolved, Scope, Source, Span, SymbolKind
from surefoot.retrieve.place import PlaceRanking
from surefoot.retrieve.root_index import RootIndex
from surefoot.syntax.languages import LANGUAGES
from surefoot.words import folded

MOST_HOLDING = 60  # chunks that hold the name
MOST_FOUND = 4
MOST_LINES = 12  # of a definition, as nothing says where it ends
MOST_OF_NAME = 24
KNOWN = frozenset({
    SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.CONSTRUCTOR, SymbolKind.STRUCT,
    SymbolKind.INTERFACE, SymbolKind.MODULE,
})  # fmt: skip

_ASKED = re.compile(
    r"\s*(?:where(?:\s+is|'s)\s+)?[`'\"]?([A-Za-z_][\w$-]{1,80})(?:\(\))?[`'\"]?(?:\(\))?(?:\s+(?:defined|declared))?\s*\??\s*",
    re.IGNORECASE,
)
_BEFORE = r"^\s*(?:(?:export|public|private|protected|static|local|global|async|pub|inline)\s+)*"
_WORDS = (
    r"(?:def|defn|defp|defun|defmacro|define|fn|fun|func|function|sub|proc|procedure|method|macro|module|class|struct"
    r"|type|interface|task|rule|predicate)"
)
_DEFINED = (
    rf"{_BEFORE}\(?{_WORDS}\s+\(?(?:[\w$]+(?:\.|::|:))*{{name}}(?![\w$-])",
    rf"{_BEFORE}{{name}}\s*\([^()]*\)\s*\{{{{",
    r"^{name}\s*(?:=|:=|<-)\s*(?:function|func|fn|proc|lambda|sub)\b",
    r"^{name}\s*::\s",
)


def asks_for_a_name(text: str) -> str:
    """The name that is all that a question has; else nothing."""
    match = _ASKED.fullmatch(text) if len(text) < 160 else None
    return match[1] if match else ""


def plain_definitions(index: RootIndex, resolved: Resolved, scope: Scope) -> PlaceRanking:
    """The chunks of code without a grammar that define the name which is asked for."""
    name = asks_for_a_name(resolved.query.text)
    lines: dict[ChunkKey, Span] = {}
    if name and not any(symbol.kind in KNOWN for symbol, _ in index.store.few_symbols(folded(name), MOST_OF_NAME)):
        for number, chunk in index.store.chunks(index.store.chunk_ids_with(name.lower(), MOST_HOLDING)).items():
            found = _defining(chunk, name)
            if found is not None and number in index.store.chunk_ids(chunk.span.path, scope):
                lines[ChunkKey(index.root.path, number)] = found
    entries = tuple((key, 1.0 / rank) for rank, key in enumerate(list(lines)[:MOST_FOUND], start=1))
    return PlaceRanking(Ranking("place", entries), {key: lines[key] for key, _ in entries}, frozenset())


def _defining(chunk: Chunk, name: str) -> Span | None:
    """The lines of a chunk that define the name, as far as blank lines and indentation tell."""
    language = LANGUAGES.get(chunk.language)
    if chunk.source is not Source.CODE or chunk.symbol or (language is not None and language.module):
        return None
    pattern = re.compile("|".join(each.format(name=re.escape(name)) for each in _DEFINED))
    lines = chunk.text.split("\n")
    first = next((at for at, line in enumerate(lines) if name in line and pattern.search(line)), None)
    if first is None:
        return None
    last = first
    for at in range(first + 1, min(first + MOST_LINES, len(lines))):
        is_inside = _indent(lines[at]) > _indent(lines[first]) or lines[at].strip()[:1] in {"}", ")", "]"}
        if not lines[at].strip() or not (is_inside or lines[at].strip().startswith("end")):
            break
        last = at
    return Span(chunk.span.path, chunk.span.start + first, chunk.span.start + last)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
