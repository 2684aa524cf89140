"""GitHub: `gh issue list --json`, `gh pr list --json`, and issues and pull requests as the REST API has them.

Invariant: pure functions of one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.readings.trackers.fields import Fields, Values
from surefoot.readings.trackers.ticket import Comment, Ticket, place_of

KEY_FIELD = "number"

_OF_PULL_REQUESTS = ("pull_request", "headRefName", "baseRefName", "mergeCommit", "isDraft", "merge_commit_sha", "head")
_SHA = re.compile(r"[0-9a-f]{7,64}")
# What GitHub itself understands, at the beginning of a comment.
_DUPLICATE = re.compile(r"\s*duplicate of\s+(?:https?://\S+/(?:issues|pull)/|[\w./-]*#)(\d{1,9})\b", re.IGNORECASE)


def is_record(values: Values) -> bool:
    """Whether an object looks like an issue or a pull request of GitHub."""
    has_text = "title" in values and ("body" in values or "createdAt" in values or "created_at" in values)
    return "number" in values or "html_url" in values or has_text


def ticket_of(fields: Fields) -> Ticket:
    """The ticket; without a key where the record has no number."""
    number = fields.number("number")
    is_pull = fields.has(*_OF_PULL_REQUESTS) or "/pull/" in fields.text("html_url", "url")
    state = _state(fields)
    comments = tuple(_comments(fields))
    return Ticket(
        key=f"#{number}" if number else "",
        title=fields.text("title"),
        state=state,
        kind="pull request" if is_pull else fields.name("issueType", "type").lower() or "issue",
        created=fields.day("createdAt", "created_at"),
        updated=fields.day("updatedAt", "updated_at"),
        closed=fields.day("mergedAt", "merged_at", "closedAt", "closed_at"),
        labels=fields.names("labels"),
        milestone=fields.name("milestone"),
        duplicate_of=_duplicate_of(state, fields.text("body"), comments),
        parent=_numbered(fields.inner("parent")),
        related=tuple(dict.fromkeys(_related(fields))),
        branch=fields.text("headRefName") or fields.inner("head").text("ref"),
        commits=tuple(dict.fromkeys(_commits(fields, state))),
        files=tuple(each.text("path", "filename") for each in fields.objects("files")),
        url=fields.text("html_url", "url"),
        body=fields.text("body"),
        comments=comments,
    )


def _state(fields: Fields) -> str:
    state = fields.text("state").lower()
    pull = fields.inner("pull_request")
    if state == "merged" or fields.has("mergedAt", "merged_at") or pull.has("merged_at"):
        return "merged"
    reason = fields.text("stateReason", "state_reason").lower().replace("_", " ")
    return f"{state} as {reason}" if state == "closed" and reason in {"not planned", "duplicate"} else state


def _comments(fields: Fields) -> Iterator[Comment]:
    for name in ("comments", "reviews", "review_comments"):
        if isinstance(fields.values.get(name), int):  # how many there are, as the REST API has it
            continue
        for each in fields.objects(name):
            written = each.day("createdAt", "created_at", "submittedAt", "submitted_at")
            yield Comment(written, each.text("body"), _place(each))


def _place(fields: Fields) -> str:
    """The line that a comment is about; that of a line which was taken away is no line of the file."""
    if not fields.has("path"):
        return ""
    is_old = fields.text("side") == "LEFT"
    return place_of(fields.text("path"), 0 if is_old else fields.number("line") or fields.number("original_line"))


def _duplicate_of(state: str, body: str, comments: tuple[Comment, ...]) -> str:
    if not state.startswith("closed"):
        return ""
    texts = [*(comment.text for comment in reversed(comments)), body]
    found = next((match for text in texts if (match := _DUPLICATE.match(text))), None)
    return f"#{found[1]}" if found else ""


def _related(fields: Fields) -> Iterator[str]:
    for name in ("closingIssuesReferences", "closedByPullRequestsReferences", "subIssues"):
        if fields.has(name):
            yield from filter(None, map(_numbered, fields.objects(name)))


def _numbered(fields: Fields) -> str:
    number = fields.number("number") if fields.values else 0
    return f"#{number}" if number else ""


def _commits(fields: Fields, state: str) -> Iterator[str]:
    merged = fields.inner("mergeCommit").text("oid")
    # Before a merge, the API's is that of a trial.
    merged = merged or (fields.text("merge_commit_sha") if state == "merged" else "")
    listed = (each.text("oid", "sha") for each in fields.objects("commits")) if _is_list(fields, "commits") else ()
    yield from (commit for commit in (merged, *listed) if _SHA.fullmatch(commit))


def _is_list(fields: Fields, name: str) -> bool:
    return isinstance(fields.values.get(name), list)
