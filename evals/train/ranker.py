"""The learned order of questions over several sources: ask the dev questions, train trees, write them (LambdaMART).

    python ranker.py           train on all dev questions, and write the trees that ship
    python ranker.py held-out  how good the order is on histories that it was not trained on, each in turn

What is learned from: every dev question whose candidates links lead to, as `surefoot.retrieve.ranker` is about to put
them in order. A candidate is worth most if it shows labelled lines that answer, and something if it only helps or is
another part of a file that does. Questions of the test split are never asked here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np
from numpy.typing import NDArray

from surefoot.config import Settings
from surefoot.domain import Chunk, Query
from surefoot.engine import Engine
from surefoot.evals.metrics import DEPTH, Shown, chain_links, link_shown, ranking_figures
from surefoot.evals.placed import placed
from surefoot.evals.session import Options, fetched, planned
from surefoot.golden import ANSWERS, Case
from surefoot.retrieve.experiment import Experiment
from surefoot.retrieve.ranker import FEATURES, Walk, by_learned, features
from surefoot.retrieve.rerank import Candidate
from surefoot.retrieve.trees import SHIPPED

EVALS = Path(__file__).resolve().parents[1]
CACHE = EVALS / ".cache"
SEEDS = (0, 1)  # so many boosters, added up: one alone depends on which rows it happened to see
ROUNDS = 150
SETTINGS = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": DEPTH,
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "monotone_constraints": list(FEATURES.values()),
    "num_threads": 2,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
SHOWS_ANSWER, SHOWS_HELP, OF_A_FILE = 3, 2, 1  # what a candidate is worth
DIGITS = 6

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found for it: a row of features for each candidate, and what each is worth."""

    case: Case
    walk: Walk
    shown: Sequence[Shown]
    rows: Numbers
    worth: Numbers

    @property
    def history(self) -> str:
        """What is held out together."""
        return self.case.roots[0]


def asked_questions() -> list[Asked]:
    """Every dev question whose candidates links lead to, as the order finds them."""
    options = Options(
        (EVALS / "cases",), EVALS / "corpora.toml", CACHE / "corpora", suites=("retrieval",), splits=("dev",)
    )
    plan = planned(options)
    cases = [case for case in plan.cases if case.answerable and not case.edits]
    folders = fetched(plan, options.folder, lambda _: None)
    by_corpus: dict[str, list[Case]] = {}
    for case in cases:
        by_corpus.setdefault(case.corpus, []).append(placed(case, folders))
    return [asked for same in by_corpus.values() for asked in _of_corpus(same, folders)]


def _of_corpus(cases: Sequence[Case], folders: dict[str, Path]) -> Iterator[Asked]:
    walks: dict[str, Walk] = {}
    experiment = Experiment(frozenset({"ranker"}), walked=walks.__setitem__)
    settings = Settings(cache_dir=CACHE / "train" / "ranker", model="none")
    engine = Engine.open([folders[name] for name in cases[0].roots], settings, experiment=experiment)
    try:
        engine.refresh()
        names = {root.path: root.name for root in engine.roots}
        for case in cases:
            walks.clear()
            engine.search(Query(case.question, k=DEPTH))
            walk = walks.get(case.question)
            if walk is not None:
                shown = [_shown(names[hit.key.root], hit.chunk) for hit in walk.ranked]
                worth = [_worth(case, each) for each in shown]
                yield Asked(case, walk, shown, np.array(features(walk)), np.array(worth, float))
    finally:
        engine.close()


def _shown(root: str, chunk: Chunk) -> Shown:
    return Shown(root, chunk.span.path, chunk.span.start, chunk.span.end)


def _worth(case: Case, shown: Shown) -> int:
    grade = max((place.grade for place in case.places if shown.overlaps(place)), default=0)
    if grade == ANSWERS:
        return SHOWS_ANSWER
    is_link = any(link_shown(places, [shown]) for places in chain_links(case).values())
    return SHOWS_HELP if grade else OF_A_FILE if is_link else 0


def trained(questions: Sequence[Asked]) -> list[lightgbm.Booster]:
    """A booster for each seed."""
    rows = np.vstack([asked.rows for asked in questions])
    worth = np.concatenate([asked.worth for asked in questions])
    sizes = [len(asked.rows) for asked in questions]
    data = [lightgbm.Dataset(rows, worth, group=sizes, feature_name=list(FEATURES)) for _ in SEEDS]
    return [lightgbm.train(SETTINGS | {"seed": seed}, each, ROUNDS) for seed, each in zip(SEEDS, data, strict=True)]


def as_table(boosters: Sequence[lightgbm.Booster]) -> dict[str, object]:
    """All trees in one table of nodes, as `surefoot.retrieve.trees` reads it."""
    table: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "lower", "higher", "value")}

    def add(node: dict[str, object]) -> tuple[int, int]:
        number = len(table["value"])
        for column, value in zip(table.values(), (0, 0.0, number, number, 0.0), strict=True):
            column.append(value)
        if "leaf_value" in node:
            table["value"][number] = float(f"{node['leaf_value']:.{DIGITS}g}")
            return number, 0
        table["feature"][number] = node["split_feature"]
        table["threshold"][number] = float(f"{node['threshold']:.{DIGITS}g}")
        (table["lower"][number], low), (table["higher"][number], high) = (
            add(node["left_child"]),
            add(node["right_child"]),
        )
        return number, 1 + max(low, high)

    trees = [add(tree["tree_structure"]) for booster in boosters for tree in booster.dump_model()["tree_info"]]
    return {
        "features": list(FEATURES),
        "roots": [root for root, _ in trees],
        **table,
        "depth": max(d for _, d in trees),
    }


def held_out(questions: Sequence[Asked]) -> None:
    """Print what the order of each history is worth before and after, by trees that were trained on the others."""
    before: dict[str, dict[str, float]] = {}
    after: dict[str, dict[str, float]] = {}
    for history in dict.fromkeys(asked.history for asked in questions):
        own = [asked for asked in questions if asked.history == history]
        boosters = trained([asked for asked in questions if asked.history != history])
        before |= _figures(own, [asked.walk.ranked for asked in own])
        after |= _figures(own, [_by_boosters(asked, boosters) for asked in own])
        _tell(history, [asked.case.id for asked in own], before, after)
    _tell("all", list(before), before, after)


def _by_boosters(asked: Asked, boosters: Sequence[lightgbm.Booster]) -> list[Candidate]:
    return by_learned(asked.walk.ranked, sum(booster.predict(asked.rows) for booster in boosters))


def _figures(questions: Sequence[Asked], orders: Sequence[Sequence[Candidate]]) -> dict[str, dict[str, float]]:
    rankings = {}
    for asked, order in zip(questions, orders, strict=True):
        shown = dict(zip((hit.key for hit in asked.walk.ranked), asked.shown, strict=True))
        rankings[asked.case.id] = [shown[hit.key] for hit in order[:DEPTH]]
    return ranking_figures([asked.case for asked in questions], rankings)


def _tell(name: str, ids: Sequence[str], *figures: Mapping[str, Mapping[str, float]]) -> None:
    chained = [case_id for case_id in ids if "chain" in figures[0][case_id]]
    whole = [sum(found[case_id]["chain"] for case_id in chained) for found in figures]
    files, spans = ([_mean(found[i][f"{level}_ndcg"] for i in ids) for found in figures] for level in ("file", "span"))
    print(
        f"{name:12}{len(ids):4} questions, NDCG@10 of files {files[0]:.3f} -> {files[1]:.3f}, of spans "
        f"{spans[0]:.3f} -> {spans[1]:.3f}, whole chains {whole[0]:.0f} -> {whole[1]:.0f} of {len(chained)}",
        flush=True,
    )


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def main() -> None:
    """Train, or show what training is worth."""
    questions = asked_questions()
    print(f"{len(questions)} questions, {sum(len(asked.rows) for asked in questions)} candidates", flush=True)
    if sys.argv[1:] == ["held-out"]:
        held_out(questions)
        return
    table = as_table(trained(questions))
    SHIPPED.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{SHIPPED.name}: {len(table['roots'])} trees, {SHIPPED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
