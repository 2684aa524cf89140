"""The job table. ADR 1."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from cellar.core.db import row, run


def put(db: Connection, task: str, delay: int = 0, **arguments: Any) -> None:
    """Have something done later, if the transaction around it comes to a good end."""
    run(
        db,
        """
        INSERT INTO job (task, arguments, run_after)
        VALUES (:task, :arguments, now() + make_interval(secs => :delay))
        """,
        task=task,
        arguments=json.dumps(arguments),
        delay=delay,
    )


def take(db: Connection) -> dict | None:
    """The next job that nobody has."""
    return row(
        db,
        """
        UPDATE job SET started_at = now()
        WHERE id = (
            SELECT id FROM job WHERE started_at IS NULL AND run_after <= now()
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id, task, arguments
        """,
    )


def finish(db: Connection, job_id: int, error: str | None = None) -> None:
    run(db, "UPDATE job SET finished_at = now(), error = :error WHERE id = :id", id=job_id, error=error)
