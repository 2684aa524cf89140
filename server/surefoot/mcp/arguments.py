"""What the tools take: strict models, whose descriptions tell an assistant how to use each argument.

Invariant: every default is a value of the field's own type, so that the schemas need no alternatives with null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from surefoot import wire
from surefoot.domain import Query, Scope
from surefoot.errors import UsageError

MOST_HITS = 50  # of one search, on all of its pages; who wants more has asked too wide a question
MOST_PAGES = 1000  # how far a list can be paged through
MOST_ROOTS = 50
LONGEST_TEXT = 200_000  # characters to check: more than an assistant writes, and checked in some seconds at worst

Detail = Annotated[
    Literal["brief", "full"],
    Field(description='"brief" fits about 1,500 tokens; "full" has whole texts and every field, and may be long.'),
]
Roots = Annotated[
    list[str],
    Field(
        max_length=MOST_ROOTS,
        description="Only these folders of the workspace (absolute paths, or their names in index_status).",
    ),
]
DefinedIn = Annotated[
    str, Field(description="The file that defines the symbol, where several have the name: relative to its folder.")
]
SymbolName = Annotated[
    str, Field(description="A plain or qualified name, as in `add_item` or `Cart.add_item`; not a sentence.")
]
Offset = Annotated[int, Field(ge=0, le=MOST_PAGES, description="Where to go on: `next_offset` of the page before.")]


class ToolArguments(wire.Arguments):
    """Base of all of them."""

    @classmethod
    def from_call(cls, given: Mapping[str, Any]) -> ToolArguments:
        """The arguments of a call; null for an optional one means that it was left out."""
        required = {name for name, field in cls.model_fields.items() if field.is_required()}
        return cls.model_validate(
            {name: value for name, value in given.items() if value is not None or name in required}
        )


class InRoots(ToolArguments):
    """A question about some folders of the workspace, or about all."""

    roots: Roots = []  # noqa: RUF012 - Pydantic copies it
    detail: Detail = "brief"


class Scoped(InRoots):
    """A question about some of the files."""

    path: Annotated[str, Field(description='Only files that match this glob, as in "src/**/*.py".')] = ""
    language: Annotated[str, Field(description='Only this language, as in "python" or "typescript".')] = ""
    source: Annotated[
        Literal["all", "code", "docs", "tickets", "commits", "designs"],
        Field(
            description='Only code, only documentation, only exported tickets, only commits ("why was it changed"), or '
            "only designs: decision records, schemas, drawings."
        ),
    ] = "all"

    @property
    def scope(self) -> Scope:
        """The same as the engine wants it. Raises QueryError."""
        sources = [] if self.source == "all" else [self.source]
        return wire.scope_of(filter(None, [self.path]), filter(None, [self.language]), sources)


class SearchCode(Scoped):
    """`search_code`."""

    query: Annotated[
        str,
        Field(
            description="What to look for, in words or with names: `where is the tax rate applied`, `Cart.add_item`, "
            "an error message, a stack trace. Not a regular expression."
        ),
    ]
    k: Annotated[int, Field(ge=1, le=MOST_HITS, description="How many places.")] = 5
    offset: Annotated[
        int,
        Field(ge=0, le=MOST_HITS, description="Where to go on: `next_offset` of the page before. 50 places at most."),
    ] = 0

    def to_query(self) -> Query:
        """The same as the engine wants it.

        How many are asked for has a say in their order: every page asks for the same number, so that none skips any.
        """
        return Query(self.query, self.scope, MOST_HITS)


class Writes(InRoots):
    """A question whose answer a language model may write."""

    generate: Annotated[
        bool | None,
        Field(
            description="false: checked statements and the lines under them, no local model; right if you write the "
            "answer yourself. true: the local model must write it. Left out: it writes where one is installed."
        ),
    ] = None
    model: Annotated[str, Field(description="Name of an installed local model; its default one if left out.")] = ""

    def model_for(self, default: str) -> str | None:
        """What the engine is to write with; None lets it take its default one where that is there."""
        if self.generate is False:
            return "none"
        if any(mark in self.model for mark in "/\\:") or self.model.lower().endswith(".gguf"):
            raise UsageError("'model' takes names of the catalogue only; a file or an address is set by the user.")
        wanted = self.model or (default if self.generate else "")
        if self.generate and wanted.strip().lower() == "none":
            raise UsageError("No language model is set up, so leave 'generate' out or make it false.")
        return wanted or None


class AskCodebase(Scoped, Writes):
    """`ask_codebase`."""

    question: Annotated[str, Field(description="One question about this codebase, in plain words.")]
    after: Annotated[
        str, Field(description='`trace_id` of your question before, so that "it" and "there" are understood.')
    ] = ""

    def to_query(self) -> Query:
        """The same as the engine wants it."""
        return Query(self.question, self.scope, after=self.after or None)


class ExplainSymbol(Writes):
    """`explain_symbol`."""

    name: SymbolName
    path: DefinedIn = ""


class FindReferences(InRoots):
    """`find_references`."""

    name: SymbolName
    path: DefinedIn = ""
    limit: Annotated[int, Field(ge=1, le=wire.MOST_REFERENCES, description="How many lines.")] = 20
    offset: Offset = 0


class VerifyCitations(InRoots):
    """`verify_citations`."""

    text: Annotated[
        str,
        Field(
            max_length=LONGEST_TEXT,
            description="Any text that names files, lines (`src/a.py:10-20`) or symbols (`Cart.add_item`): the draft "
            "of your answer, a commit message, a review.",
        ),
    ]
    offset: Offset = 0


class IndexStatus(ToolArguments):
    """`index_status`."""

    detail: Detail = "brief"


class GetTrace(ToolArguments):
    """`get_trace`."""

    trace_id: Annotated[
        str, Field(description="`trace_id` of a reply, or its first characters; left out, the latest are listed.")
    ] = ""
    stage: Annotated[str, Field(description='One stage in detail, as in "rerank" or "verify".')] = ""
    limit: Annotated[int, Field(ge=1, le=100, description="How many of the latest.")] = 10
    offset: Offset = 0
    detail: Detail = "brief"
