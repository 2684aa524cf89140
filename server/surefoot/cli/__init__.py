"""The command line: `surefoot index | search | ask | status | models | trace | lsp | doctor`.

Invariant: stdout carries data only; whatever goes wrong is one sentence on stderr and an exit code, no traceback.
"""

from __future__ import annotations

import sys
from typing import NoReturn

INTERRUPTED = 130  # 128 + SIGINT


def main() -> NoReturn:
    """The console script `surefoot`. What it needs is imported here, so that Ctrl-C is quiet meanwhile, too."""
    try:
        from surefoot.cli.run import main as run
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    run()


__all__ = ["INTERRUPTED", "main"]
