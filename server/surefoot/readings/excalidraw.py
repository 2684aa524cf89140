"""Drawings of Excalidraw: JSON, also within the Markdown that its Obsidian plugin writes.

Invariant: what was deleted in the drawing is not read; elements come in the order of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from surefoot.readings import Reading
from surefoot.readings.drawing import Connection, Frame, no_drawing, one_line, reading_of_drawing
from surefoot.readings.json_places import BROKEN, Places, json_text

_FRAMES = frozenset({"frame", "magicframe"})
_LINES = frozenset({"arrow", "line"})
# In Markdown the texts stand in a section of their own, each with its mark; the drawing itself is mostly compressed.
_TEXTS = re.compile(r"^#{1,2} Text Elements[ \t]*\n(.*?)(?=^#{1,2} |^%%|\Z)", re.MULTILINE | re.DOTALL)
_MARKED = re.compile(r"[ \t]\^[\w-]{4,}[ \t]*$")


def read(path: str, content: bytes) -> Reading | None:
    """The texts, shapes and connections of a drawing."""
    name = path.rpartition("/")[2].partition(".")[0]
    if path.lower().endswith(".md"):
        return _of_markdown(name, content.decode("utf-8", "replace"))
    try:
        places = Places(json_text(content))
        members = places.members(places.start)
        starts = places.items(members.get("elements", places.start))
        elements = [(places.value(start), places.line(start)) for start in starts]
    except BROKEN:
        return no_drawing("The drawing is damaged: its JSON cannot be read.")
    if "elements" not in members:
        return no_drawing("The file holds no drawing of Excalidraw.")
    return reading_of_drawing([_page(name, elements)])


@dataclass(slots=True)
class _Known:
    """What the elements say of each other."""

    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)  # what stands on a shape or an arrow, by its id
    frames: dict[str, Frame] = field(default_factory=dict)


def _page(name: str, found: list[tuple[Any, int]]) -> Frame:
    page, known = Frame(name, 1), _Known()
    elements = [(each, line) for each, line in found if isinstance(each, dict) and not each.get("isDeleted")]
    for element, line in elements:
        _get_to_know(element, line, known)
    page.frames.extend(known.frames.values())
    for element, line in elements:
        frame = known.frames.get(_name(element, "frameId"), page)
        label = " ".join([_own_text(element), *known.texts.get(_name(element, "id"), ())]).strip()
        if _name(element, "type") in _LINES:
            start, end = (_end(element.get(side), known) for side in ("startBinding", "endBinding"))
            frame.connect(Connection(start, end, label, line))
        elif _name(element, "type") not in _FRAMES and _name(element, "containerId") not in known.by_id:
            frame.add(label, line)
    return page


def _get_to_know(element: dict[str, Any], line: int, known: _Known) -> None:
    identity, container = _name(element, "id"), _name(element, "containerId")
    if identity:
        known.by_id.setdefault(identity, element)
    if container:
        known.texts.setdefault(container, []).append(_own_text(element))
    if _name(element, "type") in _FRAMES:
        title = one_line(element.get("name")) or f"Frame {len(known.frames) + 1}"
        known.frames.setdefault(identity or f"\0{line}", Frame(title, line))  # without an id, nothing lies in it


def _end(binding: Any, known: _Known) -> str:
    """What stands on the element that an arrow is bound to."""
    identity = _name(binding, "elementId") if isinstance(binding, dict) else ""
    element = known.by_id.get(identity)
    if element is None:
        return ""
    own = one_line(element.get("name")) if _name(element, "type") in _FRAMES else _own_text(element)
    return " ".join([own, *known.texts.get(identity, ())]).strip()


def _own_text(element: dict[str, Any]) -> str:
    return one_line(element.get("originalText") or element.get("text"))


def _name(element: dict[str, Any], key: str) -> str:
    value = element.get(key)
    return value if isinstance(value, str) else ""


def _of_markdown(name: str, text: str) -> Reading | None:
    """The texts of a drawing in Markdown, where it has any; other Markdown is text as it stands."""
    section = _TEXTS.search(text.replace("\r\n", "\n"))
    if section is None:
        return None
    page, first = Frame(name, 1), text.replace("\r\n", "\n").count("\n", 0, section.start(1)) + 1
    label: list[str] = []
    for number, line in enumerate(section[1].split("\n"), first):
        label.append(_MARKED.sub("", line))
        if _MARKED.search(line):
            page.add(one_line(" ".join(label)), number)
            label = []
    return reading_of_drawing([page])
