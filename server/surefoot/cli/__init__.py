"""The command line: `surefoot index | search | ask | status | models | trace | lsp | doctor`.

Invariant: stdout carries data only; whatever goes wrong is one sentence on stderr and an exit code, no traceback.
"""

from __future__ import annotations

from surefoot.cli.run import main

__all__ = ["main"]
