"""`surefoot mcp`: the Model Context Protocol for AI assistants, over stdio or over HTTP on this machine.

Invariant: over stdio nothing is printed; over HTTP the address and the token are, once, on stderr.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PORT = 7411  # always the same one, so that clients can be configured


def serve(roots: Sequence[Path], *, http: bool, port: int) -> int:
    """Serve until the client leaves, or over HTTP until interrupted; returns the exit status."""
    if http:
        from surefoot.mcp.http import serve_http

        return serve_http(roots, port)
    from surefoot.mcp.stdio import serve_stdio

    return serve_stdio(roots)
