"""Rerank stage: what one knows about code, as one named rule per fact. Each rule multiplies a hit's score.

Invariant: a rule sees one hit and the question; only `spread_over_files` looks at the order, and runs last.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from surefoot.domain import Chunk, ChunkKey, MentionKind, Resolved, Source
from surefoot.retrieve.asked import asked_sources
from surefoot.words import chunk_stems, coverage, fold, stem, stems_of
from surefoot.workspace.skip import OWN_FOLDER

# What is left of the place in the fused list: it decides what is looked at, and says little of what of that is right.
FUSED_SHARE = 0.1
SIMILARITY_BOOST = 3.0  # what the chunk's cosine similarity is multiplied by in the exponent
# Where links lead somewhere, lists that agree say more, and likeness less: see the chain in `link`.
FUSED_SHARE_LINKED, SIMILARITY_BOOST_LINKED = 0.5, 1.5
LINKED_SIMILARITY = 0.4  # what is linked counts as at least this much alike
NAMED_SIMILARITY = 0.6  # and what the question names
NAME_PLACE_BOOST = 0.4  # over the place in the list of names
LINK_PLACE_BOOST = 0.2  # over the place in the list of links
DEFINITION_BOOST = 1.6  # the chunk defines what the question names
# And the question spells it as code, or as the operation that it is: nothing else is meant.
CODE_NAME_BOOST = 2.5
UNDEFINED_NAME_BOOST = 3.0  # the chunk holds a name that the question spells as code and that nothing defines
ONLY_NAME_BOOST = 4.0  # and names nothing else: what only shares parts of the name comes behind all definitions
SYMBOL_WORDS_BOOST = 0.8  # times the share of the question (by weight) that stands in the symbol's own name
FILE_NAME_BOOST = 0.7  # times the share that stands in the file's name: people name files after what they do
REPEATED_BOOST = 1.5  # times how much it says that the chunk holds or shows words that the question repeats
REPEATED_IN_RECORD = 0.5  # of that, for a ticket that repeats them too
COVERAGE_BOOST = 1.5  # times the share that stands anywhere in the chunk: OR-matching alone rewards one loud word
FILE_SUPPORT_BOOST = 0.06  # per further candidate of the same file: a file that keeps turning up is about the matter
MOST_SUPPORT = 4
# Tests, examples, generated and compatibility code show a thing, workflows and hooks run it; they are not the thing.
SIDE_CODE_PENALTY = 0.5
DOCS_PENALTY = 0.7  # prose repeats the words of a question more often than the code that answers it
RECORD_PENALTY = 0.6  # tickets and commits are many and wordy, and tell what was, not what is
OUTDATED_PENALTY = 0.6  # a duplicate, a decision that another one replaced: what counts is elsewhere
REPEATED_FILE_DECAY = 0.75  # per earlier hit of the same file: ten places of one file crowd out the second file
MOST_REPEATS = 3

FEWEST_LETTERS = 4  # of a name that is looked for though nothing defines it
# Flags, operators of a type and what Ruby puts behind a name included.
_NAME = re.compile(r"(?:--?|[@#$~.])?[A-Za-z_][\w$]*(?:(?:[-.:/]+|->|<)[\w$]+)*[?!=:>]{0,2}(?:\([^()]*\))?")

_SIDE_FOLDERS = frozenset(
    """
    test tests testing spec specs __tests__ e2e fixtures testdata mocks mock example examples samples sample demo demos
    benchmark benchmarks bench generated dist compat legacy deprecated vendor third_party migrations locale docs_src
    """.split()
)
_SIDE_NAME = re.compile(r"(^test_|_test$|_tests$|^tests?$|\.test$|\.spec$|_spec$|Tests?$|^conftest$|^mock_|_pb2|\.pb$)")
_ASKS_FOR_SIDE = frozenset(
    stem(word)
    for word in (
        "test tests tested testing spec fixture example sample demo benchmark mock migration "
        "ci workflow pipeline github gitlab devcontainer"
    ).split()
)
_RECORDS = frozenset({Source.TICKETS, Source.COMMITS})
_OUTDATED = re.compile(
    r"\((?:[^()]*\b)?(?:duplicate|superseded|deprecated|rejected|obsolete|invalid|won.?t.?fix|not planned|cancelled"
    r"|withdrawn)\b",
    re.IGNORECASE,
)
_ASKS_FOR_DOCS = frozenset(
    stem(word) for word in "docs documentation documented readme changelog guide tutorial manual install".split()
)


File = tuple[Path, str, str]  # root and path, and the ticket, as one export has thousands of them


@dataclass(slots=True)
class Candidate:
    """A chunk under consideration; `rules` records what each rule did to its score."""

    key: ChunkKey
    chunk: Chunk
    score: float
    retrievers: Mapping[str, int]
    rules: dict[str, float]
    coverage: float = 0.0
    similarity: float = 0.0  # the cosine of the angle between its vector and the question's
    learned: float = 0.0  # what the learned order says of it, where there is one


@dataclass(frozen=True, slots=True)
class Question:
    """What the rules may know of the question."""

    resolved: Resolved
    per_file: Mapping[File, int]  # candidates by root and path
    named: frozenset[str]  # folded names of the mentioned symbols that are meant as names
    spelt_as_code: frozenset[str]  # those of them that the question spells as they are, and as code
    stems: frozenset[str]
    is_a_name: bool = False  # exactly one of the index, and nothing else
    asked: frozenset[Source] = frozenset()  # besides code
    has_links: bool = False  # lead to some of the candidates
    repeated: Mapping[ChunkKey, float] = field(default_factory=dict)  # what holds words that the question repeats
    undefined: tuple[frozenset[str], ...] = ()  # the stems of each name that is spelt as code and defined nowhere


def similar_to_the_question(hit: Candidate, question: Question) -> float:
    """The chunk's vector is like the question's. Who names a definition means it, however long its text is."""
    least = NAMED_SIMILARITY if fold(hit.chunk.symbol.rsplit(".", 1)[-1]) in question.named else -1.0
    if not question.has_links:
        return math.exp(SIMILARITY_BOOST * max(hit.similarity, least))
    least = max(least, LINKED_SIMILARITY) if "link" in hit.retrievers else least
    return math.exp(SIMILARITY_BOOST_LINKED * max(hit.similarity, least))


def place_among_names(hit: Candidate, _: Question) -> float:
    """The chunk defines what the question may name, and how sure that is."""
    rank = hit.retrievers.get("symbol", 0)
    return 1 + NAME_PLACE_BOOST / rank if rank else 1.0


def place_among_links(hit: Candidate, _: Question) -> float:
    """The chunk is linked with what the question names or with the first hits, and how closely."""
    rank = hit.retrievers.get("link", 0)
    return 1 + LINK_PLACE_BOOST / rank if rank else 1.0


def definition_of_mentioned_symbol(hit: Candidate, question: Question) -> float:
    """The chunk defines a symbol that the question names."""
    own = fold(hit.chunk.symbol.rsplit(".", 1)[-1])
    if not own or own not in question.named:
        return 1.0
    return CODE_NAME_BOOST if own in question.spelt_as_code else DEFINITION_BOOST


def definition_of_the_only_name(hit: Candidate, question: Question) -> float:
    """The question is a name and nothing else, and the chunk defines it, maybe among other small things."""
    return ONLY_NAME_BOOST if question.is_a_name and "symbol" in hit.retrievers else 1.0


def holds_an_undefined_name(hit: Candidate, question: Question) -> float:
    """The chunk holds a name that is defined nowhere: an error code, a key, a function of another program."""
    stems = chunk_stems(hit.chunk) if question.undefined else frozenset[str]()
    return UNDEFINED_NAME_BOOST if any(name <= stems for name in question.undefined) else 1.0


def holds_repeated_words(hit: Candidate, question: Question) -> float:
    """The chunk holds a message or a label that the question repeats word by word."""
    share = 1.0 if hit.chunk.source not in _RECORDS - question.asked else REPEATED_IN_RECORD
    return 1 + REPEATED_BOOST * share * question.repeated.get(hit.key, 0.0)


def query_words_in_symbol_name(hit: Candidate, question: Question) -> float:
    """The words of the question stand in the symbol's name or its container's."""
    return 1 + SYMBOL_WORDS_BOOST * coverage(question.resolved.weights, stems_of(hit.chunk.symbol))


def query_words_in_file_name(hit: Candidate, question: Question) -> float:
    """The words of the question stand in the file's name. Those of tickets and commits say nothing."""
    if hit.chunk.source in _RECORDS:
        return 1.0
    return 1 + FILE_NAME_BOOST * coverage(question.resolved.weights, _path_facts(hit.chunk.span.path).name)


def covers_the_question(hit: Candidate, question: Question) -> float:
    """The chunk holds more of the question's words."""
    return 1 + COVERAGE_BOOST * hit.coverage


def several_hits_in_one_file(hit: Candidate, question: Question) -> float:
    """The file has further candidates."""
    others = question.per_file[file_of(hit)] - 1
    return 1 + FILE_SUPPORT_BOOST * min(others, MOST_SUPPORT)


def side_code(hit: Candidate, question: Question) -> float:
    """Tests, examples, workflows, generated and compatibility code come after the real thing, unless asked for."""
    if question.stems & _ASKS_FOR_SIDE or not is_side_code(hit.chunk.span.path):
        return 1.0
    mentioned = any(hit.chunk.span.path in mention.targets for mention in question.resolved.mentions)
    return 1.0 if mentioned else SIDE_CODE_PENALTY


def prose(hit: Candidate, question: Question) -> float:
    """Documentation comes after code, unless asked for."""
    return DOCS_PENALTY if hit.chunk.source is Source.DOCS and not question.stems & _ASKS_FOR_DOCS else 1.0


def record(hit: Candidate, question: Question) -> float:
    """Tickets and commits come after code, unless asked for."""
    return RECORD_PENALTY if hit.chunk.source in _RECORDS - question.asked else 1.0


def outdated(hit: Candidate, question: Question) -> float:
    """Duplicates of tickets and decisions that were replaced come after what is current, unless named."""
    if not is_outdated(hit.chunk) or fold(hit.chunk.symbol.partition(".")[0]) in question.named:
        return 1.0
    return OUTDATED_PENALTY


RULES: tuple[Callable[[Candidate, Question], float], ...] = (
    similar_to_the_question,
    place_among_names,
    place_among_links,
    definition_of_mentioned_symbol,
    definition_of_the_only_name,
    holds_an_undefined_name,
    holds_repeated_words,
    query_words_in_symbol_name,
    query_words_in_file_name,
    covers_the_question,
    several_hits_in_one_file,
    side_code,
    prose,
    record,
    outdated,
)


def rerank(
    candidates: list[Candidate],
    resolved: Resolved,
    ablated: frozenset[str] = frozenset(),
    repeated: Mapping[ChunkKey, float] = MappingProxyType({}),
) -> list[Candidate]:
    """Apply every rule to every candidate and sort, best first; an experiment may leave rules out, or all of them."""
    if "rerank" in ablated:
        ablated |= {rule.__name__ for rule in RULES} | {spread_over_files.__name__}
    rules = [rule for rule in RULES if rule.__name__ not in ablated]
    question = Question(
        resolved,
        Counter(file_of(candidate) for candidate in candidates),
        mentioned_names(resolved),
        _spelt_as_code(resolved),
        frozenset(map(stem, resolved.terms)),
        _is_a_name(resolved),
        asked_sources(resolved),
        any("link" in candidate.retrievers for candidate in candidates),
        repeated,
        _undefined_names(resolved),
    )
    share = FUSED_SHARE_LINKED if question.has_links else FUSED_SHARE
    for candidate in candidates:
        candidate.coverage = coverage(resolved.weights, chunk_stems(candidate.chunk))
        if rules:
            candidate.score **= share
        for rule in rules:
            _apply(candidate, rule.__name__, rule(candidate, question))
    ranked = sorted(candidates, key=_by_score)
    return ranked if spread_over_files.__name__ in ablated else spread_over_files(ranked)


def _is_a_name(resolved: Resolved) -> bool:
    asked = resolved.query.text.strip(" `'\"()?.")
    return any(
        mention.kind is MentionKind.SYMBOL and mention.similarity == 1.0 and mention.text.strip("`'\"()") == asked
        for mention in resolved.mentions
    )


def _undefined_names(resolved: Resolved) -> tuple[frozenset[str], ...]:
    return tuple(
        stems_of(mention.text)
        for mention in resolved.mentions
        if mention.kind is MentionKind.UNRESOLVED and mention.is_code and _is_like_a_name(mention.text)
    )


def _is_like_a_name(text: str) -> bool:
    """Whether a text may be what something is called; else it is an example: a path, a selector, a list of values."""
    return _NAME.fullmatch(text) is not None and sum(map(str.isalpha, text)) >= FEWEST_LETTERS


def mentioned_names(resolved: Resolved) -> frozenset[str]:
    """The folded names of the symbols that the question means by name."""
    return frozenset(
        fold(target)
        for mention in resolved.mentions
        if mention.kind is MentionKind.SYMBOL and mention.is_name
        for target in mention.targets
    )


def _spelt_as_code(resolved: Resolved) -> frozenset[str]:
    return frozenset(
        fold(target)
        for mention in resolved.mentions
        if mention.kind is MentionKind.SYMBOL and mention.is_code and mention.similarity == 1.0
        for target in mention.targets
    )


def spread_over_files(ranked: list[Candidate]) -> list[Candidate]:
    """Further hits of a file that is already listed step back, so that the list shows several files."""
    seen: Counter[File] = Counter()
    for candidate in ranked:
        repeats = min(seen[file_of(candidate)], MOST_REPEATS)
        _apply(candidate, "spread_over_files", REPEATED_FILE_DECAY**repeats)
        seen[file_of(candidate)] += 1
    return sorted(ranked, key=_by_score)


def is_outdated(chunk: Chunk) -> bool:
    """Whether a ticket or a decision says of itself that another one counts, or none."""
    return chunk.source is not Source.CODE and _OUTDATED.search(chunk.signature) is not None


def is_side_code(path: str) -> bool:
    """Whether a path lies among tests, examples, workflows, generated or compatibility code."""
    return _path_facts(path).is_side_code


@dataclass(frozen=True, slots=True)
class _PathFacts:
    """What the rules want of a path: the stems of the file's name, and whether it is side code."""

    name: frozenset[str]
    is_side_code: bool


@lru_cache(maxsize=50_000)  # the same files turn up for many questions
def _path_facts(path: str) -> _PathFacts:
    *folders, name = path.split("/")
    stems = {name.split(".")[0], name.rpartition(".")[0] or name}
    is_side = any(map(_is_side_folder, folders)) or any(map(_SIDE_NAME.search, stems))
    return _PathFacts(stems_of(name.rpartition(".")[0] or name), is_side)


def _is_side_folder(folder: str) -> bool:
    """Whether what lies there is beside the matter: `.github` and its like are about the project, not of it."""
    return folder.lower() in _SIDE_FOLDERS or (folder.startswith(".") and folder != OWN_FOLDER)


def _apply(candidate: Candidate, rule: str, factor: float) -> None:
    if factor != 1.0:
        candidate.rules[rule] = factor
        candidate.score *= factor


def file_of(candidate: Candidate) -> File:
    """The file that a candidate is of, or the ticket."""
    chunk = candidate.chunk
    return candidate.key.root, chunk.span.path, chunk.symbol.partition(".")[0] if chunk.source is Source.TICKETS else ""


def _by_score(candidate: Candidate) -> tuple[float, str, int]:
    return -candidate.score, candidate.chunk.span.path, candidate.chunk.span.start
