"""`surefoot trace replay`: a question asked again, and stage by stage what came out otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from surefoot import wire
from surefoot.cli.render import counted, heading, trace_hint
from surefoot.cli.session import opened, refresh_if_possible, stopped_by_interrupt
from surefoot.cli.terminal import one_line, out, print_json
from surefoot.domain import Change, ChangeKind, StageDifference
from surefoot.trace import Replay, Trace

if TYPE_CHECKING:
    from surefoot.engine import Engine

SHOWN = 8  # changes of one stage; `--json` has all of them
SHOWN_OF_CONSEQUENCES = 4
WIDTH = 78  # of a change on one line, on a terminal of 80 columns
LONGEST = 300  # characters of a text on a line of its own
INDENT = "      "
_PLACE = re.compile(r"(?P<path>.+):(?P<start>\d+)(?:-(?P<end>\d+))?")


def replay(trace_id: str, overrides: Sequence[str], *, json: bool) -> None:
    """Ask again and print what differs."""
    with stopped_by_interrupt() as cancel:
        with opened(()) as engine:
            before = engine.trace(trace_id)
            with _workspace(engine, before) as asked:
                refresh_if_possible(asked, cancel)
                replayed = asked.replay(before.trace_id, overrides, cancel=cancel)
        print_json(wire.replay_reply(replayed)) if json else _print(replayed)


@contextmanager
def _workspace(engine: Engine, trace: Trace) -> Iterator[Engine]:
    """An engine over the folders that the question was asked of: the open one, where it has them."""
    folders = trace.request.get("workspace")
    wanted = [Path(str(folder)) for folder in folders] if isinstance(folders, list) else []
    if not wanted or {root.path for root in engine.roots} == set(wanted):
        yield engine
        return
    with opened(wanted) as other:
        yield other


def _print(replay: Replay) -> None:
    before, after = replay.before, replay.after
    heading(one_line(f"{before.kind} {before.trace_id}: {before.question}"))
    same = before.outcome == after.outcome
    outcome = f"{before.outcome}, then and now" if same else f"{before.outcome} then, {after.outcome} now"
    out().print(one_line(f"{outcome}{trace_hint(after.trace_id)}"), style="dim")
    for condition in replay.conditions:
        out().print(one_line(f"  {_condition(condition)}"), style="yellow")
    out().print(_verdict(replay), style="bold")
    for difference in replay.stages:
        _print_stage(difference)


def _verdict(replay: Replay) -> str:
    if not replay.stages:
        return "Nothing differs."
    further = [stage for stage in replay.causes if stage != replay.first_difference]
    also = f", and by itself in {' and '.join(further)}" if further else ""
    return f"Differs first in {replay.first_difference}{also}."


def _condition(condition: Change) -> str:
    if condition.subject == "set":
        return f"set for this replay: {condition.after}"
    return f"{condition.subject}: {condition.before}, now {condition.after}"


def _print_stage(difference: StageDifference) -> None:
    style = "bold red" if difference.is_cause else "bold"
    reason = f"cause: {difference.reason}" if difference.is_cause else difference.reason
    out().print(Text.assemble("\n", (difference.stage, style), f"  {one_line(reason)}"))
    changes, shown = _grouped(difference.changes), SHOWN if difference.is_cause else SHOWN_OF_CONSEQUENCES
    for change in changes[:shown]:
        _print_change(change)
    if (more := len(changes) - shown) > 0:
        out().print(f"  and {counted(more, 'more difference')}; --json lists all", style="dim")


def _grouped(changes: Sequence[Change]) -> list[Change]:
    """One entry, with one place as an example, for what one cause does to many places."""
    grouped: list[Change] = []
    counts = Counter(map(_group, changes))
    for change in changes:
        group = _group(change)
        if not group or counts[group] == 1:
            grouped.append(change)
        elif count := counts.pop(group, 0):
            grouped.append(replace(change, subject=_told_once(change, group, count)))
    return grouped


def _group(change: Change) -> tuple[str, int] | None:
    """A rule that is broken changes all places; a line that is added moves all below it in its file."""
    if change.kind is ChangeKind.RULE:
        return change.subject.partition(" on ")[0], 0
    was, now = _PLACE.fullmatch(change.before), _PLACE.fullmatch(change.after)
    if change.kind is not ChangeKind.LINES or not was or not now or was["path"] != now["path"]:
        return None
    by = int(now["start"]) - int(was["start"])
    return (was["path"], by) if by == int(now["end"] or now["start"]) - int(was["end"] or was["start"]) else None


def _told_once(change: Change, group: tuple[str, int], count: int) -> str:
    if change.kind is ChangeKind.RULE:
        return f"{group[0]} on {count} places, such as {change.subject.partition(' on ')[2]}"
    return f"{count} places of {group[0]} by {group[1]:+}, such as {change.subject}"


def _print_change(change: Change) -> None:
    subject, before, after = (one_line(text) for text in (change.subject, change.before, change.after))
    head = f"  {_KINDS[change.kind]}{subject}"
    if change.kind in (ChangeKind.GONE, ChangeKind.NEW):
        _print_either(head, f" ({before or after})" if before or after else "")
    elif change.kind is ChangeKind.TEXT and _is_hash(before) and _is_hash(after):
        out().print(f"{head} has another text")  # nobody reads the hashes
    elif "\n" not in change.before + change.after and len(head) + len(before) + len(after) + len(": ,  now") <= WIDTH:
        out().print(f"{head}: {before}, now {after}")
    else:
        out().print(f"{head}:")
        for mark, text in _lines(change):
            out().print(f"{INDENT}{mark} {_cut(one_line(text))}", style="dim")


def _lines(change: Change) -> list[tuple[str, str]]:
    """What was and what is, of texts of several lines those that the other does not have."""
    before, after = change.before.splitlines(), change.after.splitlines()
    gone, new = [line for line in before if line not in after], [line for line in after if line not in before]
    return [*(("-", line) for line in gone[:SHOWN]), *(("+", line) for line in new[:SHOWN])]


def _print_either(head: str, rest: str) -> None:
    if len(head) + len(rest) <= WIDTH:
        out().print(head + rest)
    else:
        out().print(_cut(head))
        out().print(f"{INDENT}{_cut(rest.strip())}", style="dim") if rest else None


_KINDS = {
    ChangeKind.GONE: "gone   ",
    ChangeKind.NEW: "new    ",
    ChangeKind.MOVED: "moved  ",
    ChangeKind.LINES: "lines  ",
    ChangeKind.TEXT: "text   ",
    ChangeKind.RULE: "rule   ",
    ChangeKind.VALUE: "other  ",
}


def _is_hash(text: str) -> bool:
    return len(text) >= 8 and all(character in "0123456789abcdef" for character in text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
