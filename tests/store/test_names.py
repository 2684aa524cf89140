"""The table of names, the keys of paths and the tallies: right after any writes, and exact where they promise it."""

import contextlib
import random

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.store_samples import open_store, parsed, put
from surefoot.domain import Source
from surefoot.store.database import IndexStore
from surefoot.store.names import ALL_LENGTHS, grams_of, padded
from surefoot.words import fold

EVERY_NAME = 10_000


def found(store: IndexStore, part: str) -> list[str]:
    return store.names_holding([grams_of(part)], ALL_LENGTHS, EVERY_NAME)


def test_a_name_is_found_in_every_case_style_with_all_its_spellings(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"] * 4, names=["get_user", "GetUser", "GET_USER", "getter"]))
    assert store.spellings(["getUser", "getters"]) == {"getUser": ("GET_USER", "GetUser", "get_user")}


def test_equal_spellings_of_one_question_are_all_answered(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"], names=["get_user"]))
    assert store.spellings(["getuser", "GetUser"]) == {"getuser": ("get_user",), "GetUser": ("get_user",)}


def test_names_without_a_letter_are_defined_and_like_nothing(store: IndexStore) -> None:
    put(store, parsed("a.rb", ["x", "y"], names=["<=>", "=="]))
    assert [symbol.name for symbol in store.definitions("<=>")] == ["<=>"]
    assert store.spellings(["<=>", ""]) == {}
    assert store.shortest_names((1, 9), 9) == []


def test_names_hold_runs_of_letters_beginning_end_and_middle_shortest_first(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"] * 4, names=["cartography", "cart", "add_to_cart_item", "Größe"]))
    assert found(store, "cart") == ["cart", "cartography", "addtocartitem"]
    assert found(store, "^^cart") == ["cart", "cartography"]
    assert found(store, "cart$$") == ["cart"]
    assert found(store, "röss") == ["grösse"]
    assert store.names_holding([grams_of("cart")], (5, 11), 1) == ["cartography"]


def test_what_a_question_brings_is_no_syntax(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"], names=["plain"]))
    for hostile in ('a"b', "a*b", "NOT", "AND x", "^^^", "$$$", "[a-z]", "a'; DROP TABLE names; --", "\ud800\ud801x"):
        assert store.spellings([hostile]) == {}
        assert found(store, padded(fold(hostile))) == []
        assert store.names_abbreviated(fold(hostile), 9) == []


def test_abbreviations_begin_alike_and_keep_the_order_of_letters(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"] * 3, names=["PaymentService", "payment_services", "service_payment"]))
    assert store.names_abbreviated("pymtsvc", 9) == ["paymentservice", "paymentservices"]


def test_files_are_found_by_name_stem_ending_and_folder(store: IndexStore) -> None:
    for path in ("src/Shop/Tax.py", "lib/tax.rb", "tax", "src/.hidden", "a.b/c.tar.gz", "bad/\udcff.x"):
        put(store, parsed(path, ["x"]))
    assert store.paths_named("TAX") == ["lib/tax.rb", "src/Shop/Tax.py", "tax"]
    assert store.paths_named("tax.py") == ["src/Shop/Tax.py"]
    assert store.paths_named("tax", 1) == ["lib/tax.rb"]
    assert store.paths_named("c.tar") == ["a.b/c.tar.gz"]
    assert store.paths_named(".hidden") == ["src/.hidden"]
    assert store.paths_named("/.py") == store.paths_named("") == store.paths_named("py") == []
    assert [store.has_ending(e) for e in (".py", ".PY", ".gz", ".hidden", ".go", ".b")] == [True] * 4 + [False] * 2
    assert [store.has_folder(f) for f in ("src", "src/Shop", "bad", "a.b", "sr", "tax", "src/shop")] == (
        [True] * 4 + [False] * 3
    )
    with store.writing() as writer:
        writer.remove_file("src/Shop/Tax.py")
        writer.remove_file("bad/\udcff.x")
    assert store.paths_named("tax") == ["lib/tax.rb", "tax"]
    assert not store.has_ending(".py")
    assert not store.has_folder("bad")


NAMES = st.lists(st.sampled_from(["get_user", "GetUser", "getuser", "Cart", "cart_item", "<=>", "ñ_x", "\ud800q"]))
WRITES = st.lists(
    st.tuples(st.sampled_from(["a.py", "b.py", "c.js"]), st.none() | NAMES, st.integers(1, 3), st.booleans()),
    max_size=12,
)


class _TakenBackError(Exception):
    """Rolls a transaction back."""


@settings(max_examples=60, deadline=None)
@given(writes=WRITES)
def test_tables_and_tallies_hold_what_the_symbols_say_whatever_was_written(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[str, list[str] | None, int, bool]]
) -> None:
    """Files come, change and go, several in one transaction and some twice; what is rolled back leaves nothing."""
    with open_store(tmp_path_factory.mktemp("names") / "x.db") as store:
        while writes:
            together, is_kept = writes[:3], writes[0][3]
            writes = writes[3:]
            with contextlib.suppress(_TakenBackError), store.writing() as writer:
                for path, names, chunks, _ in together:
                    if names is None:
                        writer.remove_file(path)
                    else:
                        source = Source.DOCS if chunks == 3 else Source.CODE
                        file = parsed(path, ["x"] * max(chunks, len(names)), names=names, source=source)
                        writer.replace_file(file, [bytes(store.embedder.dimension)] * len(file.chunks))
                if not is_kept:
                    raise _TakenBackError
            assert_consistent(store)


def assert_consistent(store: IndexStore) -> None:
    connection = apsw.Connection(str(store.location))
    symbols = connection.execute("SELECT name, name_id FROM symbols").fetchall()
    names = connection.execute("SELECT name, id, folded FROM names").fetchall()
    assert {(name, number) for name, number, _ in names} == set(symbols)
    assert len(names) == len({name for name, _, _ in names})
    for name, number, folded in names:
        text = name.decode("utf-8", "surrogatepass") if isinstance(name, bytes) else name
        assert folded == fold(text)
        assert number >> 32 == len(folded)
    assert _grams(connection) == {
        (gram, number) for _, number, folded in names if folded for gram in grams_of(padded(folded))
    }
    connection.execute("INSERT INTO grams (grams) VALUES ('integrity-check')")
    counts = store.counts()
    assert counts.symbols == len(symbols)
    assert counts.chunks == connection.execute("SELECT count(*) FROM chunks").get
    assert counts.languages == dict(connection.execute("SELECT language, count(*) FROM files GROUP BY 1").fetchall())
    assert counts.files == connection.execute("SELECT count(*) FROM files").get
    sources = dict(connection.execute("SELECT source, count(*) FROM files GROUP BY 1").fetchall())
    assert store.sources() == sources
    kept = "SELECT substr(name, 8), number FROM tallies WHERE name LIKE 'source.%' AND number"
    assert dict(connection.execute(kept).fetchall()) == sources
    keyed = connection.execute("SELECT path, count(*) FROM path_keys GROUP BY 1").fetchall()
    assert keyed == [(path, 3) for path in store.paths()]  # its name, its stem, its ending
    connection.close()


def test_an_index_without_counts_by_source_gets_them_with_the_next_write(store: IndexStore) -> None:
    """As one that was made before they were kept: read as it is, and right after any write."""
    for number in range(3):
        put(store, parsed(f"{number}.py", ["x"]))
    put(store, parsed("a.md", ["x"], source=Source.DOCS))
    connection = apsw.Connection(str(store.location))
    connection.execute("DELETE FROM tallies WHERE name LIKE 'source.%'")
    assert store.sources() == {Source.CODE: 3, Source.DOCS: 1}
    with store.writing() as writer:
        writer.remove_file("1.py")
    connection.close()
    assert_consistent(store)
    assert store.sources() == {Source.CODE: 2, Source.DOCS: 1}


def _grams(connection: apsw.Connection) -> set[tuple[str, int]]:
    connection.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab (main, grams, instance)")
    return set(connection.execute("SELECT term, doc FROM held").fetchall())


def test_lengths_that_are_beyond_counting_are_looked_through_together(store: IndexStore) -> None:
    long = ["x" * 254, "x" * 255, "x" * 256, "x" * 3000]
    put(store, parsed("a.py", ["x"] * 4, names=random.Random(1).sample(long, 4)))
    assert sorted(store.names_holding([["xxx"]], (255, 999), 9), key=len) == long[1:]
    assert store.names_holding([["xxx"]], (0, 254), 9) == long[:1]
