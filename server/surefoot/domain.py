"""The vocabulary of Surefoot: the values that every other module speaks in.

Invariant: frozen dataclasses and enums only, standard library only; nothing here reads a file, a clock or a setting.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class Source(StrEnum):
    """Where an indexed text comes from."""

    CODE = "code"
    DOCS = "docs"
    TICKETS = "tickets"
    COMMITS = "commits"
    DESIGNS = "designs"


COMMIT = "commit:"  # and its digits: the path of a commit, which is a file of the index and none on disk

_DIGITS = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")  # SHA-1, or SHA-256

# A fact of the index: the state of the history at which every indexed commit led to HEAD.
HISTORY_VALID = "history.valid"
NULL_SIMILARITY = "null_similarity"  # another one: how like unrelated questions its best chunks are


def is_commit(path: str) -> bool:
    """Whether a path names a commit; a file may well be called `commit:notes.md`."""
    return path.startswith(COMMIT) and _DIGITS.fullmatch(path, len(COMMIT)) is not None


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


USUAL_TICKETS = (".surefoot/tickets",)  # the folders of tickets that every root has


@dataclass(frozen=True, slots=True)
class Root:
    """One workspace folder, which is one product. `path` is absolute and resolved, `name` is for people.

    `tickets` are the folders in it, relative and `/`-separated, that hold exports of tickets.
    """

    path: Path
    name: str
    tickets: tuple[str, ...] = USUAL_TICKETS

    def holds_tickets(self, path: str) -> bool:
        """Whether a file, by its path in this root, lies in one of the folders of tickets."""
        return any(path.startswith(f"{folder}/") for folder in self.tickets)


NUMBER = "{number}"  # in a pattern of tickets: where the digits stand


@dataclass(frozen=True, slots=True)
class TicketPattern:
    """A way in which a team writes its tickets: "Bug {number}", and the name that is meant by it: "#{number}"."""

    template: str
    name: str = f"#{NUMBER}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells without reading a file that it was changed: another stamp, and it has to be looked into.

    `ctime_ns` is when anything about the file changed last, which no program sets back; on Windows when it was made.
    """

    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file that the walk found. `path` is relative to its root and `/`-separated."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int = 0

    @property
    def stamp(self) -> Stamp:
        """What is compared with the index."""
        return Stamp(self.size, self.mtime_ns, self.ctime_ns)


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
    ctime_ns: int = -1
    is_settled: bool = True  # see `IndexedFile`

    @property
    def stamp(self) -> Stamp:
        """What is compared with the disk."""
        return Stamp(self.size, self.mtime_ns, self.ctime_ns)


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that should have been indexed and could not be, or only in part; `error` is one sentence, or a few."""

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file as the index knows it: the identity that drift is measured against.

    One that is not settled was read so shortly after its last change that another one could have the same stamp: until
    it is read again, only the hash of its content tells whether it is unchanged.
    """

    path: str
    source: Source
    language: str  # "python", "typescript", ... or "text"
    size: int
    mtime_ns: int
    content_hash: str  # of the decoded text
    ctime_ns: int = 0
    is_settled: bool = True

    @property
    def stamp(self) -> Stamp:
        """What is compared with the disk."""
        return Stamp(self.size, self.mtime_ns, self.ctime_ns)


# --- what is in a file -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Lines of one file, 1-based and inclusive. Prints as `path:12-30`, which terminals and editors can open."""

    path: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.path}:{self.start}" if self.start == self.end else f"{self.path}:{self.start}-{self.end}"

    # Parser processes send millions of these; what dataclasses do by themselves looks up the fields of each.
    def __reduce__(self) -> tuple[type[Span], tuple[str, int, int]]:
        return Span, (self.path, self.start, self.end)

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

    def __reduce__(self) -> tuple[type[Symbol], tuple[object, ...]]:
        facts = (self.name, self.kind, self.span, self.name_line, self.container, self.signature, self.doc)
        return Symbol, facts

    @property
    def qualified_name(self) -> str:
        """`container.name`, or the name alone at the top level."""
        return f"{self.container}.{self.name}" if self.container else self.name


def shown_lines(span: Span, file_line: int) -> Span:
    """Lines as people are shown them: those of a reading (`file_line` > 0) stand on one line of their file."""
    return Span(span.path, file_line, file_line) if file_line > 0 else span


# Of a commit's text as readings/commits.py writes it; tests/readings/test_commits.py holds the two together.
_DIGITS_AND_DAY = re.compile(r"\Acommit [0-9a-f]+: |^Date: [0-9-]+\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The indexed unit of text. `text` is verbatim: exactly the lines of `span`, joined by newlines.

    `symbol` is the qualified name of the definition that the chunk shows, or of the one that encloses it; empty for
    the loose lines of a file. A chunk cut out of a long body carries the signature of its definition in `signature`.
    Where a file is no lines of text (a PDF, an export of tickets), the lines are those of its reading; `file_line` is
    then the line of the file that the chunk was made of, 1 where the file has no lines. 0 means that `span` has the
    file's own lines.
    """

    span: Span
    source: Source
    language: str
    text: str
    symbol: str = ""
    kind: SymbolKind = SymbolKind.FILE
    signature: str = ""
    doc: str = ""
    file_line: int = 0

    def __reduce__(self) -> tuple[type[Chunk], tuple[object, ...]]:
        facts = (self.span, self.source, self.language, self.text, self.symbol, self.kind, self.signature, self.doc)
        return Chunk, (*facts, self.file_line)

    @property
    def shown(self) -> Span:
        """The lines of the file that people are shown: of a reading, the one that it was made of."""
        return shown_lines(self.span, self.file_line)

    @property
    def content_hash(self) -> str:
        """The hash of the verbatim text: equal chunks are duplicates, a differing one has drifted."""
        return content_hash(self.text)

    @property
    def embedding_text(self) -> str:
        """What the embedder reads. Without the path, so that a rename keeps its vector.

        Of a commit without its digits and day, which would be words like any others, and different in every clone.
        """
        if self.source is Source.COMMITS:
            return _DIGITS_AND_DAY.sub("", self.text)
        head = [part for part in (self.symbol, self.signature) if part and part not in self.text]
        return "\n".join([*head, self.text])


class LinkKind(StrEnum):
    """What a link leads to."""

    TICKET = "ticket"
    COMMIT = "commit"
    PATH = "path"
    SYMBOL = "symbol"
    OPERATION = "operation"  # of an interface: "GET /orders/{id}"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Link:
    """Something that a chunk names and that is elsewhere.

    `target` is as `links.target_key` makes it of what is written, so that all ways of writing one thing are equal.
    `line` counts from the first line of the chunk, which is 0; there the link's evidence stands. `score` is 1 where the
    thing is named outright, and less where it was guessed.
    """

    kind: LinkKind
    target: str
    line: int
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that the write walk learnt from one file: what the store replaces in one transaction."""

    file: IndexedFile
    symbols: tuple[Symbol, ...]
    chunks: tuple[Chunk, ...]
    problems: tuple[str, ...] = ()  # sentences about parts of the file that could not be read


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
    ticket_patterns: tuple[TicketPattern, ...] = ()  # how tickets are written here, besides the usual ways
    names_design: bool = False  # a table, an operation, a box of a drawing, spelt as it is there
    in_turn: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # its questions, by what each asks for


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
    file_line: int = 0  # as of `Chunk`


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
    drift: Drift | None = None  # as last counted; None until then


# --- answering -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dropped:
    """A hit that did not reach the context, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One numbered source; `number` is what a citation refers to, `text` all lines of `span`.

    Where the model sees only some of these lines, `pieces` are their runs, in order.
    """

    number: int
    root: Root
    span: Span
    symbol: str
    text: str
    chunk: Chunk
    pieces: tuple[Span, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that the index can say without a model, and the lines that bear it."""

    text: str
    root: Root
    chunk: Chunk


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
    source: Source = Source.CODE
    label: str = ""  # what people call it, where that is no path: "#123: Title (closed)", "page 3"
    file_line: int = 0  # as of `Chunk`
    url: str = ""  # of a ticket, where its export tells it
    as_of: str = ""  # of a ticket: the day of its export

    @property
    def shown(self) -> Span:
        """The lines of the file that people are shown."""
        return shown_lines(self.span, self.file_line)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where lines that were cited earlier stand now, and whether they are still the same."""

    span: Span
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Struck:
    """The end of a sentence of the model that was struck out, and why. `text` is empty where it must not be shown."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checked sentence, and the ids of the citations under it.

    Where the model wrote more than is supported, `text` is what is, and `struck` the rest.
    """

    text: str
    citations: tuple[int, ...]
    struck: tuple[Struck, ...] = ()


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
class Drift:
    """How far the index was from the disk when that was last counted. A file that was only touched does not count."""

    measured_at: float  # seconds since the epoch
    files: int  # indexed
    drifted_files: int  # of them, gone by then or with another content
    drifted_chunks: int  # in those
    unindexed_files: int  # on disk, indexable, and not in the index


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an answer was drawn from, counted and not assumed. `drift` is None until it was counted once.

    `sources` says how much there is of each: tickets and commits themselves, and of the others the files.
    """

    files: int
    chunks: int
    indexing: bool
    drift: Drift | None = None
    sources: Mapping[Source, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceUse:
    """What an answer had of one source: how much is indexed, and whether a citation is of it."""

    source: Source
    indexed: int
    is_used: bool


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
    sources: tuple[SourceUse, ...] = ()


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


@dataclass(frozen=True, slots=True)
class WaitingForModel:
    """Streamed once the language model has been busy with another answer for a moment, and again when it is free.

    `notice` is a sentence for the user, empty once the wait is over.
    """

    notice: str


AnswerEvent = Evidence | WaitingForModel | ClaimVerified | ClaimWithheld


# --- checking what others wrote, and lookups by name -----------------------------------------------------------


class CitedKind(StrEnum):
    """What a mention in somebody's text points at."""

    PATH = "path"  # a file or folder
    LINES = "lines"  # lines of a file
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class CheckedMention:
    """One path, place or name in a text that was checked. `start` and `end` are character offsets, `end` exclusive.

    `correction` is what to write instead of `text`, empty where the mention is valid or nothing near enough is known.
    """

    text: str
    start: int
    end: int
    kind: CitedKind
    verdict: Verdict  # valid, moved, changed or missing
    root: Root | None = None
    span: Span | None = None  # where it stands now
    symbol: str = ""  # its qualified name, where it is one or stands beside one
    correction: str = ""
    reason: str = ""  # one sentence


@dataclass(frozen=True, slots=True)
class TextCheck:
    """What a text mentions of the workspace, in the order of the text, each with its verdict."""

    mentions: tuple[CheckedMention, ...]
    notices: tuple[str, ...] = ()  # sentences for the user: that the index is not whole

    @property
    def wrong(self) -> tuple[CheckedMention, ...]:
        """Those that need another look or another spelling."""
        return tuple(mention for mention in self.mentions if mention.verdict is not Verdict.VALID)


class ReferenceKind(StrEnum):
    """How a line names something: where it is defined, or in which kind of text it is used."""

    DEFINITION = "definition"
    CODE = "code"
    TEST = "test"  # tests, examples and benchmarks
    TEXT = "text"  # a comment, a docstring, a string
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Reference:
    """One line that holds a name at this moment; `symbol` is the qualified name of the definition around it."""

    root: Root
    path: str
    line: int
    text: str
    symbol: str
    kind: ReferenceKind


@dataclass(frozen=True, slots=True)
class References:
    """One page of the places of a name: definitions first, then code, tests, text, documents."""

    name: str
    references: tuple[Reference, ...]
    total: int
    is_exact: bool  # false: there are at least `total`
    offset: int
    next_offset: int | None  # of the next page; None on the last one
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file as it stands now, or its unsaved buffer."""

    root: Root
    path: str
    language: str
    text: str
    is_indexed: bool
    lines: tuple[int, ...] = ()  # of a reading: the line of the file that each of its lines was made of


class NeighbourKind(StrEnum):
    """What a node of the graph around a symbol is."""

    SYMBOL = "symbol"
    FILE = "file"


class EdgeKind(StrEnum):
    """How the source of an edge relates to its target."""

    DEFINES = "defines"  # a file and a symbol at its top level
    CONTAINS = "contains"  # a symbol and one inside it
    NAMES = "names"  # the symbol in the middle, and one that its lines name
    NAMED_BY = "named by"  # the symbol in the middle, and the symbol or file whose lines name it


@dataclass(frozen=True, slots=True)
class NeighbourNode:
    """A symbol or a file near the one that was asked about. `id` is unique in its graph."""

    id: str
    kind: NeighbourKind
    name: str  # qualified, or the path
    root: Root
    span: Span
    symbol_kind: SymbolKind = SymbolKind.FILE


@dataclass(frozen=True, slots=True)
class NeighbourEdge:
    """From one node to another, by their ids."""

    source: str
    target: str
    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A small graph around one symbol, whose node has the id `center`."""

    center: str
    nodes: tuple[NeighbourNode, ...]
    edges: tuple[NeighbourEdge, ...]
    is_whole: bool  # false: there are more than are shown


# --- looking at one symbol, and at the index -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """One line where a symbol's name is used."""

    root: Root
    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LastCommit:
    """A commit that touched a definition, and the tickets that its message names."""

    digits: str  # the first ten
    date: str  # the author's day, as 2024-03-01
    subject: str
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence that a model wrote of a definition and that passed its check, with when that was."""

    sentence: str
    model: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SymbolInfo:
    """What hover shows: the definition, where else the name is used, and what changed it last.

    `commits` are the latest that changed lines of the definition, as git's hunks name it, or, where none did and
    `commits_name_symbol` is false, lines of its file.
    """

    root: Root
    symbol: Symbol
    usage_count: int
    usage_count_is_exact: bool
    usages: tuple[Usage, ...]  # the closest few
    other_definitions: tuple[Span, ...] = ()
    commits: tuple[LastCommit, ...] = ()
    commits_name_symbol: bool = True
    explanation: Explanation | None = None  # of the lines that stand there now


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
    commits: int = 0  # indexed now, where everything was looked at


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an indexing run is. `total` is 0 while the walk is still counting; `what` is counted, mostly files."""

    done: int
    total: int
    files_per_second: float
    seconds_left: float | None
    what: str = "file"


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
    sources: Mapping[Source, int] = field(default_factory=dict)  # as of `IndexState`


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the whole workspace. `measured_at` is seconds since the epoch."""

    roots: tuple[RootStatus, ...]
    embedder: str
    model: str
    model_state: str
    measured_at: float
    indexing: bool
    waits_for_power: bool = False  # a look at everything is put off while this machine runs on its battery


class FileState(StrEnum):
    """How a file on disk and the index stand to each other."""

    INDEXED = "indexed"  # as it is on disk
    CHANGED = "changed"  # on disk it has other content by now
    GONE = "gone"  # in the index, and not on disk any more
    NEW = "new"  # on disk, and not looked at yet
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """One file, or a folder that is left out as a whole, whose path ends with a slash. `size` is in bytes."""

    path: str
    size: int
    language: str  # empty where it is not indexed
    state: FileState
    reason: str = ""  # why it is not indexed


@dataclass(frozen=True, slots=True)
class RootCoverage:
    """Every file of one root, sorted by path."""

    root: Root
    files: tuple[CoveredFile, ...]


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
    client: str = ""
    roots: tuple[Path, ...] = ()  # the folders that it was asked of; none in traces of earlier versions


class Ending(StrEnum):
    """How a question ended, in one word; the outcome of a trace says more."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"  # nothing was found, or nothing could be verified
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which traces to list; an empty field means no limit."""

    kind: str = ""  # "search", "ask", "explain" or "replay"
    client: str = ""  # "cli", "editor", "mcp", "dashboard" or "evals"
    outcome: str = ""  # the value of an `Ending`
    text: str = ""  # stands in the question, in upper or lower case
    before: str = ""  # the id of a trace: only older ones, for the next page


ALL_TRACES = TraceFilter()


class ChangeKind(StrEnum):
    """What is different about one thing that a stage tells."""

    GONE = "gone"
    NEW = "new"
    MOVED = "moved"  # has another rank
    LINES = "lines"  # the same piece of code, on other lines
    TEXT = "text"  # the same place, with other text
    RULE = "rule"  # a rerank rule had another effect
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two traces. `subject` is the place, rule or name; `before` and `after` are for people."""

    kind: ChangeKind
    subject: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class StageDifference:
    """What one stage made otherwise. A cause had the same to work with, or differs in what nothing earlier explains."""

    stage: str
    changes: tuple[Change, ...]
    is_cause: bool
    reason: str  # why it is a cause, or which earlier stages it follows from: a clause without a full stop
    follows_from: tuple[str, ...] = ()  # the stages whose differences reached it


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Milliseconds that half and nearly all of the questions stayed within, and of how many."""

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Tally:
    """The questions of one day, client or kind. `name` is "2026-01-31", "editor", "ask"."""

    name: str
    questions: int
    abstained: int
    failed: int
    claims: int  # that were shown
    partly: int  # of those, the ones with an end struck out
    withheld: int
    freshened: int  # files that had changed and were re-indexed for a question
    whole: Percentiles


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the kept traces of the last `days` come to; replays are left out.

    `failures` counts by stage which one failed, also where the question was then answered without it; "" stands for
    before the first stage.
    """

    days: float
    all: Tally  # its name is empty
    stages: Mapping[str, Percentiles]
    failures: Mapping[str, int]
    by_client: tuple[Tally, ...]
    by_kind: tuple[Tally, ...]
    by_day: tuple[Tally, ...]  # oldest first, days without a question left out
    questions_with_drift: int = 0  # that met at least one changed file

    @property
    def questions_per_day(self) -> float:
        """Over the days on which there were any."""
        return self.all.questions / len(self.by_day) if self.by_day else 0.0

    @property
    def abstention_rate(self) -> float:
        """The share of the questions that got no answer, of those that came to an end."""
        ended = self.all.questions - self.all.failed
        return self.all.abstained / ended if ended else 0.0

    @property
    def withheld_rate(self) -> float:
        """The share of the sentences that failed their check."""
        sentences = self.all.claims + self.all.withheld
        return self.all.withheld / sentences if sentences else 0.0


Details = Mapping[str, Any]
