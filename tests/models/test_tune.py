from pathlib import Path

import pytest

pytest.importorskip("llama_cpp")

from surefoot.models import tune as tune_module
from surefoot.models.llama import LlamaGenerator, LlamaOptions
from surefoot.models.protocols import GenerationRequest
from surefoot.models.rates import BATCH, ModelState, Rates, Tuning
from surefoot.models.tune import Measurement, Try, measure, tune
from surefoot.trace import CancelToken
from tiny_gguf import write_tiny_gguf


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    return write_tiny_gguf(tmp_path / "tiny.gguf")


def speeds(best: Tuning) -> object:
    """A machine on which each wrong choice costs a fifth of the speed."""

    def measured(_: Path, options: LlamaOptions, *rest: object) -> Measurement:
        asked = options.tuning
        assert asked is not None
        wrong = (asked.threads != best.threads) + (asked.batch != best.batch)
        wrong += asked.flash_attention != best.flash_attention
        return Measurement(Rates(100.0 * 0.8**wrong, 10.0 * 0.8**wrong), special=True)

    return measured


@pytest.mark.parametrize("best", [Tuning(1, BATCH), Tuning(2, 256, flash_attention=False), Tuning(4, 64)])
def test_the_best_way_is_found_and_kept(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, best: Tuning
) -> None:
    monkeypatch.setattr(tune_module, "physical_cores", lambda: 4)
    monkeypatch.setattr(tune_module, "measure", speeds(best))
    told: list[Try] = []
    found = tune(model_file, LlamaOptions(), tmp_path / "state", told.append, CancelToken())
    assert found.tuning == best
    assert len(told) == 6
    state = ModelState(tmp_path / "state", model_file)
    assert (state.tuning(), state.rates()) == (best, Rates(100.0, 10.0))


def test_a_gain_that_is_chance_changes_nothing(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = iter([Rates(100.0, 10.0), Rates(102.0, 10.1), Rates(101.0, 10.2), Rates(103.0, 10.0), Rates(100.0, 10.2)])
    monkeypatch.setattr(tune_module, "physical_cores", lambda: 2)
    monkeypatch.setattr(tune_module, "measure", lambda *_: Measurement(next(rates), special=False))
    found = tune(model_file, LlamaOptions(), tmp_path, lambda _: None, CancelToken())
    assert found.tuning == Tuning(1, BATCH, special_instructions=False)


def test_a_real_process_is_measured_and_the_next_one_runs_as_kept(model_file: Path, tmp_path: Path) -> None:
    tuning = Tuning(1, 64, flash_attention=False)
    measured = measure(model_file, LlamaOptions(tuning=tuning), 3, CancelToken())
    assert measured.rates.prompt > 0
    assert measured.rates.answer > 0
    ModelState(tmp_path, model_file).keep_tuning(tuning)
    generator = LlamaGenerator(model_file, options=LlamaOptions(state_folder=tmp_path))
    assert "".join(generator.generate(GenerationRequest("", "hello", max_tokens=8), CancelToken()))
    message = generator._load_message()
    assert (message["batch"], message["flash_attention"]) == (64, False)
    generator.close()
