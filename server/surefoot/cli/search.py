"""`surefoot search`: one query for a person, or a stream of them for a program."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import from_json

from surefoot import wire
from surefoot.cli.render import counted, drift_words, hit_line, hit_text, listed, trace_hint
from surefoot.cli.session import opened, refresh_if_possible, stopped_by_interrupt
from surefoot.cli.terminal import err, note, one_line, out, print_json
from surefoot.domain import Query, Scope, SearchResult
from surefoot.errors import Cancelled, SurefootError, UsageError

if TYPE_CHECKING:
    from surefoot.engine import Engine


WHITE = b" \t\r\n\xef\xbb\xbf"  # some programs begin their output with a byte order mark


@dataclass(frozen=True, slots=True)
class Request:
    """What every query of one call has in common."""

    scope: Scope
    k: int
    open_file: Path | None = None

    def query(self, text: str, k: int | None = None) -> Query:
        """One query of the call."""
        return Query(text, self.scope, k or self.k, self.open_file)


def search(roots: Sequence[Path], query: str, request: Request, *, json: bool) -> None:
    """Answer one query."""
    if not query.strip():
        raise UsageError("There is nothing to search for: give the words after the options.")
    with opened(roots) as engine, stopped_by_interrupt() as cancel:
        refresh_if_possible(engine, cancel)
        result = engine.search(request.query(query), cancel=cancel)
    if json:
        print_json(wire.search_reply(result))
    else:
        _print_result(result)


def _print_result(result: SearchResult) -> None:
    for hit in result.hits:
        out().print(hit_line(hit))
        out().print(hit_text(hit))
    if result.no_match:
        out().print("Nothing in the index matches.")
    listed("Nearest names", result.near_misses)
    for notice in result.notices:
        note(notice)
    if err().is_terminal:
        took = sum(result.stages.values())
        found = f"{counted(len(result.hits), 'hit')} in {took:.0f} ms{trace_hint(result.trace_id)}"
        err().print(f"{found}{_index_line(result)}", style="dim")


def _index_line(result: SearchResult) -> str:
    """How far what was searched is behind the disk, as last counted."""
    if result.drift is None:
        return ""
    return f"\nindex: {counted(result.drift.files, 'file')}, {drift_words(result.drift, time.time())}"


def search_lines(roots: Sequence[Path], request: Request) -> None:
    """Answer one line of stdin after the other; a bad line is answered with its error, and the next one read."""
    with opened(roots) as engine, stopped_by_interrupt() as cancel:
        refresh_if_possible(engine, cancel)
        for line in iter(sys.stdin.buffer.readline, b""):
            if line.strip(WHITE):
                print_json(_answer(engine, line.strip(WHITE), request))


def _answer(engine: Engine, line: bytes, request: Request) -> wire.Reply:
    begin = time.perf_counter()
    line_id: str | int | float | None = None
    try:
        line_id = _readable_id(line)
        asked = wire.SearchLine.model_validate_json(line)
        result = engine.search(request.query(asked.query, asked.k))
    except ValidationError as error:
        return wire.LineErrorReply(id=line_id, error=wire.usage_sentence(error))
    except Cancelled:
        raise
    except SurefootError as error:
        return wire.LineErrorReply(id=line_id, error=one_line(str(error)))
    return wire.search_line_reply(line_id, result, (time.perf_counter() - begin) * 1000)


def _readable_id(line: bytes) -> str | int | float | None:
    """The caller's id, which goes back with an error too, so that it knows which of its lines was wrong."""
    try:
        value = from_json(line)
    except ValueError:
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str | int | float) and not isinstance(found, bool) else None
