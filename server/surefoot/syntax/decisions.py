"""Records of decisions (ADRs, RFCs, proposals): which one a document is, and whether it still holds.

Where it has a number, the document is a symbol of that name ("ADR-7") around its headings. What is known of it, its
title, its state, what it supersedes or is superseded by, and its day, is the signature of all of them, so that whoever
finds a part of it sees at once that it is out of date.

Invariant: linear, line by line; a document that says nothing of the kind keeps its headings as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from surefoot.domain import SymbolKind
from surefoot.syntax.front_matter import front_matter
from surefoot.syntax.symbols import Definition

# Folders of records, with what one of them is called. The last two mean it only on top or among the documents.
_FOLDERS = MappingProxyType({
    **dict.fromkeys(
        ("adr", "adrs", "madr", "decisions", "decision-records", "architecture-decisions", "decision-log"), "ADR"
    ),
    **dict.fromkeys(("rfc", "rfcs"), "RFC"),
    **dict.fromkeys(("proposal", "proposals", "enhancements"), "PROPOSAL"),
    **dict.fromkeys(("design", "designs", "design-docs", "design_docs", "designdocs"), "DESIGN"),
})  # fmt: skip
_ELSEWHERE = frozenset({"PROPOSAL", "DESIGN"})  # folders of code are called so as well
_DOCUMENTS = frozenset({"doc", "docs", "documentation", "internal", "dev", "developer", "contributing", "architecture"})

_FILE = re.compile(r"(?:(adr|rfc|madr)[-_ ]?)?0*(\d{1,5})(?:[-_. ]|$)", re.IGNORECASE)
_DATED = re.compile(r"\d{4}[-_]?\d\d[-_]?\d\d(?!\d)")
_TITLE = re.compile(
    r"(?:(?:adr|rfc|madr|proposal|design)[-_ #]{0,2})?0*(\d{1,5})\s*[.:)\u2013\u2014-]+\s+(?=\S)", re.IGNORECASE
)
_NOT_ONE = re.compile(r"(?:^|[-_])(?:template|readme|index|toc|summary)(?:$|[-_.])", re.IGNORECASE)
_SEVERAL = re.compile(r"[|{}]|\b(?:proposed|accepted)\s*/", re.IGNORECASE)  # what templates offer to choose from

# A fact on a line of its own: "* Status: accepted", "| Date | 2024-03-01 |", ":Status: Accepted", "**Status** Final".
_FACT = re.compile(
    r"\s{0,8}(?:[-*+|:>]\s*)?[*_`]{0,3}(status|state|date|decided|decided on|date decided|updated|last updated|created"
    r"|supersedes?|replaces|obsoletes|superseded[ -]by|replaced[ -]by|obsoleted[ -]by)[*_`]{0,3}"
    r"(?:\s*[:|][:*_` ]*|[*_`]{1,3}\s+)(\S[^\n]{0,400})$",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(super[sc]ed(?:ed|es|e)|replaced|obsoleted?|deprecated|rejected|declined|withdrawn|abandoned|postponed|deferred|accepted|approved"
    r"|adopted|implemented|final|active|proposed|provisional|draft|in review|under review|in progress|open)\b",
    re.IGNORECASE,
)
# Of several words, as of a history of states, those count first that say that it does not hold.
_GONE = ("superseded", "replaced", "obsolete", "deprecated", "rejected", "declined", "withdrawn", "abandoned")
_BY = re.compile(r"\b(?:super[sc]ed|replac|obsolet|amend)ed[ _-]by\b:?(.*)", re.IGNORECASE)
_OVER = re.compile(r"\b(?:super[sc]edes|replaces|obsoletes)\b:?(.*)", re.IGNORECASE)
_OTHER = re.compile(
    r"(?<![\w.])(?:(?:adr|rfc|madr|proposal|design)[-_ #]{0,2}|#)?0*(\d{1,5})(?=[-_.\s\]),:;|]|$)(?!-\d\d-\d)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"~~[^~\n]*~~")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d\d)[-/.](\d\d)(?!\d)")
_MARKUP = re.compile(r"\]\([^)]*\)|[\[\]*_`<>|]")

HEAD_LINES = 60  # in which facts stand
STATUS_LINES = 12  # of the section "Status"
TITLE_LIMIT = 150
MOST_OTHERS = 4


@dataclass(slots=True)
class _Record:
    """What is known of one record."""

    kind: str
    number: int
    title: str
    name_line: int
    states: list[str] = field(default_factory=list)
    by: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    day: str = ""

    @property
    def name(self) -> str:
        """As people call it; empty where it has no number."""
        return f"{self.kind}-{self.number}" if self.number else ""

    @property
    def signature(self) -> str:
        """One line: "ADR 7: Use SQLite (superseded by ADR 12, 2024-03-01)"."""
        called = f"{self._spoken} {self.number}" if self.number else self._spoken
        facts = [self._state(), self._others("supersedes", self.over) if self.over else "", self.day]
        known = ", ".join(fact for fact in facts if fact)
        return f"{called}: {self.title} ({known})" if known else f"{called}: {self.title}"

    @property
    def _spoken(self) -> str:
        return self.kind.capitalize() if self.kind in _ELSEWHERE else self.kind

    def _state(self) -> str:
        if self.by:
            return self._others("superseded by", self.by)
        gone = next((state for state in self.states if state.startswith(_GONE)), "")
        return gone or next(iter(self.states), "")

    def _others(self, verb: str, numbers: Sequence[int]) -> str:
        return f"{verb} {', '.join(f'{self._spoken} {number}' for number in numbers[:MOST_OTHERS])}"


def folder_kind(path: str) -> str:
    """What a document in this folder is a record of: "ADR", "RFC", "PROPOSAL", "DESIGN"; empty for other folders."""
    folders = path.lower().split("/")[:-1]
    for place in range(len(folders) - 1, -1, -1):
        kind = _FOLDERS.get(folders[place], "")
        if kind and (kind not in _ELSEWHERE or all(above in _DOCUMENTS for above in folders[:place])):
            return kind
    return ""


def with_decision(path: str, lines: Sequence[str], headings: list[Definition]) -> list[Definition]:
    """The headings of a document, within the record that it is, if it is one."""
    kind = folder_kind(path)
    record = _record(kind, path, lines, headings) if kind else None
    if record is None:
        return headings
    for place, heading in enumerate(headings):
        is_title = place == 0 and heading.name_line == record.name_line
        heading.signature = record.signature if is_title else f"{record.signature} > {heading.name}"
    if not record.name:
        return headings
    whole = Definition(
        record.name, SymbolKind.EVENT, 0, 0, 1, len(lines), record.name_line, is_symbol=True, signature=record.signature
    )
    whole.doc = headings[0].doc if headings else ""  # what its diagrams show
    for heading in headings:
        heading.parent += 1
        heading.container = f"{record.name}.{heading.container}" if heading.container else record.name
    return [whole, *headings]


def _record(kind: str, path: str, lines: Sequence[str], headings: Sequence[Definition]) -> _Record | None:
    stem = path.rpartition("/")[2].partition(".")[0]
    if _NOT_ONE.search(stem):
        return None
    top = headings[0] if headings else None
    record = _Record(kind, 0, "", top.name_line if top is not None else 1)
    _name(record, stem, top.name if top is not None else "", lines)
    for key, value in _facts(lines, headings):
        _learn(record, key, value)
    if record.day == "" and (dated := _DATED.match(stem)) is not None:
        digits = re.sub(r"\D", "", dated[0])
        record.day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return record if record.number or record.states or record.by or record.over else None


def _name(record: _Record, stem: str, heading: str, lines: Sequence[str]) -> None:
    """The number is that of the file, which others link to, and else that of the title."""
    titled = _TITLE.match(heading)
    filed = None if _DATED.match(stem) else _FILE.match(stem)
    if filed is not None:
        record.number = int(filed[2])
        record.kind = (filed[1] or record.kind).upper().replace("MADR", "ADR")
    elif titled is not None:
        record.number = int(titled[1])
    title = heading[titled.end() :] if titled is not None else heading
    title = title or front_matter(lines).text("title") or " ".join(re.findall(r"[^\W_]+", stem.lstrip("0123456789")))
    record.title = title[:TITLE_LIMIT]


def _facts(lines: Sequence[str], headings: Sequence[Definition]) -> Iterator[tuple[str, str]]:
    """What the document says of itself: in its front matter, on lines of their own, in its section "Status"."""
    front = front_matter(lines)
    for key, value in front.values.items():
        yield key.replace("_", " "), value.text
    for line in lines[front.end : front.end + HEAD_LINES]:
        fact = _FACT.match(line)
        if fact is not None:
            yield fact[1].lower().replace("-", " "), fact[2]
    for heading in headings:
        if heading.name.lower().strip(" :") in {"status", "state", "date", "decision date"}:
            inner = (other.first for other in headings if other.first > heading.name_line)
            end = min(next(inner, heading.last + 1) - 1, heading.name_line + STATUS_LINES)
            key = "date" if "date" in heading.name.lower() else "status"
            yield from ((key, line) for line in lines[heading.name_line : end] if line.strip())


def _learn(record: _Record, key: str, value: str) -> None:
    """Take in one fact."""
    if _SEVERAL.search(value.strip().strip("|")):
        return
    by, over = _BY.search(value), _OVER.search(value)
    if key in {"superseded by", "replaced by", "obsoleted by"}:
        _add(record.by, value, record)
    elif key in {"supersedes", "supersede", "replaces", "obsoletes"}:
        _add(record.over, value, record)
    elif key in {"status", "state"}:
        if by is not None:
            _add(record.by, by[1], record)
        elif over is not None:
            _add(record.over, over[1], record)
        said = _STRUCK.sub(" ", value if over is None else value[: over.start()])
        record.states += [_plain_state(state[1]) for state in _STATE.finditer(said)]
    day = _DAY.search(value)
    if day is not None and key in _DAYS and (not record.day or key in {"status", "state"}):
        record.day = "-".join(day.groups())


_DAYS = frozenset(
    {"status", "state", "date", "decided", "decided on", "date decided", "updated", "last updated", "created"}
)


def _plain_state(word: str) -> str:
    word = word.lower().replace("superced", "supersed")
    return "superseded" if word.startswith("supersed") else "obsolete" if word.startswith("obsolet") else word


def _add(numbers: list[int], text: str, record: _Record) -> None:
    """The records that a text names: by their titles, which begin with the number, or by their files."""
    plain = _DAY.sub(" ", _MARKUP.sub(" ", text)) or text
    for match in _OTHER.finditer(plain if _OTHER.search(plain) else text):
        number = int(match[1])
        if number and number != record.number and number not in numbers:
            numbers.append(number)
