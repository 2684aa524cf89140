"""Which files have a reading, how large they may be, and that the last readings are remembered within bounds."""

from pathlib import Path

import pytest

from surefoot import readings
from surefoot.config import Settings
from surefoot.domain import Root, SkipReason
from surefoot.readings import MOST_BYTES, has_reading, most_bytes, pdf, reading_of
from surefoot.workspace.documents import FileContent, read_file
from surefoot.workspace.walk import walk
from tiny_pdf import pdf as tiny


@pytest.mark.parametrize(
    "path", ["a.pdf", "A.PDF", "x/b.ipynb", "c.drawio.xml", "d.excalidraw.json", "my-figma-file.json"]
)
def test_names_with_a_reading(path: str) -> None:
    assert has_reading(path)
    assert most_bytes(path, 10) == MOST_BYTES


@pytest.mark.parametrize(
    "path", [".pdf", "pdf", "a.xml", "drawio.xml", "a.json", "excalidraw.json", "a.md", "", "figma/a.png"]
)
def test_names_without(path: str) -> None:
    assert not has_reading(path)
    assert most_bytes(path, 10) == 10


def test_a_larger_file_is_listed_and_read_only_where_it_has_a_reading(tmp_path: Path) -> None:
    settings = Settings(max_file_bytes=200)
    (tmp_path / "a.pdf").write_bytes(tiny([["Words of a page"]]))
    (tmp_path / "tokens.figma.json").write_text('{"colors": "' + "blue " * 100 + '"}')
    (tmp_path / "a.txt").write_text("word " * 100)
    root = Root(tmp_path, "x")
    assert [entry.path for entry in walk(root, settings).files] == ["a.pdf", "tokens.figma.json"]
    content = read_file(root, "a.pdf", max_bytes=200)
    assert isinstance(content, FileContent)
    assert content.text == "page 1\nWords of a page"
    assert read_file(root, "tokens.figma.json", max_bytes=200) is SkipReason.TOO_LARGE


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are read from now on."""
    calls: list[str] = []
    whole = pdf.read
    monkeypatch.setattr(readings, "_remembered", readings._Remembered())
    monkeypatch.setattr(pdf, "read", lambda path, content: (calls.append(path), whole(path, content))[1])
    return calls


def test_the_same_bytes_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, content = counted(monkeypatch), tiny([["a"]])
    assert reading_of("a.pdf", content) is reading_of("a.pdf", content)
    reading_of("a.pdf", tiny([["b"]]))
    assert calls == ["a.pdf", "a.pdf"]


def test_only_the_last_few_readings_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    for number in range(20):
        reading_of(f"{number}.pdf", tiny([[str(number)]]))
    reading_of("19.pdf", tiny([["19"]]))
    reading_of("0.pdf", tiny([["0"]]))
    assert calls[20:] == ["0.pdf"]
    assert len(readings._remembered._readings) == readings._Remembered.MOST


def test_readings_are_forgotten_where_they_are_too_long_together(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    monkeypatch.setattr(readings._Remembered, "MOST_CHARACTERS", 40)
    for _ in range(2):
        reading_of("a.pdf", tiny([["twenty letters or so"]]))
        reading_of("b.pdf", tiny([["twenty letters or so"]]))
        reading_of("long.pdf", tiny([["long " * 20]]))
    assert calls == ["a.pdf", "b.pdf", "long.pdf", "a.pdf", "b.pdf", "long.pdf"]
