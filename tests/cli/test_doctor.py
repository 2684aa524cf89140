"""`surefoot doctor` on this machine, and on one that is not well."""

import pytest

from surefoot.cli import doctor
from surefoot.cli.doctor import Finding, State


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
