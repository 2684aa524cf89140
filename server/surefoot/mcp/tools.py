"""Which tools there are, and how one call goes: check the arguments, run, answer; whatever fails is one sentence.

Invariant: a tool never answers with a traceback, an internal error or an empty success.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mcp_types as types
from pydantic import BaseModel

from surefoot import wire
from surefoot.live.session import FIRST_PASS_SECONDS, SETTLE_SECONDS
from surefoot.mcp import arguments as given
from surefoot.mcp.asking import Asking
from surefoot.mcp.lean import Shown
from surefoot.mcp.schemas import Schema, input_schema, output_schema

ANNOTATIONS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
Run = Callable[[Asking, Any], Shown]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: how it is described, what it takes and gives, and where its work is."""

    name: str
    title: str
    description: str
    arguments: type[given.ToolArguments]
    reply: type[BaseModel]
    run: Callable[[], Run]  # imports the work when the first call comes
    required: tuple[str, ...] = ()
    more: Mapping[str, Schema] = field(default_factory=dict)
    settle: float = SETTLE_SECONDS
    first_pass: float = FIRST_PASS_SECONDS

    def listed(self) -> types.Tool:
        """As `tools/list` has it."""
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=input_schema(self.arguments),
            output_schema=output_schema(self.reply, self.required, self.more),
            annotations=ANNOTATIONS,
        )


def _search() -> Run:
    from surefoot.mcp.features.search import search_code  # noqa: PLC0415 - see `Tool.run`

    return search_code


def _ask() -> Run:
    from surefoot.mcp.features.answers import ask_codebase  # noqa: PLC0415 - see `Tool.run`

    return ask_codebase


def _explain() -> Run:
    from surefoot.mcp.features.answers import explain_symbol  # noqa: PLC0415 - see `Tool.run`

    return explain_symbol


def _references() -> Run:
    from surefoot.mcp.features.checks import find_references  # noqa: PLC0415 - see `Tool.run`

    return find_references


def _verify() -> Run:
    from surefoot.mcp.features.checks import verify_citations  # noqa: PLC0415 - see `Tool.run`

    return verify_citations


def _status() -> Run:
    from surefoot.mcp.features.known import index_status  # noqa: PLC0415 - see `Tool.run`

    return index_status


def _trace() -> Run:
    from surefoot.mcp.features.known import get_trace  # noqa: PLC0415 - see `Tool.run`

    return get_trace


_ANSWER_MORE: Mapping[str, Schema] = {
    "left_out": {"type": "integer", "description": "Claims that did not fit."},
    "withheld_count": {"type": "integer", "description": "Sentences of the model that failed their check."},
}

_ALL = (
    Tool(
        "search_code",
        "Search the code",
        "Find the places in the open codebase that a question is about, best first, as `path:lines: symbol` with their "
        "most telling lines. Understands plain questions, names in any case style, error messages and stack traces. "
        "Use it first when you do not know where something is; use find_references for every use of one name. "
        "Every place was compared with its file just now. No match means that nothing indexed is about it. Tickets, "
        "commits and designs are found too, where there are any; `source` keeps to one of them.",
        given.SearchCode,
        wire.SearchReply,
        _search,
        ("query", "no_match", "hits"),
    ),
    Tool(
        "ask_codebase",
        "Ask about the code",
        "Answer one question about the open codebase with statements that were each checked against the lines that "
        "they cite, and say which parts of the question nothing here grounds. With `generate: false` you get the "
        "evidence and statements taken from the code, to write the answer yourself. Names in `missing` do not exist "
        "here: do not invent them. What is left out of a statement has no support: do not repeat it.",
        given.AskCodebase,
        wire.AskReply,
        _ask,
        ("question", "abstained", "claims", "citations", "missing"),
        _ANSWER_MORE,
    ),
    Tool(
        "explain_symbol",
        "Explain a symbol",
        "Say what one function, class, constant or heading is: its definition as it stands now, and checked statements "
        "about it. Takes a name, not a question. An unknown name is an error that tells the nearest names.",
        given.ExplainSymbol,
        wire.AskReply,
        _explain,
        ("question", "abstained", "claims", "citations", "missing"),
        _ANSWER_MORE,
    ),
    Tool(
        "find_references",
        "Find references",
        "List the lines that hold a name now: definitions first, then code, tests, comments, documents, each as "
        "`path:line: text` with the definition around it. Use it before you rename, change or delete something.",
        given.FindReferences,
        wire.ReferencesReply,
        _references,
        ("name", "references", "total", "exact", "offset"),
    ),
    Tool(
        "verify_citations",
        "Verify citations",
        "Check a text that names files, lines or symbols against the code as it is now: each gets a verdict (valid, "
        "moved, changed, missing) and, where it is known, what to write instead. Run it on your own answer before you "
        "show it to the user, and correct what is wrong. Leave what is missing and should be: a file that you propose, "
        "a name of other software.",
        given.VerifyCitations,
        wire.CheckReply,
        _verify,
        ("checked", "wrong", "mentions"),
    ),
    Tool(
        "index_status",
        "Index status",
        "Tell which folders are indexed, how many files, what has changed on disk since, what failed, and whether "
        "indexing goes on. Use it when a reply looks incomplete.",
        given.IndexStatus,
        wire.StatusReply,
        _status,
        ("files", "drifted_chunks", "unindexed_files", "indexing", "measured_at", "roots"),
        settle=0.0,
        first_pass=0.0,
    ),
    Tool(
        "get_trace",
        "Get a trace",
        "Show how an earlier question was answered, stage by stage with times and counts, or list the latest "
        "questions. Use it to find out why something was not found.",
        given.GetTrace,
        wire.TraceReply,
        _trace,
        (),
        {"traces": {"type": "array", "items": {"type": "object"}, "description": "The latest, without a trace_id."}},
        settle=0.0,
        first_pass=0.0,
    ),
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _ALL}
