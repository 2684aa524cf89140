"""The wire contract beyond the standard protocol: commands, their arguments and results, and one notification.

Invariant: every name and shape that an editor extension has to mirror is in this file, or imported into it from
`surefoot.wire`. Names are added, never renamed or removed.

**Commands** (`workspace/executeCommand`). `arguments` is a list of exactly one object (or no arguments where every
field is optional); the result is the JSON that the command line prints with `--json`:

| command            | argument object                                           | result                        |
|--------------------|-----------------------------------------------------------|-------------------------------|
| `surefoot.ask`     | `question`, `model`?, `roots`?, `path`?, `lang`?, `open`?, `token`? | `AskReply`           |
| `surefoot.search`  | `query`, `k`?, `roots`?, `path`?, `lang`?, `open`?          | `SearchReply`                 |
| `surefoot.explain` | `textDocument`, `position`, `model`?, `token`?              | `AskReply`                    |
| `surefoot.status`  | none                                                      | `StatusReply`                 |
| `surefoot.reindex` | `paths`?                                                  | `IndexReply`                  |
| `surefoot.trace`   | `id`? or `limit`?                                         | `TraceReply`/`TraceListReply` |
| `surefoot.reportAnswer` | `trace_id`, `places`?, `note`?                       | `ReportReply`                 |

`surefoot.reportAnswer` turns a question that went wrong into a case of the golden set in `.surefoot/cases.jsonl` of the
root that holds the first of the `places` (each `path`, `start_line`, `end_line`), or of the first root: the places are
where the answer is, and without any nothing answers it.

`roots`, `paths` and `open` (the file that the user looks at) are absolute paths or `file:` URIs;
`position` counts columns in the agreed position encoding.

**`surefoot/answer`** (server to client). While `surefoot.ask` or `surefoot.explain` runs, and only if its argument
has a `token` (any string, unique among the client's running requests), the answer is streamed as it is made:
`{"token", "event": "evidence", "hits"}` once and first, then any number of `{"token", "event": "claim", "claim",
"citations"}` and `{"token", "event": "withheld", "withheld"}`. All of them come before the response, which repeats
everything; after a cancelled request's response there are none.

**Errors** have a `message` of one sentence, fit to be shown: `InvalidParams` (-32602) for malformed arguments and
unknown commands, `RequestFailed` (-32803) for what Surefoot cannot do and says why, `RequestCancelled` (-32800)
once the work of a cancelled request has stopped, `InternalError` (-32603) for a fault of ours, whose traceback goes to
`window/logMessage`.

**Settings** are the fields of `surefoot.config.Settings`, in `initializationOptions` and in the `settings` of
`workspace/didChangeConfiguration`, bare or under the key `surefoot`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surefoot import wire
from surefoot.domain import AnswerEvent

SERVER_NAME = "surefoot"
SETTINGS_SECTION = "surefoot"
ANSWER_NOTIFICATION = "surefoot/answer"


class Command(StrEnum):
    """What `workspace/executeCommand` understands."""

    ASK = "surefoot.ask"
    SEARCH = "surefoot.search"
    EXPLAIN = "surefoot.explain"
    STATUS = "surefoot.status"
    REINDEX = "surefoot.reindex"
    TRACE = "surefoot.trace"
    REPORT_ANSWER = "surefoot.reportAnswer"


class AskArguments(wire.AskArguments):
    """The command line's options of `surefoot ask`, and the token under which the answer is streamed."""

    token: str | None = None


class ExplainArguments(wire.ExplainArguments):
    """Which symbol to explain, and the token under which the answer is streamed."""

    token: str | None = None


class StreamedEvidence(wire.EvidenceEvent):
    """`surefoot/answer`, first: what the answer will be drawn from."""

    token: str


class StreamedClaim(wire.ClaimEvent):
    """`surefoot/answer`: a sentence that passed its check, with its citations."""

    token: str


class StreamedWithheld(wire.WithheldEvent):
    """`surefoot/answer`: a sentence that failed its check, and why."""

    token: str


@dataclass(frozen=True, slots=True)
class Contract:
    """What goes in and what may come out of one command."""

    arguments: type[wire.Arguments]
    replies: tuple[type[wire.Reply], ...]


CONTRACTS: Mapping[Command, Contract] = {
    Command.ASK: Contract(AskArguments, (wire.AskReply,)),
    Command.SEARCH: Contract(wire.SearchArguments, (wire.SearchReply,)),
    Command.EXPLAIN: Contract(ExplainArguments, (wire.AskReply,)),
    Command.STATUS: Contract(wire.StatusArguments, (wire.StatusReply,)),
    Command.REINDEX: Contract(wire.ReindexArguments, (wire.IndexReply,)),
    Command.TRACE: Contract(wire.TraceArguments, (wire.TraceReply, wire.TraceListReply)),
    Command.REPORT_ANSWER: Contract(wire.ReportArguments, (wire.ReportReply,)),
}

STREAMED: tuple[type[wire.Reply], ...] = (StreamedEvidence, StreamedClaim, StreamedWithheld)


def answer_params(token: str, event: AnswerEvent) -> dict[str, Any]:
    """The parameters of one `surefoot/answer`."""
    return {"token": token, **wire.event_reply(event).to_object()}
