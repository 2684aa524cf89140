"""Branch switches: what was made of the files that change is kept, and taken back when their text comes back.

Invariant: only where many files change at once; a saved file does not come back to what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surefoot.config import Settings
from surefoot.domain import FailedFile, IndexedFile, Root, SkippedFile
from surefoot.index.parsing import RECORDED_FROM, PreparedFile, parse_here
from surefoot.store.database import IndexStore

FEWEST = RECORDED_FROM


def known_contents(store: IndexStore, paths: Sequence[str]) -> dict[str, frozenset[str]]:
    """The content hashes of files that need not be taken apart."""
    return store.displaced_hashes(paths) if len(paths) >= FEWEST else {}


def taken_back(
    store: IndexStore, file: IndexedFile, root: Root, settings: Settings
) -> PreparedFile | SkippedFile | FailedFile:
    """What was made of the file when it had this content; made anew if that has just been let go."""
    parsed = store.displaced(file)
    return PreparedFile(parsed) if parsed else parse_here(root, [file.path], settings)[0]


def displaced_by(store: IndexStore, files: Sequence[PreparedFile]) -> Mapping[tuple[str, str], bytes]:
    """Records of what the index has of these files before it is replaced, and of what replaces it where there are any.

    By path and content hash; those that are kept already are left out.
    """
    if len(files) < FEWEST:
        return {}
    new = {prepared.parsed.file.path: prepared for prepared in files}
    kept = store.displaced_hashes(new)
    before = {path: file.content_hash for path, file in store.files_at(new).items() if path in new}
    wanted = [path for path, known in before.items() if known and known not in kept.get(path, ())]
    records = {(path, before[path]): record for path, record in store.records(wanted).items()}
    return records | {
        (path, prepared.parsed.file.content_hash): prepared.record
        for path, prepared in new.items()
        if prepared.record and prepared.parsed.file.content_hash not in kept.get(path, ())
    }
