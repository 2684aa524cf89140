"""What a hover says: how often a name stands elsewhere, and what a model said of it earlier."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from surefoot.domain import Explanation, Root, Span, Symbol, SymbolInfo, SymbolKind, Usage
from surefoot.lsp.features.hover import MARKDOWN, PLAIN, paragraphs

ROOT = Root(Path("/shop"), "shop")
USAGE = Usage(ROOT, "a.py", 7, "send(1)")


@pytest.mark.parametrize(
    ("count", "is_exact", "shown", "sentence"),
    [
        (0, True, (), "Not named anywhere else"),
        (1, True, (USAGE,), "Named once elsewhere:\n  a.py:7 send(1)"),
        (1, True, (), "Named once elsewhere"),
        (6, True, (USAGE,), "Named 6 times elsewhere:\n  a.py:7 send(1)"),
        (1200, False, (USAGE,), "Named at least 1,200 times elsewhere:\n  a.py:7 send(1)"),
    ],
)
def test_mentions_are_called_what_they_are(
    count: int, shown: tuple[Usage, ...], sentence: str, *, is_exact: bool
) -> None:
    symbol = Symbol("send", SymbolKind.FUNCTION, Span("net.py", 1, 2), 1)
    info = SymbolInfo(ROOT, symbol, count, is_exact, shown)
    assert list(paragraphs(info, PLAIN))[-1] == sentence


def test_what_a_model_said_is_told_with_who_and_as_of_when() -> None:
    symbol = Symbol("send", SymbolKind.FUNCTION, Span("net.py", 1, 2), 1, doc="Sends.")
    explanation = Explanation("`send` writes <b>all</b>.", "tiny", datetime(2026, 3, 1, 12, 5).astimezone())
    info = SymbolInfo(ROOT, symbol, 0, True, (), explanation=explanation)
    assert list(paragraphs(info, PLAIN))[1:3] == ["Sends.", "`send` writes <b>all</b>. (tiny, as of 2026-03-01 12:05)"]
    shown = list(paragraphs(info, MARKDOWN))[2]
    assert shown == "`send` writes \\<b\\>all\\</b\\>. (tiny, as of 2026-03-01 12:05)"
    without = [part for part in paragraphs(info, MARKDOWN) if part != shown]
    assert list(paragraphs(replace(info, explanation=None), MARKDOWN)) == without
