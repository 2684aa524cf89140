"""PlantUML: sequences, classes, components, states, use cases, activities, and the C4 macros.

Invariant: line by line, each in linear time; what is not understood names nothing.
"""

from __future__ import annotations

import re

from surefoot.syntax.designs.diagrams import Diagram, moved
from surefoot.syntax.symbols import Definition

_START = re.compile(r"\s*@start(\w+)(?:[ \t]+(\S.*))?")
_END = re.compile(r"\s*@end\w+")
_TITLE = re.compile(r"\s*title\s+(\S.*)")
_IGNORED = re.compile(
    r"\s*(?:'|!|skinparam\b|hide\b|show\b|scale\b|left\s+to|top\s+to|autonumber\b|activate\b|deactivate\b|destroy\b"
    r"|return\b|legend\b|header\b|footer\b|caption\b|note\b|end\b|endif\b|stop\b|start$|else\b|alt\b|opt\b|loop\b|par\b"
    r"|group\b|newpage\b|==)"
)
# Words that declare one node, and those that may hold others in braces.
_DECLARED = (
    r"participant|actor|boundary|control|collections|entity|queue|database|usecase|component|interface|class|enum"
    r"|abstract\s+class|abstract|annotation|struct|exception|protocol|object|map|state|artifact|agent|person|stack"
    r"|storage|card|file|hexagon|label"
)
_GROUPED = r"package|namespace|node|folder|frame|cloud|rectangle|together|box|partition|component|database|state"
_NAME = r"(\"[^\"\n]*\"|\[[^\]\n]*\]|\([^)\n]*\)|:[^:\n]*:|[\w.@$/~-]*[\w~])"
_DECLARATION = re.compile(
    rf"\s*(?:create\s+)?({_DECLARED}|{_GROUPED})\b\s*{_NAME}?(?:\s+as\s+{_NAME})?([^{{\n]*)(\{{)?", re.IGNORECASE
)
_SHORT = re.compile(r"\s*(\[[^\]\n]+\]|\([^)\n]+\)|:[^:\n]{1,200}:)(?:\s+as\s+([\w.-]+))?\s*(?:#\w+|<<[^>\n]*>>)?\s*$")
_ACTION = re.compile(r"\s*(?:#\w+)?:([^;\n]{1,400})[;|<>/\]}]\s*$")
_ARROW = (
    r"[<|*o+#x^}{/\\()]{0,3}[-.=~]{1,9}(?:\[[^\]\n]{0,60}\])?(?:(?:up|down|left|right|[udlr]|le|ri|do)(?=[-.=~]))?"
    r"[-.=~]{0,9}[>|*o+#x^}{/\\()]{0,3}"
)
_RELATION = re.compile(
    rf"\s*{_NAME}?\s*(?:\"[^\"\n]*\"\s*)?({_ARROW})\s*(?:\"[^\"\n]*\"\s*)?{_NAME}?"
    r"\s*(?:as\s+[\w.-]+\s*)?(?:(?:\+\+|--|\*\*|!!)\s*)?(?:#\w+\s*)?(?::(.*))?$"
)
_MACRO = re.compile(r"\s*(\w{1,40})\(([^\n]*)\)\s*(\{)?\s*$")
_ARGUMENT = re.compile(r"\"([^\"\n]*)\"|([^,\"\n]+)")
_MACROS = frozenset({
    "person", "system", "systemdb", "systemqueue", "container", "containerdb", "containerqueue", "component",
    "componentdb", "componentqueue", "node", "deployment_node",
})  # fmt: skip
_DESCRIBED = re.compile(r"\s*([\w.]+)\s*:\s*(\S.*)")


def plantuml_definitions(text: str) -> list[Definition]:
    """Every diagram of a file, with its groups and nodes; a file to be included has no marks of its own."""
    found: list[Definition] = []
    reader: _Reader | None = None
    lines = text.split("\n")
    is_whole = any(_START.match(line) for line in lines)
    if not is_whole:
        reader = _Reader(Diagram("diagram", 1, len(lines)))
    for number, line in enumerate(lines, 1):
        start = _START.match(line) if is_whole else None
        if start is not None:
            found += _ended(reader, number - 1, len(found))
            first = number if found else 1  # what stands above the first diagram belongs to it
            title = (start[2] or "").strip().strip('"')
            reader = _Reader(Diagram(_spoken(start[1]), first, len(lines), title, number))
        elif _END.match(line):
            found += _ended(reader, number, len(found))
            reader = None
        elif reader is not None:
            reader.line(line, number)
    found += _ended(reader, len(lines), len(found))
    return found


def _spoken(kind: str) -> str:
    return "diagram" if kind == "uml" else kind


def _ended(reader: _Reader | None, last: int, down: int) -> list[Definition]:
    if reader is None:
        return []
    reader.diagram.last = max(last, reader.diagram.first)
    return moved(reader.diagram.definitions(), down)


class _Reader:
    """Takes in the lines of one diagram."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self._blocks: list[str] = []  # the nodes whose braces are open; empty for a group
        self._closing = ""  # what ends the text that is being passed over

    def line(self, line: str, number: int) -> None:
        """Take in one line."""
        if self._closing or not line.strip():
            self._closing = "" if self._closing and re.match(self._closing, line.strip()) else self._closing
        elif line.strip().startswith("/'"):
            self._closing = "" if "'/" in line else r".*'/"
        elif (title := _TITLE.match(line)) is not None:
            self.diagram.entitle(title[1], number)
        elif line.strip() == "}":
            self._close(number)
        elif any(self._blocks[-1:]):  # a member of a class
            return
        elif _IGNORED.match(line):
            self._pass_over(line)
        else:
            self._statement(line, number)

    def _pass_over(self, line: str) -> None:
        """Notes and legends go on over several lines, unless their text follows a colon."""
        word = line.split(None, 1)[0].lower()
        if word in {"note", "legend", "header", "footer"} and ":" not in line and not re.search(r"\"|\bas\b", line):
            self._closing = rf"end\s*{word}\b"

    def _close(self, number: int) -> None:
        block = self._blocks.pop() if self._blocks else None
        if block:
            self.diagram.reach(block, number)
        elif block is not None:
            self.diagram.close_group(number)

    def _statement(self, line: str, number: int) -> None:
        declaration, macro = _DECLARATION.match(line), _MACRO.match(line)
        if macro is not None:
            self._macro(macro, number)
        elif declaration is not None and (declaration[2] or declaration[5]) and not _joins(declaration[4]):
            self._declare(declaration, number)
        elif (short := _SHORT.match(line)) is not None:
            self.diagram.node(short[2] or _bare(short[1]), number, _bare(short[1]))
        elif (action := _ACTION.match(line)) is not None:
            self.diagram.node(f":{number}", number, action[1])
        elif (relation := _RELATION.match(line)) is not None and (relation[1] or relation[3]):
            self._relate(relation, number)
        elif (described := _DESCRIBED.match(line)) is not None:
            self.diagram.node(described[1], number)

    def _declare(self, found: re.Match[str], number: int) -> None:
        word, name, alias = found[1].lower(), _bare(found[2] or ""), _bare(found[3] or "")
        identity, label = alias or name, name
        if alias and found[3].startswith('"'):  # `participant svc as "Payment service"`
            identity, label = name, alias
        if found[5] and word in _GROUPED.split("|"):
            self.diagram.open_group(label, number)
            self._blocks.append("")
            return
        self.diagram.node(identity, number, label)
        if found[5]:
            self._blocks.append(identity)

    def _relate(self, found: re.Match[str], number: int) -> None:
        ends = [_bare(name) for name in (found[1], found[3]) if name]
        for name in ends:
            if name not in {"*", "[*]"}:
                self.diagram.node(name, number)
        arrow = found[2]
        is_back = "<" in arrow[:3] and not arrow.endswith(">")
        if len(ends) == 2:
            start, end = reversed(ends) if is_back else ends
            self.diagram.join([start], [end], found[4] or "")

    def _macro(self, found: re.Match[str], number: int) -> None:
        name = found[1].lower()
        said = [(match[1] or match[2] or "").strip() for match in _ARGUMENT.finditer(found[2])]
        said = [argument for argument in said if argument]
        if name.startswith(("rel", "birel")) and len(said) > 1:
            self.diagram.join(said[:1], said[1:2], " ".join(said[2:3]))
        elif found[3] and said:
            self.diagram.open_group(said[1] if len(said) > 1 else said[0], number)
            self._blocks.append("")
        elif name.removesuffix("_ext") in _MACROS and said:
            self.diagram.node(said[0], number, said[1] if len(said) > 1 else said[0])


def _joins(rest: str) -> bool:
    """Whether what follows a declared name is an arrow: `database --> queue` declares nothing."""
    return re.match(r"\s*[<|*o]{0,2}[-.=]{1,9}[>\[\w-]", rest) is not None and not rest.lstrip().startswith("<<")


def _bare(name: str) -> str:
    return name if name == "[*]" else name.strip('"').strip("[]():").strip()
