"""API BOUNDARY: what a front end may ask of Surefoot. No protocol types, no printing, no event loop.

Invariant: every method may be called from any thread; long ones take a `CancelToken` and stop soon after it is set.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surefoot.config import Settings
from surefoot.domain import (
    ALL_TRACES,
    NULL_SIMILARITY,
    USUAL_TICKETS,
    Answer,
    AnswerEvent,
    AnswerMode,
    CheckedMention,
    Drift,
    Evidence,
    Explanation,
    FailedFile,
    Hit,
    IndexedFile,
    IndexReport,
    IndexState,
    Metrics,
    Neighbours,
    Progress,
    Query,
    References,
    Root,
    RootCoverage,
    RootStatus,
    Scope,
    SearchResult,
    SkippedFile,
    Source,
    SourceText,
    Span,
    Standing,
    Status,
    Symbol,
    SymbolInfo,
    TextCheck,
    Told,
    TraceFilter,
    TraceSummary,
    Verdict,
    WaitingForModel,
    content_hash,
    is_commit,
)
from surefoot.errors import (
    ModelError,
    ModelNotFoundError,
    ModelUnknownError,
    QueryError,
    RootError,
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreUnwritableError,
    SurefootError,
    TraceNotFoundError,
    UsageError,
)
from surefoot.index.drift import Difference, difference, drift, summed
from surefoot.index.history import bring_history_up, is_current
from surefoot.index.indexer import Indexing, RootReport, index_paths, index_root
from surefoot.index.parsing import Parsers, expect_many_files
from surefoot.index.project import adopted_folders
from surefoot.models.embedder import open_embedder
from surefoot.models.protocols import Embedder, Generator, Judge
from surefoot.models.rates import Allowance, Measured, allowed
from surefoot.models.turns import Asked, InTurn, Turns
from surefoot.recorder import Recorder, without_secrets
from surefoot.replay.record import request_of, surefoot_version, versions_of
from surefoot.retrieve.experiment import NO_EXPERIMENT, Experiment
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources import READING, left_out
from surefoot.store.database import IndexStore
from surefoot.store.memory_folder import MemoryFolder
from surefoot.store.pass_lock import Waiting, one_pass_at_a_time
from surefoot.syntax.languages import LANGUAGES, language_named
from surefoot.trace import CancelToken, Replay, Trace
from surefoot.words import index_words
from surefoot.workspace.documents import Documents, read_if_same
from surefoot.workspace.git import is_refused, repository_above
from surefoot.workspace.history import FEW
from surefoot.workspace.roots import resolve_roots
from surefoot.workspace.walk import IgnoreRules, Walk, walk

if TYPE_CHECKING:  # answers, checks and replays are imported by what needs them: an index that is current needs none
    from surefoot.answer.answerer import OnEvent
    from surefoot.answer.cite import Ground
    from surefoot.replay.plan import Plan
    from surefoot.retrieve.retriever import Retrieved
    from surefoot.retrieve.working_tree import WorkingTree
    from surefoot.store.traces import TraceStore
    from surefoot.workspace.permalinks import Permalinks

HALF_INDEXED = (
    "The last indexing did not reach its end, so what is said to be missing may be there; index again, then ask again."
)
STILL_INDEXING = "so what is said to be missing may still come; ask again when it is done."
NOTHING_INDEXED = "No file is indexed here: check that this is the folder that you mean, and what hides its files."
NOTHING_IN_SCOPE = "The filters let none of the indexed files through; loosen them."
PATHS_BEGIN_INSIDE = (
    "The filters let none of the indexed files through; leave out the name of the folder, as paths begin inside it."
)
IN_MEMORY = (
    "{} cannot be written, so the index is in memory only, is gone when this program ends, and no traces are kept; "
    "set SUREFOOT_CACHE_DIR to a folder that can be written."
)
GIT_REFUSES = (
    "git reads nothing in {0}, which belongs to another user, so its commits are not known; "
    "to trust it: git config --global --add safe.directory {0}"
)
RECORDS = frozenset({Source.COMMITS, Source.TICKETS})
FILLING_PATIENCE = 30.0  # seconds that a question waits for another process that makes the same index anew
QUESTION_SECONDS = 0.2  # that reading commits waits for a question, so that many questions do not stop it
LOOK_SECONDS = 0.05  # how soon a waiting question notices that it was cancelled
NOT_KEPT = "The question before this one is not kept, so this one is understood as it stands."
LONGEST_GLOB = 1000  # characters; those that are compiled take their time, and no other thread gets a turn
LONGEST_SHOWN = 200  # characters of a path that is none
LONGEST_QUESTION = 20_000  # characters; a pasted stack trace fits, a pasted file does not belong into a question


@dataclass(slots=True)
class _Record:
    """What became of a trace: the id under which it can be found, empty where it is not kept."""

    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class _Asking:
    """How an explanation is asked for, by position or by name; `request` is what the trace keeps of that."""

    model: str | None
    on_event: OnEvent
    cancel: CancelToken
    roots: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    request: Mapping[str, Any] = field(default_factory=dict)


class Engine:
    """One workspace: its roots, their indexes, the embedder and the language model. Close it when done."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        documents: Documents,
        experiment: Experiment = NO_EXPERIMENT,
        client: str = "cli",
    ) -> None:
        self.settings = settings
        self.client = client  # whom the traces name as having asked
        self._experiment = experiment
        self.documents = documents
        self._embedder = embedder
        self._lock = threading.RLock()
        self._indexes: dict[Path, RootIndex] = {}
        self._rules: dict[Path, IgnoreRules] = {}
        self._drift: dict[Path, Drift] = {}  # as last counted
        self._askers, self._nobody_asks = 0, threading.Event()
        self._nobody_asks.set()
        self._history: dict[Path, Progress] = {}  # of the roots whose commits are being read
        self._sources: dict[Path, tuple[int, Mapping[Source, int]]] = {}  # by the generation that was counted
        self._parsers = Parsers(settings)
        self._generators: dict[str, Generator | None] = {}
        self._turns = Turns()  # of all models: two that write at once take twice as long each
        self._traces: TraceStore | None = None
        self._memory: MemoryFolder | None = None  # where the indexes are that the user's cache folder cannot take
        self._recorder = Recorder(settings, self._opened_traces, self._notify, surefoot_version)
        self._filling = threading.Lock()
        self._notices: list[str] = []
        self._indexing = 0
        self._is_half_indexed = False

    @classmethod
    def open(
        cls,
        roots: Sequence[Path],
        settings: Settings,
        *,
        documents: Documents | None = None,
        experiment: Experiment = NO_EXPERIMENT,
        client: str = "cli",
    ) -> Engine:
        """Open or create the index of every root. Raises `RootError`, `StoreError` or `ModelError`."""
        engine = cls(settings, open_embedder(settings), documents or Documents(), experiment, client)
        try:
            engine.set_roots(roots)
        except SurefootError:
            engine.close()
            raise
        return engine

    @staticmethod
    def expect_work() -> None:
        """Get ready for questions and for many changes: whoever stays does so in the background, so that none wait."""
        expect_many_files()
        import surefoot.answer.answerer
        import surefoot.retrieve.look_up
        import surefoot.retrieve.retriever  # noqa: F401

    # --- the workspace ---------------------------------------------------------------------------------------

    @property
    def roots(self) -> tuple[Root, ...]:
        """The workspace folders."""
        return tuple(index.root for index in self._current().values())

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the user about what was put right: a damaged index rebuilt, traces that cannot be kept."""
        with self._lock:
            return tuple(dict.fromkeys(self._notices))

    @property
    def indexing(self) -> bool:
        """Whether an indexing run is under way in this process."""
        return self._indexing > 0

    def set_roots(self, roots: Sequence[Path]) -> None:
        """Make `roots` the workspace; the indexes of folders that left it are closed, not deleted."""
        resolved = resolve_roots(roots)
        with self._lock:
            kept = {root.path: self._indexes.get(root.path) for root in resolved}
            left = [index for path, index in self._indexes.items() if path not in kept]
            self._drift = {path: known for path, known in self._drift.items() if path in kept}
            self._indexes = {root.path: kept[root.path] or self._open_index(root) for root in resolved}
            self._rules = {root.path: self._rules.get(root.path) or IgnoreRules(root) for root in resolved}
            for root in map(self._with_tickets, resolved):  # the project may name other folders of them by now
                if self._indexes[root.path].root != root:
                    self._indexes[root.path].root, self._rules[root.path] = root, IgnoreRules(root)
            for path, index in self._indexes.items():
                index.nested = _nested_in(path, self._indexes)
        for index in left:
            index.store.close()

    def _with_tickets(self, root: Root) -> Root:
        """The root; where its project file cannot be read, with the folders of tickets that its index was read by."""
        if root.tickets:
            return root
        index = self._indexes[root.path]
        try:
            return replace(root, tickets=adopted_folders(index.store))
        except StoreError:  # it is made anew by the next pass
            return replace(root, tickets=index.root.tickets or USUAL_TICKETS)

    def _open_index(self, root: Root) -> RootIndex:
        location = database_path(self.settings, root)
        try:
            store = self._open_store(location)
        except StoreUnwritableError as error:
            store = self._open_store(self._in_memory(location, error))
        self._notices.extend(store.notices)
        return RootIndex(root, store)

    def _open_store(self, location: Path) -> IndexStore:
        return IndexStore.open(
            location,
            self._embedder.identity,
            lock_timeout=self.settings.lock_timeout,
            lexer=index_words,
            reading=READING,
        )

    def _in_memory(self, location: Path, error: StoreUnwritableError) -> Path:
        """Where an index is kept while its folder cannot be written: better an answer without a memory than none."""
        if self._memory is None:
            try:
                self._memory = MemoryFolder.make()
            except OSError:
                raise error from None
            self._notify(IN_MEMORY.format(location.parent))
        return self._memory.take_over(location)

    def close(self) -> None:
        """Stop the model and close the databases."""
        self._recorder.close()
        with self._lock:
            generators = [generator for generator in self._generators.values() if generator is not None]
            self._generators.clear()
            indexes, self._indexes = list(self._indexes.values()), {}
            traces, self._traces = self._traces, None
        self._parsers.close()
        for generator in generators:
            generator.close()
        for index in indexes:
            index.store.close()
        if traces is not None:
            traces.close()
        if self._memory is not None:
            self._memory.close()

    # --- the write walk --------------------------------------------------------------------------------------

    def preview(self) -> list[tuple[Root, Walk]]:
        """What would be indexed, and why the rest would not. Reads every file that its name does not rule out."""
        return [(root, self._preview(root)) for root in self.roots]

    def _preview(self, root: Root) -> Walk:
        walked = walk(root, self.settings, rules=self._rules_of(root))
        outcomes = {entry.path: left_out(root, entry.path, self.settings) for entry in walked.files}
        skipped = [outcome for outcome in outcomes.values() if isinstance(outcome, SkippedFile)]
        failed = [outcome for outcome in outcomes.values() if isinstance(outcome, FailedFile)]
        return Walk(
            tuple(entry for entry in walked.files if outcomes[entry.path] is None),
            tuple(sorted((*walked.skipped, *skipped), key=_path_of)),
            tuple(sorted((*walked.failed, *failed), key=_path_of)),
        )

    def refresh(
        self,
        paths: Sequence[Path] | None = None,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
        patience: float = math.inf,
        history: bool = True,
    ) -> IndexReport:
        """Bring the index up to date: all of it, or only `paths` (absolute; created, saved, renamed or deleted).

        A pass over everything waits for the one of another process: `patience` seconds at most, then StoreBusyError.
        Commits come after all files; without `history` they are left to `refresh_history`.
        """
        start = time.perf_counter()
        reports = []
        with self._marked_indexing():
            for index in self._current().values():
                indexing = self._work_on(index, progress, cancel)
                if paths is None:
                    self._is_half_indexed = True
                inside = None if paths is None else _inside(index.root, paths)
                if inside is None or inside:
                    reports.append(self._brought_up(index, indexing, inside, patience))
        if paths is None:
            self._is_half_indexed = False
            if history:
                self.refresh_history(progress=progress, cancel=cancel)
        report = self._report(reports, time.perf_counter() - start)
        return report if paths is not None else replace(report, commits=self.state().sources.get(Source.COMMITS, 0))

    def refresh_history(
        self, *, progress: Callable[[Progress], None] | None = None, cancel: CancelToken | None = None
    ) -> int:
        """Make the indexed commits those that lead to each HEAD, and tell how many were read.

        Takes no time where they are, and a minute for some ten thousand that were never read; questions go on
        meanwhile, and find what was read so far.
        """
        read = 0
        for index in self._current().values():
            if not index.is_replaced:  # otherwise files come first
                read += self._read_history(index, progress or (lambda _: None), cancel)
        return read

    def has_current_history(self) -> bool:
        """Whether `refresh_history` would do nothing, as far as a look at some small files tells."""
        try:
            return all(is_current(self._work_on(index, None, None)) for index in self._current().values())
        except StoreError:
            return True  # an index that is lost is made anew by the question itself, commits and all

    def _read_history(self, index: RootIndex, progress: Callable[[Progress], None], cancel: CancelToken | None) -> int:
        def note(latest: Progress) -> None:
            with self._lock:
                self._history[index.root.path] = latest
            progress(latest)

        try:
            report = bring_history_up(self._work_on(index, note, cancel), between=self._let_questions_go_first)
        finally:
            with self._lock:
                self._history.pop(index.root.path, None)
        if report.read:
            self._calibrate(index.store)
        if not report.is_complete:
            for refusal in _refusals([index.root]):
                self._notify(refusal)
        return report.read

    def refusals(self) -> tuple[str, ...]:
        """What to tell of roots in which git reads nothing now; who did not ask for commits need not be told."""
        return _refusals(self.roots)

    def _let_questions_go_first(self) -> None:
        """Two threads of Python that are both busy slow each other down; a question is over in some milliseconds."""
        self._nobody_asks.wait(QUESTION_SECONDS)

    @contextmanager
    def _asking_now(self) -> Iterator[None]:
        with self._lock:
            self._askers += 1
            self._nobody_asks.clear()
        try:
            yield
        finally:
            with self._lock:
                self._askers -= 1
                if not self._askers:
                    self._nobody_asks.set()

    def _work_on(
        self, index: RootIndex, progress: Callable[[Progress], None] | None, cancel: CancelToken | None
    ) -> Indexing:
        return Indexing(
            index.root,
            index.store,
            self._embedder,
            self.settings,
            progress or (lambda _: None),
            cancel or CancelToken(),
            self._rules_of(index.root),
            self._parsers,
        )

    def _brought_up(
        self, index: RootIndex, indexing: Indexing, inside: Sequence[str] | None, patience: float
    ) -> RootReport:
        """Index the paths, or the whole root where that is asked for or its database is no longer the one it was."""
        try:
            self._renew(index)
            report = self._indexed(index, indexing, inside, patience)
        except StoreDamagedError:  # met just now; it is marked, so that it is made anew
            self._renew(index)
            report = self._indexed(index, indexing, None, patience)
        self._keep_drift(index.root, report.drift)
        return report

    def _renew(self, index: RootIndex) -> None:
        index.store.renew()
        for notice in index.store.notices:
            self._notify(notice)

    def _indexed(
        self, index: RootIndex, indexing: Indexing, inside: Sequence[str] | None, patience: float
    ) -> RootReport:
        if inside is not None and not index.is_replaced:
            return index_paths(indexing, inside)
        file = index.store.identity()
        with one_pass_at_a_time(index.store.location, Waiting(indexing.progress, indexing.cancel, patience)) as tell:
            report = index_root(replace(indexing, progress=tell))
            if report.indexed or report.removed or index.store.meta(NULL_SIMILARITY) is None:
                self._calibrate(index.store)
        index.filled = file
        return report

    def _calibrate(self, store: IndexStore) -> None:
        from surefoot.retrieve.floor import calibrate

        calibrate(store, self._embedder)

    def _report(self, reports: Sequence[RootReport], seconds: float) -> IndexReport:
        counts = [index.store.counts() for index in self._current().values()]
        skipped: Counter[str] = Counter()
        for report in reports:
            skipped.update(report.skipped)
        return IndexReport(
            files=sum(report.files for report in reports),
            indexed=sum(report.indexed for report in reports),
            unchanged=sum(report.unchanged for report in reports),
            removed=sum(report.removed for report in reports),
            skipped=dict(sorted(skipped.items())),
            failed=tuple(failure for report in reports for failure in report.failed),
            symbols=sum(count.symbols for count in counts),
            chunks=sum(count.chunks for count in counts),
            seconds=round(seconds, 3),
        )

    def _refresh_files(self, root: Root, paths: Sequence[str]) -> None:
        """Re-index files that a question met and that are not as they were indexed.

        A file that is gone may have been renamed, and nobody may have told us what else has happened: then the whole
        root is walked, which takes a tenth of a second for some thousand files; a pass under way does that anyway.
        """
        files = [root.path / path for path in paths if not is_commit(path)]
        commits = [root.path / path for path in paths if is_commit(path)]
        is_passing = self.indexing and self._is_half_indexed
        self.refresh([*commits, *(files if is_passing or all(file.exists() for file in files) else [root.path])])

    @contextmanager
    def _marked_indexing(self) -> Iterator[None]:
        with self._lock:
            self._indexing += 1
        try:
            yield
        finally:
            with self._lock:
                self._indexing -= 1

    # --- the read walk ---------------------------------------------------------------------------------------

    def search(
        self,
        query: Query,
        *,
        cancel: CancelToken | None = None,
        roots: Sequence[Path] = (),
        traced: bool = True,
    ) -> SearchResult:
        """The chunks that are about the query, best first, each compared with disk just now."""
        query = _checked(query)
        trace = self._begun("search", query, roots)
        with self._recorded(trace, wanted=traced) as record:
            found = self._retrieve(query, roots, trace, cancel or CancelToken())
            trace.outcome = _counted(len(found.hits), "hit") if found.hits else "no match"
        return SearchResult(
            query.text,
            record.trace_id,
            no_match=not found.hits,
            hits=found.hits,
            near_misses=found.near_misses,
            stages=trace.timings(),
            notices=found.notices,
            drift=self.drift,
        )

    def ask(
        self,
        query: Query,
        *,
        model: str | None = None,
        on_event: Callable[[AnswerEvent], None] | None = None,
        cancel: CancelToken | None = None,
        roots: Sequence[Path] = (),
    ) -> Answer:
        """An answer whose claims and citations were checked; `on_event` gets evidence and claims as they come.

        With `query.after`, a question that refers back is understood with what was cited there.
        """
        query = _checked(query)
        trace, token = self._begun("ask", query, roots, model), cancel or CancelToken()
        with self._recorded(trace) as record:
            self._check_model(model)
            understood, notices = self._understood(query)
            trace.request.update(understood=understood.text, added=list(understood.added))
            found = self._retrieve(understood, roots, trace, token)
            found = replace(found, notices=(*notices, *found.notices))
            answer = self._answer(understood, found, trace, token, model, on_event or (lambda _: None))
        return replace(answer, question=query.text, trace_id=record.trace_id)

    def _understood(self, query: Query) -> tuple[Query, tuple[str, ...]]:
        """The question with the names that it refers back to, or as it is, and what to tell about that."""
        from surefoot.answer.answerer import cited_in
        from surefoot.retrieve.follow_up import follow_up, refers_back
        from surefoot.retrieve.pointed import names_lines

        if query.after is None or names_lines(query.text) or not refers_back(query.text):
            return query, ()
        if not query.after:
            return query, (NOT_KEPT,)
        try:
            before = self.trace(query.after)
        except (TraceNotFoundError, StoreError):
            return query, (NOT_KEPT,)
        # A question that found nothing to cite was still about something, if it referred back itself.
        added_before = [name for stage in before.stages for name in stage.details.get("added", ())]
        text, added = follow_up(query.text, cited_in(before) or added_before)
        return replace(query, text=text, added=added), ()

    def explain(
        self,
        path: Path,
        line: int,
        character: int,
        *,
        model: str | None = None,
        on_event: Callable[[AnswerEvent], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> Answer:
        """An answer about the symbol at a position (`line` 1-based, `character` 0-based), its definition first."""
        info = self.hover(path, line, character)
        if info is None:
            raise QueryError(f"No indexed symbol stands at {path.name}:{line}; put the cursor on a name.")
        position = {"path": str(path), "line": line, "character": character}
        asking = _Asking(model, on_event or (lambda _: None), cancel or CancelToken(), request={"position": position})
        return self._explained(info.root, info.symbol, asking)

    def _explained(self, root: Root, symbol: Symbol, asking: _Asking) -> Answer:
        query = Query(f"What does `{symbol.qualified_name}` do?")
        trace = self._begun("explain", query, asking.roots, asking.model)
        trace.request |= {**asking.request, "symbol": symbol.qualified_name, "file": str(root.path / symbol.span.path)}
        with self._recorded(trace) as record:
            self._check_model(asking.model)
            found = self._retrieve(query, asking.roots, trace, asking.cancel)
            hits = _definition_first(found.hits, symbol)
            found = replace(found, hits=hits, notices=(*asking.notices, *found.notices))
            told = cache(lambda: self._around(root, symbol))
            answer = self._answer(query, found, trace, asking.cancel, asking.model, asking.on_event, around=told)
        if answer.mode is AnswerMode.LLM:
            by_index = {each.text for each in told()}
            written = tuple(claim for claim in answer.claims if claim.text not in by_index)
            self._keep_explanation(root, symbol, replace(answer, claims=written), asking.model)
        return replace(answer, trace_id=record.trace_id)

    def _around(self, root: Root, symbol: Symbol) -> tuple[Told, ...]:
        """Who calls a symbol, what it calls, which tests and tickets name it."""
        from surefoot.retrieve.around import around
        from surefoot.retrieve.working_tree import Definition

        index = self._current().get(root.path)
        return () if index is None else around(Definition(index, symbol), self._tree({root.path: index}))

    def _asked_calls(self, found: Retrieved) -> tuple[Told, ...]:
        """The calls that a question asks for, in the roots that it was answered from."""
        from surefoot.retrieve.asked_calls import asked_calls

        roots = {hit.root.path for hit in found.hits}
        return asked_calls(found.resolved, self._tree({p: index for p, index in self._current().items() if p in roots}))

    def _begun(self, kind: str, query: Query, roots: Sequence[Path], model: str | None = None, **more: Any) -> Trace:
        """The trace of a question, with everything that is needed to ask it again; `more` goes into its request."""
        workspace = [root.path for root in self.roots]
        wanted = self.settings.model if model is None else model
        return Trace(
            kind,
            query.text,
            client=self.client,
            request=request_of(query, map(_resolved, roots), workspace, model, **more),
            versions=versions_of(self.settings, self._embedder.identity, self._experiment.ablated, wanted),
        )

    def _retrieve(
        self,
        query: Query,
        roots: Sequence[Path],
        trace: Trace,
        cancel: CancelToken,
        experiment: Experiment | None = None,
    ) -> Retrieved:
        told = self._fill_replaced(roots, cancel)
        try:
            found = self._retrieved(query, roots, trace, cancel, experiment)
        except StoreDamagedError:  # met just now; it is marked, so that it is made anew
            told = self._fill_replaced(roots, cancel)
            found = self._retrieved(query, roots, trace, cancel, experiment)
        return replace(found, notices=(*told, *found.notices)) if told else found

    def _fill_replaced(self, roots: Sequence[Path], cancel: CancelToken) -> tuple[str, ...]:
        """Index anew what was deleted or damaged under this engine, so that no question is asked of what is left."""
        if not any(index.is_replaced for index in self._in_scope(roots).values()):
            return ()
        with self._alone_in_filling(cancel):
            lost = [index for index in self._in_scope(roots).values() if index.is_replaced]
            before = self.notices
            try:
                self.refresh([index.root.path for index in lost], cancel=cancel, patience=FILLING_PATIENCE)
            except StoreBusyError as error:
                return (str(error),)
        return tuple(notice for notice in self.notices if notice not in before)

    @contextmanager
    def _alone_in_filling(self, cancel: CancelToken) -> Iterator[None]:
        """One question makes an index anew, which takes a while; the others wait for it, and can be cancelled."""
        while not self._filling.acquire(timeout=LOOK_SECONDS):
            cancel.raise_if_cancelled()
        try:
            yield
        finally:
            self._filling.release()

    def _retrieved(
        self,
        query: Query,
        roots: Sequence[Path],
        trace: Trace,
        cancel: CancelToken,
        experiment: Experiment | None = None,
    ) -> Retrieved:
        from surefoot.retrieve.asked import asked_sources
        from surefoot.retrieve.retriever import Retrieval, retrieve

        in_scope, workspace = self._in_scope(roots), len(self._current())
        retrieval = Retrieval(
            in_scope,
            self._embedder,
            self.documents,
            self._refresh_files,
            experiment or self._experiment,
            None if trace.kind == "search" else self.state(),  # counting takes a twentieth of a search's time
            has_several_roots=workspace > 1,
            is_part=len(in_scope) < workspace,
        )
        is_told = trace.kind != "search"
        before = self._unfinished() if is_told else ""
        with self._asking_now():
            found = retrieve(query, retrieval, trace, cancel)
        # Looked at on both sides: what was found while the index was filling up is not all that there is.
        unfinished = (self._unfinished() or before) if is_told else ""
        told = [] if found.hits else self._why_nothing(in_scope, query.scope)
        told += [unfinished] if unfinished else []
        if asked_sources(found.resolved) & RECORDS:
            # git is not asked about roots of which commits are known
            bare = [index.root for index in self._current().values() if not index.store.has_source(Source.COMMITS)]
            told += _refusals(bare)
        return replace(found, notices=(*found.notices, *told)) if told else found

    def _why_nothing(self, in_scope: Mapping[Path, RootIndex], scope: Scope) -> list[str]:
        if not any(index.store.counts().files for index in self._current().values()):
            drift = self.drift  # known once the disk was looked at: before that, files may still come
            return [NOTHING_INDEXED] if not self.indexing and drift and not drift.unindexed_files else []
        if _holds_any(in_scope, scope):
            return []
        begins_with_root = any(path.startswith(f"{root.path.name}/") for path in scope.paths for root in self.roots)
        return [PATHS_BEGIN_INSIDE] if begins_with_root else [NOTHING_IN_SCOPE]

    def _unfinished(self) -> str:
        """A sentence for whoever asks while the index is not whole."""
        files, waiting = self.state().files, sum(i.store.vectorless_files() for i in self._current().values())
        by_words = f"{waiting:,} of {_counted(files, 'file')} can be found by words and names only" if waiting else ""
        history = self._unfinished_history()
        if history:
            return f"{history} {self._unfinished_files(files, by_words)}".strip()
        return self._unfinished_files(files, by_words)

    def _unfinished_history(self) -> str:
        """A sentence for whoever asks while commits are read, other than the few that came just now."""
        with self._lock:
            found = [progress for progress in self._history.values() if progress.total > FEW]
        done, total = sum(progress.done for progress in found), sum(progress.total for progress in found)
        return f"The history is being read ({done:,} of {total:,} commits so far), {STILL_INDEXING}" if found else ""

    def _unfinished_files(self, files: int, by_words: str) -> str:
        if self.indexing:
            so_far = f"{_counted(files, 'file')} so far{f'; {by_words}' if by_words else ''}"
            return f"Indexing goes on ({so_far}), {STILL_INDEXING}"
        told = [HALF_INDEXED] if self._is_half_indexed else []
        told += [f"{by_words}, as their vectors are not made yet; index again."] if by_words else []
        return " ".join(told)

    def _answer(
        self,
        query: Query,
        found: Retrieved,
        trace: Trace,
        cancel: CancelToken,
        model: str | None,
        on_event: OnEvent,
        settings: Settings | None = None,
        around: Callable[[], Sequence[Told]] = tuple,
    ) -> Answer:
        from surefoot.answer.answerer import Answering, answer
        from surefoot.answer.findings import Findings

        on_event(Evidence(found.hits))
        generator, notice = self._generator(model) if found.hits else (None, "")
        notices = (*found.notices, *([notice] if notice else []))
        calls = partial(self._asked_calls, found)
        findings = Findings(query, found.hits, found.resolved, found.near_misses, self.state(), notices, around, calls)
        allowance = None if settings else self._allowance(generator)
        if generator is not None:
            generator = InTurn(
                generator, self._turns, Asked(cancel, on_wait=lambda notice: on_event(WaitingForModel(notice)))
            )
        if allowance is not None:  # a replay shows its model as much
            trace.versions["settings"] |= {"context_tokens": allowance.tokens}
        result = answer(
            findings,
            Answering(generator, self._ground(), settings or self.settings, on_event, allowance, self._gone_from()),
            trace,
            cancel,
        )
        trace.versions["model"] = result.model
        claims = _counted(len(result.claims), "claim")
        trace.outcome = "abstained" if result.abstained else f"{result.mode.value}, {claims}"
        return result

    def _allowance(self, generator: Generator | None) -> Allowance | None:
        """What a model may be shown that knows how fast it is here; None of others."""
        if not isinstance(generator, Measured):
            return None
        checks = isinstance(generator, Judge) and generator.believed_at is not None
        return allowed(generator.rates, self.settings.first_claim_seconds, self.settings.context_tokens, checks=checks)

    def _gone_from(self) -> Callable[[Hit], Sequence[str]]:
        """What tells of a cited text which of the things that it names are gone; the tree is looked at when asked."""
        tree = cache(self._tree)

        def gone(hit: Hit) -> Sequence[str]:
            from surefoot.checks.gone import gone_from

            return gone_from(hit, tree())

        return gone

    def _ground(self) -> Ground:
        from surefoot.answer.cite import Ground

        return Ground(self.documents, self._is_ignored, self.settings.max_file_bytes)

    def _check_model(self, model: str | None) -> None:
        """A model that was asked for by name and is not there is told before the work, whatever the question."""
        if model is not None:
            self._generator(model)

    def _generator(self, model: str | None) -> tuple[Generator | None, str]:
        """The language model, started once; none and a sentence where the default one cannot be used."""
        from surefoot.models.open import open_generator

        name = self.settings.model if model is None else model
        with self._lock:
            if name not in self._generators:
                try:
                    self._generators[name] = open_generator(self.settings, model=name)
                except ModelError as error:
                    if model is not None:
                        raise
                    return None, f"Answered without a language model: {error}"
            return self._generators[name], ""

    def hover(self, path: Path, line: int, character: int) -> SymbolInfo | None:
        """What the name at a position is: its definition and its usages. No model call."""
        from surefoot.retrieve.look_up import look_up

        index, relative = self._locate(path)
        if index is None:
            return None
        lines = self._reader(index)
        word = _word(lines(relative), line, character)
        info = look_up(index, Span(relative, line, line), word, lines) if word else None
        return info and replace(info, explanation=self._explanation(index, info.symbol, lines))

    def _explanation(self, index: RootIndex, symbol: Symbol, lines: Callable[[str], list[str]]) -> Explanation | None:
        """What a model said of a definition, if that holds for the lines that are there now. One look-up, no model."""
        from surefoot.answer.explain import key_of, standing

        written_by = self._written_by(None)
        text = lines(symbol.span.path)
        kept = index.store.explanation(key_of(symbol, text, written_by)) if written_by else None
        return None if kept is None else standing(kept, symbol, text)

    def _written_by(self, model: str | None) -> tuple[str, ...]:
        """By what an explanation is made, another one of which would say something else; nothing where no model is."""
        from surefoot.models.catalog import NONE, known_as

        wanted = known_as(self.settings.model if model is None else model)
        return () if wanted.strip().lower() == NONE else (wanted, str(self._embedder.identity), surefoot_version())

    def _keep_explanation(self, root: Root, symbol: Symbol, answer: Answer, model: str | None) -> None:
        """Keep what hover may show of it; an index that cannot be written costs no answer."""
        from surefoot.answer.explain import key_of, to_keep
        from surefoot.retrieve.look_up import where_now

        index, written_by = self._current().get(root.path), self._written_by(model)
        if index is None or not written_by:
            return
        lines = self._reader(index)
        with suppress(StoreError):
            now = where_now(index, symbol, lines)
            text = lines(symbol.span.path)
            content = to_keep(answer, root, now, text, datetime.now(UTC)) if now is not None else ""
            if now is not None and content:
                with index.store.writing() as writer:
                    writer.keep_explanation(key_of(now, text, written_by), now.span.path, content)

    def definition(self, path: Path, line: int, character: int) -> Symbol | None:
        """What the name at a position is defined as, without looking for its usages."""
        from surefoot.retrieve.look_up import definition_of

        index, relative = self._locate(path)
        if index is None:
            return None
        lines = self._reader(index)
        word = _word(lines(relative), line, character)
        return definition_of(index, Span(relative, line, line), word, lines) if word else None

    def definitions_in(self, path: Path) -> list[Symbol]:
        """The indexed definitions of a file, each where it stands now; those that are gone from it are left out."""
        from surefoot.retrieve.look_up import standing_definitions

        index, relative = self._locate(path)
        return [] if index is None else standing_definitions(index, relative, self._reader(index))

    def _reader(self, index: RootIndex) -> Callable[[str], list[str]]:
        from surefoot.retrieve.look_up import current_lines

        @cache  # one look reads a file once, however many places in it are looked at
        def lines(name: str) -> list[str]:
            return current_lines(index.root, name, self.documents, self.settings.max_file_bytes)

        return lines

    def symbols(self, query: str, limit: int = 100) -> list[tuple[Root, Symbol]]:
        """Symbols with a name like `query`, best first."""
        from surefoot.retrieve.look_up import find_symbols

        return find_symbols(list(self._current().values()), query, limit, self._placed)

    def _placed(self, index: RootIndex, symbol: Symbol) -> Symbol | None:
        from surefoot.retrieve.look_up import placed_in_file

        return placed_in_file(index, symbol, self.documents, self.settings.max_file_bytes)

    def files_like(self, text: str, limit: int = 10) -> list[tuple[Root, str]]:
        """Indexed files whose paths are like `text`, best first."""
        from surefoot.retrieve.look_up import find_files

        return find_files(list(self._current().values()), text, limit)

    def indexed_files(self) -> list[tuple[Root, IndexedFile]]:
        """Every indexed file, folder by folder in the order of their paths."""
        indexes = self._current().values()
        return [(index.root, file) for index in indexes for _, file in sorted(index.store.files().items())]

    def symbols_in(self, root: Root, path: str) -> list[Symbol]:
        """The symbols of an indexed file in the order of their lines."""
        from surefoot.retrieve.look_up import outline

        return outline(self._current()[root.path], path, self.documents, self.settings.max_file_bytes)

    # --- places that were shown earlier ----------------------------------------------------------------------

    def recheck(self, root: Path, span: Span, text: str, symbol: str = "") -> Standing:
        """Where `text`, which was cited as `span` of a root, stands at this moment. Raises RootError."""
        from surefoot.answer.cite import cited_chunk, recheck

        index = next(iter(self._in_scope([root]).values()))
        standing = recheck(index.root, cited_chunk(span, symbol, text), self._ground())
        return replace(standing, span=span) if standing.verdict is Verdict.MISSING else standing

    def permalinks(self, places: Iterable[tuple[Path, int, int]]) -> list[str]:
        """The web address of each place (absolute path, first and last line) as its remote has it, or ""."""
        from surefoot.workspace.permalinks import Permalinks

        links = Permalinks()
        return [self._permalink(links, path, start, end) for path, start, end in places]

    def _permalink(self, links: Permalinks, path: Path, start: int, end: int) -> str:
        from surefoot.retrieve.look_up import current_lines

        index, relative = self._locate(path)
        if index is None or self._is_ignored(index.root, relative):
            return ""
        lines = tuple(current_lines(index.root, relative, self.documents, self.settings.max_file_bytes))
        return links.to(index.root.path / relative, lines, start, end) if start <= end <= len(lines) else ""

    # --- checks and lookups by name --------------------------------------------------------------------------

    def check_text(self, text: str, *, roots: Sequence[Path] = ()) -> TextCheck:
        """A verdict on every path, place and name of the workspace that a text mentions, as the tree is now."""
        from surefoot.checks.check_text import check_text

        tree, notices = self._looked_at(roots)
        return replace(check_text(text, tree), notices=notices)

    def document_drift(self, path: Path, text: str, cancel: CancelToken | None = None) -> TextCheck | None:
        """What a document, or the docstrings of a file of code, names and is not there.

        None where that cannot be told: the file is in no root, is ignored, or the index is not whole yet.
        """
        from surefoot.checks.drift import Document, document_drift

        index, relative = self._locate(path)
        if index is None or self.indexing or self._is_half_indexed or self._is_ignored(index.root, relative):
            return None
        return document_drift(Document(index, relative, text), self._tree(), cancel or CancelToken())

    def documents_drift(
        self, paths: Sequence[Path], cancel: CancelToken
    ) -> Iterator[tuple[Root, str, str, tuple[CheckedMention, ...]]]:
        """The same for every indexed file, or those at or below `paths`, each with its text."""
        from surefoot.checks.drift import Document, document_drift
        from surefoot.checks.files import Files

        tree, wanted = self._tree(), [_resolved(path) for path in paths]
        files = Files(tree)
        for index in tree.indexes:
            for relative in index.store.paths():
                if wanted and not any((index.root.path / relative).is_relative_to(each) for each in wanted):
                    continue
                document = Document(index, relative, "\n".join(tree.lines(index, relative)))
                yield index.root, relative, document.text, document_drift(document, tree, cancel, files).mentions

    def _tree(self, indexes: Mapping[Path, RootIndex] | None = None) -> WorkingTree:
        """These indexes, or all, with what is on disk and in buffers laid over them."""
        from surefoot.retrieve.working_tree import WorkingTree

        ground, indexes = self._ground(), self._current() if indexes is None else indexes
        return WorkingTree(list(indexes.values()), ground.documents, ground.max_bytes, ground.is_ignored)

    def references(
        self, name: str, *, roots: Sequence[Path] = (), path: str = "", offset: int = 0, limit: int = 50
    ) -> References:
        """One page of the lines that hold a name, its definitions first, read from disk now. Raises QueryError."""
        from surefoot.retrieve.named import Named
        from surefoot.retrieve.references import Page, references

        tree, notices = self._looked_at(roots)
        return replace(references(Named(name, path), tree, Page(offset, limit)), notices=notices)

    def explain_symbol(
        self,
        name: str,
        *,
        roots: Sequence[Path] = (),
        path: str = "",
        model: str | None = None,
        on_event: Callable[[AnswerEvent], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> Answer:
        """As `explain`, for a plain or qualified name; where others have it too, a notice says so and where."""
        from surefoot.retrieve.explained import meant
        from surefoot.retrieve.named import Named

        tree, _ = self._looked_at(roots)
        definition, notices = meant(Named(name, path), tree)
        root = definition.index.root
        asking = _Asking(model, on_event or (lambda _: None), cancel or CancelToken(), (root.path,), notices)
        return self._explained(root, definition.symbol, asking)

    def source(self, path: Path) -> SourceText:
        """A file as it stands now. Raises RootError outside of the roots, QueryError for what must not be shown."""
        from surefoot.checks.source import source_text

        root, relative = self.locate(path)
        return source_text(self._current()[root.path], relative, self._ground())

    def neighbours(self, name: str, *, roots: Sequence[Path] = (), path: str = "") -> Neighbours:
        """What stands around a symbol: where it is defined, what it contains, names and is named by. Capped."""
        from surefoot.retrieve.named import Named
        from surefoot.retrieve.neighbours import neighbours

        tree, _ = self._looked_at(roots)
        return neighbours(Named(name, path), tree)

    def _looked_at(self, roots: Sequence[Path]) -> tuple[WorkingTree, tuple[str, ...]]:
        """The roots as they are now: what has changed since it was indexed is indexed first, which is cheap."""
        indexes = self._in_scope(roots)
        notices = [self._unfinished()]
        if not self.indexing:
            try:
                self.refresh(list(indexes))
            except StoreError as error:
                notices.append(f"Changed files could not be re-indexed, so some may be judged as they were: {error}")
        return self._tree(indexes), tuple(filter(None, notices))

    # --- what is known ---------------------------------------------------------------------------------------

    def status(self, *, details: bool = False) -> Status:
        """The state of the indexes, measured against disk now; with `details`, every file that is left out."""
        return Status(
            tuple(self._root_status(index, details=details) for index in self._current().values()),
            str(self._embedder.identity),
            self.settings.model,
            self._model_state(),
            time.time(),
            self.indexing,
        )

    def _root_status(self, index: RootIndex, *, details: bool) -> RootStatus:
        store, root = index.store, index.root
        found, measured = self._measure(index)
        skipped, failed = store.outcomes()
        counts = store.counts()
        return RootStatus(
            root,
            store.location,
            counts.bytes,
            counts.files,
            counts.symbols,
            counts.chunks,
            measured.drifted_chunks,
            found.drifted,
            measured.unindexed_files,
            counts.languages,
            dict(Counter(skip.reason.value for skip in skipped)),
            failed,
            skipped if details else (),
            self._sources_of(index),
        )

    @property
    def drift(self) -> Drift | None:
        """How far the indexes were behind the disk when that was last counted; None where one never was."""
        roots = self._current()
        with self._lock:
            return summed(self._drift.get(path) for path in roots)

    def measure(self) -> Drift | None:
        """Count now how far the indexes are behind the disk: a walk of each root, and no file read that need not be."""
        for index in self._current().values():
            self._measure(index)
        return self.drift

    def _measure(self, index: RootIndex) -> tuple[Difference, Drift]:
        store, root, measured_at = index.store, index.root, time.time()
        rules = self._rules_of(root)
        walked, known = walk(root, self.settings, rules=rules), store.files()
        found = difference(rules, walked, known, store.outcomes())
        measured = drift(store, found, len(known), measured_at)
        self._keep_drift(root, measured)
        return found, measured

    def _keep_drift(self, root: Root, measured: Drift | None) -> None:
        """Remember a count. Single files that were indexed or reported are none."""
        with self._lock:
            if measured is not None and root.path in self._indexes:
                self._drift[root.path] = measured

    def _model_state(self) -> str:
        if self.settings.model == "none":
            return "off"
        with self._lock:
            if self._generators.get(self.settings.model) is not None:
                return "loaded"
        from surefoot.models.open import open_generator

        try:
            generator = open_generator(self.settings)
        except ModelError as error:
            return str(error)
        if generator is not None:
            generator.close()
        return "ready"

    def coverage(self) -> tuple[RootCoverage, ...]:
        """Every file on disk and in the indexes, compared now."""
        return tuple(self._coverage(index) for index in self._current().values())

    def _coverage(self, index: RootIndex) -> RootCoverage:
        from surefoot.index.coverage import coverage

        root, indexed = index.root, index.store.files()
        walked = walk(root, self.settings, rules=self._rules_of(root))

        def differs(path: str) -> bool:
            return read_if_same(root, indexed[path]) is None

        return RootCoverage(root, coverage(walked, indexed, index.store.outcomes(), differs))

    def traces(self, limit: int = 50, wanted: TraceFilter = ALL_TRACES) -> list[TraceSummary]:
        """The latest traces that are wanted, newest first. Raises QueryError or TraceNotFoundError for a bad filter."""
        return self._trace_store().list(limit, wanted)

    def trace(self, trace_id: str) -> Trace:
        """One trace by its id or an unambiguous beginning of it."""
        return self._trace_store().get(trace_id)

    def metrics(self, days: float = 30) -> Metrics:
        """What the traces of the last days come to: how fast, how often without an answer, what failed."""
        return self._trace_store().metrics(days)

    def replay(self, trace_id: str, overrides: Sequence[str] = (), *, cancel: CancelToken | None = None) -> Replay:
        """Ask the question of a trace again, of the index and the code as they are now, and tell what differs.

        `overrides` are like "rerank.off=true" (see `replay.options`). The open index answers: whoever wants today's
        files in it refreshes first. Raises TraceNotFoundError, UsageError or ModelError.
        """
        from surefoot.replay.compare import compared
        from surefoot.replay.plan import as_planned, planned

        before, token = self.trace(trace_id), cancel or CancelToken()
        plan = planned(before, self.settings, overrides)
        trace = self._begun("replay", _checked(plan.query), self._replayed_roots(plan), plan.model)
        trace.request |= {"of": before.trace_id, "kind": plan.kind, "set": list(plan.overrides)}
        trace.request |= {"symbol": plan.symbol, "file": str(plan.file) if plan.file else None}
        trace.versions |= as_planned(plan)
        with self._recorded(trace) as record:
            self._ask_again(plan, trace, token)
        # What was kept is compared with what was kept: both have the same masks and limits.
        return compared(before, self._kept(trace, record))

    def _kept(self, trace: Trace, record: _Record) -> Trace:
        """The trace as it was kept, or as it would have been, without an id."""
        try:
            return self.trace(record.trace_id)
        except (TraceNotFoundError, StoreError):
            return replace(without_secrets(trace), trace_id="")

    def _ask_again(self, plan: Plan, trace: Trace, cancel: CancelToken) -> None:
        if plan.kind != "search":
            self._check_replayed_model(plan)
        query = _checked(plan.query)
        understood, notices = self._understood(query)
        if notices and plan.understood:  # the question before it is gone, so it means what it meant then
            understood = replace(query, text=plan.understood, added=plan.added)
        trace.request.update(understood=understood.text, added=list(understood.added))
        roots = [Path(root) for root in trace.request["roots"]]
        found = self._retrieve(understood, roots, trace, cancel, plan.experiment)
        if plan.kind == "search":
            trace.outcome = _counted(len(found.hits), "hit") if found.hits else "no match"
            return
        told: Callable[[], Sequence[Told]] = tuple
        if plan.file is not None:
            defined = [s for s in self.definitions_in(plan.file) if s.qualified_name == plan.symbol]
            found = replace(found, hits=_definition_first(found.hits, defined[0])) if defined else found
            if defined:
                told = partial(self._around, self.locate(plan.file)[0], defined[0])
        self._answer(understood, found, trace, cancel, plan.model, lambda _: None, plan.settings, told)

    def _check_replayed_model(self, plan: Plan) -> None:
        try:
            self._generator(plan.model)
        except (ModelError, UsageError) as error:
            if plan.sets_model:
                raise
            raise ModelNotFoundError(
                f"This question was answered by the model '{plan.model}', which cannot be used now; "
                "replay it with --set generate.model=none, or with the name of another one."
            ) from error

    def _replayed_roots(self, plan: Plan) -> tuple[Path, ...]:
        """What to limit the question to: where more is open now than was then, to what was open then."""
        opened = {root.path for root in self.roots}
        missing = next((root for root in (*plan.workspace, *plan.roots) if root not in opened), None)
        if missing is not None:
            raise RootError(f"The question was asked of {missing}, which is not open here; open it, then replay.")
        return plan.roots or (() if opened == set(plan.workspace) else plan.workspace)

    def _trace_store(self) -> TraceStore:
        """The traces, with all that were taken so far."""
        self._recorder.drain()
        return self._opened_traces()

    def _opened_traces(self) -> TraceStore:
        from surefoot.store.traces import TraceStore

        with self._lock:
            if self._traces is None:
                self._traces = TraceStore.open(self.settings.index_dir / "traces.db")
                self._notices.extend(self._traces.notices)
            return self._traces

    def _notify(self, sentence: str) -> None:
        with self._lock:
            self._notices.append(sentence)

    @contextmanager
    def _recorded(self, trace: Trace, *, wanted: bool = True) -> Iterator[_Record]:
        """Save the trace however the question ends; a trace that cannot be kept does not cost the answer."""
        record = _Record()
        try:
            yield record
        except ModelUnknownError:
            wanted = False  # a mistyped name: nothing was asked yet
            raise
        except BaseException as error:
            trace.outcome = f"{type(error).__name__}: {error}"
            raise
        finally:
            if wanted and self.settings.trace and self._memory is None:
                record.trace_id = self._recorder.take(trace)

    # --- finding one's way -----------------------------------------------------------------------------------

    def _current(self) -> dict[Path, RootIndex]:
        with self._lock:
            return dict(self._indexes)

    def _in_scope(self, roots: Sequence[Path]) -> dict[Path, RootIndex]:
        current = self._current()
        if not current:
            raise RootError("No folder is open; open one, or name it with --root.")
        if not roots:
            return current
        wanted = [_resolved(path) for path in roots]
        unknown = next((path for path in wanted if path not in current), None)
        if unknown is not None:
            raise RootError(f"{unknown} is not a folder of this workspace; add it, or leave the roots out.")
        return {path: current[path] for path in wanted}

    def locate(self, path: Path) -> tuple[Root, str]:
        """The innermost root that holds a file, and the file's path there. Raises RootError."""
        index, relative = self._locate(path)
        if index is None:
            raise RootError(f"{path} lies in no folder of this workspace; open the one that it is in.")
        return index.root, relative

    def _locate(self, path: Path) -> tuple[RootIndex | None, str]:
        """The innermost root that holds the file, and its path there."""
        try:
            resolved = _resolved(path)
        except RootError:
            return None, ""
        holders = [index for root, index in self._current().items() if resolved.is_relative_to(root)]
        if not holders:
            return None, ""
        index = max(holders, key=lambda holder: len(holder.root.path.parts))
        return index, resolved.relative_to(index.root.path).as_posix()

    def _is_ignored(self, root: Root, path: str) -> bool:
        return not is_commit(path) and self._rules_of(root).is_ignored(path)

    def _rules_of(self, root: Root) -> IgnoreRules:
        """The kept ignore rules of a root; fresh ones where it has left the workspace meanwhile."""
        with self._lock:
            return self._rules.get(root.path) or IgnoreRules(root)

    def state(self) -> IndexState:
        """How much is indexed, counted now, and how far it was behind the disk when that was last counted."""
        indexes = list(self._current().values())
        counts = [index.store.counts() for index in indexes]
        sources = sum((Counter(self._sources_of(index)) for index in indexes), Counter[Source]())
        files, chunks = sum(count.files for count in counts), sum(count.chunks for count in counts)
        return IndexState(files, chunks, self.indexing, self.drift, dict(sources))

    def _sources_of(self, index: RootIndex) -> Mapping[Source, int]:
        """How much there is of each source, counted once for each state of the index."""
        generation = index.store.generation()
        with self._lock:
            known = self._sources.get(index.root.path)
        if known is None or known[0] != generation:
            known = generation, index.store.sources()
            with self._lock:
                self._sources[index.root.path] = known
        return known[1]


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _holds_any(indexes: Mapping[Path, RootIndex], scope: Scope) -> bool:
    """Whether a question that is limited to `scope` can find anything at all."""
    is_limited = bool(scope.paths or scope.languages or scope.sources)
    return not is_limited or any(index.store.holds_any(index.scope(scope)) for index in indexes.values())


def _word(lines: Sequence[str], line: int, character: int) -> str:
    from surefoot.retrieve.look_up import word_at

    return word_at(lines[line - 1], character) if 0 < line <= len(lines) else ""


def _path_of(left_out: SkippedFile | FailedFile) -> str:
    return left_out.path


def database_path(settings: Settings, root: Root) -> Path:
    """Where the index of a root lives: the same root in another workspace finds it there too."""
    name = re.sub(r"[^\w.-]+", "_", root.path.name) or "root"
    return settings.index_dir / f"{name}-{content_hash(str(root.path))[:12]}.db"


def _nested_in(folder: Path, roots: Iterable[Path]) -> tuple[str, ...]:
    """The roots below a folder, relative to it and with a final slash; their files belong to them."""
    inner = (root.relative_to(folder).as_posix() for root in roots if root != folder and root.is_relative_to(folder))
    return tuple(f"{path}/" for path in inner)


def _inside(root: Root, paths: Sequence[Path]) -> list[str]:
    # The folder is resolved, since the root may have been opened through a link; the file is not: it may be gone, and
    # a link is not followed.
    real = [path if path.is_relative_to(root.path) else path.parent.resolve() / path.name for path in paths]
    return [path.relative_to(root.path).as_posix() for path in real if path.is_relative_to(root.path)]


def _checked(query: Query) -> Query:
    text = query.text.strip()
    if not text:
        raise QueryError("The question is empty; ask something about the code.")
    if len(text) > LONGEST_QUESTION:
        raise QueryError(
            f"The question has {len(text):,} characters and at most {LONGEST_QUESTION:,} are read; shorten it."
        )
    if query.k < 1:
        raise QueryError(f"k is {query.k}, but at least one hit must be asked for.")
    if any(len(glob) > LONGEST_GLOB for glob in query.scope.paths):
        raise QueryError(f"A path to look in may have {LONGEST_GLOB:,} characters at most; shorten it.")
    scope = replace(query.scope, languages=_known(query.scope.languages))
    # Roots are resolved, so the open file has to be too.
    return replace(query, text=text, scope=scope, open_file=_resolved(query.open_file) if query.open_file else None)


def _resolved(path: Path) -> Path:
    """Where a path leads; RootError for one that nothing can have, or that leads in a circle."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a NUL; links to each other
        raise RootError(f"{str(path)[:LONGEST_SHOWN]!r} leads nowhere; name another path.") from error


def _known(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages by their own names; one that nobody knows would match nothing, and look like an answer."""
    known = {name: language_named(name) for name in languages}
    unknown = next((name for name, language in known.items() if language is None), None)
    if unknown is not None:
        raise QueryError(f"There is no language '{unknown}'; there are {', '.join(sorted(LANGUAGES))}.")
    return tuple(language for language in known.values() if language)


def _definition_first(hits: Sequence[Hit], symbol: Symbol) -> tuple[Hit, ...]:
    def is_elsewhere(hit: Hit) -> bool:
        span = hit.chunk.span
        return not (span.path == symbol.span.path and span.start <= symbol.name_line <= span.end)

    return tuple(sorted(hits, key=is_elsewhere))


def _refusals(roots: Iterable[Root]) -> tuple[str, ...]:
    """That git reads nothing in these roots, once for each repository of which that is so."""
    repositories = dict.fromkeys(filter(None, (repository_above(root.path.as_posix()) for root in roots)))
    return tuple(GIT_REFUSES.format(each.top) for each in repositories if is_refused(each))
