"""What the embedder learns from: what is taken out of code, what is left out, and that batches say nothing twice."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from zlib import crc32

import numpy as np
import pytest

from surefoot.syntax.parse import parse

TRAIN = Path(__file__).parents[2] / "evals" / "train"

CODE = '''
def refund(order, amount):
    """Gives money back for an order.

    Part of it, where `amount` is less.
    """
    # The ledger must balance before anything is sent to the bank.
    entry = ledger.add(order, -amount)
    return bank.send(entry)  # in cents
'''


@pytest.fixture(autouse=True)
def _train_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TRAIN))


def script(name: str) -> ModuleType:
    return import_module(name)


def test_code_documentation_and_comments_are_told_apart() -> None:
    (chunk,) = parse("shop.py", CODE, "python").chunks
    code, comments = script("mine").without_comments(chunk)
    assert "ledger.add" in code
    assert "money" not in code
    assert comments == ["The ledger must balance before anything is sent to the bank.", "in cents"]


def test_the_first_sentence_of_a_documentation_is_what_somebody_may_ask() -> None:
    assert script("mine").said("Gives money back for an order.\n\nPart of it.")[0] == "Gives money back for an order."


@pytest.mark.parametrize(
    "doc",
    ["Copyright 2020 by somebody, all rights reserved.", "@param order", "x = f(y);", "Yes.", ""],
)
def test_what_says_nothing_is_no_question(doc: str) -> None:
    assert script("mine").said(doc)[0] == ""


@pytest.mark.parametrize(
    "comment",
    [
        "TODO: clean this up one day please",
        "eslint-disable-next-line no-console at all",
        "this was generated, so DO NOT EDIT it by hand",
    ],
)
def test_a_note_to_oneself_is_no_question(comment: str) -> None:
    assert script("mine").remark(comment) == ""


def test_a_file_of_an_evaluation_is_known_again_in_another_version() -> None:
    mine = script("mine")
    names = frozenset(f"function_{number}" for number in range(10))
    excluded = mine.Excluded(frozenset({mine.digest("a b\nc")}), frozenset(), {"tax.py": (names,)})
    assert excluded.has_file("other.py", "a\tb c", frozenset())
    assert excluded.has_file("vendor/tax.py", "else", names | {"new"})
    assert not excluded.has_file("vendor/tax.py", "else", frozenset(f"else_{number}" for number in range(10)))
    assert not excluded.has_file("vat.py", "else", names)


def ragged(*bags: dict[int, int]) -> object:
    parts = script("mine").ragged(bags)
    return script("pairs").Ragged(parts["starts"], parts["words"], parts["counts"])


def test_bags_are_taken_in_any_order() -> None:
    of, items, counts = ragged({1: 2}, {}, {3: 1, 4: 5}).take(np.array([2, 1, 0]))
    assert (of.tolist(), items.tolist(), counts.tolist()) == ([0, 0, 2], [3, 4, 1], [1, 5, 2])


def test_near_duplicates_are_kept_once() -> None:
    words = dict.fromkeys(range(60), 1)
    found = script("pairs")._first_of_alike(ragged(words, words | {60: 1}, dict.fromkeys(range(90, 150), 1)), 200)
    assert found.tolist() == [True, False, True]


def test_of_each_key_only_so_many_are_kept_and_only_of_those_that_may_be() -> None:
    keys = np.array([1, 1, 1, 2, 1])
    found = script("pairs")._most_of_each(keys, np.array([4, 0, 1, 2, 3]), 2, np.array([True, False, True, True, True]))
    assert found.tolist() == [True, False, False, True, True]


def test_what_is_said_is_kept_once_in_words_and_never_of_a_package_that_is_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs, package = script("pairs"), script("packages").Package
    learnt = [package("npm", name, "1", name) for name in ("orders", "invoices")]
    out = next(each for number in range(999) if is_out(each := package("npm", f"n{number}", "1", f"n{number}")))
    for each in (*learnt, out):
        shard = script("mine").Shard()
        shard.said = {
            0: [("sentence", "Gives moneyBack for an order."), ("name", "x")],
            1: [("name", each.name + "Refund")],
        }
        script("mine").write(shard, each, tmp_path / f"{each.sha256}.npz")
    monkeypatch.setattr(pairs, "SHARDS", tmp_path)
    monkeypatch.setattr(pairs, "read", lambda _: [*learnt, out])
    assert sorted(pairs.said(10)) == ["gives money back for an order", "invoices refund", "orders refund"]
    assert pairs.said(2) == pairs.said(10)[:2]


def is_out(package: object) -> bool:
    return crc32(str(package).encode()) % script("pairs").HELD_OUT == 0
