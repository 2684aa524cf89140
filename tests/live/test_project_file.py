"""`.surefoot.toml` is changed while a session runs: what it says is taken up on the save."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from live.live_session import PATIENCE, Seen, commit, git, indexed_paths, live_session, repository, until, write
from surefoot.config import PROJECT_FILE
from surefoot.domain import LinkKind, Source
from surefoot.live import session as sessions
from surefoot.live.session import Observer, Session, engines_for
from surefoot.store.writer import Writer
from surefoot.trace import CancelToken

TICKET = "---\nkey: 402\nstate: closed\n---\n# The basket is empty\n"
FAULT = 'ticket_patterns = ["Fault {number}"]\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "shop",
        {
            "basket.py": "def keep_basket():\n    return 1  # as Fault 402 wants\n",
            ".gitignore": "exports/\n",
            "exports/402.md": TICKET,
        },
    )


@pytest.fixture
def live(root: Path, tmp_path: Path) -> Iterator[tuple[Session, Seen]]:
    with live_session(root, tmp_path / "cache") as running:
        yield running


def tickets(session: Session) -> int:
    with session.engine(CancelToken(), settle=0.0) as engine:
        return engine.state().sources.get(Source.TICKETS, 0)


def naming(session: Session, target: str) -> list[str]:
    with session.engine(CancelToken(), settle=0.0) as engine:
        store = next(iter(engine._current().values())).store
        ids = [number for number, _ in store.naming(LinkKind.TICKET, [target], 10)]
        return sorted(store.chunk_paths(ids).values())


def test_a_folder_of_tickets_that_is_named_is_indexed_on_the_save(root: Path, live: tuple[Session, Seen]) -> None:
    """Though git ignores it; and what is exported there afterwards is followed."""
    session, _ = live
    write(root, {PROJECT_FILE: 'tickets = ["exports"]\n'})
    until(lambda: tickets(session) == 1)
    write(root, {"exports/403.md": TICKET.replace("402", "403")})
    until(lambda: tickets(session) == 2)
    (root / PROJECT_FILE).unlink()
    until(lambda: tickets(session) == 0)
    until(lambda: "exports/402.md" not in indexed_paths(session))


def test_a_pattern_that_is_added_takes_effect_on_the_save(root: Path, live: tuple[Session, Seen]) -> None:
    session, _ = live
    write(root, {PROJECT_FILE: FAULT})
    until(lambda: naming(session, "#402") == ["basket.py"])
    write(root, {PROJECT_FILE: ""})
    until(lambda: naming(session, "#402") == [])


def test_a_question_after_the_save_is_answered_by_it(root: Path, live: tuple[Session, Seen]) -> None:
    """An assistant writes the file, tells of it and asks."""
    session, _ = live
    write(root, {PROJECT_FILE: FAULT})
    session.changed([root / PROJECT_FILE])
    with session.engine(CancelToken(), settle=60.0) as engine:
        store = next(iter(engine._current().values())).store
        assert [pattern.template for pattern in store.ticket_patterns()] == ["Fault {number}"]


def test_a_setting_of_the_project_is_taken_up_too(root: Path, live: tuple[Session, Seen]) -> None:
    session, _ = live
    write(root, {PROJECT_FILE: "max_file_bytes = 20\n"})
    until(lambda: session.settings is not None and session.settings.max_file_bytes == 20)
    until(lambda: "basket.py" not in indexed_paths(session))


def test_a_mistake_is_told_when_it_is_made(root: Path, live: tuple[Session, Seen]) -> None:
    """And the rest of the file counts."""
    session, seen = live
    write(root, {PROJECT_FILE: 'tickets = ["exports"]\nticket_patterns = ["Fault (\\\\d+)"]\n'})
    until(lambda: any("ticket_patterns: 'Fault (\\d+)'" in said for said in seen.messages))
    until(lambda: tickets(session) == 1)


def test_a_file_that_is_half_typed_is_told_and_what_it_said_before_stays(
    root: Path, live: tuple[Session, Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No ticket goes and no link is made again, until it can be read and says something else."""
    session, seen = live
    write(root, {PROJECT_FILE: f'tickets = ["exports"]\n{FAULT}'})
    until(lambda: tickets(session) == 1 and naming(session, "#402") == ["basket.py"])
    until(lambda: not session.indexing)
    monkeypatch.delattr(Writer, "mark_unread")
    monkeypatch.delattr(Writer, "set_ticket_patterns")
    for text in ("tickets = [", f"tickets = []\n{FAULT[:-3]}"):
        said, looks = len(seen.messages), seen.refreshes.count(None)
        write(root, {PROJECT_FILE: text})
        until(lambda said=said: any("could not be read" in message for message in seen.messages[said:]))
        until(lambda looks=looks: seen.refreshes.count(None) > looks)
        until(lambda: not session.indexing)
        assert tickets(session) == 1
        assert naming(session, "#402") == ["basket.py"]
        assert seen.messages[said:] == [each for each in seen.messages[said:] if "could not be read" in each]
    monkeypatch.undo()
    write(root, {PROJECT_FILE: ""})
    until(lambda: tickets(session) == 0 and naming(session, "#402") == [])


def test_a_branch_with_another_project_file_is_followed(tmp_path: Path, root: Path, live: tuple[Session, Seen]) -> None:
    """Git writes it among others."""
    session, _ = live
    git(root, "switch", "-qc", "other")
    write(root, {PROJECT_FILE: FAULT, **{f"m{number}.py": f"x = {number}\n" for number in range(60)}})
    commit(root, "other")
    until(lambda: naming(session, "#402") == ["basket.py"])
    git(root, "switch", "-q", "main")
    until(lambda: naming(session, "#402") == [])
    until(lambda: "m3.py" not in indexed_paths(session))


def test_a_file_that_says_the_same_is_no_news(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was touched: nothing is opened or walked again."""
    write(root, {PROJECT_FILE: FAULT})
    read: list[object] = []
    load = sessions.load_settings
    monkeypatch.setattr(sessions, "load_settings", lambda *a, **k: read.append(a) or load(*a, **k))
    with live_session(root, tmp_path / "cache") as (session, seen):
        assert len(read) == 1
        write(root, {PROJECT_FILE: FAULT})
        until(lambda: seen.refreshes)
        until(lambda: not session.indexing)
        assert len(read) == 1
        assert None not in seen.refreshes


def test_folders_and_settings_of_an_editor_stay(root: Path, tmp_path: Path, live: tuple[Session, Seen]) -> None:
    """The cache folder came from it, and is still the one."""
    session, _ = live
    write(root, {PROJECT_FILE: "max_file_bytes = 20000\n"})
    until(lambda: session.settings is not None and session.settings.max_file_bytes == 20000)
    assert session.settings is not None
    assert session.settings.cache_dir == tmp_path / "cache"


def test_a_file_that_changes_while_a_configuration_waits_asks_for_no_other(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each save meanwhile would, and the run that the front end was told of would end having done nothing."""
    write(root, {PROJECT_FILE: FAULT})
    read: list[object] = []
    load = sessions.load_settings
    monkeypatch.setattr(sessions, "load_settings", lambda *a, **k: read.append(a) or load(*a, **k))
    settings = {"cache_dir": str(tmp_path / "cache"), "model": "none", "index_workers": 1}
    runs: list[sessions.Run] = []
    observer = Observer(lambda _: None, runs.append, lambda: None, lambda: None)
    session, go_on = Session(engines_for("mcp"), observer), threading.Event()
    try:
        session.configure([root], settings)
        until(lambda: session.ready and not session.indexing)
        session._submit(lambda: go_on.wait(PATIENCE), None)  # the worker is busy, as with a branch switch
        session.configure([root], settings)
        for number in range(3):
            write(root, {PROJECT_FILE: f'ticket_patterns = ["Fault {{number}}", "Nr{number} {{number}}"]\n'})
            session.changed([root / PROJECT_FILE])
            until(session._changes.settled.done)
        go_on.set()
        until(lambda: not session.indexing)
        assert len(read) == 2
        assert len(runs) == 2
        assert runs[1].latest is not None, "the run that was told of is the one that looked"
        with session.engine(CancelToken()) as engine:
            found = next(iter(engine._current().values())).store.ticket_patterns()
        assert [each.template for each in found] == ["Fault {number}", "Nr2 {number}"]
    finally:
        go_on.set()
        session.close()


def test_other_folders_that_come_while_a_project_file_is_looked_at_are_not_lost(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The front end names them on its own thread, between a look at the file and what follows from it."""
    other = repository(tmp_path / "other", {"b.py": "b = 1\n"})
    settings = {"cache_dir": str(tmp_path / "cache"), "model": "none", "index_workers": 1}
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _):
        again = session._configure_again

        def late(before: Any) -> None:
            session.configure([other], settings)
            again(before)

        monkeypatch.setattr(session, "_configure_again", late)
        write(root, {PROJECT_FILE: FAULT})
        session.changed([root / PROJECT_FILE])
        until(lambda: indexed_paths(session) == {"b.py"})
        until(lambda: not session.indexing)
        assert indexed_paths(session) == {"b.py"}
