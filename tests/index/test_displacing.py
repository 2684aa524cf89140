"""Branch switches: what was made of a file is kept when it changes, and taken back when its text comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import IndexedFile, ParsedFile, Query, Root, Source
from surefoot.engine import Engine, database_path
from surefoot.index import displacing, parsing
from surefoot.sources import parse_file
from surefoot.store.connections import connect
from surefoot.store.displaced import packed, unpacked

Open = Callable[..., Engine]
FILES = displacing.FEWEST + 5


def write(root: Path, version: str, count: int = FILES) -> list[Path]:
    root.mkdir(exist_ok=True)
    paths = [root / f"m{number}.py" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(
            f'class Step{number}:\n    """Of {version}."""\n    def {version}_{number}(self):\n        pass\n'
        )
    return paths


def parsed_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are taken apart from now on, in this process."""
    taken: list[str] = []

    def counted(root: Root, path: str, *arguments: object, **named: object) -> object:
        outcome = parse_file(root, path, *arguments, **named)  # type: ignore[arg-type]
        if isinstance(outcome, ParsedFile):
            taken.append(path)
        return outcome

    monkeypatch.setattr(parsing, "parse_file", counted)
    return taken


def symbols(engine: Engine, root: Path) -> list[str]:
    (indexed,) = (index.store for index in engine._indexes.values())
    return sorted(symbol.qualified_name for path in indexed.paths() for symbol in indexed.symbols_in_file(path))


def test_a_switch_back_takes_nothing_apart(tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "tree"
    write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    before = symbols(engine, root)
    engine.refresh(write(root, "other"))
    taken = parsed_files(monkeypatch)
    report = engine.refresh(write(root, "main"))
    assert report.indexed == FILES
    assert taken == []
    assert symbols(engine, root) == before
    (hit, *_) = engine.search(Query("main_7")).hits
    assert (hit.chunk.span.path, "main_7" in hit.chunk.text) == ("m7.py", True)
    engine.refresh(write(root, "other"))
    assert taken == []


def test_a_third_text_is_taken_apart(tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "tree"
    write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    engine.refresh(write(root, "other"))
    taken = parsed_files(monkeypatch)
    engine.refresh(write(root, "third"))
    assert len(taken) == FILES
    assert engine.search(Query("third_3")).hits[0].chunk.span.path == "m3.py"


def test_a_single_save_is_not_kept(tmp_path: Path, open_engine: Open, settings: Settings) -> None:
    root = tmp_path / "tree"
    first, *_ = write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    first.write_text("def saved(): pass\n")
    engine.refresh([first])
    with connect(database_path(settings, engine.roots[0])) as connection:
        assert connection.execute("SELECT count(*) FROM displaced").fetchall() == [(0,)]


def test_a_record_that_was_let_go_meanwhile_is_made_anew(tmp_path: Path, open_engine: Open, settings: Settings) -> None:
    root = tmp_path / "tree"
    write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    before = symbols(engine, root)
    engine.refresh(write(root, "other"))
    (store,) = (index.store for index in engine._indexes.values())
    file = store.file("m1.py")
    assert file is not None
    with connect(database_path(settings, engine.roots[0])) as connection:
        connection.execute("DELETE FROM displaced")
    outcome = displacing.taken_back(store, file, engine.roots[0], settings)
    assert isinstance(outcome, parsing.PreparedFile)
    assert outcome.parsed.file.content_hash == file.content_hash
    engine.refresh(write(root, "main"))
    assert symbols(engine, root) == before


def test_records_are_what_was_packed(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes('class Ä:\n    "\\ud800 \U0001f600 "\n    def f(self): "doc"\n'.encode() + b"x = '\xff'\n")
    parsed = parse_file(Root(tmp_path, "odd"), "odd.py", settings)
    assert isinstance(parsed, ParsedFile)
    assert unpacked(parsed.file, packed(parsed)) == parsed


def test_lone_surrogates_survive() -> None:
    from surefoot.domain import Chunk, Span, Symbol, SymbolKind  # noqa: PLC0415 - for this one

    span = Span("a.py", 1, 2)
    symbol = Symbol("\udcff", SymbolKind.CLASS, span, 1, "", "class \udcff", "")
    chunk = Chunk(span, Source.CODE, "python", "class \udcff:\n  1", "\udcff", SymbolKind.CLASS)
    parsed = ParsedFile(IndexedFile("a.py", Source.CODE, "python", 1, 1, "aa"), (symbol,), (chunk,))
    assert unpacked(parsed.file, packed(parsed)) == parsed
