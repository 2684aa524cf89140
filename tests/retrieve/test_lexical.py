"""The lexical stage: common words are left out, or asked for together, and nothing that would come first is lost."""

import random
from pathlib import Path

import pytest

from store.store_samples import open_store, parsed, vector
from surefoot.domain import Query, Resolved, Root, Scope
from surefoot.retrieve import lexical as module
from surefoot.retrieve.lexical import COLUMN_WEIGHTS, lexical, match_expressions
from surefoot.retrieve.root_index import RootIndex


def asked(frequencies: dict[str, int], chunks: int = 1_000_000) -> tuple[str, ...]:
    return match_expressions(Resolved(Query(""), (), tuple(frequencies), frequencies, chunks=chunks))


@pytest.mark.parametrize(
    ("frequencies", "expected"),
    [
        ({}, ()),
        ({"gone": 0}, ()),
        ({"device": 90_000}, ('"device"',)),
        ({"device": 90_000, "quirk": 12, "leaky": 900}, ('"quirk" OR "leaky"',)),
        ({"device": 90_000, "driver": 80_000, "add": 70_000}, ('"add" AND "driver"', '"add" OR "driver"')),
        ({"device": 90_000, "quirk": 12}, ('"quirk" OR ("quirk" AND "device")',)),
        ({"reset": 9_000, "quirk": 12}, ('"quirk" OR "reset"',)),
    ],
)
def test_what_is_asked_for(frequencies: dict[str, int], expected: tuple[str, ...]) -> None:
    assert asked(frequencies) == expected


def test_every_such_expression_is_one_that_the_index_understands(tmp_path: Path) -> None:
    with open_store(tmp_path / "sample-1.db") as store:
        file = parsed("a.py", ["quirk device", "device driver", "quirk"])
        with store.writing() as writer:
            writer.replace_file(file, [vector(1)] * 3)
        found = {
            match: {number for number, _ in store.lexical(match, Scope(), 9, COLUMN_WEIGHTS)}
            for match in ('"quirk" OR ("quirk" AND "device")', '"quirk" AND "device"', '"quirk" OR "device"')
        }
    first, second, third = sorted(*[found['"quirk" OR "device"']])
    assert found == {
        '"quirk" OR ("quirk" AND "device")': {first, third},
        '"quirk" AND "device"': {first},
        '"quirk" OR "device"': {first, second, third},
    }


@pytest.mark.parametrize("common", [1.0, 0.0])
def test_of_two_common_words_the_same_comes_first_as_of_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, common: float
) -> None:
    """Where few chunks have both, those with one of them fill up."""
    monkeypatch.setattr(module, "COMMON_CHUNKS", 20)
    chance = random.Random(7)
    both = 60 if common else 3
    texts = [f"device driver {'x ' * chance.randrange(40)}{n}" for n in range(both)]
    texts += [f"{word} {'y ' * chance.randrange(40)}{n}" for word in ("device", "driver") for n in range(100)]
    with open_store(tmp_path / "sample-1.db") as store:
        with store.writing() as writer:
            writer.replace_file(parsed("a.py", texts), [vector(1)] * len(texts))
        index = RootIndex(Root(tmp_path, "root"), store)
        frequencies = store.document_frequency(["device", "driver"])
        resolved = Resolved(Query(""), (), ("device", "driver"), frequencies, chunks=len(texts))
        found = [key.chunk_id for key, _ in lexical(index, resolved, Scope(), 40).entries]
        either = [number for number, _ in store.lexical('"device" OR "driver"', Scope(), 40, COLUMN_WEIGHTS)]
    assert found == either
