"""Verdicts on somebody's text, and what is looked up by name."""

from __future__ import annotations

from typing import Literal

from surefoot.domain import (
    CheckedMention,
    NeighbourNode,
    Neighbours,
    Reference,
    References,
    Root,
    SourceText,
    TextCheck,
)
from surefoot.wire.base import Reply, Text


class CheckedMentionReply(Reply):
    """One mention with its verdict: valid, moved, changed or missing. `start` and `end` are character offsets.

    `root`, `path` and the lines say where it stands now; they are null where it stands nowhere, and the lines are null
    for a folder. `correction` is what to write instead of `text`, empty where the mention is valid or nothing near
    enough is known.
    """

    text: Text
    start: int
    end: int
    kind: Literal["path", "lines", "symbol"]
    verdict: Literal["valid", "moved", "changed", "missing"]
    root: Text | None
    path: Text | None
    start_line: int | None
    end_line: int | None
    symbol: Text
    correction: Text
    reason: Text


class CheckReply(Reply):
    """What a text mentions of the workspace, each with its verdict; `wrong` counts those that are not valid."""

    mentions: list[CheckedMentionReply]
    checked: int
    wrong: int
    notices: list[Text]


def check_reply(check: TextCheck) -> CheckReply:
    """The verdicts on a text."""
    return CheckReply(
        mentions=[_checked_mention(mention) for mention in check.mentions],
        checked=len(check.mentions),
        wrong=len(check.wrong),
        notices=list(check.notices),
    )


def _checked_mention(mention: CheckedMention) -> CheckedMentionReply:
    span = mention.span
    has_lines = span is not None and span.start > 0
    return CheckedMentionReply.model_validate(
        {
            "text": mention.text,
            "start": mention.start,
            "end": mention.end,
            "kind": mention.kind.value,
            "verdict": mention.verdict.value,
            "root": str(mention.root.path) if mention.root is not None else None,
            "path": span.path if span is not None else None,
            "start_line": span.start if span is not None and has_lines else None,
            "end_line": span.end if span is not None and has_lines else None,
            "symbol": mention.symbol,
            "correction": mention.correction,
            "reason": mention.reason,
        }
    )


class DocumentFinding(Reply):
    """Something that a document names and that is not there. Lines and columns are 1-based, columns in characters."""

    root: Text
    path: Text
    line: int
    column: int
    text: Text
    correction: Text  # empty where it is not known what is meant
    reason: Text


class DocumentDriftReply(Reply):
    """What was found in how many files."""

    files: int
    findings: list[DocumentFinding]


def document_finding(root: Root, path: str, text: str, mention: CheckedMention) -> DocumentFinding:
    """One finding in the text of a file."""
    line, column = line_and_column(text, mention.start)
    correction = mention.correction if mention.correction != mention.text else ""
    return DocumentFinding(
        root=str(root.path),
        path=path,
        line=line,
        column=column,
        text=mention.text,
        correction=correction,
        reason=mention.reason,
    )


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Where a character stands, both from 1 on."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class ReferenceReply(Reply):
    """One line that holds the name now. `kind` is definition, code, test, text or document."""

    root: Text
    path: Text
    line: int
    text: Text
    symbol: Text  # the qualified name of the definition around the line, empty at the top level
    kind: Literal["definition", "code", "test", "text", "document"]


class ReferencesReply(Reply):
    """One page of the places of a name; where `exact` is false there are at least `total`."""

    name: Text
    references: list[ReferenceReply]
    total: int
    exact: bool
    offset: int
    next_offset: int | None
    notices: list[Text]


def references_reply(found: References) -> ReferencesReply:
    """One page of the places of a name."""
    return ReferencesReply(
        name=found.name,
        references=[_reference(reference) for reference in found.references],
        total=found.total,
        exact=found.is_exact,
        offset=found.offset,
        next_offset=found.next_offset,
        notices=list(found.notices),
    )


def _reference(reference: Reference) -> ReferenceReply:
    return ReferenceReply(
        root=str(reference.root.path),
        path=reference.path,
        line=reference.line,
        text=reference.text,
        symbol=reference.symbol,
        kind=reference.kind.value,
    )


class SourceReply(Reply):
    """A file as it stands now, or its unsaved buffer; `indexed` is whether the index knows the file.

    Of a file that is no text (a PDF, an export of tickets), `text` is what is read there, and `lines` has for each of
    its lines the one of the file that it was made of; else `lines` is empty.
    """

    root: Text
    path: Text
    language: str
    text: Text
    indexed: bool
    lines: list[int]


def source_reply(source: SourceText) -> SourceReply:
    """The text of one file."""
    return SourceReply(
        root=str(source.root.path),
        path=source.path,
        language=source.language,
        text=source.text,
        indexed=source.is_indexed,
        lines=list(source.lines),
    )


class NeighbourNodeReply(Reply):
    """A symbol or a file. `name` is the symbol's qualified name or the file's path."""

    id: Text
    kind: Literal["symbol", "file"]
    name: Text
    root: Text
    path: Text
    start_line: int
    end_line: int
    symbol_kind: str


class NeighbourEdgeReply(Reply):
    """From one node to another, by their ids: what the source does with the target."""

    source: Text
    target: Text
    kind: Literal["defines", "contains", "names", "named by"]


class NeighboursReply(Reply):
    """A small graph around the symbol whose node has the id `center`; where `whole` is false there is more."""

    center: Text
    nodes: list[NeighbourNodeReply]
    edges: list[NeighbourEdgeReply]
    whole: bool


def neighbours_reply(found: Neighbours) -> NeighboursReply:
    """The graph around one symbol."""
    return NeighboursReply(
        center=found.center,
        nodes=[_neighbour_node(node) for node in found.nodes],
        edges=[
            NeighbourEdgeReply(source=edge.source, target=edge.target, kind=edge.kind.value) for edge in found.edges
        ],
        whole=found.is_whole,
    )


def _neighbour_node(node: NeighbourNode) -> NeighbourNodeReply:
    return NeighbourNodeReply(
        id=node.id,
        kind=node.kind.value,
        name=node.name,
        root=str(node.root.path),
        path=node.span.path,
        start_line=node.span.start,
        end_line=node.span.end,
        symbol_kind=node.symbol_kind,
    )
