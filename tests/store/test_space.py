"""What is deleted gives its space back, a little with every write."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from store.store_samples import EMBEDDER, open_store, parsed, vector
from surefoot.domain import ParsedFile, Scope
from surefoot.store import migrations, space, vectors
from surefoot.store.connections import connect
from surefoot.store.database import IndexStore

FILES = 100
SLACK_PAGES = 40  # what an empty index has, and the free pages that are kept for the next write
FACTOR = 1.4  # pages that are partly used, of tables that grow at one end and lose rows in the middle


def pages(location: Path) -> tuple[int, int]:
    with closing(connect(location)) as connection:
        return connection.pragma("page_count"), connection.pragma("freelist_count")


def text_of(drawn: random.Random) -> str:
    return " ".join(f"word{drawn.randrange(3000)}" for _ in range(100))


def file_of(number: int, drawn: random.Random) -> ParsedFile:
    return parsed(f"{number}.py", [text_of(drawn) for _ in range(8)], names=[f"name{drawn.randrange(9999)}"])


def write(store: IndexStore, *files: ParsedFile) -> None:
    with store.writing() as writer:
        for file in files:
            writer.replace_file(file, [vector(n + 1) for n in range(len(file.chunks))])


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Or the constant parts, which are nothing to a real project, would hide what is looked for."""
    monkeypatch.setattr(vectors, "CACHE_SLACK", 0)
    monkeypatch.setattr(space, "KEPT_PAGES", 10)
    return


def test_a_thousand_edits_leave_the_size_of_a_fresh_index(location: Path, tmp_path: Path) -> None:
    drawn = random.Random(5)
    files = {number: file_of(number, drawn) for number in range(FILES)}
    with open_store(location) as store:
        write(store, *files.values())
        for _ in range(1000):
            number = drawn.randrange(FILES)
            files[number] = file_of(number, drawn)
            write(store, files[number])
    with open_store(tmp_path / "fresh" / "sample-2.db") as fresh:
        write(fresh, *files.values())
    assert pages(location)[0] <= FACTOR * pages(fresh.location)[0] + SLACK_PAGES


def test_what_nine_tenths_took_is_given_back(location: Path, tmp_path: Path) -> None:
    drawn = random.Random(6)
    files = [file_of(number, drawn) for number in range(5 * FILES)]
    with open_store(location) as store:
        write(store, *files)
        before, _ = pages(location)
        with store.writing() as writer:
            for file in files[FILES // 2 :]:
                writer.remove_file(file.file.path)
        for number in range(50):
            write(store, file_of(number, drawn))
    with open_store(tmp_path / "fresh" / "sample-2.db") as fresh:
        write(fresh, *(file_of(number, drawn) for number in range(FILES // 2)))
    assert pages(location)[0] <= FACTOR * pages(fresh.location)[0] + SLACK_PAGES < before / 2


def test_a_small_write_gives_back_little_at_once(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(7)
    with open_store(location) as store:
        write(store, *(file_of(number, drawn) for number in range(5 * FILES)))
        with monkeypatch.context() as without:
            without.setattr(space, "give_back", lambda *_: None)
            with store.writing() as writer:
                for number in range(FILES, 5 * FILES):
                    writer.remove_file(f"{number}.py")
        before, free = pages(location)
        assert free > 3 * space.PAGES
        write(store, file_of(0, drawn))
        after, _ = pages(location)
        assert before - space.PAGES - 8 * 2 <= after < before


def test_free_pages_for_the_next_write_stay(location: Path) -> None:
    drawn = random.Random(8)
    with open_store(location) as store:
        write(store, *(file_of(number, drawn) for number in range(FILES)))
        with store.writing() as writer:
            for number in range(6):
                writer.remove_file(f"{number}.py")
        before, free = pages(location)
        assert 0 < free <= space.KEPT_PAGES
        write(store, file_of(0, drawn))
        assert pages(location)[0] <= before + space.KEPT_PAGES


def test_an_index_that_cannot_give_back_space_is_made_anew(location: Path) -> None:
    location.parent.mkdir(parents=True)
    with closing(apsw.Connection(str(location))) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID; CREATE TABLE files (id INTEGER)")
        old.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}; PRAGMA user_version = 1")
        old.execute("INSERT INTO meta VALUES ('embedder', ?), ('generation', 1)", (str(EMBEDDER),))
        with open_store(location) as store:
            assert len(store.notices) == 1
            assert "read again" in store.notices[0]
            write(store, parsed("a.py", ["x"]))
            assert len(store.nearest(vector(1), Scope(), 5)) == 1
        assert old.execute("SELECT count(*) FROM files").get == 0  # who still has the old file reads that
    with closing(connect(location)) as connection:
        assert connection.pragma("auto_vacuum") == 2
        assert connection.pragma("user_version") == migrations.NEWEST
