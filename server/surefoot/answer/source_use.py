"""Which sources an answer was drawn from, which it lacked though the question is about them, and how old they are.

Invariant: pure functions; what is told of a source was counted, and nothing is told of one that nobody asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from surefoot.domain import Citation, Resolved, Source, SourceUse, TicketPattern
from surefoot.links.keys import ticket_key
from surefoot.links.tickets import ticket_ids
from surefoot.links.written import tickets_written

NOT_INDEXED = {
    Source.TICKETS: "No tickets are indexed here; put an export into .surefoot/tickets or run `surefoot tickets sync`.",
    Source.COMMITS: "No commits are indexed here; the folder has no git history that can be read, or history_commits "
    "is 0.",
    Source.DESIGNS: "No designs are indexed here; decision records, schemas and drawings in the folder would be.",
}
# What asks about a source, whatever the code is about; and words that a codebase may have for things of its own.
_ASKS = {
    Source.TICKETS: re.compile(
        r"\bwhy (?:was|were|did)\b|\b(?:bug report|pull request|merge request|user stor(?:y|ies))s?\b",
        re.IGNORECASE,
    ),
    Source.COMMITS: re.compile(
        r"\bgit (?:history|log|blame)\b|\bwhy (?:was|were|did)\b"
        r"|\bwhen (?:was|were|did|has|have)\b.{0,60}\b(?:chang|add|remov|introduc|renam|delet|lower|rais)\w+",
        re.IGNORECASE,
    ),
    Source.DESIGNS: re.compile(
        r"\bADRs?\b|\b(?:design (?:doc|decision|record)|decision record|mock-?up|wireframe|figma|diagram)s?\b",
        re.IGNORECASE,
    ),
}
_WORDS = {
    Source.TICKETS: re.compile(r"\b(?:ticket|issue)s?\b", re.IGNORECASE),
    Source.COMMITS: re.compile(r"\bcommits?\b", re.IGNORECASE),
    Source.DESIGNS: re.compile(r"\b(?:design|drawing|screen|RFC)s?\b", re.IGNORECASE),
}
_DECISIONS = frozenset({"ADR", "MADR", "RFC", "PROPOSAL", "DESIGN"})  # are written as keys of tickets are
OWN_WORD = 3  # chunks with such a word, from which on it is taken for one of the codebase's own


def sources_used(indexed: Mapping[Source, int], citations: Iterable[Citation]) -> tuple[SourceUse, ...]:
    """Every source, with how much of it is indexed and whether the answer cites any."""
    cited = {citation.source for citation in citations}
    return tuple(SourceUse(source, indexed.get(source, 0), source in cited) for source in Source)


def lacking(resolved: Resolved, indexed: Mapping[Source, int]) -> list[str]:
    """What to say of sources that the question is about and of which nothing is indexed."""
    return [said for source, said in NOT_INDEXED.items() if not indexed.get(source) and _asks(resolved, source)]


def _asks(resolved: Resolved, source: Source) -> bool:
    text, scope = resolved.query.text, resolved.query.scope
    if scope.sources:
        return source in scope.sources
    if source is Source.TICKETS and tickets_named(text, resolved.ticket_patterns):
        return True
    if source in _ASKS and _ASKS[source].search(text):
        return True
    words = _WORDS[source].findall(text) if source in _WORDS else []
    return any(resolved.frequencies.get(word.lower(), 0) < OWN_WORD for word in words)


def tickets_named(text: str, patterns: Sequence[TicketPattern]) -> list[str]:
    """The ids of tickets in a question, as their keys: "#123", "PROJ-214"."""
    written = list(tickets_written(text, patterns))
    own, misread = [each.key for each in written], {ticket_key(each.text) for each in written}
    usual = (found.target for word in text.split() for found in ticket_ids(word))
    keys = dict.fromkeys([*own, *(key for key in usual if key not in misread)])
    return [key for key in keys if key.partition("-")[0] not in _DECISIONS]


def ages(citations: Sequence[Citation]) -> list[str]:
    """How old the tickets are that the answer cites: those of the newest export count."""
    days = [citation.as_of for citation in citations if citation.source is Source.TICKETS and citation.as_of]
    return [f"Tickets as of {max(days)}."] if days else []
