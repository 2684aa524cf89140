"""What is indexed of each source, and how much, in what people count: tickets, commits, and of the others files.

Files are kept count of by source, as they are by language. An index that was made before they were has the latter only:
then they are counted once, and the next write keeps what it finds.

Invariant: functions of a connection; the caller owns the transaction.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import apsw

from surefoot.domain import Source, SymbolKind
from surefoot.store import tallies
from surefoot.store.rows import rows, value

OTHER_SOURCES = "source NOT IN ('code', 'docs')"  # as the index of the schema has it

_TICKETS = (
    "SELECT count(*) FROM symbols WHERE file_id IN (SELECT id FROM files WHERE source = ?) AND kind = ? "
    "AND container = ''"
)


def counted(connection: apsw.Connection) -> dict[Source, int]:
    """The sources that anything is indexed of, in the order in which they are listed; a commit is a file here."""
    by_files = _kept(connection)
    if by_files is None:
        by_files = _looked_through(connection)
    found = {source: by_files[source] for source in Source if by_files.get(source)}
    if Source.TICKETS in found:
        found[Source.TICKETS] = int(value(connection, _TICKETS, (str(Source.TICKETS), str(SymbolKind.EVENT))))
    return found


def has_records(connection: apsw.Connection) -> bool:
    """Whether anything is indexed that is neither code nor a document: tickets, commits, designs."""
    return bool(value(connection, f"SELECT EXISTS (SELECT 1 FROM files WHERE {OTHER_SOURCES})"))


def has_source(connection: apsw.Connection, source: Source) -> bool:
    """Whether anything of one of these three is indexed."""
    statement = f"SELECT EXISTS (SELECT 1 FROM files WHERE {OTHER_SOURCES} AND source = ?)"
    return bool(value(connection, statement, (str(source),)))


def settle(connection: apsw.Connection) -> None:
    """Keep count from now on, where this has not been done for all files."""
    if _kept(connection) is None:
        found = _looked_through(connection)
        kept = tallies.named(tallies.read(connection), tallies.SOURCE)
        tallies.add(
            connection, {f"{tallies.SOURCE}{name}": found.get(name, 0) - kept.get(name, 0) for name in {*found, *kept}}
        )


def _kept(connection: apsw.Connection) -> dict[str, int] | None:
    """What is kept count of; None where that is not all files."""
    numbers = tallies.read(connection)
    found = tallies.named(numbers, tallies.SOURCE)
    return found if sum(found.values()) == sum(tallies.named(numbers, tallies.LANGUAGE).values()) else None


def _looked_through(connection: apsw.Connection) -> dict[str, int]:
    return dict(rows(connection, "SELECT source, count(*) FROM files GROUP BY source"))
