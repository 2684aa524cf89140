"""Branch switches: what was made of a file is kept when it changes, and taken back when its text comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import ParsedFile, Query, Root
from surefoot.engine import Engine, database_path
from surefoot.index import parsing
from surefoot.index.indexer import SWITCHED
from surefoot.sources import parse_file
from surefoot.store import displaced
from surefoot.store.connections import connect

Open = Callable[..., Engine]
FILES = SWITCHED + 5


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


def test_files_that_another_version_has_read_are_new_and_not_kept(
    tmp_path: Path, open_engine: Open, settings: Settings
) -> None:
    root = tmp_path / "tree"
    write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    with connect(database_path(settings, engine.roots[0])) as connection:
        connection.execute("UPDATE files SET size = -1, content_hash = ''")
    assert engine.refresh().indexed == FILES
    with connect(database_path(settings, engine.roots[0])) as connection:
        assert connection.execute("SELECT count(*) FROM displaced").fetchall() == [(0,)]


def everything(engine: Engine) -> list[object]:
    """All symbols and chunks, and what a search finds, without ids."""
    (store,) = (index.store for index in engine._indexes.values())
    chunks = [each for path in store.paths() for each in store.chunks(store.chunk_ids(path)).values()]
    hits = {(hit.chunk.span, hit.chunk.text) for hit in engine.search(Query("where is Step3", k=1)).hits}
    return [[store.symbols_in_file(path) for path in store.paths()], chunks, hits, store.counts().symbols]


def test_what_is_taken_back_is_what_a_fresh_index_has(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over branches that share some parts of a file, in any order; odd characters and equal parts among them."""
    root = tmp_path / "tree"
    texts = {
        "main": "def a():\n    return 1\n\n\ndef b():\n    return '\\ud800 😀 Ä'\n",
        "left": "def a():\n    return 1\n\n\ndef c():\n    return 3\n\n\ndef b():\n    return 2\n",
        "right": "# moved\n\n\ndef a():\n    return 1\n\n\ndef a():\n    return 1\n\n\ndef c():\n    return 3\n",
    }
    root.mkdir()
    paths = [root / f"m{number}.py" for number in range(FILES)]
    engine = open_engine(root)

    def switch(branch: str) -> None:
        for number, path in enumerate(paths):
            path.write_text(f"{texts[branch]}\n\nclass Step{number}:\n    pass\n")
        engine.refresh(paths)

    for branch in ("main", "left", "right", "main", "left", "right", "left"):
        switch(branch)
    taken = parsed_files(monkeypatch)
    for branch in ("main", "right", "left"):
        switch(branch)
        assert taken == []
        fresh = open_engine(root, cache_dir=tmp_path / f"fresh-{branch}")
        fresh.refresh()
        assert everything(engine) == everything(fresh)
        taken.clear()  # by the fresh one


def test_a_file_that_went_and_comes_back_is_taken_back(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "tree"
    paths = write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    before = everything(engine)
    texts = {path: path.read_text() for path in paths}
    for path in paths:
        path.unlink()
    assert engine.refresh(paths).removed == FILES
    assert engine.search(Query("main_7")).hits == ()
    for path, text in texts.items():
        path.write_text(text)
    taken = parsed_files(monkeypatch)
    assert engine.refresh(paths).indexed == FILES
    assert taken == []
    assert everything(engine) == before


def test_what_is_no_longer_kept_as_a_whole_is_taken_apart(
    tmp_path: Path, open_engine: Open, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record of the newest content, which alone has the parts that went last, is let go."""
    root = tmp_path / "tree"
    paths = write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    before = everything(engine)
    engine.refresh(write(root, "other"))
    for path in paths:  # each in a batch of its own, which nothing is kept of
        path.write_text("x = 1\n")
        engine.refresh([path])
    taken = parsed_files(monkeypatch)
    engine.refresh(write(root, "main"))
    assert taken == []  # all parts of it went at once
    engine.refresh(write(root, "other"))
    assert sorted(taken) == sorted(path.name for path in paths)
    with connect(database_path(settings, engine.roots[0])) as connection:
        connection.execute("DELETE FROM displaced WHERE path = 'm3.py'")
        connection.execute("UPDATE displaced SET texts = (SELECT texts FROM displaced LIMIT 1) WHERE path = 'm4.py'")
    taken.clear()
    engine.refresh(write(root, "main"))
    assert taken == ["m3.py", "m4.py"]
    assert everything(engine) == before


def kept_paths(engine: Engine, settings: Settings, columns: str = "path") -> list[object]:
    with connect(database_path(settings, engine.roots[0])) as connection:
        return [found for (found,) in connection.execute(f"SELECT {columns} FROM displaced ORDER BY id")]


def test_the_oldest_records_go_first_and_those_that_are_used_are_not_old(
    tmp_path: Path, open_engine: Open, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "tree"
    write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    for version in ("left", "main", "right", "main"):
        engine.refresh(write(root, version))
    assert kept_paths(engine, settings)[FILES:] == kept_paths(engine, settings)[:FILES] * 2
    left, others = (kept_paths(engine, settings, "content_hash")[part] for part in (slice(FILES), slice(FILES, None)))
    sizes = kept_paths(engine, settings, "length(symbols) + length(chunks) + length(texts)")
    monkeypatch.setattr(displaced, "MOST_BYTES", sum(sizes) - sum(sizes[:FILES]) // 2)  # type: ignore[arg-type]
    for version in ("right", "third"):
        engine.refresh(write(root, version))
    kept = set(kept_paths(engine, settings, "content_hash"))
    assert kept >= set(others)
    assert kept & set(left) < set(left)


def test_of_files_that_are_ignored_from_now_on_no_text_stays(
    tmp_path: Path, open_engine: Open, settings: Settings
) -> None:
    root = tmp_path / "tree"
    write(root, "main")
    engine = open_engine(root)
    engine.refresh()
    engine.refresh(write(root, "other"))
    assert len(kept_paths(engine, settings)) == FILES
    (root / ".surefootignore").write_text("*.py\n")
    assert engine.refresh().removed == FILES
    assert kept_paths(engine, settings) == []
