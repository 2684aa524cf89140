"""The connection to the warehouse."""

from contextlib import contextmanager


class ConnectionLost(Exception):
    """The warehouse closed the connection, which it does while it is being scaled."""


class Connection:
    """One session. Everything that it does is read-only: its role has no other right."""

    def __init__(self, driver, timeout: int) -> None:
        self._driver = driver
        self._timeout = timeout

    def fetch(self, sql: str) -> list[dict]:
        """All rows, as dictionaries."""
        cursor = self._driver.execute(sql, timeout=self._timeout)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor]


@contextmanager
def connect(timeout: int):
    """A session from the pool."""
    from querydesk.pool import sessions

    with sessions.borrow() as driver:
        yield Connection(driver, timeout)
