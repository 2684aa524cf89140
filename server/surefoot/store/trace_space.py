"""How large the database of traces may get, and giving back the space of those that went.

Invariant: the newest trace is never dropped for space.
"""

from __future__ import annotations

import contextlib

import apsw

from surefoot.store.rows import rows

MOST_BYTES = 256 * 1024 * 1024  # 500 traces of answers take about 10 MB; this holds that many of the longest
LEFT = 0.9  # of the limit, so that the next few traces need no look
LEAST_FREE_BYTES = 1024 * 1024  # less is used again by the next traces before anybody misses it
LEAST_FREE_SHARE = 0.25


def oldest_beyond(connection: apsw.Connection, most_bytes: int) -> list[str]:
    """The oldest traces, as many as have to go for the rest to take less than `most_bytes`."""
    size, pages, free = (int(connection.pragma(name)) for name in ("page_size", "page_count", "freelist_count"))
    excess = (pages - free) * size - most_bytes
    if excess <= 0:
        return []
    excess += int((1 - LEFT) * most_bytes)
    found = rows(
        connection,
        "SELECT trace_id, (SELECT coalesce(sum(length(CAST(counts AS BLOB)) + length(CAST(details AS BLOB))), 0) "
        "FROM stages WHERE stages.trace_id = traces.trace_id) FROM traces ORDER BY started_at, number",
    )
    going = []
    for trace_id, length in found[:-1]:
        if excess <= 0:
            break
        going.append(trace_id)
        excess -= length
    return going


def give_back(connection: apsw.Connection) -> None:
    """Return the space of dropped traces to the disk, where it is worth writing the rest anew."""
    size, pages, free = (int(connection.pragma(name)) for name in ("page_size", "page_count", "freelist_count"))
    if free * size < LEAST_FREE_BYTES or free < pages * LEAST_FREE_SHARE:
        return
    # Somebody else may be reading or writing; then a later question does it.
    with contextlib.suppress(apsw.BusyError, apsw.LockedError):
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
