"""Links are kept with their chunks, and are read from both ends."""

from pathlib import Path

from store.store_samples import open_store, parsed, put
from surefoot.domain import Chunk, IndexedFile, Link, LinkKind, ParsedFile, Scope, Source, Span, Symbol, SymbolKind
from surefoot.store.database import IndexStore

DIGITS = "3f2a91c0de" + "0" * 30


def commit(digits: str, text: str) -> ParsedFile:
    path = f"commit:{digits}"
    span = Span(path, 1, text.count("\n") + 1)
    symbol = Symbol(digits[:10], SymbolKind.EVENT, span, 1)
    chunk = Chunk(span, Source.COMMITS, "commit", text, digits[:10], SymbolKind.EVENT)
    return ParsedFile(IndexedFile(path, Source.COMMITS, "commit", 0, 0, digits[:32]), (symbol,), (chunk,))


def test_a_chunk_has_what_it_names_and_a_thing_has_who_names_it(store: IndexStore) -> None:
    """The latest comes first, and no more than were asked for."""
    put(store, parsed("a.py", ["x = 1  # see #12", "y = 2"]))
    put(store, parsed("b.py", ["z = 3  # fixes #12 and #13"]))
    (first, second), (third,) = store.chunk_ids("a.py"), store.chunk_ids("b.py")
    named = store.links_of([first, second, third])
    assert {number: [link.target for link in links] for number, links in named.items()} == {
        first: ["#12"],
        third: ["#12", "#13"],
    }  # fmt: skip
    assert store.naming(LinkKind.TICKET, ["#12", "#99"], 9) == [
        (third, Link(LinkKind.TICKET, "#12", 0)),
        (first, Link(LinkKind.TICKET, "#12", 0)),
    ]
    assert [number for number, _ in store.naming(LinkKind.TICKET, ["#12"], 1)] == [third]
    assert store.naming(LinkKind.PATH, ["#12"], 9) == []


def test_links_go_with_their_chunks(store: IndexStore) -> None:
    """Another text has other links, and a file that is gone has none."""
    put(store, parsed("a.py", ["x = 1  # see #12"]))
    put(store, parsed("a.py", ["x = 1  # see #13"]))
    assert store.naming(LinkKind.TICKET, ["#12"], 9) == []
    assert len(store.naming(LinkKind.TICKET, ["#13"], 9)) == 1
    with store.writing() as writer:
        writer.remove_file("a.py")
    assert store.naming(LinkKind.TICKET, ["#13"], 9) == []


def test_what_was_put_aside_comes_back_with_its_links(store: IndexStore) -> None:
    """A file that a switch of branches takes and brings again names the same as before."""
    file = parsed("a.py", ["x = 1  # see #12"])
    put(store, file)
    with store.writing() as writer:
        writer.remove_file("a.py", keeps=True)
    assert store.naming(LinkKind.TICKET, ["#12"], 9) == []
    put(store, file)
    assert [link.target for _, link in store.naming(LinkKind.TICKET, ["#12"], 9)] == ["#12"]


def test_commits_are_found_by_their_first_digits(store: IndexStore) -> None:
    """By few digits and by all of them, and no file of that name."""
    put(store, commit(DIGITS, "commit 3f2a91c0de: Lower\nDate: 2024-03-01"))
    put(store, parsed("3f2a91c0de.py"))
    assert store.commits("3f2a91c", 9) == store.commits(DIGITS, 9) == [f"commit:{DIGITS}"]
    assert store.commits("3f2a91d", 9) == []
    assert store.commits("", 9) == [f"commit:{DIGITS}"]


def test_only_tickets_commits_and_designs_are_records(store: IndexStore) -> None:
    """Code and documents are in every index."""
    assert not store.has_records()
    put(store, parsed("a.py"))
    put(store, parsed("a.md", source=Source.DOCS))
    assert not store.has_records()
    put(store, commit(DIGITS, "commit 3f2a91c0de: Lower"))
    assert store.has_records()


def test_whether_there_are_records_is_seen_without_looking_at_the_files(location: Path) -> None:
    """A question about code alone pays nothing for it, however many files there are."""
    with open_store(location) as store, store._reading() as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT 1 FROM files WHERE source NOT IN ('code', 'docs')"
        ).fetchall()
    assert "files_of_other_sources" in str(plan)


def test_chunks_are_held_against_a_scope(store: IndexStore) -> None:
    """By source and by path; without a scope all are in it."""
    put(store, parsed("a.py"))
    put(store, parsed("docs/a.md", source=Source.DOCS, language="markdown"))
    (code,), (document,) = store.chunk_ids("a.py"), store.chunk_ids("docs/a.md")
    assert store.in_scope([code, document], Scope()) == {code, document}
    assert store.in_scope([code, document], Scope(sources=(Source.DOCS,))) == {document}
    assert store.in_scope([code, document], Scope(paths=("*.py",))) == {code}
    assert store.in_scope([], Scope(paths=("*.py",))) == set()


def test_names_in_any_style_are_found_with_their_chunks_if_they_are_few(store: IndexStore) -> None:
    """A name that stands for many things says nothing about any of them."""
    put(store, parsed("a.py", names=["retry_limit"]))
    put(store, parsed("b.py", names=["retryLimit"]))
    found = store.few_symbols("retrylimit", 2)
    assert [(symbol.name, symbol.span.path, chunk) for symbol, chunk in found] == [
        ("retry_limit", "a.py", store.chunk_ids("a.py")[0]),
        ("retryLimit", "b.py", store.chunk_ids("b.py")[0]),
    ]
    assert store.few_symbols("retrylimit", 1) == []
    assert [symbol.name for symbol, _ in store.symbols_named_in("b.py", ["retrylimit", "other"], 9)] == ["retryLimit"]
    assert store.symbols_named_in("c.py", ["retrylimit"], 9) == []


def test_chunks_of_lines_are_those_that_begin_there(store: IndexStore) -> None:
    """As of one ticket among the thousands of an export."""
    put(store, parsed("a.json", ["one", "two", "three"]))
    _, second, third = store.chunk_ids("a.json")
    assert store.chunk_ids_within(Span("a.json", 11, 30)) == (second, third)
    assert store.chunk_ids_within(Span("b.json", 1, 30)) == ()
