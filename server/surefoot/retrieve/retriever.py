"""READ FLOW 1: from a question to ranked hits that are true of the working tree right now.

    resolve -> lexical | vector | symbol | place -> link -> fuse -> rerank -> floor -> freshen -> focus

A question of which one part is missing is asked again without it, before `freshen`; one that asks for two things that
are there is ranked by each of them, and the places are taken in turn (question_parts.py).

Invariant: tracing, cancelling and the order of stages live here; the stages are functions from values to values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType

from surefoot.domain import (
    Chunk,
    ChunkKey,
    ChunkPlace,
    Hit,
    IndexState,
    Mention,
    Place,
    Query,
    Ranking,
    Resolved,
    Root,
    Span,
)
from surefoot.errors import StoreError
from surefoot.models.protocols import Embedder
from surefoot.question_parts import questions_in_turn, without_what_is_missing
from surefoot.retrieve.asked import asks_for_flow
from surefoot.retrieve.chain import asks_beyond_code, with_chain, with_flow
from surefoot.retrieve.experiment import NO_EXPERIMENT, Experiment
from surefoot.retrieve.floor import Evidence, weigh_evidence
from surefoot.retrieve.flow import flow
from surefoot.retrieve.focus import focus
from surefoot.retrieve.freshen import FileKey, Looked, follow_buffers, look_at_files
from surefoot.retrieve.fuse import fuse, merge
from surefoot.retrieve.lexical import lexical
from surefoot.retrieve.link import LOOKED_AT, NO_LINKS, LinkRanking, link, may_link
from surefoot.retrieve.named_designs import with_named_designs
from surefoot.retrieve.near_misses import near_misses
from surefoot.retrieve.place import PlaceRanking, at_lines, place, places_first
from surefoot.retrieve.plain_definitions import asks_for_a_name, plain_definitions
from surefoot.retrieve.product import named_roots, only_open, open_root, without_root_names
from surefoot.retrieve.ranker import Walk, in_learned_order
from surefoot.retrieve.repeated import repeated, with_repeated
from surefoot.retrieve.rerank import Candidate, holds_repeated_words, mentioned_names, rerank
from surefoot.retrieve.resolve import resolve
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.sections import means_sections, sections
from surefoot.retrieve.symbol import symbol
from surefoot.retrieve.term_weights import weigh_terms
from surefoot.retrieve.vector import similarities, vector
from surefoot.trace import CancelToken, Stage, Trace
from surefoot.words import chunk_stems, coverage
from surefoot.workspace.documents import Documents

RETRIEVED = 100  # per retriever: BM25's first 50 hold a right file for 98.9 % of questions, twice that is safe
RERANKED = 60  # of the fused list: the rules lift from deep down, but not from nowhere
SPARE_HITS = 6  # looked at beyond k, to fill up what turns out to be gone
FRESHEN_ROUNDS = 3  # files that change faster than they are indexed are dropped after this many
TRACED = 20  # entries of each ranking that are written to the trace
TRACED_TERMS = 100  # words of a question; a pasted stack trace has many
TRACED_HASH = 12  # characters of a hash: enough to tell two versions of one file apart
NO_FLOWS = Ranking("flow", ())
NOTHING_TOLD: Mapping[str, str] = MappingProxyType({})
NO_PLACES = PlaceRanking(Ranking("place", ()), {}, frozenset())

RefreshFiles = Callable[[Root, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Everything that the read walk needs besides the question."""

    indexes: Mapping[Path, RootIndex]
    embedder: Embedder
    documents: Documents
    refresh_files: RefreshFiles  # re-indexes single files, so that a changed one is found again as it is now
    experiment: Experiment = NO_EXPERIMENT
    state: IndexState | None = None  # how much is indexed, for the trace
    has_several_roots: bool = False  # the whole workspace, of which `indexes` may be a part
    is_part: bool = False  # some roots of the workspace are left out

    @property
    def roots(self) -> list[RootIndex]:
        """The indexes to ask."""
        return list(self.indexes.values())

    def of(self, roots: Sequence[RootIndex]) -> Retrieval:
        """The same for some of the roots."""
        is_part = self.is_part or len(roots) < len(self.indexes)
        return replace(self, indexes={index.root.path: index for index in roots}, is_part=is_part)

    def without(self, stage: str) -> bool:
        """Whether an experiment leaves the stage out."""
        return stage in self.experiment.ablated


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Fresh hits, best first, and what the question resolved to. `passed` is false where nothing is about it."""

    hits: tuple[Hit, ...]
    resolved: Resolved
    evidence: Evidence
    near_misses: tuple[str, ...]
    notices: tuple[str, ...] = ()
    is_torn: bool = False  # chunks were replaced between finding and reading them
    pointed_at: Mapping[ChunkKey, Span] = field(default_factory=dict)  # the lines of the chunks that were asked for
    linked: Mapping[ChunkKey, frozenset[str]] = field(default_factory=dict)  # names in chunks that links lead to
    asked_for: Mapping[ChunkKey, Resolved] = field(default_factory=dict)  # which of several questions found a chunk


def retrieve(query: Query, retrieval: Retrieval, trace: Trace, cancel: CancelToken) -> Retrieved:
    """Run the stages; again, where a hit's file had changed and was re-indexed on the spot."""
    notices: list[str] = []
    for round_number in range(FRESHEN_ROUNDS):
        with _one_look(retrieval.roots):
            found = _of_what_is_there(query, retrieval, trace, cancel)
        with trace.stage("freshen") as stage:
            looked = look_at_files(found.hits, retrieval.indexes)
            stale = [file for file, seen in looked.items() if seen.is_stale]
            stage.counts.update(hits=len(found.hits), stale=len(stale))
            stage.details["stale"] = [file.path for file in stale]
            stage.details["files"] = _contents(looked, retrieval)
            if not stale and not found.is_torn:
                break
            last = round_number == FRESHEN_ROUNDS - 1
            if found.is_torn and not last:
                continue
            if last or not _refreshed(stale, retrieval.refresh_files, notices):
                found = _without(found, stale)
                break
    with trace.stage("focus") as stage:
        named = mentioned_names(found.resolved)
        first, spare = found.hits[: query.k], found.hits[query.k :]
        if not retrieval.without("focus"):
            first = tuple(_focused(hit, found, named, retrieval.indexes[hit.root.path]) for hit in first)
        hits = follow_buffers([*first, *spare], retrieval.documents)[: query.k]
        stage.counts["hits"] = len(hits)
        stage.details["hits"] = [_told_hit(hit, retrieval) for hit in hits[:TRACED]]
    near = hits if not found.evidence.passed else ()
    misses = near_misses(found.resolved, near, retrieval.roots)
    stage.details["near_misses"] = list(misses)
    passed = found.evidence.passed and bool(hits)
    told = (*found.notices, *notices)
    return Retrieved(tuple(hits) if passed else (), found.resolved, found.evidence, misses, told)


@contextmanager
def _one_look(roots: Sequence[RootIndex]) -> Iterator[None]:
    """What is read of each root is of one commit; whether that is still the last one is seen after it."""
    with ExitStack() as looks:
        for index in roots:
            looks.enter_context(index.store.one_look())
        yield


def _focused(hit: Hit, found: Retrieved, named: frozenset[str], index: RootIndex) -> Hit:
    lines = found.pointed_at.get(hit.key) if hit.key else None
    named = named | found.linked.get(hit.key, frozenset()) if hit.key else named
    resolved = found.asked_for.get(hit.key, found.resolved) if hit.key else found.resolved
    return focus(hit, resolved, named, index) if lines is None else at_lines(hit, lines, index)


def _of_what_is_there(query: Query, retrieval: Retrieval, trace: Trace, cancel: CancelToken) -> Retrieved:
    """Rank once more by what the question asks for besides what is missing, and by each thing where it asks for two."""
    found = _of_the_product(query, retrieval, trace, cancel)
    if not found.evidence.passed or retrieval.without("parts"):
        return found
    rest = without_what_is_missing(found.resolved, _stems(found, query))
    if not rest:
        return _in_turn(found, query, retrieval, trace, cancel)
    asked = replace(query, text=rest)
    again = _of_the_product(asked, retrieval, trace, cancel, told={"asked_again": rest})
    if not again.evidence.passed:
        return found
    again = _in_turn(again, asked, retrieval, trace, cancel)
    return replace(again, resolved=replace(found.resolved, in_turn=again.resolved.in_turn))


def _in_turn(whole: Retrieved, query: Query, retrieval: Retrieval, trace: Trace, cancel: CancelToken) -> Retrieved:
    """The places of each question in turn, where every one of them stands by itself; after them those of the whole."""
    texts = () if whole.resolved.places else questions_in_turn(whole.resolved, _stems(whole, query))
    searched = whole.resolved.searched
    named = [index for index in retrieval.roots if index.root.name in searched] if searched else retrieval.roots
    found: list[Retrieved] = []
    for text in texts:
        own = replace(query, text=text)
        found.append(_of_the_product(own, retrieval.of(named), trace, cancel, told={"asked_in_turn": text}))
        if not found[-1].evidence.passed:
            return whole
    return _taken_in_turn(whole, found, query.k + SPARE_HITS) if found else whole


def _taken_in_turn(whole: Retrieved, found: Sequence[Retrieved], most: int) -> Retrieved:
    turns = zip_longest(*(each.hits for each in found))
    hits: dict[ChunkKey | None, Hit] = {}
    for hit in (*(hit for turn in turns for hit in turn if hit), *whole.hits):
        hits.setdefault(hit.key, hit)
    everything = [*reversed(found), whole]
    return replace(
        whole,
        hits=tuple(hits.values())[:most],
        resolved=replace(whole.resolved, in_turn={each.resolved.query.text: each.resolved.weights for each in found}),
        notices=tuple(dict.fromkeys(notice for each in (whole, *found) for notice in each.notices)),
        is_torn=any(each.is_torn for each in everything),
        pointed_at={key: lines for each in everything for key, lines in each.pointed_at.items()},
        linked={key: names for each in everything for key, names in each.linked.items()},
        asked_for={hit.key: each.resolved for each in reversed(found) for hit in each.hits if hit.key},
    )


def _stems(found: Retrieved, query: Query) -> list[frozenset[str]]:
    return [chunk_stems(hit.chunk) for hit in found.hits[: query.k]]


def _of_the_product(
    query: Query, retrieval: Retrieval, trace: Trace, cancel: CancelToken, *, told: Mapping[str, str] = NOTHING_TOLD
) -> Retrieved:
    """Rank what the meant product has; all of them only where the open file's has nothing about the question."""
    with trace.stage("resolve") as stage:
        cancel.raise_if_cancelled()
        stage.details.update(told)
        resolved = _resolved(query, retrieval, retrieval.roots)
        named = implied = []
        if len(retrieval.roots) > 1 and not retrieval.without("product"):
            named = named_roots(resolved, retrieval.roots)
            implied = [] if named else open_root(query.open_file, retrieval.roots)
        stage.details["products"] = [index.root.name for index in named or implied]
        _describe_resolved(resolved, stage)
        stage.details["index"] = _index_state(resolved, retrieval)
    if named or implied:
        found = _ranked(query, retrieval.of(named or implied), trace, cancel)
        if named:
            return found
        if found.evidence.passed:
            return replace(found, notices=(only_open(implied[0].root),))
    return _ranked(query, retrieval, trace, cancel, resolved)


def _resolved(query: Query, retrieval: Retrieval, roots: Sequence[RootIndex]) -> Resolved:
    resolved = resolve(query, roots)
    if retrieval.without("resolve"):
        resolved = replace(resolved, mentions=(), places=())
    resolved = with_named_designs(weigh_terms(resolved, roots), roots)
    if retrieval.is_part:
        resolved = replace(without_root_names(resolved, roots), searched=tuple(index.root.name for index in roots))
    return resolved


def _describe_resolved(resolved: Resolved, stage: Stage) -> None:
    stage.counts["mentions"] = len(resolved.mentions)
    if resolved.query.added:
        stage.details.update(understood=resolved.query.text, added=list(resolved.query.added))
    stage.details["mentions"] = [_told_mention(mention) for mention in resolved.mentions[:TRACED]]
    stage.details["terms"] = {term: round(weight, 2) for term, weight in list(resolved.weights.items())[:TRACED_TERMS]}
    if resolved.places:
        stage.details["places_named"] = [str(place.span) for place in resolved.places[:TRACED]]


def _told_mention(mention: Mention) -> dict[str, object]:
    """How sure the words are to be a name decides what the rules and the floor make of it."""
    meant = "code" if mention.is_code else "name" if mention.is_name else "word"
    return {
        "text": mention.text,
        "kind": mention.kind.value,
        "meant_as": meant,
        "targets": list(mention.targets[:TRACED]),
        "similarity": round(mention.similarity, 3),
    }


def _index_state(resolved: Resolved, retrieval: Retrieval) -> dict[str, object]:
    """How much is indexed, and each root's generation: where that is the same, so is the index."""
    counted = asdict(retrieval.state) if retrieval.state is not None else {"chunks": resolved.chunks}
    return counted | {"generations": {index.root.name: index.store.generation() for index in retrieval.roots}}


def _ranked(
    query: Query, retrieval: Retrieval, trace: Trace, cancel: CancelToken, resolved: Resolved | None = None
) -> Retrieved:
    roots = retrieval.roots
    resolved = resolved or _resolved(query, retrieval, roots)
    by_words, said = _by_words(resolved, retrieval, trace, cancel)
    by_vector, embedded = _by_vector(resolved, retrieval, trace, cancel)
    by_symbol = _by_symbol(resolved, retrieval, trace, cancel)
    text = resolved.query.text
    is_pointing = bool(resolved.places or asks_for_a_name(text)) or means_sections(text, roots)
    by_place = _by_place(resolved, retrieval, trace, cancel) if is_pointing else NO_PLACES
    resolved = replace(resolved, places=tuple(asked for asked in resolved.places if asked in by_place.found))
    # The place goes first, so that it is the first of several reasons too.
    rankings = (*([] if by_place is NO_PLACES else [by_place.ranking]), by_words, by_vector, by_symbol)
    by_link = _by_link(rankings, resolved, retrieval, trace, cancel)
    rankings = (*rankings, by_link.ranking)
    with trace.stage("fuse") as stage:
        cancel.raise_if_cancelled()
        linked = frozenset(key for key, _ in by_link.ranking.entries[: 2 * query.k])
        fused = fuse(rankings, max(RERANKED, query.k + SPARE_HITS), linked)
        candidates = _load(retrieval.indexes, [(f.key, f.score, f.retrievers) for f in fused])
        stage.counts["fused"] = len(candidates)
        _tell_places(rankings, candidates, retrieval, trace)
        stage.details["ranking"] = [
            _ranked_entry(candidate, retrieval) | {"retrievers": dict(candidate.retrievers)}
            for candidate in candidates[:TRACED]
        ]
        if retrieval.experiment.observed:
            stage.details["places"] = _places(candidates, retrieval.indexes)
    with trace.stage("rerank") as stage:
        cancel.raise_if_cancelled()
        if embedded is not None:
            _compare(candidates, embedded, retrieval)
        ranked = rerank(candidates, resolved, retrieval.experiment.ablated, said)
        ranked = with_chain(ranked, by_link.ranking, resolved, query.k)
        by_flow = NO_FLOWS
        if by_link.ranking.entries and asks_for_flow(resolved) and not retrieval.without("flow"):
            ranked, by_flow = _with_flow(ranked, by_link.ranking, resolved, retrieval)
        if by_link.ranking.entries and asks_beyond_code(ranked, resolved):
            ranked = _in_learned_order(Walk.of(ranked, by_link.ranking, by_flow, query.k), query, retrieval)
        ranked = places_first(ranked, by_place.ranking)
        stage.details["ranking"] = [_described(candidate, retrieval) for candidate in ranked[:TRACED]]
        if retrieval.experiment.observed:
            stage.details["places"] = _places(ranked, retrieval.indexes)
    with trace.stage("floor") as stage:
        similarity = by_vector.entries[0][1] if by_vector.entries else 0.0
        evidence = weigh_evidence(resolved, ranked, similarity, roots)
        if by_place.ranking.entries:
            what = "lines that the question names are" if resolved.places else "section that the question means is"
            evidence = replace(evidence, passed=True, reason=f"the {what} indexed")
        if retrieval.without("floor") and ranked:
            evidence = replace(evidence, passed=True)
        stage.details.update(reason=evidence.reason, passed=evidence.passed)
        stage.counts.update(coverage=round(evidence.coverage, 3), similarity=round(similarity, 3))
    hits = tuple(_hit(candidate, retrieval.indexes) for candidate in ranked[: query.k + SPARE_HITS])
    torn = len(candidates) < len(fused)
    return Retrieved(hits, resolved, evidence, (), is_torn=torn, pointed_at=by_place.lines, linked=by_link.names)


def _with_flow(
    ranked: list[Candidate], by_link: Ranking, resolved: Resolved, retrieval: Retrieval
) -> tuple[list[Candidate], Ranking]:
    """The hits, with what the flows lead to that the first ones are part of; and where these lead."""
    query = resolved.query
    found = merge([flow(index, resolved, ranked, index.scope(query.scope)) for index in retrieval.roots])
    known = {candidate.key for candidate in ranked}
    unknown = [(key, 0.0, {"flow": rank}) for rank, (key, _) in enumerate(found.entries, 1) if key not in known]
    more = _load(retrieval.indexes, unknown[:RERANKED])
    for candidate in more:
        candidate.coverage = coverage(resolved.weights, chunk_stems(candidate.chunk))
    return with_flow(ranked + more, found, by_link, resolved, query.k), found


def _in_learned_order(walk: Walk, query: Query, retrieval: Retrieval) -> list[Candidate]:
    if retrieval.experiment.walked is not None:
        retrieval.experiment.walked(query.text, walk)
    left_out = retrieval.without("ranker") or retrieval.without("rerank")
    return list(walk.ranked) if left_out else in_learned_order(walk)


def _by_words(
    resolved: Resolved, retrieval: Retrieval, trace: Trace, cancel: CancelToken
) -> tuple[Ranking, dict[ChunkKey, float]]:
    """What holds words of the question, before all those that it repeats in their order; and how much these say."""
    with trace.stage("lexical") as stage:
        cancel.raise_if_cancelled()
        depth = _depth(resolved.query)
        rankings: list[Ranking] = []
        strengths: dict[ChunkKey, float] = {}
        for index in retrieval.roots:
            scope = index.scope(resolved.query.scope)
            found = {} if retrieval.without(holds_repeated_words.__name__) else repeated(index, resolved, scope)
            strengths |= found
            rankings.append(with_repeated(lexical(index, resolved, scope, depth), found, depth))
        stage.counts["repeated"] = len(strengths)
        return _noted(merge(rankings), stage, retrieval), strengths


def _by_vector(
    resolved: Resolved, retrieval: Retrieval, trace: Trace, cancel: CancelToken
) -> tuple[Ranking, bytes | None]:
    """What is like the question, and the question's vector, with which the rules compare what others found."""
    with trace.stage("vector") as stage:
        cancel.raise_if_cancelled()
        if resolved.places and not resolved.terms:  # "what happens here?" is like nothing in particular
            return _noted(Ranking("vector", ()), stage, retrieval), None
        query = resolved.query
        embedded = retrieval.embedder.embed_query(resolved.words)
        rankings = [vector(index, embedded, index.scope(query.scope), _depth(query)) for index in retrieval.roots]
        left_out = retrieval.without("vector")
        return _noted(merge(rankings), stage, retrieval), None if left_out else embedded


def _compare(candidates: Sequence[Candidate], embedded: bytes, retrieval: Retrieval) -> None:
    """Write to each candidate how alike it is to the question."""
    found: dict[ChunkKey, float] = {}
    for path, index in retrieval.indexes.items():
        found |= similarities(index, embedded, [each.key.chunk_id for each in candidates if each.key.root == path])
    for candidate in candidates:
        candidate.similarity = found.get(candidate.key, 0.0)


def _by_symbol(resolved: Resolved, retrieval: Retrieval, trace: Trace, cancel: CancelToken) -> Ranking:
    with trace.stage("symbol") as stage:
        cancel.raise_if_cancelled()
        scope, depth = resolved.query.scope, _depth(resolved.query)
        rankings = [symbol(index, resolved, index.scope(scope), depth) for index in retrieval.roots]
        return _noted(merge(rankings), stage, retrieval)


def _by_place(resolved: Resolved, retrieval: Retrieval, trace: Trace, cancel: CancelToken) -> PlaceRanking:
    with trace.stage("place") as stage:
        cancel.raise_if_cancelled()
        scope = resolved.query.scope
        found = [place(index, resolved, index.scope(scope), retrieval.documents) for index in retrieval.roots]
        found += [sections(index, resolved, index.scope(scope)) for index in retrieval.roots]
        found += [plain_definitions(index, resolved, index.scope(scope)) for index in retrieval.roots]
        merged = merge([each.ranking for each in found])
        first = replace(merged, entries=merged.entries[: _depth(resolved.query)])
        lines = {key: span for each in found for key, span in each.lines.items()}
        places = frozenset[Place]().union(*(each.found for each in found))
        return PlaceRanking(_noted(first, stage, retrieval), lines, places)


def _by_link(
    others: Sequence[Ranking], resolved: Resolved, retrieval: Retrieval, trace: Trace, cancel: CancelToken
) -> LinkRanking:
    with trace.stage("link") as stage:
        cancel.raise_if_cancelled()
        with_records = [index for index in retrieval.roots if index.store.has_records()]
        if not with_records or retrieval.without("link"):
            _noted(NO_LINKS.ranking, stage, retrieval)
            return NO_LINKS
        scope, depth = resolved.query.scope, _depth(resolved.query)
        first = [found.key for found in fuse(others, LOOKED_AT)]
        linkable = [index for index in with_records if may_link(index, resolved, first)]
        found = [link(index, resolved, first, index.scope(scope), depth) for index in linkable] or [NO_LINKS]
        names = {key: inside for each in found for key, inside in each.names.items()}
        return LinkRanking(_noted(merge([each.ranking for each in found]), stage, retrieval), names)


def _noted(ranking: Ranking, stage: Stage, retrieval: Retrieval) -> Ranking:
    """The ranking, once the trace has it; an empty one where an experiment leaves the retriever out."""
    if retrieval.without(ranking.retriever):
        ranking = replace(ranking, entries=())
    stage.counts["found"] = len(ranking.entries)
    if retrieval.experiment.observed:
        loaded = _load(retrieval.indexes, [(key, score, {}) for key, score in ranking.entries])
        stage.details["places"] = _places(loaded, retrieval.indexes)
    return ranking


def _tell_places(
    rankings: Sequence[Ranking], candidates: Sequence[Candidate], retrieval: Retrieval, trace: Trace
) -> None:
    """Write the first places of each ranking to its stage. Most are among the candidates, which are loaded anyway."""
    places = {c.key: _place_of(c.chunk) for c in candidates}
    first = {ranking.retriever: ranking.entries[:TRACED] for ranking in rankings}
    others = [key for entries in first.values() for key, _ in entries if key not in places]
    for path, index in retrieval.indexes.items():
        ids = list(dict.fromkeys(key.chunk_id for key in others if key.root == path))
        places.update({ChunkKey(path, number): place for number, place in index.store.chunk_places(ids).items()})
    latest = {stage.name: stage for stage in trace.stages}  # of a stage that ran before, the last run counts
    for retriever, entries in first.items():
        latest[retriever].details["ranking"] = [
            _place(key, places[key], retrieval) | {"score": round(score, 4)} for key, score in entries if key in places
        ]


def _place(key: ChunkKey, place: ChunkPlace, retrieval: Retrieval) -> dict[str, object]:
    """Where a chunk stands, for people; the root's name where there are several."""
    root = {"root": retrieval.indexes[key.root].root.name} if retrieval.has_several_roots else {}
    line = {"line": place.file_line} if place.file_line > 0 else {}  # what stands in a reading is opened there
    return {"place": str(place.span), "symbol": place.symbol, **line, **root}


def _place_of(chunk: Chunk) -> ChunkPlace:
    return ChunkPlace(chunk.span, chunk.symbol, chunk.file_line)


def _places(candidates: Sequence[Candidate], indexes: Mapping[Path, RootIndex]) -> list[list[object]]:
    """Root, path and lines of each candidate, for evaluations to say where a right place was lost."""
    spans = ((indexes[candidate.key.root].root.name, candidate.chunk.span) for candidate in candidates)
    return [[root, span.path, span.start, span.end] for root, span in spans]


def _ranked_entry(candidate: Candidate, retrieval: Retrieval) -> dict[str, object]:
    place = _place(candidate.key, _place_of(candidate.chunk), retrieval)
    return place | {"score": round(candidate.score, 5)}


def _told_hit(hit: Hit, retrieval: Retrieval) -> dict[str, object]:
    """What was shown. The hash tells a later replay whether the lines have another text since."""
    told = _place(ChunkKey(hit.root.path, 0), _place_of(hit.chunk), retrieval)
    return told | {"score": round(hit.score, 5), "hash": hit.chunk.content_hash[:TRACED_HASH]}


def _contents(looked: Mapping[FileKey, Looked], retrieval: Retrieval) -> dict[str, str]:
    """The content of each hit's file, as a hash: what a later replay finds changed."""
    several = retrieval.has_several_roots
    return {
        f"{file.root.name}/{file.path}" if several else file.path: seen.content_hash[:TRACED_HASH]
        for file, seen in list(looked.items())[:TRACED]
    }


def _described(candidate: Candidate, retrieval: Retrieval) -> dict[str, object]:
    return {
        **_ranked_entry(candidate, retrieval),
        "retrievers": dict(candidate.retrievers),
        "rules": {rule: round(factor, 3) for rule, factor in candidate.rules.items()},
        "coverage": round(candidate.coverage, 3),
        "similarity": round(candidate.similarity, 3),
        **({} if not candidate.learned else {"learned": round(candidate.learned, 3)}),
    }


def _depth(query: Query) -> int:
    return max(RETRIEVED, query.k + SPARE_HITS)


def _load(indexes: Mapping[Path, RootIndex], entries: list[tuple[ChunkKey, float, dict[str, int]]]) -> list[Candidate]:
    chunks = {}
    for path, index in indexes.items():
        loaded = index.store.chunks([key.chunk_id for key, _, _ in entries if key.root == path])
        chunks.update({ChunkKey(path, chunk_id): chunk for chunk_id, chunk in loaded.items()})
    return [Candidate(key, chunks[key], score, retrievers, {}) for key, score, retrievers in entries if key in chunks]


def _hit(candidate: Candidate, indexes: Mapping[Path, RootIndex]) -> Hit:
    root = indexes[candidate.key.root].root
    return Hit(root, candidate.chunk, candidate.score, candidate.retrievers, candidate.rules, candidate.key)


def _refreshed(stale: Sequence[FileKey], refresh_files: RefreshFiles, notices: list[str]) -> bool:
    try:
        for root in dict.fromkeys(file.root for file in stale):
            refresh_files(root, [file.path for file in stale if file.root == root])
    except StoreError as error:
        notices.append(f"Changed files could not be re-indexed and are left out: {error}")
        return False
    return True


def _without(found: Retrieved, stale: Sequence[FileKey]) -> Retrieved:
    left_out = {(file.root, file.path) for file in stale}
    kept = tuple(hit for hit in found.hits if (hit.root, hit.chunk.span.path) not in left_out)
    return replace(found, hits=kept, is_torn=False)
