"""The real server on real stdio with an engine that misbehaves on request.

The question decides: "boom" raises, "refuse" raises a SurefootError, "print" writes to stdout in every way there is,
"slow" streams claims until it is cancelled and then writes down when it stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from surefoot import domain
from surefoot.config import Settings
from surefoot.errors import QueryError, TraceNotFoundError
from surefoot.lsp.server import serve
from surefoot.trace import CancelToken
from surefoot.workspace.documents import Documents

JOURNAL = "SUREFOOT_TEST_JOURNAL"


def note(line: str) -> None:
    with Path(os.environ[JOURNAL]).open("a", encoding="utf-8") as journal:
        journal.write(f"{line}\n")


class FakeEngine:
    def __init__(self, roots, settings: Settings, documents: Documents) -> None:
        self.roots = tuple(domain.Root(Path(root), Path(root).name) for root in roots)
        self.settings = settings
        self.documents = documents
        self.notices = ()
        self.indexing = False
        self.drift = None
        note(f"open {[str(root) for root in roots]} {settings.max_file_bytes}")

    def set_roots(self, roots) -> None:
        self.roots = tuple(domain.Root(Path(root), Path(root).name) for root in roots)
        note(f"roots {[str(root) for root in roots]}")

    def has_current_history(self) -> bool:
        return True

    def refresh_history(self, *, progress=None, cancel=None) -> int:
        return 0

    def refresh(self, paths=None, *, progress=None, cancel=None, history=True):
        note(f"refresh {'all' if paths is None else sorted(str(path) for path in paths)}")
        self.indexing = True
        for done in range(1, 4):
            if progress:
                progress(domain.Progress(done, 3, 100.0, 0.1))
            time.sleep(float(os.environ.get("SUREFOOT_TEST_REFRESH", "0")))
            if cancel:
                cancel.raise_if_cancelled()
        self.indexing = False
        if paths is None:
            self.drift = domain.Drift(time.time(), 3, 0, 0, 0)
        return domain.IndexReport(3, 3, 0, 0, {}, (), 5, 7, 0.1)

    def search(self, query, *, cancel=None, roots=(), traced=True):
        return domain.SearchResult(query.text, "t1", True, (), (), {"resolve": 0.1})

    def ask(self, query, *, model=None, on_event=None, cancel=None, roots=()):
        cancel = cancel or CancelToken()
        if query.text == "boom":
            raise ZeroDivisionError("inner detail")
        if query.text == "refuse":
            raise QueryError("The question is refused.")
        if query.text == "print":
            print("stray print")  # noqa: T201 - that is the point
            os.write(1, b"stray write")
            subprocess.run([sys.executable, "-c", "import sys; print('child', sys.stdin.read())"], check=True)
        if on_event:
            on_event(domain.Evidence(()))
        while query.text == "slow":
            if on_event:
                on_event(domain.ClaimVerified(domain.Claim("A sentence.", ()), ()))
            time.sleep(0.01)
            if cancel.cancelled:
                note("stopped")
                cancel.raise_if_cancelled()
        return domain.Answer(
            query.text, "t2", domain.AnswerMode.EXTRACTIVE, "none", False, (), (), (), (), (),
            domain.IndexState(3, 7, self.indexing), {},
        )  # fmt: skip

    def explain(self, path, line, character, *, model=None, on_event=None, cancel=None):
        return self.ask(domain.Query(f"{Path(path).name} {line} {character}"))

    def hover(self, path, line, character):
        text = self.documents.text(path).split("\n")[line - 1]
        symbol = domain.Symbol(text[character:], domain.SymbolKind.FUNCTION, domain.Span("a.py", 1, 2), 1)
        return domain.SymbolInfo(self.roots[0], symbol, 0, True, ())

    def symbols(self, query, limit=100):
        raise RuntimeError("symbols are broken")

    def status(self, *, details=False):
        return domain.Status((), "builtin", "none", "off", 1.0, False)

    def measure(self):
        note("measure")
        self.drift = domain.Drift(time.time(), 3, 1, 2, 0)
        return self.drift

    def traces(self, limit):
        return []

    def trace(self, trace_id):
        raise TraceNotFoundError(f"There is no trace '{trace_id}'.")

    def close(self) -> None:
        note("close")


if __name__ == "__main__":
    raise SystemExit(serve(FakeEngine))
