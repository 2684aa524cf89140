"""`surefoot doctor` on this machine, and on one that is not well."""

import pytest

from surefoot.cli import doctor
from surefoot.cli.doctor import Finding, State
from surefoot.config import Settings
from surefoot.models import memory


def test_every_check_is_one_line(surefoot):
    done = surefoot("doctor")
    lines = done.out.splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert all(line.split()[0] in {"ok", "warn", "fail"} for line in lines)
    assert (done.code == 1) == any(line.startswith("fail") for line in lines)


def test_what_every_installation_has_is_ok(surefoot):
    lines = surefoot("doctor").out.splitlines()
    for name in ("Python", "cache folder", "index", "grammars", "embedder"):
        assert any(line.startswith(f"ok   {name}") for line in lines), (name, lines)


def test_a_cache_folder_that_cannot_be_written_fails_with_a_way_out(surefoot, cache):
    cache.write_text("in the way")
    done = surefoot("doctor")
    assert done.code == 1
    assert "SUREFOOT_CACHE_DIR" in done.out


def test_a_check_that_breaks_is_a_line_and_the_next_is_made(surefoot, monkeypatch):
    def broken(_settings):
        raise OSError("no such\x1b[2J library")

    checks = (("first", broken), ("second", lambda _settings: Finding(State.OK, "fine")))
    monkeypatch.setattr(doctor, "CHECKS", checks)
    done = surefoot("doctor")
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines()] == ["fail", "ok"]
    assert "\x1b" not in done.out


@pytest.mark.parametrize("state", [State.OK, State.WARN])
def test_a_warning_is_no_failure(surefoot, monkeypatch, state):
    monkeypatch.setattr(doctor, "CHECKS", (("only", lambda _settings: Finding(state, "said")),))
    assert surefoot("doctor").code == 0


def test_a_model_that_does_not_fit_this_machine_is_told(monkeypatch):
    settings = Settings(model="qwen2.5-coder-7b")
    monkeypatch.setattr(memory, "physical_memory", lambda: 4 * 2**30)
    found = doctor._does_not_fit(settings)
    assert found is not None
    assert found.state is State.WARN
    assert "does not fit: it needs 5.2 GiB of memory and this machine has 4.0 GiB" in found.words
    monkeypatch.setattr(memory, "physical_memory", lambda: 64 * 2**30)
    monkeypatch.setattr(memory, "available_memory", lambda: 2**30)
    found = doctor._does_not_fit(settings)
    assert found is not None
    assert "1.0 GiB are free now" in found.words
    monkeypatch.setattr(memory, "available_memory", lambda: 2**36)
    assert doctor._does_not_fit(settings) is None
    assert doctor._does_not_fit(Settings(model="/somewhere/own.gguf")) is None
