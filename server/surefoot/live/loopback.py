"""What serves on this machine only has in common: the socket, and the token that lets somebody in.

Invariant: no other machine can connect, whatever a setting or a page says.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import sys

from surefoot.errors import UsageError

LOOPBACK = "127.0.0.1"
TOKEN_BYTES = 32
# What needs no quoting, neither in an address nor in a header.
USABLE_TOKEN = re.compile(r"[A-Za-z0-9._~-]{16,512}")
BACKLOG = 128


def token_of(variable: str) -> tuple[str, bool]:
    """The token, and whether the environment gave it; no child of ours inherits it from there. Raises UsageError."""
    given = os.environ.pop(variable, "")
    if given and not USABLE_TOKEN.fullmatch(given):
        raise UsageError(
            f"{variable} needs at least 16 letters, digits or any of . _ ~ -, and nothing else; or leave it out."
        )
    return given or secrets.token_urlsafe(TOKEN_BYTES), bool(given)


def open_socket(port: int) -> socket.socket:
    """A socket that only this machine reaches; port 0 is any that is free. Raises UsageError."""
    # With the protocol left at 0, asyncio does not turn Nagle's algorithm off, and each reply is 40 ms late.
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there, the other option would let a second server take the port over
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # a port that was used a minute ago can be used again
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((LOOPBACK, port))
        opened.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        opened.close()
        raise UsageError(f"Port {port} {_why(error)}; name another with --port, or leave it out.") from error
    return opened


def _why(error: OSError | OverflowError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return "is taken by another program"
    return "is for the system's own services" if number in (errno.EACCES, errno.EPERM) else f"cannot be used ({error})"
