"""`surefoot check-docs`: what documents and docstrings name and is not there, for people and for CI.

Invariant: exit code 0 says that everything asked for was read and nothing was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from surefoot import wire
from surefoot.cli.session import opened, refresh, stopped_by_interrupt
from surefoot.cli.terminal import one_line, out, print_json, shown_path
from surefoot.domain import CheckedMention, Root
from surefoot.errors import UsageError


def check_docs(roots: Sequence[Path], paths: Sequence[Path], *, json: bool) -> None:
    """Print one line for each finding; exit code 1 if there is one."""
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        raise UsageError(f"'{missing}' does not exist; name a file or folder to check.")
    files, rows = 0, []
    with opened(roots) as engine, stopped_by_interrupt() as cancel:
        refresh(engine, cancel)
        for root, path, text, mentions in engine.documents_drift(paths, cancel):
            files += 1
            rows += [wire.document_finding(root, path, text, mention) for mention in mentions]
            if not json:
                for mention in mentions:
                    _print(root, path, text, mention)
    if paths and not files:
        raise UsageError("None of the files that were named is indexed here; name their project with --root.")
    if json:
        print_json(wire.DocumentDriftReply(files=files, findings=rows))
    else:
        out().print(f"{files:,} files checked, {len(rows):,} findings.")
    if rows:
        raise typer.Exit(1)


def _print(root: Root, path: str, text: str, mention: CheckedMention) -> None:
    line, column = wire.line_and_column(text, mention.start)
    fix = f" Write {mention.correction}." if mention.correction and mention.correction != mention.text else ""
    where = shown_path(root.path, path)
    out().print(f"{where}:{line}:{column}: {one_line(f'{mention.text}: {mention.reason}{fix}')}")
