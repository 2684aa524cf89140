"""Settings: frozen, fully defaulted, read from the user's file, the environment and the editor.

Invariant: a bad value never stops the program; it becomes one message for the user, and the default is used.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from surefoot.domain import NUMBER, TicketPattern

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

ENVIRONMENT_PREFIX = "SUREFOOT_"
SETTINGS_FILE = "surefoot.toml"  # in the user's configuration folder
LIKELY_SLIP = 0.85  # similarity of names; `SUREFOOT_MODLE` is one, `SUREFOOT_HOME` is not
LARGEST_FILE = 64 * 1024  # bytes of a settings file that are read
LONGEST_VALUE = 60  # characters of a bad value in a message
# Of an editor, such as vscode: or idea:; what a page would run or show by itself is none.
EDITOR_LINK = re.compile(
    r"(?!(?:javascript|data|vbscript|blob|file|about):)[a-z][a-z\d+.-]*:[^\s<>\"']+", re.IGNORECASE
)
PROJECT_FILE = ".surefoot.toml"  # in a root; only what concerns the project is read from it


class Settings(BaseModel):
    """Every tunable of Surefoot that a user may change. Sizes in bytes, times in seconds, unless the name says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cache_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("surefoot")),
        description="where indexes, traces and downloaded models live",
    )
    models_dir: Path | None = Field(default=None, description="where downloaded models live instead")

    max_file_bytes: int = Field(default=1024 * 1024, gt=0, description="larger files are skipped")
    include_vendored: bool = Field(default=False, description="index node_modules, vendor and the like too")
    history_commits: int = Field(
        default=5000, ge=0, description="commits of each root's git history that are indexed, the latest; 0 is none"
    )
    index_workers: int = Field(default=0, ge=0, le=64, description="parser processes; 0 goes by index_share")
    # All of them by default: at low priority they give way to whatever the user does, and an index that is there sooner
    # costs a battery no more than one that takes longer. Who minds the fan takes less.
    index_share: float = Field(
        default=1.0, gt=0, le=1, description="share of the cores that parse, at low priority and at most 8"
    )
    pause_on_battery: bool = Field(
        default=False, description="on battery, look at saved files only and at everything later"
    )
    lock_timeout: float = Field(
        default=30.0, ge=0, le=86_400, description="how long to wait for another process's indexing"
    )

    embedder: str = Field(
        default="builtin", description='"builtin", the path of a GGUF embedding model, or a folder of a static one'
    )

    model: str = Field(default="default", description='catalogue name, GGUF path, http://localhost URL or "none"')
    model_threads: int = Field(default=0, ge=0, description="0 is as calibrated, or one core less than there are")
    model_gpu_layers: int = Field(default=-1, ge=-1, description="layers to offload where the build can; -1 is all")
    model_memory: int = Field(
        default=0, ge=0, description="bytes that a model may take beside its file; 0 is three quarters of all memory"
    )
    model_idle_seconds: float = Field(
        default=900.0, ge=0, le=86_400, description="after which an unused model is unloaded; 0 is never"
    )
    first_claim_seconds: float = Field(
        default=6.0,
        ge=0,
        le=3600,
        description="time to the first checked sentence that a model's sources are fitted to; 0 is no limit",
    )
    context_tokens: int = Field(default=900, ge=200, description="most tokens of sources that are shown to the model")
    answer_tokens: int = Field(default=320, ge=32, description="longest answer that the model may write")

    code_lens: bool = Field(default=False, description='show "Explain" above each definition in an editor')
    document_drift: bool = Field(
        default=True, description="warn in an editor where a document names what is not in the working tree"
    )
    editor_link: str = Field(
        default="vscode://file/{path}:{line}",
        description="where the dashboard's places lead: an address with {path} and {line} in it",
    )

    trace: bool = Field(default=True, description="record one trace per question")
    trace_keep: int = Field(default=500, ge=1, description="traces kept; the oldest go first")
    trace_days: int = Field(default=30, ge=1, le=36_500, description="days after which a trace is dropped")
    trace_export: str = Field(
        default="",
        description="where traces are sent or written as OpenTelemetry spans: http:// address of an OTLP receiver, "
        "or path of a JSON-lines file; empty is nowhere",
    )
    trace_export_contents: bool = Field(
        default=False, description="export questions and places too, not only names, counts and times"
    )

    @field_validator("cache_dir", "models_dir")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        return folder.expanduser().absolute() if folder else None

    @field_validator("editor_link")
    @classmethod
    def _leads_to_an_editor(cls, link: str) -> str:
        if "{path}" not in link or not EDITOR_LINK.fullmatch(link):
            raise PydanticCustomError("editor_link", "an editor's address with {path} in it", {"path": "{path}"})
        return link

    @field_validator("trace_export")
    @classmethod
    def _address_or_file(cls, target: str) -> str:
        if not target or re.match(r"https?://[^\s/]", target, re.IGNORECASE):
            return target
        if "\0" in target or re.match(r"[a-z][a-z\d+.-]+:", target, re.IGNORECASE):
            raise PydanticCustomError("trace_export", "the http:// address of an OTLP receiver or the path of a file")
        return str(Path(target).expanduser().absolute())

    @property
    def index_dir(self) -> Path:
        """Where the databases live, one per root."""
        return self.cache_dir / "index"

    @property
    def model_dir(self) -> Path:
        """Where downloaded models live."""
        return self.models_dir or self.cache_dir / "models"


# What only a front end reads.
FRONT_END_FIELDS = frozenset({"code_lens", "document_drift", "editor_link", "pause_on_battery"})

# What the VS Code extension leaves to the user's file and the environment.
NOT_IN_VS_CODE = frozenset(
    {
        "editor_link",
        "embedder",
        "lock_timeout",
        "model_idle_seconds",
        "model_memory",
        "trace_export",
        "trace_export_contents",
    }
)

# Pydantic's names of problems, by their beginnings, and what is wanted instead; the limit is put in.
_WANTED = MappingProxyType(
    {
        "greater_than_equal": "at least {0:,.10g}",
        "greater_than": "more than {0:,.10g}",
        "less_than_equal": "at most {0:,.10g}",
        "less_than": "less than {0:,.10g}",
        "int_": "a whole number",
        "float_": "a number",
        "finite_": "a number",
        "bool_": "true or false",
        "string_": "a text",
        "path_": "the path of a folder",
    }
)

# A repository is other people's input: it may say what to index, not where to write or what to run.
PROJECT_FIELDS = frozenset({"max_file_bytes", "include_vendored", "history_commits"})
# What a project says of itself besides: read where its root is made, and no setting of anybody's.
PROJECT_FACTS = frozenset({"tickets", "ticket_patterns"})
MOST_TICKET_FOLDERS = 50
MOST_TICKET_PATTERNS = 50
LONGEST_TICKET_PATTERN = 200  # characters
_TICKET_NAME = re.compile(r"(?:[#!]|[A-Za-z][A-Za-z0-9_]{0,15}-)\{number\}")
_PLACEHOLDER = re.compile(r"\{\w*\}")


def load_settings(
    overrides: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config_dir: Path | None = None,
    roots: tuple[Path, ...] = (),
) -> tuple[Settings, tuple[str, ...]]:
    """Merge, weakest first: project files, the user's file, `SUREFOOT_*` variables, `overrides`.

    Returns the settings and one sentence per value that was not understood.
    """
    messages: list[str] = []
    merged: dict[str, Any] = {}
    for root in roots:
        values = _from_toml(root / PROJECT_FILE, messages, allowed=PROJECT_FIELDS | PROJECT_FACTS)
        messages += _ticket_folders(root, values.get("tickets"))[1]
        messages += _ticket_patterns(values.get("ticket_patterns"))[1]
        merged |= {name: value for name, value in values.items() if name in PROJECT_FIELDS}
    merged |= _from_toml((config_dir or Path(platformdirs.user_config_dir("surefoot"))) / SETTINGS_FILE, messages)
    merged |= _from_environment(os.environ if environ is None else environ, messages)
    merged |= {name: value for name, value in (overrides or {}).items() if value is not None}
    return _validated(merged, messages), tuple(messages)


def project_files(roots: Iterable[Path]) -> tuple[bytes, ...]:
    """What the project file of each root says, as far as it is read; to see whether it has changed."""
    return tuple(map(_content, roots))


def _content(root: Path) -> bytes:
    try:
        with (root / PROJECT_FILE).open("rb") as file:
            return file.read(LARGEST_FILE)
    except OSError:
        return b""


def ticket_folders(root: Path) -> tuple[str, ...] | None:
    """The folders of a root, relative to it, of which its project file says that exports of tickets are in them.

    None where the file is there and cannot be read, as one that is half typed. What cannot be a folder is left out;
    `load_settings` tells of both.
    """
    values = _toml(root / PROJECT_FILE, [])
    return None if values is None else _ticket_folders(root, values.get("tickets"))[0]


def _ticket_folders(root: Path, wanted: object) -> tuple[tuple[str, ...], list[str]]:
    """The folders that may be looked into, and one sentence about each that may not, or that is not there."""
    if wanted is None:
        return (), []
    folders = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(folders, list):
        return (), [f"{PROJECT_FILE}: 'tickets' has to be a list of folders; it is ignored."]
    kept: list[str] = []
    messages: list[str] = []
    for folder in folders[:MOST_TICKET_FOLDERS]:
        name = str(folder) if len(str(folder)) <= LONGEST_VALUE else f"{str(folder)[:LONGEST_VALUE]}…"
        reason = _why_not(root, folder)
        if reason:
            messages.append(f"{PROJECT_FILE}: tickets: '{name}' {reason}; it is ignored.")
            continue
        kept.append(_plain_folder(folder))
        if not (root / kept[-1]).is_dir():  # it may come yet
            messages.append(f"{PROJECT_FILE}: tickets: '{name}' is no folder here, so there are no tickets of it.")
    return tuple(dict.fromkeys(kept)), messages


def _why_not(root: Path, folder: object) -> str:
    """Why a folder cannot be one of tickets; empty where it can."""
    if not isinstance(folder, str) or not folder.strip("/. "):
        return "is no folder of this project"
    parts = _plain_folder(folder).split("/")
    if folder.startswith(("/", "~", "\\")) or ":" in folder or "\0" in folder or ".." in parts or "" in parts:
        return "has to be relative to the project and lie in it"
    if parts[0] == ".surefoot" and parts[1:2] != ["tickets"]:
        return "lies in Surefoot's own folder, of which only .surefoot/tickets is read"
    above = (root.joinpath(*parts[:depth]) for depth in range(1, len(parts) + 1))
    try:
        return "is behind a symbolic link, and none is followed" if any(each.is_symlink() for each in above) else ""
    except (OSError, ValueError):
        return "cannot be looked at"


def _plain_folder(folder: str) -> str:
    return "/".join(part for part in folder.replace("\\", "/").rstrip("/").split("/") if part != ".")


def ticket_patterns(root: Path) -> tuple[TicketPattern, ...] | None:
    """How the project file of a root says that its tickets are written, besides the ways that are always understood.

    None where the file is there and cannot be read. What cannot be a pattern is left out; `load_settings` tells.
    """
    values = _toml(root / PROJECT_FILE, [])
    return None if values is None else _ticket_patterns(values.get("ticket_patterns"))[0]


def _ticket_patterns(wanted: object) -> tuple[tuple[TicketPattern, ...], list[str]]:
    """The patterns, and one sentence about each that is none: a list for tickets with numbers, or a table by name."""
    if wanted is None:
        return (), []
    table = wanted if isinstance(wanted, dict) else {f"#{NUMBER}": wanted}
    kept: list[TicketPattern] = []
    messages: list[str] = []
    for name, given in table.items():
        templates = given if isinstance(given, list) else [given]
        if not _TICKET_NAME.fullmatch(name):
            messages.append(_refused(name, f'is no name of tickets, as "#{NUMBER}" and "PROJ-{NUMBER}" are'))
            continue
        for template in templates:
            reason = _why_no_pattern(template)
            if isinstance(template, str) and not reason:
                kept.append(TicketPattern(" ".join(template.split()), name))
            else:
                messages.append(_refused(template, reason))
    patterns = tuple(dict.fromkeys(kept))
    messages += [_refused(each.template, _TOO_MANY) for each in patterns[MOST_TICKET_PATTERNS:]]
    return patterns[:MOST_TICKET_PATTERNS], messages


_TOO_MANY = f"is one too many: {MOST_TICKET_PATTERNS} are read"


def _refused(pattern: object, reason: str) -> str:
    shown = "".join(each if each.isprintable() else " " for each in str(pattern))
    shown = shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}…"
    return f"{PROJECT_FILE}: ticket_patterns: '{shown}' {reason}; it is ignored."


def _why_no_pattern(template: object) -> str:
    """Why something cannot be a pattern of tickets; empty where it can."""
    if not isinstance(template, str):
        return f'has to be a text, such as "Bug {NUMBER}"'
    other = next((found for found in _PLACEHOLDER.findall(template) if found != NUMBER), "")
    if other:
        return f"has {other} in it; only {NUMBER} stands for something"
    if template.count(NUMBER) != 1:
        return f'has to hold {NUMBER} once, for the digits of the ticket, as "Bug {NUMBER}" does'
    if not template.replace(NUMBER, "").strip():
        return f'would make a ticket of every number; say what stands beside it, as "Bug {NUMBER}" does'
    if len(template) > LONGEST_TICKET_PATTERN or not "".join(template.split()).isprintable():
        return f"has to be one line of at most {LONGEST_TICKET_PATTERN} characters that can be seen"
    return ""


def _from_toml(path: Path, messages: list[str], allowed: frozenset[str] | None = None) -> dict[str, Any]:
    values = _toml(path, messages) or {}
    if allowed is None:
        return values
    refused = sorted(values.keys() - allowed)
    messages += [f"{path.name}: '{name}' cannot be set by a project; it is ignored." for name in refused]
    return {name: value for name, value in values.items() if name in allowed}


def _toml(path: Path, messages: list[str]) -> dict[str, Any] | None:
    """What a file says, nothing where there is none; None, and a sentence, where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return {}  # also where the folder above is none, or may not be entered: who opens it says so
    except OSError as error:
        messages.append(_unread(path, error))
        return None
    import tomllib  # noqa: PLC0415 - most users have no such file

    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        messages.append(_unread(path, error))
        return None


def _unread(path: Path, error: Exception) -> str:
    kept = ", and what it said of tickets stays" if path.name == PROJECT_FILE else ""
    return f"{path.name} could not be read ({error}); its settings are ignored{kept}."


def _from_environment(environ: Mapping[str, str], messages: list[str]) -> dict[str, Any]:
    variables = {ENVIRONMENT_PREFIX + name.upper(): name for name in Settings.model_fields}
    ours = sorted(name for name, value in environ.items() if name.startswith(ENVIRONMENT_PREFIX) and value)
    # Other programs may use the prefix too; only what looks like a slip is worth a word.
    slips = {name: difflib.get_close_matches(name, variables, n=1, cutoff=LIKELY_SLIP) for name in ours}
    messages += [
        f"{name} is not a setting and is ignored; did you mean {near[0]}?"
        for name, near in slips.items()
        if near and name not in variables
    ]
    return {variables[name]: environ[name] for name in ours if name in variables}


def _validated(values: dict[str, Any], messages: list[str]) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        bad = {str(problem["loc"][0]) for problem in problems}
        messages += [complaint(str(problem["loc"][0]), problem) for problem in problems]
        return Settings(**{name: value for name, value in values.items() if name not in bad})


def complaint(name: str, problem: ErrorDetails) -> str:
    """One sentence about a setting that is not understood."""
    if name not in Settings.model_fields:
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        return f"Surefoot has no setting '{name}', so it is ignored{f'; did you mean {near[0]}?' if near else '.'}"
    value = repr(problem["input"])
    shown = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
    return f"Surefoot's setting {names(name)} cannot be {shown}: it has to be {_wanted(problem)}; the default is used."


def names(name: str) -> str:
    """A setting under its name here, in VS Code and in the environment: who reads it has set it in one of the three."""
    head, *tail = name.split("_")
    in_editor = "" if name in NOT_IN_VS_CODE else f"{head}{''.join(map(str.capitalize, tail))} in VS Code, "
    return f"{name} ({in_editor}{ENVIRONMENT_PREFIX}{name.upper()} in the environment)"


def _wanted(problem: ErrorDetails) -> str:
    """What a value has to be, in plain words: "at least 200", "a whole number"."""
    kind, limits = problem["type"], problem.get("ctx", {})
    words = next((words for begin, words in _WANTED.items() if kind.startswith(begin)), "")
    return words.format(*limits.values()) if words else problem["msg"].removeprefix("Input should be ")
