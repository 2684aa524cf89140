import pytest

from surefoot.models import memory
from surefoot.models.memory import available_memory, physical_memory, unfit


def test_a_model_that_needs_nearly_all_memory_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "physical_memory", lambda: 8 * 2**30)
    assert unfit(7 * 2**30) == ""
    assert unfit(20 * 2**30) == "it needs 20.0 GiB of memory and this machine has 8.0 GiB"
    assert unfit(int(7.9 * 2**30))


def test_nothing_is_refused_where_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "physical_memory", lambda: 0)
    assert unfit(2**60) == ""


def test_what_is_free_is_no_more_than_there_is() -> None:
    assert 0 <= available_memory() <= physical_memory()
