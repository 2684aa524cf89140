"""Printing: what is safe to show, where colour is allowed, and which stream a line belongs to.

Invariant: no text from a repository, a model or a question reaches a terminal before `plain` has seen it.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich takes 50 ms to import, which `--help` and errors need not wait for
    from rich.console import Console

    from surefoot.wire import Reply

# Joiners that several scripts need to be legible; alone among the format characters they do not reorder text.
JOINERS = "\u200c\u200d"
# Cc: escape sequences. Cf: bidirectional overrides. Cs: bytes that were no UTF-8. Zl, Zp: line breaks in disguise.
STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def plain(text: str, *, keep: str = "\n\t") -> str:
    r"""The text with everything that could steer a terminal or reorder a line written as an escape like `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) if character not in keep else character for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in STEERING or character in JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    """The text as one safe line."""
    return plain(" ".join(text.split()), keep="")


def replace_closed_streams() -> None:
    """A stream that whoever started us has closed is nowhere: what goes there is lost, and nothing comes from it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open until the end


def use_utf8_in_pipes() -> None:
    """JSON is UTF-8 whatever the locale says; a terminal keeps its own encoding, and never fails for a character."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


@cache
def out() -> Console:
    """The console for data."""
    return _console(stderr=False)


@cache
def err() -> Console:
    """The console for everything else."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    # Markup, emoji codes and highlighting would rewrite what a repository says; wrapping would break its lines.
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """One line on stderr for a person."""
    # A closed stderr leaves no one to tell.
    try:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def note(sentence: str) -> None:
    """Something that the user should know, and that is no failure."""
    say(f"Note: {one_line(sentence)}")


def print_json(reply: Reply) -> None:
    """One object on one line, at once; pure ASCII on a terminal, which could otherwise be steered by it."""
    sys.stdout.write(reply.to_json(ascii_only=sys.stdout.isatty()) + "\n")
    sys.stdout.flush()


def shown_path(root: Path, path: str) -> str:
    """The path as a terminal or an editor opens it from here: relative to the current folder, or else absolute."""
    whole = root / path
    try:
        return plain(whole.relative_to(Path(os.path.realpath(Path.cwd()))).as_posix(), keep="")
    except (ValueError, OSError):
        return plain(str(whole), keep="")
