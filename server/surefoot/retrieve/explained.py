"""Which definition a name means, and what to say of the others that it could mean.

Invariant: the definition stands in its file now, and every other one is named with its place.
"""

from __future__ import annotations

from surefoot.retrieve.named import Named, known_definitions
from surefoot.retrieve.neighbours import standing_definition
from surefoot.retrieve.working_tree import Definition, WorkingTree

NAMED_OTHERS = 5


def meant(named: Named, tree: WorkingTree) -> tuple[Definition, tuple[str, ...]]:
    """The most likely definition of a name, and a notice where others have it too. Raises QueryError."""
    chosen = standing_definition(named, tree)
    known = (tree.standing(each) for each in known_definitions(named, tree))
    others = [each for each in known if each is not None and _place(each) != _place(chosen)]
    if not others:
        return chosen, ()
    places = ", ".join(_place(each) for each in others[:NAMED_OTHERS])
    more = len(others) - NAMED_OTHERS
    ending = f" and {more} more" if more > 0 else ""
    return chosen, (f"{_place(chosen)} is explained; the name is also {places}{ending}.",)


def _place(definition: Definition) -> str:
    return f"{definition.symbol.qualified_name} in {definition.symbol.span}"
