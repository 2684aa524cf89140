"""Changes on disk reach the index though no editor reports them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from live.live_session import git, repository, until
from surefoot.live import watch
from surefoot.live.watch import Heard, Watcher
from surefoot.workspace.git import repositories_of

SOON = 20.0  # seconds; a watch that works takes a fraction of one
QUIET = 1.0


class Ears:
    """What a watcher told."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.moved = threading.Event()
        self.messages: list[str] = []
        self.heard = Heard(self.changed, self.moved.set, self.messages.append)

    def changed(self, paths: Iterable[Path]) -> None:
        self.names.update(path.name for path in paths)


def test_writing_renaming_and_deleting_are_told_and_noise_is_not(tmp_path: Path) -> None:
    root, ears = tmp_path / "root", Ears()
    (root / ".git").mkdir(parents=True)
    (root / "old.py").write_text("a = 1\n")
    (root / "gone.py").write_text("a = 1\n")
    watcher = Watcher([root], (), ears.heard)
    try:
        assert watcher.wait_until_watching(SOON)
        (root / "new.py").write_text("b = 1\n")
        (root / ".git" / "index").write_text("noise")
        (root / "old.py").rename(root / "renamed.py")
        (root / "gone.py").unlink()
        until(lambda: ears.names >= {"new.py", "old.py", "renamed.py", "gone.py"}, SOON)
    finally:
        watcher.stop()
    assert "index" not in ears.names


def test_what_is_written_right_after_it_says_that_it_watches_is_told(tmp_path: Path) -> None:
    """Twenty times, since what falls in between would be found by no question."""
    for number in range(20):
        root, ears = tmp_path / f"root{number}", Ears()
        root.mkdir()
        watcher = Watcher([root], (), ears.heard)
        try:
            assert watcher.wait_until_watching(SOON)
            (root / "at_once.py").write_text("a = 1\n")
            until(lambda ears=ears: "at_once.py" in ears.names, SOON)  # type: ignore[misc]
        finally:
            watcher.stop()


def until_quiet(event: threading.Event) -> None:
    """Until it was not set for as long as nothing may be told afterwards."""
    for _ in range(30):
        event.clear()
        if not event.wait(QUIET):
            return
    raise AssertionError("it never came to rest")


def test_of_git_its_head_and_index_are_told_and_nothing_else(tmp_path: Path) -> None:
    root, ears = repository(tmp_path / "root", {"a.py": "a = 1\n"}), Ears()
    watcher = Watcher([], repositories_of(root.as_posix()), ears.heard)
    try:
        for attempt in range(200):  # when it begins to watch git is not told
            (root / "a.py").write_text(f"a = {attempt}\n")
            git(root, "commit", "-qam", f"commit {attempt}")
            if ears.moved.wait(SOON / 200):
                break
        assert ears.moved.wait(SOON)
        until_quiet(ears.moved)  # something may still come from the last commit
        (root / ".git" / "FETCH_HEAD").write_text("noise")
        (root / ".git" / "COMMIT_EDITMSG").write_text("noise")
        assert not ears.moved.wait(QUIET)
        git(root, "switch", "-qc", "other")
        assert ears.moved.wait(SOON)
    finally:
        watcher.stop()
    assert not ears.names


def test_more_than_can_be_kept_at_once_means_that_anything_may_have_changed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(watch, "MAY_HAVE_LOST", 50)
    root, ears = tmp_path / "root", Ears()
    root.mkdir()
    watcher = Watcher([root], (), ears.heard)
    try:
        assert watcher.wait_until_watching(SOON)
        for number in range(300):
            (root / f"m{number}.py").write_text("a = 1\n")
        until(lambda: "root" in ears.names, SOON)
    finally:
        watcher.stop()


def test_what_is_never_told_counts_too_where_more_comes_than_can_be_kept(tmp_path: Path, monkeypatch) -> None:
    """An install fills the queue of the system, and a save that came meanwhile may be what was lost."""
    monkeypatch.setattr(watch, "MAY_HAVE_LOST", 50)
    root, ears = tmp_path / "root", Ears()
    (root / "node_modules").mkdir(parents=True)
    watcher = Watcher([root], (), ears.heard)
    try:
        assert watcher.wait_until_watching(SOON)
        for number in range(300):
            (root / "node_modules" / f"m{number}.js").write_text("1\n")
        until(lambda: "root" in ears.names, SOON)
    finally:
        watcher.stop()
    assert ears.names == {"root"}


def test_stopping_ends_the_threads(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    Watcher([root], repositories_of(root.as_posix()), Ears().heard).stop()
    until(
        lambda: not [each for each in threading.enumerate() if each.name in (watch.FILES_THREAD, watch.GIT_THREAD)],
        SOON,
    )
