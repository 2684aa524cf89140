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
    unfinished = deque(batches)
    try:
        yield from _in_one_pool(root, unfinished, settings, cancel, processes)
    except BrokenProcessPool:
        # A grammar has ended its process. It was one of the batches under way: those are tried apart, never in here.
        for _ in range(min(len(unfinished), processes * AHEAD)):
            cancel.raise_if_cancelled()
            yield _parse_apart(root, unfinished.popleft(), settings)
        yield from _in_processes(root, list(unfinished), settings, cancel, processes)


def _in_one_pool(
    root: Root, unfinished: deque[list[str]], settings: Settings, cancel: CancelToken, processes: int
) -> Iterator[list[Outcome]]:
    """Parse the batches in order; each leaves `unfinished` when its outcomes are there."""
    with _pool(processes) as pool:
        futures: deque[Future[list[Outcome]]] = deque()
        try:
            while unfinished:
                cancel.raise_if_cancelled()
                while len(futures) < min(processes * AHEAD, len(unfinished)):
                    futures.append(pool.submit(parse_batch, root, unfinished[len(futures)], settings))
                outcomes = futures.popleft().result()
                unfinished.popleft()
                yield outcomes
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _parse_apart(root: Root, paths: list[str], settings: Settings) -> list[Outcome]:
    """Parse files in a process of their own, which one of them may end; that one has failed, the others have not."""
    try:
        with _pool(1) as pool:
            return pool.submit(parse_batch, root, paths, settings).result()
    except BrokenProcessPool:
        if len(paths) == 1:
            return [FailedFile(paths[0], "Its parser process ended unexpectedly.")]
        return [outcome for path in paths for outcome in _parse_apart(root, [path], settings)]


def _pool(processes: int) -> ProcessPoolExecutor:
    # Spawned and not forked: the language server has threads, and a fork of a threaded process may deadlock.
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


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
