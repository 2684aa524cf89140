"""How people are told how far the index was behind: what was counted, and when."""

from __future__ import annotations

import pytest

from surefoot.cli.render import drift_words
from surefoot.domain import Drift

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("seconds", "ago"),
    [
        (0.2, "just now"), (-5.0, "just now"), (1.0, "1 s ago"), (12.3, "12 s ago"), (61.0, "1 min ago"),
        (7200.0, "2 h ago"), (200_000.0, "2 d ago"),
    ],
)  # fmt: skip
def test_the_count_comes_with_its_age(seconds: float, ago: str) -> None:
    drift = Drift(NOW - seconds, 3515, 0, 0, 0)
    assert drift_words(drift, NOW) == f"0 changed since, counted {ago}"


def test_files_that_wait_are_told_where_there_are_any() -> None:
    drift = Drift(NOW - 12, 3515, 1200, 9000, 3)
    assert drift_words(drift, NOW) == "1,200 changed since, 3 not indexed yet, counted 12 s ago"


def test_nothing_is_said_before_it_was_counted() -> None:
    assert drift_words(None, NOW) == ""
