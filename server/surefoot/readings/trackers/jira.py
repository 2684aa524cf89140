"""Jira: results of a search as JSON, with texts of either generation, and the CSV with its repeated columns.

Invariant: pure functions of one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.readings.trackers.atlassian import text_of
from surefoot.readings.trackers.fields import Fields, Values, day
from surefoot.readings.trackers.table import Row
from surefoot.readings.trackers.ticket import SOMEBODY, Comment, Ticket

KEY_FIELD = "key"
KEY_COLUMN = "Issue key"

KEY = re.compile(r"[A-Z][A-Z0-9_]*-[1-9]\d{0,8}")
_PERSON = re.compile(r"\[~[^\]\n]{1,200}\]")
# The way in which Jira's own form closes a ticket says nothing; any other does.
_PLAIN_RESOLUTIONS = frozenset({"", "done", "fixed", "resolved", "unresolved", "complete", "completed"})
_REST = re.compile(r"^(https?://[^\s?#]+?)/rest/api/")
_LINK_COLUMN = re.compile(r"(Outward|Inward) issue link \((.+)\)")
# "01/Mar/24 10:30 AM;somebody;what was said": the day, who said it, and the text.
_DATED_COMMENT = re.compile(r"([^;\n]{6,40});([^;\n]{0,200});(.*)", re.DOTALL)
_EPIC_FIELD = "customfield_10014"  # the epic of an issue, in every Jira Cloud before `parent` took over


def is_record(values: Values) -> bool:
    """Whether an object looks like an issue of Jira."""
    return isinstance(values.get("fields"), dict)


def is_table(columns: frozenset[str]) -> bool:
    """Whether the headers are those of Jira."""
    return "Summary" in columns and bool(columns & {"Issue key", "Issue Key", "Key"})


def ticket_of(record: Fields) -> Ticket:
    """The ticket; without a key where the record has none."""
    fields, key = record.inner("fields"), record.text("key")
    links = list(_links(fields))
    return Ticket(
        key=_checked(key, record.complaints),
        title=fields.text("summary"),
        state=_state(fields.name("status"), fields.name("resolution")),
        kind=fields.name("issuetype").lower(),
        created=fields.day("created"),
        updated=fields.day("updated"),
        closed=fields.day("resolutiondate"),
        labels=fields.names("labels"),
        milestone=", ".join(fields.names("fixVersions")),
        duplicate_of=next((other for name, other in links if name == "duplicates"), ""),
        parent=_parent(fields),
        related=tuple(dict.fromkeys([*_subtasks(fields), *(other for name, other in links if name != "duplicates")])),
        url=_url(record.text("self"), key),
        body=_text(fields, "description"),
        comments=tuple(_comments(fields)),
    )


def ticket_of_row(row: Row) -> Ticket:
    """The ticket of a row of a CSV."""
    links = list(_linked(row))
    return Ticket(
        key=_checked(row.first("Issue key", "Issue Key", "Key"), row.complaints),
        title=row.first("Summary"),
        state=_state(row.first("Status"), row.first("Resolution")),
        kind=row.first("Issue Type").lower(),
        created=row.day("Created"),
        updated=row.day("Updated"),
        closed=row.day("Resolved"),
        labels=tuple(
            dict.fromkeys(label for value in row.all("Labels") for label in re.split(r"[\s,]+", value) if label)
        ),
        milestone=", ".join(row.all("Fix Version/s") or row.all("Fix versions")),
        duplicate_of=next((other for is_duplicate, other in links if is_duplicate), ""),
        parent=next((p for p in (row.first("Parent key"), row.first("Parent"), _epic(row)) if KEY.fullmatch(p)), ""),
        related=tuple(dict.fromkeys(other for is_duplicate, other in links if not is_duplicate)),
        body=_without_people(row.first("Description")),
        comments=tuple(map(_dated_comment, (*row.all("Comment"), *row.all("Comments")))),
    )


def _checked(key: str, complaints: list[str]) -> str:
    if key and not KEY.fullmatch(key):
        complaints.append(f"'{key[:40]}' is no key of a ticket")
        return ""
    return key


def _state(status: str, resolution: str) -> str:
    return status if resolution.lower() in _PLAIN_RESOLUTIONS else f"{status} as {resolution}".strip()


def _links(fields: Fields) -> Iterator[tuple[str, str]]:
    """How the ticket is linked to which other one: "duplicates", "is duplicated by", "blocks", ..."""
    for link in fields.objects("issuelinks"):
        kind = link.inner("type")
        for side in ("outward", "inward"):
            if link.has(f"{side}Issue"):
                other = link.inner(f"{side}Issue").text("key")
                if KEY.fullmatch(other):
                    yield kind.text(side).lower(), other


def _parent(fields: Fields) -> str:
    parent = fields.inner("parent").text("key") if fields.has("parent") else ""
    epic = fields.values.get(_EPIC_FIELD)
    return parent or (epic if isinstance(epic, str) and KEY.fullmatch(epic) else "")


def _subtasks(fields: Fields) -> Iterator[str]:
    return (key for each in fields.objects("subtasks") if KEY.fullmatch(key := each.text("key")))


def _url(address: str, key: str) -> str:
    found = _REST.match(address)
    return f"{found[1]}/browse/{key}" if found and key else ""


def _text(fields: Fields, name: str) -> str:
    value = fields.values.get(name)
    return text_of(value) if isinstance(value, dict) else _without_people(fields.text(name))


def _without_people(text: str) -> str:
    return _PERSON.sub(SOMEBODY, text) if "[~" in text else text


def _comments(fields: Fields) -> Iterator[Comment]:
    holder = fields.inner("comment") if isinstance(fields.values.get("comment"), dict) else None
    for each in holder.objects("comments") if holder else fields.objects("comment"):
        yield Comment(each.day("created"), _text(each, "body"))


def _linked(row: Row) -> Iterator[tuple[bool, str]]:
    """The tickets in columns such as "Outward issue link (Duplicate)", and whether this one is a duplicate of it."""
    for column in row.columns:
        found = _LINK_COLUMN.fullmatch(column)
        for other in row.all(column) if found else ():
            if found and KEY.fullmatch(other):
                yield found[1] == "Outward" and "duplicate" in found[2].lower(), other


def _epic(row: Row) -> str:
    return row.first("Custom field (Epic Link)", "Epic Link")


def _dated_comment(cell: str) -> Comment:
    """A cell of a comment, without who said it."""
    found = _DATED_COMMENT.fullmatch(cell)
    if found is None or not re.match(r"\D{0,4}\d", found[1]):
        return Comment("", _without_people(cell))
    return Comment(day(found[1]), _without_people(found[3]))
