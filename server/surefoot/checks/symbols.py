"""Whether a name that a text writes as code is that of something in the tree.

Invariant: an alarm is raised only for a name that stands nowhere in the tree as it is written, or that names a member
which its class cannot have.

The policy, held by tests/checks/test_symbols.py:

- A name with a definition is valid; a dotted one, where its parts are the last of the qualified name and of the path.
- A word that stands anywhere in the tree is no alarm, wherever it was imported from.
- `Class.member` is an alarm where the class is in the tree, and neither it nor what it inherits from has the member;
  if something that it inherits from is not in the tree, only for what is nearly the name of a member or is a private
  one that stands nowhere. In C++ and Ruby, macros make members too, and only one that stands nowhere is an alarm.
- `pkg.mod.name` is an alarm where the module is in the tree and does not hold the name.
- A plain lower-case word is none: it is English, a command, a parameter. Neither are literals, what the languages and
  their standard libraries define, names of an environment, and what is said to be new, gone, an example or others'.
- Otherwise a name that is written as only code is (`fooBar`, `foo_bar`) and stands nowhere is `missing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from surefoot.checks.files import MOST_SEARCHES, File
from surefoot.checks.members import MAKING_MEMBERS, Members, Membership
from surefoot.checks.names import (
    MODULES_OF_LANGUAGES,
    OF_COLLECTIONS,
    OF_LANGUAGES,
    WrittenName,
    is_compound,
    is_test_name,
)
from surefoot.checks.words import Words, pattern_of
from surefoot.domain import Verdict
from surefoot.retrieve.named import Named, closest, closest_names, definitions_of, fits
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.syntax.languages import language_of
from surefoot.words import fold

NEAR_MEMBER = 0.6  # members of one class are few, so the nearest is mostly meant
NEARLY_A_MEMBER = 0.75  # where the class may have others that the tree doesn't show
NEARLY_A_NAME = 0.75  # for names that are written as only code is
ALMOST_THE_SAME = 0.83  # for words that may be anything: one letter of six
SHORTEST_SLIP = 4  # letters; in shorter words another letter makes another word

# Names that stand for any name.
_EXAMPLE = re.compile(r"(?i:foo|bar|baz|qux|spam|eggs|ham|func|method|klass|foobar)\d?$|(?i:my|your|some)[_A-Z]|my$")
_MODULE_ENDINGS = (".py", ".pyi")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one name. `instead` replaces the written parts from the one with the number `part` on."""

    verdict: Verdict
    definitions: tuple[Definition, ...] = ()
    instead: str = ""
    part: int = -1
    reason: str = ""


class Symbols:
    """Judges names, each spelling once."""

    def __init__(self, tree: WorkingTree, words: Words | None = None) -> None:
        self.tree = tree
        self.words = words or Words(tree)
        self.members = Members(tree)
        self._searches = 0
        self._judged = lru_cache(maxsize=16384)(self._judgement)
        self._definitions = lru_cache(maxsize=4096)(self._definitions_of)
        self._closest = lru_cache(maxsize=4096)(self._closest_to)

    def definitions(self, parts: Sequence[str]) -> tuple[Definition, ...]:
        """What a name may mean, the most likely first."""
        return self._definitions(".".join(parts))

    def _definitions_of(self, name: str) -> tuple[Definition, ...]:
        return tuple(definitions_of(Named(name), self.tree))

    def judge(self, name: WrittenName, *, is_placed: bool) -> Judgement | None:
        """The verdict on a name; None where it says nothing of the tree. `is_placed`: a place stands beside it."""
        return self._judged(replace(name, extent=(0, 0), quoted_at=(0, 0)), is_placed)

    def _judgement(self, name: WrittenName, is_placed: bool) -> Judgement | None:  # noqa: FBT001 - lru_cache
        parts = name.parts
        if not parts or any(_EXAMPLE.match(part) for part in parts):
            return None
        found = self.definitions(parts)
        if found:
            return Judgement(Verdict.VALID, found)
        if len(parts) == 1:
            return self._single(name, is_placed=is_placed)
        if self._modules(parts):
            return Judgement(Verdict.VALID)
        return self._member(parts) or self._of_module(parts) or self._dotted(name)

    def _single(self, name: WrittenName, *, is_placed: bool) -> Judgement | None:
        word = name.last
        if word in OF_LANGUAGES or len(word) < SHORTEST_SLIP or self.words.holds(word):
            return None
        if name.is_compound or (is_placed and not name.is_shouted):
            return self._missing(word, NEARLY_A_NAME, 0)
        if name.is_shouted or name.is_call:
            judgement = self._missing(word, ALMOST_THE_SAME, 0)
            return judgement if judgement.instead or is_placed else None
        return None

    def _missing(self, word: str, cutoff: float, part: int) -> Judgement:
        near = self._closest(word, cutoff)
        return Judgement(Verdict.MISSING, instead=near, part=part, reason=f"Nothing here is called {word}.")

    def _closest_to(self, word: str, cutoff: float) -> str:
        if self._searches >= MOST_SEARCHES:
            return ""
        self._searches += 1
        near = closest_names(word, self.tree, cutoff=cutoff)
        # A test is called after what it tests, so that it is like everything.
        return next((each for each in near if is_test_name(word) or not is_test_name(each)), "")

    def _member(self, parts: Sequence[str]) -> Judgement | None:
        """`Class.member`, where the class is known."""
        owners = [each for each in self.members.containers(parts[-2]) if fits(parts[:-1], each)]
        if not owners:
            return None
        known = [self.members.of(owner, parts[-1]) for owner in owners[:10]]
        inherited = tuple(each.definition for each in known if each.definition is not None)
        if inherited:
            return Judgement(Verdict.VALID, inherited)
        if any(each.has_it for each in known):
            return Judgement(Verdict.VALID, (owners[0],))
        languages = {language_of(owner.symbol.span.path) for owner in owners}
        member = parts[-1]
        is_usual = member in OF_LANGUAGES or not is_compound(member)
        if languages & MAKING_MEMBERS and (is_usual or self.words.holds(member)):
            return Judgement(Verdict.VALID)
        return self._no_member(parts, known)

    def inherited(self, parts: Sequence[str]) -> tuple[Definition, ...]:
        """The definitions of `Class.member` in what the class inherits from."""
        owners = [each for each in self.members.containers(parts[-2]) if fits(parts[:-1], each)] if parts[1:] else []
        found = (self.members.of(owner, parts[-1]).definition for owner in owners[:10])
        return tuple(each for each in found if each is not None)

    def _no_member(self, parts: Sequence[str], known: Sequence[Membership]) -> Judgement:
        member, owner = parts[-1], parts[-2]
        names = [name for each in known for name in each.names]
        is_open = any(each.is_open for each in known)
        self._searches += 1
        cutoff = NEARLY_A_MEMBER if is_open else NEAR_MEMBER
        near = closest(member, names, cutoff) if self._searches <= MOST_SEARCHES else ""
        if not near:  # in Go, methods stand in any file of the package
            elsewhere = self._closest(member, NEARLY_A_NAME)
            near = elsewhere if elsewhere and self.definitions([*parts[:-1], elsewhere]) else ""
        if member in OF_COLLECTIONS and not near:
            return Judgement(Verdict.VALID)
        reason = f"{owner} has no {member}."
        is_private = member.startswith("_") and is_compound(member) and not self.words.holds(member)
        if is_open and not is_private and (not near or self.words.holds(member)) and fold(near) != fold(member):
            # Nothing is claimed of it, and nothing is granted either.
            return Judgement(Verdict.VALID)
        return Judgement(Verdict.MISSING, instead=near, part=len(parts) - 1, reason=reason)

    def _of_module(self, parts: Sequence[str]) -> Judgement | None:
        """`pkg.mod.name`, where the module is a file of the tree."""
        if parts[0] in MODULES_OF_LANGUAGES:
            return None
        modules = self._modules(tuple(parts[:-1]))
        if not modules:
            return None
        pattern = pattern_of(parts[-1])
        if any(pattern.search("\n".join(self.tree.lines(*module))) for module in modules):
            return Judgement(Verdict.VALID)
        elsewhere = self.definitions(parts[-1:])
        paths = ((each, each.symbol.span.path) for each in elsewhere)
        inside = [each for each, path in paths if path.endswith(_MODULE_ENDINGS) and not is_side_code(path)]
        if inside:
            right = f"{_dotted_module(inside[0].symbol.span.path)}.{inside[0].symbol.qualified_name}"
            reason = f"{parts[-1]} is defined in {inside[0].symbol.span}."
            return Judgement(Verdict.MOVED, tuple(inside), right, 0, reason)
        return self._missing(parts[-1], NEARLY_A_NAME, len(parts) - 1)

    def _modules(self, parts: tuple[str, ...]) -> list[File]:
        wanted = "/".join(parts)
        endings = (f"{wanted}.py", f"{wanted}/__init__.py", f"src/{wanted}.py", f"src/{wanted}/__init__.py")
        return [(index, path) for index, paths in self.tree.paths.items() for path in endings if path in paths]

    def _dotted(self, name: WrittenName) -> Judgement | None:
        """A name whose owner is a variable, a module of others, or nothing that is known."""
        *owners, last = name.parts
        if owners[0] in MODULES_OF_LANGUAGES or owners[0] in OF_LANGUAGES:
            return None
        absent = next((owner for owner in owners if owner[:1].isupper() and not self.words.holds(owner)), None)
        if absent is not None and absent not in OF_LANGUAGES:
            return self._absent_owner(name.parts, absent)
        if last in OF_LANGUAGES or len(last) < SHORTEST_SLIP or self.words.holds(last) or not self._is_ours(owners[0]):
            return None
        judgement = self._missing(last, ALMOST_THE_SAME if len(last) > SHORTEST_SLIP else NEARLY_A_NAME, len(owners))
        return judgement if judgement.instead else None

    def _is_ours(self, owner: str) -> bool:
        """Whether the tree defines something of this name, or has a file of it."""
        stores = [index.store for index in self.tree.indexes]
        return any(store.spellings([owner]) or store.paths_named(owner, limit=1) for store in stores)

    def _absent_owner(self, parts: Sequence[str], absent: str) -> Judgement | None:
        judgement = self._missing(absent, NEARLY_A_NAME, list(parts).index(absent))
        if not judgement.instead[:1].isupper() or not self.members.containers(judgement.instead):
            judgement = replace(judgement, instead="")
        is_code = bool(re.search(r"[a-z0-9][A-Z]", absent))
        return judgement if judgement.instead or is_code else None


def _dotted_module(path: str) -> str:
    """The name that a Python file is imported by."""
    return path.rpartition(".")[0].removeprefix("src/").removesuffix("/__init__").replace("/", ".")
