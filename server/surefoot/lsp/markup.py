"""Text from repositories, made safe to show: no character of it is markup, and none is invisible.

Invariant: whatever a doc comment or a file name contains, the reader sees it as text.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that start something in CommonMark or its GitHub dialect, wherever they stand.
MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&!$@]")
# What a Markdown viewer turns into a link by itself.
AUTOLINK = re.compile(r"(?i)(www)\.|://|(mailto|xmpp):")
# What makes a list, a heading or a rule at the start of a line.
BLOCK_START = re.compile(r"^(\d*)([-+=.)])")

# Cc: control characters; Cf: bidirectional overrides, zero-width and tag characters; Zl, Zp: line ends that most
# editors do not show; Cs: halves of characters; Co, Cn: nothing that a font could show.
INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})

BACKTICKED = re.compile(r"`([^`]+)`")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\s\da-z])|\n\s*\n")


def visible(text: str) -> str:
    """One line of `text`: white space folded, invisible characters written as escapes."""
    folded = " ".join(text.split())
    if folded.isascii() and folded.isprintable():
        return folded
    return "".join(_escaped(char) if unicodedata.category(char) in INVISIBLE else char for char in folded)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def markdown_text(text: str) -> str:
    """`text` as Markdown that renders as exactly that text."""
    escaped = MARKDOWN.sub(r"\\\g<0>", visible(text))
    escaped = AUTOLINK.sub(lambda match: re.sub(r"[.:]", r"\\\g<0>", match.group()), escaped)
    return BLOCK_START.sub(r"\1\\\2", escaped)


def markdown_sentence(text: str) -> str:
    """`text` as Markdown in which what stands between backticks is code, and everything else exactly that text."""
    parts = BACKTICKED.split(" ".join(text.split()))
    return "".join(code_span(part) if at % 2 else _with_blanks(part) for at, part in enumerate(parts))


def _with_blanks(part: str) -> str:
    before, after = part[:1].isspace(), part[-1:].isspace() and len(part) > 1
    return f"{' ' * before}{markdown_text(part)}{' ' * after}"


def code_span(text: str) -> str:
    """`text` as inline code, with as many backticks around it as it takes."""
    shown = visible(text)
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def code_fence(text: str, language: str) -> str:
    """`text` as a code block of its own."""
    shown = visible(text)
    ticks = "`" * max(3, _longest_run(shown) + 1)
    return f"{ticks}{language}\n{shown}\n{ticks}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def first_sentence(doc: str, limit: int) -> str:
    """The first sentence of a documentation text, cut at `limit` characters."""
    sentence = " ".join(SENTENCE_END.split(doc.strip(), maxsplit=1)[0].split())
    return sentence if len(sentence) <= limit else sentence[: limit - 1].rstrip() + "…"
