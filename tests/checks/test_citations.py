"""The citations of evals/checks, made of the sample shop: every broken one is found, no good one is accused."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SHOP, write_tree
from surefoot.engine import Engine

sys.path.insert(0, str(Path(__file__).parents[2] / "evals" / "checks"))

import run
from citations import Project

MORE = {
    f"shop/{name}.py": f'''
        """All about {name}."""


        class {name.title()}Desk:
            """One desk."""

            def open_{name}(self, count):
                """Open it."""
                total = count + 1
                again = total * 2
                return again

            def close_{name}(self, count):
                """Close it."""
                total = count - 1
                again = total // 2
                return again


        def list_{name}s(desk):
            """All of them."""
            found = [desk]
            found += [desk]
            return found
    '''
    for name in ("parcel", "refund", "voucher", "invoice", "customer", "warehouse", "courier", "supplier")
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recall_is_whole_and_nothing_good_is_accused(
    open_engine: Callable[..., Engine], tmp_path: Path, seed: int
) -> None:
    root = tmp_path / "desks"
    write_tree(root, SHOP | MORE)
    run.as_repository(root, "desks")
    engine = open_engine(root)
    project = Project(root, "desks", run.symbols_of(engine), random.Random(seed))
    outcomes = run.checked(engine, project, 40)
    figures = run.figures(outcomes)
    assert (figures["good"], figures["bad"]) == (20, 20)
    assert figures["recall"] == 1.0, figures["missed"]
    assert figures["false alarms"] == 0
    assert float(str(figures["corrections"])) >= 0.9, figures["not put right"]
    assert len({outcome.citation.kind for outcome in outcomes}) >= 8
