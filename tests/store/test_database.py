"""Writing and reading one index."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from store.store_samples import DIMENSION, EMBEDDER, lexer, open_store, opened, parsed, put, vector
from surefoot.domain import (
    NULL_SIMILARITY,
    EmbedderIdentity,
    FailedFile,
    Scope,
    SkippedFile,
    SkipReason,
    Source,
    Span,
    content_hash,
)
from surefoot.errors import StoreError
from surefoot.store import connections
from surefoot.store.database import IndexStore


def test_an_empty_index_answers_everything_with_nothing(store: IndexStore) -> None:
    assert store.files() == {}
    assert store.file("a.py") is None
    assert store.outcomes() == ((), ())
    assert store.chunks([1, 2]) == {}
    assert store.nearest(vector(127), Scope(), 5) == []
    assert store.lexical('"a"', Scope(), 5, (1.0,) * 5) == []
    assert store.symbols("a") == []
    assert store.spellings(["abc"]) == {}
    assert store.shortest_names((0, 9), 5) == store.paths_named("a.py") == []
    assert store.document_frequency(["a"]) == {"a": 0}
    assert store.chunk_at("a.py", 1) is None
    assert store.counts().chunks == 0
    assert store.vectorless_files() == 0
    assert store.notices == ()


def test_what_is_written_is_read_back_the_same(store: IndexStore) -> None:
    file = parsed("src/a.py", ["def one():\n\treturn 'ü'", "x = 1"], names=["one"], doc="Says one.")
    put(store, file)
    assert store.files() == {"src/a.py": file.file}
    assert store.file("src/a.py") == file.file
    ids = store.chunk_ids("src/a.py")
    assert tuple(store.chunks(ids).values()) == file.chunks
    assert store.chunk_paths(ids) == dict.fromkeys(ids, "src/a.py")
    assert store.symbols_in_file("src/a.py") == list(file.symbols)
    assert store.symbols("ONE") == [(file.symbols[0], ids[0])]
    assert store.spellings(["One", "two"]) == {"One": ("one",)}
    assert store.paths() == ["src/a.py"]
    counts = store.counts()
    assert (counts.files, counts.symbols, counts.chunks, counts.languages) == (1, 1, 2, {"python": 1})
    assert counts.bytes > 0


def test_chunks_come_in_the_order_asked(store: IndexStore) -> None:
    put(store, parsed("a.py", ["one", "two", "three"]))
    first, second, third = store.chunk_ids("a.py")
    assert list(store.chunks([third, 999, first, second])) == [third, first, second]


def test_more_ids_than_one_statement_takes(store: IndexStore) -> None:
    put(store, parsed("a.py", [f"text {n}" for n in range(1200)]))
    assert len(store.chunks(store.chunk_ids("a.py"))) == 1200


def test_replacing_a_file_leaves_nothing_of_the_old_one(store: IndexStore) -> None:
    put(store, parsed("a.py", ["alpha text", "beta text"], names=["alpha", "beta"]), vector(127), vector(0, 127))
    old = store.chunk_ids("a.py")
    put(store, parsed("a.py", ["gamma text"], names=["gamma"]), vector(0, 0, 127))
    (new,) = store.chunk_ids("a.py")
    assert new not in old
    assert store.chunks(old) == {}
    assert store.lexical('"alpha" OR "beta"', Scope(), 9, (1.0,) * 5) == []
    assert [chunk_id for chunk_id, _ in store.nearest(vector(127), Scope(), 9)] == [new]
    assert store.spellings(["alpha", "beta", "gamma"]) == {"gamma": ("gamma",)}
    assert store.document_frequency(["alpha", "text", "gamma"]) == {"alpha": 0, "text": 1, "gamma": 1}


def test_how_alike_chunks_are_is_told_of_those_that_have_a_vector(store: IndexStore) -> None:
    put(store, parsed("a.py", ["one", "two"]), vector(127), vector(0, 127))
    first, second = store.chunk_ids("a.py")
    assert store.similarities(vector(127), [second, 999, first]) == {
        first: pytest.approx(1.0),
        second: pytest.approx(0),
    }
    assert store.similarities(vector(127), []) == {}


def test_a_chunk_id_is_never_given_to_another_text(store: IndexStore) -> None:
    texts: dict[int, str] = {}
    for round_number in range(5):
        put(store, parsed("a.py", [f"one {round_number}", f"two {round_number % 2}"]))
        found = store.chunks(store.chunk_ids("a.py"))
        assert all(texts.setdefault(number, chunk.text) == chunk.text for number, chunk in found.items())


def test_removing_a_file_keeps_names_that_others_carry(store: IndexStore) -> None:
    put(store, parsed("src/a.py", ["x"], names=["shared"]))
    put(store, parsed("src/b.py", ["y"], names=["shared"]))
    with store.writing() as writer:
        writer.remove_file("src/a.py")
    assert store.paths() == ["src/b.py"]
    assert store.spellings(["shared"]) == {"shared": ("shared",)}
    assert store.paths_named("a") == []
    with store.writing() as writer:
        writer.remove_file("src/b.py")
    assert store.spellings(["shared"]) == {}
    assert store.counts().chunks == 0


def test_removing_what_is_not_there_changes_nothing(store: IndexStore) -> None:
    with store.writing() as writer:
        writer.remove_file("gone.py")
    assert store.files() == {}


def test_a_failed_write_changes_nothing(store: IndexStore) -> None:
    put(store, parsed("a.py", ["before"]))
    before = (store.files(), store.chunk_ids("a.py"), store.generation())

    def write_and_fail() -> None:
        with store.writing() as writer:
            writer.replace_file(parsed("a.py", ["after"]), [bytes(DIMENSION)])
            writer.replace_file(parsed("b.py", ["new"]), [bytes(DIMENSION)])
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert (store.files(), store.chunk_ids("a.py"), store.generation()) == before
    assert len(store.lexical('"before"', Scope(), 5, (1.0,) * 5)) == 1
    put(store, parsed("b.py", ["works again"]))
    assert store.paths() == ["a.py", "b.py"]


@pytest.mark.parametrize("blobs", [[], [bytes(DIMENSION)] * 2, [bytes(DIMENSION + 1)]])
def test_vectors_that_do_not_fit_the_chunks_are_refused(store: IndexStore, blobs: list[bytes]) -> None:
    with pytest.raises(StoreError, match=r"a\.py"), store.writing() as writer:
        writer.replace_file(parsed("a.py", ["one"]), blobs)
    assert store.files() == {}


def test_readers_see_the_last_commit_while_a_write_is_open(store: IndexStore) -> None:
    put(store, parsed("a.py", ["before"]))
    with store.writing() as writer:
        writer.replace_file(parsed("b.py", ["after"]), [bytes(DIMENSION)])
        assert store.paths() == ["a.py"]
    assert store.paths() == ["a.py", "b.py"]


def test_times_are_set_without_touching_the_content(store: IndexStore) -> None:
    put(store, parsed("a.py"))
    ids = store.chunk_ids("a.py")
    with store.writing() as writer:
        touched = replace(parsed("a.py").file, size=101, mtime_ns=2_000, ctime_ns=3_000, is_settled=False)
        writer.set_file_times(touched)
    assert store.file("a.py") == touched
    assert store.chunk_ids("a.py") == ids


def test_times_of_another_content_are_not_taken(store: IndexStore) -> None:
    """Whoever compared a file with what was indexed then may be late: another process has indexed it anew."""
    put(store, parsed("a.py"))
    before = store.file("a.py")
    with store.writing() as writer:
        writer.set_file_times(replace(parsed("a.py").file, size=101, content_hash="of an older content"))
    assert store.file("a.py") == before


def test_what_was_left_out_is_kept_with_its_stamp(store: IndexStore) -> None:
    skipped = SkippedFile("a.bin", SkipReason.BINARY, 5, 6, 7, is_settled=False)
    with store.writing() as writer:
        writer.record_outcome([skipped], [])
    assert store.outcomes() == ((skipped,), ())


def test_outcomes_are_replaced_as_a_whole_or_one_by_one(store: IndexStore) -> None:
    binary, failed = SkippedFile("a.bin", SkipReason.BINARY), FailedFile("b.py", "It could not be read.")
    with store.writing() as writer:
        writer.record_outcome([binary], [failed])
    assert store.outcomes() == ((binary,), (failed,))
    with store.writing() as writer:
        writer.record_file_outcome("a.bin", None)
        writer.record_file_outcome("b.py", SkippedFile("b.py", SkipReason.EMPTY))
    assert store.outcomes() == ((SkippedFile("b.py", SkipReason.EMPTY),), ())
    put(store, parsed("b.py"))
    assert store.outcomes() == ((), ())
    with store.writing() as writer:
        writer.record_outcome([], [failed])
        writer.record_outcome([binary], [])
    assert store.outcomes() == ((binary,), ())


def test_generation_rises_with_each_commit_of_any_store(store: IndexStore, location: Path) -> None:
    first = store.generation()
    put(store, parsed("a.py"))
    second = store.generation()
    with open_store(location) as other:
        put(other, parsed("b.py"))
    assert first < second < store.generation()
    assert store.generation() == store.generation()


def test_callers_facts_are_kept_apart_from_the_stores_own(store: IndexStore) -> None:
    assert store.meta("generation") is None
    with store.writing() as writer:
        writer.set_meta("generation", "mine")
    assert store.meta("generation") == "mine"
    assert store.generation() > 0


def test_text_that_is_not_unicode_goes_in_and_comes_out(store: IndexStore) -> None:
    path, name = "caf\udce9/\ud800.py", "na\udcffme"
    file = parsed(path, ["half a \ud83d character"], names=[name], doc="\udc80")
    put(store, file)
    assert store.paths() == [path]
    assert tuple(store.chunks(store.chunk_ids(path)).values()) == file.chunks
    assert [symbol for symbol, _ in store.symbols(name)] == list(file.symbols)
    assert store.nearest(vector(1), Scope(paths=("caf*/**",)), 5)
    assert store.lexical('"character"', Scope(), 5, (1.0,) * 5)
    with store.writing() as writer:
        writer.record_outcome([SkippedFile(path, SkipReason.BINARY)], [])
        writer.remove_file("other")
    assert store.outcomes()[0][0].path == path


def test_the_chunk_at_a_line_is_the_innermost(store: IndexStore) -> None:
    file = parsed("a.py", ["outer", "inner"])
    outer = replace(file.chunks[0], span=Span("a.py", 1, 30))
    put(store, replace(file, chunks=(outer, file.chunks[1])))
    first, second = store.chunk_ids("a.py")
    assert [store.chunk_at("a.py", line) for line in (1, 12, 25, 31)] == [first, second, first, None]


def test_a_symbol_outside_all_chunks_points_to_the_next_one(store: IndexStore) -> None:
    file = parsed("a.py", ["one"], names=["one"])
    later = replace(file.chunks[0], span=Span("a.py", 5, 10))
    put(store, replace(file, chunks=(later,)))
    assert [chunk_id for _, chunk_id in store.symbols("one")] == list(store.chunk_ids("a.py"))


def test_many_threads_read_while_one_writes(store: IndexStore) -> None:
    put(store, parsed("a.py", ["word"] * 3, names=["word"]))
    faults: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert len(store.chunks(store.chunk_ids("a.py"))) in (0, 3)  # ids of before a commit are gone after
                assert store.symbols("word")
                assert len(store.nearest(vector(127), Scope(), 3)) == 3
        except BaseException as error:  # noqa: BLE001 - reported by the test
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        put(store, parsed("a.py", ["word"] * 3, names=["word"]))
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_threads_write_one_after_the_other(store: IndexStore) -> None:
    threads = [threading.Thread(target=put, args=(store, parsed(f"{n}.py"))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.files()) == 8


def test_another_way_of_reading_makes_every_file_look_changed(location: Path) -> None:
    def opened(reading: int) -> IndexStore:
        return IndexStore.open(location, EMBEDDER, lock_timeout=5, lexer=lexer, reading=reading)

    store = opened(1)
    put(store, parsed("a.py"))
    store.close()
    assert opened(1).notices == ()
    again = opened(2)
    found = again.file("a.py")
    assert found is not None
    assert (found.size, found.content_hash) == (-1, "")
    assert again.notices == ("The index of sample was made by another version of Surefoot; its files are read again.",)
    again.close()
    assert opened(2).notices == ()


def test_another_embedder_drops_the_vectors_and_says_so(location: Path) -> None:
    with open_store(location) as store:
        put(store, parsed("a.py"))
        put(store, parsed("b.py"))
        with store.writing() as writer:
            writer.set_meta(NULL_SIMILARITY, "{}")
    other = EmbedderIdentity("other", 16, "b" * 32)
    with open_store(location, other) as store:
        assert len(store.notices) == 1
        assert "another embedder" in store.notices[0]
        assert store.meta(NULL_SIMILARITY) is None  # what was measured with its vectors goes with them
        assert store.vectorless_files() > 0
        assert set(store.files()) == {"a.py", "b.py"}
        assert store.nearest(bytes(16), Scope(), 5) == []
        assert store.cached_vectors([content_hash(parsed("a.py").chunks[0].embedding_text)]) == {}
        put(store, parsed("a.py"))
    with open_store(location, other) as store:
        assert store.notices == ()
        assert store.vectorless_files() > 0
        put(store, parsed("b.py"))
        assert store.vectorless_files() == 0
        assert len(store.nearest(bytes(16), Scope(), 5)) == 2


def test_a_store_whose_vectors_were_replaced_behind_its_back_refuses(location: Path) -> None:
    with open_store(location) as store, open_store(location, EmbedderIdentity("other", 16, "b" * 32)):
        with pytest.raises(StoreError, match="another embedder"):
            put(store, parsed("a.py"))
        with pytest.raises(StoreError, match="another embedder"):
            store.nearest(vector(1), Scope(), 1)


def test_closing_twice_and_reopening(location: Path) -> None:
    store = opened(location)
    put(store, parsed("a.py", source=Source.DOCS))
    store.close()
    store.close()
    with open_store(location, EMBEDDER) as again:
        assert again.paths() == ["a.py"]
        assert again.notices == ()


def test_a_reader_opens_its_connection_while_another_process_or_thread_writes(location: Path) -> None:
    """Nothing that opening does takes the lock of a writer: a question would wait for it, and then fail."""
    with open_store(location) as store:
        put(store, parsed("a.py"))
        with store.writing() as writer:
            writer.replace_file(parsed("b.py"), [vector(1)])
            begin = time.monotonic()
            with open_store(location) as other:
                assert other.paths() == ["a.py"]
            store._readers.close_idle()
            assert store.paths() == ["a.py"]
            assert time.monotonic() - begin < connections.BUSY_MILLISECONDS / 1000, "the lock is not waited for"
