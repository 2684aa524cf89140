"""What a hover says of how often a name stands elsewhere."""

from pathlib import Path

import pytest

from surefoot.domain import Root, Span, Symbol, SymbolInfo, SymbolKind, Usage
from surefoot.lsp.features.hover import PLAIN, paragraphs

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
