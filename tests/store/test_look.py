"""One look at an index: of one commit, each thing read once, and nothing of it outlives the block."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from store.store_samples import DIMENSION, parsed, put
from surefoot.domain import LinkKind, Scope, Span
from surefoot.store import symbols
from surefoot.store.database import IndexStore


def names(store: IndexStore) -> list[str]:
    return [symbol.name for symbol in store.symbols_within(Span("a.py", 1, 10))]


def test_what_is_read_in_a_look_is_of_one_commit(store: IndexStore) -> None:
    put(store, parsed("a.py", names=["first"]))
    with store.one_look():
        assert store.paths() == ["a.py"]
        writer = threading.Thread(target=put, args=(store, parsed("b.py", names=["second"])))
        writer.start()
        writer.join()
        assert store.paths() == ["a.py"]
        assert store.few_symbols("second", 5) == []
    assert store.paths() == ["a.py", "b.py"]
    assert [symbol.name for symbol, _ in store.few_symbols("second", 5)] == ["second"]


def test_another_thread_sees_the_last_commit(store: IndexStore) -> None:
    put(store, parsed("a.py", names=["first"]))
    seen: list[str] = []

    def write_and_read() -> None:
        put(store, parsed("a.py", names=["other"]))
        seen.extend(names(store))

    with store.one_look():
        assert names(store) == ["first"]
        other = threading.Thread(target=write_and_read)
        other.start()
        other.join()
        assert (names(store), seen) == (["first"], ["other"])
    assert names(store) == ["other"]


def test_what_is_asked_for_again_is_not_read_again(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, parsed("a.py", names=["first"]))
    read: list[Span] = []
    within = symbols.within
    monkeypatch.setattr(symbols, "within", lambda connection, span: (read.append(span), within(connection, span))[1])
    with store.one_look():
        assert names(store) == names(store) == ["first"]
        assert len(read) == 1
        assert store.symbols_within(Span("a.py", 2, 10)) == []
    assert names(store) == ["first"]
    assert len(read) == 3


def test_a_look_within_a_look_is_the_same_one(store: IndexStore) -> None:
    put(store, parsed("a.py", names=["first"]))
    with store.one_look():
        assert names(store) == ["first"]
        with store.one_look():
            assert names(store) == ["first"]
        assert store.links_of([1]) == store.links_of([1]) == {}
        assert store.naming(LinkKind.SYMBOL, ["first"], 5) == []
        assert store.nearest(bytes(DIMENSION), Scope(), 1)


def test_a_look_ends_with_an_error_too(store: IndexStore) -> None:
    put(store, parsed("a.py", names=["first"]))
    with suppress(ZeroDivisionError), store.one_look():
        assert names(store) == ["first"]
        raise ZeroDivisionError
    put(store, parsed("a.py", names=["other"]))
    assert names(store) == ["other"]


def test_a_file_that_is_deleted_meanwhile_is_read_to_the_end(store: IndexStore, location: Path) -> None:
    put(store, parsed("a.py", names=["first"]))
    with store.one_look():
        assert store.paths() == ["a.py"]
        for name in (location.name, f"{location.name}-wal", f"{location.name}-shm"):
            location.with_name(name).unlink(missing_ok=True)
        assert names(store) == ["first"]
    assert store.is_lost()
