"""What a model said of a symbol in one sentence: kept when it was explained, for whoever points at its name.

Invariant: a kept sentence passed the check, and stands only while the definition and every line that it was checked
against are, letter by letter, what they were then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from surefoot.domain import Answer, AnswerMode, Citation, Claim, Explanation, Root, Span, Symbol, content_hash

LONGEST = 300  # characters; a tooltip is glanced at, and half a sentence may say the opposite


def key_of(symbol: Symbol, lines: Sequence[str], written_by: Sequence[str]) -> str:
    """What tells an explanation from others: whose lines it is of, all of them, and by what it was made."""
    return content_hash("\0".join([symbol.span.path, symbol.qualified_name, *written_by, _text(lines, symbol.span)]))


def to_keep(answer: Answer, root: Root, symbol: Symbol, lines: Sequence[str], now: datetime) -> str:
    """What to keep of an explanation: its first sentence that is about the symbol; empty where it has none.

    `lines` are those of the symbol's file now: what was checked against others is not kept.
    """
    if answer.mode is not AnswerMode.LLM:
        return ""
    for claim in answer.claims:
        cited = [citation for citation in answer.citations if citation.id in claim.citations]
        if len(claim.text) <= LONGEST and _is_about(claim, cited, root, symbol, lines):
            spans = [symbol.span, *(citation.span for citation in cited)]
            drawn_from = Span(symbol.span.path, min(s.start for s in spans), max(s.end for s in spans))
            kept = {
                "sentence": claim.text,
                "model": answer.model,
                "at": now.astimezone(UTC).isoformat(timespec="seconds"),
                "first": drawn_from.start - symbol.name_line,
                "last": drawn_from.end - symbol.name_line,
                "lines": content_hash(_text(lines, drawn_from)),
            }
            return json.dumps(kept)
    return ""


def _is_about(claim: Claim, cited: Sequence[Citation], root: Root, symbol: Symbol, lines: Sequence[str]) -> bool:
    """Whether a claim rests on the definition's own lines as they are now, and says something of it."""
    span = symbol.span
    rests_there = bool(cited) and all(
        citation.root == root
        and citation.span.path == span.path
        and citation.file_line == 0
        and citation.span.start <= span.end
        and span.start <= citation.span.end
        and citation.text == _text(lines, citation.span)
        for citation in cited
    )
    # A chunk may hold its neighbours too, and then the sentence may be about one of them.
    return rests_there and (
        all(span.contains(citation.span) for citation in cited)
        or re.search(rf"(?<!\w){re.escape(symbol.name)}(?!\w)", claim.text) is not None
    )


def standing(kept: str, symbol: Symbol, lines: Sequence[str]) -> Explanation | None:
    """What was kept of the symbol, if all that it was drawn from is still there; None otherwise."""
    found = json.loads(kept)
    drawn_from = Span(symbol.span.path, symbol.name_line + found["first"], symbol.name_line + found["last"])
    if drawn_from.start < 1 or content_hash(_text(lines, drawn_from)) != found["lines"]:
        return None
    return Explanation(found["sentence"], found["model"], datetime.fromisoformat(found["at"]))


def _text(lines: Sequence[str], span: Span) -> str:
    return "\n".join(lines[span.start - 1 : span.end])
