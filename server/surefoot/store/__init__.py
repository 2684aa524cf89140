"""The index on disk: SQLite with FTS5 and sqlite-vec, one database per root.

Invariant: apsw and sqlite-vec are used here and nowhere else; callers see domain values and `StoreError`s.
"""

from surefoot.store.database import IndexStore
from surefoot.store.files import StoreCounts
from surefoot.store.traces import TraceStore
from surefoot.store.writer import Writer

__all__ = ["IndexStore", "StoreCounts", "TraceStore", "Writer"]
