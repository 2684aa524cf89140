"""GitHub's issues and pull requests, with their comments: one list has both.

Invariant: a list is asked for by the time of change, oldest first, so that it can be left and entered anywhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from surefoot.readings.trackers import github
from surefoot.readings.trackers.fields import Fields
from surefoot.readings.trackers.ticket import Ticket
from surefoot.sync.fetch import Fetcher
from surefoot.sync.pages import PER_PAGE, Item, Page, Raw, numbered, objects_in

# What a pull request says beyond the issue that it is too.
OF_PULL_REQUEST = ("head", "base", "merged", "merged_at", "merge_commit_sha")


class GitHub:
    """A repository of github.com, or of a GitHub Enterprise server."""

    streams = ("issues",)
    is_exact = True

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._below = f"/repos/{fetcher.target.project}"

    def page(self, stream: str, since: datetime | None, rest: str) -> Page:
        """A page of issues and pull requests."""
        params: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PER_PAGE}
        if since:
            params["since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        reply = self._fetcher.get(rest or f"{self._below}/{stream}", None if rest else params)
        return _page(reply.value, reply.links.get("next", ""))

    def whole(self, item: Item) -> Raw:
        """With comments, and of a pull request its branch and the commit that it became."""
        whole: dict[str, Any] = dict(item.raw)
        if item.raw.get("comments"):
            whole["comments"] = self._comments(int(item.name))
        if isinstance(item.raw.get("pull_request"), dict):
            found = self._fetcher.get_if_there(f"{self._below}/pulls/{item.name}")
            if found and isinstance(found.value, dict):
                whole |= {name: found.value[name] for name in OF_PULL_REQUEST if name in found.value}
        return whole

    def ticket(self, raw: Raw) -> Ticket:
        """What it says."""
        return github.ticket_of(Fields(raw))

    def _comments(self, number: int) -> list[dict[str, Any]]:
        comments: list[dict[str, Any]] = []
        address, params = f"{self._below}/issues/{number}/comments", {"per_page": PER_PAGE}
        seen: set[str] = set()
        while address and address not in seen:
            seen.add(address)
            reply = self._fetcher.get_if_there(address, params if "://" not in address else None)
            comments += objects_in(reply.value) if reply else []
            address = reply.links.get("next", "") if reply else ""
        return comments


def _page(value: object, rest: str) -> Page:
    given = value if isinstance(value, list) else []
    items = tuple(
        Item(str(number), str(raw.get("updated_at", "")), raw) for raw in given if (number := numbered(raw, "number"))
    )
    odd = len(given) - len(items)
    return Page(items, rest, problems=(f"{odd} tickets of a page have no number.",) if odd else ())
