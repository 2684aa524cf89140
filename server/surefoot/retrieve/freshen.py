"""Freshen stage: every hit is compared with the open buffer or the disk before it is used.

Invariant: what leaves this stage was true of the working tree when it was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from surefoot.domain import HISTORY_VALID, ChunkKey, Hit, Root, is_commit
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources.relocate import chunk_in_text
from surefoot.workspace.changes import is_unchanged
from surefoot.workspace.documents import Documents, disk_state, read_buffer, read_if_same
from surefoot.workspace.history import state_of


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
    looked: dict[FileKey, Looked] = {}
    heads = lru_cache(state_of)  # one look at HEAD for all commits of a root
    for file in dict.fromkeys(map(_file_of, hits)):
        index = indexes[file.root.path]
        looked[file] = _looked_at_commit(file, index, heads) if is_commit(file.path) else _looked_at(file, index)
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


def _looked_at_commit(file: FileKey, index: RootIndex, heads: Callable[[Root], str]) -> Looked:
    """A commit never changes; it is as good as gone when HEAD is not where all indexed commits were known to lead."""
    indexed = index.store.file(file.path)
    if indexed is None or not indexed.content_hash:  # read by another version
        return Looked("", is_stale=True)
    state = heads(file.root)
    return Looked(indexed.content_hash, is_stale=not state or state != index.store.meta(HISTORY_VALID))


def follow_buffers(hits: Iterable[Hit], documents: Documents) -> list[Hit]:
    """Bring hits in files with unsaved edits to where their text stands in the buffer; drop those that are gone."""
    followed = []
    for hit in hits:
        content = read_buffer(hit.root, hit.chunk.span.path, documents)
        chunk = hit.chunk if content is None else chunk_in_text(hit.chunk, content.text, content.reading)
        if chunk is not None:
            followed.append(hit if chunk is hit.chunk else replace(hit, chunk=chunk))
    return followed
