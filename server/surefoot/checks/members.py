"""Whether a class has a member of a name: its own, an inherited one, or one that it gives itself when it runs.

Invariant: a member is said to be absent only where everything that the class may have it from is in the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from surefoot.domain import Symbol, SymbolKind
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.syntax.languages import language_of

CONTAINERS = frozenset({
    SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.NAMESPACE,
    SymbolKind.MODULE,
})  # fmt: skip
MAY_CONTAIN = CONTAINERS | {SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.FUNCTION, SymbolKind.PROPERTY}
_METHODS = frozenset({SymbolKind.METHOD, SymbolKind.FUNCTION})
MOST_OWNERS = 5  # of one name: it is not known which of them is meant, so each may have the member
MOST_ANCESTORS = 40  # looked at for one class
# Where a class can only have what its own text and that of its ancestors give it, and names its ancestors on its first
# lines; elsewhere traits, mixins and extensions come from anywhere.
_CLOSED = frozenset("python javascript typescript tsx java csharp go".split())
_IN_BODY = frozenset({"go"})  # ancestors are fields without a name
# Where macros and what runs when a class is loaded make members too: there, only what stands nowhere is absent.
MAKING_MEMBERS = frozenset({"cpp", "ruby"})
_MIXED_IN = re.compile(r"^\s*(?:include|extend|prepend)\s+[\w:, ]+$", re.MULTILINE)
# What adds nothing that one would look for in a project.
_NEUTRAL = frozenset(
    """
    object ABC Protocol Generic Exception BaseException Error RuntimeException Object Serializable Cloneable Comparable
    type class public private protected final abstract static sealed extends implements export default interface struct
    enum declare async metaclass total typing Any Optional Union str int bytes float bool self cls def func readonly
    Sequence MutableSequence Mapping MutableMapping Set MutableSet dict list set tuple
    collections abc Sized Hashable Container Collection Reversible Awaitable AsyncIterable AsyncIterator Callable
    namespace module package declare object companion data record annotation
    partial internal unsafe new where in out IDisposable T K V U S P R TypedDict Iterable Iterator
    """.split()
)
_WORD = re.compile(r"[^\W\d][\w$]*")
# What follows the head of a class on its line is no ancestor, above all no comment's words.
_HEAD = re.compile(r"class\s+\w+\s*(?:\[[^\]]*\]\s*)?(?:\((?:[^()]|\([^()]*\))*\)\s*)?:|[^{]*\{")
_MACRO = re.compile(r"\b[A-Z][A-Z0-9_]+\b")
_QUALIFIER = re.compile(r"\b(\w+)::")
_SUBSCRIPT = re.compile(r"\[[^\[\]]*\]|<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Membership:
    """What is known of a member: its definition, or that the class has it somehow, or the names to choose from."""

    definition: Definition | None = None
    has_it: bool = False
    is_open: bool = False  # the class may have members that the tree doesn't show
    names: tuple[str, ...] = ()


class Members:
    """Classes of the tree with what they have, each looked at once."""

    def __init__(self, tree: WorkingTree) -> None:
        self._tree = tree
        self.of = lru_cache(maxsize=4096)(self._of)
        self._own = lru_cache(maxsize=1024)(self._members_of)
        self._text = lru_cache(maxsize=256)(self._text_of)
        self._ancestors = lru_cache(maxsize=1024)(self._made_from)

    def containers(self, name: str) -> list[Definition]:
        """The classes and the like of a name, and whatever else of that name has members."""
        found = [each for each in self._tree.definitions(name) if each.symbol.kind in MAY_CONTAIN]
        some = [each for each in found if not is_side_code(each.symbol.span.path)] or found
        return [each for each in some[:MOST_OWNERS] if each.symbol.kind in CONTAINERS or self._own(each)]

    def _of(self, owner: Definition, member: str) -> Membership:
        names: dict[str, None] = {}
        waiting, seen, is_open = [owner], {owner.symbol.name}, False
        for _ in range(MOST_ANCESTORS):
            if not waiting:
                break
            each = waiting.pop(0)
            for symbol in self._own(each):
                if symbol.name == member:
                    return Membership(Definition(each.index, symbol), has_it=True)
                names[symbol.name] = None
            if self._gives_itself(each, member):
                return Membership(has_it=True)
            ancestors, unknown = self._ancestors(each)
            is_open |= unknown
            waiting += [found for found in ancestors if found.symbol.name not in seen]
            seen |= {found.symbol.name for found in ancestors}
        return Membership(is_open=is_open or bool(waiting), names=tuple(names))

    def _members_of(self, owner: Definition) -> list[Symbol]:
        name = owner.symbol.qualified_name
        symbols = self._tree.symbols(owner.index, owner.symbol.span.path)
        return [symbol for symbol in symbols if symbol.container == name]

    def _gives_itself(self, owner: Definition, member: str) -> bool:
        """Attributes that are set and never declared: `self.x = ...`, `x: int`, a name among slots, `C.x = ...`."""
        body, whole = self._text(owner)
        if member not in whole:
            return False
        word = re.escape(member)
        # A field `_x` is behind a property `x`; a method `_x` is only another method.
        methods = [symbol.name for symbol in self._own(owner) if symbol.kind in _METHODS]
        hidden = "" if any(name.lstrip("_") == member != name for name in methods) else "_*"
        inside = (
            rf"(?:self|this|cls|@|\$this)(?:\.|->)?{hidden}{word}\b|[\"']{word}[\"']|^\s+{word}\s+\S+$"
            rf"|^[ \t]*+(?:[\w<>,\[\]]+[ \t]++)*\*?{word}\s*[?!]?\s*[:=;(`]"
        )
        if re.search(inside, body, re.MULTILINE):
            return True
        outside = rf"\b{re.escape(owner.symbol.name)}(?:\.prototype)?\.{word}\s*="
        return bool(re.search(outside, whole))

    def _text_of(self, owner: Definition) -> tuple[str, str]:
        """The text of the class, and that of its file."""
        lines = self._tree.lines(owner.index, owner.symbol.span.path)
        span = owner.symbol.span
        return "\n".join(lines[span.start - 1 : span.end]), "\n".join(lines)

    def _made_from(self, owner: Definition) -> tuple[list[Definition], bool]:
        """What the class is made from, as far as it is in the tree, and whether there is more."""
        if owner.symbol.kind not in CONTAINERS:
            return [], True
        path = owner.symbol.span.path
        lines = self._tree.lines(owner.index, path)
        language = language_of(path, text="\n".join(lines[:200]))
        if language not in _CLOSED | MAKING_MEMBERS:
            return [], True
        head = _HEAD.match(owner.symbol.signature)
        text = head.group() if head else owner.symbol.signature
        body = "\n".join(lines[owner.symbol.span.start - 1 : owner.symbol.span.end])
        if language in _IN_BODY:
            text = body
        if language in MAKING_MEMBERS:
            text = " ".join([_MACRO.sub(" ", text), *(match.split(None, 1)[1] for match in _MIXED_IN.findall(body))])
        # Nobody inherits from the module that a class is in; one that is not here says that the class is not either.
        text = _QUALIFIER.sub(lambda part: "" if self.containers(part[1]) else part[0], _SUBSCRIPT.sub(" ", text))
        names = [name for name in _WORD.findall(text) if name not in _NEUTRAL]
        names = [name for name in dict.fromkeys(names) if name != owner.symbol.name]
        found = {name: self.containers(name) for name in names}
        ancestors = [each for group in found.values() for each in group]
        unknown = [name for name, group in found.items() if not group]
        # The fields of a Go struct have types that are no ancestors, and those need not be in the tree.
        return ancestors, bool(unknown) and language not in _IN_BODY
