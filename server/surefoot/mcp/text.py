"""Text for an assistant: lines of a repository made safe to show, cut to size, and stated for what they are.

Invariant: nothing from a repository can end a line of ours, hide in it or reorder it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from surefoot.domain import Source
from surefoot.words import content_terms, stem, stems_of

# Cc: control characters; Cf: bidirectional overrides, zero-width and tag characters; Zl, Zp: line breaks in disguise;
# Cs: halves of characters, which JSON cannot carry either.
WIDEST_LABEL = 160  # characters of a label in a line
STEERING = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def shown(text: str) -> str:
    r"""One line of `text` with everything that steers or hides written as an escape like `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if char != "\t" and unicodedata.category(char) in STEERING else char for char in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def clipped(text: str, width: int) -> str:
    """At most `width` characters of one safe line."""
    line = shown(text[: width + 1])  # what is cut off need not be looked at
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def sentences(texts: Iterable[str], most: int, width: int = 300) -> list[str]:
    """The first few of some texts, each a safe line."""
    return [clipped(" ".join(text.split()), width) for text in list(texts)[:most]]


def plain_json(value: object) -> object:
    """The value with every string encodable as UTF-8, which JSON has to be."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(plain_json(str(name))): plain_json(item) for name, item in value.items()}
    return [plain_json(item) for item in value] if isinstance(value, list | tuple) else value


def place(path: str, start: int | None, end: int | None) -> str:
    """`path:12-30`, as terminals and editors open it."""
    if not start:
        return shown(path)
    return f"{shown(path)}:{start}" if not end or end == start else f"{shown(path)}:{start}-{end}"


def excerpt(text: str, first_line: int, most: int, width: int, words: str = "") -> str:
    """The most telling lines of a chunk, each with its number: `12: def add_item(self, item):`; without for line 0."""
    lines = text.split("\n")
    chosen = range(len(lines)) if most >= len(lines) else _telling(lines, words, most)
    numbers = {index: f"{first_line + index}: " if first_line else "" for index in chosen}
    return "\n".join(f"{numbers[index]}{clipped(lines[index].rstrip(), width)}" for index in chosen)


def first_line_of(entry: Mapping[str, Any]) -> int:
    """The line that a hit or a citation begins at; 0 where its text is not lines of the file (a PDF, a ticket)."""
    count = entry["text"].count("\n")
    has_lines = entry["end_line"] - entry["start_line"] == count and entry["source"] != Source.COMMITS
    return int(entry["start_line"]) if has_lines else 0


def called(entry: Mapping[str, Any], prefix: str) -> str:
    """A hit or citation by its place and what it is called there; a commit, which has no place, by its label."""
    label = clipped(entry["label"], WIDEST_LABEL)
    if entry["source"] == Source.COMMITS:
        return label
    name = label or shown(entry["symbol"])
    return place(prefix + entry["path"], entry["start_line"], entry["end_line"]) + (f" {name}" if name else "")


def _telling(lines: Sequence[str], words: str, most: int) -> list[int]:
    """The first line that says something, and those with most of the words that were asked for."""
    wanted = {stem(term) for term in content_terms(words)}
    spoken = [index for index, line in enumerate(lines) if line.strip()]
    first = spoken[:1]
    rest = sorted(spoken[1:], key=lambda index: (-len(wanted & stems_of(lines[index])), index))
    return sorted([*first, *rest][:most])


def indented(text: str) -> str:
    """Each line moved to the right, below a line of its own."""
    return "\n".join(f"  {line}" for line in text.split("\n")) if text else ""


def joined(parts: Iterable[str]) -> str:
    """The parts that there are, each on lines of its own."""
    return "\n".join(part for part in parts if part)


def counted(number: int, what: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
