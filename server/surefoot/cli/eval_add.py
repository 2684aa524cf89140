"""`surefoot eval add`: a question that went wrong becomes a case, in a minute."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from surefoot.cli.render import counted, heading
from surefoot.cli.session import opened, refresh_if_possible, stopped_by_interrupt
from surefoot.cli.terminal import one_line, out, say
from surefoot.domain import Root, Span
from surefoot.errors import UsageError
from surefoot.golden import TEAM_FILE, Place, append_case, case_of

if TYPE_CHECKING:
    from surefoot.engine import Engine
    from surefoot.trace import Trace

PLACE = re.compile(r"(?P<path>.+?)(?::(?P<start>\d+)(?:-(?P<end>\d+))?|#(?P<symbol>.+))?$")
NOWHERE = ("none", "nothing")
HELP = "a hit's number, FILE, FILE:12-30, FILE#symbol, or none where nothing here answers it; empty line when done"


def add(roots: Sequence[Path], trace_id: str, places: Sequence[str], *, absent: bool, note: str, into: Path) -> None:
    """Write the case; what is not said on the command line is asked for at a terminal."""
    with opened(roots) as engine, stopped_by_interrupt() as cancel:
        trace = engine.trace(trace_id)
        refresh_if_possible(engine, cancel)
        shown = _shown(trace)
        if not places and not absent:
            if not sys.stdin.isatty():
                raise UsageError("Say where the answer is with --place FILE:12-30, or --absent where it is nowhere.")
            _print(trace, shown)
            found, note = _asked(engine, shown), note or typer.prompt("Why", default="", show_default=False)
        else:
            found = [_place(engine, text, shown) for text in places]
    case = case_of(trace, found, note)
    append_case(into, case)
    where = counted(len(found), "place") if found else "nothing here answers it"
    out().print(one_line(f"{into}: {case.id}, {case.bucket}, {where}"))


def _shown(trace: Trace) -> list[Span]:
    """What the question was answered from: the last stage that lists hits has them as they were shown."""
    hits: list[Any] = next((s.details["hits"] for s in reversed(trace.stages) if "hits" in s.details), [])
    matches = (re.match(r"(.+):(\d+)(?:-(\d+))?(?: |$)", _hit_place(hit)) for hit in hits)
    return [Span(m[1], int(m[2]), int(m[3] or m[2])) for m in matches if m]


def _print(trace: Trace, shown: Sequence[Span]) -> None:
    heading(one_line(f"{trace.question}"))
    for number, span in enumerate(shown, 1):
        out().print(one_line(f"{number:>3}  {span}"))
    say(f"Where is the answer? {HELP}.")


def _hit_place(hit: Any) -> str:
    """Traces of earlier versions have hits as texts that begin with their place."""
    return str(hit.get("place", "")) if isinstance(hit, dict) else str(hit)


def _asked(engine: Engine, shown: Sequence[Span]) -> list[Place]:
    found: list[Place] = []
    while text := typer.prompt("Place", default="", show_default=False).strip():
        if text.lower() in NOWHERE:
            return []
        try:
            found.append(_place(engine, text, shown))
        except UsageError as error:
            say(one_line(str(error)))
    if not found:
        raise UsageError("No place was named, so no case was written.")
    return found


def _place(engine: Engine, text: str, shown: Sequence[Span]) -> Place:
    """The place that a person means. Raises UsageError with the files that come closest."""
    if text.isdecimal() and 1 <= int(text) <= len(shown):
        span = shown[int(text) - 1]
        return Place(path=span.path, start_line=span.start, end_line=span.end)
    match = PLACE.match(text)
    assert match is not None  # noqa: S101 - any text that is not empty matches
    root, path = _file(engine, match["path"])
    name = root.name if len(engine.roots) > 1 else ""
    if match["symbol"]:
        return _definition(engine, root, path, match["symbol"], name)
    lines = (root.path / path).read_text(encoding="utf-8", errors="replace").count("\n") + 1
    start, end = int(match["start"] or 1), int(match["end"] or match["start"] or lines)
    if not 1 <= start <= end <= lines:
        raise UsageError(f"{path} has {counted(lines, 'line')}; {start}-{end} is not in it.")
    return Place(path=path, start_line=start, end_line=end, root=name)


def _file(engine: Engine, text: str) -> tuple[Root, str]:
    near = engine.files_like(text)
    exact = [(root, path) for root, path in near if path == text or path.endswith(f"/{text}")]
    if len(exact) == 1 or (exact and exact[0][1] == text):
        return exact[0]
    if len(near) == 1:
        return near[0]
    hint = f"did you mean {', '.join(path for _, path in near[:5])}?" if near else "give a path as hits show it."
    raise UsageError(f"No single indexed file is called '{text}'; {hint}")


def _definition(engine: Engine, root: Root, path: str, wanted: str, name: str) -> Place:
    symbols = engine.symbols_in(root, path)
    found = next((symbol for symbol in symbols if wanted in (symbol.name, symbol.qualified_name)), None)
    if found is None:
        known = ", ".join(dict.fromkeys(symbol.qualified_name for symbol in symbols)) or "none"
        raise UsageError(f"{path} defines no '{wanted}'; it defines {known}.")
    return Place(path=path, start_line=found.span.start, end_line=found.span.end, symbol=found.name, root=name)


__all__ = ["TEAM_FILE", "add"]
