"""`surefoot models`: the catalogue, fetching a model, checking what was fetched, fitting it to this machine."""

from __future__ import annotations

from dataclasses import replace

import typer

from surefoot import wire
from surefoot.cli.progress import DownloadProgress
from surefoot.cli.render import size, table
from surefoot.cli.session import read_settings, stopped_by_interrupt
from surefoot.cli.terminal import one_line, out, print_json, say
from surefoot.config import Settings
from surefoot.errors import UsageError
from surefoot.models import pull as download
from surefoot.models.catalog import CATALOG, CatalogEntry, find_entry
from surefoot.models.llama import LlamaGenerator
from surefoot.models.open import bytes_here, llama_options, model_path, open_generator
from surefoot.models.rates import FOLDER
from surefoot.models.report import Report
from surefoot.models.tune import Try, is_busy
from surefoot.models.tune import tune as calibrate

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


def tune(name: str) -> None:
    """Calibrate one model, telling of each try, and keep the best."""
    settings = read_settings()
    generator = open_generator(settings, model=name)
    if not isinstance(generator, LlamaGenerator):
        raise UsageError(f"'{name}' is no model that runs here; name one of `surefoot models list` or a .gguf file.")
    if is_busy():
        say("Something else keeps this machine busy; what is found holds for such times only.")
    options = replace(llama_options(settings), threads=0)
    with stopped_by_interrupt() as cancel:
        best = calibrate(generator.path, options, settings.cache_dir / FOLDER, _tell, cancel)
    out().print(f"Kept: {_tuning(best)}")


def _tell(tried: Try) -> None:
    rates = f"reads {tried.rates.prompt:.0f} and writes {tried.rates.answer:.1f} tokens a second"
    out().print(f"{_tuning(tried)}: {rates}, {tried.seconds:.1f} s for a usual question")


def _tuning(tried: Try) -> str:
    tuning = tried.tuning
    threads = f"{tuning.threads} thread{'s' if tuning.threads > 1 else ''}"
    attention = "with" if tuning.flash_attention else "without"
    return f"{threads}, {tuning.batch} tokens at a time, {attention} flash attention"


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
