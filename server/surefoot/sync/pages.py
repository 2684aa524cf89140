"""What every tracker gives: pages of tickets, oldest change first.

Invariant: an item's name is safe as the name of a file; a ticket with any other name is a problem of its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from surefoot.readings.trackers.ticket import Ticket

PER_PAGE = 100  # the most that GitHub, GitLab and Jira Cloud give

Raw = Mapping[str, Any]  # a JSON object of a tracker


@dataclass(frozen=True, slots=True)
class Item:
    """A ticket as a list has it: without its comments, where those are fetched one ticket at a time.

    `reviewed` is the latest change of a comment on its lines of code, where these are listed apart. A list of such
    comments gives tickets that say nothing but that.
    """

    name: str  # of its file, without the ending
    updated: str  # as the tracker writes it; empty in a list of comments
    raw: Raw
    reviewed: str = ""

    @property
    def changed(self) -> str:
        """The time that the list is ordered by."""
        return self.updated or self.reviewed


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets, and where the rest is: empty at the end. `total` is 0 where the tracker does not tell."""

    items: tuple[Item, ...]
    rest: str = ""
    total: int = 0
    problems: tuple[str, ...] = ()

    @property
    def newest(self) -> datetime | None:
        """The latest change on the page."""
        return max((time for item in self.items if (time := time_of(item.changed))), default=None)

    @property
    def is_in_order(self) -> bool:
        """Whether the oldest change comes first, which not every server minds."""
        times = [time for item in self.items if (time := time_of(item.changed))]
        return times == sorted(times)


class Tracker(Protocol):
    """What the flow needs to know of a tracker."""

    @property
    def streams(self) -> tuple[str, ...]:
        """Kinds of tickets that are listed apart, each with a time of its own up to which it was read."""

    @property
    def is_exact(self) -> bool:
        """Whether a list can be asked for anew from a time, exact to the second. Else its pages are followed."""

    def page(self, stream: str, since: datetime | None, rest: str, /) -> Page:
        """Tickets that changed at `since` or later, or the page that another one's `rest` names."""

    def whole(self, item: Item) -> Item:
        """The ticket with its comments and whatever else takes requests of its own."""

    def ticket(self, raw: Raw) -> Ticket:
        """What it says; without a key where that cannot be read."""


def time_of(text: object) -> datetime | None:
    """A tracker's time, in UTC."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def numbered(value: object, field: str) -> int:
    """The number of a ticket; 0 where it has none that could be one."""
    number = value.get(field) if isinstance(value, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**15 else 0


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects of a list, whatever else a server has put there."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
