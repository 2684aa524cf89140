"""`surefoot index --watch` as a process of its own: it stays, follows, and ends in order."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from surefoot.index.manners import NICENESS

PATIENCE = 60.0


class Watching:
    """The command, and the lines that it writes."""

    def __init__(self, project: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "surefoot", "index", "--watch", *options],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.out: queue.Queue[str] = queue.Queue()
        self.err: queue.Queue[str] = queue.Queue()
        streams = ((self.process.stdout, self.out), (self.process.stderr, self.err))
        self.readers = [threading.Thread(target=self._read, args=each) for each in streams]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _read(stream: Any, lines: queue.Queue[str]) -> None:
        with stream:
            for line in stream:
                lines.put(line)

    def reply(self) -> dict[str, Any]:
        reply = json.loads(self.out.get(timeout=PATIENCE))
        assert isinstance(reply, dict)
        return reply

    def until_said(self, text: str) -> list[str]:
        said = [self.err.get(timeout=PATIENCE)]
        while text not in said[-1]:
            said.append(self.err.get(timeout=PATIENCE))
        return said

    def end(self, number: int = signal.SIGINT) -> int:
        """The exit status after a signal to all of its processes, as a terminal sends it; nobody is to be startled."""
        os.killpg(self.process.pid, number)
        status = self.process.wait(PATIENCE)
        for reader in self.readers:
            reader.join(PATIENCE)
        said = "".join(self.err.queue)
        assert "Traceback" not in said, said
        return status


@pytest.fixture
def watching(project: Path) -> Iterator[Any]:
    started: list[Watching] = []

    def start(*options: str) -> Watching:
        started.append(Watching(project, *options))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        for reader in each.readers:
            reader.join(PATIENCE)


def test_it_indexes_follows_and_ends_with_0(watching, project: Path) -> None:
    (project / "a.py").write_text("def first(): pass\n")
    command = watching()
    assert any("1 file: 1 indexed, 0 removed" in line for line in command.until_said("Watching for changes"))
    (project / "b.py").write_text("def second(): pass\n")
    command.until_said("2 files: 1 indexed, 0 removed")
    (project / "a.py").unlink()
    command.until_said("1 file: 0 indexed, 1 removed")
    assert command.end() == 0
    assert command.out.empty()


def test_with_json_each_batch_is_one_object_on_stdout(watching, project: Path) -> None:
    (project / "a.py").write_text("def first(): pass\n")
    command = watching("--json")
    assert command.reply()["indexed"] == 1
    command.until_said("Watching for changes")
    (project / "a.py").write_text("def first(): return 1\n")
    assert command.reply()["indexed"] == 1
    (project / "pkg").mkdir()
    (project / "pkg" / "b.py").write_text("def second(): pass\n")
    assert command.reply()["files"] == 2
    assert command.end(signal.SIGTERM) == 0


def test_what_it_follows_is_in_the_index_for_others(watching, project: Path) -> None:
    command = watching("--json")
    command.reply()
    command.until_said("Watching for changes")
    (project / "new.py").write_text("def brand_new(): pass\n")
    command.reply()
    done = subprocess.run(
        [sys.executable, "-m", "surefoot", "status", "--json"], cwd=project, capture_output=True, text=True, check=True
    )
    status = json.loads(done.stdout)
    assert (status["files"], status["unindexed_files"], status["drifted_chunks"]) == (1, 0, 0)


def test_what_the_project_file_says_is_taken_up_on_the_save(watching, project: Path) -> None:
    """A folder that holds tickets is read as such at once; a mistake beside it is told in a sentence."""
    (project / "exports").mkdir()
    (project / "exports/7.md").write_text("---\nkey: 7\nstate: closed\n---\n# The basket is empty\n")
    command = watching("--json")
    command.reply()
    command.until_said("Watching for changes")
    (project / ".surefoot.toml").write_text('tickets = ["exports"]\nticket_patterns = ["Fault"]\n')
    assert "'Fault' has to hold {number} once" in command.until_said("ticket_patterns")[-1]
    indexed = 0
    while indexed < 2:  # the ticket and the project's file, in one batch or in two
        indexed += command.reply()["indexed"]
    done = subprocess.run(
        [sys.executable, "-m", "surefoot", "search", "#7", "--json"],
        cwd=project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["hits"][0]["source"] == "tickets"


def test_ctrl_c_during_the_first_pass_ends_it_too(watching, project: Path) -> None:
    body = "\n".join(f"def function_{number}(): return {number}" for number in range(200))
    for number in range(300):
        (project / f"m{number}.py").write_text(f"{body}\n# {number}\n")
    command = watching()
    cache = Path(os.environ["SUREFOOT_CACHE_DIR"])
    for _ in range(int(PATIENCE / 0.02)):
        if list(cache.glob("index/*.progress")):
            break
        time.sleep(0.02)
    else:
        pytest.fail("the first pass has not begun")
    assert command.end() == 0
    assert not any("Watching for changes" in line for line in command.err.queue), "it was still the first pass"


def test_ctrl_c_with_parser_processes_that_wait_for_more_work(
    watching, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUREFOOT_INDEX_WORKERS", "2")  # on one core there are none otherwise
    for number in range(300):
        (project / f"m{number}.py").write_text(f"def function_{number}(): return {number}\n")
    command = watching()
    command.until_said("Watching for changes")
    parent = psutil.Process(command.process.pid)
    lowered = max(parent.nice(), NICENESS)
    assert any(process.nice() >= lowered for process in parent.children(recursive=True))
    assert command.end() == 0


def refused(project: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command where it does not stay."""
    return subprocess.run(
        [sys.executable, "-m", "surefoot", "index", "--watch", *options],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, **variables},
    )


def test_a_folder_that_is_not_there_is_an_error_at_once(project: Path) -> None:
    done = refused(project, "--root", "absent")
    assert done.returncode == 2
    assert "absent" in done.stderr


def test_an_index_that_cannot_be_opened_is_an_error_and_said_once(project: Path) -> None:
    done = refused(project, SUREFOOT_EMBEDDER=str(project / "absent.gguf"))
    assert done.returncode == 1
    assert len([line for line in done.stderr.splitlines() if "absent.gguf" in line]) == 1


def test_preview_and_watch_exclude_each_other(project: Path) -> None:
    done = refused(project, "--preview")
    assert done.returncode == 2
    assert "choose one" in done.stderr


def test_a_reader_that_leaves_ends_it(project: Path) -> None:
    (project / "a.py").write_text("def first(): pass\n")
    command = subprocess.Popen(
        [sys.executable, "-m", "surefoot", "index", "--watch", "--json"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert command.stdout is not None
        assert command.stderr is not None
        assert json.loads(command.stdout.readline())["indexed"] == 1
        assert "Watching" in command.stderr.readline()
        command.stdout.close()
        (project / "b.py").write_text("def second(): pass\n")
        assert command.wait(PATIENCE) == 141
    finally:
        command.kill()
        command.wait()
        command.stderr.close()
