"""The Atlassian Document Format as plain text, as people read it.

Invariant: never raises, and no name of a mentioned person is kept; what nests too deep is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from surefoot.readings.trackers.fields import day
from surefoot.readings.trackers.ticket import SOMEBODY

DEEPEST = 60  # levels; a list in a table in a panel is eight

_BLOCKS = frozenset(
    """
    doc paragraph heading blockquote panel expand nestedExpand bulletList orderedList taskList decisionList listItem
    taskItem decisionItem codeBlock rule table tableRow mediaSingle mediaGroup layoutSection layoutColumn blockCard
    embedCard bodiedExtension
    """.split()
)
_CELLS = frozenset({"tableCell", "tableHeader"})


def text_of(document: Mapping[str, object]) -> str:
    """The text of a document, a paragraph per line and a blank line between blocks."""
    blocks = list(_blocks(document, 0))
    return "\n\n".join(block for block in blocks if block.strip())


def _children(node: Mapping[str, object]) -> list[Mapping[str, object]]:
    content = node.get("content")
    return [child for child in content if isinstance(child, dict)] if isinstance(content, list) else []


def _attribute(node: Mapping[str, object], *names: str) -> str:
    attributes = node.get("attrs")
    if not isinstance(attributes, dict):
        return ""
    return next((value for name in names if isinstance(value := attributes.get(name), str)), "")


def _blocks(node: Mapping[str, object], depth: int) -> Iterator[str]:
    kind = node.get("type")
    if depth > DEEPEST:
        return
    if kind == "heading":
        attributes = node.get("attrs")
        level = attributes.get("level") if isinstance(attributes, dict) else 1
        yield f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {_inline(node, depth)}"
    elif kind == "codeBlock":
        yield f"```{_attribute(node, 'language')}\n{_inline(node, depth)}\n```"
    elif kind == "rule":
        yield "---"
    elif kind in {"bulletList", "orderedList", "taskList", "decisionList"}:
        yield "\n".join(_items(node, depth, is_ordered=kind == "orderedList"))
    elif kind == "table":
        yield "\n".join(_rows(node, depth))
    elif kind in {"blockCard", "embedCard"}:
        yield _attribute(node, "url")
    elif any(child.get("type") in _BLOCKS for child in _children(node)):
        title = _attribute(node, "title")
        if title:
            yield title
        yield from _each(node, depth)
    else:
        yield _inline(node, depth)


def _each(node: Mapping[str, object], depth: int) -> Iterator[str]:
    for child in _children(node):
        yield from _blocks(child, depth + 1)


def _items(node: Mapping[str, object], depth: int, *, is_ordered: bool) -> Iterator[str]:
    for number, item in enumerate(_children(node), 1):
        mark = f"{number}. " if is_ordered else "- "
        text = "\n".join(block for block in _blocks(item, depth + 1) if block.strip())
        yield mark + text.replace("\n", "\n" + " " * len(mark))


def _rows(node: Mapping[str, object], depth: int) -> Iterator[str]:
    for row in _children(node):
        cells = (" ".join(_each(cell, depth + 2)) for cell in _children(row) if cell.get("type") in _CELLS)
        yield f"| {' | '.join(cell.replace(chr(10), ' ') for cell in cells)} |"


def _inline(node: Mapping[str, object], depth: int) -> str:
    if depth > DEEPEST:
        return ""
    return "".join(_piece(child, depth + 1) for child in _children(node)) or _own_text(node)


def _own_text(node: Mapping[str, object]) -> str:
    text = node.get("text")
    return text if isinstance(text, str) else ""


def _piece(node: Mapping[str, object], depth: int) -> str:
    kind = node.get("type")
    if kind == "text":
        return _marked(_own_text(node), node)
    if kind == "hardBreak":
        return "\n"
    if kind == "mention":
        return SOMEBODY
    if kind == "date":
        stamp = _attribute(node, "timestamp")
        return day(int(stamp)) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 20 else ""
    if kind in {"emoji", "status", "inlineCard", "media", "placeholder"}:
        return _attribute(node, "text", "url", "shortName", "alt")
    return _inline(node, depth)


def _marked(text: str, node: Mapping[str, object]) -> str:
    """Code in backticks, and the address of a link behind its text."""
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        if not isinstance(mark, dict):
            continue
        if mark.get("type") == "code":
            text = f"`{text}`"
        address = _attribute(mark, "href") if mark.get("type") == "link" else ""
        if address and address != text:
            text = f"{text} ({address})"
    return text
