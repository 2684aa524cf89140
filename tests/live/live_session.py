"""A session over real folders, with what it did counted; and git, as a user runs it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surefoot.domain import IndexReport, Query
from surefoot.live.session import Observer, Session, engines_for
from surefoot.trace import CancelToken

PATIENCE = 60.0  # seconds; only ends a test that would hang


@dataclass
class Seen:
    """What a session said."""

    messages: list[str] = field(default_factory=list)
    reports: list[IndexReport] = field(default_factory=list)
    refreshes: list[list[Path] | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def changes(self) -> list[IndexReport]:
        """The reports of what changed anything."""
        with self.lock:
            return [report for report in self.reports if report.indexed or report.removed]


@contextmanager
def live_session(
    root: Path, cache: Path, *, watches_files: bool = True, **settings: Any
) -> Iterator[tuple[Session, Seen]]:
    """A session that has looked at everything once."""
    seen = Seen()

    def reported(report: IndexReport) -> None:
        with seen.lock:
            seen.reports.append(report)

    make = engines_for("mcp")

    def factory(*arguments: Any) -> Any:
        engine = make(*arguments)
        refresh = engine.refresh

        def counted(paths: Any = None, **rest: Any) -> IndexReport:
            with seen.lock:
                seen.refreshes.append(None if paths is None else list(paths))
            return refresh(paths, **rest)

        engine.refresh = counted  # type: ignore[method-assign]
        return engine

    observer = Observer(seen.messages.append, lambda _: None, lambda: None, lambda: None, reported)
    session = Session(factory, observer, watches_files=watches_files)
    try:
        session.configure([root], {"cache_dir": str(cache), "model": "none", "index_workers": 1, **settings})
        until(lambda: session.ready and not session.indexing and seen.reports)
        seen.reports.clear()
        seen.refreshes.clear()
        yield session, seen
    finally:
        session.close()


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def found(session: Session, text: str) -> list[str]:
    """The paths that the index itself has for a text; no question is asked, which would look at the disk too."""
    with session.engine(CancelToken(), settle=0.0) as engine:
        hits = engine.search(Query(text), traced=False).hits
    return [hit.chunk.span.path for hit in hits]


def indexed_paths(session: Session) -> set[str]:
    """What the index holds, without a look at the disk."""
    with session.engine(CancelToken(), settle=0.0) as engine:
        return {path for index in engine._current().values() for path in index.store.paths()}


def text_hashes(session: Session) -> dict[str, str]:
    with session.engine(CancelToken(), settle=0.0) as engine:
        files = [index.store.files() for index in engine._current().values()]
    return {path: file.content_hash for each in files for path, file in each.items()}


def git(folder: Path, *arguments: str) -> str:
    names = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")
    environment = {
        **os.environ,
        **dict.fromkeys(names, "a@b.c"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    write(folder, files)
    commit(folder, "first")
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


def branches(folder: Path, count: int) -> Path:
    """A repository with two branches, main and other, that differ in so many files."""
    repository(folder, {f"pkg/m{number}.py": f"def main_{number}(): return {number}\n" for number in range(count)})
    git(folder, "switch", "-qc", "other")
    write(folder, {f"pkg/m{number}.py": f"def other_{number}(): return -{number}\n" for number in range(count)})
    commit(folder, "second")
    git(folder, "switch", "-q", "main")
    return folder
