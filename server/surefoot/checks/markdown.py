"""Markdown as far as checks need it: where its links lead, what its headings are called, and what of it is code.

Invariant: everything that is found stands in the text at its offsets; each pattern takes time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from surefoot.checks.written import Extent

_FENCE = re.compile(r"[ \t>]{0,12}(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,4})?(`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE)
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,2000}\1(?!`)")
_INLINE = re.compile(
    r"!?\[(?:[^\[\]\n]|\[[^\[\]\n]{0,300}\]|\n(?!\n)){0,500}\]\("
    r"[ \t]{0,4}(?:<(?P<angled>[^<>\n]{1,600})>|(?P<plain>(?:[^\s()<>]|\([^\s()]{0,200}\)){1,600}))"
    r"(?:[ \t\n]{1,4}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?[ \t]{0,4}\)"
)
_REFERENCE = re.compile(
    r"^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]{1,8}(?P<target><[^<>\n]{1,600}>|\S{1,600})", re.MULTILINE
)
_ATTRIBUTE = re.compile(
    r"<(?:img|a|source|video)\b[^<>]{0,400}?\b(?:src|href)=[\"'](?P<target>[^\"'<>\n]{1,600})[\"']", re.I
)
_ATX = re.compile(r"^[ \t>]{0,12}#{1,6}[ \t]+(.{1,400}?)[ \t]*#*[ \t]*$", re.MULTILINE)
_SETEXT = re.compile(r"^[ \t]{0,3}(\S.{0,400})\n[ \t]{0,3}(?:=+|-+)[ \t]*$", re.MULTILINE)
_HTML_HEADING = re.compile(r"<h[1-6]\b[^<>]{0,300}>(.{1,400}?)</h[1-6]>", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(
    r"\b(?:id|name)=[\"']?([^\"'\s<>]{1,200})|\{[^{}\n]{0,100}#([\w:.-]{1,200})[^{}\n]{0,100}\}", re.IGNORECASE
)
_IN_HEADING = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^<>]{1,300}>|\{[^{}]{0,200}\}$|:[a-z0-9_+-]{1,40}:")
_ANGLE = re.compile(r"[<>]")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_IN_LINE = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # all but what ends a line for `splitlines`


@dataclass(frozen=True, slots=True)
class WrittenTarget:
    """What a link leads to, as it is written, with the offsets of that alone."""

    text: str
    at: Extent


def without_code(text: str) -> str:
    """The text with blanks for whatever is shown as it is or not at all: fences, spans of code, comments."""
    blanked = without_fences(text)
    for pattern in (_FRONT_MATTER, _COMMENT, _CODE_SPAN):
        blanked = pattern.sub(lambda match: _blank(match[0]), blanked)
    return blanked


def shown_as_code(text: str) -> bytearray:
    """For each character whether it stands in a block of code, indented or fenced, in front matter or in a comment."""
    shown, at = bytearray(len(text)), 0
    is_after_blank, was_code = True, False
    for line, kept in zip(text.splitlines(keepends=True), without_fences(text).splitlines(keepends=True), strict=True):
        is_blank = not line.strip()
        is_indented = line.startswith(("    ", "\t", "$ ", ">>> ")) and (is_after_blank or was_code)
        was_code = (is_indented and not _ITEM.match(line)) or (was_code and is_blank)
        if was_code or (kept != line and not kept.strip()):
            shown[at : at + len(line)] = b"\1" * len(line)
        is_after_blank = is_blank
        at += len(line)
    for pattern in (_FRONT_MATTER, _COMMENT):
        for match in pattern.finditer(text):
            shown[match.start() : match.end()] = b"\1" * len(match[0])
    return shown


def _blank(text: str) -> str:
    return _IN_LINE.sub(" ", text)


def written_targets(text: str) -> Iterator[WrittenTarget]:
    """Where the links, pictures and references of a text lead. `text` is without code."""
    for match in _INLINE.finditer(text):
        group = "angled" if match["angled"] else "plain"
        yield WrittenTarget(match[group], match.span(group))
    for pattern in (_REFERENCE, _ATTRIBUTE):
        for match in pattern.finditer(text):
            begin, end = match.span("target")
            is_angled = text[begin] == "<" and text[end - 1] == ">"
            extent = (begin + is_angled, end - is_angled)
            yield WrittenTarget(text[extent[0] : extent[1]], extent)


def anchors_of(text: str) -> dict[str, str]:
    """What can be linked to in a text: by its letters alone, the way in which GitHub writes it."""
    shown = without_fences(text)
    found: dict[str, str] = {}
    for pattern in (_ATX, _SETEXT, _HTML_HEADING):
        for match in pattern.finditer(shown):
            for slug in (slug_of(match[1]), slug_of(_ANGLE.sub("", match[1]))):
                found.setdefault(letters_of(slug), slug)
    for match in _NAMED.finditer(text):
        name = (match[1] or match[2]).removeprefix("user-content-")
        found.setdefault(letters_of(name), name)
    return found


def without_fences(text: str) -> str:
    """The text with blanks for its fences; spans of code stay, as headings have them."""
    lines, fence = text.splitlines(keepends=True), ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        opens = mark[1] if mark else ""
        if fence or opens:
            lines[number] = _blank(line)
        closes = opens.startswith(fence) and not line.partition(opens)[2].strip() if fence and opens else False
        fence = ("" if closes else fence) if fence else opens
    return "".join(lines)


def slug_of(heading: str) -> str:
    """What GitHub makes of a heading in an address."""
    plain = _IN_HEADING.sub(lambda match: match[1] or "", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).strip().replace(" ", "-")


def letters_of(anchor: str) -> str:
    """An anchor without what generators of pages disagree about: case, hyphens, punctuation."""
    return _NOT_A_LETTER.sub("", anchor.lower())
