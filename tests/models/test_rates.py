from pathlib import Path

import pytest

from surefoot.models.rates import (
    CHECKED_TOKENS,
    FEWEST_SOURCE_TOKENS,
    ModelState,
    Rates,
    Tuning,
    Usage,
    allowance_told,
    allowed,
    expected_seconds,
    fingerprint,
    updated,
)

SLOW = Rates(50.0, 6.0)


def usage(prompt: float, answer: float) -> Usage:
    return Usage(600, 100, 0, 40, 500 / prompt, 40 / answer)


def test_a_first_answer_measures_what_was_evaluated_and_not_what_was_reused() -> None:
    rates = updated(None, Usage(600, 400, 400, 20, 4.0, 5.0))
    assert rates == Rates(50.0, 4.0)


def test_an_answer_that_is_over_at_once_measures_nothing() -> None:
    assert updated(None, Usage(600, 599, 0, 2, 0.01, 0.2)) is None
    assert updated(SLOW, Usage(600, 599, 0, 2, 0.01, 0.2)) == SLOW
    assert updated(SLOW, Usage()) == SLOW


def test_a_small_difference_is_taken_over_in_part_and_a_collapse_at_once() -> None:
    better = updated(SLOW, usage(60.0, 6.0))
    assert better is not None
    assert 50.0 < better.prompt < 60.0
    collapsed = updated(SLOW, usage(10.0, 0.8))
    assert collapsed is not None
    assert collapsed.prompt == pytest.approx(10.0)
    assert collapsed.answer == pytest.approx(0.8)


def test_what_a_model_may_be_shown_is_what_it_reads_in_time() -> None:
    """50 tokens a second, 5 of 10 seconds for the first sentence: 250 tokens less than in 15 seconds."""
    shorter, longer = allowed(SLOW, 12.0, 900), allowed(SLOW, 15.0, 900)
    assert longer.tokens - shorter.tokens == 150
    assert expected_seconds(shorter) == pytest.approx(12.0, abs=0.05)


@pytest.mark.parametrize(
    ("rates", "seconds", "most", "tokens"),
    [
        (Rates(3000.0, 90.0), 6.0, 900, 900),  # a graphics card: the ceiling
        (Rates(5.0, 0.8), 6.0, 900, FEWEST_SOURCE_TOKENS),  # no time at all: the floor
        (None, 6.0, 900, FEWEST_SOURCE_TOKENS),  # not measured yet: an answer soon, and then it is
        (SLOW, 0.0, 900, 900),  # no target
        (None, 6.0, 250, 250),  # the ceiling is below the floor
    ],
)
def test_there_is_a_floor_and_a_ceiling(rates: Rates | None, seconds: float, most: int, tokens: int) -> None:
    assert allowed(rates, seconds, most).tokens == tokens


def test_a_model_that_is_asked_again_is_shown_less() -> None:
    asked, unasked = allowed(SLOW, 20.0, 900, checks=True), allowed(SLOW, 20.0, 900)
    assert asked.tokens == unasked.tokens - CHECKED_TOKENS
    assert allowance_told(asked) == allowance_told(unasked)


def test_the_trace_is_told_what_the_number_comes_from() -> None:
    assert allowance_told(allowed(SLOW, 12.0, 900)) == {
        "target_seconds": 12.0,
        "prompt_per_second": 50.0,
        "answer_per_second": 6.0,
        "expected_seconds": 12.0,
    }
    assert allowance_told(allowed(None, 6.0, 900)) == {"target_seconds": 6.0}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(200_000))
    return path


def test_rates_and_tuning_are_kept_beside_each_other(tmp_path: Path, model: Path) -> None:
    state = ModelState(tmp_path / "state", model)
    assert (state.rates(), state.tuning()) == (None, Tuning())
    state.keep_rates(SLOW)
    state.keep_tuning(Tuning(2, 256, flash_attention=False, special_instructions=False))
    again = ModelState(tmp_path / "state", model)
    assert again.rates() == SLOW
    assert again.tuning() == Tuning(2, 256, flash_attention=False, special_instructions=False)


def test_another_model_file_has_rates_of_its_own(tmp_path: Path, model: Path) -> None:
    ModelState(tmp_path / "state", model).keep_rates(SLOW)
    before = fingerprint(model)
    model.write_bytes(b"GGUF" + bytes(199_999) + b"x")
    assert fingerprint(model) != before
    assert ModelState(tmp_path / "state", model).rates() is None


@pytest.mark.parametrize("content", ["", "[]", '{"rates": 3}', '{"rates": {"prompt": 0, "answer": 5}, "tuning": []}'])
def test_a_damaged_record_is_as_good_as_none(tmp_path: Path, model: Path, content: str) -> None:
    state = ModelState(tmp_path / "state", model)
    state.keep_rates(SLOW)
    (kept,) = (tmp_path / "state").iterdir()
    kept.write_text(content, encoding="utf-8")
    assert (state.rates(), state.tuning()) == (None, Tuning())


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path, model: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    state = ModelState(tmp_path / "state", model)
    state.keep_rates(SLOW)
    assert state.rates() is None
