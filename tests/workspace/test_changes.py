"""What differs between disk and index."""

from __future__ import annotations

from surefoot.domain import FileEntry, IndexedFile, Source
from surefoot.workspace.changes import Changes, compare


def indexed(path: str, size: int, mtime_ns: int) -> IndexedFile:
    return IndexedFile(path, Source.CODE, "python", size, mtime_ns, "hash")


def test_files_are_told_apart_by_time_and_size() -> None:
    same, touched, grown, new = (FileEntry(name, 5, 7) for name in ("same", "touched", "grown", "new"))
    known = [indexed("same", 5, 7), indexed("touched", 5, 6), indexed("grown", 4, 7), indexed("gone", 1, 1)]
    assert compare([same, touched, grown, new], {file.path: file for file in known}) == Changes(
        new=(new,), changed=(touched, grown), unchanged=(same,), removed=("gone",)
    )


def test_nothing_against_nothing_is_no_change() -> None:
    assert compare([], {}) == Changes((), (), (), ())
