"""Whom a download tells how far it is, and who may stop it.

Invariant: a report never changes what is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from surefoot.trace import CancelToken

Progress = Callable[[int, int], None]  # bytes so far, bytes in all (0: unknown)


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """Called between blocks, from the thread that downloads."""

    progress: Progress = _silent
    cancel: CancelToken = field(default_factory=CancelToken)
