"""The real server on real stdio, or with --http over HTTP, with an engine that misbehaves on request.

The question decides: "boom" raises, "refuse" raises a SurefootError, "print" writes to stdout in every way there is,
"slow" streams claims until it is cancelled and then writes down that it stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from surefoot import domain
from surefoot.config import Settings
from surefoot.errors import QueryError
from surefoot.mcp.http import serve_http
from surefoot.mcp.stdio import serve_stdio
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
        self.notices = ()
        self.indexing = False
        note(f"open {[str(root) for root in roots]}")

    def set_roots(self, roots) -> None:
        self.roots = tuple(domain.Root(Path(root), Path(root).name) for root in roots)
        note(f"roots {[str(root) for root in roots]}")

    def has_current_history(self) -> bool:
        return True

    def refresh_history(self, *, progress=None, cancel=None) -> int:
        return 0

    def refresh(self, paths=None, *, progress=None, cancel=None, history=True):
        for done in range(1, 4):
            if progress:
                progress(domain.Progress(done, 3, 100.0, 0.1))
            time.sleep(float(os.environ.get("SUREFOOT_TEST_REFRESH", "0")))
            if cancel:
                cancel.raise_if_cancelled()
        return domain.IndexReport(3, 3, 0, 0, {}, (), 5, 7, 0.1)

    def state(self):
        return domain.IndexState(3, 7, self.indexing)

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
            if query.text == "busy":
                on_event(domain.WaitingForModel("The model is busy."))
                on_event(domain.WaitingForModel(""))
            on_event(domain.ClaimVerified(domain.Claim("A sentence.", ()), ()))
        while query.text == "slow":
            if on_event:
                on_event(domain.ClaimVerified(domain.Claim("One more sentence.", ()), ()))
            time.sleep(0.01)
            if cancel.cancelled:
                note("stopped")
                cancel.raise_if_cancelled()
        return domain.Answer(
            query.text, "t2", domain.AnswerMode.EXTRACTIVE, "none", False, (), (), (), (), (),
            domain.IndexState(3, 7, self.indexing), {},
        )  # fmt: skip

    def close(self) -> None:
        note("close")


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if argument != "--http"]
    is_http = "--http" in sys.argv
    raise SystemExit(serve_http(folders, 0, FakeEngine) if is_http else serve_stdio(folders, FakeEngine))
