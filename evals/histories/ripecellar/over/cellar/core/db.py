"""Connections, and small helpers for SQL that is written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text

from cellar.settings import settings


@lru_cache
def engine() -> Engine:
    return create_engine(settings().database_url, pool_pre_ping=True)


@contextmanager
def transaction() -> Iterator[Connection]:
    with engine().begin() as db:
        yield db


def rows(db: Connection, sql: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(text(sql), values).mappings()]


def row(db: Connection, sql: str, **values: Any) -> dict[str, Any] | None:
    found = db.execute(text(sql), values).mappings().first()
    return dict(found) if found else None


def run(db: Connection, sql: str, **values: Any) -> int:
    """Execute, and say how many rows were touched."""
    return db.execute(text(sql), values).rowcount
