"""The drift meter: what is counted, when, and that every answer carries it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SHOP, write_tree
from surefoot.domain import Drift, Query
from surefoot.engine import Engine
from surefoot.errors import Cancelled
from surefoot.index.drift import summed
from surefoot.trace import CancelToken

Open = Callable[..., Engine]


def measured(engine: Engine) -> Drift:
    drift = engine.drift
    assert drift is not None
    return drift


def figures(drift: Drift) -> tuple[int, int, int]:
    return drift.files, drift.drifted_files, drift.unindexed_files


def test_nothing_is_claimed_before_it_was_counted(shop: Path, open_engine: Open) -> None:
    engine = open_engine(shop)
    assert engine.drift is None
    assert engine.state().drift is None
    assert engine.search(Query("rate_for")).drift is None


def test_a_pass_over_everything_counts(shop: Path, open_engine: Open) -> None:
    engine, before = open_engine(shop), time.time()
    engine.refresh()
    assert figures(measured(engine)) == (len(SHOP), 0, 0)
    assert before <= measured(engine).measured_at <= time.time()


def test_the_count_is_of_the_moment_and_stays_what_it_was(engine: Engine, shop: Path) -> None:
    """A change is no count, and neither is being told of one."""
    before = measured(engine)
    (shop / "shop/tax.py").unlink()
    (shop / "shop/cart.py").write_text("changed = True\n")
    assert measured(engine) == before
    engine.refresh([shop / "shop/tax.py"])
    assert measured(engine) == before
    after = engine.measure()
    assert after == measured(engine)
    assert figures(after) == (len(SHOP) - 1, 1, 0)
    assert after.measured_at > before.measured_at


def test_counting_tells_apart_what_is_gone_changed_new_and_only_touched(engine: Engine, shop: Path) -> None:
    (shop / "shop/tax.py").unlink()
    (shop / "shop/cart.py").write_text("changed = True\n")
    (shop / "shop/new.py").write_text("new = True\n")
    (shop / "shop/session.py").touch()
    chunks = sum(len(index.store.chunk_ids(f"shop/{name}.py")) for index in engine._current().values()
                 for name in ("tax", "cart"))  # fmt: skip
    drift = engine.measure()
    assert drift is not None
    assert (figures(drift), drift.drifted_chunks) == ((len(SHOP), 2, 1), chunks)
    status = engine.status().roots[0]
    assert (len(status.drifted_files), status.drifted_chunks, status.unindexed_files) == (2, chunks, 1)
    assert figures(measured(engine)) == (len(SHOP), 2, 1)


def test_what_was_left_out_as_it_is_now_does_not_wait(engine: Engine, shop: Path) -> None:
    (shop / "blob.py").write_bytes(b"\0" * 30)
    assert measured_now(engine) == (len(SHOP), 0, 1)
    engine.refresh()
    assert measured_now(engine) == (len(SHOP), 0, 0)
    (shop / "blob.py").write_text("def unpacked():\n    return 1\n")
    assert measured_now(engine) == (len(SHOP), 0, 1)


def measured_now(engine: Engine) -> tuple[int, int, int]:
    drift = engine.measure()
    assert drift is not None
    return figures(drift)


def test_every_answer_and_search_carries_the_latest_count(engine: Engine, shop: Path) -> None:
    (shop / "shop/new.py").write_text("new = True\n")
    drift = engine.measure()
    assert engine.search(Query("rate_for")).drift == drift
    assert engine.ask(Query("what is the tax rate of a country?")).index.drift == drift
    assert engine.state().drift == drift


def test_a_search_counts_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surefoot.engine.walk", lambda *_, **__: pytest.fail("a folder was walked"))
    assert engine.search(Query("rate_for")).hits


def test_a_pass_that_was_stopped_counts_nothing(shop: Path, open_engine: Open) -> None:
    engine, token = open_engine(shop), CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        engine.refresh(cancel=token)
    assert engine.drift is None


def test_of_several_roots_all_are_counted_or_it_is_not_known(tmp_path: Path, shop: Path, open_engine: Open) -> None:
    write_tree(tmp_path / "other", {"a.py": "def first():\n    return 1\n"})
    engine = open_engine(shop)
    engine.refresh()
    engine.set_roots([shop, tmp_path / "other"])
    assert engine.drift is None
    engine.refresh()
    (tmp_path / "other/b.py").write_text("def second():\n    return 2\n")
    assert measured_now(engine) == (len(SHOP) + 1, 0, 1)
    engine.set_roots([shop])
    assert figures(measured(engine)) == (len(SHOP), 0, 0)
    engine.set_roots([shop, tmp_path / "other"])
    assert engine.drift is None  # what was counted of a folder that left is forgotten


def test_the_sum_is_as_old_as_its_oldest_part() -> None:
    assert summed([Drift(5.0, 1, 2, 3, 4), Drift(4.0, 10, 20, 30, 40)]) == Drift(4.0, 11, 22, 33, 44)
    assert summed([Drift(5.0, 1, 2, 3, 4), None]) is None
    assert summed([]) is None


def test_what_is_ignored_by_now_counts_as_drifted(engine: Engine, shop: Path) -> None:
    (shop / ".gitignore").write_text("shop/tax.py\n")
    engine.measure()
    assert engine.status().roots[0].drifted_files == ("shop/tax.py",)
    engine.refresh()
    assert engine.status().roots[0].drifted_files == ()
