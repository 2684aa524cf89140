"""The wire contract beyond the standard protocol: commands, their arguments and results, and two notifications.

Invariant: every name and shape that an editor extension has to mirror is in this file, or imported into it from
`surefoot.wire`. Names are added, never renamed or removed.

**Commands** (`workspace/executeCommand`). `arguments` is a list of exactly one object (or no arguments where every
field is optional); the result is the JSON that the command line prints with `--json`:

| command            | argument object                                           | result                        |
|--------------------|-----------------------------------------------------------|-------------------------------|
| `surefoot.ask`     | `question`, `model`?, `after`?, `token`?, and the scope   | `AskReply`                    |
| `surefoot.search`  | `query`, `k`?, `trace`?, and the scope                    | `SearchReply`                 |
| `surefoot.explain` | `textDocument`, `position`, `model`?, `token`?            | `AskReply`                    |
| `surefoot.status`  | `details`?                                                | `StatusReply`                 |
| `surefoot.reindex` | `paths`?                                                  | `IndexReply`                  |
| `surefoot.trace`   | `id`? or `limit`?                                         | `TraceReply`/`TraceListReply` |
| `surefoot.reportAnswer` | `trace_id`, `places`?, `note`?                       | `ReportReply`                 |
| `surefoot.models`  | none                                                      | `ModelsReply`                 |
| `surefoot.pullModel` | `name`                                                  | `PullReply`                   |
| `surefoot.recheck` | `root`, `path`, `start_line`, `end_line`, `symbol`?, `text` | `RecheckReply`              |
| `surefoot.permalinks` | `places`                                               | `PermalinksReply`             |
| `surefoot.source`  | `root`, `path`                                            | `SourceReply`                 |

The scope of a question is `roots`?, `path`? (globs), `lang`?, `source`? and `open`?; `path`, `lang`
and `source` are each one word or a list. `after` is the `trace_id` of the question before it in the same conversation:
"it", "there" or "where is it tested?" then mean what was cited there. Where that trace is not kept (it is "" then, or
has gone), the question is asked as it is, with a notice. A search with `trace` false keeps none, which suits searching
as one types.

`surefoot.reportAnswer` turns a question that went wrong into a case of the golden set in `.surefoot/cases.jsonl` of the
root that holds the first of the `places` (each `path`, `start_line`, `end_line`), or of the first root: the places are
where the answer is, and without any nothing answers it.

`surefoot.status` with `details` lists skipped files in `skipped_files`, up to a hundred of each reason.

`surefoot.pullModel` downloads a model of the catalogue. It reports on the request's own `workDoneToken`, stops when the
request or that progress is cancelled, and goes on where it stopped when it is asked again. Neither it nor
`surefoot.models` needs an open folder.

`surefoot.recheck` is asked when a citation is opened, with the citation's own fields: where the lines stand at this
moment, in the unsaved buffer or else on disk. `valid` is where they were, `moved` elsewhere in the file, `changed` the
same symbol with another text, `missing` none of these.

`surefoot.permalinks` gives a web address for each of the `places` (each `path`, `start_line`, `end_line`), at a commit
that the remote has and that has the very same lines; "" where there is none, or the remote's shape is not known.

`surefoot.source` gives the text of a file as it is read, with `root` and `path` as a hit or citation has them: of a
commit (`path` is `commit:` and its digits, and no file) its message and files, of a PDF or a drawing what stands there.

`root`, `roots`, `paths`, `open` (the file that the user looks at) and the `path` of a place are absolute paths or
`file:` URIs, but for `surefoot.recheck` and `surefoot.source`, whose `path` is relative to its `root` as a citation
has it; `position` counts columns in the agreed position encoding.

**`surefoot/answer`** (server to client). While `surefoot.ask` or `surefoot.explain` runs, and only if its argument
has a `token` (any string, unique among the client's running requests), the answer is streamed as it is made:
`{"token", "event": "evidence", "hits"}` once and first, then any number of `{"token", "event": "claim", "claim",
"citations"}` and `{"token", "event": "withheld", "withheld"}`. All of them come before the response, which repeats
everything; after a cancelled request's response there are none. The `text` of a claim is what is supported; where the
model went on without support, `struck` has those words and why (their `text` is empty where it must not be shown).

**`surefoot/statusChanged`** (server to client), only to clients whose capabilities have
`experimental.surefoot.statusChanged` set to true: `{"indexing", "done", "total", "files_per_second", "seconds_left",
"drift"}` when a pass over files begins, at most five times a second while it runs, with `indexing` false when nothing
is left to index, and again whenever the index was compared with the disk since. `total` is 0 while files are still
being counted, `seconds_left` may be null. `drift` is the latest comparison, null before the first: `measured_at`
(seconds since the epoch), the `files` that were indexed, of them the `drifted_files` (gone, or of another content) with
their `drifted_chunks`, and `unindexed_files`. It is not older than two minutes while nothing is going on.

**Abilities**, in the `experimental.surefoot` of the server's capabilities: `mcp` are the arguments with which the same
program serves AI assistants over the Model Context Protocol; whoever starts it adds `--root DIR` for each open folder.

**Standard requests** that carry our commands: `textDocument/codeAction` offers "Explain `name`" where the cursor is on
an indexed symbol, and `textDocument/codeLens` has "Explain" above each definition, while the setting `code_lens` is on.
Both run `surefoot.explain` with `textDocument` and `position`.

**Diagnostics**: while the setting `document_drift` is on, open documents and files of code get a warning, with
`source` "surefoot" and `code` "document-drift", where they name a path, a heading or a symbol that is not in the
working tree; where one thing was found that is meant, `textDocument/codeAction` has a quick fix. They come some time
after the last change, and go when the document is closed.

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
from surefoot.domain import AnswerEvent, Drift, Progress

SERVER_NAME = "surefoot"
SETTINGS_SECTION = "surefoot"
ANSWER_NOTIFICATION = "surefoot/answer"
STATUS_NOTIFICATION = "surefoot/statusChanged"


class Command(StrEnum):
    """What `workspace/executeCommand` understands."""

    ASK = "surefoot.ask"
    SEARCH = "surefoot.search"
    EXPLAIN = "surefoot.explain"
    STATUS = "surefoot.status"
    REINDEX = "surefoot.reindex"
    TRACE = "surefoot.trace"
    REPORT_ANSWER = "surefoot.reportAnswer"
    MODELS = "surefoot.models"
    PULL_MODEL = "surefoot.pullModel"
    RECHECK = "surefoot.recheck"
    PERMALINKS = "surefoot.permalinks"
    SOURCE = "surefoot.source"


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


class StreamedWaiting(wire.WaitingEvent):
    """`surefoot/answer`: the model is busy with another answer, or is free again."""

    token: str


class StreamedWithheld(wire.WithheldEvent):
    """`surefoot/answer`: a sentence that failed its check, and why."""

    token: str


class StatusChanged(wire.Reply):
    """`surefoot/statusChanged`: how far indexing is, and how far the index was behind the disk when last compared."""

    indexing: bool
    done: int
    total: int
    files_per_second: float
    seconds_left: float | None
    drift: wire.DriftReply | None


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
    Command.MODELS: Contract(wire.ModelsArguments, (wire.ModelsReply,)),
    Command.PULL_MODEL: Contract(wire.PullArguments, (wire.PullReply,)),
    Command.RECHECK: Contract(wire.RecheckArguments, (wire.RecheckReply,)),
    Command.PERMALINKS: Contract(wire.PermalinksArguments, (wire.PermalinksReply,)),
    Command.SOURCE: Contract(wire.SourceArguments, (wire.SourceReply,)),
}

STREAMED: tuple[type[wire.Reply], ...] = (StreamedEvidence, StreamedWaiting, StreamedClaim, StreamedWithheld)


def status_params(progress: Progress | None, drift: Drift | None = None) -> dict[str, Any]:
    """The parameters of one `surefoot/statusChanged`; no progress means that nothing is left to index."""
    behind = wire.drift_reply(drift)
    if progress is None:
        return StatusChanged(
            indexing=False, done=0, total=0, files_per_second=0.0, seconds_left=None, drift=behind
        ).to_object()
    seconds_left = None if progress.seconds_left is None else round(progress.seconds_left, 1)
    return StatusChanged(
        indexing=True,
        done=progress.done,
        total=progress.total,
        files_per_second=round(progress.files_per_second, 1),
        seconds_left=seconds_left,
        drift=behind,
    ).to_object()


def answer_params(token: str, event: AnswerEvent) -> dict[str, Any]:
    """The parameters of one `surefoot/answer`."""
    return {"token": token, **wire.event_reply(event).to_object()}
