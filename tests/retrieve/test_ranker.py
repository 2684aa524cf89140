"""The learned order: the trees are walked as they are written, a good sign never harms, and files take turns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from surefoot.domain import Chunk, ChunkKey, Query, Ranking, Resolved, Source, Span
from surefoot.retrieve.chain import asks_beyond_code
from surefoot.retrieve.ranker import FEATURES, Walk, by_learned, features, in_learned_order
from surefoot.retrieve.rerank import Candidate
from surefoot.retrieve.trees import as_rows, read, shipped

ROOT = Path("/shop")
TWO_TREES = {
    "features": ["link", "place"],
    "roots": [0, 3],
    "feature": [0, 0, 0, 1, 0, 0, 0, 0],
    "threshold": [0.5, 0, 0, 2.0, 0, 0.0, 0, 0],
    "lower": [1, 1, 2, 4, 4, 6, 6, 7],
    "higher": [2, 1, 2, 5, 4, 7, 6, 7],
    "value": [0, -1.0, 1.0, 0, 10.0, 0, 20.0, 30.0],
    "depth": 2,
}


def _candidate(number: int, path: str, *, score: float = 1.0, source: Source = Source.CODE) -> Candidate:
    chunk = Chunk(Span(path, number, number), source, "python", f"def f{number}(): ...")
    return Candidate(ChunkKey(ROOT, number), chunk, score, {}, {})


def _walk(
    ranked: list[Candidate], links: dict[int, float] | None = None, flows: dict[int, float] | None = None
) -> Walk:
    link, flow = (
        Ranking(name, tuple((ChunkKey(ROOT, number), strength) for number, strength in (found or {}).items()))
        for name, found in (("link", links), ("flow", flows))
    )
    return Walk.of(ranked, link, flow, places=10)


def test_each_row_is_led_to_a_leaf_of_each_tree() -> None:
    trees = read(json.dumps(TWO_TREES))
    rows = as_rows([[0.5, 2.0], [0.6, 2.1], [-1.0, 3.0]])
    assert trees.scores(rows).tolist() == [-1 + 10, 1 + 30, -1 + 20]


def test_the_shipped_trees_are_for_these_features() -> None:
    trees = shipped()
    assert trees.features == tuple(FEATURES)
    assert set(trees.feature.tolist()) <= set(range(len(FEATURES)))
    leaves = trees.lower == np.arange(len(trees.lower))
    assert (trees.higher[leaves] == trees.lower[leaves]).all()
    at = trees.roots
    for _ in range(trees.depth):
        at = np.unique(np.concatenate([trees.lower[at], trees.higher[at]]))
    assert leaves[at].all(), "the depth is too small: some way does not end at a leaf"


@pytest.mark.parametrize("name", [name for name, sign in FEATURES.items() if sign])
def test_more_of_a_good_sign_never_puts_a_candidate_back(name: str) -> None:
    column, sign = list(FEATURES).index(name), FEATURES[name]
    random = np.random.default_rng(7)
    rows = random.uniform(-2, 2, (400, len(FEATURES)))
    more = rows.copy()
    more[:, column] += sign * random.uniform(0, 2, 400)
    gained = shipped().scores(more) - shipped().scores(rows)
    assert gained.min() > -1e-4
    assert name in {"outdated", "definition_of_mentioned_symbol"} or gained.max() > 0


def test_a_row_has_what_is_known_of_the_candidate_and_of_its_file() -> None:
    first, second, other = _candidate(1, "a.py"), _candidate(2, "a.py", score=0.5), _candidate(3, "b.py", score=0.0)
    first.coverage, second.coverage = 0.2, 0.7
    second.similarity, second.rules = 0.4, {"side_code": 0.5, "spread_over_files": 0.75}
    rows = [
        dict(zip(FEATURES, row, strict=True))
        for row in features(_walk([first, second, other], {1: 0.3, 3: 0.9}, {2: 0.6}))
    ]
    assert [row["place"] for row in rows] == [1.0, 1 / 2, 1 / 3]
    assert [row["coverage_of_file"] for row in rows] == [0.7, 0.7, 0.0]
    assert [row["link_of_file"] for row in rows] == [0.3, 0.3, 0.9]
    assert [row["link_place"] for row in rows] == [1 / 2, 0.0, 1.0]
    assert [row["flow_of_file"] for row in rows] == [0.6, 0.6, 0.0]
    assert rows[1]["score"] == pytest.approx(np.log(0.5))
    assert rows[1]["side_code"] == pytest.approx(np.log(0.5))
    assert (rows[1]["similarity"], rows[1]["code"], rows[1]["tickets"]) == (0.4, 1.0, 0.0)


def test_the_best_of_each_file_comes_before_further_ones_of_any() -> None:
    ranked = [_candidate(1, "a.py"), _candidate(2, "a.py"), _candidate(3, "b.py"), _candidate(4, "b.py")]
    assert [hit.key.chunk_id for hit in by_learned(ranked, [4, 3, 1, 2])] == [1, 4, 2, 3]
    tickets = [_candidate(number, "issues.json", source=Source.TICKETS) for number in (1, 2)]
    assert [hit.key.chunk_id for hit in by_learned(tickets, [1, 2])] == [2, 1]


def test_of_equal_ones_the_order_stays() -> None:
    ranked = [_candidate(number, f"{number}.py") for number in (5, 3, 4)]
    assert [hit.key.chunk_id for hit in by_learned(ranked, [1, 1, 1])] == [5, 3, 4]


def test_what_is_linked_and_holds_the_question_passes_what_only_came_first() -> None:
    ranked = [_candidate(number, f"{number}.py", score=1 / (1 + number / 50)) for number in range(1, 31)]
    linked = ranked[12]
    linked.coverage, linked.similarity = 0.9, 0.6
    ordered = in_learned_order(_walk(ranked, {13: 0.5}, {13: 0.5}))
    assert sorted(hit.key.chunk_id for hit in ordered) == list(range(1, 31))
    assert ordered.index(linked) < 10
    assert in_learned_order(_walk([])) == []


def test_a_question_about_code_alone_keeps_its_order() -> None:
    """In most repositories links lead from any code to its commits; what was learned says nothing of such questions."""
    code = [_candidate(number, f"{number}.py") for number in range(4)]
    ticket = _candidate(9, "issues.json", source=Source.TICKETS)
    name, asked = (Resolved(Query(text), (), ()) for text in ("parse_rate", "which ticket lowered the rate?"))
    assert not asks_beyond_code(code, name)
    assert asks_beyond_code(code, asked)
    assert asks_beyond_code([*code[:2], ticket], name)
    assert not asks_beyond_code([*code[:3], ticket], name)
