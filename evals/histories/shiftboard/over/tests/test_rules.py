"""What the law says."""

from shiftboard import rules


def test_rest_is_in_hours():
    assert rules.REST.total_seconds() % 3600 == 0
