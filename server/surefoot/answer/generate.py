"""Generate stage: the model's words as draft claims, one at a time, as soon as a line is complete.

Invariant: a sentence comes once; a line that is not of the agreed shape is passed on without sources, so that checking
withholds it.
"""

from __future__ import annotations

import collections.abc
import re
from collections.abc import Iterator

from surefoot.answer.prompt import MOST_CLAIMS, NOTHING
from surefoot.domain import DraftClaim
from surefoot.models.protocols import GenerationRequest, Generator
from surefoot.trace import CancelToken

_CITED = re.compile(r"((?:\s*\[\d{1,3}\])+)[.\s]*$")  # at the end: `argv[1]` inside a sentence is code
# What a reader would take for a citation, inside of a sentence: `[2]` after a blank, outside of code.
_STRAY = re.compile(r"(?:^|(?<=[\s.,;:(]))\[\d{1,3}\]")
_CODE = re.compile(r"`[^`]*`")
LONGEST_LINE = 2_000  # characters; a server that knows no grammar may write without an end
_LEAD = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+")


def generate(
    generator: Generator, request: GenerationRequest, cancel: CancelToken, draft: list[str]
) -> collections.abc.Generator[DraftClaim, None, None]:
    """Yield a claim per line of output; `draft` collects the raw pieces for the trace."""
    line, said = "", set[str]()
    for piece in generator.generate(request, cancel):
        draft.append(piece)
        line += piece
        if len(line.partition("\n")[0]) > LONGEST_LINE:
            return
        while "\n" in line:
            complete, line = line.split("\n", 1)
            for claim in parse_line(complete):
                # A small model with nothing more to say says the same again, until its tokens are used up.
                if claim.text in said or len(said) == MOST_CLAIMS:
                    return
                said.add(claim.text)
                yield claim
    # A line cut off by the token limit has lost its citations; without them it would be withheld anyway.
    if _CITED.search(line):
        yield from parse_line(line)


def parse_line(line: str) -> Iterator[DraftClaim]:
    """One line of output as a claim; nothing for an empty line or the agreed word for "no answer"."""
    cited = _CITED.search(line)
    is_clear = cited is not None and not _STRAY.search(_CODE.sub("", line[: cited.start()]))
    sources = tuple(dict.fromkeys(map(int, re.findall(r"\d+", cited.group(1))))) if cited and is_clear else ()
    text = " ".join(_CITED.sub("", _LEAD.sub("", line)).split())
    if text and text.strip(".") != NOTHING:
        yield DraftClaim(text, sources)
