"""What happens every night without anybody asking."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cellar.core.clock import now
from cellar.core.db import row
from cellar.jobs.queue import put
from cellar.settings import settings

NIGHTLY = {"plan_care": time(2, 30), "thin_climate": time(4, 0)}


def put_due(db: Connection) -> None:
    """Put each nightly task once its time has come and the last one is older than 23 hours."""
    local = now().astimezone(ZoneInfo(settings().timezone))
    for task, at in NIGHTLY.items():
        if local.time() >= at and not _is_recent(db, task):
            put(db, task)


def _is_recent(db: Connection, task: str) -> bool:
    return bool(
        row(db, "SELECT 1 FROM job WHERE task = :task AND run_after > now() - interval '23 hours' LIMIT 1", task=task)
    )
