"""The extension's `protocol.ts` says the same as the server: every command, every message, field by field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from surefoot import wire
from surefoot.config import Settings
from surefoot.lsp import protocol

EXTENSION = Path(__file__).parent.parent / "extension"
PROTOCOL = (EXTENSION / "src" / "protocol.ts").read_text(encoding="utf-8")
SETTINGS = (EXTENSION / "src" / "settings.ts").read_text(encoding="utf-8")
PACKAGE = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))

# Settings that only a file, a variable or a script needs; the extension leaves them at their defaults.
NOT_IN_THE_EXTENSION = {
    *("editor_link", "embedder", "lock_timeout", "model_idle_seconds", "model_memory"),
    *("trace_export", "trace_export_contents"),
}
# Settings of the extension itself, which the server never hears of.
NOT_IN_THE_SERVER = {"search.results", "pythonPath", "serverCommand"}
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}

Fields = dict[str, tuple[bool, str]]  # name -> whether it may be left out, TypeScript type


def mirrored() -> dict[str, Fields]:
    """The interfaces of `protocol.ts`."""
    interfaces = {}
    for name, body in re.findall(r"export interface (\w+) \{\n(.*?)\n\}", PROTOCOL, re.DOTALL):
        lines = [line.strip() for line in body.split("\n")]
        found = [re.fullmatch(r"(\w+)(\??): (.+);", line) for line in lines if not line.startswith(("//", "/*", "*"))]
        assert all(found), f"{name} has a line that is not a field"
        interfaces[name] = {match[1]: (bool(match[2]), match[3]) for match in found if match}
    return interfaces


def spoken() -> dict[str, type[BaseModel]]:
    """Every model that crosses the wire, with those inside it."""
    models: dict[str, type[BaseModel]] = {}
    contracts = protocol.CONTRACTS.values()
    roots = [model for contract in contracts for model in (contract.arguments, *contract.replies)]
    for model in (*roots, *protocol.STREAMED, protocol.StatusChanged):
        if model.model_fields:  # a command without arguments needs no interface
            models[model.__name__] = model
        for name in model.model_json_schema().get("$defs", {}):
            models[name] = getattr(wire, name)
    return models


def typescript(schema: dict[str, Any]) -> str:
    """The TypeScript type of one JSON schema."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " | ".join(typescript(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{typescript(schema['items'])}[]"
    if schema.get("type") == "object":
        inner = schema["additionalProperties"]
        return f"Record<string, {'unknown' if inner is True else typescript(inner)}>"
    return "null" if schema.get("type") == "null" else SCALARS[schema["type"]]


def fields_of(model: type[BaseModel]) -> Fields:
    """What the extension has to have for a model. Replies are whole; arguments are left out, not null."""
    is_argument = issubclass(model, wire.Arguments)
    schema = model.model_json_schema(by_alias=True, mode="validation" if is_argument else "serialization")
    fields = {}
    for name, field in schema.get("properties", {}).items():
        optional = is_argument and name not in schema.get("required", [])
        type_ = typescript(field)
        fields[name] = (optional, type_.removesuffix(" | null") if optional else type_)
    return fields


@pytest.mark.parametrize("name", sorted(spoken()))
def test_every_message_is_mirrored_field_by_field(name: str) -> None:
    assert name in mirrored(), f"protocol.ts has no interface {name}"
    assert mirrored()[name] == fields_of(spoken()[name])


def test_nothing_is_mirrored_that_is_not_there() -> None:
    assert not mirrored().keys() - spoken().keys()


def test_the_commands_and_notifications_have_the_same_names() -> None:
    block = re.search(r"export const Command = \{(.*?)\}", PROTOCOL, re.DOTALL)
    assert block
    assert set(re.findall(r'"(surefoot\.\w+)"', block[1])) == set(protocol.Command)
    assert f'ANSWER_NOTIFICATION = "{protocol.ANSWER_NOTIFICATION}"' in PROTOCOL
    assert f'STATUS_NOTIFICATION = "{protocol.STATUS_NOTIFICATION}"' in PROTOCOL


def test_no_command_of_the_extension_has_the_name_of_a_server_command() -> None:
    """vscode-languageclient registers the server's commands itself, and a name can be taken once."""
    own = {command["command"] for command in PACKAGE["contributes"]["commands"]}
    assert not own & set(protocol.Command)


def test_settings_reach_the_server_under_its_names_and_with_its_defaults() -> None:
    passed = dict(re.findall(r'^  (\w+): "(\w+)",$', SETTINGS, re.MULTILINE))
    properties = PACKAGE["contributes"]["configuration"]["properties"]
    assert set(passed.values()) == set(Settings.model_fields) - NOT_IN_THE_EXTENSION
    assert {name.removeprefix("surefoot.") for name in properties} == set(passed) | NOT_IN_THE_SERVER
    for name, server_name in passed.items():
        default = properties[f"surefoot.{name}"]["default"]
        if default != "":  # empty is not sent, so that the server's own default holds
            assert default == Settings.model_fields[server_name].get_default(call_default_factory=True), name
