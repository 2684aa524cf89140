"""`surefoot models`: the catalogue, fetching a model, checking what was fetched."""

from __future__ import annotations

import typer

from surefoot import wire
from surefoot.cli.progress import DownloadProgress
from surefoot.cli.render import size, table
from surefoot.cli.session import read_settings, stopped_by_interrupt
from surefoot.cli.terminal import one_line, out, print_json, say
from surefoot.config import Settings
from surefoot.models import pull as download
from surefoot.models.catalog import CATALOG, CatalogEntry, find_entry
from surefoot.models.open import bytes_here, model_path
from surefoot.models.report import Report

SUMS_SHOWN = 12  # characters of a checksum: enough to compare by eye; --json has all of them


def list_models(*, json: bool) -> None:
    """The catalogue, and which of it is on this machine."""
    settings = read_settings()
    rows = [_row(entry, settings) for entry in CATALOG]
    if json:
        print_json(wire.ModelsReply(models=rows))
        return
    head = ("NAME", "HERE", "SIZE", "MEMORY", "LICENCE", "SHA256", "")
    table([head, *(_cells(row) for row in rows)], indent="")
    out().print("Also: any .gguf file by its path, any OpenAI-compatible server on this machine by its URL, or none.")


def _row(entry: CatalogEntry, settings: Settings) -> wire.ModelRow:
    here = bytes_here(entry, settings)
    return wire.model_row(entry, model_path(entry, settings), here, is_default=entry is CATALOG[0])


def _cells(row: wire.ModelRow) -> tuple[str, ...]:
    here = "yes" if row.downloaded else "damaged" if row.incomplete else "no"
    checksum = (row.sha256 or "from its hub")[:SUMS_SHOWN]
    memory = f"{size(row.memory_bytes)}{', too much here' if row.unfit else ''}"
    return row.name, here, size(row.size_bytes), memory, row.licence, checksum, row.note


def pull(name: str) -> None:
    """Download one model, and say where it is."""
    settings = read_settings()
    entry = find_entry(name)
    if not model_path(entry, settings).is_file():
        weight = f"{size(entry.size_bytes)}, {entry.licence}"
        say(f"Downloading {entry.title} ({weight}); it can be interrupted, and goes on where it stopped.")
    with stopped_by_interrupt() as cancel, DownloadProgress(entry.name) as progress:
        options = download.PullOptions(report=Report(progress.show, cancel))
        path = download.pull(name, settings, options)
    out().print(one_line(str(path)))


def verify(name: str | None, *, json: bool) -> None:
    """Check one model, or all that are here; exit code 1 if one is not as it should be."""
    settings = read_settings()
    here = [entry for entry in CATALOG if model_path(entry, settings).is_file()]
    entries = [find_entry(name)] if name else here
    found = [download.verify(entry.name, settings) for entry in entries]
    if json:
        rows = [
            wire.VerificationRow(name=one.name, path=str(one.path), state=one.state, sentence=one.sentence)
            for one in found
        ]
        print_json(wire.VerificationsReply(models=rows))
    else:
        for one in found:
            out().print(one_line(one.sentence))
        if not found:
            out().print("No model is downloaded.")
    if any(one.state in {"missing", "damaged"} for one in found):
        raise typer.Exit(1)
