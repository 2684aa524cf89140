"""WRITE FLOW: make the index of one root equal to its working tree.

    walk -> compare -> parse -> embed -> store

Invariant: a file's symbols, chunks and vectors are replaced in one transaction, and what the report counts happened.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from surefoot.config import Settings
from surefoot.domain import FailedFile, FileEntry, IndexedFile, ParsedFile, Progress, Root, SkippedFile, content_hash
from surefoot.index.parsing import parse_batch, parse_files
from surefoot.models.protocols import Embedder
from surefoot.store.database import IndexStore
from surefoot.trace import CancelToken
from surefoot.workspace.changes import compare
from surefoot.workspace.documents import disk_state
from surefoot.workspace.walk import IgnoreRules, name_skip_reason, walk

OnProgress = Callable[[Progress], None]
Known = Mapping[str, IndexedFile]
ATTEMPTS = 3  # to read a file that is being written; whoever writes it last tells us again
IGNORE_FILES = frozenset({".gitignore", ".surefootignore"})
WRITE_FILES = 256  # per transaction: a commit costs milliseconds, and a reader waits for none of them


@dataclass(slots=True)
class RootReport:
    """What indexing one root did. `skipped` and `failed` are complete for the root, not only for this run."""

    files: int = 0
    indexed: int = 0
    unchanged: int = 0
    touched: int = 0  # read again for its new time or size, and found to hold the same text
    removed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: tuple[FailedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexing:
    """Everything that the write walk needs besides the files."""

    root: Root
    store: IndexStore
    embedder: Embedder
    settings: Settings
    progress: OnProgress
    cancel: CancelToken
    rules: IgnoreRules


def index_root(indexing: Indexing) -> RootReport:
    """Walk the whole root and bring the index up to date with it."""
    store = indexing.store
    walked = walk(indexing.root, indexing.settings, rules=indexing.rules)
    skipped_before, failed_before = store.outcomes()
    known = store.files()
    changes = compare(walked.files, known)
    unread = {(skip.path, skip.size, skip.mtime_ns): skip for skip in skipped_before if skip.size >= 0}
    new = [entry for entry in changes.new if (entry.path, entry.size, entry.mtime_ns) not in unread]
    still_skipped = [
        skip for entry in changes.new if (skip := unread.get((entry.path, entry.size, entry.mtime_ns))) is not None
    ]
    stale = (*changes.changed, *changes.unchanged) if store.needs_vectors else changes.changed
    work = sorted([*new, *stale], key=lambda entry: entry.path)
    report = RootReport()
    content_skipped, failed = _index_files(indexing, work, known, report)
    _remove(indexing, changes.removed, known, report)
    skipped = (*walked.skipped, *still_skipped, *content_skipped)
    failed = [*walked.failed, *failed]
    if (set(skipped), set(failed)) != (set(skipped_before), set(failed_before)):
        with store.writing() as writer:
            writer.record_outcome(skipped, failed)
    report.unchanged = len(walked.files) - len(work) - len(still_skipped) + report.touched
    report.files = report.indexed + report.unchanged
    report.skipped = Counter(skip.reason.value for skip in skipped)
    report.failed = tuple(failed)
    return report


def index_paths(indexing: Indexing, paths: Sequence[str]) -> RootReport:
    """Bring single files or folders up to date: saved, created, renamed or deleted ones, by root-relative path."""
    store, report = indexing.store, RootReport()
    if any(_concerns_many(indexing.root, path) for path in paths):
        return index_root(indexing)
    known = store.files()
    gone, present = [], []
    for path in dict.fromkeys(paths):
        entry = disk_state(indexing.root, path)
        if entry is None or indexing.rules.is_ignored(path):
            gone += [name for name in known if name == path or name.startswith(f"{path}/")]
        elif name_skip_reason(path, indexing.settings) is None and not _is_same(entry, known):
            present.append(entry)
    skipped, failed = _index_files(indexing, present, known, report)
    _remove(indexing, gone, known, report)
    _record_single(store, present, skipped, failed)
    all_skipped, report.failed = store.outcomes()
    report.files = store.counts().files
    report.unchanged = report.files - report.indexed
    report.skipped = Counter(skip.reason.value for skip in all_skipped)
    return report


def _concerns_many(root: Root, path: str) -> bool:
    """A folder came or moved, or other files are ignored now: what that means is only known by walking."""
    return path.rpartition("/")[2] in IGNORE_FILES or (root.path / path).is_dir()


def _is_same(entry: FileEntry, known: Known) -> bool:
    indexed = known.get(entry.path)
    return indexed is not None and (entry.size, entry.mtime_ns) == (indexed.size, indexed.mtime_ns)


def _index_files(
    indexing: Indexing, entries: Sequence[FileEntry], known: Known, report: RootReport
) -> tuple[list[SkippedFile], list[FailedFile]]:
    skipped: list[SkippedFile] = []
    failed: list[FailedFile] = []
    meter = _Meter(len(entries), indexing.progress)
    pending: list[ParsedFile] = []
    paths = [entry.path for entry in entries]
    for batch in parse_files(indexing.root, paths, indexing.settings, indexing.cancel):
        for outcome in batch:
            if isinstance(outcome, ParsedFile):
                pending.append(outcome)
            elif isinstance(outcome, SkippedFile):
                skipped.append(outcome)
            else:
                failed.append(outcome)
        if len(pending) >= WRITE_FILES:
            _store(indexing, pending, report)
            pending = []
        meter.advance(len(batch))
    _store(indexing, pending, report)
    # What was indexed once and is now skipped or unreadable must not answer from its past.
    outcomes: list[SkippedFile | FailedFile] = [*skipped, *failed]
    _remove(indexing, [outcome.path for outcome in outcomes if outcome.path in known], known, report)
    return skipped, failed


def _store(indexing: Indexing, files: Sequence[ParsedFile], report: RootReport, attempts: int = ATTEMPTS) -> None:
    """Embed what is new among the chunks and replace the files in one transaction."""
    if not files:
        return
    same, different = _split_by_hash(indexing.store, files)
    vectors = embed_chunks(indexing.store, indexing.embedder, different)
    overtaken: list[str] = []
    with indexing.store.writing() as writer:
        for parsed in same:
            writer.set_file_times(parsed.file.path, parsed.file.size, parsed.file.mtime_ns)
        for parsed, file_vectors in zip(different, vectors, strict=True):
            # Another thread or process may have written a newer state meanwhile; an older one must not replace it.
            if _is_current(indexing.root, parsed):
                writer.replace_file(parsed, file_vectors)
            else:
                overtaken.append(parsed.file.path)
    report.indexed += len(different) - len(overtaken)
    report.touched += len(same)
    if overtaken and attempts > 1:
        again = parse_batch(indexing.root, overtaken, indexing.settings)
        _store(indexing, [each for each in again if isinstance(each, ParsedFile)], report, attempts - 1)


def _is_current(root: Root, parsed: ParsedFile) -> bool:
    now = disk_state(root, parsed.file.path)
    return now is not None and (now.size, now.mtime_ns) == (parsed.file.size, parsed.file.mtime_ns)


def _split_by_hash(store: IndexStore, files: Sequence[ParsedFile]) -> tuple[list[ParsedFile], list[ParsedFile]]:
    """Files that were only touched, and files whose content differs: size and time say "look", the hash decides."""
    if store.needs_vectors:
        return [], list(files)
    same: list[ParsedFile] = []
    different: list[ParsedFile] = []
    for parsed in files:
        known = store.file(parsed.file.path)
        (same if known and known.content_hash == parsed.file.content_hash else different).append(parsed)
    return same, different


def embed_chunks(store: IndexStore, embedder: Embedder, files: Sequence[ParsedFile]) -> list[list[bytes]]:
    """One vector per chunk of each file; a text that was ever embedded is not embedded again."""
    texts = {content_hash(text): text for parsed in files for text in (c.embedding_text for c in parsed.chunks)}
    known = store.cached_vectors(tuple(texts))
    unknown = [key for key in texts if key not in known]
    known |= dict(zip(unknown, embedder.embed_documents([texts[key] for key in unknown]), strict=True))
    return [[known[content_hash(chunk.embedding_text)] for chunk in parsed.chunks] for parsed in files]


def _remove(indexing: Indexing, paths: Iterable[str], known: Known, report: RootReport) -> None:
    """Forget files that are gone, but for those that somebody has indexed anew since `known` was read."""
    paths = list(paths)
    if paths:
        with indexing.store.writing() as writer:
            for path in paths:
                if indexing.store.file(path) == known[path]:
                    writer.remove_file(path)
                    report.removed += 1


def _record_single(
    store: IndexStore,
    entries: Sequence[FileEntry],
    skipped: Sequence[SkippedFile],
    failed: Sequence[FailedFile],
) -> None:
    every: list[SkippedFile | FailedFile] = [*skipped, *failed]
    outcomes = {outcome.path: outcome for outcome in every}
    recorded = {outcome.path for outcomes_of_kind in store.outcomes() for outcome in outcomes_of_kind}
    touched = [entry.path for entry in entries if entry.path in outcomes or entry.path in recorded]
    if touched:
        with store.writing() as writer:
            for path in touched:
                writer.record_file_outcome(path, outcomes.get(path))


class _Meter:
    """Turns a count of finished files into `Progress` with rate and remaining time."""

    def __init__(self, total: int, report: OnProgress) -> None:
        self._total, self._report, self._done = total, report, 0
        self._start = time.perf_counter()
        self._send()

    def advance(self, files: int) -> None:
        self._done += files
        self._send()

    def _send(self) -> None:
        seconds = time.perf_counter() - self._start
        rate = self._done / seconds if seconds > 0 else 0.0
        left = (self._total - self._done) / rate if rate > 0 else None
        self._report(Progress(self._done, self._total, rate, left))
