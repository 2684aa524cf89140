"""Changes on disk reach the index though no editor reports them."""

import threading
from collections.abc import Iterable
from pathlib import Path

from surefoot.live.watch import Watcher

SOON = 20.0  # seconds; a watch that works takes a fraction of one


def test_writing_renaming_and_deleting_are_told_and_noise_is_not(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    (root / "old.py").write_text("a = 1\n")
    seen: set[str] = set()
    all_told = threading.Event()

    def changed(paths: Iterable[Path]) -> None:
        seen.update(path.name for path in paths)
        if seen >= {"new.py", "old.py", "renamed.py"}:
            all_told.set()

    watcher = Watcher([root], changed)
    try:
        for attempt in range(200):  # the watch is set up by a thread, and what comes before it is not told
            (root / "new.py").write_text(f"b = {attempt}\n")
            if seen or all_told.wait(SOON / 200):
                break
        (root / ".git" / "index").write_text("noise")
        (root / "old.py").rename(root / "renamed.py")
        assert all_told.wait(SOON)
    finally:
        watcher.close()
    assert "index" not in seen


def test_closing_ends_the_thread(tmp_path: Path) -> None:
    Watcher([tmp_path], lambda _: None).close()
    assert not [thread for thread in threading.enumerate() if thread.name == "surefoot-watch"]
