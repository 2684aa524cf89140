"""All places of a name: its definitions and every line that uses it, read now, a page at a time.

Invariant: every line that is returned holds the name at this moment; where not everything was looked at, the total is
said to be "at least".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surefoot.domain import Chunk, Reference, ReferenceKind, References, Source, Span, Symbol
from surefoot.errors import QueryError
from surefoot.retrieve.named import LONGEST_NAME, Named, known_definitions, parts_of_name
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.usages import Telling, named_in
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.syntax.languages import is_document, language_of

READ_CHUNKS = 5000  # that hold the word; a name in more of them is in every file, and nobody reads the rest
MOST_SHOWN = 1000  # of one page
LONGEST_LINE = 400  # characters of a line that are shown

_WORD = re.compile(r"[\w$]+")
_KINDS = {
    Telling.CODE: ReferenceKind.CODE,
    Telling.TEST: ReferenceKind.TEST,
    Telling.TEXT: ReferenceKind.TEXT,
    Telling.DOCUMENT: ReferenceKind.DOCUMENT,
}
_ORDER = {kind: number for number, kind in enumerate(ReferenceKind)}


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the list is wanted."""

    offset: int = 0
    limit: int = 50


def references(named: Named, tree: WorkingTree, page: Page) -> References:
    """The definitions that the name may mean, and the lines that use it. Raises QueryError for an unknown name.

    A name without a definition is other software's, or its definition has just been deleted: who uses it is told. A
    qualified name chooses the definitions; what uses them is told by the name alone, since no types are known.
    """
    if page.offset < 0 or not 1 <= page.limit <= MOST_SHOWN:
        raise QueryError(f"A page begins at 0 or later and has 1 to {MOST_SHOWN:,} entries; ask for such a page.")
    name, found = _looked_up(named, tree)
    used, is_whole = _usages(name, tree)
    entries = sorted([*_defined(found, tree), *used], key=_order)
    shown = tuple(entries[page.offset : page.offset + page.limit])
    end = page.offset + len(shown)
    more = end if shown and end < len(entries) else None
    return References(name, shown, len(entries), is_whole, page.offset, more)


def _looked_up(named: Named, tree: WorkingTree) -> tuple[str, list[Definition]]:
    """The word to look for, and its definitions; none where the name is only used. Raises QueryError."""
    try:
        found = [each for each in map(tree.standing, known_definitions(named, tree)) if each is not None]
    except QueryError:
        bare = ".".join(parts_of_name(named.name[:LONGEST_NAME]))
        is_defined = bool(bare) and bool(tree.definitions(parts_of_name(bare)[-1]))
        if not bare or is_defined or len(named.name) > LONGEST_NAME or not any(_usages(bare, tree)[0]):
            raise
        return bare, []
    return (found[0].symbol.name if found else named.name), found


def _order(reference: Reference) -> tuple[int, str, str, int]:
    return _ORDER[reference.kind], str(reference.root.path), reference.path, reference.line


def _defined(found: Sequence[Definition], tree: WorkingTree) -> Iterator[Reference]:
    for each in found:
        symbol = each.symbol
        text = tree.lines(each.index, symbol.span.path)[symbol.name_line - 1]
        yield Reference(
            each.index.root,
            symbol.span.path,
            symbol.name_line,
            text.strip()[:LONGEST_LINE],
            symbol.qualified_name,
            ReferenceKind.DEFINITION,
        )


def _usages(name: str, tree: WorkingTree) -> tuple[list[Reference], bool]:
    pattern = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    defined = {(each.index, each.symbol.span.path, each.symbol.name_line) for each in tree.definitions(name)}
    found: list[Reference] = []
    is_whole = True
    for index in tree.indexes:
        paths, is_all = _files_with(index, name, tree)
        is_whole &= is_all
        for path in paths:
            found += [
                Reference(index.root, path, line, text.strip()[:LONGEST_LINE], around, _KINDS[telling])
                for line, text, around, telling in _named_now(index, path, (name, pattern), tree)
                if (index, path, line) not in defined
            ]
    return found, is_whole


def _files_with(index: RootIndex, name: str, tree: WorkingTree) -> tuple[list[str], bool]:
    """The files whose indexed text or unsaved buffer holds the word, and whether these are all."""
    last = name.rpartition(".")[2]
    word = "".join(_WORD.findall(last.lower())).strip("_$")
    chunks = index.store.mentioning(word, READ_CHUNKS + 1) if word else []
    paths = {chunk.span.path for chunk in chunks[:READ_CHUNKS] if name in chunk.text and _has_lines(chunk)}
    paths |= tree.unsaved[index]
    ours = (path for path in paths if not path.startswith(index.nested or ("\0",)))
    return sorted(ours), len(chunks) <= READ_CHUNKS


def _has_lines(chunk: Chunk) -> bool:
    """Whether its file has lines that people read: a notebook has, an export of tickets or a drawing has not."""
    return chunk.file_line == 0 or chunk.language == "notebook"


def _named_now(
    index: RootIndex, path: str, wanted: tuple[str, re.Pattern[str]], tree: WorkingTree
) -> Iterator[tuple[int, str, str, Telling]]:
    """The lines of a file that hold the name now, each with the innermost definition around it."""
    name, pattern = wanted
    lines = tree.lines(index, path)
    text = "\n".join(lines)
    if not text or not pattern.search(text):
        return
    language = language_of(path, lines[0], text=text)
    source = Source.DOCS if is_document(path, language) else Source.CODE
    whole = Chunk(Span(path, 1, len(lines)), source, language, text)
    symbols = tree.symbols(index, path)
    for number, line, telling in named_in(whole, name, pattern):
        around = innermost(symbols, number)
        yield number, line, around.qualified_name if around is not None else "", telling


def innermost(symbols: Sequence[Symbol], line: int) -> Symbol | None:
    """The smallest definition that holds a line."""
    around = [symbol for symbol in symbols if symbol.span.start <= line <= symbol.span.end]
    return min(around, key=lambda symbol: (symbol.span.end - symbol.span.start, -symbol.span.start), default=None)
