"""What differs between disk and index."""

from __future__ import annotations

from dataclasses import replace

import pytest

from surefoot.domain import FileEntry, IndexedFile, Source
from surefoot.workspace.changes import Changes, compare, is_unchanged


def indexed(path: str, size: int, mtime_ns: int, ctime_ns: int = 9) -> IndexedFile:
    return IndexedFile(path, Source.CODE, "python", size, mtime_ns, "hash", ctime_ns)


def test_files_are_told_apart_by_size_and_both_times() -> None:
    names = ("same", "touched", "put back", "grown", "new")
    same, touched, put_back, grown, new = (FileEntry(name, 5, 7, 9) for name in names)
    known = [
        indexed("same", 5, 7),
        indexed("touched", 5, 6),
        indexed("put back", 5, 7, 8),
        indexed("grown", 4, 7),
        indexed("gone", 1, 1),
    ]
    assert compare([same, touched, put_back, grown, new], {file.path: file for file in known}) == Changes(
        new=(new,), changed=(touched, put_back, grown), unchanged=(same,), removed=("gone",)
    )


def test_what_was_read_too_soon_after_its_change_must_be_hashed() -> None:
    entry, file = FileEntry("a", 5, 7, 9), replace(indexed("a", 5, 7), is_settled=False)
    changes = compare([entry], {"a": file})
    assert (changes.unchanged, changes.unsettled, changes.suspect) == ((), (entry,), (entry,))


def test_nothing_against_nothing_is_no_change() -> None:
    assert compare([], {}) == Changes((), (), (), ())


@pytest.mark.parametrize(
    ("entry", "file", "unchanged"),
    [
        (FileEntry("a", 5, 7, 9), indexed("a", 5, 7), True),
        (FileEntry("a", 5, 7, 8), indexed("a", 5, 7), False),
        (FileEntry("a", 5, 7, 9), replace(indexed("a", 5, 7), is_settled=False), False),
        (None, indexed("a", 5, 7), False),
        (FileEntry("a", 5, 7, 9), None, False),
    ],
)
def test_only_a_settled_file_with_the_same_stamp_is_surely_unchanged(
    entry: FileEntry | None, file: IndexedFile | None, unchanged: bool
) -> None:
    assert is_unchanged(entry, file) is unchanged
