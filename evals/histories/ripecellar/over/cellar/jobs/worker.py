"""One process that does what lies in the job table, and at night what is on the calendar."""

from __future__ import annotations

import logging
import time

from cellar.core.db import transaction
from cellar.jobs import queue
from cellar.jobs.schedule import put_due
from cellar.jobs.tasks import TASKS

PAUSE = 2.0  # seconds, when there is nothing to do
log = logging.getLogger(__name__)


def work() -> None:
    while True:
        with transaction() as db:
            put_due(db)
        if not step():
            time.sleep(PAUSE)


def step() -> bool:
    """Do one job. Whether there was one."""
    with transaction() as db:
        job = queue.take(db)
    if job is None:
        return False
    error = None
    try:
        with transaction() as db:
            TASKS[job["task"]](db, **job["arguments"])
    except Exception as failure:
        log.exception("Job %s failed", job["id"])
        error = repr(failure)
    with transaction() as db:
        queue.finish(db, job["id"], error)
    return True
