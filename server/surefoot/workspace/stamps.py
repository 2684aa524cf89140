"""When a stamp can be trusted: whether a change after it would have shown.

Invariant: no clock is read here; whoever reads a file says what the time was before.
"""

from __future__ import annotations

import os

from surefoot.domain import Stamp

SECOND_NS = 1_000_000_000
# File systems take their times from a clock that moves every 1 to 10 ms, and it lags behind the one that is asked here.
TICK_NS = 50_000_000
# Where times are whole seconds, or every second one (FAT), a change can hide for as long.
WHOLE_SECONDS_NS = 2 * SECOND_NS + TICK_NS
# A program that empties a file and then writes it anew does so in milliseconds, or in some hundreds over a network.
EMPTY_NS = SECOND_NS


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file that was looked at."""
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def is_settled(stamp: Stamp, now_ns: int) -> bool:
    """Whether any change after `now_ns` gives the file another stamp.

    Distances count in both directions: of a clock that was set back, a file from the future is settled, since another
    change would be stamped with the clock as it is now.
    """
    return all(abs(now_ns - time_ns) >= _resolution(time_ns) for time_ns in (stamp.mtime_ns, stamp.ctime_ns))


def is_momentary(stamp: Stamp, now_ns: int) -> bool:
    """Whether the file is empty only since a moment ago: most likely it is being written anew."""
    return stamp.size == 0 and abs(now_ns - stamp.mtime_ns) < EMPTY_NS


def _resolution(time_ns: int) -> int:
    return TICK_NS if time_ns % SECOND_NS else WHOLE_SECONDS_NS
