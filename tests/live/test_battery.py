"""On battery, where the user wants it: no pass over everything, and saved files as always."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.live_session import PATIENCE, Seen, indexed_paths, live_session, until, write
from surefoot.config import PROJECT_FILE
from surefoot.domain import Progress
from surefoot.index import indexer
from surefoot.live import power as powers
from surefoot.live.power import ON_BATTERY
from surefoot.live.session import Observer, Session, engines_for
from surefoot.trace import CancelToken


class Power:
    """The battery of a test."""

    is_missing = False


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Power:
    power = Power()
    monkeypatch.setattr(powers, "on_battery", lambda: power.is_missing)
    monkeypatch.setattr(powers, "LOOK_SECONDS", 0.05)
    return power


def test_a_pass_waits_for_power_says_so_once_and_saves_do_not_wait(tmp_path: Path, power: Power) -> None:
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False, pause_on_battery=True) as (session, seen):
        power.is_missing = True
        write(root, {"pkg/b.py": "b = 1\n", "c.py": "c = 1\n"})
        session.changed([root / "pkg"])
        until(lambda: session.is_paused)
        session.changed([root / "pkg"])
        session.changed([root / "c.py"])
        until(lambda: "c.py" in indexed_paths(session))
        until(lambda: not session.indexing)
        assert session.is_paused
        assert "pkg/b.py" not in indexed_paths(session)
        power.is_missing = False
        until(lambda: "pkg/b.py" in indexed_paths(session))
        assert not session.is_paused
    assert seen.messages == [ON_BATTERY]


def test_what_the_user_asks_for_does_not_wait_for_power(tmp_path: Path, power: Power) -> None:
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False, pause_on_battery=True) as (session, _seen):
        power.is_missing = True
        write(root, {"pkg/b.py": "b = 1\n"})
        session.changed([root / "pkg"])
        until(lambda: session.is_paused)
        session.reindex(None, CancelToken()).result(PATIENCE)
        assert "pkg/b.py" in indexed_paths(session)
        assert not session.is_paused, "everything was looked at, so that nothing waits any more"


def test_without_the_setting_a_battery_changes_nothing(tmp_path: Path, power: Power) -> None:
    power.is_missing = True
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        assert indexed_paths(session) == {"a.py"}
    assert not seen.messages


@pytest.mark.parametrize("pauses", [True, False])
def test_whether_the_battery_is_to_be_spared_is_asked_now(tmp_path: Path, power: Power, pauses: bool) -> None:
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False, pause_on_battery=pauses) as (session, _seen):
        assert not session.spares_battery
        power.is_missing = True
        assert session.spares_battery is pauses
        power.is_missing = False
        assert not session.spares_battery


def test_a_question_during_the_pause_does_not_wait_for_a_first_pass_that_does_not_come(
    tmp_path: Path, power: Power
) -> None:
    power.is_missing = True
    root, seen = tmp_path / "root", Seen()
    write(root, {"a.py": "a = 1\n"})
    observer = Observer(seen.messages.append, lambda _: None, lambda: None, lambda: None)
    session = Session(engines_for("mcp"), observer)
    try:
        session.configure([root], {"cache_dir": str(tmp_path / "cache"), "model": "none", "pause_on_battery": True})
        until(lambda: session.is_paused)
        with session.engine(CancelToken(), settle=PATIENCE, first_pass=PATIENCE) as engine:
            assert not engine.indexing
            assert session.is_paused
    finally:
        session.close()


def test_a_pass_that_is_interrupted_by_the_battery_keeps_what_it_has(
    tmp_path: Path, power: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(powers, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(indexer, "WRITE_CHUNKS", 50)
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False, pause_on_battery=True) as (session, _seen):
        write(root, {f"pkg/m{number}.py": f"m = {number}\n" for number in range(700)})
        with session.engine(CancelToken()) as engine:
            refresh = engine.refresh

        def unplugged(paths=None, *, progress, **rest):
            def told(each: Progress) -> None:
                power.is_missing = power.is_missing or each.done >= 300
                progress(each)

            return refresh(paths, progress=told, **rest)

        engine.refresh = unplugged  # type: ignore[method-assign]
        session.changed([root / "pkg"])
        until(lambda: session.is_paused)
        assert 1 < len(indexed_paths(session)) < 701
        engine.refresh = refresh  # type: ignore[method-assign]
        power.is_missing = False
        until(lambda: len(indexed_paths(session)) == 701)


def test_a_branch_with_another_project_file_does_not_wait_for_power(tmp_path: Path, power: Power) -> None:
    """Its files are indexed at once, as without that one, and everything is looked at later."""
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False, pause_on_battery=True) as (session, _seen):
        power.is_missing = True
        names = {
            PROJECT_FILE: "max_file_bytes = 20000\n",
            **{f"m{number}.py": f"m = {number}\n" for number in range(60)},
        }
        write(root, {**names, "untold.py": "u = 1\n"})
        session.changed([root / name for name in names])
        until(lambda: {f"m{number}.py" for number in range(60)} <= indexed_paths(session))
        assert session.settings is not None
        assert session.settings.max_file_bytes == 20000
        until(lambda: not session.indexing)
        assert session.is_paused
        assert "untold.py" not in indexed_paths(session)
