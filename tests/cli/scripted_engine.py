"""An engine that says what the test wants: how the command line shows answers is tested apart from how they are found.

Run as a program, it is the `surefoot` command over this engine: for what only a process of its own can show.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from surefoot.domain import (
    ALL_TRACES,
    Answer,
    AnswerMode,
    Change,
    ChangeKind,
    Chunk,
    Citation,
    Claim,
    ClaimVerified,
    ClaimWithheld,
    Evidence,
    FailedFile,
    FileEntry,
    Hit,
    IndexReport,
    IndexState,
    Metrics,
    Percentiles,
    Progress,
    Root,
    RootStatus,
    SearchResult,
    SkippedFile,
    SkipReason,
    Source,
    Span,
    StageDifference,
    Status,
    SymbolKind,
    Tally,
    TraceSummary,
    Verdict,
    WaitingForModel,
    Withheld,
)
from surefoot.errors import QueryError, RootError, StoreBusyError, TraceNotFoundError
from surefoot.trace import Replay, Trace

EVIL = "evil\x1b[2J\u202e.py"


class Engine:
    """The API of `surefoot.engine.Engine`. Words in the question choose what happens."""

    def __init__(self, roots, settings):
        self.roots = roots
        self.settings = settings
        self.notices = ("The index of demo was damaged; it was moved aside and will be rebuilt.",)
        self.closed = False

    @classmethod
    def open(cls, roots, settings, **_):
        for root in roots:
            if not root.exists():
                raise RootError(f"There is no folder {root}.")
        return cls(tuple(Root(root.resolve(), root.name) for root in dict.fromkeys(roots)), settings)

    def close(self):
        self.closed = True

    def preview(self):
        walk = SimpleNamespace(
            files=(FileEntry("a.py", 1, 1), FileEntry(EVIL, 1, 1)),
            skipped=(SkippedFile("logo.png", SkipReason.BINARY),),
            failed=(FailedFile("locked.py", "Permission denied."),),
        )
        return [(root, walk) for root in self.roots]

    def refresh(self, paths=None, *, progress=None, cancel=None, patience=None):
        for done in range(3):
            progress(Progress(done, 3, 1234.5, 0.5))
        failed = (FailedFile(EVIL, "Could not be read."),)
        return IndexReport(3, 1, 2, 0, {"binary": 2, "too large": 1}, failed, 30, 20, 0.5, self.notices)

    def _hit(self, path="a.py"):
        text = "\n".join(f"line {number}" for number in range(3, 13))
        chunk = Chunk(Span(path, 3, 12), Source.CODE, "python", text, "Demo.f", SymbolKind.METHOD)
        return Hit(self.roots[0], chunk, 0.5, {"lexical": 1})

    def search(self, query, *, cancel=None, roots=(), traced=True):
        if query.text == "empty":
            raise QueryError("The question is empty.")
        if query.text == "busy":
            raise StoreBusyError("The index of demo is being written by another process.")
        if query.text == "fault":
            raise ZeroDivisionError("division\nby zero")
        if query.text == "wait":
            sys.stderr.write("waiting\n")
            sys.stderr.flush()
            while True:
                cancel.raise_if_cancelled()
                time.sleep(0.01)
        if query.text == "nothing":
            return SearchResult(query.text, "abc123", True, (), ("Demo",), {})
        hits = tuple(self._hit(EVIL if query.text == "evil" else "a.py") for _ in range(query.k))
        return SearchResult(query.text, "abc123", False, hits, (), {"resolve": 1.0}, ("One file was re-indexed.",))

    def ask(self, query, *, model=None, on_event=None, cancel=None, roots=()):
        abstained = query.text == "nothing"
        citation = Citation(1, self.roots[0], Span("a.py", 3, 12), "Demo.f", Verdict.VALID)
        claim = Claim("Demo.f does it.", (1,))
        withheld = Withheld("Redis does it.", "Redis is not in the sources")
        if on_event and not abstained:
            waits = (WaitingForModel("The model is busy."), WaitingForModel(""))
            checked = (ClaimWithheld(withheld), ClaimVerified(claim, (citation,)))
            for event in (Evidence((self._hit(),)), *waits, *checked):
                on_event(event)
        return Answer(
            question=query.text,
            trace_id="abc123",
            mode=AnswerMode.LLM if model else AnswerMode.EXTRACTIVE,
            model=model or "none",
            abstained=abstained,
            claims=() if abstained else (claim,),
            withheld=() if abstained else (withheld,),
            citations=() if abstained else (citation,),
            missing=("redis",),
            near_misses=("Demo",),
            index=IndexState(3, 20, False),
            stages={"generate": 900.0, "extract": 1.0} if query.text == "mixed" else {},
            notices=("There is no model here; surefoot models pull fetches one.",),
        )

    def status(self):
        root = RootStatus(
            root=self.roots[0],
            database=Path("/cache/demo.db"),
            database_bytes=4096,
            files=3,
            symbols=30,
            chunks=20,
            drifted_chunks=2,
            drifted_files=(EVIL,),
            unindexed_files=1,
            languages={"go": 1, "python": 2},
            skipped={"binary": 2},
            failed=(FailedFile("x.py", "Gone."),),
        )
        return Status((root,), "static/256/ab", "qwen", "not downloaded", time.time(), False)

    def refusals(self):
        return ()

    def traces(self, limit, wanted=ALL_TRACES):
        folders = (Path("/a/shop"), Path("/b/shop"), Path("/b/till\x1b[2J"))
        kept = [TraceSummary("abc123", "ask", "where?\x1b[2J", 0.0, 12.0, "answered", "editor", folders)]
        return [row for row in kept if wanted.client in ("", row.client) and wanted.kind in ("", row.kind)][:limit]

    def metrics(self, days):
        if days > 1000:
            raise QueryError(f"Figures are not for {days:g} days.")
        times = Percentiles(2, 12.0, 30.5)
        tally = Tally("", 0 if days < 1 else 2, 1, 1, 3, 2, 1, 1, times)
        named = [replace(tally, name=name) for name in ("2026-01-31", "editor\x1b[2J", "")]
        stages, failed = {"resolve": times, "verify": Percentiles(1, 0.0, 0.0)}, {"generate": 1, "": 1}
        return Metrics(days, tally, stages, failed, (named[1],), (named[2],), (named[0],), 1)

    def replay(self, trace_id, overrides=(), *, cancel=None):
        before = self.trace(trace_id[:3])
        if not overrides:
            return Replay(before, before, (), ())
        lost = Change(ChangeKind.GONE, f"{EVIL}:3-9 f", "rank 1, score 0.5")
        rules = [Change(ChangeKind.RULE, f"prose on a.md:{n}", "times 1", "times 0.7") for n in range(9)]
        draft = Change(ChangeKind.TEXT, "draft", "- same\n- old\x1b[2J", "- same\n- new")
        many = [Change(ChangeKind.NEW, f"a.py:{n} f") for n in range(99)]
        return Replay(
            before,
            before,
            (Change(ChangeKind.VALUE, "set", "", overrides[0]), Change(ChangeKind.VALUE, "index", "1", "2")),
            (
                StageDifference("rerank", (lost, *rules), True, "its inputs are the same"),
                StageDifference("focus", tuple(many), False, "follows from rerank", ("rerank",)),
                StageDifference("extract", (draft,), False, "follows from focus", ("focus",)),
            ),
        )

    def trace(self, trace_id):
        if trace_id != "abc":
            raise TraceNotFoundError(f"There is no trace {trace_id}; surefoot trace lists them.")
        trace = Trace("ask", "where?", "abc123", outcome="answered")
        for name in ("resolve", "retrieve"):
            with trace.stage(name) as stage:
                stage.counts["found"] = 2
                stage.details["draft"] = "word " * 100
        return trace


def install():
    """Make `import surefoot.engine` find this file."""
    sys.modules["surefoot.engine"] = sys.modules[__name__]


if __name__ == "__main__":
    from surefoot.cli import main

    install()
    main()
