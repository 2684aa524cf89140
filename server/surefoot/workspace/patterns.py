"""One file of ignore patterns, parsed and ready to judge names.

Invariant: judges one entry at a time, never what lies below it: leaving out a folder is the walk's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from surefoot.workspace.wildmatch import translate

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WILDCARDS = re.compile(rb"[*?\[\\]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file. `literal` is what it matches where it has no wildcard, otherwise `regex` matches."""

    ignores: bool  # False for a negated one
    folders_only: bool
    by_name: bool  # matches the last part of a path, not the whole path
    literal: bytes | None
    regex: re.Pattern[bytes] | None

    def matches(self, text: bytes, *, is_dir: bool) -> bool:
        """Whether the pattern matches this name or path."""
        if self.folders_only and not is_dir:
            return False
        return text == self.literal if self.regex is None else self.regex.fullmatch(text) is not None


@dataclass(slots=True)
class PatternList:
    """The patterns of one file, which holds for everything below `base` (an absolute path without a final slash).

    The last match wins. Most patterns look at the last part of a path only, and their verdict is kept per name.
    """

    base: bytes
    by_name: tuple[tuple[int, Pattern], ...] = ()
    by_path: tuple[tuple[int, Pattern], ...] = ()
    _names: dict[tuple[bytes, bool], tuple[int, bool] | None] = field(default_factory=dict)

    def verdict(self, path: bytes, name: bytes, *, is_dir: bool) -> bool | None:
        """True for ignored, False for re-included, None where no pattern says anything. `path` is absolute."""
        found = self._name_verdict(name, is_dir=is_dir)
        if self.by_path:
            relative = path[len(self.base) + 1 :]
            for number, pattern in self.by_path:
                if found is not None and number < found[0]:
                    break
                if pattern.matches(relative, is_dir=is_dir):
                    return pattern.ignores
        return None if found is None else found[1]

    def _name_verdict(self, name: bytes, *, is_dir: bool) -> tuple[int, bool] | None:
        key = (name, is_dir)
        if key not in self._names:
            self._names[key] = next(
                ((number, pattern.ignores) for number, pattern in self.by_name if pattern.matches(name, is_dir=is_dir)),
                None,
            )
        return self._names[key]


def parse_patterns(content: bytes, base: str, *, ignore_case: bool = False) -> PatternList:
    """Read the text of an ignore file that lies in the folder `base`. No text is an error."""
    lines = content.removeprefix(_BYTE_ORDER_MARK).split(b"\n")
    parsed = [(number, parse_pattern(line, ignore_case=ignore_case)) for number, line in enumerate(lines)]
    patterns = [(number, pattern) for number, pattern in reversed(parsed) if pattern is not None]
    return PatternList(
        base=base.encode("utf-8", "surrogateescape"),
        by_name=tuple(pair for pair in patterns if pair[1].by_name),
        by_path=tuple(pair for pair in patterns if not pair[1].by_name),
    )


def parse_pattern(line: bytes, *, ignore_case: bool = False) -> Pattern | None:
    """Read one line; None for a comment, an empty line and a pattern that can match nothing."""
    if line.startswith(b"#"):
        return None
    text = _without_trailing_spaces(line.removesuffix(b"\r").partition(b"\0")[0])
    ignores = not text.startswith(b"!")
    text = text if ignores else text[1:]
    folders_only = text.endswith(b"/")
    text = text[:-1] if folders_only else text
    by_name = b"/" not in text
    text = text.removeprefix(b"/")
    if not text:
        return None
    if not ignore_case and _WILDCARDS.search(text) is None:
        return Pattern(ignores, folders_only, by_name, text, None)
    expression = translate(text)
    if expression is None:
        return None
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return Pattern(ignores, folders_only, by_name, None, re.compile(expression, flags))


def _without_trailing_spaces(line: bytes) -> bytes:
    """Git drops the spaces at the end of a line, except behind a backslash."""
    stripped = line.rstrip(b" ")
    backslashes = len(stripped) - len(stripped.rstrip(b"\\"))
    is_escaped = backslashes % 2 == 1 and len(stripped) < len(line)
    return stripped + b" " if is_escaped else stripped
