"""GitHub's issues and pull requests, with their comments: one list has both.

A second list has the comments on lines of code of all pull requests. It tells which of these have new ones, as a pull
request does not always count as changed by them; where all are there already it costs a request for a hundred.

Invariant: a list is asked for by the time of change, oldest first, so that it can be left and entered anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from surefoot.readings.trackers import github
from surefoot.readings.trackers.fields import Fields
from surefoot.readings.trackers.ticket import Ticket
from surefoot.sync.fetch import Fetcher
from surefoot.sync.pages import PER_PAGE, Item, Page, Raw, numbered, objects_in
from surefoot.sync.trail import all_below

ISSUES, REVIEW_COMMENTS = "issues", "pulls/comments"
# What a pull request says beyond the issue that it is too.
OF_PULL_REQUEST = ("head", "base", "merged", "merged_at", "merge_commit_sha")
_OF_PULL = re.compile(r"/pulls/([1-9]\d{0,14})$")


class GitHub:
    """A repository of github.com, or of a GitHub Enterprise server."""

    streams = (ISSUES, REVIEW_COMMENTS)
    is_exact = True

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._below = f"/repos/{fetcher.target.project}"

    def page(self, stream: str, since: datetime | None, rest: str) -> Page:
        """A page of issues and pull requests, or of comments on lines of code as the pull requests that have them."""
        params: dict[str, str | int] = {"sort": "updated", "direction": "asc", "per_page": PER_PAGE}
        if since:
            params["since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        address = f"{self._below}/{stream}"
        if stream == REVIEW_COMMENTS:  # which a token may be kept from, or a server not have
            found = self._fetcher.get_if_there(rest or address, None if rest else params)
            return _reviewed(found.value, found.links.get("next", "")) if found else Page(())
        reply = self._fetcher.get(rest or address, None if rest else {"state": "all", **params})
        return _page(reply.value, reply.links.get("next", ""))

    def whole(self, item: Item) -> Item:
        """With comments, and of a pull request its branch and the commit that it became."""
        raw = item.raw or self._object(f"{self._below}/issues/{item.name}")
        whole: dict[str, Any] = dict(raw)
        if raw.get("comments"):
            whole["comments"] = self._comments(f"issues/{item.name}")
        written: list[dict[str, Any]] = []
        if isinstance(raw.get("pull_request"), dict):
            pull = self._object(f"{self._below}/pulls/{item.name}")
            whole |= {name: pull[name] for name in OF_PULL_REQUEST if name in pull}
            written = self._comments(f"pulls/{item.name}") if pull.get("review_comments") else []
            whole["review_comments"] = written
        return replace(item, raw=whole, updated=_time(raw), reviewed=max(map(_time, written), default=""))

    def ticket(self, raw: Raw) -> Ticket:
        """What it says."""
        return github.ticket_of(Fields(raw))

    def _object(self, address: str) -> Raw:
        found = self._fetcher.get_if_there(address)
        return found.value if found and isinstance(found.value, dict) else {}

    def _comments(self, of: str) -> list[dict[str, Any]]:
        def page_at(rest: str) -> tuple[object, str]:
            address = rest or f"{self._below}/{of}/comments"
            reply = self._fetcher.get_if_there(address, None if rest else {"per_page": PER_PAGE})
            return (reply.value, reply.links.get("next", "")) if reply else ([], "")

        return all_below(page_at)


def _page(value: object, rest: str) -> Page:
    given = value if isinstance(value, list) else []
    items = tuple(Item(str(number), _time(raw), raw) for raw in given if (number := numbered(raw, "number")))
    odd = len(given) - len(items)
    return Page(items, rest, problems=(f"{odd} tickets of a page have no number.",) if odd else ())


def _reviewed(value: object, rest: str) -> Page:
    """The pull requests that the comments of a page are of, each where its last one stands."""
    latest: dict[str, str] = {}
    for comment in objects_in(value):
        address = comment.get("pull_request_url")
        if found := _OF_PULL.search(address) if isinstance(address, str) else None:
            before = latest.pop(found[1], "")
            latest[found[1]] = max(before, _time(comment))
    return Page(tuple(Item(number, "", {}, time) for number, time in latest.items()), rest)


def _time(raw: Mapping[str, Any]) -> str:
    time = raw.get("updated_at")
    return time if isinstance(time, str) else ""
