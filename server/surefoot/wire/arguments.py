"""What comes in: the arguments of commands and requests, and what is said of those that are not understood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from surefoot.domain import (
    Query,
    Scope,
    Source,
    TraceFilter,
)
from surefoot.errors import QueryError

MOST_HITS = 1000  # more than anyone reads; keeps one request from copying a whole index into memory
MOST_REFERENCES = 1000  # of one page
MOST_PLACES = 100  # of one request for permalinks: an answer has a few, and each of them asks git


class Arguments(BaseModel):
    """Base of everything that comes in: strict, and an unknown name is refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_name=True, defer_build=True)


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

    `path` are globs, `lang` languages, `source` is what kind of text: "code", "docs",
    "tickets", "commits" or "designs".
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


class TraceListArguments(Arguments):
    """Which traces to list: {"limit", "before", "kind", "client", "outcome", "text"}, all optional.

    `before` is the id of the last trace of the page before, `text` stands in the question.
    """

    limit: int = Field(default=50, ge=1, le=1000)
    before: str = ""
    kind: str = ""
    client: str = ""
    outcome: Literal["", "answered", "abstained", "failed", "cancelled"] = ""
    text: str = ""

    def to_filter(self) -> TraceFilter:
        """The same as the engine wants it."""
        return TraceFilter(self.kind, self.client, self.outcome, self.text, self.before)


class ReplayArguments(Arguments):
    """What to change for a replay: {"set": ["rerank.off=true"]}, optional."""

    overrides: list[str] = Field(default=[], alias="set")


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


class CheckArguments(Arguments):
    """A text whose paths, places and names are to be checked: {"text", "roots"}."""

    text: str
    roots: list[str] = []


class ReferencesArguments(Arguments):
    """{"name", "roots", "path", "offset", "limit"}: a plain or qualified name; `path` is the file that defines it."""

    name: str
    roots: list[str] = []
    path: str = ""
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=50, ge=1, le=MOST_REFERENCES)


class ExplainSymbolArguments(Arguments):
    """{"name", "roots", "path", "model"}: a plain or qualified name; `path` is the file that defines it."""

    name: str
    roots: list[str] = []
    path: str = ""
    model: str | None = None


class SourceArguments(Arguments):
    """{"root", "path"}: a file as replies name it, or with an empty root an absolute path."""

    root: str = ""
    path: str


class NeighboursArguments(Arguments):
    """{"name", "root", "path"}: a plain or qualified name; `path` is the file that defines it."""

    name: str
    root: str = ""
    path: str = ""


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
