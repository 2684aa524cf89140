"""Looks at SQL before anything runs it, with sqlparse."""

import sqlparse
from sqlparse.exceptions import SQLParseError

from querydesk.limits import TooExpensive

READING = {"SELECT"}


def tidy(sql: str) -> str:
    """As the editor shows it: keywords in upper case, one clause a line."""
    return sqlparse.format(sql, reindent=True, keyword_case="upper")


def single_statement(sql: str) -> str:
    """The only statement of a text, without its semicolon."""
    found = [each for each in sqlparse.split(sql, strip_semicolon=True) if each]
    if len(found) != 1:
        raise TooExpensive("one_statement", f"There are {len(found)} statements; write one.")
    return found[0]


def check_reads_only(sql: str) -> None:
    """Refuse what is not a SELECT. A CTE counts as what it ends in."""
    try:
        (statement,) = sqlparse.parse(sql)
    except SQLParseError as error:
        raise TooExpensive("nesting", "The statement is nested too deeply.") from error
    if statement.get_type() not in READING:
        raise TooExpensive("read_only", f"{statement.get_type()} is not allowed.")
