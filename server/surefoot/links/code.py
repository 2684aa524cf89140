"""What comments and strings of code name: tickets, decisions, documents, tables.

Nearly all chunks of an index are code and name nothing, so each is first looked through for a few fixed characters.

Invariant: pure; a difference (`MAX-1`), a colour or a macro is no ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import Chunk, LinkKind
from surefoot.links.documents import decisions
from surefoot.links.found import Found, found, line_of
from surefoot.links.tickets import NO_PROJECTS, ticket_addresses

DOCUMENT = 0.9
TABLE = 0.8
ENTITY = 0.7  # for the table of an entity that does not name it, and for the entity that a repository is of
REACH = 40  # characters before a number in which a word must say that it is a ticket's

_NUMBER = re.compile(r"#([1-9]\d{0,5})(?![\w-]|\.\d)")  # these begin with a fixed character, which is looked for fast
_HYPHENED = re.compile(r"-([1-9]\d{0,5})(?!\w|\.\d|-\d)")
_SAYS_TICKET = re.compile(
    r"(?:\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|issues?|bugs?|tickets?|see|refs?|related to|regression|todo|fixme"
    r"|PR|pull request|workaround for|due to|tests? for|caused by|per)\b[\s:(-]{0,3}(?:in |for |from |of )?"
    r"(?:[\w.-]+/[\w.-]+)?|#\d+(?:,|, and| and|,\s*#\d+ and) ?)$",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?<![\w.$#/-])[A-Za-z][A-Z0-9a-z]{1,9}$")
_DOCUMENT = re.compile(
    r"(?<![\w/.:@-])(?:(?:\.{1,2}/){1,8}|/)?((?:[\w@+-][\w.@+-]*/)*[\w.@+-]*\w\.(?:md|rst|adoc|mdx|graphqls?|gql|proto))(?![\w/])"
)
_IMPORTED = re.compile(
    r"\bimport\s{1,8}(?:\w{1,80}\s{0,8},\s{0,8})?\{([^{}]{1,600})\}\s{0,8}from\s{0,8}[\"'][^\"'\n]{1,300}\.(?:graphqls?|gql)[\"']"
)
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+[\"`\[]?(?:\w+\.)?([A-Za-z_]\w{2,60})\b")
_NAMED_TABLE = re.compile(
    r"(?:__tablename__|db_table|tableName|@Table\(\s*name|@Entity\(\s*name)\s*[=:(]\s*[\"'](\w{3,60})[\"']"
    r"|@(?:Table|Entity)\(\s*[\"'](\w{3,60})[\"']"
)
# An entity without a name for its table is named like it, in one case style or the other, or after many of it.
_ENTITY = re.compile(
    r"@Entity(?:\(\s*\))?(?=\s)(?:\s*@\w+(?:\([^()\n]{0,200}\))?){0,8}\s+(?:export |public |open |data |final ){0,3}"
    r"class (\w{3,60})|^class (\w{3,60}) < (?:ApplicationRecord|ActiveRecord::Base)\b",
    re.MULTILINE,
)
_KEPT_IN = re.compile(r"\b(?:\w{0,40}Repository|InjectRepository|EntityRepository)(?:<|\()([A-Z]\w{2,60})[,>)]")
_SCHEMAS = (".graphql", ".graphqls", ".gql", ".proto")
_COMMENT = re.compile(r"//|/\*|#|--|;|%|\"|'|`|<!--|^\s*\*|\(\*|\b[Rr][Ee][Mm]\b")


def links_of_code(chunk: Chunk) -> Iterator[Found]:
    """What a chunk of code names."""
    text = chunk.text
    if "#" in text:
        yield from _numbers(chunk)
    if "-" in text:
        yield from _keys(chunk)
    if "://" in text:
        yield from (each._replace(line=line_of(text, each.line)) for each in ticket_addresses(text))
    if "ADR" in text or "ecision " in text:
        yield from (each for each in decisions(text) if each.target.startswith("ADR"))
    if ".md" in text or ".rst" in text or ".adoc" in text or ".graphql" in text or ".gql" in text or ".proto" in text:
        yield from _documents(text)
    yield from _links_of_data(text)


def _documents(text: str) -> Iterator[Found]:
    """Documents and schemas by their paths, and what is imported of a document of GraphQL."""
    for match in _DOCUMENT.finditer(text):
        if "/" in match[1] or match[1].endswith(_SCHEMAS):
            yield found(LinkKind.PATH, match[1], line_of(text, match.start()), DOCUMENT)
    for match in _IMPORTED.finditer(text):
        line = line_of(text, match.start())
        for name in match[1].split(","):
            yield found(LinkKind.SYMBOL, name.split(" as ")[0].strip(), line, DOCUMENT)


def _links_of_data(text: str) -> Iterator[Found]:
    """The tables that code reads and writes, and the entities that stand for them."""
    if "FROM " in text or "INTO " in text or "UPDATE " in text or "JOIN " in text:
        yield from _tables(text, _TABLE)
    if "Repository" in text:
        for match in _KEPT_IN.finditer(text):
            yield found(LinkKind.SYMBOL, match[1], line_of(text, match.start(1)), ENTITY)
    if "@Entity" in text or "Record" in text:
        yield from _entities(text)
    if "able" not in text and "@Entity" not in text:
        return
    if "__tablename__" in text or "db_table" in text or "tableName" in text or "@Table" in text or "@Entity" in text:
        yield from _tables(text, _NAMED_TABLE)


def _numbers(chunk: Chunk) -> Iterator[Found]:
    """`#123` where a word before it says that it is a ticket, in a comment or a string."""
    text = chunk.text
    for match in _NUMBER.finditer(text):
        at = match.start()
        if _SAYS_TICKET.search(text, max(0, at - REACH), at) and is_said(chunk, at - 1):
            yield found(LinkKind.TICKET, match[0], line_of(text, at))


def _keys(chunk: Chunk) -> Iterator[Found]:
    """`PROJ-214` and `gh-123` in a comment or a string."""
    text = chunk.text
    for match in _HYPHENED.finditer(text):
        at = match.start()
        before = text[at - 1 : at]
        if not (before.isupper() or before in {"h", *"0123456789"}):
            continue
        key = _KEY.search(text, max(0, at - 12), at)
        if key is None or not _is_project(key[0]) or not is_said(chunk, key.start()):
            continue
        yield found(LinkKind.TICKET, key[0] + match[0], line_of(text, at))


def _is_project(key: str) -> bool:
    return (key.isupper() and key not in NO_PROJECTS) or key == "gh"


def is_said(chunk: Chunk, at: int) -> bool:
    """Whether a position is within a comment or a string, as far as its line tells, or the documentation."""
    text = chunk.text
    begin = text.rfind("\n", 0, at) + 1
    if _COMMENT.search(text, begin, at):
        return True
    end = text.find("\n", at)
    line = text[begin : end if end >= 0 else len(text)].strip()
    return len(line) > 0 and line in chunk.doc


def _entities(text: str) -> Iterator[Found]:
    for match in _ENTITY.finditer(text):
        name = match[1] or match[2]
        line = line_of(text, match.start(1) if match[1] else match.start(2))
        many = f"{name[:-1]}ies" if name[-1] == "y" else f"{name}s"
        yield from (found(LinkKind.SYMBOL, each, line, ENTITY) for each in (name, many))


def _tables(text: str, form: re.Pattern[str]) -> Iterator[Found]:
    for match in form.finditer(text):
        name = next(filter(None, match.groups()))
        yield found(LinkKind.SYMBOL, name, line_of(text, match.start()), TABLE)
