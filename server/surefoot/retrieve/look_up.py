"""Looking up one symbol without asking: what hover and workspace symbols show. No ranking of chunks, no model.

Invariant: every place that is returned was read from disk or the open buffer just now; counts are the index's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice, takewhile

from rapidfuzz import fuzz, process

from surefoot.domain import IndexedFile, Root, Span, Symbol, SymbolInfo, SymbolKind, content_hash
from surefoot.readings import LANGUAGES as READ_OTHERWISE
from surefoot.retrieve.last_commits import last_commits
from surefoot.retrieve.near_names import typed
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.usages import Lines, usages
from surefoot.sources.relocate import definition_now, definitions_now, record_in_file, records_in_file
from surefoot.workspace.documents import Documents, FileContent, read_file, read_text

SHOWN_DEFINITIONS = 3  # further ones of the same name
SYMBOL_CUTOFF = 60.0  # similarity (percent) below which a workspace symbol is not offered

FILE_CUTOFF = 70.0  # likewise for paths, of which the best part is compared

Placed = Callable[[RootIndex, Symbol], Symbol | None]  # a definition on the lines that an editor shows

_WORD = re.compile(r"[\w$]+")
# Definitions of these kinds are what a word in code most likely refers to.
_LESS_LIKELY = frozenset({SymbolKind.KEY, SymbolKind.STRING, SymbolKind.VARIABLE, SymbolKind.FIELD})


def word_at(line: str, character: int) -> str:
    """The identifier under or just before a 0-based position of a line; empty where there is none."""
    return next((m.group() for m in _WORD.finditer(line) if m.start() <= character <= m.end()), "")


def current_lines(root: Root, path: str, documents: Documents, max_bytes: int) -> list[str]:
    """The lines of a file as an editor shows them; empty where it cannot be read."""
    try:
        text = read_text(root, path, documents=documents, max_bytes=max_bytes)
    except OSError:
        return []
    return [] if text is None else text.split("\n")


def is_read_otherwise(file: IndexedFile) -> bool:
    """Whether the index has other lines of a file than an editor: then its definitions are none of a line there."""
    return file.language in READ_OTHERWISE


def look_up(index: RootIndex, place: Span, word: str, lines: Lines) -> SymbolInfo | None:
    """The definition that `word` at `place` most likely refers to, and where else the name stands."""
    definitions = _likely_definitions(index, place, word)
    for definition in definitions:
        current = where_now(index, definition, lines)
        if current is not None:
            others = _others(index, definitions, definition, lines)
            known = {(each.span.path, each.name_line) for each in definitions}
            count, exact, shown = usages(index, current.name, known, place, lines)
            commits, are_of_symbol = last_commits(index, definition)
            return SymbolInfo(index.root, current, count, exact, shown, others, commits, are_of_symbol)
    return None


def definition_of(index: RootIndex, place: Span, word: str, lines: Lines) -> Symbol | None:
    """The definition that `word` at `place` most likely refers to, as it stands now."""
    found = (where_now(index, definition, lines) for definition in _likely_definitions(index, place, word))
    return next((definition for definition in found if definition is not None), None)


def _likely_definitions(index: RootIndex, place: Span, word: str) -> list[Symbol]:
    definitions = [definition for definition in index.store.definitions(word) if definition.name == word]
    return sorted(definitions, key=lambda definition: (*_distance(definition, place), str(definition.span)))


def standing_definitions(index: RootIndex, path: str, lines: Lines) -> list[Symbol]:
    """The indexed definitions of a file in the order of their lines now, without those whose name is not there."""
    file, text = index.store.file(path), lines(path)
    if file is None or not text or is_read_otherwise(file):
        return []
    known, whole = index.store.symbols_in_file(path), "\n".join(text)
    if content_hash(whole) != file.content_hash:
        known = definitions_now(known, path, whole, file.language)
    return [s for s in known if s.name_line <= len(text) and s.name in text[s.name_line - 1]]


def find_files(indexes: Sequence[RootIndex], text: str, limit: int) -> list[tuple[Root, str]]:
    """Files whose paths are like `text`, best first, over all roots; of equals, the shortest path."""
    wanted = text.strip().lower()
    found = [
        (score, index.root, path) for index in indexes for path, score in _like(wanted, index.store.paths(), limit)
    ]
    found.sort(key=lambda entry: (-entry[0], len(entry[2]), entry[2]))
    return [(root, path) for _, root, path in found[:limit]]


def _like(wanted: str, paths: Sequence[str], limit: int) -> list[tuple[str, float]]:
    """The paths that are like what is wanted; those that hold it are as like as can be, and mostly enough."""
    holding = [(path, 100.0) for path in paths if wanted in path.lower()] if wanted else []
    if len(holding) >= limit:
        return holding
    near = process.extract(
        wanted, paths, scorer=fuzz.partial_ratio, processor=str.lower, score_cutoff=FILE_CUTOFF, limit=4 * limit
    )
    return [(path, score) for path, score, _ in near]


def find_symbols(indexes: Sequence[RootIndex], query: str, limit: int, placed: Placed) -> list[tuple[Root, Symbol]]:
    """Symbols whose names are like `query`, best first, over all roots; an empty query lists nothing."""
    found: list[tuple[float, RootIndex, str]] = []
    for index in indexes:
        scored = dict(typed(index.store, query, SYMBOL_CUTOFF, limit))
        written = index.store.spellings(scored)
        found += [(score, index, name) for key, score in scored.items() for name in written.get(key, ())]
    found.sort(key=lambda item: (-item[0], len(item[2]), item[2]))
    symbols = (
        (index.root, shown)
        for _, index, name in found
        for symbol in sorted(index.store.definitions(name), key=lambda symbol: (symbol.span.path, symbol.span.start))
        if symbol.name == name and (shown := placed(index, symbol)) is not None
    )
    return list(islice(symbols, limit))


def placed_in_file(index: RootIndex, symbol: Symbol, documents: Documents, max_bytes: int) -> Symbol | None:
    """A definition on the lines that an editor shows; None for a record that is gone, and for a commit."""
    file = index.store.file(symbol.span.path)
    if file is None or not is_read_otherwise(file):
        return symbol
    content = _content(index, file.path, documents, max_bytes) if file.language != "commit" else None
    return record_in_file(symbol, content.reading) if content is not None and content.reading is not None else None


def outline(index: RootIndex, path: str, documents: Documents, max_bytes: int) -> list[Symbol]:
    """The indexed definitions of a file in the order of its lines; what is read in it, as it stands now."""
    file = index.store.file(path)
    if file is None or not is_read_otherwise(file) or file.language == "commit":
        return index.store.symbols_in_file(path)
    content = _content(index, path, documents, max_bytes)
    return records_in_file(path, content.reading) if content is not None and content.reading is not None else []


def _content(index: RootIndex, path: str, documents: Documents, max_bytes: int) -> FileContent | None:
    try:
        content = read_file(index.root, path, documents=documents, max_bytes=max_bytes)
    except OSError:
        return None
    return content if isinstance(content, FileContent) else None


def _distance(definition: Symbol, place: Span) -> tuple[int, int, int]:
    same_file = definition.span.path == place.path
    here, there = _folders(place.path), _folders(definition.span.path)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False)))
    return (
        0 if same_file and definition.span.start <= place.start <= definition.span.end else 1,
        int(definition.kind in _LESS_LIKELY),
        (0 if same_file else 1 + len(here) + len(there) - 2 * shared),
    )


def where_now(index: RootIndex, definition: Symbol, lines: Lines) -> Symbol | None:
    """The definition as it stands now; None where it is gone from the file."""
    file, text = index.store.file(definition.span.path), lines(definition.span.path)
    if file is None or not text or is_read_otherwise(file):
        return None
    whole = "\n".join(text)
    if content_hash(whole) == file.content_hash:
        return definition
    return definition_now(definition, whole, file.language)


def _others(index: RootIndex, definitions: list[Symbol], shown: Symbol, lines: Lines) -> tuple[Span, ...]:
    others = [other for other in definitions if other != shown][:SHOWN_DEFINITIONS]
    return tuple(now.span for other in others if (now := where_now(index, other, lines)) is not None)


def _folders(path: str) -> list[str]:
    return path.split("/")[:-1]
