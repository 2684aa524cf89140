"""Running git for output that is too long to be held at once, or that takes too long not to be stopped.

Invariant: git is ended with the block that runs it, however that is left.
"""

from __future__ import annotations

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


class GitFailedError(Exception):
    """Git could not be started, or gave up. Caught within `workspace`."""


class GitNotStartedError(GitFailedError):
    """There is no git, or there was no room for one more process: that says nothing of what it was to look at."""


class Git:
    """A git at work. `output` is what it prints."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        self.output: IO[bytes] = process.stdout
        self._process = process

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
            raise GitFailedError


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
    with tempfile.TemporaryFile() as fed:  # a pipe would fill up while git waits for us to read
        fed.write(feed)
        fed.seek(0)
        process = _started(folder, safe_command(*settings, *arguments), fed, environment or {})
        last = threading.Timer(LONGEST_SECONDS, process.kill)
        last.daemon = True
        last.start()
        try:
            yield Git(process)
        finally:
            last.cancel()
            process.kill()
            if process.stdout is not None:
                process.stdout.close()
            process.wait()


def _started(
    folder: str, command: list[str], fed: IO[bytes], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=safe_environment() | {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_DIFF_OPTS": ""} | dict(environment),
            stdin=fed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        raise GitNotStartedError from error
