"""Fields of GraphQL's Query, Mutation and Subscription: where a document asks for them, and where code resolves them.

Invariant: pure and linear in the text; only the fields of the outermost braces are operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import Chunk, LinkKind
from surefoot.links.found import SERVED, USED, Found, found, line_of

MOST_READ = 20_000  # characters of a document behind its first brace

_DOCUMENT = re.compile(r"\b(query|mutation|subscription)\b(?:\s{1,8}\w{1,80})?\s{0,8}(?:\([^()]{0,600}\))?\s{0,8}\{")
_TOKEN = re.compile(r"[{}()]|@?\w+\s{0,4}:?|\.\.\.\s{0,8}(?:on\s{1,8})?\w*")
_TYPE = re.compile(
    r"^[ \t]*(?:extend[ \t]+)?(?:type|input|interface|enum|query|mutation|fragment)[ \t]+(\w+)", re.MULTILINE
)
_FIELD = re.compile(r"^[ \t]+(\w+)[ \t]*[(:]", re.MULTILINE)
_ROOTS = frozenset({"Query", "Mutation", "Subscription"})
# Within code a document stands in a text of its own: `gql` and a backtick, or three quotes.
_QUOTED = re.compile(r"`([^`]{1,8000})`|\"\"\"((?:[^\"]|\"(?!\"\")){1,8000})\"\"\"")
_NAMED = r"[\"'](?P<field>\w{1,80})[\"']"
_METHOD = (
    r"(?:\s{0,80}@\w{1,80}(?:\([^()\n]{0,200}\))?){0,6}\s{0,80}(?:(?:public|private|protected|async|static|override|suspend)"
    r"\s{1,8}){0,4}(?:fun\s{1,8}|[\w<>\[\],.? ]{1,120}?\s)?(?P<method>\w{1,80})\s{0,8}\("
)
# Nest and type-graphql, with the name or above the method; Spring and DGS likewise; ariadne; strawberry.
_RESOLVERS = (
    re.compile(rf"@(?P<root>Query|Mutation|Subscription)\(\s{{0,80}}{_NAMED}"),
    re.compile(
        rf"@(?P<root>Query|Mutation|Subscription)\(\s{{0,80}}(?:\(?\w{{0,40}}\)?\s{{0,4}}=>|type\s)"
        rf"[^@]{{0,300}}?(?:\bname:\s{{0,8}}{_NAMED}|\)\s{{0,80}}\n{_METHOD})"
    ),
    re.compile(
        rf"@(?P<root>Query|Mutation|Subscription)Mapping(?:\(\s{{0,8}}(?:name\s{{0,4}}=\s{{0,4}})?{_NAMED}\s{{0,8}}\)"
        rf"|(?:\(\s{{0,8}}\))?{_METHOD})"
    ),
    re.compile(
        rf"@Dgs(?P<root>Query|Mutation|Subscription)(?:\(\s{{0,8}}field\s{{0,4}}=\s{{0,4}}{_NAMED}\s{{0,8}}\)"
        rf"|(?:\(\s{{0,8}}\))?{_METHOD})"
    ),
    re.compile(rf"@(?P<root>query|mutation|subscription)\.field\(\s{{0,8}}{_NAMED}"),
    re.compile(
        r"@strawberry\.(?P<root>mutation|subscription)\b[^\n]{0,200}\n\s{1,40}(?:async )?def (?P<method>\w{1,80})\("
    ),
)


def described_in_graphql(chunk: Chunk) -> Iterator[Found]:
    """The fields that a schema has, where the line of their type may stand in the chunk before, or a document wants."""
    yield from documents_in(chunk.text)
    marks = [(0, chunk.symbol.split(".")[0])] + [(match.start(), match[1]) for match in _TYPE.finditer(chunk.text)]
    for index, (start, name) in enumerate(marks):
        if name in _ROOTS:
            end = marks[index + 1][0] if index + 1 < len(marks) else len(chunk.text)
            yield from _of_root(chunk.text, name, start, end)


def fields_in(text: str) -> Iterator[Found]:
    """The fields that code asks for or resolves. Nearly all code has nothing of it, which is found out first."""
    if "@" in text and ("Query" in text or "Mutation" in text or ".field(" in text or "strawberry" in text):
        yield from resolvers_in(text)
    if "gql" in text or "raphql" in text or "raphQL" in text:
        for document in _QUOTED.finditer(text):
            line = line_of(text, document.start())
            yield from (each._replace(line=line + each.line) for each in documents_in(document[1] or document[2]))


def documents_in(text: str) -> Iterator[Found]:
    """The fields that the queries and mutations of a text ask for."""
    position = 0
    for match in _DOCUMENT.finditer(text):
        if match.start() < position:
            continue  # a field of the last one
        names, position = _outermost(text, match.end())
        for name, at in names:
            yield found(LinkKind.OPERATION, f"{match[1].capitalize()}.{name}", line_of(text, at), USED)


def resolvers_in(text: str) -> Iterator[Found]:
    """The fields that the functions of a text resolve, as they are annotated."""
    for form in _RESOLVERS:
        for match in form.finditer(text):
            groups = match.groupdict()
            name = groups.get("field") or _camel(groups.get("method") or "")
            if name:
                root = match["root"].capitalize()
                yield found(LinkKind.OPERATION, f"{root}.{name}", line_of(text, match.start()), SERVED)


def _outermost(text: str, begin: int) -> tuple[list[tuple[str, int]], int]:
    """The names that stand in the braces, and in none within them, and where these end.

    Of a field with another name its own; directives and fragments are none.
    """
    braces, parentheses, names = 1, 0, list[tuple[str, int]]()
    end = begin
    for match in _TOKEN.finditer(text, begin, begin + MOST_READ):
        part, end = match[0], match.end()
        if part in "()":
            parentheses += 1 if part == "(" else -1
        elif part in "{}":
            braces += 1 if part == "{" else -1
            if not braces:
                break
        elif braces == 1 and not parentheses and part[0] not in "@." and not part.endswith(":"):
            names.append((part.strip(), match.start()))
    return names, end


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def _of_root(text: str, name: str, start: int, end: int) -> Iterator[Found]:
    parentheses, seen = 0, start
    for match in _FIELD.finditer(text, start, end):
        parentheses += text.count("(", seen, match.start()) - text.count(")", seen, match.start())
        seen = match.start()
        if not parentheses:  # else it is an argument
            yield found(LinkKind.OPERATION, f"{name}.{match[1]}", line_of(text, match.start(1)), SERVED)
