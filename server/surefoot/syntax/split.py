"""Cuts a long body at the boundaries of its statements, as deep in the tree as it takes.

Invariant: iterative, and every node's children are listed once, so that wide and deep trees stay cheap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from surefoot.syntax.lines import SMALL_TAIL, TAIL_SLACK, Lines, Range, pack, windows

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 40  # levels of nesting that are looked into; deeper text is cut into windows


class Splitter:
    """Splits ranges of one file's lines along its tree; without a tree into windows."""

    def __init__(self, lines: Lines, root: Node | None) -> None:
        self._lines = lines
        self._root = root
        self._starts: dict[int, list[int]] = {}  # node id -> lines that its children open, ascending

    def split(self, first: int, last: int) -> list[Range]:
        """The range in pieces that fit into one chunk each, wherever the text allows it."""
        done: list[Range] = []
        waiting = [(first, last, 0)]
        while waiting:
            start, end, depth = waiting.pop()
            if self._lines.fits(start, end):
                self._append(done, start, end)
                continue
            pieces = self._cut(start, end) if depth < MAX_DEPTH else []
            if len(pieces) > 1:
                waiting.extend((*piece, depth + 1) for piece in reversed(pieces))
            else:
                done.extend(windows(self._lines, start, end))
        return done

    def _append(self, done: list[Range], start: int, end: int) -> None:
        """Add a piece, or give it to the one before when one of the two is only a few lines."""
        if done:
            before = done[-1]
            is_scrap = end - start < SMALL_TAIL or before[1] - before[0] < SMALL_TAIL
            if is_scrap and self._lines.fits(before[0], end, TAIL_SLACK):
                done[-1] = (before[0], end)
                return
        done.append((start, end))

    def _cut(self, first: int, last: int) -> list[Range]:
        """One level of cuts: before the children of the smallest node that spans the range."""
        node = self._spanning(first, last)
        while node is not None:
            starts = self._children(node)
            inside = starts[bisect_right(starts, first) : bisect_left(starts, last + 1)]
            if inside:
                return pack(self._lines, inside, first, last)
            node = self._only_child(node, first, last)
        return []

    def _spanning(self, first: int, last: int) -> Node | None:
        if self._root is None:
            return None
        begin = len(self._lines.all[first - 1]) - len(self._lines.all[first - 1].lstrip())
        return self._root.named_descendant_for_point_range((first - 1, begin), (last - 1, begin))

    def _children(self, node: Node) -> list[int]:
        known = self._starts.get(node.id)
        if known is None:
            points = [child.start_point for child in node.named_children]
            known = sorted({row + 1 for row, column in points if self._lines.opens(row + 1, column)})
            self._starts[node.id] = known
        return known

    def _only_child(self, node: Node, first: int, last: int) -> Node | None:
        """The last child in the range: where none opens a line of its own, it is the one that holds the rest."""
        for child in reversed(node.named_children):
            if child.start_point[0] < last and child.end_point[0] + 1 > first:
                return child
        return None
