"""Headings of reStructuredText, AsciiDoc and Markdown as definitions, so that documents are cut like code.

Invariant: line by line, no grammar, linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from surefoot.domain import SymbolKind
from surefoot.syntax.symbols import Definition

TITLE_LIMIT = 200  # characters kept of a heading

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NOT_A_PARAGRAPH = re.compile(r"\s*(?:[-*+>|#]|\d+[.)]\s|<|$)| {4}")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+\s*$")
_ASCIIDOC = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?[ \t]*$")
_ASCIIDOC_BLOCK = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|`{3,}|={4,}|_{4,}|\*{4,})[ \t]*$")
_ASCIIDOC_FENCE = re.compile(r"(`{3,})[\w+#.,-]+[ \t]*$")  # with a language, which the line that ends it has not
# Underlined titles of AsciiDoc: an underline is as long as its title, but for one letter.
_ASCIIDOC_UNDERLINE = re.compile(r"([=~^+-])\1{2,}[ \t]*$")
_ASCIIDOC_LEVELS = MappingProxyType({"=": 1, "-": 2, "~": 3, "^": 4, "+": 5})
_ASCIIDOC_ANCHOR = re.compile(r"\[\[[^\]]*\]\]|\[#[^\]]*\]")
_MARKUP = re.compile(r"`+(<[^`>]+>)`+|\[([^\]]*)\]\([^)]*\)|!\[[^\]]*\]\([^)]*\)|<[^>]+>|[*`]+|:\w+:`([^`<]*)[^`]*`")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: the line that its section begins on, the line of its text, how deep it is (1 is the title)."""

    first: int
    name_line: int
    level: int
    title: str


def headings_of(language: str, lines: Sequence[str]) -> list[Heading]:
    """The headings of a document, in order; none for languages without headings."""
    reader = _READERS.get(language)
    return list(reader(lines)) if reader is not None else []


def sections(headings: Sequence[Heading], line_count: int) -> list[Definition]:
    """Each heading as a definition that reaches to the next heading of its level or above."""
    definitions: list[Definition] = []
    stack: list[int] = []
    for heading in headings:
        while stack and headings[stack[-1]].level >= heading.level:
            definitions[stack.pop()].last = heading.first - 1
        outer = definitions[stack[-1]] if stack else None
        stack.append(len(definitions))
        definitions.append(
            Definition(
                name=heading.title,
                kind=SymbolKind.STRING,
                start=0,
                end=0,
                first=heading.first,
                last=line_count,
                name_line=heading.name_line,
                is_symbol=True,
                container=outer.qualified_name if outer else "",
                parent=stack[-2] if outer else -1,
                signature=heading.title,
            )
        )
    return definitions


def _markdown(lines: Sequence[str]) -> Iterator[Heading]:
    fence, start = "", _after_front_matter(lines)
    for index in range(start, len(lines)):
        line = lines[index]
        marker = _FENCE.match(line)
        if marker is not None and (not fence or marker.group(1).startswith(fence)):
            fence = "" if fence else marker.group(1)
        if fence or marker is not None:
            continue
        atx = _ATX.match(line)
        if atx is not None and (atx.group(2) or "").strip():
            yield Heading(index + 1, index + 1, len(atx.group(1)), _title(atx.group(2)))
        elif index > start and (setext := _SETEXT.match(line)) and _is_lone_text(lines, index - 1, start):
            yield Heading(index, index, 1 if setext.group(1)[0] == "=" else 2, _title(lines[index - 1]))


def _after_front_matter(lines: Sequence[str]) -> int:
    if not lines or lines[0].rstrip() not in {"---", "+++"}:
        return 0
    mark = lines[0].rstrip()
    return next((index + 1 for index in range(1, len(lines)) if lines[index].rstrip() == mark), 0)


def _is_lone_text(lines: Sequence[str], index: int, start: int) -> bool:
    """Whether the line is a paragraph of one line, which is what an underline turns into a heading."""
    is_alone = index == start or not lines[index - 1].strip()
    return is_alone and not _NOT_A_PARAGRAPH.match(lines[index])


def _rst(lines: Sequence[str]) -> Iterator[Heading]:
    """Levels follow the order in which the styles of underlining appear, as docutils has it."""
    styles: list[str] = []
    for index in range(len(lines) - 1):
        title, under = lines[index].rstrip(), lines[index + 1].rstrip()
        if not title or title[0].isspace() or not _ADORNMENT.match(under) or _ADORNMENT.match(title):
            over = _overlined(lines, index)
            if not over:
                continue
            title = title.strip()
        else:
            over = _overlined(lines, index)
        if len(under) < min(4, len(title)) or (len(under) < len(title) and not over and len(under) < 3):
            continue
        is_alone = over or index == 0 or not lines[index - 1].strip()
        if not is_alone:
            continue
        style = under[0] * (2 if over else 1)
        if style not in styles:
            styles.append(style)
        yield Heading(index if over else index + 1, index + 1, styles.index(style) + 1, _title(title))


def _overlined(lines: Sequence[str], index: int) -> bool:
    """Whether the line stands between two equal rulers."""
    if index == 0 or not lines[index].strip():
        return False
    over, under = lines[index - 1].rstrip(), lines[index + 1].rstrip()
    return over == under and bool(_ADORNMENT.match(over)) and not _ADORNMENT.match(lines[index].strip())


def _asciidoc(lines: Sequence[str]) -> Iterator[Heading]:
    block, titled = "", -1  # the line that ends the block, and the last one of a title
    for index, line in enumerate(lines):
        if not block and _is_underline(lines, index, titled):
            titled = index
            yield Heading(index, index, _ASCIIDOC_LEVELS[line[0]], _title(_ASCIIDOC_ANCHOR.sub("", lines[index - 1])))
            continue
        marker = _ASCIIDOC_BLOCK.match(line) or (None if block else _ASCIIDOC_FENCE.match(line))
        if marker is not None and (not block or block == marker.group(1)):
            block = "" if block else marker.group(1)
            continue
        heading = _ASCIIDOC.match(line) if not block else None
        if heading is not None:
            titled, title = index, _title(_ASCIIDOC_ANCHOR.sub("", heading.group(2)))
            yield Heading(index + 1, index + 1, len(heading.group(1)), title)


def _is_underline(lines: Sequence[str], index: int, titled: int) -> bool:
    """Whether a line makes a title of the one above it; a ruler of another length begins a block."""
    if index == 0 or not _ASCIIDOC_UNDERLINE.match(lines[index]):
        return False
    title = lines[index - 1].rstrip()
    above = lines[index - 2].strip() if index > 1 else ""
    is_alone = not above or titled == index - 2 or (above.startswith("[") and above.endswith("]"))
    is_text = bool(title) and not title[0].isspace() and title[0] not in ".[|/" and any(map(str.isalnum, title))
    return is_alone and is_text and abs(len(title) - len(lines[index].rstrip())) <= 1


def _title(text: str) -> str:
    plain = _MARKUP.sub(lambda match: match.group(1) or match.group(2) or match.group(3) or "", text)
    return (" ".join(plain.split()) or " ".join(text.split()))[:TITLE_LIMIT]


_READERS: MappingProxyType[str, Callable[[Sequence[str]], Iterator[Heading]]] = MappingProxyType(
    {"markdown": _markdown, "rst": _rst, "asciidoc": _asciidoc}
)
