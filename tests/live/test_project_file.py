"""`.surefoot.toml` is changed while a session runs: what it says is taken up on the save."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from live.live_session import Seen, commit, git, indexed_paths, live_session, repository, until, write
from surefoot.config import PROJECT_FILE
from surefoot.domain import LinkKind, Source
from surefoot.live import session as sessions
from surefoot.live.session import Session
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
    """And again when it is made again; what was right before stays as it is told now."""
    session, seen = live
    write(root, {PROJECT_FILE: 'tickets = ["exports"]\nticket_patterns = ["Fault (\\\\d+)"]\n'})
    until(lambda: any("ticket_patterns: 'Fault (\\d+)'" in said for said in seen.messages))
    until(lambda: tickets(session) == 1)
    said = len(seen.messages)
    write(root, {PROJECT_FILE: "tickets = ["})
    until(lambda: any("could not be read" in message for message in seen.messages[said:]))
    until(lambda: tickets(session) == 0)


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
