"""What the dashboard says beyond `wire`, which it shares with the command line and the editors.

Invariant: the page in `page/` is the only reader, and is of the same version.
"""

from __future__ import annotations

from surefoot import wire
from surefoot.wire import Arguments, Reply, Text


class ErrorReply(Reply):
    """Whatever could not be done, and why."""

    error: Text


class DashboardStatus(wire.StatusReply):
    """`GET /api/status`. `notices` are what was told since the start; `editor_link` has {path} and {line} in it."""

    version: str
    editor_link: Text
    notices: list[Text]


class ProgressEvent(Reply):
    """`event: progress`. `total` is 0 while the files are still being counted, and when nothing is indexed."""

    indexing: bool
    done: int
    total: int
    seconds_left: float | None


class IndexedEvent(Reply):
    """`event: indexed`: something in the index has changed, or the settings have."""


class ModelArguments(Arguments):
    """`POST /api/model`: a name of the catalogue, a GGUF path, a URL or "none"."""

    name: str


class ModelChosen(Reply):
    """The same, once it is what questions are answered with."""

    name: Text


class EmptyArguments(Arguments):
    """`POST /api/reindex`: nothing."""


class FileRow(Reply):
    """One indexed file."""

    root: Text
    path: Text


class FilesReply(Reply):
    """`GET /api/files`, best first."""

    files: list[FileRow]


class SymbolRow(Reply):
    """One definition."""

    root: Text
    path: Text
    start_line: int
    end_line: int
    name: Text
    kind: str


class SymbolsReply(Reply):
    """`GET /api/symbols`, best first."""

    symbols: list[SymbolRow]


class CoveredFile(Reply):
    """One file, or with a slash at the end a folder that is left out as a whole; `reason` says why.

    The size is 0 where nothing on disk has one, or where the file was left out by its name.
    """

    path: Text
    bytes: int
    language: str
    state: str
    reason: Text


class CoveredRoot(Reply):
    """One root, sorted by path. `more` counts what was too much to list: of the files that are as they should be."""

    root: Text
    files: list[CoveredFile]
    more: int


class CoverageReply(Reply):
    """`GET /api/coverage`: every file on disk and in the index, compared now."""

    roots: list[CoveredRoot]


class Run(Reply):
    """One evaluation. `figures` are means per split, `buckets` per split and bucket, `lost` counts stages."""

    name: Text
    when: Text
    commit: Text
    figures: dict[str, dict[str, float]]
    buckets: dict[str, dict[str, float]]
    lost: dict[str, dict[str, int]]


class Miss(Reply):
    """One case of the latest run whose answer was not shown, or that should have had none."""

    id: Text
    bucket: Text
    split: Text
    corpus: Text
    question: Text
    lost_in: Text
    trace_id: Text
    hits: list[Text]


class Floor(Reply):
    """One line of the gate, held against the latest run; `value` is null where no case says anything of it."""

    group: Text
    metric: Text
    least: float
    value: float | None
    passes: bool


class Gate(Reply):
    """The floors of `thresholds.toml`."""

    file: Text
    passes: bool
    floors: list[Floor]


class QualityReply(Reply):
    """`GET /api/quality`: oldest run first. `notice` says why there is less than there could be."""

    runs: list[Run]
    misses: list[Miss]
    gate: Gate | None
    notice: Text
