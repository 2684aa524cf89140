"""Reading a file: from disk, from an unsaved buffer, and not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from surefoot.domain import FileEntry, IndexedFile, Root, SkipReason, Source, content_hash
from surefoot.workspace import documents as documents_module
from surefoot.workspace import spelling
from surefoot.workspace.documents import Documents, FileContent, disk_state, read_file, read_if_same

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
    found = read_file(root, "a.txt", max_bytes=MIB)
    assert isinstance(found, FileContent)
    assert found == FileContent(
        text,
        content_hash(text),
        status.st_size,
        status.st_mtime_ns,
        from_buffer=False,
        ctime_ns=status.st_ctime_ns,
        is_settled=found.is_settled,
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
    assert disk_state(root, "a.py") == FileEntry("a.py", 4, status.st_mtime_ns, status.st_ctime_ns)


# --- while somebody writes ---------------------------------------------------------------------------------------


@pytest.fixture
def while_read(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], None]:
    """Have something happen to the file each time it was opened and looked at, before its text is read."""
    monkeypatch.setattr(documents_module, "PAUSES", (0.0, 0.0))

    def happening(happens: Callable[[int], None]) -> None:
        times, fdopen = iter(range(100)), os.fdopen

        @contextmanager
        def opened(descriptor: int, mode: str) -> Iterator[object]:
            with fdopen(descriptor, mode) as file:
                reading = type("Reading", (), {"read": lambda _, size: (happens(next(times)), file.read(size))[1]})()
                yield reading

        monkeypatch.setattr(os, "fdopen", opened)

    return happening


def grown(root: Root, by: int) -> None:
    with (root.path / "log.txt").open("a") as log:
        log.write("more\n" * by)


def test_a_file_that_grows_while_it_is_read_is_read_again(
    root: Root, while_read: Callable[[Callable[[int], None]], None]
) -> None:
    grown(root, 1)
    while_read(lambda time: grown(root, 1) if time == 0 else None)
    found = read_file(root, "log.txt", max_bytes=MIB)
    assert isinstance(found, FileContent)
    assert (found.text, found.size) == ("more\n" * 2, 10)


def test_a_file_that_grows_whenever_it_is_read_is_never_settled(
    root: Root, while_read: Callable[[Callable[[int], None]], None]
) -> None:
    """Its stamp is that of before the reading: it looks changed at the next look."""
    grown(root, 1)
    while_read(lambda _: grown(root, 1))
    found = read_file(root, "log.txt", max_bytes=MIB)
    assert isinstance(found, FileContent)
    assert not found.is_settled
    assert found.size < (root.path / "log.txt").stat().st_size


def test_half_a_file_is_not_read_under_the_stamp_of_the_whole(
    root: Root, while_read: Callable[[Callable[[int], None]], None]
) -> None:
    """Truncated between the look at its size and the reading of its text."""
    (root.path / "log.txt").write_text("whole text\n")
    while_read(lambda time: os.truncate(root.path / "log.txt", 5) if time == 0 else None)
    found = read_file(root, "log.txt", max_bytes=MIB)
    assert isinstance(found, FileContent)
    assert (found.text, found.size) == ("whole", 5)


# --- the same text -----------------------------------------------------------------------------------------------


def as_indexed(text: str, size: int) -> IndexedFile:
    return IndexedFile("a.py", Source.CODE, "python", size, 1, content_hash(text))


@pytest.mark.parametrize("written", [b"one\ntwo\n", b"one\r\ntwo\r\n", b"\xef\xbb\xbfone\r\ntwo\r\n"])
def test_other_line_endings_and_a_byte_order_mark_leave_the_text_the_same(root: Root, written: bytes) -> None:
    (root.path / "a.py").write_bytes(written)
    found = read_if_same(root, as_indexed("one\ntwo\n", 8))
    assert found is not None
    assert found.size == len(written)


@pytest.mark.parametrize("written", [b"one\ntwO\n", b"", b"one\ntwo\n" * 100, b"one\0two\n"])
def test_another_text_is_not_the_same(root: Root, written: bytes) -> None:
    (root.path / "a.py").write_bytes(written)
    assert read_if_same(root, as_indexed("one\ntwo\n", 8)) is None


def test_what_is_gone_is_not_the_same(root: Root) -> None:
    assert read_if_same(root, as_indexed("one\n", 4)) is None
    (root.path / "a.py").mkdir()
    assert read_if_same(root, as_indexed("one\n", 4)) is None


# --- letter case -------------------------------------------------------------------------------------------------


@pytest.fixture
def no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that finds `foo.py` as `Foo.py` too, which stats both and lists one."""
    monkeypatch.setattr(spelling, "ignores_case", lambda _: True)
    lstat = Path.lstat

    def found_in_any_case(path: Path) -> os.stat_result:
        for entry in path.parent.iterdir():
            if entry.name.lower() == path.name.lower():
                return lstat(entry)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", found_in_any_case)


@pytest.mark.usefixtures("no_case")
def test_where_case_does_not_matter_only_the_listed_spelling_is_there(root: Root) -> None:
    (root.path / "pkg").mkdir()
    (root.path / "pkg/foo.py").write_text("x = 1\n")
    assert (root.path / "pkg/Foo.py").lstat().st_size == 6
    assert disk_state(root, "pkg/Foo.py") is None
    assert disk_state(root, "Pkg/foo.py") is None
    assert disk_state(root, "pkg/foo.py") is not None


def test_where_case_matters_nothing_is_listed(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.path / "foo.py").write_text("x = 1\n")
    monkeypatch.setattr(Path, "iterdir", lambda _: pytest.fail("a folder was listed"))
    assert spelling.ignores_case(root.path) is False
    assert disk_state(root, "foo.py") is not None


def test_a_folder_without_letters_is_as_its_nearest_with_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own name is found under its swapped spelling everywhere, which says nothing."""
    asked: list[Path] = []
    monkeypatch.setattr(Path, "samefile", lambda path, other: asked.append(path) or path.name != other.name)
    (tmp_path / "Lib" / "123").mkdir(parents=True)
    assert spelling.ignores_case.__wrapped__(tmp_path / "Lib" / "123") is True
    assert asked == [tmp_path / "Lib"]
