"""Runs statements on the warehouse."""

import logging

from tenacity import before_sleep_log, retry, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from querydesk import limits, warehouse

logger = logging.getLogger(__name__)


@retry(
    retry=retry_if_exception_type(warehouse.ConnectionLost),
    wait=wait_exponential_jitter(initial=0.5, max=8),
    stop=stop_after_attempt(6),
    before_sleep=before_sleep_log(logger, logging.WARNING),
    reraise=True,
)
def run_statement(sql: str) -> list[dict]:
    """The rows of a statement that was checked before. A lost connection is tried again."""
    with warehouse.connect(timeout=limits.STATEMENT_SECONDS) as connection:
        return connection.fetch(limits.capped(sql))
