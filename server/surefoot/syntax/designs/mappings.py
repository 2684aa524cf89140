"""Mappings of YAML and JSON trees alike: the entries of a node, its items, and what a scalar says.

Invariant: a node's children are listed once per call and nothing is followed, so that an anchor or a `$ref` costs
nothing and cannot lead in circles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surefoot.syntax.symbols import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

SCALAR_LIMIT = 4000  # bytes of a scalar that are read: enough for a long description
_KEY_LIMIT = 400  # bytes of a key

_MAPPINGS = frozenset({"block_mapping", "flow_mapping", "object"})
_SEQUENCES = frozenset({"block_sequence", "flow_sequence", "array"})
_WRAPPERS = frozenset({"block_node", "flow_node", "block_sequence_item", "document"})
_PAIRS = frozenset({"block_mapping_pair", "flow_pair", "pair"})
_NO_CONTENT = frozenset({"anchor", "tag", "comment"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value; lines are 1-based and inclusive."""

    key: str
    node: Node
    value: Node | None
    first: int
    last: int


def documents(root: Node) -> Iterator[Node]:
    """The documents of a file: one in JSON, any number in YAML."""
    if root.type == "stream":
        yield from (child for child in root.named_children if child.type == "document")
    else:
        yield root


def entries(node: Node | None, source: SourceText) -> list[Entry]:
    """The entries of the mapping that the node is; none where it is something else."""
    mapping = _content(node)
    if mapping is None or mapping.type not in _MAPPINGS:
        return []
    return [_entry(pair, source) for pair in mapping.named_children if pair.type in _PAIRS]


def items(node: Node | None) -> list[Node]:
    """The items of the sequence that the node is."""
    sequence = _content(node)
    if sequence is None or sequence.type not in _SEQUENCES:
        return []
    return [child for child in sequence.named_children if child.type != "comment"]


def by_key(found: list[Entry]) -> dict[str, Entry]:
    """The entries by their keys; of several alike the first."""
    return {entry.key: entry for entry in reversed(found)}


def scalar(entry: Entry | None, source: SourceText) -> str:
    """What a string, number or word says, on one line; nothing of mappings and sequences."""
    node = _content(entry.value) if entry is not None else None
    if node is None or node.type in _MAPPINGS or node.type in _SEQUENCES:
        return ""
    text = source.text(node.start_byte, min(node.end_byte, node.start_byte + SCALAR_LIMIT))
    if node.type == "block_scalar":
        text = text.partition("\n")[2]
    elif node.type == "string":
        text = text.replace("\\n", " ").replace('\\"', '"').replace("\\/", "/")
    return _unquoted(" ".join(text.split()))


def _content(node: Node | None) -> Node | None:
    """The mapping, sequence or scalar within the nodes that only wrap it."""
    while node is not None and node.type in _WRAPPERS:
        node = next((child for child in node.named_children if child.type not in _NO_CONTENT), None)
    return node


def _entry(pair: Node, source: SourceText) -> Entry:
    key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    name = ""
    if key is not None:
        name = _unquoted(source.text(key.start_byte, min(key.end_byte, key.start_byte + _KEY_LIMIT)).strip())
    first, last = source.line(pair.start_byte), source.last_line(pair.start_byte, pair.end_byte)
    while last > first and (not (line := line_of(source, last).strip()) or line.startswith(b"#")):
        last -= 1  # comments at the end of a block stand above what follows it
    return Entry(name, pair, value, first, last)


def line_of(source: SourceText, number: int) -> bytes:
    """The bytes of one line."""
    starts = source.line_starts
    return source.data[starts[number - 1] : starts[number] if number < len(starts) else len(source.data)]


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]
    return text[1:-1] if is_quoted else text
