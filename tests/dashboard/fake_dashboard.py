"""The real dashboard in a process of its own, with the language server's misbehaving engine; `python THIS DIR [PORT]`.

The question decides, as in `lsp.fake_server`; a search for "slow" goes on until it is cancelled and writes that down.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from lsp.fake_server import FakeEngine, note
from surefoot.dashboard.guard import Access
from surefoot.dashboard.server import serve
from surefoot.errors import StoreBusyError
from surefoot.live.loopback import open_socket, token_of


class SlowEngine(FakeEngine):
    def search(self, query, *, cancel=None, roots=(), traced=True):
        if query.text == "busy":
            raise StoreBusyError("The index is being written by another process.")
        if query.text == "boom":
            raise ZeroDivisionError("inner\ndetail")
        while query.text == "slow":
            time.sleep(0.01)
            if cancel.cancelled:
                note("search stopped")
                cancel.raise_if_cancelled()
        return super().search(query, cancel=cancel, roots=roots, traced=traced)


if __name__ == "__main__":
    listening = open_socket(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    access = Access(listening.getsockname()[1], token_of("SUREFOOT_DASHBOARD_TOKEN")[0])
    serve([Path(sys.argv[1])], listening, access, lambda: print(access.address, flush=True), SlowEngine)  # noqa: T201
