"""How many faults were injected and how many operations were run, printed when the tests have ended.

Invariant: a violation is a failed test; it is counted here so that one line tells the whole story.
"""

from __future__ import annotations

import os
from collections import Counter

FULL = os.environ.get("FAULTS") == "full"  # `make faults`; otherwise a part of it that takes seconds

KILL = "kill -9"  # what the kinds of faults begin with in which a process was really killed

faults: Counter[str] = Counter()
operations: Counter[str] = Counter()


def fault(kind: str, number: int = 1) -> None:
    """A fault was injected."""
    faults[kind] += number


def kills() -> int:
    """How many processes were killed."""
    return sum(number for kind, number in faults.items() if kind.startswith(KILL))


def operation(kind: str, number: int = 1) -> None:
    """Something was asked of Surefoot, or done to the tree."""
    operations[kind] += number


def scaled(quick: int, full: int) -> int:
    """How often to repeat."""
    return full if FULL else quick
