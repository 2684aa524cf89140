"""JSON Schemas of arguments and replies, made from the models, as small as they can be without losing a description.

Invariant: a brief and a full reply both fit the output schema of their tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

INDEX: Schema = {
    "type": "object",
    "description": "The index as it was when this was answered, and the verdicts on the places in the reply.",
    "properties": {
        "files": {"type": "integer"},
        "chunks": {"type": "integer"},
        "indexing": {"type": "boolean", "description": "If true, what is missing may still come: ask again."},
        "measured_at": {"type": "number", "description": "Seconds since the epoch."},
        "changed_since": {"type": "integer", "description": "Indexed files gone or changed, at `counted_at`."},
        "not_indexed_yet": {"type": "integer", "description": "Files on disk that wait, at `counted_at`."},
        "counted_at": {"type": "number", "description": "When the index was last compared with the disk."},
        "roots": {"type": "array", "items": {"type": "string"}},
        "verdicts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "drifted": {"type": "integer", "description": "Places in the reply that no longer stand as indexed."},
    },
}
NEXT_OFFSET: Schema = {"type": ["integer", "null"], "description": "`offset` of the next page, where there is one."}


def input_schema(model: type[BaseModel]) -> Schema:
    """What a tool takes."""
    schema: Schema = _without_titles(model.model_json_schema())
    schema.pop("description", None)  # the tool has one of its own
    fields = schema.get("properties", {})
    for field in fields.values():
        _without_null(field)
    required = schema.get("required", [])
    schema["properties"] = {**{name: fields[name] for name in required}, **fields}  # what matters most comes first
    return schema


def output_schema(model: type[BaseModel], required: tuple[str, ...], more: Mapping[str, Schema]) -> Schema:
    """What a tool gives: the fields of `model`, of which a brief reply leaves some out, and `more`."""
    schema: Schema = _open(_without_titles(model.model_json_schema()))
    schema.pop("description", None)
    for definition in schema.get("$defs", {}).values():
        definition.pop("description", None)  # written for programmers; the field names say enough to a reader
    schema["properties"] |= {"index": INDEX, "next_offset": NEXT_OFFSET, **more}
    schema["required"] = list(required)
    return schema


def _without_titles(node: Any) -> Any:
    """The schema without the titles that Pydantic makes of the names; a property may be called "title"."""
    if isinstance(node, list):
        return [_without_titles(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_titles(value) for name, value in node.items() if not (name == "title" and isinstance(value, str))
    }


def _without_null(field: Schema) -> None:
    """An optional argument is left out rather than null; clients understand plain types best."""
    kinds = [kind for kind in field.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) == 1:
        del field["anyOf"]
        field.pop("default", None)
        field.update(kinds[0])


def _open(node: Any) -> Any:
    """The schema with every field optional and others allowed."""
    if isinstance(node, list):
        return [_open(item) for item in node]
    if not isinstance(node, dict):
        return node
    is_object = node.get("type") == "object"
    return {
        name: _open(value)
        for name, value in node.items()
        if not (is_object and (name == "required" or (name == "additionalProperties" and value is False)))
    }
