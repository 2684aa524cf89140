"""Sections that a question means without naming them: what opens the README, and what stands under a version.

Invariant: reads the index, and the names of tags where no section has a version; a section that is found has that
very version in its heading, and a question that asks for more than the project as a whole finds no README here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from surefoot.domain import Chunk, ChunkKey, Mention, MentionKind, Ranking, Resolved, Scope, Source, Span
from surefoot.links.versions import has_version, only_longer, project_names, versions_asked
from surefoot.retrieve.lexical import COLUMN_WEIGHTS
from surefoot.retrieve.place import PlaceRanking, symbols_of
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import index_words
from surefoot.workspace.git import repository_above, tags_like

MOST_HOLDING = 40  # chunks with the numbers of a version in a heading
MOST_SECTIONS = 6
ONLY_A_TITLE = 3  # lines between a title and the heading below it
RECORDS = Scope(sources=(Source.TICKETS, Source.COMMITS))

_THIS = (
    r"(?:this|the|our)\s+(?:project|repo|repository|codebase|code\s+base|program|software|library|package|application"
    r"|app|tool)(?:\s+here)?"
)
_WHOLE = re.compile(
    r"\s*(?:(?:please|hi|hello|hey)[,!]?\s+)?(?:(?:can|could)\s+you\s+(?:please\s+)?)?(?:"
    rf"what\s+(?:does|can|is|do)\s+{_THIS}(?:\s+(?:do|about|for|all\s+about|good\s+for|meant\s+for|used\s+for))?"
    rf"|what(?:['\u2019]s)\s+{_THIS}(?:\s+(?:about|for|all\s+about|good\s+for))?"
    rf"|what(?:\s+is|['\u2019]s)\s+the\s+(?:purpose|goal|aim|point)\s+of\s+{_THIS}"
    rf"|(?:summari[sz]e|describe|explain|introduce)\s+(?:me\s+)?{_THIS}"
    rf"|(?:tell\s+me|say\s+something)\s+about\s+{_THIS}"
    rf"|(?:give\s+(?:me\s+)?)?(?:an?\s+)?(?:short\s+|brief\s+|quick\s+)?"
    rf"(?:summary|overview|description|introduction)\s+(?:of|to)\s+{_THIS}"
    r")\s*(?:,?\s*please)?\s*[?.!]*\s*",
    re.IGNORECASE,
)


def asks_about_the_whole(text: str) -> bool:
    """Whether a question is about the project as a whole, and asks for nothing else."""
    return len(text) < 200 and _WHOLE.fullmatch(text) is not None


def version_mentions(text: str, roots: Sequence[RootIndex]) -> list[Mention]:
    """The versions that a question names: with the headings that have them, or as what is not there.

    Neither is code, as a number is that only looks like a version.
    """
    mentions = []
    for version in _versions(text, roots):
        found = [heading for index in roots for _, _, heading in _under(index, version, Scope())]
        if found:
            mentions.append(Mention(version, MentionKind.SYMBOL, tuple(dict.fromkeys(found))))
        else:
            kind = MentionKind.SYMBOL if any(_is_known(index, version) for index in roots) else MentionKind.UNRESOLVED
            mentions.append(Mention(version, kind))
    return mentions


def _versions(text: str, roots: Sequence[RootIndex]) -> list[str]:
    return versions_asked(text, {name for index in roots for name in project_names(index.root.name)})


def _is_known(index: RootIndex, version: str) -> bool:
    """Whether a ticket, a commit or a tag has it."""
    if index.store.lexical(_phrase(version), RECORDS, 1, COLUMN_WEIGHTS):
        return True
    repository = repository_above(index.root.path.as_posix())
    return repository is not None and any(has_version(tag, version) for tag in tags_like(repository, version))


def sections(index: RootIndex, resolved: Resolved, scope: Scope) -> PlaceRanking:
    """The chunks that the question means as a whole, best first."""
    text = resolved.query.text
    lines = _opening(index, scope) if asks_about_the_whole(text) else {}
    for version in _versions(text, [index]):
        for number, span, _ in _under(index, version, scope):
            lines.setdefault(number, span)
    keys = {number: ChunkKey(index.root.path, number) for number in lines}
    entries = tuple((key, 1.0 / rank) for rank, key in enumerate(keys.values(), start=1))
    meant = {keys[number]: span for number, span in lines.items()}
    return PlaceRanking(Ranking("place", entries), meant, frozenset())


def means_sections(text: str, roots: Sequence[RootIndex]) -> bool:
    """Whether `sections` is worth asking."""
    return asks_about_the_whole(text) or bool(_versions(text, roots))


def _opening(index: RootIndex, scope: Scope) -> dict[int, Span]:
    """What the README nearest to the root begins with: its first section, without badges above and sections below."""
    for path in sorted(index.store.paths_named("readme"), key=lambda path: (path.count("/"), path)):
        chunks = index.store.chunks(index.store.chunk_ids(path, scope))
        spans = {number: _first_section(index, chunk) for number, chunk in chunks.items()}
        headed = {number: span for number, span in spans.items() if span is not None}
        for number in [*headed, *chunks][:1]:
            return {number: headed.get(number, chunks[number].span)}
    return {}


def _first_section(index: RootIndex, chunk: Chunk) -> Span | None:
    """From the first heading of a chunk to the next one below which is text; None where no heading is in it."""
    inside = {each.span.start for each in symbols_of(index, chunk.span)}
    heads = sorted(inside | ({chunk.span.start} if chunk.symbol else set()))
    if not heads:
        return None
    below = next((line for line in heads if line > heads[0] + ONLY_A_TITLE), chunk.span.end + 1)
    return replace(chunk.span, start=heads[0], end=below - 1)


def _under(index: RootIndex, version: str, scope: Scope) -> list[tuple[int, Span, str]]:
    """The chunks of documents under a heading with the version: which of their lines, and the heading; its own first.

    A chunk may be a part of the section, or hold several short sections. Of a version that no heading has, those of the
    only one that begins with it: who asks for 2.2 means 2.2.0 where there is no other.
    """
    if scope.sources and Source.DOCS not in scope.sources:
        return []
    documents = replace(scope, sources=(Source.DOCS,))
    rows = index.store.lexical(_phrase(version), documents, MOST_HOLDING, COLUMN_WEIGHTS)
    chunks = index.store.chunks([number for number, _ in rows])
    found = _headed(index, chunks, version)
    if not found:
        names = (each.name for chunk in chunks.values() for each in symbols_of(index, chunk.span))
        longer = only_longer(version, (*(chunk.symbol for chunk in chunks.values()), *names))
        found = _headed(index, chunks, longer) if longer else []
    return [(number, span, heading) for _, _, number, span, heading in sorted(found, key=_order)[:MOST_SECTIONS]]


def _headed(index: RootIndex, chunks: Mapping[int, Chunk], version: str) -> list[tuple[bool, int, int, Span, str]]:
    found = []
    for number, chunk in chunks.items():
        heading = chunk.signature or chunk.symbol
        if has_version(chunk.symbol, version):
            found.append((not has_version(heading, version), len(heading), number, chunk.span, heading))
            continue
        inside = (each for each in symbols_of(index, chunk.span) if has_version(each.name, version))
        found += [(False, len(each.name), number, each.span, each.name) for each in inside]
    return found


def _order(found: tuple[bool, int, int, Span, str]) -> tuple[bool, int, int]:
    """Plain headings with the version, then what is below one in the order of the document."""
    is_below, length, number, _, _ = found
    return is_below, 0 if is_below else length, number


def _phrase(version: str) -> str:
    return f'"{index_words(version)}"'
