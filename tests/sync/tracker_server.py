"""A local server that speaks the parts of GitHub's, GitLab's and Jira's APIs that a sync needs, as they document them.

Lists are filtered by time, ordered and paged for real, so that a client that pages wrongly loses tickets.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    """One request."""

    path: str
    query: dict[str, str]
    authorization: str


class TrackerServer(ThreadingHTTPServer):
    """Tickets by project, and faults that can be switched on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.tickets: dict[str, list[dict[str, Any]]] = {}  # by the name of the list
        self.comments: dict[str, list[dict[str, Any]]] = {}  # by the path
        self.pulls: dict[int, dict[str, Any]] = {}
        self.per_page = 100  # at most
        self.is_cloud = False
        self.asked: list[Asked] = []
        self.faults: list[Answer | None] = []  # answered first, one for each request; None lets it through
        self.needs: str = ""  # the Authorization without which nothing is shown
        self.before: Callable[[Asked], None] = lambda _: None

    @contextmanager
    def running(self) -> Iterator[TrackerServer]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()

    def answer(self, asked: Asked) -> Answer:
        self.before(asked)
        self.asked.append(asked)
        if self.faults and (fault := self.faults.pop(0)):
            return fault
        if self.needs and asked.authorization != self.needs:
            return as_json({"message": "Bad credentials"}, 401)
        path = asked.path
        if path.startswith("/api/v3/repos/"):
            return self.github(asked, path.removeprefix("/api/v3/repos/"))
        if path.startswith("/api/v4/projects/"):
            return self.gitlab(asked, path.removeprefix("/api/v4/projects/"))
        if path.startswith("/rest/api/2/"):
            return self.jira(asked, path.removeprefix("/rest/api/2/"))
        return as_json({"message": "Not Found"}, 404)

    def github(self, asked: Asked, path: str) -> Answer:
        if found := re.fullmatch(r"[^/]+/[^/]+/pulls/(\d+)", path):
            pull = self.pulls.get(int(found[1]))
            return as_json(pull) if pull else as_json({"message": "Not Found"}, 404)
        if re.fullmatch(r"[^/]+/[^/]+/issues/\d+", path):
            return as_json(self.tickets.get(path)) if path in self.tickets else as_json({"message": "Not Found"}, 404)
        everything = self.comments.get(path) if path.endswith("/comments") else self.tickets.get(path)
        if everything is None:
            return as_json({"message": "Not Found"}, 404)
        since = asked.query.get("since", "")
        rows = [row for row in everything if row.get("updated_at", "") >= since]
        if asked.query.get("sort") == "updated":
            rows.sort(key=lambda row: row["updated_at"], reverse=asked.query.get("direction") != "asc")
        number = int(asked.query.get("page", "1"))
        size = min(self.per_page, int(asked.query.get("per_page", "30")))
        headers = {}
        if number * size < len(rows):
            onward = urlencode({**asked.query, "page": number + 1})
            headers["Link"] = f'<{self.url}{asked.path}?{onward}>; rel="next", <{self.url}>; rel="last"'
        return as_json(rows[(number - 1) * size : number * size], 200, headers)

    def gitlab(self, asked: Asked, path: str) -> Answer:
        everything = self.comments.get(path) if path.endswith("/notes") else self.tickets.get(path)
        if everything is None:
            return as_json({"message": "404 Project Not Found"}, 404)
        since = asked.query.get("updated_after", "")
        rows = [row for row in everything if not since or at(row["updated_at"]) >= at(since)]
        if asked.query.get("order_by") == "updated_at":
            rows.sort(key=lambda row: at(row["updated_at"]), reverse=asked.query.get("sort") != "asc")
        number = int(asked.query.get("page", "1"))
        size = min(self.per_page, int(asked.query.get("per_page", "20")))
        more = number * size < len(rows)
        headers = {"X-Next-Page": str(number + 1) if more else "", "X-Total": str(len(rows))}
        return as_json(rows[(number - 1) * size : number * size], 200, headers)

    def jira(self, asked: Asked, path: str) -> Answer:
        if path == "serverInfo":
            kind = "Cloud" if self.is_cloud else "Server"
            return as_json({"deploymentType": kind, "serverTime": NOW.strftime("%Y-%m-%dT%H:%M:%S.000+0000")})
        if found := re.fullmatch(r"issue/([\w-]+)/comment", path):
            rows = self.comments[found[1]]
            start, size = int(asked.query["startAt"]), min(self.per_page, int(asked.query["maxResults"]))
            return as_json({"startAt": start, "total": len(rows), "comments": rows[start : start + size]})
        if path != ("search/jql" if self.is_cloud else "search"):
            return as_json({"errorMessages": ["gone"]}, 410)
        rows = self.found(asked.query["jql"])
        if rows is None:
            return as_json({"errorMessages": ["The value does not exist for the field 'project'."]}, 400)
        size = min(self.per_page, int(asked.query["maxResults"]))
        start = int(asked.query.get("nextPageToken", "t0")[1:]) if self.is_cloud else int(asked.query["startAt"])
        here, end = rows[start : start + size], start + size
        if not self.is_cloud:
            return as_json({"startAt": start, "maxResults": size, "total": len(rows), "issues": here})
        rest = {} if end >= len(rows) else {"nextPageToken": f"t{end}"}
        return as_json({"issues": here, "isLast": end >= len(rows), **rest})

    def found(self, jql: str) -> list[dict[str, Any]] | None:
        query = re.fullmatch(r'project = "(\w+)"(?: AND updated >= "-(\d+)m")? ORDER BY updated ASC, key ASC', jql)
        assert query, jql
        everything = self.tickets.get(query[1])
        if everything is None:
            return None
        since = NOW - timedelta(minutes=int(query[2] or 10**8))
        rows = [row for row in everything if at(row["fields"]["updated"]) >= since]
        return sorted(rows, key=lambda row: (at(row["fields"]["updated"]), int(row["key"].rpartition("-")[2])))


class Handler(BaseHTTPRequestHandler):
    server: TrackerServer

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        path = split.path if split.path.startswith("/api/v4/") else unquote(split.path)
        asked = Asked(path, dict(parse_qsl(split.query)), self.headers.get("Authorization", ""))
        status, headers, body = self.server.answer(asked)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def as_json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(value).encode()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def minutes_ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@dataclass
class Waits:
    """A clock that stands still, and what was slept."""

    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float, _cancel: object) -> None:
        self.slept.append(seconds)

    def now(self) -> float:
        return NOW.timestamp()


def github_issue(number: int, minutes: float, **more: Any) -> dict[str, Any]:
    time = minutes_ago(minutes).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "number": number, "title": f"Title {number}", "state": "open", "body": f"Body of {number}.", "comments": 0,
        "labels": [{"name": "bug"}], "created_at": "2024-01-02T10:00:00Z", "updated_at": time, "closed_at": None,
        "html_url": f"https://github.com/acme/shop/issues/{number}", "user": {"login": "somebody"},
    } | more  # fmt: skip


def gitlab_issue(number: int, minutes: float, **more: Any) -> dict[str, Any]:
    time = minutes_ago(minutes).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return {
        "id": 9000 + number, "iid": number, "title": f"Title {number}", "state": "opened",
        "description": f"Body of {number}.", "user_notes_count": 0, "labels": ["bug"],
        "created_at": "2024-01-02T10:00:00.000Z", "updated_at": time, "closed_at": None,
        "web_url": f"https://gitlab.com/acme/shop/-/issues/{number}",
    } | more  # fmt: skip


def jira_issue(number: int, minutes: float, **more: Any) -> dict[str, Any]:
    time = minutes_ago(minutes).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    fields = {
        "summary": f"Title {number}", "description": f"Body of {number}.", "status": {"name": "Open"},
        "issuetype": {"name": "Bug"}, "created": "2024-01-02T10:00:00.000+0000", "updated": time, "labels": ["bug"],
        "comment": {"comments": [], "maxResults": 0, "total": 0, "startAt": 0},
    } | more  # fmt: skip
    return {"id": str(10000 + number), "key": f"PROJ-{number}", "fields": fields}
