"""Floor stage: whether anything found is about the question at all, or the honest answer is "not here".

Scores of rank fusion do not compare across questions, so the floor looks at the evidence instead: names that
resolved, the share of the question's information that a hit holds, and the similarity of the nearest vector against
what questions about something else reach in this very index (a null distribution).
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from surefoot.domain import NULL_SIMILARITY, MentionKind, Resolved, Scope, Source
from surefoot.models.protocols import Embedder
from surefoot.retrieve.root_index import RootIndex
from surefoot.store.database import IndexStore
from surefoot.words import ABOUT_RECORDS, index_words

if TYPE_CHECKING:  # what comes with it is not needed to calibrate, which every look at everything may have to
    from surefoot.retrieve.rerank import Candidate

# Set on the dev split of evals/cases, where no other sign told answerable questions from others any better: not how far
# the best hit stands above the rest, nor whether words and vectors agree on it.
COVERAGE_FLOOR = 0.33  # a hit with this share of the question's information is about it
WORDS_FLOOR = 1.25  # or with that of so many average words: who tells a story uses many words that no code has
WEAK_COVERAGE = 0.05  # with this share it is, if its vector also stands out from the null distribution: noise has none
NULL_SIGMAS = 2.0  # how far the best similarity must stand above the mean of unrelated questions
LOOKED_AT = 20  # hits; what answers a question is not further down
RECALIBRATE_GROWTH = 0.2  # the share of chunks that must have come or gone before it is measured again

# Questions that no source tree answers, and noise. Their best similarities in an index are its null distribution.
UNRELATED = (
    "what is the best recipe for a vegetable lasagne with spinach",
    "who won the football world cup in the year my sister was born",
    "how long should I boil an egg at high altitude",
    "which train goes from the harbour to the old castle on sundays",
    "why do cats purr when they fall asleep on a warm blanket",
    "what is a good birthday present for my grandmother",
    "how do glaciers carve valleys in the mountains",
    "is it going to rain in the afternoon near the lake",
    "which exercises help against back pain after gardening",
    "what did the poet mean by the last verse about autumn",
    "how much does a ticket to the opera cost for students",
    "where can I buy fresh fish in the morning",
    "what happened to the painter after he moved to the island",
    "how many bones does a human hand have",
    "when do apple trees need pruning in a cold climate",
    "asdf qwer zxcv uiop hjkl",
    "blorf snizzle wug tove mimsy borogoves",
    "xkcdq vvpl mmrt oooz ttrq",
    "lorem ipsum dolor sit amet consectetur",
    "zzyzx plugh frobnitz quux grault garply",
)


@dataclass(frozen=True, slots=True)
class NullDistribution:
    """Best cosine similarity of unrelated questions in one index, and for how many chunks it was measured."""

    mean: float
    deviation: float
    chunks: int

    def stands_out(self, similarity: float) -> bool:
        """Whether an unrelated question would hardly reach this similarity."""
        return similarity > self.mean + NULL_SIGMAS * self.deviation


def calibrate(store: IndexStore, embedder: Embedder) -> None:
    """Measure the null distribution of an index again, if enough of it has changed."""
    chunks = store.counts().chunks
    known = null_distribution(store)
    if not chunks or (known and abs(chunks - known.chunks) <= RECALIBRATE_GROWTH * known.chunks):
        return
    best = [rows[0][1] for text in UNRELATED if (rows := store.nearest(embedder.embed_query(text), Scope(), 1))]
    if best:
        measured = NullDistribution(statistics.fmean(best), statistics.pstdev(best), chunks)
        with store.writing() as writer:
            writer.set_meta(NULL_SIMILARITY, json.dumps(asdict(measured)))


def null_distribution(store: IndexStore) -> NullDistribution | None:
    """The measured null distribution of an index, if there is one."""
    text = store.meta(NULL_SIMILARITY)
    return NullDistribution(**json.loads(text)) if text else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for there being an answer. `passed` decides, the rest explains it in the trace."""

    passed: bool
    reason: str
    coverage: float
    similarity: float


def weigh_evidence(
    resolved: Resolved,
    ranked: Sequence[Candidate],
    similarity: float,
    roots: Sequence[RootIndex],
) -> Evidence:
    """Decide whether the ranked candidates can be about the question."""
    coverage = max((candidate.coverage for candidate in ranked[:LOOKED_AT]), default=0.0)
    nulls = [null for index in roots if (null := null_distribution(index.store))]
    stands_out = bool(nulls) and all(null.stands_out(similarity) for null in nulls)
    reason = ""
    if (
        not ranked
        or _asks_only_of_an_absent_ticket(resolved, ranked[:LOOKED_AT])
        or _asks_only_of_an_absent_version(resolved)
        or _asks_only_of_a_branch(resolved)
    ):
        reason = ""
    elif _names_something(resolved) and any("symbol" in candidate.retrievers for candidate in ranked):
        reason = "what the question names is indexed"
    elif coverage >= min(COVERAGE_FLOOR, WORDS_FLOOR / max(1, len(resolved.weights))):
        reason = "a hit holds enough of the question"
    elif coverage >= WEAK_COVERAGE and stands_out:
        reason = "the nearest vector stands out"
    return Evidence(bool(reason), reason or "nothing found is about the question", coverage, similarity)


def _asks_only_of_an_absent_ticket(resolved: Resolved, ranked: Sequence[Candidate]) -> bool:
    """A ticket is named that is not there, by no commit either, and nothing besides: what else changed is no answer."""
    from surefoot.links.keys import ticket_key  # noqa: PLC0415 - not needed to calibrate
    from surefoot.links.tickets import ticket_ids  # noqa: PLC0415

    absent = [m.text for m in resolved.mentions if m.kind is MentionKind.UNRESOLVED and ticket_key(m.text)]
    if not absent:
        return False
    commits = (candidate.chunk.text for candidate in ranked if candidate.chunk.source is Source.COMMITS)
    if {found.target for text in commits for found in ticket_ids(text)} & {ticket_key(name) for name in absent}:
        return False
    of_names = {part for name in absent for part in index_words(name).split()}
    return all(term in ABOUT_RECORDS or term in of_names or term.isdigit() for term in resolved.weights)


def _asks_only_of_an_absent_version(resolved: Resolved) -> bool:
    """A version is named that is not there, and nothing besides: what another version brought is no answer."""
    from surefoot.links.versions import are_about_versions, is_version  # noqa: PLC0415 - not needed to calibrate

    absent = [
        m.text for m in resolved.mentions if m.kind is MentionKind.UNRESOLVED and not m.is_code and is_version(m.text)
    ]
    return bool(absent) and are_about_versions(resolved.weights, absent)


def _asks_only_of_a_branch(resolved: Resolved) -> bool:
    """The branch that is checked out names no ticket, and nothing is asked besides."""
    is_nameless = any(m.kind is MentionKind.UNRESOLVED and m.targets for m in resolved.mentions)
    return is_nameless and all(term in ABOUT_RECORDS for term in resolved.weights)


def _names_something(resolved: Resolved) -> bool:
    """A file or an identifier is named, be the rest of the question in another language or about something else."""
    return any(
        mention.kind is MentionKind.PATH or (mention.kind is MentionKind.SYMBOL and mention.is_code)
        for mention in resolved.mentions
    )
