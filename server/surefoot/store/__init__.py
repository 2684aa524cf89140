"""The index on disk: SQLite with FTS5, vectors with codes to search them by, one database per root.

Invariant: apsw is used here and nowhere else; callers see domain values and `StoreError`s. Importing the package does
not import it, since processes that only parse need `lexed` alone.
"""
