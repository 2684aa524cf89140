"""OpenAPI, Swagger, AsyncAPI and JSON Schema: operations and schemas instead of the keys that they are written with.

Invariant: what is shown under an operation or a schema are consecutive lines, and every line of a section is in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from surefoot.domain import SymbolKind
from surefoot.syntax.designs.mappings import Entry, by_key, documents, entries, items, line_of, scalar
from surefoot.syntax.signatures import fold
from surefoot.syntax.symbols import Definition, Outline, SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_NAME_LIMIT = 200  # characters of a name; a longer key is data
_WITH_SCHEMAS = frozenset({"definitions", "$defs"})
_PARTS_OF_SCHEMA = ("allOf", "anyOf", "oneOf")
_SIGNATURE_BYTES = 2000  # of an entry that are looked at for its signature


@dataclass(slots=True)
class _Reading:
    """The file, what kind of interface it describes, and the definitions so far."""

    source: SourceText
    kind: str
    definitions: list[Definition] = field(default_factory=list)


def interface_outline(kind: str, root: Node, source: SourceText) -> Outline:
    """The operations, schemas and other parts of the interfaces in a file."""
    reading = _Reading(source, kind)
    doc = ""
    for document in documents(root):
        top = entries(document, source)
        doc = doc or _described(by_key(top).get("info"), source)
        for entry in top:
            _section(reading, entry)
    return Outline([each for each in reading.definitions if each.name], doc)


def _described(info: Entry | None, source: SourceText) -> str:
    parts = by_key(entries(info.value, source)) if info is not None else {}
    return "\n".join(text for key in ("title", "description") if (text := scalar(parts.get(key), source)))


def _section(reading: _Reading, entry: Entry) -> None:
    """One entry of the outermost mapping."""
    outer = _key(reading, entry, -1)
    inner = entries(entry.value, reading.source)
    if entry.key in {"paths", "webhooks"}:
        for first, path in _with_first_lines(reading, entry, inner):
            _path(reading, path, first)
    elif entry.key == "components":
        _components(reading, entry, inner, outer)
    elif entry.key in _WITH_SCHEMAS:
        _schemas(reading, entry, inner)
    elif entry.key == "channels" or (entry.key == "operations" and reading.kind == "asyncapi"):
        kind = SymbolKind.EVENT if entry.key == "channels" else SymbolKind.METHOD
        for first, each in _with_first_lines(reading, entry, inner):
            _add(reading, each, kind, first=first, signature=f"{entry.key[:-1]} {each.key}")
    elif entry.key == "properties" and reading.kind == "schema":
        for each in inner:
            _key(reading, each, outer, SymbolKind.FIELD)
    elif entry.key == "tags":
        _tags(reading, entry, outer)
    else:
        for each in inner:
            _key(reading, each, outer)


def _with_first_lines(reading: _Reading, outer: Entry, inner: Sequence[Entry]) -> Iterator[tuple[int, Entry]]:
    """Each entry with the first line that goes with it: the comments above, and above the first one its section."""
    last = outer.first - 1
    for entry in inner:
        first = min(last + 1, entry.first)
        while first < entry.first and not line_of(reading.source, first).strip():
            first += 1
        yield first, entry
        last = max(last, entry.last)


def _path(reading: _Reading, path: Entry, first: int) -> None:
    """Every operation on a path; what all of them share goes with the first, or the last where it comes after."""
    inside = entries(path.value, reading.source)
    operations = [each for each in inside if each.key.lower() in METHODS]
    if not operations:
        _add(reading, path, SymbolKind.KEY, first=first, signature=path.key)
    for number, operation in enumerate(operations):
        is_last = number == len(operations) - 1
        last = max(path.last, operation.last) if is_last else operation.last
        _operation(reading, path, operation, (first, last))
        first = min(last + 1, path.last)


def _operation(reading: _Reading, path: Entry, operation: Entry, lines: tuple[int, int]) -> None:
    source = reading.source
    parts = by_key(entries(operation.value, source))
    name = f"{operation.key.upper()} {path.key}"
    identifier, summary, text = (scalar(parts.get(key), source) for key in ("operationId", "summary", "description"))
    head = f"{name} {identifier}".rstrip()
    first, last = min(lines[0], operation.first), lines[1]
    made = Definition(name[:_NAME_LIMIT], SymbolKind.METHOD, 0, 0, first, last, operation.first, is_symbol=True)
    made.signature = fold(f"{head}: {summary or text}".rstrip(": "), SymbolKind.METHOD)
    made.doc = "\n".join(part for part in (summary, text) if part)
    made.is_alone = True
    reading.definitions.append(made)
    if identifier:
        # A second name of the same lines, so that whoever knows the one finds the other.
        line = parts["operationId"].first
        named = Definition(identifier[:_NAME_LIMIT], SymbolKind.METHOD, 0, 0, first, last, line, is_symbol=True)
        named.parent, named.signature, named.doc = len(reading.definitions) - 1, made.signature, made.doc
        reading.definitions.append(named)


def _components(reading: _Reading, entry: Entry, inner: Sequence[Entry], outer: int) -> None:
    for first, each in _with_first_lines(reading, entry, inner):
        group = _key(reading, each, outer)
        inside = entries(each.value, reading.source)
        if each.key in {"schemas", "messages"}:
            _schemas(reading, each, inside, first)
        else:
            for one in inside:
                _key(reading, one, group)


def _schemas(reading: _Reading, outer: Entry, inner: Sequence[Entry], first_line: int = 0) -> None:
    for first, entry in _with_first_lines(reading, outer, inner):
        is_first = entry is inner[0] and first_line
        _schema(reading, entry, first_line if is_first else first)


def _schema(reading: _Reading, entry: Entry, first: int) -> None:
    source = reading.source
    parts = by_key(entries(entry.value, source))
    kind = SymbolKind.ENUM if "enum" in parts else SymbolKind.STRUCT
    what = scalar(parts.get("type"), source) or scalar(parts.get("$ref"), source)
    text = scalar(parts.get("title"), source) or scalar(parts.get("description"), source)
    signature = fold(" ".join(part for part in (f"{entry.key}: {what}".rstrip(": "), text) if part), kind)
    index = _add(reading, entry, kind, first=first, signature=signature)
    reading.definitions[index].doc = scalar(parts.get("description"), source)
    reading.definitions[index].is_alone = True
    for properties in _properties(parts, source):
        for each in properties:
            _key(reading, each, index, SymbolKind.FIELD)


def _properties(parts: dict[str, Entry], source: SourceText) -> Iterator[list[Entry]]:
    """Its own properties, those of the parts that it is put together from, and those of an event's content."""
    if "properties" in parts:
        yield entries(parts["properties"].value, source)
    inside = [item for key in _PARTS_OF_SCHEMA if key in parts for item in items(parts[key].value)]
    inside += [value for key in ("payload",) if key in parts and (value := parts[key].value) is not None]
    for item in inside:
        properties = by_key(entries(item, source)).get("properties")
        if properties is not None:
            yield entries(properties.value, source)


def _tags(reading: _Reading, entry: Entry, outer: int) -> None:
    for item in items(entry.value):
        parts = by_key(entries(item, reading.source))
        if "name" in parts:
            index = _key(reading, parts["name"], outer)
            made = reading.definitions[index]
            made.name = scalar(parts["name"], reading.source)[:_NAME_LIMIT]
            made.doc = scalar(parts.get("description"), reading.source)
            made.signature = fold(f"tag {made.name}: {made.doc}".rstrip(": "), SymbolKind.KEY)


def _key(reading: _Reading, entry: Entry, parent: int, kind: SymbolKind = SymbolKind.KEY) -> int:
    """An entry by its key, in its container, as any other YAML or JSON has it."""
    node = entry.node
    text = reading.source.text(node.start_byte, min(node.end_byte, node.start_byte + _SIGNATURE_BYTES))
    index = _add(reading, entry, kind, first=entry.first, signature=fold(text, kind))
    made = reading.definitions[index]
    made.parent = parent
    made.container = reading.definitions[parent].qualified_name if parent >= 0 else ""
    return index


def _add(reading: _Reading, entry: Entry, kind: SymbolKind, *, first: int, signature: str) -> int:
    made = Definition(entry.key[:_NAME_LIMIT], kind, 0, 0, first, entry.last, entry.first, is_symbol=True)
    made.signature = signature
    reading.definitions.append(made)
    return len(reading.definitions) - 1
