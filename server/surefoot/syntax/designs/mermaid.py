"""Mermaid: flowcharts, sequences, classes, states, entities; of other diagrams the title and the sections.

Invariant: statement by statement, each in time linear in its length; what is not understood names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType

from surefoot.syntax.designs.diagrams import Diagram
from surefoot.syntax.symbols import Definition

_KIND = re.compile(
    r"\s*(graph|flowchart(?:-elk)?|sequenceDiagram|classDiagram(?:-v2)?|stateDiagram(?:-v2)?|erDiagram|journey|gantt|pie"
    r"|mindmap|timeline|gitGraph|quadrantChart|requirementDiagram|C4\w{1,20}|sankey(?:-beta)?|xychart(?:-beta)?"
    r"|block(?:-beta)?|packet(?:-beta)?|architecture(?:-beta)?|kanban|zenuml)\b"
)
_TITLE = re.compile(r"\s*(?:title|accTitle)\s*:?\s+(\S.*)")
_SECTION = re.compile(r"\s*section\s+(\S.*)")
_IGNORED = re.compile(
    r"\s*(?:%%|classDef\b|class\s+[\w,]+\s+\w+\s*;?$|style\b|linkStyle\b|click\b|direction\b|accDescr\b|autonumber\b)"
)

# A node of a flowchart with what is drawn for it, a text on a line, a line, and what joins several nodes.
_FLOW = re.compile(
    r"(?P<node>\w+(?:[-.](?=\w)\w+)*)"
    r"(?:@\{(?P<facts>[^}\n]*)\}?"
    r"|(?P<open>[\[({>]{1,3}[/\\]?)(?:[ \t]*\"(?P<quoted>[^\"\n]*)\"?|(?P<bare>[^\])}\"|\n]*))[/\\]?[\])}]{0,3})?"
    r"(?::::[\w-]+)?"
    r"|(?:--|==|-\.)[ \t]{1,8}(?P<text>[^\s|>\"][^\n|>\"]{0,199}?|\"[^\"\n]{1,200}\")[ \t]{1,8}"
    r"(?:-{2,20}[>xo-]?|={2,20}[>xo=]?|\.-{1,20}[>xo]?)"
    r"|(?P<line>[<xo]?(?:-{2,20}|={2,20}|-\.{1,20}-|~{3,20})[>xo]?)(?:[ \t]*\|(?P<piped>[^|\n]*)\|)?"
    r"|(?P<and>&)|(?P<end>;)"
)
_FACT = re.compile(r"\blabel\s*:\s*(?:\"([^\"]*)\"|([^,]*))")
_SUBGRAPH = re.compile(r"\s*subgraph\b\s*(?:[\w-]+\s*\[\s*([^\]\n]*)\]|(.*))")
_END = re.compile(r"\s*end\s*;?\s*$")

_ACTOR = re.compile(r"\s*(?:create\s+)?(?:participant|actor)\s+([^\n@]{1,200})")
_MESSAGE = re.compile(
    r"\s*(\S.{0,79}?)[ \t]{0,9}(?:<<-{1,2}>>|-{1,2}(?:>>|>|x|\)))[ \t]{0,9}[+-]?[ \t]{0,9}(\S.{0,79}?)[ \t]{0,9}:(.*)"
)
_ALIAS = re.compile(r"(.*?)\s+as\s+(.+)")

_NAME = r"(\[\*\]|\"[^\"\n]*\"|`[^`\n]*`|[\w.:~-]*[\w~])"
_RELATION = re.compile(
    rf"\s*{_NAME}\s*(?:\"[^\"\n]*\"\s*)?([<|*o}}{{()]{{0,3}})(?:-{{2,9}}|\.{{2,9}})(?:[>|*o}}{{()]{{0,3}})"
    rf"\s*(?:\"[^\"\n]*\"\s*)?{_NAME}\s*(?::\s*(.*))?$"
)
_CLASS = re.compile(
    rf"\s*(?:class|state|entity)\s+{_NAME}(?:\s*\[\s*\"?([^\"\]\n]*)\"?\s*\])?(?:\s+as\s+([\w.-]+))?[^{{\n]*(\{{)?"
)
_BLOCK = re.compile(rf"\s*{_NAME}(?:\s*\[\s*\"?([^\"\]\n]*)\"?\s*\])?\s*(\{{)\s*$")
_NAMESPACE = re.compile(r"\s*namespace\s+([\w.]+)\s*\{")
_STATE_TEXT = re.compile(r"\s*([\w.-]+)\s*:\s*(\S.*)")


def mermaid_definitions(text: str) -> list[Definition]:
    """The diagram of a file, with its groups and nodes."""
    return diagram_definitions(text.split("\n"))


def diagram_definitions(lines: Sequence[str], first: int = 1) -> list[Definition]:
    """The diagram that these lines are, of which the first has the number `first`."""
    start, title, title_line = _front_matter(lines)
    found = next(((index, match) for index in range(start, len(lines)) if (match := _KIND.match(lines[index]))), None)
    if found is None:
        return []
    index, match = found
    diagram = Diagram(_spoken(match[1]), first, first + _last(lines), title)
    diagram.title_line = first + (title_line if title else index)
    reader = next((each for key, each in _READERS.items() if match[1].startswith(key)), _any)
    reader(diagram, list(_statements(lines, index + 1, first)))
    return diagram.definitions()


def _last(lines: Sequence[str]) -> int:
    return next((index for index in range(len(lines) - 1, -1, -1) if lines[index].strip()), 0)


def _front_matter(lines: Sequence[str]) -> tuple[int, str, int]:
    """Where the diagram begins, the title above it, and where that stands."""
    if not lines or lines[0].rstrip() != "---":
        return 0, "", 0
    end = next((index for index in range(1, len(lines)) if lines[index].rstrip() == "---"), 0)
    for index in range(1, end):
        if lines[index].startswith("title:"):
            return end, lines[index].partition(":")[2].strip().strip("\"'"), index
    return end, "", 0


def _spoken(kind: str) -> str:
    plain = {"graph": "flowchart", "flowchart-elk": "flowchart"}.get(kind)
    return plain or re.sub(r"Diagram(?:-v2)?$", " diagram", kind)


def _statements(lines: Sequence[str], start: int, first: int) -> Iterator[tuple[str, int]]:
    """The lines that say something, each with its number."""
    for index in range(start, len(lines)):
        if lines[index].strip() and not _IGNORED.match(lines[index]):
            yield lines[index], first + index


Statements = list[tuple[str, int]]


def _is_title(diagram: Diagram, line: str, number: int) -> bool:
    title = _TITLE.match(line)
    if title is not None and not diagram.title:
        diagram.entitle(title[1], number)
    return title is not None


def _flowchart(diagram: Diagram, statements: Statements) -> None:
    for line, number in statements:
        subgraph = _SUBGRAPH.match(line)
        if subgraph is not None:
            diagram.open_group(subgraph[1] or subgraph[2] or "", number)
        elif _END.match(line):
            diagram.close_group(number)
        elif not _is_title(diagram, line, number):
            _flow(diagram, line, number)


def _flow(diagram: Diagram, line: str, number: int) -> None:
    """One statement of a flowchart: nodes, and lines from those before to those behind."""
    before: list[str] = []
    after: list[str] = []
    label, is_joined = "", False
    for match in _FLOW.finditer(line):
        if match["node"]:
            diagram.node(match["node"], number, _drawn(match))
            (after if is_joined else before).append(match["node"])
        elif match["text"] or match["line"] or match["end"]:
            if is_joined:
                diagram.join(before, after, label)
            before, after = (after if is_joined else before), []
            is_joined, label = not match["end"], match["text"] or match["piped"] or ""
            before = before if is_joined else []
    if is_joined:
        diagram.join(before, after, label)


def _drawn(match: re.Match[str]) -> str:
    if match["facts"]:
        fact = _FACT.search(match["facts"])
        return (fact[1] or fact[2] or "") if fact is not None else ""
    return match["quoted"] or match["bare"] or ""


def _sequence(diagram: Diagram, statements: Statements) -> None:
    for line, number in statements:
        actor, message = _ACTOR.match(line), _MESSAGE.match(line)
        if actor is not None:
            alias = _ALIAS.match(actor[1].strip())
            diagram.node(alias[1] if alias else actor[1].strip(), number, alias[2] if alias else actor[1])
        elif message is not None:
            diagram.node(message[1], number)
            diagram.node(message[2], number)
            diagram.join([message[1]], [message[2]], message[3])
        else:
            _is_title(diagram, line, number)


def _relations(diagram: Diagram, statements: Statements) -> None:
    """Classes, states and entities: blocks with members, and relations between them."""
    blocks: list[str] = []  # the nodes whose braces are open; empty for a group
    for line, number in statements:
        relation = _RELATION.match(line)
        if line.strip() == "}":
            if blocks:
                _close(diagram, blocks.pop(), number)
        elif relation is not None:
            _relate(diagram, relation, number)
        elif (namespace := _NAMESPACE.match(line)) is not None:
            diagram.open_group(namespace[1], number)
            blocks.append("")
        elif (block := _CLASS.match(line) or _BLOCK.match(line)) is not None:
            _declare(diagram, block, blocks, number)
        elif not _is_title(diagram, line, number) and not any(blocks[-1:]):
            _describe(diagram, line, number)


def _relate(diagram: Diagram, relation: re.Match[str], number: int) -> None:
    ends = [name.strip('"`') for name in (relation[1], relation[3])]
    for name in ends:
        if name != "[*]":
            diagram.node(name, number)
    start, end = reversed(ends) if "<" in relation[2] else ends  # what inherits leads to what it inherits from
    diagram.join([start], [end], relation[4] or "")


def _declare(diagram: Diagram, block: re.Match[str], blocks: list[str], number: int) -> None:
    name, shown = block[1].strip('"`'), block[2] or ""
    alias = block[3] if block.re is _CLASS else None
    identity = alias or name
    is_open = block[block.re.groups] == "{"
    if is_open and diagram.kind.startswith("state"):  # states within a state
        diagram.open_group(shown or name, number)
        blocks.append("")
        return
    diagram.node(identity, number, name if alias else shown or name)
    if is_open:
        blocks.append(identity)


def _describe(diagram: Diagram, line: str, number: int) -> None:
    """`waiting: nothing to do` is the text of a state, `Order : +place()` a member of a class."""
    described = _STATE_TEXT.match(line)
    if described is not None:
        diagram.node(described[1], number, described[2] if diagram.kind.startswith("state") else "")


def _close(diagram: Diagram, block: str, number: int) -> None:
    if block:
        diagram.reach(block, number)
    else:
        diagram.close_group(number)


def _any(diagram: Diagram, statements: Statements) -> None:
    for line, number in statements:
        section = _SECTION.match(line)
        if section is not None:
            diagram.node(section[1].strip(), number, section[1])
        else:
            _is_title(diagram, line, number)


_READERS: MappingProxyType[str, Callable[[Diagram, Statements], None]] = MappingProxyType({
    "graph": _flowchart,
    "flowchart": _flowchart,
    "sequenceDiagram": _sequence,
    "classDiagram": _relations,
    "stateDiagram": _relations,
    "erDiagram": _relations,
})  # fmt: skip
