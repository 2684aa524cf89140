"""Vectors: the nearest ones, and what threads and processes keep of them in memory while others write."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.store_samples import DIMENSION, open_store, parsed, put, vector
from surefoot.domain import EmbedderIdentity, Scope, Source, content_hash
from surefoot.store import code_blocks, code_memory, vector_search, vectors
from surefoot.store import writer as writer_module
from surefoot.store.codes import Question, encoded, words_of
from surefoot.store.connections import connect
from surefoot.store.database import IndexStore

EVERYTHING = Scope()
SCOPES = (
    EVERYTHING,
    Scope(paths=("src/**",)),
    Scope(languages=("python",)),
    Scope(sources=(Source.DOCS,)),
    Scope(paths=("*.md", "!docs/")),
    Scope(without=("src/",)),
    Scope(paths=("nowhere/",)),
)


def drawn(number: int, dimension: int, seed: int = 3, centres: int = 20) -> list[bytes]:
    """Unit vectors in clusters, as those of code are."""
    random = np.random.default_rng(seed)
    middle = random.normal(size=(centres, dimension))
    rows = middle[random.integers(centres, size=number)] + 0.7 * random.normal(size=(number, dimension))
    return [row.tobytes() for row in np.round(127 * rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.int8)]


@contextmanager
def looking(location: Path) -> Iterator[apsw.Connection]:
    with closing(connect(location)) as connection:
        yield connection


def stored_vectors(location: Path) -> dict[int, bytes]:
    with looking(location) as connection:
        return dict(connection.execute("SELECT id, vector FROM vectors").fetchall())


def by_hand(store: IndexStore, query: bytes, scope: Scope, limit: int) -> list[tuple[int, float]]:
    """Every vector in scope compared with the query, one by one."""
    inside = {number for path in store.paths() for number in store.chunk_ids(path, scope)}
    wanted = np.frombuffer(query, np.int8).astype(int)
    scores = {
        number: int(np.frombuffer(blob, np.int8).astype(int) @ wanted)
        for number, blob in stored_vectors(store.location).items()
        if number in inside
    }
    best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
    return [(number, pytest.approx(scores[number] / 127 / 127, abs=1e-6)) for number in best]


def problems(location: Path) -> list[str]:
    """In what the codes, the count and the chunks differ from the vectors."""
    known, found = stored_vectors(location), []
    with looking(location) as connection:
        parts = list(code_blocks.read_all(connection, DIMENSION))
        count = connection.execute("SELECT number FROM tallies WHERE name = 'vectors'").get or 0
        chunks = {row[0] for row in connection.execute("SELECT id FROM chunks")}
        empty = connection.execute("SELECT count(*) FROM vector_codes WHERE NOT present").get
    ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in parts)])
    codes = np.concatenate([np.empty((0, 2 * words_of(DIMENSION)), np.uint64), *(codes for _, codes in parts)])
    if list(ids) != sorted(known):
        found.append("ids of codes")
    made = np.array([np.frombuffer(known[int(number)], np.int8) for number in ids], np.int8).reshape(-1, DIMENSION)
    if not np.array_equal(codes, encoded(made)):
        found.append("codes")
    if count != len(known) or chunks != set(known) or empty:
        found.append(f"{count} counted, {len(known)} vectors, {len(chunks)} chunks, {empty} empty blocks")
    return found


@pytest.fixture
def closer_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """All three looks, even at a handful of vectors."""
    look_closely(monkeypatch)


def look_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_search, "ALL_READ", 0)
    monkeypatch.setattr(vector_search, "PASS_SIGNS", 0)
    monkeypatch.setattr(vector_search, "PASS_BOTH", 4)
    monkeypatch.setattr(vector_search, "PASS_BOTH_FOR_ONE", 2)


# --- the nearest ---


def test_nearest_first_with_the_cosine(store: IndexStore) -> None:
    put(store, parsed("a.py", ["1", "2", "3"]), vector(127), vector(90, 90), vector(-127))
    first, second, third = store.chunk_ids("a.py")
    hits = store.nearest(vector(127), EVERYTHING, 3)
    assert [chunk_id for chunk_id, _ in hits] == [first, second, third]
    assert [round(score, 1) for _, score in hits] == [1.0, 0.7, -1.0]
    assert store.nearest(vector(127), EVERYTHING, 1) == hits[:1]
    assert store.nearest(vector(127), EVERYTHING, 0) == []


@pytest.mark.parametrize("dimension", [8, 100, 256])
def test_a_small_index_is_searched_exactly_in_every_scope(location: Path, dimension: int) -> None:
    blobs = iter(drawn(600, dimension))
    with open_store(location, EmbedderIdentity("big", dimension, "c" * 32)) as store:
        for number in range(20):
            for path, kind in (("src/{}.py", Source.CODE), ("docs/{}.md", Source.DOCS), ("{}.md", Source.DOCS)):
                language = "python" if path.endswith("py") else "markdown"
                file = parsed(path.format(number), [str(n) for n in range(10)], language=language, source=kind)
                put(store, file, *[next(blobs) for _ in range(10)])
        for query in drawn(5, dimension, seed=4):
            for scope in SCOPES:
                assert store.nearest(query, scope, 50) == by_hand(store, query, scope, 50), scope


def test_closer_looks_lose_little_of_a_large_index(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a twentieth passing the first look and a fortieth the second, as in an index of a hundred thousand."""
    dimension, number = 256, 12_000
    exact, found = 0, 0
    with open_store(location, EmbedderIdentity("big", dimension, "c" * 32)) as store:
        blobs = drawn(number, dimension, centres=200)
        with store.writing() as writer:
            for begin in range(0, number, 500):
                texts = [str(begin + n) for n in range(500)]
                writer.replace_file(parsed(f"{begin}.py", texts), blobs[begin : begin + 500])
        for query in drawn(20, dimension, seed=3, centres=200):
            monkeypatch.setattr(vector_search, "ALL_READ", number)
            nearest = {chunk_id for chunk_id, _ in store.nearest(query, EVERYTHING, 50)}
            monkeypatch.setattr(vector_search, "ALL_READ", 0)
            monkeypatch.setattr(vector_search, "PASS_SIGNS", number // 20)
            monkeypatch.setattr(vector_search, "PASS_BOTH", number // 40)
            monkeypatch.setattr(vector_search, "PASS_BOTH_FOR_ONE", 1)
            found += len(nearest & {chunk_id for chunk_id, _ in store.nearest(query, EVERYTHING, 50)})
            exact += len(nearest)
    assert exact == 20 * 50
    assert found >= 0.97 * exact


@pytest.mark.usefixtures("closer_looks")
def test_closer_looks_never_leave_the_scope_and_keep_the_order_of_ids(store: IndexStore) -> None:
    for number in range(30):
        put(store, parsed(f"{'src' if number % 3 else 'docs'}/{number}.py", ["a", "b"]), vector(127), vector(100, 70))
    ids = [number for path in store.paths() for number in store.chunk_ids(path, Scope(paths=("docs/",)))]
    equal = sorted(ids)[::2]  # every first chunk of a file has the vector that is asked for
    assert [number for number, _ in store.nearest(vector(127), Scope(paths=("docs/",)), 5)] == equal[:5]


# --- codes ---


@pytest.mark.parametrize("dimension", [8, 64, 100, 256, 384])
def test_looks_are_what_they_say(dimension: int) -> None:
    """Against the same sums written out component by component."""
    rows = np.array([np.frombuffer(blob, np.int8) for blob in drawn(300, dimension)])
    query = np.frombuffer(drawn(1, dimension, seed=9)[0], np.int8)
    codes, question = encoded(rows), Question(query)
    assert codes.shape == (300, 2 * words_of(dimension))
    large = np.abs(rows.astype(int)) >= 127 / np.sqrt(dimension)
    values = np.where(rows > 0, 1, -1) * np.where(large, 3, 1)
    expected = values @ query.astype(int) / np.sqrt(np.square(values).sum(axis=1))
    assert question.estimates(codes) == pytest.approx(expected, rel=1e-6)
    size = np.abs(query.astype(int)) / np.sqrt(np.square(query.astype(float)).mean())
    weights = (size >= 0.4).astype(int) + (size >= 1.2)
    different = (rows > 0) != (query > 0)
    assert question.distances(np.ascontiguousarray(codes.T)).tolist() == (different @ weights).tolist()


def test_a_vector_of_zeros_is_as_good_as_any(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    look_closely(monkeypatch)
    put(store, parsed("a.py", [str(n) for n in range(20)]), *[bytes(DIMENSION)] * 20)
    assert store.nearest(bytes(DIMENSION), EVERYTHING, 2) == [(number, 0.0) for number in store.chunk_ids("a.py")[:2]]


# --- what is kept in memory follows what is written ---

WRITES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.lists(st.integers(0, 30), max_size=80), st.booleans()), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(writes=st.lists(WRITES, min_size=1, max_size=6), looked=st.lists(st.booleans(), min_size=6, max_size=6))
def test_what_follows_random_writes_equals_what_is_read_anew(
    tmp_path_factory: pytest.TempPathFactory, writes: list[list[tuple[str, list[int], bool]]], looked: list[bool]
) -> None:
    """Through the store that writes and another one, in scope and out of it, with every look taken."""
    location, scope = tmp_path_factory.mktemp("index") / "sample-1.db", Scope(paths=("[abc].py",))
    blobs = drawn(31, DIMENSION)
    with pytest.MonkeyPatch.context() as monkeypatch, open_store(location) as store, open_store(location) as other:
        look_closely(monkeypatch)
        for transaction, look in zip(writes, looked, strict=False):
            with store.writing() as writer:
                for name, texts, stays in transaction:
                    if stays:
                        file = parsed(f"{name}.py", [str(text) for text in texts])
                        writer.replace_file(file, [blobs[text] for text in texts])
                    else:
                        writer.remove_file(f"{name}.py")
            assert problems(location) == []
            if look:
                for query in blobs[:3]:
                    with open_store(location) as fresh:
                        for scoped in (EVERYTHING, scope):
                            expected = fresh.nearest(query, scoped, 5)
                            assert store.nearest(query, scoped, 5) == expected
                            assert other.nearest(query, scoped, 5) == expected


def test_vectors_that_come_later_than_their_chunks_are_found(store: IndexStore) -> None:
    file = parsed("slow.py", ["one", "two"])
    with store.writing() as writer:
        writer.replace_file(file, [None, None])
    put(store, parsed("quick.py", ["three"]), vector(127))
    assert len(store.nearest(vector(127), EVERYTHING, 5)) == 1
    late = {number: (content_hash(str(number)), vector(127)) for number in store.chunk_ids("slow.py")}
    with store.writing() as writer:
        writer.add_vectors("slow.py", late)
    found = [number for number, _ in store.nearest(vector(127), EVERYTHING, 5)]
    assert found == sorted([*store.chunk_ids("slow.py"), *store.chunk_ids("quick.py")])


def test_a_write_costs_a_question_the_blocks_that_changed(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        put(store, parsed(f"{number}.py", ["x"] * 64), *[vector(number, 9)] * 64)
    store.nearest(vector(1), EVERYTHING, 1)
    read, whole = [], code_blocks.read
    monkeypatch.setattr(code_blocks, "read", lambda *asked: read.append(asked[2:]) or whole(*asked))
    put(store, parsed("7.py", ["y"]), vector(127))
    assert len(store.nearest(vector(127), EVERYTHING, 2000)) == 19 * 64 + 1
    assert len(read) == 1
    assert 2 <= len(read[0][0]) <= 4


def test_what_another_process_writes_is_found(store: IndexStore) -> None:
    put(store, parsed("a.py", ["one", "two"]), vector(127), vector(0, 127))
    assert len(store.nearest(vector(127), EVERYTHING, 5)) == 2
    program = (
        "import sys; from pathlib import Path\n"
        "from store.store_samples import open_store, parsed, put, vector\n"
        "with open_store(Path(sys.argv[1])) as store:\n"
        "    put(store, parsed('a.py', ['two', 'three']), vector(0, 127), vector(100, 9))\n"
        "    put(store, parsed('b.py', ['four']), vector(127, 1))\n"
    )
    tests = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", program, str(store.location)], check=True, cwd=tests)
    found = [number for number, _ in store.nearest(vector(127), EVERYTHING, 5)]
    assert [store.chunks([number])[number].text for number in found] == ["four", "three", "two"]


def test_threads_that_ask_while_another_writes_get_one_state_each(store: IndexStore) -> None:
    """Each write moves all chunks; a question that mixed two states would miss some or find some twice."""
    put(store, parsed("a.py", ["0"] * 40), *[vector(127)] * 40)
    seen: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            ids = [number for number, _ in store.nearest(vector(127), EVERYTHING, 100)]
            seen.append(len(set(ids)) if len(ids) == 40 else -1)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 40):
        put(store, parsed("a.py", [str(number)] * 40), *[vector(127)] * 40)
    done.set()
    for thread in threads:
        thread.join()
    assert seen
    assert set(seen) == {40}


def damage(store: IndexStore, statement: str) -> None:
    with looking(store.location) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM vector_changes",
        "DELETE FROM vector_changes WHERE id = (SELECT max(id) FROM vector_changes)",
        "UPDATE vector_changes SET generation = 0",
        "UPDATE vector_changes SET block = 77",
    ],
)
def test_a_damaged_log_costs_a_reading_and_no_answer(store: IndexStore, statement: str) -> None:
    put(store, parsed("a.py", ["x"] * 100), *[vector(1)] * 100)
    store.nearest(vector(127), EVERYTHING, 5)
    put(store, parsed("b.py", ["y"]), vector(127))
    damage(store, statement)
    assert store.nearest(vector(127), EVERYTHING, 1)[0][0] in store.chunk_ids("b.py")


def test_the_log_stays_short_and_who_fell_behind_reads_all(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_blocks, "LOG_KEPT", 10)
    with open_store(store.location) as behind:
        behind.nearest(vector(1), EVERYTHING, 1)
        for number in range(30):
            put(store, parsed(f"{number % 7}.py", [f"x{number}"]), vector(number, 1))
        with looking(store.location) as connection:
            assert connection.execute("SELECT count(*) FROM vector_changes").get <= 11
        assert behind.nearest(vector(29, 1), EVERYTHING, 20) == store.nearest(vector(29, 1), EVERYTHING, 20)
    assert len(store.nearest(vector(29, 1), EVERYTHING, 20)) == 7


def test_a_large_write_is_not_logged_block_by_block(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_blocks, "MOST_LOGGED", 3)
    with open_store(store.location) as other:
        put(other, parsed("a.py", ["x"]), vector(1))
        other.nearest(vector(1), EVERYTHING, 1)
        put(store, parsed("b.py", ["x"] * 500), *[vector(127)] * 500)
        with looking(store.location) as connection:
            assert connection.execute("SELECT count(*) FROM vector_changes").get == 1
        assert len(other.nearest(vector(127), EVERYTHING, 600)) == 501


def test_memory_does_not_grow_with_the_writes(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_memory, "UNSORTED_SLACK", 100)
    for number in range(60):
        put(store, parsed("a.py", [str(number)] * 50), *[vector(number, 1)] * 50)
        assert len(store.nearest(vector(1), EVERYTHING, 100)) == 50
    assert store._codes is not None
    assert store._codes._state is not None
    assert len(store._codes._state.ids) <= 50 + 100 + 50


@pytest.mark.parametrize("counted", [0, 3, 10**6])
def test_a_wrong_count_costs_time_and_no_answer(location: Path, monkeypatch: pytest.MonkeyPatch, counted: int) -> None:
    monkeypatch.setattr(code_memory, "UNSORTED_SLACK", 1)
    monkeypatch.setattr(code_blocks, "AT_ONCE", 2)
    with open_store(location) as store:
        put(store, parsed("a.py", ["x"] * 300), *[vector(127)] * 300)
        damage(store, f"UPDATE tallies SET number = {counted} WHERE name = 'vectors'")
        assert len(store.nearest(vector(127), EVERYTHING, 500)) == 300
        put(store, parsed("b.py", ["x"] * 3), *[vector(127)] * 3)
        assert len(store.nearest(vector(127), EVERYTHING, 500)) == 303


def test_a_clock_that_was_set_back_before_the_file_was_made_anew_confuses_nobody(location: Path) -> None:
    with open_store(location) as store:
        put(store, parsed("old.py", ["old"]), vector(127))
        assert len(store.nearest(vector(127), EVERYTHING, 5)) == 1
        for suffix in ("", "-wal", "-shm"):
            location.with_name(location.name + suffix).unlink(missing_ok=True)
        with open_store(location) as other:
            damage(other, "UPDATE meta SET value = 5 WHERE name = 'generation'")
            put(other, parsed("new.py", ["new"] * 2), vector(127), vector(127))
            assert len(store.nearest(vector(127), EVERYTHING, 5)) == 2


def test_another_embedder_leaves_nothing_of_the_first(location: Path) -> None:
    with open_store(location) as store:
        put(store, parsed("a.py", ["x"] * 40), *[vector(127)] * 40)
    with open_store(location, EmbedderIdentity("other", 16, "b" * 32)) as store:
        assert store.nearest(bytes(16), EVERYTHING, 5) == []
        assert stored_vectors(location) == {}
        with looking(location) as connection:
            assert connection.execute("SELECT count(*) FROM vector_codes").get == 0


def test_a_writer_that_gives_up_changes_nothing(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"]), vector(127))
    before = store.nearest(vector(127), EVERYTHING, 5)

    def give_up() -> None:
        with store.writing() as writer:
            writer.replace_file(parsed("a.py", ["y", "z"]), [vector(1), vector(2)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert store.nearest(vector(127), EVERYTHING, 5) == before
    assert problems(store.location) == []


# --- the cache ---


def test_a_renamed_file_finds_its_vectors_in_the_cache(store: IndexStore) -> None:
    old = parsed("old.py", ["first", "second"])
    put(store, old, vector(1), vector(2))
    keys = [content_hash(chunk.embedding_text) for chunk in parsed("new.py", ["first", "second"]).chunks]
    with store.writing() as writer:
        writer.remove_file("old.py")
    assert store.cached_vectors([*keys, content_hash("unknown")]) == dict(
        zip(keys, [vector(1), vector(2)], strict=True)
    )


def test_the_cache_drops_what_was_unused_for_longest(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "CACHE_PER_CHUNK", 1)
    monkeypatch.setattr(vectors, "CACHE_SLACK", 1)
    monkeypatch.setattr(writer_module, "TIDY_EVERY", 1 << 62)  # or every so many writes would prune by themselves
    for text in ("one", "two", "three", "one"):
        put(store, parsed("a.py", [text]))
    with store.writing():
        connection = store._writer
        assert connection is not None
        assert vectors.prune_cache(connection, 100) == 1
    keys = {text: content_hash(text) for text in ("one", "two", "three")}
    kept = store.cached_vectors(list(keys.values()))
    assert set(kept) == {keys["one"], keys["three"]}
