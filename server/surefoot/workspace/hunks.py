"""The functions that a diff of git changes: those that its lines begin, and those that its lines lie in.

Git heads a hunk with the last line above it that looks like the head of a function: `@@ -6 +6 @@ def retry(self):`.
That is the function around the change, or only its neighbour, where a definition is added or removed after it.

Invariant: a line of a file is never taken for a header, since it has a sign before it; what is kept is bounded.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from surefoot.readings.commits import MOST_FUNCTIONS
from surefoot.workspace.definitions import LONGEST_LINE, Family, family_of, function_name

# JavaScript has methods that git's own rule for unknown languages does not see. POSIX, a rule on each line.
_TYPED = "export |default |declare |abstract |async |public |private |protected |static |readonly |override |get |set "
_NAME = "[A-Za-z_$][A-Za-z0-9_$]*"
JAVASCRIPT = (
    "!^[ \t]*(if|for|while|switch|catch|return|else|do|try|throw|new|await|typeof|case|with)([^A-Za-z0-9_$]|$)\n"
    f"^([ \t]*({_TYPED})*(function|class|interface|enum|namespace)[ \t*]+[A-Za-z_$].*)$\n"
    f"^([ \t]*({_TYPED})*(const|let|var)[ \t]+{_NAME}[^=]*=[ \t]*(async[ \t]*)?(function|[(]|{_NAME}[ \t]*=>).*)$\n"
    f"^([ \t]*({_TYPED}|[*]|#)*{_NAME}[ \t]*(<[^()]*>)?[(][^;]*[{{])[ \t]*$"
)
# As git has them, but with the indentation kept: it tells what lies within.
OPTIONS = (
    f"diff.surefoot-javascript.xfuncname={JAVASCRIPT}",
    "diff.python.xfuncname=^([ \t]*(class|(async[ \t]+)?def)[ \t].*)$",
    "diff.ruby.xfuncname=^([ \t]*(class|module|def)[ \t].*)$",
)

_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@ ?(.*)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_SIGNS = frozenset((b"+", b"-"))
# What stands before a definition and belongs to it: comments, decorators, attributes.
_BEFORE = (b"//", b"/*", b"*", b"#", b"@", b"[", b"--", b'"""')
# What stands as far left as the head of a function, and belongs to its lines; labels do in C.
_CLOSES = re.compile(rb"[)\]}{]|(?:end|rescue|ensure)\b")
_LABEL = re.compile(rb"\w+:\s*$")
_HOLDS_ALL = (b"module", b"namespace", b"defmodule")
_FARTHEST = 1000  # columns


def functions_in(lines: Iterable[bytes]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By commit and path, the functions that were changed, in the order of the diff, each once."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    file, hunk = _File("", {}), None
    for line in lines:
        if line[:1] in _SIGNS:
            if hunk is not None and hunk.reads:
                hunk.read(line)
        elif line.startswith(b"@@"):
            file.take(hunk)
            hunk = file.hunk(line)
        elif line.startswith(b"diff "):
            file.take(hunk)
            file, hunk = _File(_path(line), file.of_commit), None
        elif line.startswith(b"rename to "):
            file = _File(os.fsdecode(_unquoted(line[10:])), file.of_commit)
        elif line.startswith((b"new file ", b"deleted file ")):
            file.is_whole = True
        elif _COMMIT.fullmatch(line):
            file.take(hunk)
            file, hunk = _File("", found.setdefault(line.decode(), {})), None
    file.take(hunk)
    return {digits: {path: tuple(names) for path, names in of.items() if names} for digits, of in found.items()}


class _File:
    """One file of a diff. Of one that came or went as a whole (`is_whole`), only what is not within another."""

    def __init__(self, path: str, of_commit: dict[str, dict[str, None]]) -> None:
        self.path, self.of_commit, self.is_whole = path, of_commit, False
        self._family = family_of(path)

    def hunk(self, header: bytes) -> _Hunk | None:
        """To be given its lines; None where nothing more is kept of the file."""
        match = _HUNK.fullmatch(header)
        if match is None or len(self.of_commit.get(self.path, ())) >= MOST_FUNCTIONS:
            return None
        return _Hunk(self._family, match[1], is_whole=self.is_whole)

    def take(self, hunk: _Hunk | None) -> None:
        """Keep what was found in a hunk that is over."""
        if hunk is None:
            return
        names = self.of_commit.setdefault(self.path, {})
        for name in hunk.names():
            if name and len(names) < MOST_FUNCTIONS:
                names[name] = None


class _Side:
    """The added or the removed lines of a hunk, from the first one on."""

    def __init__(self, innermost: int) -> None:
        self.column = -1  # at which the first line begins
        self.is_inside: bool | None = None  # of the head; None as long as no line has told
        self.innermost = innermost  # what begins farther to the right lies in a function that has a name already

    @property
    def touches_head(self) -> bool:
        """A comment that nothing follows lies where it stands."""
        return self.column > 0 if self.is_inside is None else self.is_inside


class _Hunk:
    """Changed lines that follow each other, and the head that git has for them."""

    def __init__(self, family: Family | None, head: bytes, *, is_whole: bool) -> None:
        self._family, self._head, self._is_whole = family, head, is_whole
        self._begun: list[bytes] = []
        self.reads = family is not None  # whether more lines can tell anything
        of_head = family.begins.match(b"+" + head) if family is not None else None
        self._is_type = of_head is not None and of_head["type"] is not None
        self._column = -1  # of the head, where git keeps its indentation
        if of_head is not None and family is not None and family.heads_are_indented:
            self._column = _width(of_head["indent"])
        within = _FARTHEST if self._column < 0 or self._is_type else self._column
        self._sides = {sign: _Side(within) for sign in _SIGNS}

    def read(self, line: bytes) -> None:
        """A line with its sign."""
        assert self._family is not None  # noqa: S101 - it reads
        line = line[:LONGEST_LINE]
        side, begins = self._sides[line[:1]], self._family.begins.match(line)
        if side.is_inside is None and self._head:
            self._place(side, line, begins)
        if begins is not None:
            self._begin(side, line, begins)

    def _place(self, side: _Side, line: bytes, begins: re.Match[bytes] | None) -> None:
        text = line[1:].lstrip()
        if not text:
            return
        column = _width(line[1 : len(line) - len(text)])
        side.column = column if side.column < 0 else side.column
        if self._column >= 0:
            closes = column == self._column and _CLOSES.match(text) is not None
            side.is_inside = closes or column > self._column
        elif begins is not None:
            side.is_inside = self._is_type and column > 0
        elif not text.startswith(_BEFORE):
            side.is_inside = column > 0 or (_CLOSES.match(text) or _LABEL.match(text)) is not None
        if side.is_inside is False:
            side.innermost = _FARTHEST

    def _begin(self, side: _Side, line: bytes, begins: re.Match[bytes]) -> None:
        column = _width(begins["indent"])
        if column > side.innermost:
            return
        self._begun.append(line[begins.end("indent") :])
        self.reads = len(self._begun) < MOST_FUNCTIONS
        if self._is_whole:
            side.innermost = _FARTHEST if (begins["type"] or b"").startswith(_HOLDS_ALL) else column
        else:
            side.innermost = column if begins["type"] is None else _FARTHEST

    def names(self) -> Iterator[str]:
        """What the lines lie in, and what begins in them."""
        if self._family is None or any(side.touches_head for side in self._sides.values()):
            yield function_name(_text(self._head))
        yield from (function_name(_text(line)) for line in self._begun)


def _width(indentation: bytes) -> int:
    return len(indentation.expandtabs())


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def _path(header: bytes) -> str:
    """The path in `diff --git a/PATH b/PATH`: both are the same, or a line that says so follows."""
    names = header[11:]
    if names.startswith(b'"'):
        quoted = re.match(rb'"(?:[^"\\]|\\.)*"', names)
        name = _unquoted(quoted[0]) if quoted else b""
    else:
        name = names[: len(names) // 2]
    return os.fsdecode(name[2:])


def _unquoted(name: bytes) -> bytes:
    if not name.startswith(b'"'):
        return name
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1]) or _byte(match[1]), name[1:-1])


def _byte(escape: bytes) -> bytes:
    return bytes([int(escape, 8) & 255]) if len(escape) == 3 else escape
