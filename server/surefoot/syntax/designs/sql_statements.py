"""SQL in statements, whatever the dialect: Postgres, MySQL, SQLite, SQL Server.

Invariant: linear, no recursion; what is broken ends where the next line begins with CREATE or ALTER.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from surefoot.syntax.designs.tokens import Comments, Text, Token

# Every kind of string is closed by the end of the text at the latest: none is tried twice.
_PATTERN = (
    r"--[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|'(?:[^'%s]|''%s)*+'?|\"[^\"]*+\"?|`[^`]*+`?|\[[A-Za-z_][^\]\n]*\]"
    r"|\$\w*\$|[^\W\d][\w$#]*|\d[\w.]*|[().,;=]|//"
)
_STANDARD = re.compile(_PATTERN % ("", ""))
_ESCAPING = re.compile(_PATTERN % (r"\\", r"|\\[\s\S]"))  # MySQL, and strings such as E'it\'s'
_ESCAPED = re.compile(r"`|\b[eE]'")
_OPENING = frozenset({"CREATE", "ALTER", "COMMENT"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "EVENT", "PACKAGE"})
_COMPOUND_ENDS = frozenset({"IF", "LOOP", "WHILE", "REPEAT", "FOR"})
_BEFORE_OPENING = frozenset({"", ";", "//", "BEGIN", ")", "GO"})  # or it opens its line
_DOLLARS = re.compile(r"^[^\S\n]*DELIMITER[^\S\n]+\$\$", re.IGNORECASE | re.MULTILINE)
_LONGEST_KEYWORD = 12
_HEAD = 24  # tokens in which the kind of a statement is told
MOST_TOKENS = 20_000  # of one statement: a longer one is data
_MOST_UNCLOSED = 20  # bodies without an end, from which `$x$` is no longer looked for


@dataclass(slots=True)
class Statement:
    """One statement that creates, alters or comments on something: its tokens, and what stands above it."""

    first: int = 0
    doc: str = ""
    words: list[Token] = field(default_factory=list)
    end: int = 0
    body: int = -1  # where the body of a routine begins
    blocks: int = 0  # of BEGIN and CASE that are open
    depth: int = 0  # of parentheses
    is_routine: bool = False
    has_ended_block: bool = False  # with the word before


def statements(text: Text) -> Iterator[Statement]:
    """The statements that define something, in order."""
    comments, current, before = Comments(), Statement(), ""
    for token in _tokens(text.text):
        word = token[0]
        if word.startswith(("--", "/*")):
            if not word.startswith("/*!"):  # that is a command to MySQL
                comments.add(text, token)
            continue
        keyword = word.upper() if len(word) <= _LONGEST_KEYWORD else word
        if keyword in _OPENING and _opens(text, token, current, before):
            yield from _finished(current)
            current = Statement(*comments.above(text.line(token[1])))
        elif _closes(current, keyword):
            yield from _finished(current)
            current = Statement()
        if current.first:
            _add(current, token, keyword, before)
        before = keyword
    yield from _finished(current)


def _finished(statement: Statement) -> Iterator[Statement]:
    if len(statement.words) > 1:
        yield statement


def _opens(text: Text, token: Token, current: Statement, before: str) -> bool:
    """Whether a statement begins: after another one, or at the left margin, where the one before has to have ended."""
    if current.first:
        return text.starts[text.line(token[1]) - 1] == token[1]
    return before in _BEFORE_OPENING or text.opens_line(token[1])


def _closes(current: Statement, keyword: str) -> bool:
    if keyword == ";":
        return not current.blocks and not current.depth
    return keyword in {"//", "GO"} and not current.depth


def _add(statement: Statement, token: Token, keyword: str, before: str) -> None:
    if len(statement.words) < MOST_TOKENS:
        statement.words.append(token)
    statement.end = token[2]
    statement.depth = max(0, statement.depth + (keyword == "(") - (keyword == ")"))
    if len(statement.words) < _HEAD and keyword in _ROUTINES:
        statement.is_routine = True
    if statement.is_routine:
        _count_blocks(statement, token, keyword, before)


def _count_blocks(statement: Statement, token: Token, keyword: str, before: str) -> None:
    is_text = keyword[0] == "$" or (keyword[0] == "'" and before == "AS")
    if statement.body < 0 and (keyword == "BEGIN" or is_text):
        statement.body = statement.words[-2][1] if before == "AS" else token[1]
    if keyword in _COMPOUND_ENDS and statement.has_ended_block:
        statement.blocks += 1  # `END IF` ends no block
    elif keyword == "BEGIN" or (keyword == "CASE" and before != "END" and statement.blocks):
        statement.blocks += 1
    statement.has_ended_block = keyword == "END" and statement.blocks > 0
    statement.blocks -= statement.has_ended_block


def _tokens(text: str) -> Iterator[Token]:
    """The tokens, with each body between dollars as one."""
    pattern = _ESCAPING if _ESCAPED.search(text) else _STANDARD
    place, unclosed = 0, 0
    ends = "$$" if _DOLLARS.search(text) else ""  # MySQL's clients end statements with whatever they are told to
    while (match := pattern.search(text, place)) is not None:
        word, place = match[0], match.end()
        if word == ends:
            word = "//"
        elif word[0] == "$" and word[-1] == "$" and unclosed < _MOST_UNCLOSED:
            end = text.find(word, place)
            unclosed += end < 0
            place = end + len(word) if end >= 0 else place
            word = text[match.start() : place]
        yield word, match.start(), place
