"""When a stamp can be trusted."""

from __future__ import annotations

import pytest

from surefoot.domain import Stamp
from surefoot.workspace.stamps import SECOND_NS, TICK_NS, WHOLE_SECONDS_NS, is_momentary, is_settled

NOW = 1_700_000_000_123_456_789
LONG_AGO = NOW - 1000 * SECOND_NS
MILLISECOND = 1_000_000


@pytest.mark.parametrize("passed", [0, MILLISECOND, 4 * MILLISECOND, 10 * MILLISECOND, TICK_NS - 1])
def test_what_was_written_just_now_is_not_settled(passed: int) -> None:
    assert not is_settled(Stamp(5, NOW - passed, NOW - passed), NOW)


def test_what_was_written_some_ticks_ago_is_settled() -> None:
    assert is_settled(Stamp(5, NOW - TICK_NS, NOW - TICK_NS), NOW)


def test_a_time_that_was_put_back_does_not_settle_a_file() -> None:
    assert not is_settled(Stamp(5, LONG_AGO, NOW - MILLISECOND), NOW)


def test_where_only_the_modification_time_moves_it_counts_by_itself() -> None:
    """On Windows the other time is that of the creation."""
    assert not is_settled(Stamp(5, NOW - MILLISECOND, LONG_AGO), NOW)


@pytest.mark.parametrize("passed", [1, SECOND_NS, 2 * SECOND_NS])
def test_where_times_are_whole_seconds_two_have_to_pass(passed: int) -> None:
    second = NOW - NOW % SECOND_NS
    assert not is_settled(Stamp(5, second, second), second + passed)
    assert is_settled(Stamp(5, second, second), second + WHOLE_SECONDS_NS)


def test_a_clock_that_was_set_back_does_not_unsettle_for_ever() -> None:
    """The next change is stamped by the clock as it is now, which is far from the stamp: it will show."""
    assert is_settled(Stamp(5, NOW + 3600 * SECOND_NS, NOW + 3600 * SECOND_NS), NOW)


def test_a_clock_that_comes_near_a_time_in_the_future_unsettles_it() -> None:
    """There a change could get the very same time again."""
    assert not is_settled(Stamp(5, NOW + MILLISECOND, NOW + MILLISECOND), NOW)


def test_empty_is_momentary_for_a_second_and_a_file_with_text_never_is() -> None:
    assert is_momentary(Stamp(0, NOW, NOW), NOW + SECOND_NS // 2)
    assert not is_momentary(Stamp(0, NOW, NOW), NOW + SECOND_NS)
    assert not is_momentary(Stamp(0, NOW, NOW), NOW - SECOND_NS)  # the clock was set back
    assert not is_momentary(Stamp(1, NOW, NOW), NOW)
