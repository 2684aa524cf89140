"""Where a document, a ticket or a design that an answer cites names a path or a symbol that is gone.

Invariant: whatever is said was looked up in the tree just now, by the policy of `check_text`; in doubt nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.checks.check_text import check_text
from surefoot.domain import CheckedMention, CitedKind, Hit, Verdict
from surefoot.retrieve.working_tree import WorkingTree
from surefoot.sources.labels import label_of

LONGEST_TEXT = 20_000  # characters of a hit; a chunk has fewer, and an answer does not wait for more
LONGEST_NAME = 100
# A path from the top of a machine: in a ticket's stack trace it is another one's, and says nothing of this tree.
_ELSEWHERE = re.compile(r"[`\"' ]*(?:/|[A-Za-z]:[\\/]|File [\"'](?:/|[A-Za-z]:))")


def gone_from(hit: Hit, tree: WorkingTree) -> list[str]:
    """A sentence for each thing that the hit names and that is not there, or elsewhere."""
    mentions = check_text(hit.chunk.text[:LONGEST_TEXT], tree).mentions
    who = label_of(hit.chunk).partition(": ")[0] or hit.chunk.span.path
    return list(dict.fromkeys(f"{who} names {said}" for mention in mentions for said in _said(mention)))


def _said(mention: CheckedMention) -> Iterator[str]:
    if _ELSEWHERE.match(mention.text):
        return
    name = " ".join(mention.text.strip("`\"' ").split())[:LONGEST_NAME]
    if mention.verdict is Verdict.MISSING:
        nearest = f"; the nearest is {mention.correction.strip('`')}" if mention.correction else ""
        yield f"{name}, which is not there any more{nearest}."
    elif mention.verdict is Verdict.MOVED and mention.kind is not CitedKind.SYMBOL and mention.span is not None:
        yield f"{name}, which is in {mention.span.path} now."
