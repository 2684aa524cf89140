"""Git's wildmatch, as a regular expression.

Invariant: matches the same byte strings as `wildmatch.c` does with WM_PATHNAME; held against git by a property test.

Neither pathspec nor the `ignore` crate does: character classes, backslashes in brackets, `?` against a multi-byte
character, an unfinished bracket and `a/b**/c` all come out differently there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SPECIAL = re.compile(rb"[*?\[\\]")

# POSIX character classes over bytes, in the C locale, as git's own ctype table has them.
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"\x21-\x7e",
    b"lower": rb"a-z",
    b"print": rb"\x20-\x7e",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb" \t\n\r",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}


class _NeverMatchesError(Exception):
    """The pattern is malformed, and git lets such a pattern match nothing."""


def translate(pattern: bytes) -> bytes | None:
    """The regular expression (for `fullmatch`, DOTALL) of a pattern, or None for one that never matches.

    Stars are atomic wherever a later star can take up the slack: a hostile pattern costs linear time.
    """
    first_special = _SPECIAL.search(pattern)
    regex = _Regex()
    position = 0
    try:
        while position < len(pattern):
            position = _token(pattern, position, first_special.start() if first_special else -1, regex)
    except _NeverMatchesError:
        return None
    return regex.finish()


@dataclass(slots=True)
class _Regex:
    """The expression so far, with the places of the last star of the segment and the last double star."""

    parts: list[bytes] = field(default_factory=list)
    star: int | None = None
    double_star: int | None = None

    def add(self, part: bytes) -> None:
        self.parts.append(part)

    def add_slash(self) -> None:
        self.star = None
        self.parts.append(b"/")

    def add_star(self) -> None:
        if self.star is not None:
            self.parts[self.star] = b"(?>[^/]*?"
            self.parts.append(b")")
        self.star = len(self.parts)
        self.parts.append(b"[^/]*")

    def add_double_star(self, part: bytes) -> None:
        self.star = None
        if self.double_star is not None:
            self.parts[self.double_star] = b"(?>" + self.parts[self.double_star]
            self.parts.append(b")")
        self.double_star = len(self.parts)
        self.parts.append(part)

    def finish(self) -> bytes:
        return b"".join(self.parts)


def _token(pattern: bytes, position: int, first_special: int, regex: _Regex) -> int:
    """Translate one token, and return the position behind it."""
    character = pattern[position : position + 1]
    if character == b"*":
        return _stars(pattern, position, first_special, regex)
    if character == b"[":
        return _bracket(pattern, position, regex)
    if character == b"?":
        regex.add(b"[^/]")
        return position + 1
    if character == b"\\":
        position += 1
        character = pattern[position : position + 1]
        if not character:
            raise _NeverMatchesError
    if character == b"/":
        regex.add_slash()
    else:
        regex.add(re.escape(character))
    return position + 1


def _stars(pattern: bytes, position: int, first_special: int, regex: _Regex) -> int:
    end = position
    while pattern[end : end + 1] == b"*":
        end += 1
    # Git cuts off the literal beginning before it matches, so there a double star needs no slash before it.
    starts_segment = position in (0, first_special) or pattern[position - 1 : position] == b"/"
    if end - position == 1 or not starts_segment:
        regex.add_star()
        return end
    if pattern[end : end + 1] == b"/":
        regex.add_double_star(b"(?:.*?/)??")
        return end + 1
    if end == len(pattern) or pattern[end : end + 2] == b"\\/":
        regex.add_double_star(b".*?")
        return end
    regex.add_star()
    return end


def _bracket(pattern: bytes, position: int, regex: _Regex) -> int:
    """Translate `[...]`, following the loop of `wildmatch.c` step by step."""
    position += 1
    negated = pattern[position : position + 1] in (b"!", b"^")
    position += negated
    members: list[bytes] = []
    previous = b""
    is_first = True
    while is_first or pattern[position : position + 1] != b"]":
        is_first = False
        position, previous = _member(pattern, position, previous, members)
    inside = b"".join(members)
    if negated:
        regex.add(b"[^/" + inside + b"]")
    elif inside:
        regex.add(b"(?!/)[" + inside + b"]")
    else:
        raise _NeverMatchesError
    return position + 1


def _member(pattern: bytes, position: int, previous: bytes, members: list[bytes]) -> tuple[int, bytes]:
    """Translate one member of a bracket; returns the position behind it and what a following `-` ranges from."""
    character = pattern[position : position + 1]
    following = pattern[position + 1 : position + 2]
    if not character:
        raise _NeverMatchesError
    if character == b"-" and previous and following not in (b"", b"]"):
        end, position = _literal(pattern, position + 1)
        if previous <= end:
            members.append(_code(previous) + b"-" + _code(end))
        return position, b""
    if character == b"[" and following == b":":
        close = pattern.find(b"]", position + 2)
        if close < 0:
            raise _NeverMatchesError
        if close > position + 2 and pattern[close - 1 : close] == b":":
            name = pattern[position + 2 : close - 1]
            if name not in _CLASSES:
                raise _NeverMatchesError
            members.append(_CLASSES[name])
            return close + 1, b""
    else:
        character, position = _literal(pattern, position)
        members.append(_code(character))
        return position, character
    members.append(_code(character))
    return position + 1, character


def _literal(pattern: bytes, position: int) -> tuple[bytes, int]:
    if pattern[position : position + 1] == b"\\":
        position += 1
    character = pattern[position : position + 1]
    if not character:
        raise _NeverMatchesError
    return character, position + 1


def _code(character: bytes) -> bytes:
    return b"\\x%02x" % character[0]
