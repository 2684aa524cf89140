"""A file indexed anew: what did not change keeps its rows, and the index equals one that was made at once."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store.store_samples import EMBEDDER, WEIGHTS, open_store, parsed, put, vector
from surefoot.domain import Chunk, EmbedderIdentity, ParsedFile, Scope, Symbol
from surefoot.store.database import IndexStore

WORDS = ("alpha", "beta", "gamma", "delta", "alpha beta", "camelCase")


def vectors_of(file: ParsedFile) -> list[bytes]:
    """One vector per text, always the same, as an embedder makes them."""
    return [vector(*(sum(map(ord, chunk.embedding_text)) >> n & 63 for n in range(4))) for chunk in file.chunks]


def write(store: IndexStore, file: ParsedFile) -> None:
    with store.writing() as writer:
        writer.replace_file(file, vectors_of(file))


def contents(store: IndexStore) -> tuple[list[Chunk], list[Symbol], list[str], list[list[Chunk]]]:
    """Everything that can be asked of a store, without ids."""
    ids = store.chunk_ids("a.py")
    asked = [store.lexical(f'"{word.split()[0].lower()}"', Scope(), 50, WEIGHTS) for word in WORDS]
    asked.append(store.nearest(vector(9, 3, 5, 1), Scope(), 50))
    found = [sorted(store.chunks([number for number, _ in hits]).values(), key=lambda c: c.span) for hits in asked]
    return (
        list(store.chunks(ids).values()),
        store.symbols_in_file("a.py"),
        sorted(store.shortest_names((1, 99), 99)),
        found,
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(WORDS), max_size=6), st.lists(st.sampled_from("pqrs"), max_size=4)),
        min_size=2,
        max_size=5,
    )
)
def test_the_index_after_edits_equals_a_fresh_one(
    tmp_path_factory: object, versions: list[tuple[list[str], list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("stores")  # type: ignore[attr-defined]
    files = [parsed("a.py", texts, names=names) for texts, names in versions]
    with open_store(folder / "edited-1.db") as edited, open_store(folder / "fresh-1.db") as fresh:
        for file in files:
            write(edited, file)
        write(fresh, files[-1])
        assert contents(edited) == contents(fresh)
        assert edited.counts().chunks == len(files[-1].chunks)


def test_a_chunk_that_only_moved_keeps_its_id_and_has_its_new_lines(tmp_path: Path) -> None:
    with open_store(tmp_path / "sample-1.db") as store:
        write(store, parsed("a.py", ["first", "second", "third"]))
        first, second, third = store.chunk_ids("a.py")
        write(store, parsed("a.py", ["new\nlines", "first", "third"]))
        new, *kept = store.chunk_ids("a.py")
        assert kept == [first, third]
        assert new > third
        assert store.chunks([second]) == {}
        assert [chunk.span.start for chunk in store.chunks(kept).values()] == [11, 21]


def test_of_equal_chunks_one_goes_and_one_stays(tmp_path: Path) -> None:
    with open_store(tmp_path / "sample-1.db") as store:
        write(store, parsed("a.py", ["same", "other", "same"]))
        ids = store.chunk_ids("a.py")
        write(store, parsed("a.py", ["same", "other"]))
        assert store.chunk_ids("a.py") == ids[:2]
        assert {number for number, _ in store.lexical('"same"', Scope(), 9, WEIGHTS)} == {ids[0]}


def test_after_another_embedder_nothing_keeps_its_old_vector(tmp_path: Path) -> None:
    other = EmbedderIdentity("other", EMBEDDER.dimension, "b" * 32)
    file = parsed("a.py", ["one", "two"])
    with open_store(tmp_path / "sample-1.db") as store:
        put(store, file)
    with open_store(tmp_path / "sample-1.db", other) as store:
        assert store.vectorless_files() > 0
        write(store, file)
        assert store.vectorless_files() == 0
        found = store.nearest(vector(1), Scope(), 9)
        assert {number for number, _ in found} == set(store.chunk_ids("a.py"))
