"""One open workspace: its engine, its settings, and the threads on which indexing happens.

What is configured, passes over everything and large batches come one after the other on one thread, and saved files
have another, so that no save waits for a branch switch. Passes and large batches are worked on by a thread at low
priority, and nothing is started there that questions need: what a thread starts has its priority. That an older state
of a file never overwrites a newer one is seen to where it is written.

Invariant: nothing here blocks the thread that calls `configure`, `changed` or `reindex`.
"""

from __future__ import annotations

import os.path
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from surefoot.config import FRONT_END_FIELDS, Settings, load_settings, project_files
from surefoot.errors import Cancelled, StoreError, SurefootError, UsageError
from surefoot.index.manners import lower_thread_priority
from surefoot.live.changes import Changes, Work, done
from surefoot.live.faults import report_fault
from surefoot.live.following import Following
from surefoot.live.history import HistoryThread
from surefoot.live.power import Power, PowerMissingError
from surefoot.live.queue import Batch
from surefoot.trace import CancelToken
from surefoot.workspace.documents import Documents

if TYPE_CHECKING:
    from surefoot.domain import IndexReport, Progress
    from surefoot.engine import Engine

T = TypeVar("T")

NO_FOLDER = "No folder is open, so there is nothing to look at; open a folder first."
CLOSED = "Surefoot is shutting down."
OPENING = "Surefoot is still opening its index; ask again in a moment."

# A save takes milliseconds and checking an unchanged project under a second, so that a question waits for both.
# What takes longer is not waited for; the answer then says that indexing goes on.
SETTLE_SECONDS = 2.0
# Before everything was looked at once, an index may be empty, and "nothing contains it" would be worth nothing. In this
# time some five to ten thousand files are indexed; with more than that, an answer that says so beats a longer wait.
FIRST_PASS_SECONDS = 30.0
# A few commits that came just now take less; what takes longer is not waited for.
HISTORY_SECONDS = 0.5
# Opening means imports and a database; where it takes longer than this, something is wrong with the machine.
OPEN_SECONDS = 60.0
# How soon a waiting question notices that it was cancelled.
LOOK_SECONDS = 0.05
# A full disk or an index that another process keeps: what could not be written is tried again.
RETRY_SECONDS = 10.0
# Work that was asked to stop looks up between files and tokens; it is not waited for longer than this.
CLOSE_SECONDS = 5.0


class EngineFactory(Protocol):
    """How an engine is made; tests pass their own."""

    def __call__(self, roots: Sequence[Path], settings: Settings, documents: Documents) -> Engine:
        """Open the indexes of `roots`."""


def engines_for(client: str) -> EngineFactory:
    """Makes real engines, which traces say that `client` asked ("editor", "mcp", "dashboard")."""

    def open_engine(roots: Sequence[Path], settings: Settings, documents: Documents) -> Engine:
        from surefoot.engine import Engine  # noqa: PLC0415 - imported when needed, so that a handshake is quick

        engine = Engine.open(roots, settings, documents=documents, client=client)
        engine.expect_work()
        return engine

    return open_engine


@dataclass(slots=True)
class Run:
    """One pass over the whole workspace, for whoever shows its progress."""

    cancel: CancelToken = field(default_factory=CancelToken)
    latest: Progress | None = None
    future: Future[Any] | None = None

    def note(self, progress: Progress) -> None:
        """Remember how far it is."""
        self.latest = progress


@dataclass(slots=True, eq=False)
class _Wanted:
    """What the front end wants to be open.

    `projects` is what the project files of the folders said when the worker took this up; None until it does, and then
    it sees whatever they say.
    """

    folders: tuple[Path, ...]
    overrides: Mapping[str, Any]
    run: Run = field(default_factory=Run)
    projects: tuple[bytes, ...] | None = None

    @property
    def is_outdated(self) -> bool:
        """Whether a project says something else by now than what was taken up."""
        return self.projects is not None and project_files(self.folders) != self.projects


@dataclass(frozen=True, slots=True)
class Observer:
    """What the session tells the front end; called on any thread."""

    message: Callable[[str], None]  # a sentence for the user
    started: Callable[[Run], None]  # a pass over everything begins
    busy: Callable[[], None]  # something waits to be indexed, were it only a saved file
    indexed: Callable[[], None]  # something in the index has changed, or the settings have
    reported: Callable[[IndexReport], None] = lambda _: None  # what a pass or a batch has done


@dataclass(slots=True)
class _Lease:
    engine: Engine
    settings: Settings
    roots: tuple[Path, ...]
    users: int = 0
    retired: bool = False


class Session:
    """The engine of one front end, opened in the background and replaced when settings change.

    `watches_files`: whether the disk has to be watched, because no editor tells what was saved.
    """

    def __init__(self, factory: EngineFactory, observer: Observer, *, watches_files: bool = False) -> None:
        self.documents = Documents()
        self._factory = factory
        self._observer = observer
        self._worker = ThreadPoolExecutor(1, "surefoot-index")
        self._patient_worker = ThreadPoolExecutor(1, "surefoot-pass", initializer=lower_thread_priority)
        self._latest: Future[Any] = done()
        self._lock = threading.Lock()
        self._submitting = threading.Lock()
        self._lease: _Lease | None = None
        self._problem = NO_FOLDER  # why there is no engine
        self._wanted: _Wanted | None = None  # the latest configuration; an older one that still waits is skipped
        self._current: Run | None = None
        self._closing = False
        self._closed = CancelToken()
        self._power = Power(lambda: self.settings)
        self._history = HistoryThread(self._read_history)
        self._changes = Changes(
            Work(
                self._index_batch,
                lambda: not self._latest.done(),
                self._is_open,
                observer.busy,
                self._history.look,
            )
        )
        self._following = Following(self._changes, self._tell, watches_files=watches_files)
        self._waiting_pass: Future[Any] | None = None
        self._first_opening: Future[Any] = Future()  # a question may come before `initialized`, and waits for it
        self._opening = self._first_opening
        self._told: set[str] = set()
        self._passed: frozenset[Path] = frozenset()  # the folders that were looked at as a whole

    # --- what the front end reports; returns at once --------------------------------------------------------------

    def configure(self, folders: Sequence[Path], overrides: Mapping[str, Any]) -> None:
        """Open these folders with these settings, then index what changed in them."""
        wanted = _Wanted(tuple(folders), dict(overrides))
        with self._lock:
            self._wanted = wanted
        self._submit_configuration(wanted)
        self._observer.started(wanted.run)

    def _configure_again(self, before: _Wanted) -> None:
        """The projects say something else: the same folders and settings, unless the front end wants others by now."""
        wanted = _Wanted(before.folders, before.overrides)
        with self._lock:
            if self._wanted is not before:
                return
            self._wanted = wanted
        self._submit_configuration(wanted)

    def _submit_configuration(self, wanted: _Wanted) -> None:
        """Read the settings and what the projects say, adopt what is other than it was, and look at everything."""
        self._changes.opening()
        self._stop_current()  # a pass over everything follows anyway
        self._history.stop()
        self._opening = wanted.run.future = self._submit(lambda: self._configure(wanted), self._tell)
        self._opening.add_done_callback(self._has_opened)

    def changed(self, paths: Iterable[Path]) -> None:
        """These files or folders were saved, created, renamed or deleted."""
        self._changes.put(paths)

    def watch_files(self) -> None:
        """No editor tells what changes on disk, so look there."""
        self._following.watch_files()

    def reindex(self, paths: Sequence[Path] | None, cancel: CancelToken) -> Future[IndexReport]:
        """Look at everything again, or at `paths` only; the future has the report, or what went wrong."""
        run = Run(cancel)
        future = run.future = self._submit(lambda: self._refresh(run, paths), None)
        self._observer.started(run)
        return future

    def close(self) -> None:
        """Stop indexing and close the engine. Waits a little for running work to look up."""
        if self._closing:
            return
        self._closing = True
        self._closed.cancel()
        self._power.no_longer_needed()
        self._stop_current()
        self._following.close()
        self._history.close(CLOSE_SECONDS)
        self._changes.close(CLOSE_SECONDS)
        wait([self._latest], timeout=CLOSE_SECONDS)
        self._worker.shutdown(wait=False)
        self._patient_worker.shutdown(wait=False)
        lease = self._lease
        self._replace(None, CLOSED)
        if lease is not None and lease.users:
            lease.engine.close()

    # --- what questions use; may wait, so on a worker thread only ----------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether there is an engine to ask."""
        return self._lease is not None

    @property
    def settings(self) -> Settings | None:
        """The settings of the engine; None while there is none."""
        lease = self._lease
        return None if lease is None else lease.settings

    @property
    def indexing(self) -> bool:
        """Whether anything waits to be indexed or is being indexed."""
        return not (self._changes.settled.done() and self._latest.done())

    @property
    def is_paused(self) -> bool:
        """Whether a pass over everything waits for power."""
        return self._power.is_waited_for

    @property
    def spares_battery(self) -> bool:
        """Whether there is no power now, and the user wants what can wait to wait for it."""
        return self._power.is_missing

    @property
    def problem(self) -> str:
        """Why there is no engine, where there is none."""
        return self._problem

    @property
    def progress(self) -> Progress | None:
        """How far the present pass is, where one is under way and has said so."""
        run = self._current
        return None if run is None else run.latest

    @contextmanager
    def engine(
        self, cancel: CancelToken, *, settle: float = SETTLE_SECONDS, first_pass: float = 0.0
    ) -> Iterator[Engine]:
        """The engine with all saves so far in its index, kept open until the caller is done with it.

        Waits `first_pass` seconds at most until every folder was looked at once, and after that `settle` for the rest.
        """
        self._wait(self._opening, OPEN_SECONDS if self._lease is None else 0.0, cancel, until=lambda: self._lease)
        has_passed = self._wait_for_the_first_pass(first_pass, cancel)
        self._settle(settle if has_passed or not first_pass else 0.0, cancel)
        with self._leased() as lease:
            yield lease.engine

    @contextmanager
    def _leased(self) -> Iterator[_Lease]:
        """The engine, which is not closed before the block ends."""
        with self._lock:
            lease = self._lease
            if lease is None:
                raise UsageError(self._problem if self._opening.done() else OPENING)
            lease.users += 1
        try:
            yield lease
        finally:
            self._release(lease)

    def _wait_for_the_first_pass(self, seconds: float, cancel: CancelToken) -> bool:
        """Whether it has ended; a pass that another one replaces has not."""
        end = time.monotonic() + seconds
        while self._is_passing() and (left := end - time.monotonic()) > 0:
            self._wait(self._latest, left, cancel, until=self._has_passed)
        return self._has_passed()

    def _is_passing(self) -> bool:
        return not (self._has_passed() or self._latest.done() or self.is_paused)

    def _settle(self, seconds: float, cancel: CancelToken) -> None:
        """Wait until what was saved before now is in the index: small batches first, as they may ask for a pass."""
        end = time.monotonic() + seconds
        self._wait(self._changes.settled, seconds, cancel)
        self._wait(self._latest, end - time.monotonic(), cancel)
        lease = self._lease
        if lease is not None and self._has_passed() and not lease.engine.has_current_history():
            left = min(end - time.monotonic(), HISTORY_SECONDS)
            self._wait(self._history.look(), left, cancel, until=lambda: self._history.is_long)

    def _has_passed(self) -> bool:
        lease = self._lease
        return lease is not None and self._passed.issuperset(lease.roots)

    def _release(self, lease: _Lease) -> None:
        with self._lock:
            lease.users -= 1
            last = lease.retired and lease.users == 0
        if last:
            lease.engine.close()

    def _wait(
        self,
        future: Future[Any],
        seconds: float,
        cancel: CancelToken,
        until: Callable[[], object] = lambda: None,
    ) -> None:
        end = time.monotonic() + seconds
        while not future.done() and not until() and (left := end - time.monotonic()) > 0:
            cancel.raise_if_cancelled()
            wait([future], timeout=min(LOOK_SECONDS, left))

    # --- on the indexing thread --------------------------------------------------------------------------------

    def _configure(self, wanted: _Wanted) -> None:
        if wanted is not self._wanted:
            return
        folders = wanted.folders
        wanted.projects = project_files(folders)
        settings, messages = load_settings(wanted.overrides, roots=folders)
        for sentence in messages:
            self._tell(sentence)
        try:
            self._adopt(self._usable(folders), settings)
        except SurefootError as error:
            self._replace(None, str(error))
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the server lives on without an engine
            self._replace(None, report_fault("Opening the index", error))
            self._tell(self._problem)
        else:
            if self._lease is not None:
                self._pass(wanted.run)

    def _usable(self, folders: Sequence[Path]) -> tuple[Path, ...]:
        """The folders that can be indexed; one bad folder of several does not cost the others."""
        from surefoot.workspace.roots import resolve_roots  # noqa: PLC0415 - not needed to answer `initialize`

        usable = []
        for folder in dict.fromkeys(folders):
            try:
                resolve_roots([folder])
            except SurefootError as error:
                if len(folders) == 1:
                    raise
                self._tell(str(error))
            else:
                usable.append(folder)
        return tuple(usable)

    def _adopt(self, roots: tuple[Path, ...], settings: Settings) -> None:
        lease = self._lease
        self._following.follow(roots)
        if not roots:
            self._replace(None, NO_FOLDER)
        elif lease is None or _for_engine(lease.settings) != _for_engine(settings):
            engine = self._factory(roots, settings, self.documents)
            self._replace(_Lease(engine, settings, roots), "")
            self._notices(engine.notices)
        else:
            lease.settings = settings
            lease.engine.set_roots(roots)  # the same ones may hold their tickets elsewhere by now
            lease.roots = roots
        if self._lease is not None:
            self._following.opened()

    def _replace(self, lease: _Lease | None, problem: str) -> None:
        """Swap engines; whoever is in mid-question keeps the old one, and the last of them closes it."""
        if lease is None:
            self._changes.drop()
        with self._lock:
            old, self._lease, self._problem = self._lease, lease, problem
            if old is None:
                return
            old.retired = True
            unused = old.users == 0
        if unused:
            old.engine.close()

    def _pass(self, run: Run) -> None:
        """Look at everything; on battery later, where that is what the user wants."""
        try:
            self._refresh(run, None, note=self._power.unless_missing(run.note))
        except PowerMissingError as error:
            self._notices([str(error)])
            self._power.wait(self._submit_pass)
        except StoreError:
            if (lease := self._lease) is not None:
                self._changes.put(lease.roots, after=RETRY_SECONDS)
            raise

    def _refresh(
        self, run: Run, paths: Sequence[Path] | None, note: Callable[[Progress], None] | None = None
    ) -> IndexReport:
        self._current = run
        try:
            return self._patiently(lambda: self._refreshed(paths, note or run.note, run.cancel))
        finally:
            self._current = None

    def _patiently(self, work: Callable[[], T]) -> T:
        """Have it done at low priority, and wait for it."""
        try:
            future = self._patient_worker.submit(work)
        except RuntimeError as error:  # it was shut down meanwhile
            raise Cancelled(CLOSED) from error
        return future.result()

    # --- on the thread at low priority, and for small batches on the thread of the changes ----------------------

    def _refreshed(
        self, paths: Sequence[Path] | None, note: Callable[[Progress], None], cancel: CancelToken
    ) -> IndexReport:
        with self._leased() as lease:
            report = lease.engine.refresh(paths, progress=note, cancel=cancel, history=False)
            if paths is None:
                self._passed |= frozenset(lease.roots)
                self._power.no_longer_needed()
            self._notices([*lease.engine.notices, *report.notices])  # a damaged index made anew, for one
        self._history.look()
        self._observer.indexed()
        self._observer.reported(report)
        return report

    def _read_history(self, note: Callable[[Progress], None], cancel: CancelToken) -> None:
        """On the thread of the history: read what commits there are, after a pass and whenever HEAD has moved."""
        try:
            with self._leased() as lease:
                read = lease.engine.refresh_history(progress=self._power.unless_missing(note), cancel=cancel)
        except (Cancelled, UsageError):  # there is no engine any more
            return
        except PowerMissingError as error:
            self._notices([str(error)])
            self._power.wait(self._submit_pass)
        except Exception as error:  # noqa: BLE001 - whatever it is, files are followed, and the next look tries again
            self._notices([str(error) if isinstance(error, SurefootError) else report_fault("Reading commits", error)])
        else:
            if read:
                self._observer.indexed()

    def _index_batch(self, batch: Batch) -> None:
        """Where a pass is needed, files that were saved or switched besides do not wait for it."""
        from surefoot.index.indexer import concerns_many  # noqa: PLC0415 - not needed to answer `initialize`

        paths, wanted = batch.paths, self._wanted
        files = [path for path in paths if not concerns_many(path)]
        needs_pass = batch.everything or len(files) < len(paths)
        if wanted is not None and wanted.is_outdated:
            self._configure_again(wanted)
        elif needs_pass:
            self._submit_pass()
        if batch.is_large and not needs_pass:
            self._submit(lambda: self._patiently(lambda: self._index_paths(paths)), self._tell_once)
        elif files and not batch.is_large:
            self._index_paths(files)

    def _index_paths(self, paths: Sequence[Path]) -> None:
        """What cannot be written now is tried again: a new file would not be found by any question."""
        try:
            self._refreshed(paths, lambda _: None, self._closed)
        except Cancelled:
            return
        except StoreError as error:
            self._notices([str(error)])
            self._changes.put(paths, after=RETRY_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next save is followed
            self._notices([str(error) if isinstance(error, SurefootError) else report_fault("Indexing", error)])

    def _submit_pass(self) -> None:
        """Look at everything, unless a look that has not begun will see the same."""
        waiting = self._waiting_pass
        if waiting is None or waiting.done() or waiting.running():
            self._waiting_pass = self._submit(lambda: self._pass(Run()), self._tell_once)

    def _is_open(self, path: Path) -> bool:
        opened = self.documents.paths()
        if not any(each.name == path.name for each in opened):
            return False
        return Path(os.path.realpath(path)) in opened  # Path.resolve raises where links lead in a circle

    # --- small parts -------------------------------------------------------------------------------------------

    def _stop_current(self) -> None:
        if (run := self._current) is not None:
            run.cancel.cancel()

    def _submit(self, job: Callable[[], T], tell: Callable[[str], None] | None) -> Future[T]:
        """Have it done after what was submitted before; `tell` hears of a fault, where nobody waits for the outcome."""

        def unless_closing() -> T:
            if self._closing:
                raise Cancelled(CLOSED)
            return job()

        with self._submitting:  # the latest is the one that runs last
            future = self._latest = self._worker.submit(unless_closing)
        future.add_done_callback(lambda _: self._changes.wake())
        self._observer.busy()
        if tell is not None:
            future.add_done_callback(lambda _: self._report(future, tell))
        return future

    def _has_opened(self, _future: Future[Any]) -> None:
        with self._lock:
            if not self._first_opening.done():
                self._first_opening.set_result(None)

    def _report(self, future: Future[Any], tell: Callable[[str], None]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None and not isinstance(error, Cancelled):
            tell(str(error) if isinstance(error, SurefootError) else report_fault("Indexing", error))

    def _notices(self, notices: Iterable[str]) -> None:
        for sentence in notices:
            self._tell_once(sentence)

    def _tell_once(self, sentence: str) -> None:
        if sentence not in self._told:  # a full disk would be repeated at every save, and at every try
            self._tell(sentence)

    def _tell(self, sentence: str) -> None:
        self._told.add(sentence)
        self._observer.message(sentence)


def _for_engine(settings: Settings) -> Settings:
    """The settings without what concerns the front end only: its change is no reason to load a model again."""
    return settings.model_copy(update=dict.fromkeys(FRONT_END_FIELDS))
