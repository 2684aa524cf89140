"""Language models: what there is, and what became of fetching or checking one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surefoot.models.memory import unfit
from surefoot.wire.base import Reply, Text

if TYPE_CHECKING:
    from surefoot.models.catalog import CatalogEntry


class ModelRow(Reply):
    """One model of the catalogue. `sha256_source` says who gave the checksum, `path` where the file is or would be."""

    name: str
    title: str
    size_bytes: int
    licence: str
    memory_bytes: int
    unfit: str  # why it does not fit this machine, as a clause; empty where it does
    sha256: str | None
    sha256_source: str
    repo: str
    revision: str
    file: str
    note: str
    path: Text
    downloaded: bool  # the whole of it
    incomplete: bool  # a file of another size stands in its place
    default: bool


class ModelsReply(Reply):
    """`surefoot models list --json`, and the LSP command `surefoot.models`."""

    models: list[ModelRow]


def model_row(entry: CatalogEntry, path: Path, size: int | None, *, is_default: bool) -> ModelRow:
    """One model of the catalogue; `size` is that of the file at `path`, None where there is none."""
    return ModelRow(
        name=entry.name,
        title=entry.title,
        size_bytes=entry.size_bytes,
        licence=entry.licence,
        memory_bytes=entry.memory_bytes,
        unfit=unfit(entry.memory_bytes),
        sha256=entry.sha256,
        sha256_source=entry.sha256_source,
        repo=entry.repo,
        revision=entry.revision,
        file=entry.file,
        note=entry.note,
        path=str(path),
        downloaded=size == entry.size_bytes,
        incomplete=size is not None and size != entry.size_bytes,
        default=is_default,
    )


class PullReply(Reply):
    """`surefoot.pullModel`: the catalogue's name of the model, and where its file is now."""

    name: str
    path: Text


class VerificationRow(Reply):
    """One checked model. `state` is ok, missing, damaged or unchecked; `sentence` says the same to people."""

    name: str
    path: Text
    state: str
    sentence: Text


class VerificationsReply(Reply):
    """`surefoot models verify --json`."""

    models: list[VerificationRow]


class ReportReply(Reply):
    """`surefoot.reportAnswer`: the case that was written, and the file that has it."""

    case_id: str
    file: Text
