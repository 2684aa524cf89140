"""The patterns of tickets that the stored links are made with, and the links made again where these change.

From the transaction on that records other patterns, whatever is written is linked by them; the chunks that were there
already follow, some at a time, as far as `REMADE` says.

Invariant: functions of a connection; the caller owns the transaction. A chunk's links are those of the old patterns or
of the new ones, never of both, and what is under way is gone on with by whoever looks next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import apsw

from surefoot.domain import TicketPattern
from surefoot.store import chunks, files, links
from surefoot.store.rows import rows

PATTERNS = "ticket_patterns"  # a fact about the database
REMADE = "links_remade"  # another one: the chunk up to which links were made again, while others are left


def patterns(connection: apsw.Connection) -> tuple[TicketPattern, ...]:
    """How tickets are written here, besides the usual ways."""
    known = files.meta(connection, PATTERNS)
    return tuple(TicketPattern(template, name) for template, name in json.loads(known)) if known else ()


def adopt(connection: apsw.Connection, wanted: Sequence[TicketPattern]) -> None:
    """Tickets are written in these ways from now on."""
    files.set_meta(connection, PATTERNS, json.dumps([[each.template, each.name] for each in wanted]))
    files.set_meta(connection, REMADE, 0)


def are_all_made(connection: apsw.Connection) -> bool:
    """Whether no chunk has links of former patterns."""
    return files.meta(connection, REMADE) is None


def make_again(connection: apsw.Connection, limit: int) -> int:
    """Link the next chunks as the patterns say; returns how many these were, 0 where none is left."""
    from surefoot.links import links_in  # noqa: PLC0415 - an index that is current needs it not

    done = files.meta(connection, REMADE)
    if done is None:
        return 0
    ids = [
        number
        for (number,) in rows(connection, "SELECT id FROM chunks WHERE id > ? ORDER BY id LIMIT ?", (done, limit))
    ]
    ways = patterns(connection)
    before = links.of_chunks(connection, ids)
    now = {number: links_in(chunk, ways) for number, chunk in chunks.load(connection, ids).items()}
    other = [number for number, found in now.items() if set(found) != set(before.get(number, ()))]
    links.remove(connection, other)
    links.put(connection, ((number, now[number]) for number in other))
    if ids:
        files.set_meta(connection, REMADE, ids[-1])
    else:
        files.remove_meta(connection, REMADE)
    return len(ids)
