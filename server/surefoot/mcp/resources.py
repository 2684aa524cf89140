"""Resources: the indexed files as they stand now, and the traces of this workspace.

Invariant: what is read goes through the engine, which refuses what lies outside, is ignored, or looks like a secret.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

import mcp_types as types

from surefoot import wire
from surefoot.domain import IndexedFile, Root, SourceText
from surefoot.errors import UsageError
from surefoot.mcp.asking import Asking
from surefoot.mcp.features.known import trace_here
from surefoot.mcp.text import clipped, plain_json, shown

SCHEME = "surefoot"
FILE_TEMPLATE = "surefoot://file/{root}/{+path}"
TRACE_TEMPLATE = "surefoot://trace/{trace_id}"
PAGE = 100  # files of one page of the list
MOST_COMPLETIONS = 50

TEMPLATES = (
    types.ResourceTemplate(
        uri_template=FILE_TEMPLATE,
        name="file",
        title="A file of the codebase",
        description="The file as it stands now. `root` is the name of a folder in index_status, `path` relative to it.",
        mime_type="text/plain",
    ),
    types.ResourceTemplate(
        uri_template=TRACE_TEMPLATE,
        name="trace",
        title="A trace",
        description="How one question was answered, stage by stage, in full.",
        mime_type="application/json",
    ),
)


@dataclass(frozen=True, slots=True)
class FileAddress:
    """What a file's URI names."""

    root: str
    path: str


@dataclass(frozen=True, slots=True)
class TraceAddress:
    """What a trace's URI names."""

    trace_id: str


def file_uri(root: Root, path: str) -> str:
    """The address of a file. Names need not be UTF-8, so their bytes are what is quoted."""
    return f"{SCHEME}://file/{_quoted(root.name, safe='')}/{_quoted(path, safe='/')}"


def _quoted(text: str, safe: str) -> str:
    return quote(os.fsencode(text), safe=safe)


def parsed(uri: str) -> FileAddress | TraceAddress:
    """What the address names. Raises UsageError."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        parts = urlsplit("")
    root, _, path = parts.path.removeprefix("/").partition("/")
    if parts.scheme == SCHEME and parts.netloc == "file" and root and path:
        return FileAddress(_unquoted(root), _unquoted(path))
    if parts.scheme == SCHEME and parts.netloc == "trace" and root and not path:
        return TraceAddress(_unquoted(root))
    raise UsageError(
        f"'{clipped(uri, 200)}' is no resource of Surefoot; there are {FILE_TEMPLATE} and {TRACE_TEMPLATE}."
    )


def _unquoted(text: str) -> str:
    return os.fsdecode(unquote_to_bytes(text))


def listed(asking: Asking, start: int) -> types.ListResourcesResult:
    """One page of the indexed files."""
    files = asking.engine.indexed_files()
    page = files[start : start + PAGE]
    more = str(start + PAGE) if start + PAGE < len(files) else None
    return types.ListResourcesResult(resources=[_resource(root, file) for root, file in page], next_cursor=more)


def _resource(root: Root, file: IndexedFile) -> types.Resource:
    name = str(plain_json(file.path))
    return types.Resource(uri=file_uri(root, file.path), name=name, mime_type="text/plain", size=file.size)


def read(asking: Asking, uri: str) -> types.ReadResourceResult:
    """The contents behind an address. Raises SurefootError where there are none to be had."""
    address = parsed(uri)
    if isinstance(address, TraceAddress):
        text, kind = wire.trace_reply(trace_here(asking, address.trace_id)).to_json(), "application/json"
    else:
        source = _source(asking, address)
        text, kind = str(plain_json(source.text)), "text/plain"
    contents = types.TextResourceContents(uri=uri, mime_type=kind, text=text)
    return types.ReadResourceResult(contents=[contents])


def _source(asking: Asking, address: FileAddress) -> SourceText:
    try:
        return asking.engine.source(_path_of(address, asking.engine.roots))
    except OSError as error:  # a name that no disk can hold, a disk that is gone
        raise UsageError(f"'{clipped(address.path, 200)}' cannot be read ({error.strerror or error}).") from error


def _path_of(address: FileAddress, roots: Sequence[Root]) -> Path:
    root = next((root for root in roots if root.name == address.root), None)
    if root is None:
        known = ", ".join(root.name for root in roots)
        raise UsageError(f"There is no folder '{clipped(address.root, 100)}' in this workspace; there are {known}.")
    # Judged by its letters too: what `..` leads to must not even be looked at.
    if "\0" in address.path or ".." in address.path.split("/") or address.path.startswith("/"):
        raise UsageError(f"'{clipped(address.path, 200)}' leads out of its folder; paths are relative to it.")
    return root.path / address.path


def completed(asking: Asking, name: str, value: str, root: str) -> list[str]:
    """How an argument of the file template may go on."""
    if name == "root":
        return [shown(found.name) for found in asking.engine.roots if found.name.startswith(value)]
    if name == "path":
        found = asking.engine.files_like(value, MOST_COMPLETIONS)
        return [str(plain_json(path)) for holder, path in found if root in {"", holder.name}]
    return []
