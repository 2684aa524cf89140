"""Files of Figma and FigJam as their REST interface gives them: pages, screens, texts, connectors, prototype links.

Invariant: hidden layers and the names that Figma itself makes up ("Frame 12") are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from surefoot.readings import Reading
from surefoot.readings.drawing import MOST_DEEP, Connection, Frame, no_drawing, one_line, reading_of_drawing
from surefoot.readings.json_places import BROKEN, Places, json_text

# Layers that frame what is in them: a section of a page, and a screen in it. What lies in a screen belongs to it.
_SECTIONS = frozenset({"SECTION"})
_SCREENS = frozenset({"FRAME", "COMPONENT", "COMPONENT_SET", "INSTANCE"})
# Layers whose names people choose for what they are, as "Pay button"; a rectangle has its name by chance.
_NAMED = frozenset({"FRAME", "COMPONENT", "COMPONENT_SET", "INSTANCE", "GROUP", "SECTION", "TABLE", "WIDGET"})
_MADE_UP = re.compile(r"(?:Frame|Group|Section|Component|Instance|Table|Widget|Variant)[ \d]*$", re.IGNORECASE)
_IDENTITY = re.compile(r'"id"\s*:\s*"((?:[^"\\]|\\.)*)"')
MOST_LAYERS = 500_000  # of a file; designs of whole products have some hundred thousand


def read(path: str, content: bytes) -> Reading | None:
    """The texts of a design; None where the JSON is of something else."""
    if b'"CANVAS"' not in content and b'"document"' not in content:
        return None
    text = json_text(content)
    try:
        places = Places(text)
        whole = places.value(places.start)
    except BROKEN:
        return no_drawing("The design is damaged: its JSON cannot be read.")
    pages = list(_documents(whole))
    if not pages:
        return None
    drawn = _Drawn({match[1]: places.line(match.start()) for match in reversed(list(_IDENTITY.finditer(text)))})
    frames = [drawn.page(page) for page in pages]
    drawn.connect()
    return reading_of_drawing(frames, drawn.problems)


def _documents(whole: Any) -> Iterator[dict[str, Any]]:
    """The pages of a file, or the layers that were asked for one by one."""
    if not isinstance(whole, dict):
        return
    document = whole.get("document")
    if isinstance(document, dict) and document.get("type") == "DOCUMENT":
        yield from _children(document)
    nodes = whole.get("nodes")
    for node in nodes.values() if isinstance(nodes, dict) else ():
        inner = node.get("document") if isinstance(node, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("type"), str):
            yield inner


def _children(layer: dict[str, Any]) -> list[dict[str, Any]]:
    children = layer.get("children")
    found = children if isinstance(children, list) else []
    return [each for each in found if isinstance(each, dict) and each.get("visible") is not False]


@dataclass(slots=True)
class _Drawn:
    """What is known while pages are read: the layers by their ids, and the lines of the file that these stand on."""

    lines: dict[str, int]
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    met: list[tuple[dict[str, Any], Frame]] = field(default_factory=list)  # each layer with the frame around it
    problems: list[str] = field(default_factory=list)

    def page(self, page: dict[str, Any]) -> Frame:
        """A page with its screens."""
        drawn = Frame(one_line(page.get("name")) or "Page", self._line(page))
        waiting = [(child, drawn, 1) for child in reversed(_children(page))]
        while waiting and len(self.met) < MOST_LAYERS:
            layer, frame, depth = waiting.pop()
            self.met.append((layer, frame))
            self.layers.setdefault(str(layer.get("id")), layer)
            inner = self._framed(layer, frame, depth)
            waiting += [(child, inner or frame, depth + (inner is not None)) for child in reversed(_children(layer))]
        if waiting:
            self.problems.append(f"Page '{drawn.name}' goes beyond {MOST_LAYERS:,} layers; the rest is not read.")
        return drawn

    def connect(self) -> None:
        """Add what goes from one layer to another, which may be on a later page."""
        for layer, frame in self.met:
            self._connect(layer, frame)

    def _framed(self, layer: dict[str, Any], frame: Frame, depth: int) -> Frame | None:
        """The frame that a layer opens; of any other layer the text is added to the one around it."""
        kind, name = _kind(layer), _name(layer)
        is_outer = kind in _SECTIONS or (kind in _SCREENS and not frame.is_closed)
        if name and is_outer and depth < MOST_DEEP and _children(layer):
            inner = Frame(name, self._line(layer), is_closed=kind in _SCREENS)
            frame.frames.append(inner)
            return inner
        if kind != "CONNECTOR":
            frame.add(_label(layer), self._line(layer))
        return None

    def _connect(self, layer: dict[str, Any], frame: Frame) -> None:
        line = self._line(layer)
        if layer.get("type") == "CONNECTOR":
            start, end = (self._end(layer.get(side)) for side in ("connectorStart", "connectorEnd"))
            frame.connect(Connection(start, end, one_line(layer.get("characters")), line))
        for target, how in _destinations(layer):
            there = self.layers.get(target)
            if there is not None:
                frame.connect(Connection(_label(layer) or frame.name, _label(there), how, line))

    def _end(self, end: Any) -> str:
        layer = self.layers.get(str(end.get("endpointNodeId"))) if isinstance(end, dict) else None
        return _label(layer) if layer is not None else ""

    def _line(self, layer: dict[str, Any]) -> int:
        return self.lines.get(str(layer.get("id")), 1)


def _label(layer: dict[str, Any]) -> str:
    """The text that a layer shows, or else its name where somebody chose it."""
    return one_line(layer.get("characters")) or _name(layer)


def _name(layer: dict[str, Any]) -> str:
    name = one_line(layer.get("name")) if _kind(layer) in _NAMED else ""
    return "" if _MADE_UP.match(name) else name


def _kind(layer: dict[str, Any]) -> str:
    kind = layer.get("type")
    return kind if isinstance(kind, str) else ""


def _destinations(layer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a prototype goes from here, and on what."""
    interactions = layer.get("interactions")
    found = False
    for interaction in interactions if isinstance(interactions, list) else ():
        if not isinstance(interaction, dict):
            continue
        trigger, actions = interaction.get("trigger"), interaction.get("actions")
        how = str(trigger.get("type", "")).replace("_", " ").lower() if isinstance(trigger, dict) else ""
        for action in actions if isinstance(actions, list) else ():
            if isinstance(action, dict) and isinstance(action.get("destinationId"), str):
                found = True
                yield action["destinationId"], one_line(how)
    if not found and isinstance(layer.get("transitionNodeID"), str):
        yield layer["transitionNodeID"], ""
