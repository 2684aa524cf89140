"""What documents, decisions and tickets name: as any prose, and by the targets of their links.

Invariant: pure functions of a chunk; relative targets are counted from the folder of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from surefoot.domain import Chunk, LinkKind
from surefoot.links.found import Found, found, line_of
from surefoot.links.operations import operation
from surefoot.links.prose import in_prose

_MARKDOWN = re.compile(r"\]\(\s{0,4}<?([^()\s<>]{1,400})>?(?:\s{1,4}[\"'][^)\n]{0,200})?\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]{0,8}<?([^\s<>]{1,400})>?[ \t]*$", re.MULTILINE)
_ASCIIDOC = re.compile(r"\b(?:link|xref|include|image):{1,2}([^\s\[]{1,400})\[")
_RST = re.compile(r"^[ \t]{0,20}\.\. (?:literalinclude|include|figure|image)::[ \t]*(\S{1,400})", re.MULTILINE)
_RST_LINK = re.compile(r"`[^`<\n]{0,200}<([^<>`\n]{1,400}\.\w{1,10})>`_")
_FORMS = (("](", _MARKDOWN), ("]:", _REFERENCE), (":", _ASCIIDOC), (".. ", _RST), (">`_", _RST_LINK))
_ONLY_IN = {_ASCIIDOC: "asciidoc", _RST: "rst", _RST_LINK: "rst"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HAS_ENDING = re.compile(r"[^/]\.\w{1,10}$")
_DECISION = re.compile(
    r"(?<![\w-])(?:(ADR|RFC)[- ]?(\d{1,5})|[Dd]ecision (?:record )?(?P<number>\d{1,3}))"
    r"(?!\w|\.\d|\s+(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times?|people|of|out)\b)"
)
_OPERATION = re.compile(r"(?<![\w/])(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ `*]{1,3}(/[\w{}<>:/.$\[\]-]*)")
IN_WORDS = 0.9  # the score of "decision 7": few number anything else that they call so
_PADDED = re.compile(r"0\d+")


def links_of_document(chunk: Chunk) -> Iterator[Found]:
    """Everything that a document names."""
    yield from in_prose(chunk.text)
    yield from link_targets(chunk)
    if "ADR" in chunk.text or "RFC" in chunk.text or "ecision " in chunk.text:
        yield from decisions(chunk.text)
    if " /" in chunk.text or "/" in chunk.symbol:
        yield from operations(chunk.text)


def link_targets(chunk: Chunk) -> Iterator[Found]:
    """The files that the links of a document lead to."""
    text, folder = chunk.text, chunk.span.path.rpartition("/")[0]
    for mark, form in _FORMS:
        if mark not in text or _ONLY_IN.get(form, chunk.language) != chunk.language:
            continue
        for match in form.finditer(text):
            target = unquote(re.split(r"[#?]", match[1], maxsplit=1)[0])
            if target and not _SCHEME.match(match[1]) and _HAS_ENDING.search(target):
                whole = target if target.startswith("/") else f"{folder}/{target}"
                yield found(LinkKind.PATH, whole, line_of(text, match.start()))


def operations(text: str) -> Iterator[Found]:
    """Operations as people write them: `POST /orders/{id}`."""
    for match in _OPERATION.finditer(text):
        written = operation(match[1], match[2].rstrip(".:"))
        if written:
            yield found(LinkKind.OPERATION, written, line_of(text, match.start()))


def decisions(text: str) -> Iterator[Found]:
    """Decision records by number. `RFC 0007` is one of the project, `RFC 9110` is one of the internet's."""
    for match in _DECISION.finditer(text):
        if match["number"]:
            yield found(LinkKind.TICKET, f"ADR-{match['number']}", line_of(text, match.start()), IN_WORDS)
        elif match[1] == "ADR" or _PADDED.fullmatch(match[2]):
            yield found(LinkKind.TICKET, f"{match[1]}-{match[2]}", line_of(text, match.start()))
