"""Linear: the CSV that a workspace or a view is exported as.

Invariant: pure functions of one row.
"""

from __future__ import annotations

from surefoot.readings.trackers.jira import KEY
from surefoot.readings.trackers.table import Row
from surefoot.readings.trackers.ticket import Ticket

KEY_COLUMN = "ID"


def is_table(columns: frozenset[str]) -> bool:
    """Whether the headers are those of Linear."""
    return {"ID", "Title", "Status"} <= columns and bool(columns & {"Team", "Cycle Name", "Parent issue", "Triaged"})


def ticket_of_row(row: Row) -> Ticket:
    """The ticket of a row; without a key where it has none."""
    key = row.first("ID")
    if key and not KEY.fullmatch(key):
        row.complaints.append(f"'{key[:40]}' is no key of a ticket")
        key = ""
    return Ticket(
        key=key,
        title=row.first("Title"),
        state=row.first("Status"),
        kind="issue",
        created=row.day("Created"),
        updated=row.day("Updated"),
        closed=row.day("Completed", "Canceled"),
        labels=row.split("Labels"),
        milestone=row.first("Project Milestone") or row.first("Cycle Name"),
        duplicate_of=next(iter(_keys(row, "Duplicate of")), ""),
        parent=next(iter(_keys(row, "Parent issue")), ""),
        related=tuple(dict.fromkeys((*_keys(row, "Related to"), *_keys(row, "Blocked by"), *_keys(row, "Blocking")))),
        branch=row.first("Git branch", "Branch"),
        url=row.first("URL"),
        body=row.first("Description"),
    )


def _keys(row: Row, column: str) -> tuple[str, ...]:
    return tuple(KEY.findall(row.first(column)))
