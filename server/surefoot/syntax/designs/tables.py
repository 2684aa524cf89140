"""Tables with their columns, views, indexes, types and routines of SQL, in whatever dialect it is written.

Invariant: linear; a statement that is not understood names nothing, and never hides the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from surefoot.domain import SymbolKind
from surefoot.syntax.designs.sql_statements import Statement, statements
from surefoot.syntax.designs.tokens import Text, Token
from surefoot.syntax.symbols import Definition

_KINDS = MappingProxyType({
    "TABLE": SymbolKind.STRUCT, "VIEW": SymbolKind.STRUCT, "FUNCTION": SymbolKind.FUNCTION,
    "PROCEDURE": SymbolKind.FUNCTION, "PROC": SymbolKind.FUNCTION, "AGGREGATE": SymbolKind.FUNCTION,
    "MACRO": SymbolKind.FUNCTION, "TRIGGER": SymbolKind.EVENT, "EVENT": SymbolKind.EVENT, "INDEX": SymbolKind.KEY,
    "TYPE": SymbolKind.CLASS, "DOMAIN": SymbolKind.CLASS, "SEQUENCE": SymbolKind.VARIABLE,
    "SCHEMA": SymbolKind.NAMESPACE, "DATABASE": SymbolKind.NAMESPACE, "PACKAGE": SymbolKind.PACKAGE,
    "POLICY": SymbolKind.KEY,
})  # fmt: skip
_HEAD = 24  # tokens in which a statement says what it creates: `CREATE DEFINER = a@b SQL SECURITY ... VIEW`
_BEFORE_NAME = frozenset({"IF", "NOT", "EXISTS", "CONCURRENTLY", "ONLY", "BODY", "AUTHORIZATION"})
_CONSTRAINTS = frozenset({
    "CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "KEY", "INDEX", "EXCLUDE", "LIKE", "FULLTEXT", "SPATIAL",
    "PERIOD", "PARTITION", "INHERITS",
})  # fmt: skip
# Words that begin constraints and are names of columns as well: then a type follows.
_TYPES = frozenset({
    "INT", "INTEGER", "BIGINT", "SMALLINT", "TEXT", "VARCHAR", "CHAR", "BOOLEAN", "BOOL", "UUID", "JSON", "JSONB",
    "TIMESTAMP", "TIMESTAMPTZ", "DATE", "TIME", "NUMERIC", "DECIMAL", "REAL", "FLOAT", "BLOB", "BYTEA", "NVARCHAR",
    "CHARACTER", "DATETIME", "DOUBLE",
})  # fmt: skip
_ADDING = frozenset({"COLUMN", "IF", "NOT", "EXISTS"})
_NO_COLUMNS = frozenset({"PARTITION", "AS", "SELECT"})  # parentheses after these hold none
_QUOTES = re.compile(r"^[\"`\[](.*)[\"`\]]$", re.DOTALL)
_WORD = re.compile(r"[^\W\d]|[\"`\[]")
_NAME_LIMIT = 200
_MOST_COLUMNS = 5000


@dataclass(slots=True)
class _State:
    """The text, and what it defines so far; `of_names` finds what a COMMENT is about."""

    text: Text
    definitions: list[Definition] = field(default_factory=list)
    of_names: dict[str, int] = field(default_factory=dict)


def sql_definitions(text: str) -> list[Definition]:
    """Everything that the statements create, outer before inner."""
    state = _State(Text(text))
    for statement in statements(state.text):
        opening = statement.words[0][0].upper()
        if opening == "CREATE":
            _create(state, statement)
        elif opening == "ALTER":
            _alter(state, statement)
        else:
            _comment(state, statement)
    return state.definitions


def _create(state: _State, statement: Statement) -> None:
    place = _kind_place(statement)
    if place is None:
        return
    words, what = statement.words, statement.words[place][0].upper()
    parts, after = _name(words, place + 1)
    is_enum = what == "TYPE" and [word[0].upper() for word in words[after : after + 2]] == ["AS", "ENUM"]
    if not parts:
        return
    kind = SymbolKind.ENUM if is_enum else _KINDS[what]
    index = _define(state, statement, parts, kind, (statement.words[0][1], statement.end))
    made = state.definitions[index]
    made.signature = state.text.head(words[0][1], statement.body if statement.body > 0 else statement.end, kind)
    if what == "TABLE":
        made.is_alone = True
        for column in _columns(words, after):
            _column(state, column, index)


def _kind_place(statement: Statement) -> int | None:
    """Which word says what is created or altered."""
    for place, word in enumerate(statement.words[1:_HEAD], 1):
        upper = word[0].upper()
        if upper in _KINDS:
            return place
        if upper in {"ON", "(", "AS", "SELECT"}:
            return None
    return None


def _name(words: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """The parts of a dotted name, and the place behind it."""
    while place < len(words) and words[place][0].upper() in _BEFORE_NAME:
        place += 1
    parts: list[Token] = []
    while place < len(words) and _WORD.match(words[place][0]) and words[place][0].upper() != "ON":
        parts.append(words[place])
        if place + 1 >= len(words) or words[place + 1][0] != ".":
            return parts, place + 1
        place += 2
    return parts, place


def _define(
    state: _State, statement: Statement, parts: Sequence[Token], kind: SymbolKind, places: tuple[int, int]
) -> int:
    text, names = state.text, [_bare(part[0]) for part in parts]
    start, end = places
    made = Definition(
        names[-1], kind, 0, 0, statement.first, text.line(max(start, end - 1)), text.line(parts[-1][1]), is_symbol=True,
        container=".".join(names[:-1]), doc=statement.doc, signature=text.head(start, end, kind),
    )  # fmt: skip
    state.definitions.append(made)
    state.of_names.setdefault(made.qualified_name.lower(), len(state.definitions) - 1)
    return len(state.definitions) - 1


def _bare(name: str) -> str:
    quoted = _QUOTES.match(name)
    return (quoted[1] if quoted is not None else name)[:_NAME_LIMIT]


def _columns(words: Sequence[Token], place: int) -> Iterator[list[Token]]:
    """What stands between the commas of the first parentheses that may hold columns."""
    while place < len(words) and words[place][0] != "(":
        if words[place][0].upper() in _NO_COLUMNS:
            return
        place += 1
    yield from _items(words, place + 1)


def _items(words: Sequence[Token], place: int) -> Iterator[list[Token]]:
    """Lists of tokens between commas, to the parenthesis that closes, or the end."""
    depth, item = 0, list[Token]()
    for word in words[place:]:
        depth += (word[0] == "(") - (word[0] == ")")
        if depth < 0:
            break
        if word[0] == "," and depth == 0:
            yield item
            item = []
        else:
            item.append(word)
    yield item


def _column(state: _State, item: Sequence[Token], table: int) -> None:
    if not item or not _is_column(item) or len(state.definitions) - table > _MOST_COLUMNS:
        return
    outer, text = state.definitions[table], state.text
    first, last = text.line(item[0][1]), text.line(max(item[0][1], item[-1][2] - 1))
    made = Definition(
        _bare(item[0][0]), SymbolKind.FIELD, 0, 0, first, last, first, is_symbol=True, container=outer.qualified_name,
        parent=table, signature=text.head(item[0][1], item[-1][2], SymbolKind.FIELD),
    )  # fmt: skip
    state.definitions.append(made)
    state.of_names.setdefault(made.qualified_name.lower(), len(state.definitions) - 1)


def _is_column(item: Sequence[Token]) -> bool:
    second = item[1][0].upper() if len(item) > 1 else ""
    if not _WORD.match(item[0][0]) or second in {"=", "("}:
        return False
    return item[0][0].upper() not in _CONSTRAINTS or second in _TYPES


def _alter(state: _State, statement: Statement) -> None:
    """What an ALTER TABLE adds or renames: members of the table, which is no symbol here."""
    words = statement.words
    if words[1][0].upper() != "TABLE" and not (len(words) > 2 and words[2][0].upper() == "TABLE"):
        return
    parts, after = _name(words, 2 if words[1][0].upper() == "TABLE" else 3)
    if not parts:
        return
    table = _define(state, statement, parts, SymbolKind.STRUCT, (words[0][1], statement.end))
    state.definitions[table].is_symbol = False
    for action in _items(words, after):
        upper = [word[0].upper() for word in action[:6]]
        if upper[:1] == ["ADD"] or upper[:1] == ["CHANGE"]:
            _added(state, action, upper, table)
        elif upper[:2] == ["RENAME", "TO"] and len(action) > 2:
            state.definitions[table].name = _bare(action[2][0])
            state.definitions[table].name_line = state.text.line(action[2][1])
            state.definitions[table].is_symbol = True
        elif upper[:1] == ["RENAME"] and "TO" in upper[2:]:
            _column(state, action[upper.index("TO", 2) + 1 :], table)
    # Of a dump that adds hundreds of keys, the statements stay together.
    state.definitions[table].is_alone = len(state.definitions) > table + 1


def _added(state: _State, action: Sequence[Token], upper: Sequence[str], table: int) -> None:
    place = 1
    while place < len(upper) and upper[place] in _ADDING:
        place += 1
    if upper[0] == "CHANGE":
        place += 1  # the name that it had
    if place < len(action) and action[place][0] == "(":
        for item in _items(action, place + 1):
            _column(state, item, table)
    else:
        _column(state, action[place:], table)


def _comment(state: _State, statement: Statement) -> None:
    """`COMMENT ON TABLE orders IS '...'` documents what the same file defines."""
    words = statement.words
    if len(words) < 5 or words[1][0].upper() != "ON" or words[-1][0][0] != "'":
        return
    parts, _after = _name(words, 3)
    index = state.of_names.get(".".join(_bare(part[0]) for part in parts).lower())
    if index is not None:
        made = state.definitions[index]
        text = words[-1][0].strip("'").replace("''", "'")[: 10 * _NAME_LIMIT]
        made.doc = "\n".join(part for part in (made.doc, text) if part)
