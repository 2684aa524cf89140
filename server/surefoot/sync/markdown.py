"""Writes a ticket as Markdown with front matter, which the index reads, and people too.

Invariant: whatever a ticket says, its front matter has one line of JSON for each key, which is YAML too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from surefoot.readings.trackers.ticket import Ticket, one_line, shown
from surefoot.sync.targets import Target

FENCE = "---"
SYNCED = "synced"  # the one key that says nothing of the ticket


def markdown_of(ticket: Ticket, target: Target, updated: str, synced: str) -> str:
    """The file of a ticket. `updated` is the tracker's own writing, to be compared with it the next time."""
    parts = [FENCE, *_front(ticket, target, updated, synced), FENCE, ""]
    if body := shown(ticket.body):
        parts += [body, ""]
    for comment in ticket.comments:
        if text := shown(comment.text):
            parts += [f"## Comment, {comment.date}" if comment.date else "## Comment", "", text, ""]
    return "\n".join(parts).encode("utf-8", "replace").decode("utf-8")


def is_same(one: str, other: str) -> bool:
    """Whether two files say the same of their ticket."""
    return _without_synced(one) == _without_synced(other)


def updated_in(text: str) -> str:
    """What a file has as the time of its ticket's last change; empty where it is no such file."""
    front = text.split(f"\n{FENCE}\n", 1)[0] if text.startswith(f"{FENCE}\n") else ""
    found = re.search(r'^updated: (".*")$', front, re.MULTILINE)
    try:
        return str(json.loads(found[1])) if found else ""
    except ValueError:
        return ""


def _front(ticket: Ticket, target: Target, updated: str, synced: str) -> Iterator[str]:
    values = {
        "tracker": target.tracker,
        "key": ticket.key,
        "title": one_line(ticket.title),
        "state": ticket.state,
        "type": ticket.kind,
        "created": ticket.created,
        "updated": updated or ticket.updated,
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
