"""The function that a table of routes names beside a path: `r.Post("/orders", s.createOrder)`.

Only what the call of the route is given counts: what is called on it afterwards, comments and quoted texts name others.

Invariant: pure; what is written out at the route itself names no function, nor does a call that is not read to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from surefoot.domain import LinkKind
from surefoot.links.found import Found, found

HANDLED = 0.9  # the score of a function that is named there
REACH = 200  # characters behind the path in which the function is named

_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|@|#)[A-Za-z_$][\w$]*)*")
_SEPARATOR = re.compile(r"\.|::|@|#")
# A function that is written out, or with `include` another table of routes.
_WRITTEN_OUT = re.compile(r"=>|\bfunc(?:tion)?\b|\blambda\b|\basync\b|\bdo\b|\{|\||\binclude\b")
_ACTION = re.compile(r"[\"'](?:[\w/]*/)?(\w{1,60})[#@](\w{1,60})[\"']")  # `"orders#show"`, `"OrderController@show"`
_PAIR = re.compile(r"(\w{1,60})::class\s{0,4},\s{0,4}[\"'](\w{1,60})[\"']")
_FIRST = frozenset({"python", "rust"})  # there names of arguments follow, or further methods
_METHODS = "get post put patch delete head options any all"
_NONE = frozenset(f"nil None null true false True False this self undefined name to urls {_METHODS}".split())
_ARGUMENT = re.compile(r"\b(?:view_func|endpoint|handler|view)\s{0,4}[=:]\s{0,4}(?=[A-Za-z_$])")
_MADE = re.compile(r"(?:\.(?:as_view|bind)|::class)\Z")

_QUOTED = r"(?P<quoted>\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|`[^`]*`?)"
_SLASHES = r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
_OTHERS = re.compile(rf"{_QUOTED}|{_SLASHES}")
_UNNAMING = MappingProxyType({
    "python": re.compile(rf"{_QUOTED}|#[^\n]*"),
    "ruby": re.compile(rf"{_QUOTED}|#[^\n]*"),
    "php": re.compile(rf"{_QUOTED}|{_SLASHES}|#(?!\[)[^\n]*"),
})  # fmt: skip
_STEP = re.compile(r"[()\[\]{}\n]")
_GOES_ON = (",", "(", "[")  # at the end of a line


def handler_at(language: str, text: str, at: int, line: int) -> Iterator[Found]:
    """What is named in a call from a position on, which is behind its path; not what is written out there."""
    given = text[at : at + REACH]
    unnaming = _UNNAMING.get(language, _OTHERS)
    bare = unnaming.sub(lambda match: " " * len(match[0]), given)
    end = _end(bare)
    said = unnaming.sub(lambda match: match[0] if match["quoted"] else " " * len(match[0]), given)[:end]
    name = _action(said) or ("" if _WRITTEN_OUT.search(bare, 0, end) else _named(language, bare, end))
    if name:
        yield found(LinkKind.SYMBOL, name, line, HANDLED)


def _end(bare: str) -> int:
    """Where the call ends: at the parenthesis that closes it, or with a line that does not go on."""
    depth = 0
    for step in _STEP.finditer(bare):
        if step[0] == "\n":
            if not bare[: step.start()].rstrip().endswith(_GOES_ON):
                return step.start()
        else:
            depth += 1 if step[0] in "([{" else -1
            if depth < 0:
                return step.start()
    return len(bare)


def _action(said: str) -> str:
    """A method of a controller, as Rails and Laravel have it."""
    action = _ACTION.search(said)
    if action is not None:
        owner = "".join(part.capitalize() for part in action[1].split("_")) if "#" in action[0] else action[1]
        return f"{owner}Controller.{action[2]}" if "#" in action[0] else f"{owner}.{action[2]}"
    pair = _PAIR.search(said)
    return f"{pair[1]}.{pair[2]}" if pair is not None else ""


def _named(language: str, bare: str, end: int) -> str:
    argument = _ARGUMENT.search(bare, 0, end)
    named = [
        (each[0], bare[each.end() :].lstrip()[:1])
        for each in _NAME.finditer(bare, argument.end() if argument is not None else 0, end)
        if each.end() < REACH  # one at the end may be cut
    ]
    named = [(name, then) for name, then in named if not _is_none(name, then)]
    if argument is not None or language in _FIRST:
        # What stands around the function is called: `login_required(views.order)`.
        uncalled = [(name, then) for name, then in named if then != "(" or _MADE.search(name)]
        name = (uncalled or named or [("", "")])[0][0]
    else:
        name = named[-1][0] if named and end < REACH else ""
    return _own(name)


def _is_none(name: str, then: str) -> bool:
    """Whether a name is that of an argument or a word of the framework: `routing::get(…)`, but not `orders.get`."""
    own = _SEPARATOR.split(name)[-1]
    return then in {"=", ":"} or (own in _NONE and (own == name or then == "(" or own == "urls"))


def _own(name: str) -> str:
    """A name without its module, with its class."""
    owner, _, own = _MADE.sub("", name).replace("::", ".").rpartition(".")
    owner = owner.rpartition(".")[2]
    return f"{owner}.{own}" if owner[:1].isupper() else own
