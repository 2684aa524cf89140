"""Which sources a question asks for: "why was it lowered" is about commits and tickets, "which screen" about designs.

Invariant: pure; a question about code alone asks for nothing else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from surefoot.domain import MentionKind, Resolved, Source
from surefoot.links.keys import commit_key
from surefoot.retrieve.ticket_ids import is_ticket_name

_HISTORY = re.compile(
    r"\bwhy (?:was|were|did|have|has|had|do we|don't we|is there|are there)\b|\bsince when\b|\bwhen (?:was|were|did)\b"
    r"|\bwhat (?:was |has |have |did |else |all )?(?:changed?|touch\w*|happened to)\b"
    r"|\b(?:who|anybody|anyone|somebody|someone|nobody) (?:ever |else )?"
    r"(?:changed|added|asked|wanted|proposed|suggested)\b"
    r"|\bdid (?:anybody|anyone|somebody|someone|nobody) (?:ever |else )?(?:change|add|ask|want|propose|suggest)\b"
    r"|\b(?:changed|introduced|removed|renamed|lowered|raised|reverted|broke|regressed|deprecated|decided|fixed)\b"
    r"|\b(?:no longer|any ?more|used to|nowadays|today|again|still)\b"
    r"|\b(?:since|after|before|with|until|as of|in) v?\d+\.\d+"
    r"|\b(?:commits?|history|changes?|revisions?|regressions?|blame|touch(?:es|ed)?|reasons?|because of what)\b",
    re.IGNORECASE,
)
_TICKETS = re.compile(
    r"\b(?:tickets?|issues?|bugs?|incidents?|outages?|post-?mortems?|bug reports?|stor(?:y|ies)|epics?|jira|backlog"
    r"|pull requests?|merge requests?|PRs?|MRs?|reported|requested|complain\w*|customers?|reporters?"
    r"|feature requests?|duplicates?|milestones?)\b",
    re.IGNORECASE,
)
_SYMPTOMS = re.compile(
    r"\b\w*(?:[Ee]rror|Exception|Warning)s?\b|\b(?:crash\w*|hangs?|hung|fail(?:s|ed|ing)?|broken?|traceback|wrong(?:ly)?"
    r"|unexpected\w*|known|leak\w*|freez\w*|complaint|lost|missing|stuck|regress\w*)\b"
)
_DECISION = re.compile(r"(?:ADR|RFC)-", re.IGNORECASE)
_DESIGNS = re.compile(
    r"\b(?:screens?|diagrams?|drawings?|wireframes?|mock-?ups?|figma|frames?|designs?|designed|sketch\w*|flow ?charts?"
    r"|sequence|architecture|ADRs?|RFCs?|decisions?|decided|schemas?|endpoints?|operations?|buttons?|dialogs?|pages?"
    r"|drawn|proposals?|superseded|migrations?|tables?|messages?|mutations?)\b",
    re.IGNORECASE,
)
# How one thing leads to another: from a screen to the rows that it writes, or from a table to whoever fills it.
_FLOWS = re.compile(
    r"\b(?:down to|all the way|end to end|follow\w*|trac(?:e[sd]?|ing)|through|behind|reach(?:es|ed)?|lands?"
    r"|ends? (?:up|in)|happens|goes|comes? from|coming from|from where|where from"
    r"|who (?:calls|uses|opens|writes|fills|inserts|implements)|rows?|columns?|fields?|handle[srd]?|server|back ?end"
    r"|front ?end|screens?|buttons?|press(?:es|ed)?|click\w*|insert\w*|writ(?:es?|ten|ing)|fill(?:s|ed)?|caller\w*"
    r"|called|calls|methods?|mutations?|status|tables?|endpoints?)\b",
    re.IGNORECASE,
)
# What depends on a thing: who asks it before a change asks about code as it is, not about changes that were made.
_USAGES = re.compile(
    r"\b(?:what|who|which|where|whoever|every(?:one|body|thing)|any(?:one|body|thing)) (?:\w+ ){0,4}?"
    r"(?:uses|(?:is|are) used|depends? on|relies on|notices|listens to|subscribes|breaks if|would (?:notice|break))\b",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"\b(?:sentences?|texts?|words?|wording|labels?|captions?|messages?|translat\w*|says?|tells?|reads?|phrases?)\b",
    re.IGNORECASE,
)


def asks_for_texts(text: str) -> bool:
    """Whether a question asks for what people read."""
    return _TEXTS.search(text[:2000]) is not None


def asks_for_flow(resolved: Resolved) -> bool:
    """Whether a question asks how one thing leads to another, or names something of a design that other things use."""
    text = resolved.query.text[:2000]
    return resolved.names_design or _FLOWS.search(text) is not None or _USAGES.search(text) is not None


def asks_for_records(resolved: Resolved) -> bool:
    """Whether a question asks for tickets or commits in so many words or names one; an error or a decision does not."""
    text = resolved.query.text[:2000]
    named = any(_DECISION.match(name) is None for name in named_records(resolved))
    return bool(named or (_HISTORY.search(text) and not _USAGES.search(text)) or _TICKETS.search(text))


@lru_cache(maxsize=256)
def _asked_in(text: str) -> frozenset[Source]:
    found = set[Source]()
    if _HISTORY.search(text):
        found |= {Source.COMMITS, Source.TICKETS}
    if _TICKETS.search(text):
        found |= {Source.TICKETS, Source.COMMITS}
    if _SYMPTOMS.search(text):
        found |= {Source.TICKETS, Source.COMMITS}
    if _DESIGNS.search(text):
        found |= {Source.DESIGNS, Source.DOCS}
    return frozenset(found)


def asked_sources(resolved: Resolved) -> frozenset[Source]:
    """The sources besides code that a question asks for, by its words, by what it names or by where it looks."""
    query = resolved.query
    scoped = frozenset(query.scope.sources) - {Source.CODE}
    named = frozenset({Source.TICKETS, Source.COMMITS}) if named_records(resolved) else frozenset[Source]()
    designs = frozenset({Source.DESIGNS, Source.DOCS}) if resolved.names_design else frozenset[Source]()
    return _asked_in(query.text[:2000]) | scoped | named | designs


def named_records(resolved: Resolved) -> tuple[str, ...]:
    """The tickets and commits that the question names and that are there."""
    return tuple(
        target
        for mention in resolved.mentions
        if mention.kind is MentionKind.SYMBOL and mention.is_code
        for target in mention.targets
        if _is_id(target)
    )


def _is_id(name: str) -> bool:
    return is_ticket_name(name) or (name.isalnum() and not name.isalpha() and bool(commit_key(name)))
