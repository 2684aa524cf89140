"""Running git for output that is too long to be held at once, or that takes too long not to be stopped.

Invariant: git is ended with the block that runs it, however that is left.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

from surefoot.trace import CancelToken
from surefoot.workspace.git import safe_command, safe_environment

BLOCK_BYTES = 256 * 1024
# A git that hangs (a dead network drive) is ended after so long; the longest thing that is asked takes a tenth of that.
LONGEST_SECONDS = 600.0
LONGEST_PART = 64 * 1024  # bytes between two separators that are kept
LAST_WORDS = 4096  # bytes of what git complains of, at the end
# What git says, in its own language, where an object is damaged or not there, and what may be over in a moment.
_DAMAGE = re.compile(rb"\b(?:unable to read|is corrupt|bad (?:tree )?object|could not read)\b", re.IGNORECASE)
_MOMENTARY = re.compile(
    rb"too many open files|out of memory|cannot allocate|temporarily unavailable|permission denied|input/output error"
    rb"|interrupted|timed out|stale file|mmap|malloc|unable to (?:open|create thread)",
    re.IGNORECASE,
)


class GitFailedError(Exception):
    """Git could not be started, or gave up. Caught within `workspace`."""


class GitNotStartedError(GitFailedError):
    """There is no git, or there was no room for one more process: that says nothing of what it was to look at."""


class GitDamagedError(GitFailedError):
    """An object that was to be read is damaged or lacking, which another look will not change."""


class Git:
    """A git at work. `output` is what it prints."""

    def __init__(self, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        self.output: IO[bytes] = process.stdout
        self._process = process
        self._complaints = complaints

    def blocks(self, cancel: CancelToken) -> Iterator[bytes]:
        """What is printed, as it comes."""
        read = getattr(self.output, "read1", self.output.read)  # what is there, and not a whole block
        while block := read(BLOCK_BYTES):
            cancel.raise_if_cancelled()
            yield block

    def split(self, separator: bytes, cancel: CancelToken) -> Iterator[bytes]:
        """The parts between separators; of one that is far too long, the beginning."""
        rest = b""
        for block in self.blocks(cancel):
            *parts, rest = (rest + block).split(separator)
            yield from parts
            rest = rest[:LONGEST_PART]
        if rest:
            yield rest

    def lines(self, cancel: CancelToken) -> Iterator[bytes]:
        """The lines, without what ends them."""
        return self.split(b"\n", cancel)

    def check(self) -> None:
        """Raises GitFailedError where git says that it has not done all that it was asked for."""
        if self._process.wait() != 0:
            self._complaints.seek(max(0, self._complaints.seek(0, os.SEEK_END) - LAST_WORDS))
            said = self._complaints.read()
            raise GitDamagedError if _DAMAGE.search(said) and not _MOMENTARY.search(said) else GitFailedError


@contextmanager
def running(
    folder: str,
    arguments: Sequence[str],
    *,
    feed: bytes = b"",
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Generator[Git]:
    """Git run in the folder, with `feed` for it to read and `options` as settings. Raises GitFailedError.

    Objects are those of their names: what `git replace` puts in their places can change while HEAD stays.
    """
    settings = [part for option in options for part in ("-c", option)]
    # Pipes would fill up while git waits for us to read.
    with tempfile.TemporaryFile() as fed, tempfile.TemporaryFile() as complaints:
        fed.write(feed)
        fed.seek(0)
        process = _started(folder, safe_command(*settings, *arguments), (fed, complaints), environment or {})
        last = threading.Timer(LONGEST_SECONDS, process.kill)
        last.daemon = True
        last.start()
        try:
            yield Git(process, complaints)
        finally:
            last.cancel()
            process.kill()
            if process.stdout is not None:
                process.stdout.close()
            process.wait()


def _started(
    folder: str, command: list[str], files: tuple[IO[bytes], IO[bytes]], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=safe_environment() | {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_DIFF_OPTS": ""} | dict(environment),
            stdin=files[0],
            stdout=subprocess.PIPE,
            stderr=files[1],
        )
    except (OSError, ValueError) as error:
        raise GitNotStartedError from error
