"""WRITE FLOW: make the index of one root equal to its working tree.

    walk -> compare -> parse -> embed -> store

Invariant: a file's symbols, chunks and vectors are replaced in one transaction, and what the report counts happened.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from surefoot.config import Settings
from surefoot.domain import Drift, FailedFile, FileEntry, IndexedFile, ParsedFile, Progress, Root, SkippedFile
from surefoot.index.displacing import displaced_by, known_contents, taken_back
from surefoot.index.drift import difference, drift, only_touched
from surefoot.index.embedding import fill_vectors, vectors_of
from surefoot.index.parsing import Outcome, Parsers, PreparedFile, Work, parse_here
from surefoot.models.embedder import static_weights
from surefoot.models.protocols import Embedder
from surefoot.store.database import IndexStore
from surefoot.trace import CancelToken
from surefoot.workspace.changes import compare, is_unchanged
from surefoot.workspace.documents import disk_state
from surefoot.workspace.stamps import is_momentary
from surefoot.workspace.walk import IgnoreRules, name_skip_reason, walk

OnProgress = Callable[[Progress], None]
Known = Mapping[str, IndexedFile]
ATTEMPTS = 3  # to read a file that is being written; whoever writes it last tells us again
IGNORE_FILES = frozenset({".gitignore", ".surefootignore"})
# Per transaction: it costs milliseconds of its own, no reader waits for it, but whoever saves a file does.
WRITE_CHUNKS = 2000


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
    drift: Drift | None = None  # what the walk of the whole root found and the index still lacks


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
    parsers: Parsers


def index_root(indexing: Indexing) -> RootReport:
    """Walk the whole root and bring the index up to date with it."""
    store, walked_at = indexing.store, time.time()
    walked = walk(indexing.root, indexing.settings, rules=indexing.rules)
    skipped_before, failed_before = store.outcomes()
    known = store.files()
    changes = compare(walked.files, known)
    unread = {(skip.path, skip.stamp): skip for skip in skipped_before if skip.size >= 0 and skip.is_settled}
    new = [entry for entry in changes.new if (entry.path, entry.stamp) not in unread]
    still_skipped = [skip for entry in changes.new if (skip := unread.get((entry.path, entry.stamp))) is not None]
    stale = _without_touched(indexing, changes.suspect, known)
    work = sorted([*new, *stale], key=lambda entry: entry.path)
    removed = [path for path in changes.removed if not _is_momentary(disk_state(indexing.root, path))]
    report = RootReport()
    content_skipped, failed = _index_files(indexing, work, known, report, may_have_moved=bool(removed))
    _remove(indexing, removed, known, report)
    _fill_vectors(indexing)
    skipped = (*walked.skipped, *still_skipped, *content_skipped)
    failed = [*walked.failed, *failed]
    # Forgetting a file forgets what was recorded about it, as of one that was emptied and kept its place for a moment.
    lost = not {skip.path for skip in skipped_before}.isdisjoint(removed)
    if lost or (set(skipped), set(failed)) != (set(skipped_before), set(failed_before)):
        with store.writing() as writer:
            writer.record_outcome(skipped, failed)
    report.unchanged = len(walked.files) - len(work) - len(still_skipped) + report.touched
    report.files = report.indexed + report.unchanged
    report.skipped = Counter(skip.reason.value for skip in skipped)
    report.failed = tuple(failed)
    indexed = known if len(changes.unchanged) == len(known) and not work else store.files()
    behind = difference(indexing.root, walked, indexed, (skipped, failed))
    report.drift = drift(store, behind, len(indexed), walked_at)
    return report


def index_paths(indexing: Indexing, paths: Sequence[str]) -> RootReport:
    """Bring single files or folders up to date: saved, created, renamed or deleted ones, by root-relative path."""
    store, report = indexing.store, RootReport()
    if any(_concerns_many(indexing.root, path) for path in paths):
        return index_root(indexing)
    paths = list(dict.fromkeys(paths))
    known = store.files_at(paths)  # and below them
    below = _by_folder(known)
    gone, present = [], []
    for path in paths:
        entry = disk_state(indexing.root, path)
        if entry is None or indexing.rules.is_ignored(path):
            gone += [*([path] if path in known else []), *below[path]]
        elif name_skip_reason(path, indexing.settings) is None and not _is_same(entry, known):
            present.append(entry)
            gone += below[path]  # it was a folder
    present = _without_touched(indexing, present, known)
    skipped, failed = _index_files(indexing, present, known, report, may_have_moved=bool(gone))
    _remove(indexing, gone, known, report)
    _record_single(store, present, skipped, failed)
    _fill_vectors(indexing, most=len(present))  # the rest is filled in by the pass over everything
    reasons, report.failed = store.outcome_counts()
    report.skipped = Counter(reasons)
    report.files = store.counts().files
    report.unchanged = report.files - report.indexed
    return report


def _by_folder(paths: Iterable[str]) -> defaultdict[str, list[str]]:
    """The paths below each folder, however deep."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            found["/".join(parts[:depth])].append(path)
    return found


def _concerns_many(root: Root, path: str) -> bool:
    """A folder came or moved, or other files are ignored now: what that means is only known by walking."""
    return path.rpartition("/")[2] in IGNORE_FILES or (root.path / path).is_dir()


def _is_same(entry: FileEntry, known: Known) -> bool:
    """Whether there is nothing to do: the file is as it was, or it is known and on its way to another text."""
    indexed = known.get(entry.path)
    return is_unchanged(entry, indexed) or (indexed is not None and _is_momentary(entry))


def _is_momentary(found: FileEntry | SkippedFile | None) -> bool:
    """Whether a file was emptied a moment ago, most likely to be written anew.

    It keeps its place in the index until somebody looks again: its writer tells, or a question that hits it does.
    """
    return found is not None and is_momentary(found.stamp, time.time_ns())


def _without_touched(indexing: Indexing, entries: Sequence[FileEntry], known: Known) -> list[FileEntry]:
    """The files that are to be parsed: of those that are known, the ones with another text. The others are settled."""
    suspect = [entry for entry in entries if entry.path in known]
    touched = {file.path: file for file in only_touched(indexing.root, suspect, known, indexing.cancel)}
    restamped = [file for file in touched.values() if file != known[file.path]]
    if restamped:
        with indexing.store.writing() as writer:
            for file in restamped:
                writer.set_file_times(file)
    return [entry for entry in entries if entry.path not in touched]


def _index_files(
    indexing: Indexing, entries: Sequence[FileEntry], known: Known, report: RootReport, *, may_have_moved: bool
) -> tuple[list[SkippedFile], list[FailedFile]]:
    skipped: list[SkippedFile] = []
    failed: list[FailedFile] = []
    meter = _Meter(len(entries), indexing.progress)
    pending: list[PreparedFile] = []
    work = _work(indexing, entries, known, may_have_moved=may_have_moved)
    for batch in indexing.parsers.parse(work, indexing.cancel):
        for outcome in (_taken_apart(indexing, each) for each in batch):
            if isinstance(outcome, PreparedFile):
                pending.append(outcome)
            elif isinstance(outcome, SkippedFile):
                skipped.append(outcome)
            else:
                failed.append(outcome)
        if sum(len(prepared.parsed.chunks) for prepared in pending) >= WRITE_CHUNKS:
            _store(indexing, pending, report)
            pending = []
        meter.advance(len(batch))
    _store(indexing, pending, report)
    # What was indexed once and is now skipped or unreadable must not answer from its past.
    outcomes: list[SkippedFile | FailedFile] = [*skipped, *failed]
    kept = {skip.path for skip in skipped if _is_momentary(skip)}
    lost = [outcome.path for outcome in outcomes if outcome.path in known and outcome.path not in kept]
    _remove(indexing, lost, known, report)
    return skipped, failed


def _taken_apart(indexing: Indexing, outcome: Outcome) -> PreparedFile | SkippedFile | FailedFile:
    if isinstance(outcome, IndexedFile):
        return taken_back(indexing.store, outcome, indexing.root, indexing.settings)
    return outcome


def _work(indexing: Indexing, entries: Sequence[FileEntry], known: Known, *, may_have_moved: bool) -> Work:
    paths = [entry.path for entry in entries]
    new = frozenset(paths) - known.keys()
    contents = known_contents(indexing.store, [path for path in paths if path in known])
    # What may have moved to new paths has its vectors already, and they are looked up where the index is.
    weights = None if may_have_moved else static_weights(indexing.embedder)
    return Work(indexing.root, indexing.settings, paths, new, contents, weights)


def _store(indexing: Indexing, files: Sequence[PreparedFile], report: RootReport, attempts: int = ATTEMPTS) -> None:
    """Embed what is new among the chunks and replace the files in one transaction."""
    if not files:
        return
    same, different = _split_by_hash(indexing.store, files)
    embed = partial(vectors_of, indexing.store, indexing.embedder)
    displaced = displaced_by(indexing.store, different)
    overtaken: list[str] = []
    with indexing.store.writing() as writer:
        writer.keep_displaced(displaced)
        for prepared in same:
            writer.set_file_times(prepared.parsed.file)
        for prepared in different:
            # Another thread or process may have written a newer state meanwhile; an older one must not replace it.
            if _is_current(indexing.root, prepared.parsed):
                writer.replace_file(prepared.parsed, prepared.vectors or embed, prepared.words)
            else:
                overtaken.append(prepared.parsed.file.path)
    report.indexed += len(different) - len(overtaken)
    report.touched += len(same)
    if overtaken and attempts > 1:
        again = parse_here(indexing.root, overtaken, indexing.settings)
        _store(indexing, [each for each in again if isinstance(each, PreparedFile)], report, attempts - 1)


def _fill_vectors(indexing: Indexing, most: int | None = None) -> None:
    store = indexing.store
    waiting = store.vectorless_files()
    if waiting:
        meter = _Meter(waiting if most is None else min(most, waiting), indexing.progress)
        fill_vectors(store, indexing.embedder, meter.advance, indexing.cancel, most)


def _is_current(root: Root, parsed: ParsedFile) -> bool:
    now = disk_state(root, parsed.file.path)
    return now is not None and now.stamp == parsed.file.stamp


def _split_by_hash(store: IndexStore, files: Sequence[PreparedFile]) -> tuple[list[PreparedFile], list[PreparedFile]]:
    """Files that were only touched, and files whose content differs: the stamp says "look", the hash decides."""
    known = store.files_at(prepared.parsed.file.path for prepared in files)
    same: list[PreparedFile] = []
    different: list[PreparedFile] = []
    for prepared in files:
        file = prepared.parsed.file
        before = known.get(file.path)
        (same if before and before.content_hash == file.content_hash else different).append(prepared)
    return same, different


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
    recorded = store.have_outcomes(entry.path for entry in entries)
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
