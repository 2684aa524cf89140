"""`surefoot doctor`: one line per thing that Surefoot needs, each tried and not just looked for.

Invariant: a check that breaks is a line that says so; the checks after it are still made.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.text import Text

from surefoot.cli.render import size
from surefoot.cli.session import read_settings
from surefoot.cli.terminal import one_line, out
from surefoot.config import Settings
from surefoot.errors import ModelError, SurefootError
from surefoot.workspace.git import is_refused, repository_above

PATIENCE = 60.0  # seconds for a program to start; loading llama.cpp from a cold disk takes several
MINIMUM_SPACE = 2 * 1024**3  # bytes; the default model is half of it, and an index needs room to be rewritten


class State(StrEnum):
    """How a check went. A warning means that something optional is missing."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


STYLES = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and the way out where it is not well."""

    state: State
    words: str
    remedy: str = ""


Check = Callable[[Settings], Finding]


def doctor() -> None:
    """Make every check; exit code 1 if one failed."""
    settings = read_settings()
    findings = [_made(name, check, settings) for name, check in CHECKS]
    if any(finding.state is State.FAIL for finding in findings):
        raise typer.Exit(1)


def _made(name: str, check: Check, settings: Settings) -> Finding:
    try:
        finding = check(settings)
    except SurefootError as error:
        finding = Finding(State.FAIL, str(error))
    except Exception as error:  # noqa: BLE001 - a broken installation fails in ways that nobody can list
        finding = Finding(State.FAIL, f"{type(error).__name__}: {error}", "Install Surefoot anew.")
    out().print(
        Text.assemble(
            (f"{finding.state:<5}", STYLES[finding.state]),
            (f"{name:<16}", "bold"),
            one_line(finding.words),
            (f"  {one_line(finding.remedy)}" if finding.remedy else "", "dim"),
        )
    )
    return finding


# --- the checks ------------------------------------------------------------------------------------------------------


def _python(_: Settings) -> Finding:
    return Finding(State.OK, f"{platform.python_version()} at {sys.executable}")


def _cache(settings: Settings) -> Finding:
    folder = settings.cache_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        remedy = "Make it writable, or set SUREFOOT_CACHE_DIR to a folder that is."
        return Finding(State.FAIL, f"{folder} cannot be written ({error.strerror})", remedy)
    words = f"{folder}, {size(free)} free"
    if free < MINIMUM_SPACE:
        return Finding(State.WARN, words, "Indexes and models may not fit.")
    return Finding(State.OK, words)


def _store(settings: Settings) -> Finding:
    """Makes an index in a temporary folder, which loads SQLite and FTS5."""
    from surefoot.domain import EmbedderIdentity
    from surefoot.store.database import IndexStore

    with tempfile.TemporaryDirectory() as folder:
        identity = EmbedderIdentity("doctor", 8, "0")
        location = Path(folder) / "doctor.db"
        IndexStore.open(location, identity, lock_timeout=settings.lock_timeout, lexer=str.lower).close()
    return Finding(State.OK, f"apsw {version('apsw')}")


def _grammars(_: Settings) -> Finding:
    from surefoot.syntax.grammar import grammar_of
    from surefoot.syntax.languages import LANGUAGES

    names = [name for name, language in LANGUAGES.items() if language.module]
    broken = [name for name in names if grammar_of(name) is None]
    if broken:
        words = f"{', '.join(broken)} cannot be loaded; such files are read in windows of lines"
        return Finding(State.WARN, words, "Install Surefoot anew.")
    return Finding(State.OK, f"{len(names)} languages")


def _embedder(settings: Settings) -> Finding:
    from surefoot.models.embedder import open_embedder

    embedder = open_embedder(settings)
    vector = embedder.embed_query("where are citations checked?")
    if len(vector) != embedder.identity.dimension or not any(vector):
        return Finding(State.FAIL, f"{embedder.identity} gives wrong vectors", "Install Surefoot anew.")
    return Finding(State.OK, str(embedder.identity))


def _git(_: Settings) -> Finding:
    said = _output(["git", "--version"])
    if said is None:
        return Finding(State.WARN, "git was not found", "Folders are indexed without knowing their branch.")
    repository = repository_above(Path.cwd().as_posix())
    if repository is not None and is_refused(repository):
        words = f"{said}, which reads nothing in {repository.top}: it belongs to another user"
        return Finding(State.WARN, words, f"To trust it: git config --global --add safe.directory {repository.top}")
    return Finding(State.OK, said)


def _llama(_: Settings) -> Finding:
    """Loads the library in a process of its own: a build for another processor dies, and takes only that with it."""
    if find_spec("llama_cpp") is None:
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang") or shutil.which("cl")
        remedy = "pip install 'surefoot[llm]'" if compiler else "Install a C and C++ compiler, then surefoot[llm]."
        return Finding(State.WARN, "not installed, answers come from the index", remedy)
    said = _output([sys.executable, "-c", "import llama_cpp; print(llama_cpp.__version__)"])
    if said is None:
        return Finding(State.FAIL, "installed, and cannot be loaded", "pip install --force-reinstall llama-cpp-python")
    return Finding(State.OK, f"llama-cpp-python {said}")


def _model(settings: Settings) -> Finding:
    """Opening checks that the model is there; it loads nothing and calls nobody."""
    from surefoot.models.open import open_generator

    try:
        generator = open_generator(settings)
    except ModelError as error:
        return Finding(State.WARN, str(error))
    if generator is None:
        return Finding(State.OK, "switched off, answers come from the index")
    generator.close()
    fits = _does_not_fit(settings)
    return fits or Finding(State.OK, f"{generator.name}{_measured(generator)}")


def _does_not_fit(settings: Settings) -> Finding | None:
    """A model of the catalogue that needs more memory than there is, or than is free now."""
    from surefoot.models.catalog import find_entry
    from surefoot.models.memory import available_memory, unfit

    try:
        entry = find_entry(settings.model)
    except ModelError:  # a file or a server, whose needs nobody knows
        return None
    remedy = "Choose a smaller one of: surefoot models list."
    if reason := unfit(entry.memory_bytes):
        return Finding(State.WARN, f"{entry.name} does not fit: {reason}", remedy)
    free = available_memory()
    if free and free < entry.memory_bytes:
        return Finding(State.WARN, f"{entry.name} needs {size(entry.memory_bytes)}, {size(free)} are free now", remedy)
    return None


def _measured(generator: object) -> str:
    from surefoot.models.rates import Measured

    if not isinstance(generator, Measured) or generator.rates is None:
        return ""
    return f", reads {generator.rates.prompt:.0f} and writes {generator.rates.answer:.1f} tokens a second here"


def _output(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


CHECKS: tuple[tuple[str, Check], ...] = (
    ("Python", _python),
    ("cache folder", _cache),
    ("index", _store),
    ("grammars", _grammars),
    ("embedder", _embedder),
    ("git", _git),
    ("llama.cpp", _llama),
    ("language model", _model),
)
