"""Reading a file: from disk, from an unsaved buffer, and not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from surefoot.domain import FileEntry, Root, SkipReason, content_hash
from surefoot.workspace.documents import Documents, FileContent, disk_state, read_file

MIB = 1024 * 1024


def text_of(root: Root, content: bytes) -> str:
    (root.path / "a.txt").write_bytes(content)
    found = read_file(root, "a.txt", max_bytes=MIB)
    assert isinstance(found, FileContent)
    return found.text


def test_the_content_carries_what_drift_is_measured_by(root: Root) -> None:
    (root.path / "a.txt").write_bytes(b"one\r\ntwo\rthree\n")
    status = (root.path / "a.txt").stat()
    text = "one\ntwo\nthree\n"
    assert read_file(root, "a.txt", max_bytes=MIB) == FileContent(
        text, content_hash(text), status.st_size, status.st_mtime_ns, from_buffer=False
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_marked_or_plain_unicode_file_is_read_as_it_is(root: Root, encoding: str) -> None:
    assert text_of(root, "größer 日本 🦊\n".encode(encoding)) == "größer 日本 🦊\n"


def test_western_text_without_a_mark_is_guessed(root: Root) -> None:
    text = "# Größe und Maß müssen für die Prüfung der Straße übereinstimmen, schließlich zählt das.\n" * 3
    assert text_of(root, text.encode("cp1252")) == text


def test_damaged_utf8_keeps_what_is_sound(root: Root) -> None:
    assert text_of(root, "größer über öfter\n".encode() + b"\xff\n") == "größer über öfter\n\ufffd\n"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\xef\xbb\xbf", b"\xfe\xff\xd8", b"\x80", b"\xff" * 500, b""])
def test_no_bytes_raise(root: Root, content: bytes) -> None:
    (root.path / "a.txt").write_bytes(content)
    assert isinstance(read_file(root, "a.txt", max_bytes=MIB), FileContent | SkipReason)


def test_zero_bytes_mean_binary(root: Root) -> None:
    (root.path / "a").write_bytes(b"text\0text")
    assert read_file(root, "a", max_bytes=MIB) is SkipReason.BINARY


def test_a_file_over_the_limit_is_not_read(root: Root) -> None:
    with (root.path / "huge").open("wb") as file:
        file.truncate(50 * MIB)
    assert read_file(root, "huge", max_bytes=MIB) is SkipReason.TOO_LARGE
    (root.path / "exact").write_bytes(b"a" * 10)
    assert read_file(root, "exact", max_bytes=9) is SkipReason.TOO_LARGE
    assert isinstance(read_file(root, "exact", max_bytes=10), FileContent)


def test_links_are_not_read_wherever_they_stand(root: Root, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    (root.path / "out.txt").symlink_to(tmp_path / "outside.txt")
    (root.path / "up").symlink_to(tmp_path)
    assert read_file(root, "out.txt", max_bytes=MIB) is SkipReason.SYMLINK
    assert read_file(root, "up/outside.txt", max_bytes=MIB) is SkipReason.SYMLINK
    assert disk_state(root, "out.txt") is None
    assert disk_state(root, "up/outside.txt") is None


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/passwd", "", ".", "a/../../x", "gone.txt", "a\0b", "folder"])
def test_what_is_no_file_inside_raises_an_os_error(root: Root, path: str) -> None:
    (root.path.parent / "outside.txt").write_text("secret")
    (root.path / "folder").mkdir()
    with pytest.raises(OSError, match=r".+"):
        read_file(root, path, max_bytes=MIB)
    assert disk_state(root, path) is None


def test_a_pipe_is_not_waited_for(root: Root) -> None:
    os.mkfifo(root.path / "pipe")
    with pytest.raises(FileNotFoundError):
        read_file(root, "pipe", max_bytes=MIB)
    assert disk_state(root, "pipe") is None


def test_the_unsaved_buffer_comes_before_the_disk(root: Root) -> None:
    (root.path / "a.py").write_text("old")
    documents = Documents()
    documents.open(root.path / "a.py", "first")
    documents.change(root.path / "a.py", "new\r\n")
    found = read_file(root, "a.py", documents=documents, max_bytes=MIB)
    assert isinstance(found, FileContent)
    assert (found.text, found.from_buffer, found.size) == ("new\n", True, 3)
    assert documents.text(root.path / "a.py") == "new\n"
    assert documents.paths() == (root.path / "a.py",)
    documents.close(root.path / "a.py")
    documents.close(root.path / "a.py")
    assert documents.text(root.path / "a.py") is None
    assert isinstance(content := read_file(root, "a.py", documents=documents, max_bytes=MIB), FileContent)
    assert content.text == "old"


def test_a_buffer_that_was_never_saved_can_be_read(root: Root) -> None:
    documents = Documents()
    documents.open(root.path / "new.py", "x = 1\n")
    found = read_file(root, "new.py", documents=documents, max_bytes=MIB)
    assert found == FileContent("x = 1\n", content_hash("x = 1\n"), 0, 0, from_buffer=True)


def test_a_buffer_obeys_the_same_limits(root: Root) -> None:
    documents = Documents()
    documents.open(root.path / "a", "x" * 20)
    documents.open(root.path / "b", "x\0")
    assert read_file(root, "a", documents=documents, max_bytes=10) is SkipReason.TOO_LARGE
    assert read_file(root, "b", documents=documents, max_bytes=10) is SkipReason.BINARY


def test_a_buffer_opened_through_a_link_is_the_real_file_s(root: Root) -> None:
    (root.path / "real.py").write_text("old")
    (root.path / "alias.py").symlink_to("real.py")
    documents = Documents()
    documents.open(root.path / "alias.py", "new")
    found = read_file(root, "real.py", documents=documents, max_bytes=MIB)
    assert isinstance(found, FileContent)
    assert found.text == "new"


def test_the_state_on_disk_is_what_the_walk_would_list(root: Root) -> None:
    (root.path / "a.py").write_text("text")
    status = (root.path / "a.py").stat()
    assert disk_state(root, "a.py") == FileEntry("a.py", 4, status.st_mtime_ns)
