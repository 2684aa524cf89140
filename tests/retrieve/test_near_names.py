"""What is misspelt, half remembered or abbreviated is found as well as by comparing with every name."""

import random
from collections.abc import Iterator
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel

from store.store_samples import open_store, parsed, put
from surefoot.retrieve import near_names
from surefoot.retrieve.near_names import Scorer, by_edits, by_letters, in_parts, loosely, misspelt, rarest_runs, typed
from surefoot.store.database import IndexStore
from surefoot.store.names import GRAM, padded
from surefoot.words import folded

PARTS = "get set user cart item check all citations payment service ring setup data ab io id x".split()
LETTERS = "abcß"


def _made_up() -> list[str]:
    """Names of few letters and few words, so that many are like many others."""
    draw = random.Random(5)
    words = ["_".join(draw.choices(PARTS, k=draw.randint(1, 5))) for _ in range(1500)]
    noise = ["".join(draw.choices(LETTERS, k=draw.randint(1, 40))) for _ in range(1500)]
    return list(dict.fromkeys([*words, *noise]))


NAMES = _made_up()
KEYS = sorted({folded(name) for name in NAMES})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexStore]:
    with open_store(tmp_path_factory.mktemp("names") / "x.db") as store:
        put(store, parsed("a.py", ["x"] * len(NAMES), names=NAMES))
        yield store


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A name with up to four letters lost, added, replaced or swapped."""
    letters = list(draw(st.sampled_from(KEYS)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(letters) - 1)))
        kind = draw(st.sampled_from(["lose", "add", "replace", "swap"]))
        if kind == "add" or not letters:
            letters.insert(place, draw(st.sampled_from("abcxyz")))
        elif kind == "lose":
            del letters[place]
        elif kind == "replace":
            letters[place] = draw(st.sampled_from("abcxyz"))
        else:
            letters[place : place + 2] = reversed(letters[place : place + 2])
    return "".join(letters)


def compared(word: str, scorer: Scorer, cutoff: float) -> dict[str, float]:
    """Every name that is near, by comparing with all."""
    near = process.extract(word, KEYS, scorer=scorer, score_cutoff=cutoff, limit=None) if word else []
    return {key: score for key, score, _ in near}


def promised(word: str, scores: dict[str, float]) -> list[float]:
    """The scores of the names for which there is room for enough runs of letters; best first."""
    changes = len(padded(word)) // GRAM - 1
    return sorted((score for key, score in scores.items() if Indel.distance(word, key) <= changes), reverse=True)


@settings(max_examples=150, deadline=None)
@given(word=damaged(), limit=st.sampled_from([1, 3, 8, 100]), cutoff=st.sampled_from([70.0, 84.0, 90.0]))
def test_the_names_with_most_letters_in_common_are_those_of_comparing_with_all(
    store: IndexStore, word: str, limit: int, cutoff: float
) -> None:
    scores = compared(word, fuzz.ratio, cutoff)
    _assert_as_good(misspelt(store, word, by_letters(cutoff), limit), scores, promised(word, scores)[:limit])


@settings(max_examples=150, deadline=None)
@given(word=damaged(), limit=st.sampled_from([1, 12, 100]), cutoff=st.sampled_from([0.6, 0.7, 0.75, 0.83]))
def test_the_names_fewest_edits_away_are_those_of_comparing_with_all(
    store: IndexStore, word: str, limit: int, cutoff: float
) -> None:
    scores = compared(word, OSA.normalized_similarity, cutoff)
    _assert_as_good(misspelt(store, word, by_edits(cutoff), limit), scores, promised(word, scores)[:limit])


def _assert_as_good(found: list[tuple[str, float]], all_near: dict[str, float], best: list[float]) -> None:
    assert dict(found).items() <= all_near.items()
    assert len(dict(found)) == len(found) >= len(best)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(mine >= right for mine, right in zip(scores, best, strict=False))


def test_one_slip_in_any_name_of_five_letters_is_within_the_promise() -> None:
    """A letter replaced, lost, added or swapped with the next one is always found, where the measure lets it be."""
    for length in range(5, 41):
        assert len(padded("x" * length)) // GRAM - 1 >= 2
        assert by_letters(84.0).most_changes(length) >= (2 if length > 5 else 1)


@given(word=st.text("abcdexyz", min_size=4, max_size=6), place=st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_a_swap_in_a_short_name_is_found(tmp_path_factory: pytest.TempPathFactory, word: str, place: int) -> None:
    swapped = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    with open_store(tmp_path_factory.mktemp("short") / "x.db") as store:
        put(store, parsed("a.py", ["x"], names=[word]))
        assert [key for key, _ in misspelt(store, swapped, by_edits(0.7), 3)] == [word]


@pytest.mark.parametrize("likeness", [by_letters(84.0), by_letters(60.0), by_edits(0.7), by_edits(0.83)])
def test_what_a_measure_says_of_lengths_and_changes_holds(likeness: near_names.Likeness) -> None:
    for first, second in product(range(1, 40), range(1, 40)):
        for shared in range(min(first, second) + 1):  # the first letters are equal, all the others are not
            a, b = "a" * first, "a" * shared + "b" * (second - shared)
            score, changes = likeness.scorer(a, b), Indel.distance(a, b)
            if score >= likeness.cutoff:
                shortest, longest = likeness.lengths(first)
                assert shortest <= second <= longest
                assert changes <= likeness.most_changes(first)
            for fewer in range(max(0, changes - 3), changes):
                assert score <= likeness.best_beyond(first, fewer) + 1e-9


@given(counts=st.lists(st.integers(0, 50), min_size=1, max_size=11), number=st.integers(1, 3))
def test_runs_are_apart_and_the_rarest_there_are(counts: list[int], number: int) -> None:
    if len(counts) + 2 < GRAM * number:
        return
    cost, runs = rarest_runs(counts, number)
    places = sorted(min(run) for run in runs)
    assert len(runs) == number
    assert all(max(a) + GRAM <= min(b) for a, b in combinations(sorted(runs, key=min), 2))
    assert cost == sum(min(counts[place] for place in run) for run in runs)
    single = [chosen for chosen in combinations(range(len(counts)), number)
              if all(b - a >= GRAM for a, b in pairwise(chosen))]  # fmt: skip
    assert cost == min(sum(counts[place] for place in chosen) for chosen in single), places


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(st.sampled_from([part[:n] for part in PARTS for n in (1, 2, 3, 5)]), min_size=1, max_size=4))
def test_half_remembered_names_are_those_of_looking_through_all(store: IndexStore, parts: list[str]) -> None:
    def holds(key: str) -> bool:
        place = 0
        for part in parts:
            place = key.find(part, place) + len(part)
            if place < len(part):
                return False
        return True

    fitting = sorted((key for key in KEYS if holds(key)), key=len)
    found = in_parts(store, parts, 8)
    longest = len(fitting[:8][-1]) if fitting else 0
    assert sorted(found) == sorted(key for key in fitting if len(key) <= longest)


def test_looking_through_very_many_names_is_given_up_but_not_for_the_first_slip(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(key for key in KEYS if len(key) > 20 and key.isascii())
    word = name[:9] + name[10:]
    assert name in dict(misspelt(store, word, by_letters(84.0), 8))
    limits: list[int] = []
    monkeypatch.setattr(near_names, "MOST_READ", 40)
    monkeypatch.setattr(store, "names_holding", lambda choices, lengths, limit: limits.append(limit) or [])
    misspelt(store, word, by_letters(84.0), 8)
    assert limits == [40]


def test_near_misses_share_letters(store: IndexStore) -> None:
    found = loosely(store, "PaymentServer", 60.0, 2)
    scores = sorted((fuzz.ratio("paymentserver", key) for key in KEYS), reverse=True)
    assert [score for _, score in found] == scores[:2]
    assert loosely(store, "", 60.0, 2) == loosely(store, "qqqqqqq", 60.0, 2) == []


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pay", "payment"),
        ("yment", "payment"),
        ("PaymentServ", "paymentservice"),
        ("pymtsvc", "paymentservice"),
        ("paymetnservice", "paymentservice"),
        ("serivce", "service"),
        ("p", "payment"),
        ("pa", "payment"),
        ("x", "x"),
    ],
)
def test_what_is_typed_into_a_symbol_picker_is_offered_among_the_first(tmp_path, word: str, name: str) -> None:
    others = ["payload_timing", "parse", "set_parameters", "user_service_x", "payments_by_month", "get_user"]
    with open_store(tmp_path / "x.db") as store:
        put(store, parsed("a.py", ["x"] * 10, names=[*others, "payment", "PaymentService", "Service", "x"]))
        assert name in [key for key, _ in typed(store, word, 60.0, 100)][:3]


def test_the_name_itself_comes_first_then_what_begins_so_the_shortest_first(store: IndexStore) -> None:
    found = [key for key, _ in typed(store, "payment", 60.0, 50)]
    assert found[0] == "payment"
    beginning = [key for key in found if key.startswith("payment")]
    assert beginning == found[: len(beginning)] == sorted(beginning, key=lambda key: (len(key), key))


@pytest.mark.parametrize("letters", [400, 3000])
def test_a_token_that_is_no_name_is_not_compared(store: IndexStore, letters: int) -> None:
    """Encoded data in a pasted log: neither is SQLite asked for its thousand runs of letters, nor are they weighed."""
    token = "".join(random.Random(letters).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=letters))
    for scorer in (by_letters(60), by_edits(0.6)):
        assert misspelt(store, token, scorer, 8) == []
    assert loosely(store, token, 60, 8) == []
    assert typed(store, token, 60, 8) == []
