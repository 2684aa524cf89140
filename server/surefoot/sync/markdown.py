"""Writes a ticket as Markdown with front matter, which the index reads, and people too.

Invariant: whatever a ticket says, its front matter has one line of JSON for each key, which is YAML too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from surefoot.readings.trackers.ticket import Ticket, heading_of, one_line, shown
from surefoot.sync.pages import Item
from surefoot.sync.targets import Target

FENCE = "---"
SYNCED = "synced"  # the one key that says nothing of the ticket


def markdown_of(ticket: Ticket, target: Target, item: Item, synced: str) -> str:
    """The file of a ticket. The item's times are the tracker's own writing, to be compared with it the next time."""
    parts = [FENCE, *_front(ticket, target, item, synced), FENCE, ""]
    if body := shown(ticket.body):
        parts += [body, ""]
    for comment in ticket.comments:
        if text := shown(comment.text):
            parts += [f"## {heading_of(comment)}", "", text, ""]
    return "\n".join(parts).encode("utf-8", "replace").decode("utf-8")


def is_same(one: str, other: str) -> bool:
    """Whether two files say the same of their ticket."""
    return _without_synced(one) == _without_synced(other)


def value_in(text: str, key: str) -> str:
    """What the front matter of a file has under a key; empty where it has no such text."""
    front = text.split(f"\n{FENCE}\n", 1)[0] if text.startswith(f"{FENCE}\n") else ""
    found = re.search(rf'^{key}: (".*")$', front, re.MULTILINE)
    try:
        return str(json.loads(found[1])) if found else ""
    except ValueError:
        return ""


def _front(ticket: Ticket, target: Target, item: Item, synced: str) -> Iterator[str]:
    values = {
        "tracker": target.tracker,
        "key": ticket.key,
        "title": one_line(ticket.title),
        "state": ticket.state,
        "type": ticket.kind,
        "created": ticket.created,
        "updated": item.updated or ticket.updated,
        "reviewed": item.reviewed,
        "closed": ticket.closed,
        "labels": list(ticket.labels),
        "milestone": ticket.milestone,
        "duplicate_of": ticket.duplicate_of,
        "parent": ticket.parent,
        "related": list(ticket.related),
        "branch": ticket.branch,
        "commits": list(ticket.commits),
        "url": ticket.url,
        SYNCED: synced,
    }
    return (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value)


def _without_synced(text: str) -> str:
    head, fence, rest = text.partition(f"\n{FENCE}\n")
    return re.sub(rf"(?m)^{SYNCED}: .*\n?", "", head + "\n") + fence + rest
