"""Who calls what a question names ("who calls `rate_for`?"), and what that calls ("what does `total` call?").

Invariant: only where a question asks for calls of what it names, and for nothing besides: who asks where the calls of a
function are retried does not want a list of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from surefoot.domain import Mention, MentionKind, Resolved, Scope, Told
from surefoot.retrieve.around import called_by, callers_of
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.words import content_terms

MOST_DEFINITIONS = 4  # of the name
MOST_TOLD = 20

_SEPARATOR = re.compile(r"::|->|[.#]")
_KIND = r"(?:the\s+)?(?:(?:function|method|class|constructor)\s+)?[`\"']?"
_CALLERS = (
    r"\b(?:who|what|which(?:\s+\w+){{1,3}})\s+(?:else\s+|all\s+)?(?:calls?|uses?|invokes?|(?:is|are)\s+calling)\s+{name}",
    r"\b(?:(?:show|list|find|give|tell)\s+(?:me\s+)?)?(?:all\s+)?(?:the\s+)?(?:callers?|calls)\s+(?:of|to)\s+{name}",
    r"\b(?:who|what|where)\s+(?:else\s+)?(?:is|are|does|do)\s+{name}\s+(?:get\s+)?(?:being\s+)?(?:called|used|invoked)(?!\s+(?:with|for|to|as|in\s+place))\b",
)
_CALLED = (r"\bwhat\s+(?:else\s+)?(?:does|do)\s+{name}\s+call\b", r"\bwhat\s+is\s+called\s+(?:by|in|from)\s+{name}")


def asked_calls(resolved: Resolved, tree: WorkingTree) -> tuple[Told, ...]:
    """The calls that a question asks for, each with the place that says so: those of code, then those of tests."""
    if resolved.query.scope != Scope():
        return ()
    found = chain.from_iterable(_of(mention, resolved.query.text[:2000], tree) for mention in resolved.mentions)
    return tuple(dict.fromkeys(islice(found, MOST_TOLD)))


def _of(mention: Mention, text: str, tree: WorkingTree) -> Iterator[Told]:
    if mention.kind is not MentionKind.SYMBOL or mention.similarity < 1 or mention.text not in text:
        return
    name = rf"{_KIND}{re.escape(mention.text)}(?![\w$])[`\"']?(?:\(\))?"
    callers, called = (re.compile("|".join(each).format(name=name), re.IGNORECASE) for each in (_CALLERS, _CALLED))
    if content_terms(called.sub(" ", callers.sub(" ", text))):
        return
    for pattern, look in ((callers, callers_of), (called, called_by)):
        if pattern.search(text):
            for definition in _definitions(mention, tree)[:MOST_DEFINITIONS]:
                yield from look(definition, tree)


def _definitions(mention: Mention, tree: WorkingTree) -> list[Definition]:
    """What has the name; where it is named with its class, only what is of that."""
    every = [each for name in mention.targets for each in tree.definitions(_SEPARATOR.split(name)[-1])]
    asked = ".".join(_SEPARATOR.split(mention.text.removesuffix("()")))
    return [each for each in every if f".{each.symbol.qualified_name}".endswith(f".{asked}")] or every
