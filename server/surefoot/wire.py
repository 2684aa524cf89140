"""The JSON contract: what `--json` prints and what the LSP commands take and return, in one file.

Invariant: field names are a promise to scripts and editors; they are added to, never renamed or removed.

Every reply is made from a domain value by the function below its model, and printed with `to_json`.
`path` is always relative to its `root` and `/`-separated, lines are 1-based and inclusive, times in `stages` are
milliseconds, sizes are bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from surefoot.domain import (
    Answer,
    AnswerEvent,
    Citation,
    Claim,
    ClaimVerified,
    Evidence,
    FailedFile,
    FileEntry,
    Hit,
    IndexReport,
    Query,
    Root,
    RootStatus,
    Scope,
    SearchResult,
    SkippedFile,
    Source,
    Standing,
    Status,
    TraceSummary,
    Withheld,
)
from surefoot.errors import QueryError
from surefoot.trace import Trace

if TYPE_CHECKING:
    from surefoot.models.catalog import CatalogEntry

MOST_HITS = 1000  # more than anyone reads; keeps one request from copying a whole index into memory
MOST_PLACES = 100  # of one request for permalinks: an answer has a few, and each of them asks git
MOST_SKIPPED = 100  # files listed for each reason; `skipped` has the true numbers


def _encodable(value: object) -> object:
    """File names on disk need not be UTF-8; JSON has to be, so their odd bytes become U+FFFD."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_encodable)]


class Reply(BaseModel):
    """Base of everything that goes out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self, *, ascii_only: bool = False) -> str:
        """One line of JSON; `ascii_only` escapes the rest, so that a terminal cannot be steered by it."""
        return self.model_dump_json(by_alias=True, ensure_ascii=ascii_only)

    def to_object(self) -> dict[str, Any]:
        """Plain JSON values, for a protocol that does its own encoding."""
        return self.model_dump(mode="json", by_alias=True)


# --- index -----------------------------------------------------------------------------------------------------


class Failed(Reply):
    """A file that could not be indexed, and why in one sentence."""

    path: Text
    error: Text


class IndexReply(Reply):
    """`surefoot index --json`, and the LSP command `surefoot.reindex`."""

    files: int
    indexed: int
    unchanged: int
    removed: int
    skipped: dict[str, int]  # reason -> files
    failed: list[Failed]
    symbols: int
    chunks: int
    seconds: float
    notices: list[Text]


def index_reply(report: IndexReport) -> IndexReply:
    """What one indexing run did."""
    return IndexReply(
        files=report.files,
        indexed=report.indexed,
        unchanged=report.unchanged,
        removed=report.removed,
        skipped=dict(report.skipped),
        failed=_failed(report.failed),
        symbols=report.symbols,
        chunks=report.chunks,
        seconds=round(report.seconds, 3),
        notices=list(report.notices),
    )


def _failed(files: Iterable[FailedFile]) -> list[Failed]:
    return [Failed(path=file.path, error=file.error) for file in files]


class Skipped(Reply):
    """A file that is left out on purpose, and why."""

    path: Text
    reason: str


class PreviewedRoot(Reply):
    """What indexing one root would read, and what it would not."""

    root: Text
    files: list[Text]
    skipped: list[Skipped]
    failed: list[Failed]


class PreviewReply(Reply):
    """`surefoot index --preview --json`."""

    roots: list[PreviewedRoot]


def previewed_root(
    root: Root, files: Sequence[FileEntry], skipped: Sequence[SkippedFile], failed: Sequence[FailedFile]
) -> PreviewedRoot:
    """One root of a preview, from the walk's three lists."""
    return PreviewedRoot(
        root=str(root.path),
        files=[entry.path for entry in files],
        skipped=[Skipped(path=file.path, reason=file.reason) for file in skipped],
        failed=_failed(failed),
    )


# --- search ----------------------------------------------------------------------------------------------------


class HitReply(Reply):
    """One found chunk. `retrievers` has its rank in each retriever that found it, `text` its lines as on disk."""

    path: Text
    start_line: int
    end_line: int
    symbol: Text
    kind: str
    source: str
    root: Text
    score: float
    retrievers: dict[str, int]
    text: Text
    language: str
    rules: dict[str, float]  # rerank rule -> its effect on the score
    why: list[str]  # the same as short phrases for people, the best reason first


def hit_reply(hit: Hit) -> HitReply:
    """One found chunk."""
    chunk = hit.chunk
    return HitReply(
        path=chunk.span.path,
        start_line=chunk.span.start,
        end_line=chunk.span.end,
        symbol=chunk.symbol,
        kind=chunk.kind,
        source=chunk.source,
        root=str(hit.root.path),
        score=round(hit.score, 6),
        retrievers=dict(hit.retrievers),
        text=chunk.text,
        language=chunk.language,
        rules=dict(hit.rules),
        why=reasons(hit),
    )


# What a rerank rule's effect says for a hit from which size on, the most telling first; what moves a hit back is left
# to `rules`. A phrase has 25 characters at most: it stands in a side bar.
REASONS = (
    ("definition_of_mentioned_symbol", 1.01, "named in the question"),
    ("query_words_in_symbol_name", 1.01, "name matches"),
    ("covers_the_question", 1.9, "most words match"),  # six tenths of them, by weight
    ("query_words_in_file_name", 1.01, "file name matches"),
)
FOUND_BY = {
    "symbol": "part of what is named",
    "lexical": "words match",
    "vector": "similar meaning",
}
_PLACE = "place asked about"  # the strongest reason there is
MOST_REASONS = 4
# A stronger reason, and the weaker ones that go without saying beside it.
_IMPLIED = {
    "named in the question": ("name matches", "part of what is named"),
    "most words match": ("words match",),
}
_EARLY = 20  # a retriever's further places are no reason by themselves, unless nothing else found the chunk


def reasons(hit: Hit) -> list[str]:
    """Why a hit is shown, in words that people understand, best reason first."""
    said = [_PLACE] if "place" in hit.retrievers else []
    said += [words for rule, least, words in REASONS if hit.rules.get(rule, 1.0) >= least]
    earliest = min(hit.retrievers.values(), default=0)
    for retriever, rank in sorted(hit.retrievers.items(), key=lambda item: item[1]):
        if retriever in FOUND_BY and rank <= max(_EARLY, earliest):
            said.append(FOUND_BY[retriever])
    implied = {words for strong, weak in _IMPLIED.items() if strong in said for words in weak}
    return [words for words in said if words not in implied][:MOST_REASONS]


class SearchReply(Reply):
    """`surefoot search --json`, and the LSP command `surefoot.search`."""

    query: Text
    trace_id: str  # empty where no trace is kept
    no_match: bool
    hits: list[HitReply]
    near_misses: list[Text]
    stages: dict[str, float]
    notices: list[Text]


def search_reply(result: SearchResult) -> SearchReply:
    """What a search found."""
    return SearchReply(**_search_fields(result))


def _search_fields(result: SearchResult) -> dict[str, Any]:
    return {
        "query": result.query,
        "trace_id": result.trace_id,
        "no_match": result.no_match,
        "hits": [hit_reply(hit) for hit in result.hits],
        "near_misses": list(result.near_misses),
        "stages": dict(result.stages),
        "notices": list(result.notices),
    }


LineId = Text | int | float | None


class SearchLineReply(SearchReply):
    """One line of `surefoot search --jsonl`: a search reply with the caller's `id` and the whole time it took."""

    id: LineId
    ms: float


def search_line_reply(line_id: LineId, result: SearchResult, milliseconds: float) -> SearchLineReply:
    """The answer to one line."""
    return SearchLineReply(id=line_id, ms=round(milliseconds, 3), **_search_fields(result))


class LineErrorReply(Reply):
    """One line of `surefoot search --jsonl` that could not be answered. `id` is null where it was not readable."""

    id: LineId
    error: Text


# --- ask -------------------------------------------------------------------------------------------------------


class ClaimReply(Reply):
    """One checked sentence, and the ids of the citations under it."""

    text: Text
    citations: list[int]


class WithheldReply(Reply):
    """A sentence of the model that failed its check, and why."""

    text: Text
    reason: Text


class CitationReply(Reply):
    """A place that supports a claim. `verdict` is valid, moved, changed, missing or not_in_context.

    `text` are the lines as they stood when they were checked: what `surefoot.recheck` looks for later.
    """

    id: int
    path: Text
    start_line: int
    end_line: int
    symbol: Text
    verdict: str
    root: Text
    text: Text


class AnsweredFrom(Reply):
    """How much was indexed at the time of answering."""

    files: int
    chunks: int
    indexing: bool


class AskReply(Reply):
    """`surefoot ask --json`, and the LSP commands `surefoot.ask` and `surefoot.explain`."""

    question: Text
    trace_id: str  # empty where no trace is kept
    mode: Literal["llm", "extractive"]
    model: Text
    abstained: bool
    claims: list[ClaimReply]
    withheld: list[WithheldReply]
    citations: list[CitationReply]
    missing: list[Text]
    near_misses: list[Text]
    index: AnsweredFrom
    stages: dict[str, float]
    notices: list[Text]


def ask_reply(answer: Answer) -> AskReply:
    """The whole answer."""
    state = answer.index
    return AskReply(
        question=answer.question,
        trace_id=answer.trace_id,
        mode=answer.mode.value,
        model=answer.model,
        abstained=answer.abstained,
        claims=[claim_reply(claim) for claim in answer.claims],
        withheld=[withheld_reply(sentence) for sentence in answer.withheld],
        citations=[citation_reply(citation) for citation in answer.citations],
        missing=list(answer.missing),
        near_misses=list(answer.near_misses),
        index=AnsweredFrom(files=state.files, chunks=state.chunks, indexing=state.indexing),
        stages=dict(answer.stages),
        notices=list(answer.notices),
    )


def claim_reply(claim: Claim) -> ClaimReply:
    """One checked sentence."""
    return ClaimReply(text=claim.text, citations=list(claim.citations))


def withheld_reply(withheld: Withheld) -> WithheldReply:
    """One sentence that failed its check."""
    return WithheldReply(text=withheld.text, reason=withheld.reason)


def citation_reply(citation: Citation) -> CitationReply:
    """One checked place."""
    return CitationReply(
        id=citation.id,
        path=citation.span.path,
        start_line=citation.span.start,
        end_line=citation.span.end,
        symbol=citation.symbol,
        verdict=citation.verdict,
        root=str(citation.root.path),
        text=citation.text,
    )


class EvidenceEvent(Reply):
    """Streamed first: what the answer will be drawn from."""

    event: Literal["evidence"] = "evidence"
    hits: list[HitReply]


class ClaimEvent(Reply):
    """Streamed per claim, once it and its citations are checked."""

    event: Literal["claim"] = "claim"
    claim: ClaimReply
    citations: list[CitationReply]


class WithheldEvent(Reply):
    """Streamed per claim that failed its check."""

    event: Literal["withheld"] = "withheld"
    withheld: WithheldReply


EventReply = EvidenceEvent | ClaimEvent | WithheldEvent


def event_reply(event: AnswerEvent) -> EventReply:
    """One piece of an answer that is still being made."""
    if isinstance(event, Evidence):
        return EvidenceEvent(hits=[hit_reply(hit) for hit in event.hits])
    if isinstance(event, ClaimVerified):
        citations = [citation_reply(citation) for citation in event.citations]
        return ClaimEvent(claim=claim_reply(event.claim), citations=citations)
    return WithheldEvent(withheld=withheld_reply(event.withheld))


# --- status ----------------------------------------------------------------------------------------------------


class RootStatusReply(Reply):
    """The state of one root's index, counted against disk."""

    root: Text
    name: Text
    database: Text
    database_bytes: int
    files: int
    symbols: int
    chunks: int
    drifted_chunks: int
    drifted_files: list[Text]
    unindexed_files: int
    languages: dict[str, int]  # language -> files
    skipped: dict[str, int]  # reason -> files
    failed: list[Failed]
    skipped_files: list[Skipped]  # only where details are asked for, and then the first of each reason


class StatusReply(Reply):
    """`surefoot status --json`, and the LSP command `surefoot.status`. The counts are sums over `roots`."""

    files: int
    symbols: int
    chunks: int
    drifted_chunks: int
    unindexed_files: int
    database_bytes: int
    embedder: Text
    model: Text
    model_state: Text
    indexing: bool
    measured_at: float
    roots: list[RootStatusReply]


def status_reply(status: Status) -> StatusReply:
    """The state of the whole workspace."""
    roots = status.roots
    return StatusReply(
        files=sum(root.files for root in roots),
        symbols=sum(root.symbols for root in roots),
        chunks=sum(root.chunks for root in roots),
        drifted_chunks=sum(root.drifted_chunks for root in roots),
        unindexed_files=sum(root.unindexed_files for root in roots),
        database_bytes=sum(root.database_bytes for root in roots),
        embedder=status.embedder,
        model=status.model,
        model_state=status.model_state,
        indexing=status.indexing,
        measured_at=status.measured_at,
        roots=[_root_status(root) for root in roots],
    )


def _root_status(status: RootStatus) -> RootStatusReply:
    return RootStatusReply(
        root=str(status.root.path),
        name=status.root.name,
        database=str(status.database),
        database_bytes=status.database_bytes,
        files=status.files,
        symbols=status.symbols,
        chunks=status.chunks,
        drifted_chunks=status.drifted_chunks,
        drifted_files=list(status.drifted_files),
        unindexed_files=status.unindexed_files,
        languages=dict(status.languages),
        skipped=dict(status.skipped),
        failed=_failed(status.failed),
        skipped_files=_first_skipped(status.skipped_files),
    )


def _first_skipped(files: Iterable[SkippedFile]) -> list[Skipped]:
    """The first files of each reason, so that a thousand of one kind don't hide the one of another."""
    listed: Counter[str] = Counter()
    shown = []
    for file in files:
        listed[file.reason] += 1
        if listed[file.reason] <= MOST_SKIPPED:
            shown.append(Skipped(path=file.path, reason=file.reason))
    return shown


# --- traces ----------------------------------------------------------------------------------------------------


class TraceRow(Reply):
    """One row of the list of traces. `started_at` is seconds since the epoch."""

    trace_id: str
    kind: str
    question: Text
    started_at: float
    milliseconds: float
    outcome: Text


class TraceListReply(Reply):
    """`surefoot trace list --json`, and the LSP command `surefoot.trace` without an id."""

    traces: list[TraceRow]


def trace_list_reply(summaries: Iterable[TraceSummary]) -> TraceListReply:
    """The latest traces, newest first."""
    rows = (
        TraceRow(
            trace_id=row.trace_id,
            kind=row.kind,
            question=row.question,
            started_at=row.started_at,
            milliseconds=round(row.milliseconds, 3),
            outcome=row.outcome,
        )
        for row in summaries
    )
    return TraceListReply(traces=list(rows))


class StageReply(Reply):
    """One timed step. `counts` are numbers to plot, `details` whatever explains the outcome."""

    name: str
    started_ms: float
    milliseconds: float
    counts: dict[str, float]
    details: dict[str, Any]


class TraceReply(TraceRow):
    """`surefoot trace export ID`, and the LSP command `surefoot.trace` with an id."""

    stages: list[StageReply]


def trace_reply(trace: Trace) -> TraceReply:
    """One request, stage by stage."""
    return TraceReply(
        trace_id=trace.trace_id,
        kind=trace.kind,
        question=trace.question,
        started_at=trace.started_at,
        milliseconds=round(trace.milliseconds, 3),
        outcome=trace.outcome,
        stages=[
            StageReply(
                name=stage.name,
                started_ms=round(stage.started_ms, 3),
                milliseconds=round(stage.milliseconds, 3),
                counts=stage.counts,
                details={name: _plain(value) for name, value in stage.details.items()},
            )
            for stage in trace.stages
        ],
    )


def _plain(value: object) -> object:
    """Details are written by many hands; whatever JSON has no word for is shown as its text."""
    if isinstance(value, Mapping):
        return {str(_encodable(str(name))): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _encodable(str(value))


# --- models ----------------------------------------------------------------------------------------------------


class ModelRow(Reply):
    """One model of the catalogue. `sha256_source` says who gave the checksum, `path` where the file is or would be."""

    name: str
    title: str
    size_bytes: int
    licence: str
    memory_bytes: int
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


# --- places ----------------------------------------------------------------------------------------------------


class RecheckReply(Reply):
    """`surefoot.recheck`: where the lines stand now. `verdict` is valid, moved, changed or missing.

    `changed` is the present definition of the same symbol; for `missing` the lines are those that were asked about.
    """

    verdict: Literal["valid", "moved", "changed", "missing"]
    start_line: int
    end_line: int


def recheck_reply(standing: Standing) -> RecheckReply:
    """Where some lines stand at this moment."""
    return RecheckReply.model_validate(
        {"verdict": standing.verdict.value, "start_line": standing.span.start, "end_line": standing.span.end}
    )


class PermalinksReply(Reply):
    """`surefoot.permalinks`: a web address for each place, in order; empty where the remote does not have it."""

    links: list[Text]


# --- arguments -------------------------------------------------------------------------------------------------


class Arguments(BaseModel):
    """Base of everything that comes in: strict, and an unknown name is refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_name=True)


Words = str | list[str] | None


def _listed(words: Words) -> tuple[str, ...]:
    return () if words is None else (words,) if isinstance(words, str) else tuple(words)


def scope_of(paths: Iterable[str], languages: Iterable[str], sources: Iterable[str]) -> Scope:
    """What a question may see, from words as they were typed. Raises QueryError for a source that there is none of."""
    known = {source.value: source for source in Source}
    words = [word.lower() for word in sources]
    unknown = next((word for word in words if word not in known), None)
    if unknown is not None:
        raise QueryError(f"There is no source '{unknown}'; there are {', '.join(known)}.")
    return Scope(tuple(paths), tuple(word.lower() for word in languages), tuple(known[word] for word in words))


class ScopedArguments(Arguments):
    """What a question may see. `roots` are folders; `path`, `lang` and `source` are each one word or several.

    `path` are globs, `lang` languages, `source` is what kind of text: "code" or "docs".
    `open` is the file that the asker is looking at: of several roots, its own is meant unless the question names one.
    """

    roots: list[str] = []
    path: Words = None
    lang: Words = None
    source: Words = None
    open: str | None = None

    @property
    def scope(self) -> Scope:
        """The same as the engine wants it. Raises QueryError."""
        return scope_of(_listed(self.path), _listed(self.lang), _listed(self.source))


class SearchArguments(ScopedArguments):
    """`surefoot.search`: {"query", "k", "trace", "roots", "path", "lang", "source", "open"}.

    All but the query are optional. `trace` is false for a search that is repeated with every key: it keeps no trace, as
    it would crowd out the others.
    """

    query: str
    k: int = Field(default=10, ge=1, le=MOST_HITS)
    trace: bool = True

    def to_query(self) -> Query:
        """The same as the engine wants it."""
        return Query(self.query, self.scope, self.k)


class SearchLine(Arguments):
    """One line of `surefoot search --jsonl`: {"id", "query", "k"}, all but the query optional."""

    id: str | int | float | None = None
    query: str
    k: int | None = Field(default=None, ge=1, le=MOST_HITS)


class AskArguments(ScopedArguments):
    """`surefoot.ask`: {"question", "model", "roots", "path", "lang", "source", "open", "after"}.

    All but the question are optional. `after` is the trace id of the question before it in the same conversation: what
    "it" or "there" means is then what was cited there. It is empty where that question was not traced.
    """

    question: str
    model: str | None = None
    after: str | None = None

    def to_query(self) -> Query:
        """The same as the engine wants it."""
        return Query(self.question, self.scope, after=self.after)


class DocumentArgument(Arguments):
    """An open document, named as the language server protocol names it."""

    uri: str


class PositionArgument(Arguments):
    """A place in a document, counted as the language server protocol counts: from 0, columns in the agreed units."""

    line: int = Field(ge=0)
    character: int = Field(ge=0)


class ExplainArguments(Arguments):
    """`surefoot.explain`: {"textDocument": {"uri"}, "position": {"line", "character"}, "model"}."""

    text_document: DocumentArgument = Field(alias="textDocument")
    position: PositionArgument
    model: str | None = None


class StatusArguments(Arguments):
    """`surefoot.status`: {"details"}: whether to list the files that are left out."""

    details: bool = False


class ReindexArguments(Arguments):
    """`surefoot.reindex`: {"paths"}: only these files or folders; without it everything that changed."""

    paths: list[str] | None = None


class TraceArguments(Arguments):
    """`surefoot.trace`: {"id"} for one trace, {"limit"} for the list of the latest."""

    id: str | None = None
    limit: int = Field(default=20, ge=1, le=1000)


class ReportedPlace(Arguments):
    """Where the answer is: `path` absolute, lines 1-based and inclusive."""

    path: str
    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)


class ReportArguments(Arguments):
    """`surefoot.reportAnswer`: {"trace_id", "places", "note"}; without places, nothing answers the question."""

    trace_id: str
    places: list[ReportedPlace] = []
    note: str = ""


class ModelsArguments(Arguments):
    """`surefoot.models`: nothing."""


class PullArguments(Arguments):
    """`surefoot.pullModel`: {"name"}, as `surefoot.models` lists it, or "default"."""

    name: str


class RecheckArguments(Arguments):
    """`surefoot.recheck`: a citation's {"root", "path", "start_line", "end_line", "symbol", "text"}.

    `text` is what must be found; with a `symbol`, the same text under another symbol is not the same place.
    """

    root: str
    path: str
    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    symbol: str = ""
    text: str


class PermalinksArguments(Arguments):
    """`surefoot.permalinks`: {"places"}, each {"path", "start_line", "end_line"} with an absolute path."""

    places: list[ReportedPlace] = Field(max_length=MOST_PLACES)


PROBLEMS_SHOWN = 3  # one sentence stays readable with three, and a caller fixes them one after the other anyway
ALTERNATIVES = {"str", "int", "float", "list[str]"}


def usage_sentence(error: ValidationError) -> str:
    """What is wrong with the arguments, in one sentence: "'k' should be a valid integer; 'kk' is not known."."""
    problems: dict[str, list[str]] = {}
    for problem in error.errors(include_url=False, include_context=False):
        # Where several types are allowed, Pydantic ends the place with the type it tried.
        place = [str(part) for part in problem["loc"] if part not in ALTERNATIVES]
        name = f"'{'.'.join(place)}'" if place else "the arguments"
        problems.setdefault(name, []).append(_problem(problem["type"], problem["msg"]))
    parts = [
        f"{name} {' or '.join(dict.fromkeys(said)).replace('or should be', 'or')}" for name, said in problems.items()
    ]
    more = len(parts) - PROBLEMS_SHOWN
    ending = f"; and {more} more" if more > 0 else ""
    return _capitalised("; ".join(parts[:PROBLEMS_SHOWN])) + ending + "."


def _problem(kind: str, message: str) -> str:
    known = {
        "missing": "is missing",
        "extra_forbidden": "is not known",
        "model_type": "should be one object",
        "json_invalid": "are not JSON",
    }
    return known.get(kind) or message.removeprefix("Input ")


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
