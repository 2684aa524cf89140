"""`surefoot status`: what is indexed, counted against disk at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from surefoot import wire
from surefoot.cli.index import print_left_out
from surefoot.cli.render import counted, heading, listed, size, table
from surefoot.cli.session import opened
from surefoot.cli.terminal import note, one_line, out, plain, print_json
from surefoot.domain import RootStatus, Status

DRIFTED_SHOWN = 10  # enough to recognise what happened; --json has them all


def status(roots: Sequence[Path], *, json: bool) -> None:
    """Print the state of the roots; nothing is indexed."""
    with opened(roots) as engine:
        found = engine.status()
        notices = dict.fromkeys([*engine.notices, *engine.refusals()])
    for notice in notices:
        note(notice)
    if json:
        print_json(wire.status_reply(found))
    else:
        _print(found)


def _print(found: Status) -> None:
    for root in found.roots:
        _print_root(root)
    out().print(one_line(f"Embedder: {found.embedder}"))
    out().print(one_line(f"Model: {found.model} ({found.model_state})"))
    if found.indexing:
        out().print("Indexing is going on.")


def _print_root(root: RootStatus) -> None:
    heading(plain(str(root.root.path)))
    drift = (
        f"{counted(root.drifted_chunks, 'chunk')} in {counted(len(root.drifted_files), 'file')}"
        if root.drifted_chunks
        else "none"
    )
    held = (counted(root.files, "file"), counted(root.symbols, "symbol"), counted(root.chunks, "chunk"))
    rows = [
        ("indexed", ", ".join(held)),
        ("sources", ", ".join(f"{source.value} {count:,}" for source, count in root.sources.items()) or "none"),
        ("not yet indexed", counted(root.unindexed_files, "file")),
        ("changed since", drift),
        ("languages", ", ".join(f"{name} {count:,}" for name, count in _most_first(root.languages)) or "none"),
        ("database", f"{root.database} ({size(root.database_bytes)}{_each(root)})"),
    ]
    table(rows)
    listed("Changed", root.drifted_files[:DRIFTED_SHOWN], "yellow")
    print_left_out(root.skipped)
    for file in root.failed:
        out().print(plain(f"{file.path}: {file.error}"), style="red")


def _each(root: RootStatus) -> str:
    return f", {wire.bytes_per_chunk(root.database_bytes, root.chunks):,} bytes a chunk" if root.chunks else ""


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
