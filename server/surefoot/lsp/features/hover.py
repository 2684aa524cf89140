"""`textDocument/hover`: what a symbol is, where it is defined and named, and what was said of it. No model is asked.

Invariant: text from the repository is shown as text; nothing in it is rendered as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from surefoot.lsp import convert, markup

if TYPE_CHECKING:
    from surefoot.domain import Explanation, Root, SymbolInfo
    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken

# A tooltip is glanced at: longer sentences and lines are cut.
DOC_CHARACTERS = 300
LINE_CHARACTERS = 100
PLACES_SHOWN = 3
COMMITS_SHOWN = 3
TICKETS_SHOWN = 3  # of one commit
# A save just before the hover takes milliseconds to be indexed; a longer indexing run is not waited for.
SETTLE_SECONDS = 0.2


async def hover(server: SurefootServer, params: types.HoverParams) -> types.Hover | None:
    """Describe the symbol under the cursor."""
    path = convert.path_of(params.text_document.uri)
    if path is None or not server.session.ready:
        return None
    encoding = str(server.workspace.position_encoding)

    def look(cancel: CancelToken) -> SymbolInfo | None:
        text = document_text(server, path)
        place = convert.place_in(text, params.position, encoding)
        with server.session.engine(cancel, settle=SETTLE_SECONDS) as engine:
            return engine.hover(path, place.line, place.character)

    info = await server.glance(look)
    return None if info is None else types.Hover(contents=_contents(server, info))


def document_text(server: SurefootServer, path: Path) -> str:
    """The buffer of `path`, or what is on disk; unreadable files are empty."""
    text = server.session.documents.text(path)
    if text is not None:
        return text
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _contents(server: SurefootServer, info: SymbolInfo) -> types.MarkupContent:
    document = server.client_capabilities.text_document
    formats = (document.hover.content_format if document and document.hover else None) or []
    kind = next(iter(formats), types.MarkupKind.PlainText)
    style = MARKDOWN if kind == types.MarkupKind.Markdown else PLAIN
    return types.MarkupContent(kind=types.MarkupKind(kind), value="\n\n".join(paragraphs(info, style)))


class Plain:
    """Plain text: nothing to escape but what cannot be seen."""

    bullet = "  "

    def block(self, text: str, _path: str) -> str:
        """A signature."""
        return markup.visible(text)

    def text(self, text: str) -> str:
        """A sentence."""
        return markup.visible(text)

    def sentence(self, text: str) -> str:
        """A sentence in which names stand between backticks."""
        return markup.visible(text)

    def code(self, text: str) -> str:
        """A line of code."""
        return markup.visible(text)

    def place(self, _root: Root, path: str, line: int) -> str:
        """A place that can be opened."""
        return f"{markup.visible(path)}:{line}"


class Markdown(Plain):
    """Markdown that renders as exactly the text that went in."""

    bullet = "- "

    def block(self, text: str, _path: str) -> str:
        """A signature."""
        from surefoot.syntax.languages import language_of  # noqa: PLC0415 - keeps grammars out of `initialize`

        return markup.code_fence(text, language_of(_path))

    def text(self, text: str) -> str:
        """A sentence."""
        return markup.markdown_text(text)

    def sentence(self, text: str) -> str:
        """A sentence in which names stand between backticks."""
        return markup.markdown_sentence(text)

    def code(self, text: str) -> str:
        """A line of code."""
        return markup.code_span(text)

    def place(self, _root: Root, path: str, line: int) -> str:
        """A place that can be opened."""
        return f"[{markup.code_span(f'{path}:{line}')}]({convert.link_to(_root.path / path, line)})"


PLAIN, MARKDOWN = Plain(), Markdown()


def paragraphs(info: SymbolInfo, style: Plain) -> Iterator[str]:
    """What is said of a symbol: signature, documentation, where it is defined and named, what changed it last."""
    symbol, root = info.symbol, info.root
    path = symbol.span.path
    yield style.block(symbol.signature or f"{symbol.kind} {symbol.qualified_name}", path)
    if symbol.doc.strip():
        yield style.text(markup.first_sentence(symbol.doc, DOC_CHARACTERS))
    if info.explanation is not None:
        yield _explained(info.explanation, style)
    others = [style.place(root, span.path, span.start) for span in info.other_definitions[:PLACES_SHOWN]]
    also = f", also at {', '.join(others)}" if others else ""
    yield f"Defined at {style.place(root, path, symbol.name_line)}{also}"
    yield "\n".join([_named(info), *_most_telling(info, style)])
    if info.commits:
        yield "\n".join([_changed(info), *_commits(info, style)])


def _explained(explanation: Explanation, style: Plain) -> str:
    """What a model said of it, and as of when: it may have been long ago, though of these very lines."""
    at = explanation.at.astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{style.sentence(explanation.sentence)} ({style.text(explanation.model)}, as of {at})"


def _named(info: SymbolInfo) -> str:
    """How often the name stands elsewhere: whether each of these lines means this very symbol is not known."""
    count, colon = info.usage_count, ":" if info.usages else ""
    if count == 0:
        return "Not named anywhere else"
    if info.usage_count_is_exact and count == 1:
        return f"Named once elsewhere{colon}"
    return f"Named {'' if info.usage_count_is_exact else 'at least '}{count:,} times elsewhere{colon}"


def _changed(info: SymbolInfo) -> str:
    return "Last changed by:" if info.commits_name_symbol else "Its file was last changed by:"


def _commits(info: SymbolInfo, style: Plain) -> Iterator[str]:
    for commit in info.commits[:COMMITS_SHOWN]:
        subject = style.text(commit.subject[:LINE_CHARACTERS])
        tickets = [ticket for ticket in commit.tickets[:TICKETS_SHOWN] if ticket not in commit.subject]
        named = f" ({style.text(', '.join(tickets))})" if tickets else ""
        yield f"{style.bullet}{style.code(commit.digits)} {commit.date} {subject}{named}"


def _most_telling(info: SymbolInfo, style: Plain) -> Iterator[str]:
    for usage in info.usages[:PLACES_SHOWN]:
        line = usage.text.strip()[:LINE_CHARACTERS]
        yield f"{style.bullet}{style.place(usage.root, usage.path, usage.line)} {style.code(line)}"
