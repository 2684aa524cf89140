"""The text of documentation: comments and docstrings without their markers.

Invariant: pure functions from text to text.
"""

from __future__ import annotations

import re
import textwrap

DOC_LIMIT = 4000  # characters kept of one documentation text; more is a manual, and stands in the body anyway

_BLOCK = re.compile(r"^(?:/\*+!?|<!--+|\(\*+|--\[=*\[|=begin)[ \t]?|\s*(?:\*+/|--+>|\*+\)|\]=*\])$")
_LINE = re.compile(r"^\s*(?://[/!]?<?|#+[:!]?|--+(?!\[)|;+|\*(?!\*)|\*+/?$)\s?")
_STAR = re.compile(r"^\s*\*(?!/) ?")
_XML_TAG = re.compile(r"</?(?:summary|remarks|para|returns|c|code|example|value)\s*/?>")
_SEE = re.compile(r"<(?:see|paramref|typeparamref)\s+\w+=\"([^\"]*)\"\s*/?>")
_RULER = re.compile(r"^[\s=\-*#/~_+.]*$")
_ELIXIR = re.compile(r"^@\w*doc\s*\(?\s*(.*)$", re.DOTALL)
_PREFIX = re.compile(r"^[A-Za-z~]{0,3}(?=[\"'])")
_QUOTES = ('"""', "'''", '"', "'")


def docstring_text(literal: str) -> str:
    """The text of a string literal that documents: prefix and quotes removed, common indent removed."""
    text = _PREFIX.sub("", literal.strip())
    for quote in _QUOTES:
        if text.startswith(quote):
            text = text[len(quote) :].removesuffix(quote)
            break
    first, _, rest = text.partition("\n")
    return _trim(f"{first.strip()}\n{textwrap.dedent(rest)}")


def comment_text(comment: str) -> str:
    """The text of one comment, or of a block of line comments, without markers and rulers."""
    if not comment:
        return ""
    elixir = _ELIXIR.match(comment)
    if elixir is not None:
        value = elixir.group(1).rstrip(")")
        return "" if value in {"false", "nil"} else docstring_text(value)
    comment = comment.strip()
    if comment.startswith(("/*", "<!--", "(*", "--[")):
        body = _BLOCK.sub("", _BLOCK.sub("", comment, count=1))
        first, _, rest = body.partition("\n")
        lines = [_STAR.sub("", line) for line in rest.split("\n")]
        text = f"{first.strip()}\n{textwrap.dedent(chr(10).join(lines))}"
    else:
        text = "\n".join(_LINE.sub("", line, count=1) for line in comment.split("\n") if not line.startswith("#!"))
    text = _SEE.sub(r"\1", _XML_TAG.sub("", text)) if "<" in text else text
    return _trim(text)


def _trim(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for line in lines if not line or not _RULER.match(line)]
    return "\n".join(kept).strip()[:DOC_LIMIT].rstrip()
