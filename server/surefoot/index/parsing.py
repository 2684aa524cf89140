"""Parse stage: files to symbols and chunks, over several processes where there are many.

Invariant: results come in the order of the paths, and a process that dies costs its files one sentence, not the run.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection

from surefoot.config import Settings
from surefoot.domain import FailedFile, ParsedFile, Root, SkippedFile
from surefoot.sources import parse_file
from surefoot.trace import CancelToken

Outcome = ParsedFile | SkippedFile | FailedFile

BATCH_FILES = 32  # per task and per write: large enough to hide the cost of handing over, small enough to cancel
FEWEST_FOR_PROCESSES = 200  # files; below, starting processes (0.5 s each) takes longer than parsing
MOST_PROCESSES = 8
LOWER_PRIORITY = 5  # niceness added: typing comes first
AHEAD = 3  # batches in flight per process: bounds the memory, keeps all of them busy


def parse_files(root: Root, paths: Sequence[str], settings: Settings, cancel: CancelToken) -> Iterator[list[Outcome]]:
    """Parse all paths, a batch at a time."""
    batches = [list(paths[start : start + BATCH_FILES]) for start in range(0, len(paths), BATCH_FILES)]
    processes = settings.index_workers or min(os.cpu_count() or 1, MOST_PROCESSES)
    if processes < 2 or len(paths) < FEWEST_FOR_PROCESSES:
        for batch in batches:
            cancel.raise_if_cancelled()
            yield parse_batch(root, batch, settings)
    else:
        yield from _in_processes(root, batches, settings, cancel, processes)


def parse_batch(root: Root, paths: Sequence[str], settings: Settings) -> list[Outcome]:
    """Parse some files in this process."""
    return [parse_file(root, path, settings) for path in paths]


def _in_processes(
    root: Root, batches: list[list[str]], settings: Settings, cancel: CancelToken, processes: int
) -> Iterator[list[Outcome]]:
    # Spawned and not forked: the language server has threads, and a fork of a threaded process may deadlock.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    waiting: deque[tuple[list[str], Future[list[Outcome]]]] = deque()
    remaining = iter(batches)
    try:
        for batch in remaining:
            waiting.append((batch, pool.submit(parse_batch, root, batch, settings)))
            if len(waiting) >= processes * AHEAD:
                break
        while waiting:
            cancel.raise_if_cancelled()
            batch, future = waiting.popleft()
            yield _result(future, batch)
            following = next(remaining, None)
            if following is not None:
                waiting.append((following, pool.submit(parse_batch, root, following, settings)))
    except BrokenProcessPool:
        lost = [path for batch, _ in waiting for path in batch] + [path for batch in remaining for path in batch]
        for start in range(0, len(lost), BATCH_FILES):
            cancel.raise_if_cancelled()
            yield parse_batch(root, lost[start : start + BATCH_FILES], settings)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[list[Outcome]], batch: list[str]) -> list[Outcome]:
    try:
        return future.result()
    except BrokenProcessPool:
        # One of the files under way ended its process, and which one is not known: none of them is tried in here.
        return [FailedFile(path, "Its parser process ended unexpectedly.") for path in batch]


def _begin() -> None:
    """Run at low priority, and not longer than the process that started us: it may be killed."""
    if hasattr(os, "nice"):
        os.nice(LOWER_PRIORITY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
