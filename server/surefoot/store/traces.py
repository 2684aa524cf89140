"""What happened to earlier questions: one row per question, one per stage of it.

Invariant: its own database, so that a damaged index loses no traces and writing a trace never waits for indexing.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from surefoot.domain import TraceSummary
from surefoot.errors import TraceNotFoundError
from surefoot.store.connections import ReadConnections, connect, transaction
from surefoot.store.faults import DAMAGED, damage_mark, explained, folder_explained
from surefoot.store.recovery import State, move_aside
from surefoot.store.rows import rows
from surefoot.store.stored_text import loaded, stored
from surefoot.store.write_lock import WriteLock
from surefoot.trace import Stage, Trace

STEPS = (
    """
CREATE TABLE traces (
    number INTEGER PRIMARY KEY AUTOINCREMENT, trace_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    question TEXT NOT NULL, started_at REAL NOT NULL, milliseconds REAL NOT NULL, outcome TEXT NOT NULL);
CREATE INDEX traces_by_time ON traces (started_at);
CREATE TABLE stages (
    trace_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, started_ms REAL NOT NULL,
    milliseconds REAL NOT NULL, counts TEXT NOT NULL, details TEXT NOT NULL,
    PRIMARY KEY (trace_id, position)) WITHOUT ROWID;
""",
)
LOCK_TIMEOUT = 2.0  # taken only to make the file, which is done in a moment; an answer is not kept waiting


class TraceStore:
    """The database of traces. Safe to use from any thread; open it with `TraceStore.open`."""

    def __init__(self, location: Path) -> None:
        self.location = location
        self.notices: tuple[str, ...] = ()
        self._connections = ReadConnections(location)

    @classmethod
    def open(cls, location: Path) -> TraceStore:
        """Open the traces at the location; make the file, or put a damaged one aside, as needed."""
        store = cls(location)
        with folder_explained(location), explained(location):
            state = _examine(location)
        if state is not State.CURRENT:
            with WriteLock(location, LOCK_TIMEOUT).held(), folder_explained(location), explained(location):
                store._prepare()
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._connections.close()

    def save(self, trace: Trace) -> None:
        """Record the trace; one of the same id is replaced."""
        with self._lent() as connection, transaction(connection):
            _delete(connection, [trace.trace_id])
            connection.execute(
                "INSERT INTO traces (trace_id, kind, question, started_at, milliseconds, outcome) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (trace.trace_id, trace.kind, stored(trace.question), trace.started_at, trace.milliseconds,
                 stored(trace.outcome)),
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((trace.trace_id, position, *_stage_row(stage)) for position, stage in enumerate(trace.stages)),
            )

    def list(self, limit: int) -> list[TraceSummary]:
        """The newest traces, newest first."""
        with self._lent() as connection:
            found = rows(
                connection,
                "SELECT trace_id, kind, question, started_at, milliseconds, outcome FROM traces "
                "ORDER BY started_at DESC, number DESC LIMIT ?",
                (limit,),
            )
        return [TraceSummary(i, kind, loaded(question), at, ms, loaded(outcome))
                for i, kind, question, at, ms, outcome in found]  # fmt: skip

    def get(self, trace_id: str) -> Trace:
        """The trace whose id is, or is the only one to begin with, `trace_id`; else TraceNotFoundError."""
        with self._lent() as connection:
            kind, question, found, started_at, outcome = _find(connection, trace_id)
            found_stages = rows(
                connection,
                "SELECT name, started_ms, milliseconds, counts, details FROM stages WHERE trace_id = ? "
                "ORDER BY position",
                (found,),
            )
            stages = [Stage(n, start, ms, json.loads(c), json.loads(d)) for n, start, ms, c, d in found_stages]
        return Trace(kind, loaded(question), found, started_at, stages, loaded(outcome))

    def prune(self, keep: int) -> int:
        """Drop all but the newest `keep` traces; returns how many went."""
        with self._lent() as connection, transaction(connection):
            old = rows(
                connection,
                "SELECT trace_id FROM traces ORDER BY started_at DESC, number DESC LIMIT -1 OFFSET ?",
                (keep,),
            )
            _delete(connection, [row[0] for row in old])
        return len(old)

    @contextmanager
    def _lent(self) -> Iterator[apsw.Connection]:
        with explained(self.location), self._connections.lend() as connection:
            yield connection

    def _prepare(self) -> None:
        state = _examine(self.location)
        if state in (State.DAMAGED, State.NEWER):
            self.notices += (move_aside(self.location, state),)
        if state is State.CURRENT:
            return
        connection = connect(self.location, create=True)
        try:
            with transaction(connection):
                for step in STEPS[int(connection.pragma("user_version")) :]:
                    connection.execute(step)
                connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        finally:
            connection.close()


def _examine(location: Path) -> State:
    if not location.exists() or location.stat().st_size == 0:
        return State.ABSENT
    if damage_mark(location).exists():
        return State.DAMAGED
    try:
        connection = connect(location)
        try:
            # Some hundred traces: the whole file is checked faster than a person notices.
            sound = connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
            version = int(connection.pragma("user_version"))
        finally:
            connection.close()
    except DAMAGED:
        return State.DAMAGED
    if not sound:
        return State.DAMAGED
    if version == len(STEPS):
        return State.CURRENT
    return State.NEWER if version > len(STEPS) else State.OLDER


def _find(connection: apsw.Connection, trace_id: str) -> tuple[Any, ...]:
    found = rows(
        connection,
        "SELECT kind, question, trace_id, started_at, outcome FROM traces "
        "WHERE substr(trace_id, 1, length(?1)) = ?1 ORDER BY trace_id = ?1 DESC LIMIT 2",
        (stored(trace_id),),
    )
    if not trace_id or not found:
        raise TraceNotFoundError(f"No trace has the id '{trace_id}'; `surefoot trace list` shows those there are.")
    if len(found) > 1 and found[0][2] != trace_id:
        raise TraceNotFoundError(f"Several traces have an id that begins with '{trace_id}'; give more of it.")
    return found[0]


def _delete(connection: apsw.Connection, ids: Sequence[str]) -> None:
    for table in ("stages", "traces"):
        connection.executemany(f"DELETE FROM {table} WHERE trace_id = ?", [(trace_id,) for trace_id in ids])


def _stage_row(stage: Stage) -> tuple[str, float, float, str, str]:
    # Details are for people to read: what JSON does not know is shown as Python prints it.
    counts, details = (json.dumps(values, default=str) for values in (stage.counts, stage.details))
    return stage.name, stage.started_ms, stage.milliseconds, counts, details
