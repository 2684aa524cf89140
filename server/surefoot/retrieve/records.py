"""Tickets and commits that a question names, and where they are: `#123`, `PROJ-214`, `issue 77`, a commit's digits.

"This branch" names the ticket that its name has.

Invariant: a mention's text stands in the question and its targets stand in the index; nothing is guessed from an id
that is like another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surefoot.domain import COMMIT, Mention, MentionKind, Symbol, SymbolKind
from surefoot.links.keys import COMMIT_DIGITS, ticket_key
from surefoot.links.tickets import branch_tickets
from surefoot.links.written import tickets_written
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.ticket_ids import ticket_mentions
from surefoot.words import folded
from surefoot.workspace.git import branch_by_files, head_commit_by_files, repository_above

MOST_ALIKE = 60  # symbols whose names differ in case and marks only
MOST_COMMITS = 4  # that begin with the same digits
MOST_IDS = 40  # commits of a question that are looked up; a pasted log has more

_DECISION = re.compile(r"\b(ADR|RFC)[- ]?0*([1-9]\d{0,4})\b", re.IGNORECASE)
# Not the branch of a condition: "this branch of the if statement", "when is this branch taken?".
_BRANCH = re.compile(
    r"\b(?:(?:this|my|our|the current|the present) branch|the branch (?:i am|i'm) on)\b"
    r"(?!\s+(?:of|in|when|if|statement|taken|reached|executed)\b)",
    re.IGNORECASE,
)
_COMMIT = re.compile(r"(?<![\w/#.+=-])(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{7,40}(?![\w+=-]|\.\w)")


def record_mentions(text: str, roots: Sequence[RootIndex]) -> list[Mention]:
    """The tickets and commits that a text names; none where nothing but code and documents is indexed."""
    with_records = [index for index in roots if index.store.has_records()]
    if not with_records:
        return []
    return [
        *_decision_mentions(text, with_records),
        *ticket_mentions(text, with_records),
        *_branch_mentions(text, with_records),
        *_commit_mentions(text, with_records),
    ]


def _decision_mentions(text: str, roots: Sequence[RootIndex]) -> Iterator[Mention]:
    for match in list(_DECISION.finditer(text))[:MOST_IDS]:
        written = f"{match[1]}-{match[2]}"
        names = dict.fromkeys(symbol.name for index in roots for symbol, _ in tickets(index, written))
        if names:
            yield Mention(match[0], MentionKind.SYMBOL, tuple(names), is_code=True)
        elif match[1].upper() == "ADR":
            yield Mention(match[0], MentionKind.UNRESOLVED, is_code=True)


def is_branch(text: str) -> bool:
    """Whether a mention of this text is of the branch that is checked out."""
    return _BRANCH.fullmatch(text) is not None


def _branch_mentions(text: str, roots: Sequence[RootIndex]) -> Iterator[Mention]:
    match = _BRANCH.search(text)
    if match is None:
        return
    names = dict.fromkeys(name for index in roots for name in _tickets_of_branch(index))
    if names:
        yield Mention(match[0], MentionKind.SYMBOL, tuple(names), is_code=True)
        return
    branches = tuple(dict.fromkeys(filter(None, (_branch(index) or _detached(index) for index in roots))))
    if branches:  # what is called so is known, and that it names nothing
        yield Mention(match[0], MentionKind.UNRESOLVED, branches)


def _branch(index: RootIndex) -> str:
    """The name of the branch that is checked out."""
    repository = repository_above(index.root.path.as_posix())
    return "" if repository is None else branch_by_files(repository)


def _detached(index: RootIndex) -> str:
    """The commit that is checked out, where no branch is: with a space, which no name of a branch has."""
    repository = repository_above(index.root.path.as_posix())
    commit = None if repository is None else head_commit_by_files(repository)
    return f"commit {commit[:COMMIT_DIGITS]}" if commit else ""


def _tickets_of_branch(index: RootIndex) -> Iterator[str]:
    """The tickets in the name of the branch that is checked out, of those that are there."""
    branch = _branch(index)
    own = [each.key for each in tickets_written(branch, index.store.ticket_patterns())]
    for key in own or [found.target for found in branch_tickets(branch)]:
        yield from (symbol.name for symbol, _ in tickets(index, key))


def _commit_mentions(text: str, roots: Sequence[RootIndex]) -> Iterator[Mention]:
    for match in list(_COMMIT.finditer(text))[:MOST_IDS]:
        digits = match[0].lower()
        paths = dict.fromkeys(path for index in roots for path in index.store.commits(digits, MOST_COMMITS))
        if paths:
            targets = tuple(path.removeprefix(COMMIT)[:COMMIT_DIGITS] for path in paths)
            yield Mention(match[0], MentionKind.SYMBOL, targets, is_code=True)
        elif not match[0].isdecimal() and any(index.store.commits("", 1) for index in roots):
            yield Mention(match[0], MentionKind.UNRESOLVED, is_code=True)


def tickets(index: RootIndex, written: str) -> list[tuple[Symbol, int]]:
    """The tickets, or decision records, with this id, each with the chunk that it begins in."""
    key = ticket_key(written)
    if not key:
        return []
    found = index.store.few_symbols(folded(key), MOST_ALIKE)
    return [(symbol, chunk) for symbol, chunk in found if _is_record(symbol) and ticket_key(symbol.name) == key]


def _is_record(symbol: Symbol) -> bool:
    return symbol.kind is SymbolKind.EVENT
