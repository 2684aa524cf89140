"""Places that were shown earlier: where they stand now, and their addresses on the web."""

from __future__ import annotations

from typing import Literal

from surefoot.domain import (
    Standing,
)
from surefoot.wire.base import Reply, Text


class RecheckReply(Reply):
    """`surefoot.recheck`: where the lines stand now. `verdict` is valid, moved, changed or missing.

    `changed` is the present definition of the same symbol; for `missing` the lines are those that were asked about.
    """

    verdict: Literal["valid", "moved", "changed", "missing"]
    start_line: int
    end_line: int


def recheck_reply(standing: Standing) -> RecheckReply:
    """Where some lines stand at this moment."""
    return RecheckReply.model_validate(
        {"verdict": standing.verdict.value, "start_line": standing.span.start, "end_line": standing.span.end}
    )


class PermalinksReply(Reply):
    """`surefoot.permalinks`: a web address for each place, in order; empty where the remote does not have it."""

    links: list[Text]
