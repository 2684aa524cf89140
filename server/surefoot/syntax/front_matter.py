"""The front matter of a Markdown file: what stands between two lines `---` on its top, as plain values.

Not all of YAML: keys at the left margin with texts, lists in either form, and texts over several lines. That is what
people and programs put there; the rest is left out.

Invariant: never raises, and is linear in its length; a key that is there twice has its first value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FENCE = "---"
LONGEST = 400  # lines of front matter; what goes on longer is a document that begins with a ruler

_KEY = re.compile(r"""["']?([A-Za-z][\w -]{0,60}?)["']?[ \t]*:(?:[ \t]+(.*)|[ \t]*)$""")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)$")
_BLOCK = re.compile(r"[|>][+-]?\d?$")
_PART = re.compile(r"""\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\[\]\s]+(?:\s+[^,\[\]\s]+)*)\s*)?(?:,|$)""")
_COMMENT = re.compile(r"(?<!\s)\s+#.*$")
_NOTHING = frozenset({"", "null", "~"})


@dataclass(frozen=True, slots=True)
class Value:
    """What a key has: its texts, of which a plain value is one, and the line of the key."""

    texts: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        """All in one."""
        return ", ".join(self.texts)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values by their keys in lower case with underscores; `end` is the line of the second fence, 0 for none."""

    values: dict[str, Value]
    end: int

    def text(self, *keys: str) -> str:
        """The value of the first of these keys that has one; empty where none has."""
        return next((value.text for key in keys if (value := self.values.get(key)) is not None and value.text), "")

    def line(self, *keys: str) -> int:
        """The line of the first of these keys that is there; 0 for none."""
        return next((value.line for key in keys if (value := self.values.get(key)) is not None), 0)


def front_matter(lines: Sequence[str]) -> FrontMatter:
    """What the file says of itself."""
    if not lines or lines[0].rstrip() != FENCE:
        return FrontMatter({}, 0)
    end = next((place for place in range(1, min(len(lines), LONGEST)) if lines[place].rstrip() == FENCE), 0)
    values: dict[str, Value] = {}
    place = 1
    while place < end:
        key = _KEY.match(lines[place])
        following = place + 1
        while following < end and not _KEY.match(lines[following]):
            following += 1
        if key is not None:
            name = re.sub(r"[ -]+", "_", key[1].strip().lower())
            values.setdefault(name, Value(_texts(key[2] or "", lines[place + 1 : following]), place + 1))
        place = following
    return FrontMatter(values, end + 1 if end else 0)


def _texts(value: str, below: Sequence[str]) -> tuple[str, ...]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return tuple(filter(None, map(_plain, _parts(value[1:-1]))))
    if _BLOCK.match(value):
        return tuple(filter(None, (" ".join(" ".join(below).split()),)))
    items = [item[1] for line in below if (item := _ITEM.match(line))] if not value else []
    if items:
        return tuple(filter(None, map(_plain, items)))
    return tuple(filter(None, (_plain(value),)))


def _parts(listed: str) -> Iterator[str]:
    """What stands between the commas of a list; a part that is more than a text is left out."""
    place = 0
    while place < len(listed):
        part = _PART.match(listed, place)
        if part is not None:
            yield part[1] or ""
        place = part.end() if part is not None else listed.find(",", place) + 1 or len(listed)


def _plain(value: str) -> str:
    """A text without its quotes, and without a comment behind it."""
    value = value.strip()
    if value.startswith('"'):
        try:
            decoded, _ = json.JSONDecoder(strict=False).raw_decode(value)
        except (ValueError, RecursionError):
            return value.strip('"')
        return str(decoded)
    if value.startswith("'"):
        end = value.rfind("'")
        return value[1:end].replace("''", "'") if end > 0 else value[1:]
    # In YAML `key: #123` has no value, and whoever writes that means one.
    value = _COMMENT.sub("", value) if not value.startswith("#") else value if value[1:2].isdecimal() else ""
    return "" if value.lower() in _NOTHING else value
