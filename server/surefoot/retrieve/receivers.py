"""What a call is made on, and which class that is: `deposits.hold(…)` is the `hold` of the type that `deposits` has.

Layers of one service repeat the names of their methods, and a name alone would lead from each to all of them. The
type stands where the field, the parameter or the variable is declared, in the same file.

Invariant: pure; a receiver whose type nothing tells has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from surefoot.words import stems_of

_CALLED = re.compile(
    r"(?<![\w@])(?P<new>new\s{1,4})?(?:(?P<on>\w{1,60})(?P<call>\([^()\n]{0,80}\))?(?:[!?]?\.|->|::)\s{0,80})?"
    r"(?P<name>[A-Za-z_]\w{2,60})(?:<[\w\[\], |]{1,80}>)?\("
)
_CAPITAL = re.compile(r"\b[A-Z]\w+")
_OWN = frozenset({"this", "self", "super", "cls", "Self"})
_TYPE = r"(?:[a-z]\w{0,60}(?:\.|::))?([A-Z]\w{2,60}(?:[<\[][A-Z]\w{2,60})?)"
# `X x`, `X<Y> x`; `x: X`, `x: &mut X`, `x *pkg.X`; `x = new X(`, `x = inject(X)`, `x := pkg.NewX(`.
_FORMS = (
    r"(?<![\w.])([A-Z]\w{2,60}(?:<[^<>\n]{0,80})?)>?[?&*]{0,2}\s{1,4}[&*$]{0,2}NAME\s{0,4}[=;,){:]",
    rf"(?<![\w.])NAME[?!]?\s{{0,4}}:?\s{{0,8}}[&*]?(?:mut |dyn )?{_TYPE}",
    rf"(?<![\w.])NAME\s{{0,4}}:?=\s{{0,8}}(?:await |new |inject\(|\w{{1,40}}\.New)?{_TYPE}",
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a text. `on` is the name that it is made on, if it is one; `line` counts from 0."""

    name: str
    line: int
    on: str = ""
    is_member: bool = False  # of what a call returned, or of a name

    @property
    def is_own(self) -> bool:
        """Whether it is made on the object itself, or on nothing."""
        return not self.is_member


def calls_in(text: str) -> Iterator[Call]:
    """The calls of a text, in the order of their lines."""
    for line, written in enumerate(text.split("\n")):
        for match in _CALLED.finditer(written):
            before = written[: match.start()].rstrip()[-1:]
            on = match["on"] or ""
            if match["call"] or (not on and before == "."):
                yield Call(match["name"], line, is_member=True)
            elif match["new"] or on in _OWN:
                yield Call(match["name"], line)
            else:
                yield Call(match["name"], line, on, bool(on))


def declared_types(text: str, name: str) -> list[str]:
    """The type of a field, a parameter or a variable, as the text of its file declares it, and what it is a type of."""
    found = (re.search(form.replace("NAME", re.escape(name)), text) for form in _FORMS)
    declared = next((match[1] for match in found if match is not None), "")
    return _CAPITAL.findall(declared)


def declared_with(text: str, name: str) -> frozenset[str]:
    """The fields, parameters and variables of a file that are declared with a type."""
    escaped = re.escape(name)
    before = (
        rf"(?<![\w.]){escaped}(?:<[^<>\n]{{0,80}}>)?[?&*]{{0,2}}\s{{1,4}}[&*$]{{0,2}}([a-z_]\w{{0,60}})\s{{0,4}}[=;,)]"
    )
    behind = (
        rf"(?<![\w.])(\w{{1,60}})[?!]?\s{{0,4}}(?::|=\s{{0,8}}inject\()\s{{0,8}}[&*]?(?:\w{{1,60}}[<\[.])?{escaped}\b"
    )
    go = rf"(?m)^\s{{1,8}}(\w{{1,60}})\s{{1,20}}\*?(?:\w{{1,60}}\.)?{escaped}\s*$"
    return frozenset(match[1] for form in (before, behind, go) for match in re.finditer(form, text))


def is_alike(container: str, receiver: str) -> bool:
    """Whether a thing is called after its class, as most are: `deposits` for `DepositService`."""
    stems = stems_of(receiver)
    return bool(stems) and stems <= stems_of(container)
