"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cellar.settings import settings


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The date in the cellar, which is not always that in UTC."""
    return now().astimezone(ZoneInfo(settings().timezone)).date()
