"""Freshen stage: every hit is compared with the open buffer or the disk before it is used.

Invariant: what leaves this stage was true of the working tree when it was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from surefoot.domain import Hit, Root
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources.relocate import chunk_in_text
from surefoot.workspace.documents import Documents, disk_state


@dataclass(frozen=True, slots=True)
class FileKey:
    """One file of one root."""

    root: Root
    path: str


def stale_files(hits: Iterable[Hit], indexes: Mapping[Path, RootIndex]) -> tuple[FileKey, ...]:
    """The files among the hits that are gone from disk or differ from the index in size or time."""
    files = dict.fromkeys(FileKey(hit.root, hit.chunk.span.path) for hit in hits)
    return tuple(file for file in files if _is_stale(file, indexes[file.root.path]))


def _is_stale(file: FileKey, index: RootIndex) -> bool:
    on_disk = disk_state(file.root, file.path)
    indexed = index.store.file(file.path)
    if on_disk is None or indexed is None:
        return True
    return (on_disk.size, on_disk.mtime_ns) != (indexed.size, indexed.mtime_ns)


def follow_buffers(hits: Iterable[Hit], documents: Documents) -> list[Hit]:
    """Bring hits in files with unsaved edits to where their text stands in the buffer; drop those that are gone."""
    followed = []
    for hit in hits:
        text = documents.text(hit.root.path / hit.chunk.span.path)
        chunk = hit.chunk if text is None else chunk_in_text(hit.chunk, text)
        if chunk is not None:
            followed.append(hit if chunk is hit.chunk else replace(hit, chunk=chunk))
    return followed
