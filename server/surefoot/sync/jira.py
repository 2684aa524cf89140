"""Jira's issues of a project, with their comments: the search of Jira Cloud, or that of a server of one's own.

Invariant: times are told to Jira as minutes before now, as it reads dates in the time zone of whoever asks.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from surefoot.readings.trackers import jira
from surefoot.readings.trackers.fields import Fields
from surefoot.readings.trackers.ticket import Ticket
from surefoot.sync.fetch import Fetcher
from surefoot.sync.pages import PER_PAGE, Item, Page, Raw, objects_in, time_of
from surefoot.sync.trail import all_below

FIELDS = (
    "summary,description,status,issuetype,created,updated,resolutiondate,resolution,labels,fixVersions,parent,subtasks,"
    "issuelinks,comment,customfield_10014"
)
MARGIN = 2  # minutes, for clocks that differ by less than the server tells, and for Jira rounding down
# Tickets of the page before that are asked for again: each that is changed meanwhile moves the rest one place forward.
OVERLAP = 5
KEY = re.compile(r"[A-Z][A-Z0-9_]{0,99}-[1-9][0-9]{0,14}")


class Jira:
    """A project of Jira Cloud, or of a Jira server or data centre."""

    streams = ("issues",)
    is_exact = False

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._is_cloud: bool | None = None
        self._ahead = 0.0  # seconds that the server's clock is ahead of ours

    def page(self, _stream: str, since: datetime | None, rest: str, /) -> Page:
        """A page of a search."""
        if self._is_cloud is None:
            self._look_at_server()
        params: dict[str, str | int] = {"jql": self._query(since), "fields": FIELDS, "maxResults": PER_PAGE}
        if self._is_cloud:
            reply = self._fetcher.get("/search/jql", params | ({"nextPageToken": rest} if rest else {}))
        else:
            reply = self._fetcher.get("/search", params | {"startAt": int(rest or 0)})
        answer = reply.value if isinstance(reply.value, dict) else {}
        issues = answer.get("issues")
        given = issues if isinstance(issues, list) else []
        items = tuple(item for raw in given if (item := _item(raw)))
        odd = len(given) - len(items)
        problems = (f"{odd} tickets of a page have no key.",) if odd else ()
        return Page(items, self._rest(answer, len(given)), _number(answer.get("total")), problems)

    def whole(self, item: Item) -> Item:
        """With all comments, where the search has cut them off."""
        fields = item.raw.get("fields")
        comment = fields.get("comment") if isinstance(fields, dict) else None
        given = objects_in(comment.get("comments")) if isinstance(comment, dict) else []
        if not isinstance(fields, dict) or not isinstance(comment, dict) or len(given) >= _number(comment.get("total")):
            return item
        comments = all_below(lambda rest: self._comments(item, rest)) or given
        return replace(item, raw={**item.raw, "fields": {**fields, "comment": {**comment, "comments": comments}}})

    def ticket(self, raw: Raw) -> Ticket:
        """What it says."""
        return jira.ticket_of(Fields(raw))

    def _look_at_server(self) -> None:
        """Which search it has, and how late it is there."""
        reply = self._fetcher.get_if_there("/serverInfo")
        about = reply.value if reply and isinstance(reply.value, dict) else {}
        kind = about.get("deploymentType")
        self._is_cloud = kind == "Cloud" if kind else self._fetcher.target.host.endswith(".atlassian.net")
        if time := time_of(about.get("serverTime")):
            self._ahead = time.timestamp() - self._fetcher.patience.now()

    def _query(self, since: datetime | None) -> str:
        project = f'project = "{self._fetcher.target.project}"'
        if since is None:
            return f"{project} ORDER BY updated ASC, key ASC"
        now = datetime.fromtimestamp(self._fetcher.patience.now() + self._ahead, UTC)
        minutes = max(0, math.ceil((now - since).total_seconds() / 60)) + MARGIN
        return f'{project} AND updated >= "-{minutes}m" ORDER BY updated ASC, key ASC'

    def _rest(self, answer: dict[str, Any], count: int) -> str:
        if self._is_cloud:
            token = answer.get("nextPageToken")
            return token if isinstance(token, str) and not answer.get("isLast") else ""
        begin = _number(answer.get("startAt"))
        end = begin + count
        if not count or end >= _number(answer.get("total")):
            return ""
        return str(max(begin + 1, end - OVERLAP))

    def _comments(self, item: Item, rest: str) -> tuple[object, str]:
        begin = int(rest or 0)
        params = {"startAt": begin, "maxResults": PER_PAGE}
        reply = self._fetcher.get_if_there(f"/issue/{item.name}/comment", params)
        answer = reply.value if reply and isinstance(reply.value, dict) else {}
        given = answer.get("comments")
        end = begin + len(objects_in(given))
        return given, str(end) if begin < end < _number(answer.get("total")) else ""


def _item(raw: object) -> Item | None:
    key = raw.get("key") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(key, str) or not KEY.fullmatch(key):
        return None
    fields = raw.get("fields")
    updated = fields.get("updated") if isinstance(fields, dict) else None
    return Item(key, updated if isinstance(updated, str) else "", raw)


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
