"""Along the lines of a drawing: of a page with a dozen buttons, what the arrows of the one lead to that is asked about.

A drawing is one chunk for each page and frame, and its arrows stand with the page. Without this, a question about one
button leads to all that any button of the page leads to.

Invariant: pure; where nothing that is asked about has an arrow, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

_LABEL, _ARROW, _FRAME = "- ", " -> ", "Frame: "

Lines = dict[int, frozenset[int]]  # of each chunk, counted from 0


class _Arrow(NamedTuple):
    start: str
    end: str
    at: tuple[int, int]  # chunk and line


def asked_lines(texts: Mapping[int, str], is_asked: Callable[[str], bool]) -> Lines:
    """The lines of a drawing's chunks with the shapes that are asked about, and with what arrows join to them.

    Where no such shape has an arrow, those of the frames count that are asked about.
    """
    labels, frames = dict[str, list[tuple[int, int]]](), dict[str, list[str]]()
    arrows: list[_Arrow] = []
    for number, text in texts.items():
        first, _, _ = text.partition("\n")
        inside = frames.setdefault(first.rpartition(" > ")[2], []) if first.startswith(_FRAME) else []
        for line, written in enumerate(text.split("\n")):
            if written.startswith(_LABEL):
                labels.setdefault(written.removeprefix(_LABEL), []).append((number, line))
                inside.append(written.removeprefix(_LABEL))
            elif _ARROW in written:
                arrows += _arrows(written, (number, line))
    ends = {end for arrow in arrows for end in (arrow.start, arrow.end)}
    asked = {end for end in ends if is_asked(end)}
    asked = asked or {label for name, inside in frames.items() if is_asked(name) for label in inside if label in ends}
    along = _along(asked, arrows)
    places = [place for label in along for place in labels.get(label, ())]
    places += [arrow.at for arrow in arrows if arrow.start in along and arrow.end in along]
    return {number: frozenset(line for of, line in places if of == number) for number, _ in places}


def _arrows(written: str, at: tuple[int, int]) -> Iterator[_Arrow]:
    """What an arrow joins. A colon may be what its label begins with, or one in the name of its end."""
    start, _, rest = written.partition(_ARROW)
    yield _Arrow(start, rest, at)
    if ": " in rest:
        yield _Arrow(start, rest.partition(": ")[0], at)


def _along(asked: Iterable[str], arrows: Iterable[_Arrow]) -> set[str]:
    """What arrows lead to from some shapes, and what leads to them."""
    arrows = list(arrows)
    down = _reached(asked, [(arrow.start, arrow.end) for arrow in arrows])
    return down | _reached(asked, [(arrow.end, arrow.start) for arrow in arrows])


def _reached(asked: Iterable[str], steps: Iterable[tuple[str, str]]) -> set[str]:
    further: dict[str, list[str]] = {}
    for begin, end in steps:
        further.setdefault(begin, []).append(end)
    reached, edge = set(asked), list(asked)
    while edge:
        edge = [end for begin in edge for end in dict.fromkeys(further.get(begin, ())) if end not in reached]
        reached.update(edge)
    return reached
