"""Symbol stage: the definitions of what the question mentions, and the files that it names."""

from __future__ import annotations

from collections.abc import Sequence

from surefoot.domain import ChunkKey, Mention, MentionKind, Ranking, Resolved, Scope, Symbol, SymbolKind
from surefoot.readings.trackers.ticket import dated
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import fold

# How likely a mention of this kind of name is meant: people ask about functions and types, rarely about a key.
KIND_WEIGHTS = {
    SymbolKind.VARIABLE: 0.6,
    SymbolKind.FIELD: 0.7,
    SymbolKind.PROPERTY: 0.8,
    SymbolKind.STRING: 0.5,
    SymbolKind.KEY: 0.4,
    SymbolKind.ENUM_MEMBER: 0.7,
    SymbolKind.TYPE_PARAMETER: 0.5,
}
COMPOUND_WEIGHT = 0.7  # "citation verdict" in a sentence may be CitationVerdict, or just two words
CONTAINER_BONUS = 1.5  # the question names the class as well: `Session.get`
LATER_TARGET = 0.08  # taken off per position of the target: best matches come first
OLDER_STATE = 0.05  # taken off per later state of the same ticket: exports of other days hold it too
MOST_LATER = 5  # of those states that count
FILE_CHUNKS = 6  # of a file named in the question; its head says what it is for
FILE_WEIGHT = 0.8  # a named file counts a little less than a named definition in it


def symbol(index: RootIndex, resolved: Resolved, scope: Scope, limit: int) -> Ranking:
    """The chunks that define what is mentioned, best first."""
    scores: dict[int, float] = {}
    for mention in filter(_is_telling, resolved.mentions):
        for chunk_id, score in _of_mention(index, mention, resolved, scope):
            scores[chunk_id] = max(scores.get(chunk_id, 0.0), score)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return Ranking("symbol", tuple((ChunkKey(index.root.path, chunk_id), score) for chunk_id, score in ranked))


def _is_telling(mention: Mention) -> bool:
    """Not a single plain word: "order" in a sentence is hardly ever the field `order`, and words are lexical's task."""
    return mention.is_name or " " in mention.text


def _of_mention(index: RootIndex, mention: Mention, resolved: Resolved, scope: Scope) -> list[tuple[int, float]]:
    found = []
    for position, target in enumerate(mention.targets):
        order = 1 - LATER_TARGET * position
        if mention.kind is MentionKind.PATH:
            ids = index.store.chunk_ids(target, scope)[:FILE_CHUNKS]
            found += [(chunk_id, FILE_WEIGHT * order * (1 - 0.05 * place)) for place, chunk_id in enumerate(ids)]
        elif mention.kind is MentionKind.SYMBOL:
            weight = mention.similarity * order * (1.0 if mention.is_name else COMPOUND_WEIGHT)
            definitions = index.store.symbols(target, scope)
            days = sorted({dated(each.signature) for each, _ in definitions if each.kind is SymbolKind.EVENT})
            for definition, chunk_id in definitions:
                later = _later(days, definition)
                found.append((chunk_id, weight * (1 - OLDER_STATE * later) * _fit(definition, mention, resolved)))
    return found


def _later(days: Sequence[str], definition: Symbol) -> int:
    """How many of the days on which a ticket was as its exports have it are later than this one's."""
    if definition.kind is not SymbolKind.EVENT:
        return 0
    day = dated(definition.signature)
    return min(sum(each > day for each in days), MOST_LATER)


def _fit(definition: Symbol, mention: Mention, resolved: Resolved) -> float:
    weight = KIND_WEIGHTS.get(definition.kind, 1.0)
    container = definition.container.rsplit(".", 1)[-1]
    named = fold(mention.text) == fold(container + definition.name)
    asked = container and fold(container) in {fold(other.text) for other in resolved.mentions if other != mention}
    return weight * (CONTAINER_BONUS if container and (named or asked) else 1.0)
