"""Rows of Query Desk's own database: saved queries, runs, shares."""

import secrets
from datetime import UTC, datetime, timedelta


class Storage:
    """One transaction of the application's database."""

    def __init__(self, connection) -> None:
        self._connection = connection

    def save_query(self, owner: int, title: str, sql: str) -> int:
        row = self._connection.execute(
            "INSERT INTO saved_query (owner_id, title, body) VALUES (%s, %s, %s) RETURNING id", (owner, title, sql)
        ).fetchone()
        return row[0]

    def query(self, query_id: int):
        return self._connection.execute("SELECT * FROM saved_query WHERE id = %s", (query_id,)).fetchone()

    def record_run(self, query_id: int, user: int, rows: int, state: str) -> int:
        row = self._connection.execute(
            "INSERT INTO query_run (query_id, user_id, row_count, state) VALUES (%s, %s, %s, %s) RETURNING id",
            (query_id, user, rows, state),
        ).fetchone()
        return row[0]

    def runs_of(self, query_id: int):
        return self._connection.execute(
            "SELECT * FROM query_run WHERE query_id = %s ORDER BY started_at DESC LIMIT 50", (query_id,)
        ).fetchall()

    def runs_within_an_hour(self, user: int) -> int:
        since = datetime.now(UTC) - timedelta(hours=1)
        return self._connection.execute(
            "SELECT count(*) FROM query_run WHERE user_id = %s AND started_at > %s", (user, since)
        ).fetchone()[0]

    def create_share(self, run_id: int, days: int) -> str:
        token = secrets.token_urlsafe(24)
        until = datetime.now(UTC) + timedelta(days=days)
        self._connection.execute(
            "INSERT INTO result_share (token, run_id, expires_at) VALUES (%s, %s, %s)", (token, run_id, until)
        )
        return token

    def share(self, token: str):
        return self._connection.execute(
            "SELECT * FROM result_share WHERE token = %s AND expires_at > now() AND revoked_at IS NULL", (token,)
        ).fetchone()
