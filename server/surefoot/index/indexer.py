"""WRITE FLOW: make the index of one root equal to its working tree.

    walk -> compare -> parse -> embed -> store

Invariant: a file's symbols, chunks and vectors are replaced in one transaction, and what the report counts happened.
"""

from __future__ import annotations

import os.path
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from surefoot.config import Settings
from surefoot.domain import Drift, FailedFile, FileEntry, IndexedFile, Progress, Root, SkippedFile, is_commit
from surefoot.index.drift import difference, drift, only_touched
from surefoot.index.embedding import fill_vectors, vectors_of
from surefoot.index.history import bring_history_up
from surefoot.index.meter import Meter
from surefoot.index.parsing import Parsers, PreparedFile, Work, parse_here
from surefoot.index.project import adopt_project
from surefoot.models.embedder import static_weights
from surefoot.models.protocols import Embedder
from surefoot.store.database import IndexStore
from surefoot.store.writer import Embed, Writer
from surefoot.trace import CancelToken
from surefoot.workspace.changes import compare, is_unchanged
from surefoot.workspace.documents import disk_state, stamp_at
from surefoot.workspace.history import FEW
from surefoot.workspace.stamps import is_momentary
from surefoot.workspace.walk import IgnoreRules, name_skip_reason, walk

OnProgress = Callable[[Progress], None]
Known = Mapping[str, IndexedFile]
Ready = PreparedFile | IndexedFile  # to be written; an IndexedFile is taken back
ATTEMPTS = 3  # to read a file that is being written; whoever writes it last tells us again
IGNORE_FILES = frozenset({".gitignore", ".surefootignore"})
# Per transaction: it costs milliseconds of its own, no reader waits for it, but whoever saves a file does.
WRITE_CHUNKS = 2000
SWITCHED = 20  # files
TAKEN_BACK_CHUNKS = 12  # what taking a file back is counted as: some 170 files, a third of a second, at once


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
    adopt_project(indexing)
    # Before the walk: what somebody else indexes after it is not in it, and must not look as if it were gone.
    known = store.files()
    skipped_before, failed_before = store.outcomes()
    walked = walk(indexing.root, indexing.settings, rules=indexing.rules)
    changes = compare(walked.files, known)
    unread = {(skip.path, skip.stamp): skip for skip in skipped_before if skip.size >= 0 and skip.is_settled}
    new = [entry for entry in changes.new if (entry.path, entry.stamp) not in unread]
    still_skipped = [skip for entry in changes.new if (skip := unread.get((entry.path, entry.stamp))) is not None]
    stale = _without_touched(indexing, changes.suspect, known)
    work = sorted([*new, *stale], key=lambda entry: entry.path)
    removed = [path for path in changes.removed if not _is_momentary(disk_state(indexing.root, path))]
    report = RootReport()
    content_skipped, failed = _bring_up(indexing, work, removed, known, report)
    _fill_vectors(indexing)
    skipped = (*walked.skipped, *still_skipped, *content_skipped)
    failed = [*walked.failed, *failed, *store.read_in_part()]
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
    behind = difference(indexing.rules, walked, indexed, (skipped, failed))
    report.drift = drift(store, behind, len(indexed), walked_at)
    return report


def index_paths(indexing: Indexing, paths: Sequence[str]) -> RootReport:
    """Bring single files or folders up to date: saved, created, renamed or deleted ones, by root-relative path."""
    store, report = indexing.store, RootReport()
    if any(map(is_commit, paths)):
        bring_history_up(indexing, most=FEW)
        paths = [path for path in paths if not is_commit(path)]
    if any(concerns_many(indexing.root.path / path) for path in paths):
        return index_root(indexing)
    paths = list(dict.fromkeys(paths))
    known = store.files_at(paths)  # and below them
    below = _by_folder(known)
    top = indexing.rules.root_folder()
    absent, gone, present = [], [], []
    for path in paths:
        entry = disk_state(indexing.root, path)
        if entry is None or indexing.rules.is_ignored(path, top=top):
            absent.append(path)
            gone += [*([path] if path in known else []), *below[path]]
        elif name_skip_reason(path, indexing.settings) is None and not _is_same(entry, known):
            present.append(entry)
            gone += below[path]  # it was a folder
    present = _without_touched(indexing, present, known)
    skipped, failed = _bring_up(indexing, present, gone, known, report)
    _record_single(store, absent, present, (*skipped, *failed, *store.read_in_part()))
    _fill_vectors(indexing, [entry.path for entry in present])  # the rest is for the pass over everything
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


def concerns_many(path: Path) -> bool:
    """A folder came or moved, or other files are ignored now: what that means is only known by walking."""
    return path.name in IGNORE_FILES or os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where it may not look


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
    in_part = {file.path for file in indexing.store.read_in_part()}  # what was lacking may not lack any more
    suspect = [entry for entry in entries if entry.path in known and entry.path not in in_part]
    touched = {file.path: file for file in only_touched(indexing.root, suspect, known, indexing.cancel)}
    restamped = [file for file in touched.values() if file != known[file.path]]
    if restamped:
        with indexing.store.writing() as writer:
            for file in restamped:
                writer.set_file_times(file)
    return [entry for entry in entries if entry.path not in touched]


def _bring_up(
    indexing: Indexing, entries: Sequence[FileEntry], gone: Sequence[str], known: Known, report: RootReport
) -> tuple[list[SkippedFile], list[FailedFile]]:
    """Index files, and forget those that are gone; returns what of the files cannot be indexed.

    What is new comes first, so that a question which falls in between finds a renamed file at one of its paths: where
    that is the old one, the question itself sees that it is gone and asks again.
    """
    skipped: list[SkippedFile] = []
    failed: list[FailedFile] = []
    meter = Meter(len(entries), indexing.progress)
    pending: list[Ready] = []
    keeps = _is_switch(known, entries, gone)
    work = _work(indexing, entries, known, may_have_moved=bool(gone))
    for batch in indexing.parsers.parse(work, indexing.cancel):
        for outcome in batch:
            if isinstance(outcome, SkippedFile):
                skipped.append(outcome)
            elif isinstance(outcome, FailedFile):
                failed.append(outcome)
            else:
                pending.append(outcome)
        if sum(map(_weight, pending)) >= WRITE_CHUNKS:
            _store(indexing, pending, report, keeps=keeps)
            pending = []
        meter.advance(len(batch))
    _store(indexing, pending, report, keeps=keeps)
    _remove(indexing, gone, known, report, keeps=keeps)
    # What was indexed once and is now skipped or unreadable must not answer from its past.
    outcomes: list[SkippedFile | FailedFile] = [*skipped, *failed]
    kept = {skip.path for skip in skipped if _is_momentary(skip)}
    lost = [outcome.path for outcome in outcomes if outcome.path in known and outcome.path not in kept]
    _remove(indexing, lost, known, report)
    if keeps:
        indexing.store.write_back()  # now that questions find what is there
    return skipped, failed


def _is_switch(known: Known, entries: Sequence[FileEntry], gone: Sequence[str]) -> bool:
    """Whether so many files change at once that they may well change back: a branch, a stash, a rebase.

    What they have is kept then, and taken back when their texts come back. A saved file does not come back to what it
    was, and few files take no noticeable time to be taken apart again.
    """
    return len(gone) + sum(entry.path in known for entry in entries) >= SWITCHED


def _weight(ready: Ready) -> int:
    """How much there is to be written, in chunks."""
    return len(ready.parsed.chunks) if isinstance(ready, PreparedFile) else TAKEN_BACK_CHUNKS


def _work(indexing: Indexing, entries: Sequence[FileEntry], known: Known, *, may_have_moved: bool) -> Work:
    paths = [entry.path for entry in entries]
    new = {path for path in paths if path not in known or not known[path].content_hash}  # or read by another version
    contents = indexing.store.displaced_hashes(paths) if len(paths) >= SWITCHED else {}
    # What may have moved to new paths has its vectors already, and they are looked up where the index is.
    weights = None if may_have_moved else static_weights(indexing.embedder)
    return Work(indexing.root, indexing.settings, paths, new, contents, weights, indexing.store.ticket_patterns())


def _store(
    indexing: Indexing, files: Sequence[Ready], report: RootReport, *, keeps: bool, attempts: int = ATTEMPTS
) -> None:
    """Embed what is new among the chunks and replace the files in one transaction."""
    if not files:
        return
    before = indexing.store.files_at(_file(ready).path for ready in files)
    for file in indexing.store.read_in_part():
        before.pop(file.path, None)
    same, different = _split_by_hash(before, files)
    embed = partial(vectors_of, indexing.embedder)
    with indexing.store.writing(writes_back=not keeps) as writer:
        for ready in same:
            writer.set_file_times(_file(ready))
        again = [
            _file(ready).path
            for ready in different
            # Another thread or process may have written a newer state meanwhile; an older one must not replace it.
            if not (_is_current(indexing.root, _file(ready)) and _is_written(writer, ready, embed, keeps=keeps))
        ]
    report.indexed += len(different) - len(again)
    report.touched += len(same)
    if again and attempts > 1:
        parsed = parse_here(indexing.root, again, indexing.settings)
        prepared = [each for each in parsed if isinstance(each, PreparedFile)]
        _store(indexing, prepared, report, keeps=keeps, attempts=attempts - 1)


def _is_written(writer: Writer, ready: Ready, embed: Embed, *, keeps: bool) -> bool:
    if isinstance(ready, IndexedFile):
        return writer.take_back(ready, embed)
    links = ready.links if ready.patterns == writer.ticket_patterns else ()
    writer.replace_file(ready.parsed, ready.vectors or embed, ready.words, links, keeps=keeps)
    return True


def _fill_vectors(indexing: Indexing, paths: Sequence[str] | None = None) -> None:
    store = indexing.store
    waiting = store.vectorless_files()
    if waiting:
        meter = Meter(waiting if paths is None else min(len(paths), waiting), indexing.progress)
        fill_vectors(store, indexing.embedder, meter.advance, indexing.cancel, paths)


def _file(ready: Ready) -> IndexedFile:
    return ready.parsed.file if isinstance(ready, PreparedFile) else ready


def _problems(ready: Ready) -> tuple[str, ...]:
    """What could not be read of the file: the rest may be as it was, and this is news."""
    return ready.parsed.problems if isinstance(ready, PreparedFile) else ()


def _is_current(root: Root, file: IndexedFile) -> bool:
    return stamp_at(root, file.path) == file.stamp


def _split_by_hash(before: Known, files: Sequence[Ready]) -> tuple[list[Ready], list[Ready]]:
    """Files that were only touched, and files whose content differs: the stamp says "look", the hash decides."""
    same: list[Ready] = []
    different: list[Ready] = []
    for ready in files:
        known = before.get(_file(ready).path)
        is_same = known is not None and known.content_hash == _file(ready).content_hash and not _problems(ready)
        (same if is_same else different).append(ready)
    return same, different


def _remove(indexing: Indexing, paths: Iterable[str], known: Known, report: RootReport, *, keeps: bool = False) -> None:
    """Forget files that are gone, but for those that somebody has indexed anew since `known` was read."""
    paths = list(paths)
    if paths:
        with indexing.store.writing(writes_back=not keeps) as writer:
            for path in paths:
                if indexing.store.file(path) == known[path]:
                    # What is there and left out now was to leave the index, texts and all.
                    writer.remove_file(path, keeps=keeps and disk_state(indexing.root, path) is None)
                    report.removed += 1


def _record_single(
    store: IndexStore,
    absent: Sequence[str],
    present: Sequence[FileEntry],
    found: Sequence[SkippedFile | FailedFile],
) -> None:
    outcomes = {outcome.path: outcome for outcome in found}
    paths = [entry.path for entry in present]
    touched = {path for path in paths if path in outcomes} | store.outcomes_at([*absent, *paths])
    if touched:
        with store.writing() as writer:
            for path in sorted(touched):
                writer.record_file_outcome(path, outcomes.get(path))
