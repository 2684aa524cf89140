"""Keeps stdin and stdout for the protocol alone, in front ends that speak over them.

Invariant: after `claim_stdio`, nothing else in this process or its children can read or write the protocol's bytes.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

STDIN, STDOUT, STDERR = 0, 1, 2


def claim_stdio() -> tuple[BinaryIO, BinaryIO]:
    """Take both streams; from now on descriptor 1 is stderr and descriptor 0 is empty.

    A stray print, a C library's message or a child process that reads its standard input would otherwise break the
    conversation with the other side, far away from its cause.
    """
    sys.stdout.flush()
    reader = os.fdopen(os.dup(STDIN), "rb")
    writer = os.fdopen(os.dup(STDOUT), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, STDIN)
    os.close(nothing)
    os.dup2(STDERR, STDOUT)
    sys.stdout = sys.stderr
    return reader, writer
