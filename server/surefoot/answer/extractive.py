"""Which of the hits an answer without a model tells, or one with a model after its words.

Invariant: what is told is one of the sources; how it is told is `extract`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from surefoot.answer.extract import MOST_CLAIMS, MOST_ENTRIES, Known, describe, describe_at_length, entries, extract
from surefoot.answer.findings import Findings
from surefoot.answer.source_use import tickets_named
from surefoot.domain import (
    Claim,
    Context,
    ContextItem,
    DraftClaim,
    Hit,
    MentionKind,
    Resolved,
    Source,
    Span,
    TicketPattern,
)
from surefoot.links.keys import SHORTEST_COMMIT, ticket_key
from surefoot.links.versions import are_about_versions, is_version
from surefoot.words import chunk_stems, content_terms, coverage

LITTLE = 0.22  # of a short question about a name that is nowhere: what holds less is about another thing
FEW_TERMS = 4  # make a short question; a longer one asks for more than a name
BESIDE_A_PLACE = 0.5  # of what the words ask: where the question points at lines, little else is worth telling
CLOSELY_LINKED = 6  # ranks among the linked, where a ticket is asked about: its commits, their files and symbols
LINKED = 3


def extracted(findings: Findings, context: Context) -> list[DraftClaim]:
    """What the question points at is described, whatever its words say; then what holds enough of the words."""
    pointed_at = {(hit.root.path, hit.chunk.span) for hit in findings.hits if "place" in hit.retrievers}
    asked = [item for item in context.items if (item.root.path, item.chunk.span) in pointed_at]
    if asked and _asks_only_of_versions(findings):
        return [DraftClaim(text, (item.number,)) for item in asked for text in entries(item)][:MOST_ENTRIES]
    weights = findings.resolved.weights
    others = [
        item
        for item in context.items
        if item not in asked and (not asked or coverage(weights, chunk_stems(item.chunk)) >= BESIDE_A_PLACE)
    ]
    if not asked and is_of_another(findings.resolved, others):
        return []
    texts = {item.number: [describe(item, weights)] if weights else describe_at_length(item) for item in asked}
    drafts = [DraftClaim(text, (number,)) for number, told in texts.items() for text in told]
    known = Known(_linked(findings, context), findings.resolved.in_turn.values(), _scores(findings.hits, others))
    further = extract(replace(context, items=tuple(others)), weights, known)
    return [*drafts, *further[: max(MOST_CLAIMS - len(drafts), 0)]] if asked else further


def passed_over(
    findings: Findings, context: Context, whole: Context, claims: Sequence[Claim]
) -> tuple[list[DraftClaim], Context]:
    """What is told of the `whole` hits that no claim cites, and the context with these as more sources.

    The ranking is right more often than a small model's choice among the best (evals/REPORT.md, "in three ways").
    """
    last = max((item.number for item in context.items), default=0)
    numbers = {number for claim in claims for number in claim.citations}
    cited = {_place_of(item) for item in context.items if item.number in numbers}
    left = {item.number: item for item in whole.items if _place_of(item) not in cited}
    told = [draft for draft in extracted(findings, whole) if draft.sources[0] in left]
    told = told[: max(MOST_CLAIMS - len(claims), 1)]
    drafts = [replace(draft, sources=tuple(last + number for number in draft.sources)) for draft in told]
    more = [replace(item, number=last + number) for number, item in left.items()]
    return drafts, replace(context, items=(*context.items, *more))


def _place_of(item: ContextItem) -> tuple[Path, Span]:
    return item.root.path, item.chunk.span


def with_nothing_beside(findings: Findings) -> Findings:
    """Of versions that are asked about alone the sections, and nothing that only has such words."""
    meant = [hit for hit in findings.hits if "place" in hit.retrievers]
    if not meant or not _asks_only_of_versions(findings):
        return findings
    return replace(findings, hits=meant, resolved=replace(findings.resolved, weights={}))


def _scores(hits: Sequence[Hit], items: Sequence[ContextItem]) -> dict[int, float]:
    """What the ranking gave each item, by its number."""
    scores = {(hit.root.path, hit.chunk.span): hit.score for hit in hits}
    return {item.number: scores[item.root.path, item.chunk.span] for item in items}


def is_of_another(resolved: Resolved, items: Sequence[ContextItem]) -> bool:
    """Whether a name is asked about that is nowhere, and the best place has no more than a common word beside it.

    A word that is nowhere is no such name: what throttles may be called a rate limit, and was found by its meaning.
    """
    weights = resolved.weights
    if not weights or len(weights) > FEW_TERMS or resolved.in_turn:
        return False
    names = (mention.text for mention in resolved.mentions if mention.kind is MentionKind.UNRESOLVED)
    is_nowhere = max(weights, key=lambda term: weights[term]) in content_terms(" ".join(names))
    # What only has the stem of a word that is nowhere either is not about it.
    held = {term: weight for term, weight in weights.items() if resolved.frequencies.get(term)}
    most = max((coverage(held, chunk_stems(item.chunk)) for item in items), default=0.0)
    return is_nowhere and most * sum(held.values()) < LITTLE * sum(weights.values())


def _asks_only_of_versions(findings: Findings) -> bool:
    """Whether the question names versions that have a section, and asks for nothing besides."""
    resolved, names = findings.resolved, [hit.root.name for hit in findings.hits]
    versions = [mention.text for mention in resolved.mentions if is_version(mention.text) and mention.targets]
    return bool(versions) and not resolved.places and are_about_versions(resolved.weights, versions, names)


def _linked(findings: Findings, context: Context) -> frozenset[int]:
    """The numbers of the items that are linked most closely with what the question names, or with the first hits."""
    patterns = findings.resolved.ticket_patterns
    named = frozenset(tickets_named(findings.query.text, patterns))
    last = CLOSELY_LINKED if named else LINKED
    others = _of_other_tickets(findings.hits, named, patterns) if named else []
    ranks = ((hit, hit.retrievers.get("link")) for hit in findings.hits)
    found = {
        (hit.root.path, hit.chunk.span)
        for hit, rank in ranks
        if rank is not None and rank <= last and hit not in others
    }
    return frozenset(item.number for item in context.items if (item.root.path, item.chunk.span) in found)


def _of_other_tickets(hits: Sequence[Hit], named: frozenset[str], patterns: Sequence[TicketPattern]) -> list[Hit]:
    """The tickets that neither name one of these nor are named by it, and the commits that are for none of the rest.

    That they share a file with it is worth a look, and no answer to what a ticket is about.
    """
    told = "\n".join(hit.chunk.text for hit in hits if ticket_key(hit.chunk.symbol) in named)
    names = {id(hit): frozenset(tickets_named(hit.chunk.text, patterns)) for hit in hits}
    tickets = [hit for hit in hits if hit.chunk.source is Source.TICKETS]
    akin = [hit for hit in tickets if hit.chunk.symbol in told or not named.isdisjoint(names[id(hit)])]
    keys = named | {ticket_key(hit.chunk.symbol) for hit in akin}
    commits = (hit for hit in hits if hit.chunk.source is Source.COMMITS)
    strange = [
        hit for hit in commits if keys.isdisjoint(names[id(hit)]) and hit.chunk.symbol[:SHORTEST_COMMIT] not in told
    ]
    return [hit for hit in tickets if ticket_key(hit.chunk.symbol) not in keys] + strange
