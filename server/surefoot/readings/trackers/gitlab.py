"""GitLab: issues and merge requests as the REST API has them, and the CSV of issues and of merge requests.

Invariant: pure functions of one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.readings.trackers.fields import Fields, Values
from surefoot.readings.trackers.table import Row
from surefoot.readings.trackers.ticket import Comment, Ticket, place_of

KEY_FIELD = "iid"
KEY_COLUMN = "Issue ID"

_SHA = re.compile(r"[0-9a-f]{7,64}")
_LAST_NUMBER = re.compile(r"/(\d{1,9})/?$")


def is_record(values: Values) -> bool:
    """Whether an object looks like an issue or a merge request of GitLab."""
    return "iid" in values or "web_url" in values


def is_table(columns: frozenset[str]) -> bool:
    """Whether the headers are those of GitLab."""
    return "Title" in columns and bool(columns & {"Issue ID", "MR IID"}) and bool(columns & {"URL", "State"})


def ticket_of(fields: Fields) -> Ticket:
    """The ticket; without a key where the record has no number."""
    number = fields.number("iid")
    is_merge = fields.has("source_branch", "target_branch") or "/merge_requests/" in fields.text("web_url")
    duplicate = _LAST_NUMBER.search(fields.inner("_links").text("closed_as_duplicate_of"))
    epic = fields.inner("epic").text("iid") if fields.has("epic") else fields.text("epic_iid")
    return Ticket(
        key=_key(number, is_merge=is_merge),
        title=fields.text("title"),
        state=_state(fields.text("state")),
        kind=_kind(fields.text("issue_type", "type"), is_merge=is_merge),
        created=fields.day("created_at"),
        updated=fields.day("updated_at"),
        closed=fields.day("merged_at", "closed_at"),
        labels=fields.names("labels"),
        milestone=fields.name("milestone"),
        duplicate_of=f"#{duplicate[1]}" if duplicate else "",
        parent=f"&{epic}" if epic else "",
        branch=fields.text("source_branch"),
        commits=tuple(dict.fromkeys(_commits(fields))),
        files=tuple(dict.fromkeys(_files(fields))),
        url=fields.text("web_url"),
        body=fields.text("description"),
        comments=tuple(_comments(fields)),
    )


def ticket_of_row(row: Row) -> Ticket:
    """The ticket of a row of a CSV."""
    is_merge = row.has_column("MR IID")
    fields = Fields({"iid": row.first("MR IID", "Issue ID") or None}, row.complaints)
    return Ticket(
        key=_key(fields.number("iid"), is_merge=is_merge),
        title=row.first("Title"),
        state=_state(row.first("State")),
        kind=_kind(row.first("Type"), is_merge=is_merge),
        created=row.day("Created At (UTC)", "Created At"),
        updated=row.day("Updated At (UTC)", "Updated At"),
        closed=row.day("Merged At (UTC)", "Merged At", "Closed At (UTC)", "Closed At"),
        labels=row.split("Labels"),
        milestone=row.first("Milestone"),
        parent=f"&{row.first('Epic ID')}" if row.first("Epic ID") else "",
        branch=row.first("Source Branch"),
        url=row.first("URL"),
        body=row.first("Description"),
    )


def _key(number: int, *, is_merge: bool) -> str:
    return f"{'!' if is_merge else '#'}{number}" if number else ""


def _state(state: str) -> str:
    state = state.lower()
    return "open" if state == "opened" else state


def _kind(kind: str, *, is_merge: bool) -> str:
    return "merge request" if is_merge else kind.lower().replace("_", " ") or "issue"


def _commits(fields: Fields) -> Iterator[str]:
    named = (fields.text("merge_commit_sha"), fields.text("squash_commit_sha"), fields.text("sha"))
    return (commit for commit in named if _SHA.fullmatch(commit))


def _files(fields: Fields) -> Iterator[str]:
    for name in ("changes", "diffs"):
        if fields.has(name) and isinstance(fields.values[name], list):
            yield from filter(None, (each.text("new_path", "old_path") for each in fields.objects(name)))


def _comments(fields: Fields) -> Iterator[Comment]:
    notes = [*fields.objects("notes")]
    for discussion in fields.objects("discussions"):
        notes += discussion.objects("notes")
    for each in notes:
        is_of_gitlab = each.values.get("system") is True  # it notes labels and assignments
        yield Comment(each.day("created_at"), "" if is_of_gitlab else each.text("body"), _place(each))


def _place(note: Fields) -> str:
    """The line of the merge request's changes that a note is about; one that was taken away is no line of the file."""
    if not note.has("position"):
        return ""
    position = note.inner("position")
    return place_of(position.text("new_path", "old_path"), position.number("new_line"))
