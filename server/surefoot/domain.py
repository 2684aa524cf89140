"""The vocabulary of Surefoot: the values that every other module speaks in.

Invariant: frozen dataclasses and enums only, standard library only; nothing here reads a file, a clock or a setting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Source(StrEnum):
    """Where an indexed text comes from. Tickets, designs and commits join here when they are indexed."""

    CODE = "code"
    DOCS = "docs"


class SymbolKind(StrEnum):
    """The SymbolKind names of the Language Server Protocol, in lower case."""

    FILE = "file"
    MODULE = "module"
    NAMESPACE = "namespace"
    PACKAGE = "package"
    CLASS = "class"
    METHOD = "method"
    PROPERTY = "property"
    FIELD = "field"
    CONSTRUCTOR = "constructor"
    ENUM = "enum"
    INTERFACE = "interface"
    FUNCTION = "function"
    VARIABLE = "variable"
    CONSTANT = "constant"
    STRING = "string"  # a heading of a document, as VS Code's own Markdown outline has it
    KEY = "key"
    ENUM_MEMBER = "enummember"
    STRUCT = "struct"
    EVENT = "event"
    OPERATOR = "operator"
    TYPE_PARAMETER = "typeparameter"


def content_hash(text: str) -> str:
    """The 128-bit BLAKE2b of `text` in hex: the arbiter of "same content" everywhere."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# --- what is on disk -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Root:
    """One workspace folder, which is one product. `path` is absolute and resolved, `name` is for people."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file that the walk found. `path` is relative to its root and `/`-separated."""

    path: str
    size: int
    mtime_ns: int


class SkipReason(StrEnum):
    """Why a file that git would track is not indexed. The value is shown to people."""

    BINARY = "binary"
    TOO_LARGE = "too large"
    MINIFIED = "minified"
    GENERATED = "generated"
    LOCK_FILE = "lock file"
    VENDORED = "vendored"
    SECRET = "looks like a secret"  # noqa: S105 - a reason, not a password
    TRANSLATIONS = "translations"  # they repeat the texts of the code once per language
    EMPTY = "empty"
    SYMLINK = "symbolic link"
    UNREADABLE = "unreadable"
    OWN = "Surefoot's own"  # a golden set would answer its own questions


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is left out on purpose, and why."""

    path: str
    reason: SkipReason
    size: int = -1  # as seen when it was read, so that an unchanged file is not read again; -1 if it was not read
    mtime_ns: int = -1


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that should have been indexed and could not be; `error` is one sentence."""

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file as the index knows it: the identity that drift is measured against."""

    path: str
    source: Source
    language: str  # "python", "typescript", ... or "text"
    size: int
    mtime_ns: int
    content_hash: str  # of the decoded text


# --- what is in a file -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Lines of one file, 1-based and inclusive. Prints as `path:12-30`, which terminals and editors can open."""

    path: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.path}:{self.start}" if self.start == self.end else f"{self.path}:{self.start}-{self.end}"

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this span of the same file."""
        return self.path == other.path and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named definition.

    `span` covers the whole definition with its decorators (and the doc comment above it), `name_line` is the line
    on which the name stands, `container` is the dotted path of the enclosing definitions or empty.
    """

    name: str
    kind: SymbolKind
    span: Span
    name_line: int
    container: str = ""
    signature: str = ""  # one line, white space folded, without the body
    doc: str = ""  # the documentation text without comment markers

    @property
    def qualified_name(self) -> str:
        """`container.name`, or the name alone at the top level."""
        return f"{self.container}.{self.name}" if self.container else self.name


@dataclass(frozen=True, slots=True)
class Chunk:
    """The indexed unit of text. `text` is verbatim: exactly the lines of `span`, joined by newlines.

    `symbol` is the qualified name of the definition that the chunk shows, or of the one that encloses it; empty for
    the loose lines of a file. A chunk cut out of a long body carries the signature of its definition in `signature`.
    """

    span: Span
    source: Source
    language: str
    text: str
    symbol: str = ""
    kind: SymbolKind = SymbolKind.FILE
    signature: str = ""
    doc: str = ""

    @property
    def content_hash(self) -> str:
        """The hash of the verbatim text: equal chunks are duplicates, a differing one has drifted."""
        return content_hash(self.text)

    @property
    def embedding_text(self) -> str:
        """What the embedder reads. Without the path, so that a rename keeps its vector."""
        head = [part for part in (self.symbol, self.signature) if part and part not in self.text]
        return "\n".join([*head, self.text])


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that the write walk learnt from one file: what the store replaces in one transaction."""

    file: IndexedFile
    symbols: tuple[Symbol, ...]
    chunks: tuple[Chunk, ...]


# --- asking ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """What a query may see; an empty field means no limit. Enforced in SQL."""

    paths: tuple[str, ...] = ()  # git-style globs against the root-relative path, any of them
    languages: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    without: tuple[str, ...] = ()  # folders, each ending in a slash, whose files another root of the workspace holds


@dataclass(frozen=True, slots=True)
class Query:
    """A question, and where to look for its answer."""

    text: str
    scope: Scope = Scope()
    k: int = 10
    open_file: Path | None = None  # what the asker is looking at: it says which product is meant
    after: str | None = None  # the trace id of the question before it, for what "it" means
    added: tuple[str, ...] = ()  # names that `text` has beyond the asker's own words, taken from that answer


class MentionKind(StrEnum):
    """What the words of a mention resolved to."""

    SYMBOL = "symbol"
    PATH = "path"
    UNRESOLVED = "unresolved"  # looks like a name, and nothing indexed carries it
    PLACE = "place"  # lines of an indexed file


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the query that name something. `targets` are symbol names or paths, best first."""

    text: str
    kind: MentionKind
    targets: tuple[str, ...] = ()
    similarity: float = 1.0  # of the first target, 0 to 1; 1 is exact up to case style
    is_name: bool = True  # written as code, quoted or capitalised; else a plain word that is also a name
    is_code: bool = False  # written as code, quoted, or all that was asked: certainly meant as an identifier


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of an indexed file that the question points at, counted as the asker sees them."""

    root: Path
    span: Span


@dataclass(frozen=True, slots=True)
class Resolved:
    """The query after the resolve stage.

    `terms` are its content words, lower case, stop words removed. `frequencies` counts the chunks that hold each
    term; `weights` says how much each tells (compounds leave their weight to their parts and are not in it). `words` is
    the question without the places in it.
    """

    query: Query
    mentions: tuple[Mention, ...]
    terms: tuple[str, ...]
    frequencies: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    chunks: int = 0  # searched in all
    places: tuple[Place, ...] = ()
    words: str = ""
    searched: tuple[str, ...] = ()  # the names of the roots, where others of the workspace were left out


@dataclass(frozen=True, slots=True)
class ChunkKey:
    """Names one chunk across the roots of a workspace, as long as its file is not re-indexed."""

    root: Path
    chunk_id: int


@dataclass(frozen=True, slots=True)
class ChunkPlace:
    """Where a chunk stands and what it belongs to, without its text."""

    span: Span
    symbol: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """One retriever's ordered findings, best first, with that retriever's own scores (higher is better)."""

    retriever: str
    entries: tuple[tuple[ChunkKey, float], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk with the score it earned, its rank per retriever (1-based) and the effect of each rerank rule."""

    root: Root
    chunk: Chunk
    score: float
    retrievers: Mapping[str, int]
    rules: Mapping[str, float] = field(default_factory=dict)
    key: ChunkKey | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search brings back. `no_match` is true where nothing cleared the floor: then `hits` is empty."""

    query: str
    trace_id: str  # empty where no trace is kept
    no_match: bool
    hits: tuple[Hit, ...]
    near_misses: tuple[str, ...]
    stages: Mapping[str, float]  # stage name -> milliseconds
    notices: tuple[str, ...] = ()


# --- answering -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dropped:
    """A hit that did not reach the context, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One numbered source as the model sees it; `number` is what a citation refers to, `text` lines of `span`."""

    number: int
    root: Root
    span: Span
    symbol: str
    text: str
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class Context:
    """The sources that fit the token budget, and what was dropped."""

    items: tuple[ContextItem, ...]
    dropped: tuple[Dropped, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """One sentence of model output before checking, with the source numbers that it claims."""

    text: str
    sources: tuple[int, ...]


class Verdict(StrEnum):
    """What checking a citation against the working tree found."""

    VALID = "valid"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"
    NOT_IN_CONTEXT = "not_in_context"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place that supports a claim, with the verdict of checking it at the moment of answering."""

    id: int
    root: Root
    span: Span
    symbol: str
    verdict: Verdict
    text: str = ""  # the lines as they stood when they were checked


@dataclass(frozen=True, slots=True)
class Standing:
    """Where lines that were cited earlier stand now, and whether they are still the same."""

    span: Span
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Claim:
    """One checked sentence, and the ids of the citations under it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence of the model that failed its check, and why. Counted and traced, never shown as fact."""

    text: str
    reason: str


class AnswerMode(StrEnum):
    """Who wrote the claims: a language model, or the index itself."""

    LLM = "llm"
    EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an answer was drawn from, counted and not assumed."""

    files: int
    chunks: int
    indexing: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Verified claims, their citations, and what could not be grounded."""

    question: str
    trace_id: str  # empty where no trace is kept
    mode: AnswerMode
    model: str  # name of the model, or "none"
    abstained: bool
    claims: tuple[Claim, ...]
    withheld: tuple[Withheld, ...]
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    near_misses: tuple[str, ...]
    index: IndexState
    stages: Mapping[str, float]
    notices: tuple[str, ...] = ()  # sentences for the user: why there is no model, what was rebuilt


@dataclass(frozen=True, slots=True)
class Evidence:
    """Streamed first: the hits that the answer will be drawn from, before any claim is written."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class ClaimVerified:
    """Streamed per claim, once it and its citations are checked."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ClaimWithheld:
    """Streamed per claim that failed its check."""

    withheld: Withheld


AnswerEvent = Evidence | ClaimVerified | ClaimWithheld


# --- looking at one symbol, and at the index -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """One line where a symbol's name is used."""

    root: Root
    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SymbolInfo:
    """What hover shows: the definition, and where else the name is used."""

    root: Root
    symbol: Symbol
    usage_count: int
    usage_count_is_exact: bool
    usages: tuple[Usage, ...]  # the closest few
    other_definitions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one indexing run did."""

    files: int
    indexed: int
    unchanged: int
    removed: int
    skipped: Mapping[str, int]
    failed: tuple[FailedFile, ...]
    symbols: int
    chunks: int
    seconds: float
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an indexing run is. `total` is 0 while the walk is still counting."""

    done: int
    total: int
    files_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class RootStatus:
    """The state of one root's index, measured against disk at the time of asking."""

    root: Root
    database: Path
    database_bytes: int
    files: int
    symbols: int
    chunks: int
    drifted_chunks: int
    drifted_files: tuple[str, ...]
    unindexed_files: int  # on disk, indexable, and not in the index
    languages: Mapping[str, int]  # language -> files
    skipped: Mapping[str, int]
    failed: tuple[FailedFile, ...]
    skipped_files: tuple[SkippedFile, ...] = ()  # only where details are asked for


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the whole workspace. `measured_at` is seconds since the epoch."""

    roots: tuple[RootStatus, ...]
    embedder: str
    model: str
    model_state: str
    measured_at: float
    indexing: bool


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """Which vectors these are. Vectors of different identities are never compared."""

    name: str
    dimension: int
    weights_hash: str

    def __str__(self) -> str:
        return f"{self.name}/{self.dimension}/{self.weights_hash[:16]}"


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """One row of the list of traces."""

    trace_id: str
    kind: str
    question: str
    started_at: float
    milliseconds: float
    outcome: str


Details = Mapping[str, Any]
