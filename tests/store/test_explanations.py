"""What was said of definitions is kept within bounds, and goes with its file."""

from contextlib import closing
from pathlib import Path

import pytest

from store.store_samples import open_store, parsed, put
from surefoot.store import explanations, migrations
from surefoot.store.connections import connect
from surefoot.store.database import IndexStore


def keep(store: IndexStore, key: str, path: str = "a.py", content: str = "said") -> None:
    with store.writing() as writer:
        writer.keep_explanation(key, path, content)


def test_what_is_kept_is_found_under_its_key_and_replaced_there(store: IndexStore) -> None:
    assert store.explanation("k") is None
    keep(store, "k", content="one \udce9")
    assert store.explanation("k") == "one \udce9"
    keep(store, "k", content="two")
    assert store.explanation("k") == "two"
    assert store.explanation("l") is None


def test_the_oldest_go_beyond_the_bound(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanations, "MOST_KEPT", 2)
    for key in ("a", "b", "a", "c"):  # what is kept again counts as new
        keep(store, key)
    assert [store.explanation(key) for key in "abc"] == ["said", None, "said"]


def test_nothing_stays_of_a_file_that_is_forgotten(store: IndexStore) -> None:
    put(store, parsed("a.py"))
    keep(store, "of a", "a.py")
    keep(store, "of b", "b.py")
    with store.writing() as writer:
        writer.remove_file("a.py", keeps=True)
    assert store.explanation("of a") == "said", "a branch switch takes back what goes"
    with store.writing() as writer:
        writer.remove_file("a.py")
    assert (store.explanation("of a"), store.explanation("of b")) == (None, "said")


def test_an_index_from_before_there_were_any_keeps_what_it_has(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", ())
        before.setattr(migrations, "NEWEST", migrations.OLDEST_KEPT)
        with open_store(location) as store:
            put(store, parsed("a.py"))
    with open_store(location) as store:
        assert store.notices == ()
        assert list(store.files()) == ["a.py"]
        keep(store, "k")
        assert store.explanation("k") == "said"
    with closing(connect(location)) as connection:
        assert connection.pragma("user_version") == migrations.NEWEST
