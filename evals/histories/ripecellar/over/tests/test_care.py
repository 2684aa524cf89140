from datetime import date, timedelta

import pytest

from cellar.care import rules

MADE = date(2024, 3, 4)


@pytest.fixture(autouse=True)
def numbers(monkeypatch):
    monkeypatch.setattr(rules, "config", lambda _: {"washed": {"turn": 2, "brush": 4}, "bloomy": {"turn": 1}})


def test_a_wheel_rests_before_anybody_turns_it():
    assert not rules.is_due("washed", "turn", MADE, MADE + timedelta(days=1))
    assert rules.is_due("washed", "turn", MADE, MADE + timedelta(days=2))


def test_a_bloomy_rind_is_never_brushed():
    assert not any(rules.is_due("bloomy", "brush", MADE, MADE + timedelta(days=day)) for day in range(30))


def test_every_fourth_day():
    due = [day for day in range(14) if rules.is_due("washed", "brush", MADE, MADE + timedelta(days=day))]
    assert due == [2, 6, 10]
