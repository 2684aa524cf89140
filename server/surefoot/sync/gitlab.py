"""GitLab's issues and merge requests, with their comments: two lists, whose numbers are counted apart.

Invariant: a list is asked for by the time of change, oldest first, so that it can be left and entered anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote

from surefoot.readings.trackers import gitlab
from surefoot.readings.trackers.fields import Fields
from surefoot.readings.trackers.ticket import Ticket
from surefoot.sync.fetch import Fetcher, GoneError, Reply
from surefoot.sync.pages import PER_PAGE, Item, Page, Raw, numbered, objects_in
from surefoot.sync.trail import all_below

ISSUES, MERGE_REQUESTS = "issues", "merge_requests"
# `!12` is another ticket than `#12`, and `!` is no letter for the name of a file.
PREFIXES = MappingProxyType({ISSUES: "", MERGE_REQUESTS: "mr-"})
LONGEST_NUMBER = 12  # digits, of a page and of all tickets


class GitLab:
    """A project of gitlab.com, or of a server of one's own."""

    streams = (ISSUES, MERGE_REQUESTS)
    is_exact = True

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._below = f"/projects/{quote(fetcher.target.project, safe='')}"

    def page(self, stream: str, since: datetime | None, rest: str) -> Page:
        """A page of issues or of merge requests; `rest` is the number of a page, or an address."""
        params: dict[str, str | int] = {
            "scope": "all", "state": "all", "order_by": "updated_at", "sort": "asc", "per_page": PER_PAGE,
        }  # fmt: skip
        if since:
            params["updated_after"] = since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        reply = self._list(f"{self._below}/{stream}", params, rest)
        given = reply.value if isinstance(reply.value, list) else []
        items = tuple(
            Item(f"{PREFIXES[stream]}{number}", str(raw.get("updated_at", "")), raw)
            for raw in given
            if (number := numbered(raw, "iid"))
        )
        odd = len(given) - len(items)
        problems = (f"{odd} tickets of a page have no number.",) if odd else ()
        return Page(items, _rest(reply), _total(reply), problems)

    def whole(self, item: Item) -> Item:
        """With what people wrote below it and on its lines; what GitLab itself notes there is left out."""
        if not item.raw.get("user_notes_count"):
            return item
        return replace(item, raw={**item.raw, "notes": all_below(lambda rest: self._notes(item, rest))})

    def ticket(self, raw: Raw) -> Ticket:
        """What it says."""
        return gitlab.ticket_of(Fields(raw))

    def _notes(self, item: Item, rest: str) -> tuple[object, str]:
        stream = MERGE_REQUESTS if item.name.startswith(PREFIXES[MERGE_REQUESTS]) else ISSUES
        path = f"{self._below}/{stream}/{item.name.removeprefix(PREFIXES[stream])}/notes"
        try:
            reply = self._list(path, {"sort": "asc", "order_by": "created_at", "per_page": PER_PAGE}, rest)
        except GoneError:
            return [], ""
        return [note for note in objects_in(reply.value) if not note.get("system")], _rest(reply)

    def _list(self, path: str, params: Mapping[str, str | int], rest: str) -> Reply:
        if "://" in rest:
            return self._fetcher.get(rest)
        return self._fetcher.get(path, {**params, "page": int(rest)} if rest else params)


def _rest(reply: Reply) -> str:
    page = reply.headers.get("x-next-page", "").strip()
    return page if page.isdecimal() and len(page) < LONGEST_NUMBER else reply.links.get("next", "")


def _total(reply: Reply) -> int:
    total = reply.headers.get("x-total", "")
    return int(total) if total.isdecimal() and len(total) < LONGEST_NUMBER else 0
