"""The walk over real folders: what is listed, what is left out and why, and what a bad folder does."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import FileEntry, Root, SkippedFile, SkipReason
from surefoot.workspace import walk as walk_module
from surefoot.workspace.documents import disk_state
from surefoot.workspace.walk import IgnoreRules, name_skip_reason, walk

Write = Callable[..., None]


def reasons(root: Root, settings: Settings) -> dict[str, SkipReason]:
    return {skipped.path: skipped.reason for skipped in walk(root, settings).skipped}


def test_files_are_listed_sorted_with_size_and_time(root: Root, write: Write, settings: Settings) -> None:
    write("b.py", "a/c.py", "a.py")
    found = walk(root, settings)
    status = (root.path / "a.py").stat()
    assert [entry.path for entry in found.files] == ["a.py", "a/c.py", "b.py"]
    assert found.files[0] == FileEntry("a.py", status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    assert found.files == tuple(disk_state(root, entry.path) for entry in found.files)
    assert found.failed == ()


def test_an_empty_root_has_nothing(root: Root, settings: Settings) -> None:
    assert walk(root, settings) == walk_module.Walk((), (), ())


def test_a_root_that_is_gone_has_nothing(root: Root, settings: Settings) -> None:
    root.path.rmdir()
    assert walk(root, settings) == walk_module.Walk((), (), ())


def test_size_decides_without_reading(root: Root, write: Write, settings: Settings) -> None:
    write("fits.txt")
    (root.path / "empty.py").touch()
    with (root.path / "huge.txt").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert reasons(root, settings) == {"empty.py": SkipReason.EMPTY, "huge.txt": SkipReason.TOO_LARGE}


def test_links_are_recorded_and_not_followed(root: Root, write: Write, settings: Settings, tmp_path: Path) -> None:
    write("real/a.py")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/b.py").write_text("text")
    (root.path / "loop").symlink_to(root.path)
    (root.path / "real/up").symlink_to("..")
    (root.path / "leaves").symlink_to(tmp_path / "outside")
    (root.path / "file.py").symlink_to("real/a.py")
    (root.path / "broken").symlink_to("nowhere")
    found = walk(root, settings)
    assert [entry.path for entry in found.files] == ["real/a.py"]
    assert set(found.skipped) == {
        SkippedFile(path, SkipReason.SYMLINK) for path in ("loop", "real/up", "leaves", "file.py", "broken")
    }


def test_a_vendored_folder_is_one_entry_and_is_not_entered(root: Root, write: Write, settings: Settings) -> None:
    write("node_modules/left/index.js", "a/node_modules/b.js", "vendor/x/y.go", "src/vendor/mine.py")
    assert reasons(root, settings) == {
        "node_modules/": SkipReason.VENDORED,
        "a/node_modules/": SkipReason.VENDORED,
        "vendor/": SkipReason.VENDORED,
    }
    including = settings.model_copy(update={"include_vendored": True})
    assert len(walk(root, including).files) == 4


def test_what_is_no_file_is_not_there(root: Root, settings: Settings) -> None:
    os.mkfifo(root.path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(root.path)  # the address of a socket is short
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
        assert walk(root, settings) == walk_module.Walk((), (), ())


def test_names_that_cannot_be_cited_fail_with_a_sentence(root: Root, settings: Settings) -> None:
    for name in (b"line\nbreak.py", b"latin-\xe9.py", b"bell\x07"):
        Path(os.fsdecode(os.fsencode(root.path) + b"/" + name)).write_text("text")
    Path(os.fsdecode(os.fsencode(root.path) + b"/folder-\xff")).mkdir()
    (root.path / "straße 日本.py").write_text("text")
    found = walk(root, settings)
    assert [entry.path for entry in found.files] == ["straße 日本.py"]
    assert [failed.path for failed in found.failed] == [
        "bell\\x07",
        "folder-\\xff/",
        "latin-\\xe9.py",
        "line\\nbreak.py",
    ]
    assert all(failed.error.endswith(".") and failed.path.isprintable() for failed in found.failed)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_fails_with_a_sentence(root: Root, write: Write, settings: Settings) -> None:
    write("closed/a.py", "open/b.py")
    (root.path / "closed").chmod(0)
    try:
        found = walk(root, settings)
    finally:
        (root.path / "closed").chmod(0o755)
    assert [entry.path for entry in found.files] == ["open/b.py"]
    assert [(failed.path, failed.error) for failed in found.failed] == [
        ("closed/", "The folder cannot be listed: Permission denied.")
    ]


def test_a_path_too_long_for_the_system_fails_with_a_sentence(root: Root, settings: Settings) -> None:
    names = ["n" * 250] * 17
    folder = os.open(root.path, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=folder)
        below = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    found = walk(root, settings)
    assert [failed.error for failed in found.failed] == ["The folder cannot be listed: File name too long."]


def test_what_goes_during_the_walk_is_simply_not_there(
    root: Root, write: Write, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules are asked between listing and looking: the moment to take something away."""
    write("a.py", "going.py", "going/b.py")

    class Taking(IgnoreRules):
        def ignores(self, folder: walk_module.Folder, name: str, *, is_dir: bool) -> bool:
            if name == "going.py":
                (root.path / name).unlink()
            if name == "going":
                (root.path / "going/b.py").unlink()
                (root.path / "going").rmdir()
            return super().ignores(folder, name, is_dir=is_dir)

    found = walk(root, settings, rules=Taking(root))
    assert ([entry.path for entry in found.files], found.failed) == (["a.py"], ())


def test_ten_thousand_files_at_once(root: Root, settings: Settings) -> None:
    for number in range(100):
        (root.path / f"d{number}").mkdir()
        for other in range(100):
            (root.path / f"d{number}/{other}.py").write_text("text")
    assert len(walk(root, settings).files) == 10_000


def test_a_golden_set_is_not_indexed(root: Root, write: Write, settings: Settings) -> None:
    write(".surefoot/cases.jsonl", "a.py")
    assert reasons(root, settings) == {".surefoot/": SkipReason.OWN}
    assert name_skip_reason(".surefoot/cases.jsonl", settings) is SkipReason.OWN
