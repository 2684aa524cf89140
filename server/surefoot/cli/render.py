"""Hits, claims and citations as lines for people: `path:line` first, so that terminals and editors can open it.

Invariant: every piece of text passes `plain` or `one_line`; colour is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from surefoot.cli.terminal import one_line, out, plain, shown_path
from surefoot.domain import Chunk, Citation, Claim, Drift, Hit, Root, Source, SourceUse, Span, Struck, Verdict
from surefoot.sources.labels import label_of

LINES_SHOWN = 5  # of a hit's text: a signature and the start of its documentation
VERDICT_STYLES = {
    Verdict.VALID: "green",
    Verdict.MOVED: "yellow",
    Verdict.CHANGED: "yellow",
    Verdict.MISSING: "red",
    Verdict.NOT_IN_CONTEXT: "red",
}


def place(root: Root, span: Span) -> Text:
    """`path:12-30`, openable from the current folder."""
    lines = f":{span.start}" if span.start == span.end else f":{span.start}-{span.end}"
    return Text.assemble((shown_path(root.path, span.path), "cyan"), (lines, "cyan"))


def heading(words: str) -> None:
    """A title between blocks."""
    out().print(Text(words, style="bold"))


def hit_line(hit: Hit) -> Text:
    """One hit on one line."""
    chunk = hit.chunk
    label = label_of(chunk)
    if chunk.source is Source.COMMITS:
        return Text.assemble((one_line(label), "cyan"))
    name = f"  {one_line(label or chunk.symbol)}" if chunk.symbol else ""
    return Text.assemble(place(hit.root, chunk.shown), (name, "bold"), (f"  {_kind(chunk)}", "dim"))


def _kind(chunk: Chunk) -> str:
    """What a hit is: a ticket, something of a file that is no text ("drawing", "pdf"), or a kind of definition."""
    if chunk.source is Source.TICKETS:
        return "ticket"
    return chunk.language if chunk.file_line > 0 else chunk.kind


def hit_text(hit: Hit) -> Text:
    """The first lines of a hit, indented under its place."""
    lines = plain(hit.chunk.text).rstrip("\n").split("\n")
    shown = [f"    {line}" for line in lines[:LINES_SHOWN]]
    if len(lines) > LINES_SHOWN:
        shown.append(f"    ... {len(lines) - LINES_SHOWN} more lines")
    return Text("\n".join(shown), style="dim")


def claim_line(claim: Claim) -> Text:
    """One sentence, and the numbers of its citations; below it, what was struck out of it."""
    numbers = "".join(f"[{number}]" for number in claim.citations)
    line = Text.assemble(plain(claim.text), (f" {numbers}" if numbers else "", "cyan"))
    return Text("\n").join([line, *map(_struck_line, claim.struck)])


def _struck_line(struck: Struck) -> Text:
    """Struck out for the eye, and said in words where a terminal strikes nothing out."""
    reason = one_line(struck.reason)
    if not struck.text:
        return Text(f"  (left out: a part that {reason})", style="dim")
    words = Text(one_line(struck.text).removesuffix("."), style="strike")
    return Text.assemble("  (left out: ", words, f"; {reason})", style="dim")


def citation_line(citation: Citation) -> Text:
    """One place with its number and verdict."""
    is_commit = citation.source is Source.COMMITS
    name = "" if is_commit else one_line(citation.label or citation.symbol)
    return Text.assemble(
        Text(one_line(citation.label), "cyan") if is_commit else place(citation.root, citation.shown),
        f"  [{citation.id}]",
        (f"  {name}" if name else "", "bold"),
        "  ",
        (citation.verdict.value.replace("_", " "), VERDICT_STYLES[citation.verdict]),
    )


def listed(title: str, words: Sequence[str], style: str = "") -> None:
    """`Title: a, b, c`, or nothing where there is nothing to list."""
    if words:
        out().print(Text.assemble((f"{title}: ", "bold"), (", ".join(one_line(word) for word in words), style)))


def table(rows: Iterable[Sequence[str]], *, indent: str = "  ") -> None:
    """Left-aligned columns, the last one as wide as it likes."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        out().print(Text(indent + "  ".join([*padded, row[-1]])))


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def source_words(sources: Sequence[SourceUse]) -> str:
    """`drawn from tickets and code; not indexed: designs`, where there is more to say than that code was used."""
    used = [use.source.value for use in sources if use.is_used]
    absent = [use.source.value for use in sources if not use.indexed and use.source is not Source.DOCS]
    if set(used) <= {Source.CODE.value, Source.DOCS.value}:
        return ""
    told = " and ".join(filter(None, (", ".join(used[:-1]), used[-1])))
    return f"drawn from {told}" + (f"; not indexed: {', '.join(absent)}" if absent else "")


def drift_words(drift: Drift | None, now: float) -> str:
    """`0 changed since, counted 12 s ago`, and how many are not indexed yet; empty where nothing was counted."""
    if drift is None:
        return ""
    fresh = f", {drift.unindexed_files:,} not indexed yet" if drift.unindexed_files else ""
    return f"{drift.drifted_files:,} changed since{fresh}, counted {_ago(now - drift.measured_at)}"


def _ago(seconds: float) -> str:
    """The largest unit of time that fits: the figures are seconds old, or days."""
    if seconds < 1:
        return "just now"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:,.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def trace_hint(trace_id: str) -> str:
    """How to see what happened, where it was recorded."""
    return f"; surefoot trace show {trace_id}" if trace_id else ""


def size(count: int) -> str:
    """Bytes as people read them."""
    amount = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if amount < 1024:
            return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
        amount /= 1024
    return f"{amount:,.1f} GiB"
