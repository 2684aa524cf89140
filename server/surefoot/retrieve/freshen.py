"""Freshen stage: every hit is compared with the open buffer or the disk before it is used.

Invariant: what leaves this stage was true of the working tree when it was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from surefoot.domain import ChunkKey, Hit, Root
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources.relocate import chunk_in_text
from surefoot.workspace.changes import is_unchanged
from surefoot.workspace.documents import Documents, disk_state, read_if_same


@dataclass(frozen=True, slots=True)
class FileKey:
    """One file of one root."""

    root: Root
    path: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What the index has of a hit's file, and whether the hit or the index is behind the disk."""

    content_hash: str  # empty where the index has lost the file meanwhile
    is_stale: bool


def look_at_files(hits: Sequence[Hit], indexes: Mapping[Path, RootIndex]) -> dict[FileKey, Looked]:
    """Each file among the hits.

    A stale one is gone from disk, has another content than the index, or was indexed anew since its hits were read:
    then the index agrees with the disk, and the hits don't. Only files whose stamps leave it open are read.
    """
    looked = {file: _looked_at(file, indexes[file.root.path]) for file in dict.fromkeys(map(_file_of, hits))}
    for file in map(_file_of, _replaced(hits, indexes)):  # after the look, so that no replacement falls in between
        looked[file] = replace(looked[file], is_stale=True)
    return looked


def _file_of(hit: Hit) -> FileKey:
    return FileKey(hit.root, hit.chunk.span.path)


def _replaced(hits: Sequence[Hit], indexes: Mapping[Path, RootIndex]) -> list[Hit]:
    """The hits that the index no longer has as they are."""
    present = {}
    for path, index in indexes.items():
        numbers = [hit.key.chunk_id for hit in hits if hit.key and hit.key.root == path]
        stored = index.store.chunks(numbers) if numbers else {}
        present.update({ChunkKey(path, number): chunk for number, chunk in stored.items()})
    return [hit for hit in hits if hit.key and present.get(hit.key) != hit.chunk]


def _looked_at(file: FileKey, index: RootIndex) -> Looked:
    on_disk = disk_state(file.root, file.path)
    indexed = index.store.file(file.path)
    if indexed is None:
        return Looked("", is_stale=True)
    is_same = is_unchanged(on_disk, indexed) or (on_disk is not None and read_if_same(file.root, indexed) is not None)
    return Looked(indexed.content_hash, is_stale=not is_same)


def follow_buffers(hits: Iterable[Hit], documents: Documents) -> list[Hit]:
    """Bring hits in files with unsaved edits to where their text stands in the buffer; drop those that are gone."""
    followed = []
    for hit in hits:
        text = documents.text(hit.root.path / hit.chunk.span.path)
        chunk = hit.chunk if text is None else chunk_in_text(hit.chunk, text)
        if chunk is not None:
            followed.append(hit if chunk is hit.chunk else replace(hit, chunk=chunk))
    return followed
