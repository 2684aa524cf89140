"""What happened to earlier questions: one row per question, one per stage of it.

Invariant: its own database, so that a damaged index loses no traces and writing a trace never waits for indexing.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from surefoot.domain import ALL_TRACES, Ending, Metrics, TraceFilter, TraceSummary
from surefoot.errors import QueryError, TraceNotFoundError
from surefoot.store.connections import ReadConnections, connect, transaction
from surefoot.store.faults import DAMAGED, damage_mark, explained, folder_explained
from surefoot.store.recovery import State, move_aside
from surefoot.store.rows import Bindings, rows
from surefoot.store.stored_text import loaded, stored
from surefoot.store.trace_limits import written, written_stages
from surefoot.store.trace_metrics import DAY, ENDING, facts_of, metrics_since
from surefoot.store.trace_space import MOST_BYTES, give_back, oldest_beyond
from surefoot.store.write_lock import WriteLock
from surefoot.trace import Stage, Trace, asked_of

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
    # What aggregates need stands in the row itself: the details of ten thousand traces are too much to read for them.
    """
ALTER TABLE traces ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE traces ADD COLUMN claims INTEGER NOT NULL DEFAULT 0;
ALTER TABLE traces ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
ALTER TABLE traces ADD COLUMN freshened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE traces ADD COLUMN failed_stages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE traces ADD COLUMN timings TEXT NOT NULL DEFAULT '{}';
CREATE TABLE requests (trace_id TEXT PRIMARY KEY, request TEXT NOT NULL, versions TEXT NOT NULL) WITHOUT ROWID;
UPDATE traces SET timings = coalesce((SELECT json_group_object(name, ms) FROM
    (SELECT name, sum(milliseconds) AS ms FROM stages WHERE stages.trace_id = traces.trace_id GROUP BY name)), '{}');
""",
    "ALTER TABLE traces ADD COLUMN partly INTEGER NOT NULL DEFAULT 0;",
)
MOST_DAYS = 36_500
OWNER_ONLY = 0o600
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

    def save(self, *traces: Trace) -> None:
        """Record the traces, all or none; one of the same id is replaced. Long details are cut (see trace_limits)."""
        with self._lent() as connection, transaction(connection):
            _delete(connection, [trace.trace_id for trace in traces])
            for trace in traces:
                _insert(connection, trace)

    def list(self, limit: int, wanted: TraceFilter = ALL_TRACES) -> list[TraceSummary]:
        """The newest traces that are wanted, newest first. Raises QueryError or TraceNotFoundError."""
        with self._lent() as connection:
            where, bound = _where(connection, wanted)
            found = rows(
                connection,
                "SELECT trace_id, kind, question, started_at, milliseconds, outcome, client, "
                "coalesce((SELECT request FROM requests WHERE requests.trace_id = traces.trace_id), '{}') FROM traces "
                f"WHERE {where} ORDER BY started_at DESC, number DESC LIMIT ?",
                (*bound, limit),
            )
        return [TraceSummary(i, kind, loaded(question), at, ms, loaded(outcome), client, asked_of(_read(request)))
                for i, kind, question, at, ms, outcome, client, request in found]  # fmt: skip

    def get(self, trace_id: str) -> Trace:
        """The trace whose id is, or is the only one to begin with, `trace_id`; else TraceNotFoundError."""
        with self._lent() as connection:
            kind, question, found, started_at, outcome, client = _find(connection, trace_id)
            found_stages = rows(
                connection,
                "SELECT name, started_ms, milliseconds, counts, details FROM stages WHERE trace_id = ? "
                "ORDER BY position",
                (found,),
            )
            stages = [Stage(n, start, ms, _read(c), _read(d)) for n, start, ms, c, d in found_stages]
            kept = rows(connection, "SELECT request, versions FROM requests WHERE trace_id = ?", (found,))
        request, versions = (_read(kept[0][0]), _read(kept[0][1])) if kept else ({}, {})
        return Trace(kind, loaded(question), found, started_at, stages, loaded(outcome), client, request, versions)

    def metrics(self, days: float, now: float | None = None) -> Metrics:
        """What the traces of the last days come to. Raises QueryError where that is no number of days."""
        if not 0 < days <= MOST_DAYS:
            raise QueryError(f"Figures are for the last days, up to {MOST_DAYS:,} of them, and not for {days:g}.")
        since = (time.time() if now is None else now) - days * DAY
        with self._lent() as connection:
            return metrics_since(connection, since, days)

    def prune(self, keep: int, since: float = 0.0, most_bytes: int = MOST_BYTES) -> int:
        """Drop what is older than `since`, and the oldest beyond `keep` or `most_bytes`; returns how many went."""
        with self._lent() as connection:
            with transaction(connection):
                old = rows(
                    connection,
                    "SELECT trace_id FROM traces WHERE started_at < ? UNION "
                    "SELECT trace_id FROM (SELECT trace_id FROM traces ORDER BY started_at DESC, number DESC "
                    "LIMIT -1 OFFSET ?)",
                    (since, keep),
                )
                _delete(connection, [row[0] for row in old])
            with transaction(connection):
                oldest = oldest_beyond(connection, most_bytes)
                _delete(connection, oldest)
            if old or oldest:
                give_back(connection)
        return len(old) + len(oldest)

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
        self._make_private()
        connection = connect(self.location, create=True)
        try:
            with transaction(connection):
                for step in STEPS[int(connection.pragma("user_version")) :]:
                    connection.execute(step)
                connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        finally:
            connection.close()

    def _make_private(self) -> None:
        """Questions are their owner's alone, whatever the folder allows; SQLite's other files follow this one."""
        self.location.touch(OWNER_ONLY)
        with contextlib.suppress(OSError):  # a disk without such rights
            self.location.chmod(OWNER_ONLY)


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
        "SELECT kind, question, trace_id, started_at, outcome, client FROM traces "
        "WHERE substr(trace_id, 1, length(?1)) = ?1 ORDER BY trace_id = ?1 DESC LIMIT 2",
        (stored(trace_id),),
    )
    if not trace_id or not found:
        raise TraceNotFoundError(f"No trace has the id '{trace_id}'; `surefoot trace list` shows those there are.")
    if len(found) > 1 and found[0][2] != trace_id:
        raise TraceNotFoundError(f"Several traces have an id that begins with '{trace_id}'; give more of it.")
    return found[0]


def _where(connection: apsw.Connection, wanted: TraceFilter) -> tuple[str, Bindings]:
    """The condition that a filter comes to, and what is bound in it."""
    parts, bound = ["1"], list[str | bytes | int | float]()
    for column in ("kind", "client"):
        if asked := getattr(wanted, column):
            parts.append(f"{column} = ?")
            bound.append(stored(asked))
    if wanted.outcome:
        if wanted.outcome not in set(Ending):
            raise QueryError(f"There is no outcome '{wanted.outcome}'; there are {', '.join(Ending)}.")
        parts.append(f"{ENDING} = ?")
        bound.append(wanted.outcome)
    if wanted.text:
        words = stored(wanted.text)
        # Half a character is stored as bytes, and only found as it is; the rest in upper and lower case.
        exact = isinstance(words, bytes)
        parts.append(
            "instr(CAST(question AS BLOB), ?) > 0" if exact else "instr(lower(CAST(question AS TEXT)), lower(?)) > 0"
        )
        bound.append(words)
    if wanted.before:
        parts.append("(started_at, number) < (SELECT started_at, number FROM traces WHERE trace_id = ?)")
        bound.append(_find(connection, wanted.before)[2])
    return " AND ".join(parts), tuple(bound)


def _insert(connection: apsw.Connection, trace: Trace) -> None:
    facts = facts_of(trace)
    connection.execute(
        "INSERT INTO traces (trace_id, kind, question, started_at, milliseconds, outcome, client, claims, "
        "partly, withheld, freshened, failed_stages, timings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (trace.trace_id, trace.kind, stored(trace.question), trace.started_at, trace.milliseconds,
         stored(trace.outcome), trace.client, facts.claims, facts.partly, facts.withheld, facts.freshened,
         json.dumps(facts.failed_stages), json.dumps(facts.timings)),
    )  # fmt: skip
    details = written_stages([stage.details for stage in trace.stages])
    connection.executemany(
        "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (trace.trace_id, n, stage.name, stage.started_ms, stage.milliseconds, written(stage.counts), details[n])
            for n, stage in enumerate(trace.stages)
        ),
    )
    if trace.request or trace.versions:
        connection.execute(
            "INSERT INTO requests VALUES (?, ?, ?)",
            (trace.trace_id, written(trace.request), written(trace.versions)),
        )


def _delete(connection: apsw.Connection, ids: Sequence[str]) -> None:
    for table in ("stages", "requests", "traces"):
        connection.executemany(f"DELETE FROM {table} WHERE trace_id = ?", [(trace_id,) for trace_id in ids])


def _read(text: Any) -> dict[str, Any]:
    """What `written` wrote; nothing where something else has written there: the rest of the trace still tells much."""
    try:
        values = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
