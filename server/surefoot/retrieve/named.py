"""Looks up a name as people write it: plain, `Class.method`, `pkg.mod.Class.method`, `Mod::method`, `Class#method`.

Invariant: a definition is returned only where all parts of the name are parts of where it stands, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from surefoot.domain import Scope, SymbolKind
from surefoot.errors import QueryError
from surefoot.retrieve.near_names import by_edits, misspelt
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.words import fold

LONGEST_NAME = 300  # characters; nobody's qualified name is longer
NEAR = 0.7  # similarity (edits per letter) from which a name is offered instead of one that is not there
NEAR_MEMBER = 0.6  # of the members of one class, which are few
OFFERED = 3

_SEPARATOR = re.compile(r"\.|::|->|#|/|\\")
_CALL = re.compile(r"\(.*\)$", re.DOTALL)
# Words before a name that say where one stands, and are no part of where it is defined.
_RELATIVE = frozenset({"self", "this", "cls", "super", "crate", "prototype", ""})
# What a name less likely refers to: headings of documents, keys of data, local values.
_LESS_LIKELY = frozenset({SymbolKind.KEY, SymbolKind.STRING, SymbolKind.VARIABLE, SymbolKind.FIELD})


@dataclass(frozen=True, slots=True)
class Named:
    """A name to look up, and the file that defines it, where the asker knows that."""

    name: str
    path: str = ""


def parts_of_name(name: str) -> tuple[str, ...]:
    """A name in its parts, without the brackets of a call and without what only says "here"."""
    bare = _CALL.sub("", name.strip().strip("`")).strip()
    return tuple(part for part in _SEPARATOR.split(bare) if part not in _RELATIVE)


def fits(parts: Sequence[str], definition: Definition) -> bool:
    """Whether the name may mean this definition: its parts are the last of the qualified name, and then of the path."""
    qualified = definition.symbol.qualified_name.split(".")
    left = list(parts)
    while left and qualified and left[-1] == qualified[-1]:
        left.pop()
        qualified.pop()
    if len(left) == len(parts) or (left and qualified):
        return False
    return _in_order(left, definition.module_parts)


def _in_order(wanted: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the parts hold all that is wanted: a package says less than the path, and re-exports what is deeper."""
    remaining = iter([fold(part) for part in parts])
    return all(fold(part) in remaining for part in wanted)


def definitions_of(named: Named, tree: WorkingTree) -> list[Definition]:
    """The definitions that a name may mean, the most likely first. They are as indexed, but for open files."""
    parts = parts_of_name(named.name)
    if not parts:
        return []
    found = [each for each in tree.definitions(parts[-1]) if fits(parts, each)]
    inside = [each for each in found if named.path and is_at(each, named.path)]
    return sorted(inside or found, key=_likelihood)


def is_at(definition: Definition, path: str) -> bool:
    """Whether a path, or the end of one, is that of the definition's file."""
    return f"/{definition.symbol.span.path}".endswith(f"/{path.strip('/')}")


def _likelihood(definition: Definition) -> tuple[bool, bool, int, str, int]:
    symbol = definition.symbol
    path = symbol.span.path
    return (
        symbol.kind in _LESS_LIKELY,
        is_side_code(path),
        symbol.qualified_name.count(".") + path.count("/"),
        path,
        symbol.span.start,
    )


def known_definitions(named: Named, tree: WorkingTree) -> list[Definition]:
    """The same, and one sentence with the nearest names where there is none. Raises QueryError."""
    name = named.name.strip().strip("`")
    if not name:
        raise QueryError("The name is empty; give the name of a function, a class or the like.")
    if len(name) > LONGEST_NAME:
        raise QueryError(f"The name has {len(name):,} characters and at most {LONGEST_NAME} are looked up; shorten it.")
    found = definitions_of(named, tree)
    if found and (not named.path or is_at(found[0], named.path)):
        return found
    if found:
        places = ", ".join(dict.fromkeys(str(each.symbol.span) for each in found[:OFFERED]))
        raise QueryError(f"'{name}' is not defined in {named.path}; it is in {places}.")
    offered = _nearest(parts_of_name(name), tree) or closest_names(name, tree)
    ending = f"the nearest are {', '.join(offered)}" if offered else "nothing has a name like it"
    raise QueryError(f"Nothing indexed is called '{name}'; {ending}.")


def _nearest(parts: Sequence[str], tree: WorkingTree) -> list[str]:
    """Of a qualified name: what others call so, as a class that this one inherits from, or else a member like it."""
    if len(parts) < 2:
        return []
    same = sorted(tree.definitions(parts[-1]), key=_likelihood)
    if same:
        return list(dict.fromkeys(each.symbol.qualified_name for each in same))[:OFFERED]
    for owner in (each for each in tree.definitions(parts[-2]) if fits(parts[:-1], each)):
        symbols = tree.symbols(owner.index, owner.symbol.span.path)
        members = [each.name for each in symbols if each.container == owner.symbol.qualified_name]
        near = closest(parts[-1], members, NEAR_MEMBER)
        if near:
            return [f"{owner.symbol.qualified_name}.{near}"]
    return []


def closest_names(name: str, tree: WorkingTree, limit: int = OFFERED, cutoff: float = NEAR) -> list[str]:
    """The names of definitions that are most like the last part of a name, the nearest first."""
    parts = parts_of_name(name)
    folded = fold(parts[-1]) if parts else ""
    if not folded:
        return []
    near: dict[str, float] = {}
    for index in tree.indexes:
        scored = dict(misspelt(index.store, folded, by_edits(cutoff), 4 * limit))
        written = ((key, each) for key, names in index.store.spellings(scored).items() for each in names)
        near.update({each: scored[key] for key, each in written if index.store.is_defined(each, index.scope(Scope()))})
    for paths, index in ((paths, index) for index, paths in tree.unsaved.items()):
        names = (symbol.name for path in paths for symbol in tree.symbols(index, path))
        near.update({each: score for each in names if (score := _alike(folded, fold(each))) >= cutoff})
    return sorted(near, key=lambda each: (-near[each], -_alike(parts[-1], each), each))[:limit]


def closest(wanted: str, choices: Iterable[str], cutoff: float = NEAR) -> str:
    """The choice that is most like what is wanted, in any case style; empty where none is near enough."""
    scored = ((_alike(fold(wanted), fold(choice)), _alike(wanted, choice), choice) for choice in dict.fromkeys(choices))
    near = [each for each in scored if each[0] >= cutoff]
    return max(near, default=(0.0, 0.0, ""))[2]


def _alike(first: str, second: str) -> float:
    """One less the share of letters to change, a swap of two neighbours counting as one change."""
    return OSA.normalized_similarity(first, second)


def closest_paths(wanted: str, paths: Iterable[str], cutoff: float = NEAR) -> list[str]:
    """The paths that are most like what is wanted: the file's name counts most, then its folders."""
    lowered = wanted.lower().replace("\\", "/").strip("/")
    name = lowered.rpartition("/")[2]
    by_name: dict[str, list[str]] = {}
    for path in paths:
        by_name.setdefault(path.lower().rstrip("/").rpartition("/")[2], []).append(path)
    near = process.extract(name, list(by_name), scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=20)
    scored = [
        (score + _alike(lowered, path.lower()[-len(lowered) :] if "/" not in lowered else path.lower()), path)
        for key, score, _ in near
        for path in by_name[key]
    ]
    return [path for _, path in sorted(scored, key=lambda pair: (-pair[0], len(pair[1]), pair[1]))[:OFFERED]]
