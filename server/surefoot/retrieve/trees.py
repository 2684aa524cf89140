"""Regression trees, as `evals/train/ranker.py` writes them: a table of nodes, walked for all rows and trees at once.

Imported where it is used: numpy takes longer to import than an unchanged index takes to check.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Nodes: TypeAlias = NDArray[np.int64]

SHIPPED = files("surefoot.retrieve") / "data" / "ranker.json"


@dataclass(frozen=True, slots=True)
class Trees:
    """Each tree begins at a root, and each node leads to one of two; a leaf leads to itself."""

    features: tuple[str, ...]  # the columns of the rows that they are for
    roots: Nodes
    feature: Nodes
    threshold: Numbers
    lower: Nodes  # where a row goes whose feature is at most the threshold
    higher: Nodes
    value: Numbers  # 0 at what is no leaf
    depth: int  # steps after which every row is at a leaf

    def scores(self, rows: Numbers) -> Numbers:
        """What the leaves that each row comes to add up to."""
        each = np.arange(len(rows))[:, None]
        at = np.tile(self.roots, (len(rows), 1))
        for _ in range(self.depth):
            at = np.where(rows[each, self.feature[at]] <= self.threshold[at], self.lower[at], self.higher[at])
        scores: Numbers = self.value[at].sum(axis=1)
        return scores


def as_rows(features: Sequence[Sequence[float]]) -> Numbers:
    """Rows of features that trees can walk."""
    return np.array(features, np.float64)


@cache
def shipped() -> Trees:
    """The trees of this version."""
    return read(SHIPPED.read_text(encoding="utf-8"))


def read(text: str) -> Trees:
    """The trees in a file of trees."""
    table = json.loads(text)
    roots, feature, lower, higher = (
        np.array(table[name], np.int64) for name in ("roots", "feature", "lower", "higher")
    )
    threshold, value = (np.array(table[name], np.float64) for name in ("threshold", "value"))
    return Trees(tuple(table["features"]), roots, feature, threshold, lower, higher, value, table["depth"])
