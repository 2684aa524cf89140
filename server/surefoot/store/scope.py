"""A Scope as SQL: which chunks a query may see.

Invariant: the limits are part of the statement, so no row outside the scope is ever ranked.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import re
from functools import lru_cache

import apsw
import pathspec

from surefoot.domain import Scope
from surefoot.store.stored_text import IS_BELOW, below, loaded, stored

Binding = str | bytes
# As pathspec writes a star: with the letters up to the next one, which takes up whatever they leave.
_STARRED = re.compile(r"\[\^/\]\*((?:\\[^\w/]|[\w -]|\[\w+\]|\[\^/\](?!\*))*)(?=\[\^/\]\*)")


def chunks_in_scope(scope: Scope) -> tuple[str, tuple[Binding, ...]]:
    """A SELECT of the ids of the chunks in scope with its bindings; an empty text where there is no limit."""
    conditions: list[str] = []
    bindings: list[Binding] = []
    for column, wanted in (("source", [str(s) for s in scope.sources]), ("language", list(scope.languages))):
        if wanted:
            conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            bindings.extend(wanted)
    if scope.paths:
        conditions.append("file_id IN (SELECT id FROM files WHERE path_in_scope(?, path))")
        bindings.append(stored("\n".join(scope.paths)))
    for folder in scope.without:
        conditions.append(f"file_id NOT IN (SELECT id FROM files WHERE {IS_BELOW})")
        bindings += below(folder.removesuffix("/"))
    if not conditions:
        return "", ()
    return f"SELECT id FROM chunks WHERE {' AND '.join(conditions)}", tuple(bindings)


def register_path_filter(connection: apsw.Connection) -> None:
    """Make `path_in_scope(globs, path)` known to the connection."""
    connection.create_scalar_function("path_in_scope", _path_in_scope, 2, deterministic=True)


def _path_in_scope(*values: apsw.SQLiteValue) -> bool:
    globs, path = values
    text = loaded(path)
    for pattern, include in _compiled(loaded(globs)):
        if pattern.search(text):
            return include
    return False


@lru_cache(maxsize=64)
def _compiled(globs: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    # A pattern means what it means in .gitignore: `*.py` at any depth, `src/*.py` in that folder, `src/` below it, and
    # of several the last that fits decides. The expressions are used directly: pathspec's own loop takes ten times as
    # long, and is run once per file for each question.
    patterns = pathspec.PathSpec.from_lines("gitignore", globs.split("\n")).patterns
    return tuple(
        (_linear(p.regex), p.include) for p in reversed(patterns) if p.regex is not None and p.include is not None
    )


def _linear(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The same pattern without trying in vain for ever: a star that another one follows needs its first fit only."""
    return re.compile(_STARRED.sub(r"(?>[^/]*?\1)", pattern.pattern), pattern.flags)
