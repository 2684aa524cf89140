"""Rate limits, as the trackers announce them: how long to wait, and what to say when that is too long.

Invariant: what a server asks for is a number of seconds from now; nonsense counts as a minute.
"""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import httpx

from surefoot.sync.targets import Target
from surefoot.sync.tokens import Credential, variables_of

USUAL_WAIT = 60.0  # seconds, where a limit does not say how long it lasts
SHORTEST_WAIT = 1.0
_LIMITED = frozenset({403, 429})
_A_DAY = 86_400


def wait_for_limit(status: int, headers: httpx.Headers, body: bytes, now: float) -> float | None:
    """How many seconds a rate limit asks to wait; None where the answer is about something else."""
    if status not in _LIMITED:
        return None
    if after := headers.get("retry-after"):
        return _bounded(_seconds(after, now))
    for prefix in ("x-ratelimit-", "ratelimit-"):
        if headers.get(f"{prefix}remaining", "").strip() == "0":
            reset = headers.get(f"{prefix}reset", "")
            return _bounded(float(reset) - now if reset.isdecimal() else USUAL_WAIT)
    says_so = b"rate limit" in body[:4096].lower()
    return USUAL_WAIT if status == httpx.codes.TOO_MANY_REQUESTS or says_so else None


def _bounded(seconds: float) -> float:
    return max(SHORTEST_WAIT, seconds)


def _seconds(after: str, now: float) -> float:
    if after.strip().isdecimal():
        return float(after)
    try:
        return parsedate_to_datetime(after).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return USUAL_WAIT


def words_for_limit(target: Target, credential: Credential | None, seconds: float, now: float) -> str:
    """One sentence that says when to come back."""
    try:
        at = time.strftime("%H:%M" if seconds < _A_DAY else "%Y-%m-%d %H:%M", time.localtime(now + seconds))
    except (ValueError, OverflowError, OSError):
        at = "an unknown time"
    minutes = max(1, round(min(seconds, 1e9) / 60))
    more = "" if credential else f", or set {variables_of(target)[0]}, which allows far more"
    return (
        f"{target.service.title}'s rate limit is used up until {at} (in {minutes:,} min); run the same command again "
        f"then{more}: it goes on where it stopped."
    )
