"""The function that a table of routes names beside a path: `r.Post("/orders", s.createOrder)`.

Invariant: pure; what is written out at the route itself names no function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import LinkKind
from surefoot.links.found import Found, found

HANDLED = 0.9  # the score of a function that is named there
REACH = 200  # characters behind the path, on its line, in which the function is named

_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|@|#)[A-Za-z_$][\w$]*)*")
_WRITTEN_OUT = re.compile(r"=>|\bfunc(?:tion)?\b|\blambda\b|\basync\b|\bdo\b|\{|\|")
_ACTION = re.compile(r"[\"'](?:[\w/]*/)?(\w{1,60})[#@](\w{1,60})[\"']")  # `"orders#show"`, `"OrderController@show"`
_PAIR = re.compile(r"(\w{1,60})::class\s{0,4},\s{0,4}[\"'](\w{1,60})[\"']")
_FIRST = frozenset({"python", "rust"})  # there names of arguments follow, or further methods
_NONE = frozenset(
    {
        "view_func",
        "endpoint",
        "methods",
        "name",
        "nil",
        "None",
        "null",
        "true",
        "false",
        "this",
        "self",
        "to",
        "get",
        "post",
        "put",
        "delete",
    }
)
_MADE = re.compile(r"\.(?:as_view|bind)\Z")


def handler_at(language: str, text: str, at: int, line: int) -> Iterator[Found]:
    """What is named behind a path that ends `at` a position, if that is no function that is written out there."""
    end = text.find("\n", at)
    rest = text[at : min(end if end >= 0 else len(text), at + REACH)].lstrip("\"'`")
    name = _action(rest) or ("" if _WRITTEN_OUT.search(rest) else _named(language, rest))
    if name:
        yield found(LinkKind.SYMBOL, name, line, HANDLED)


def _action(rest: str) -> str:
    """A method of a controller, as Rails and Laravel have it."""
    action = _ACTION.search(rest)
    if action is not None:
        owner = "".join(part.capitalize() for part in action[1].split("_")) if "#" in action[0] else action[1]
        return f"{owner}Controller.{action[2]}" if "#" in action[0] else f"{owner}.{action[2]}"
    pair = _PAIR.search(rest)
    return f"{pair[1]}.{pair[2]}" if pair is not None else ""


def _named(language: str, rest: str) -> str:
    names = [name for name in _NAME.findall(rest) if name not in _NONE]
    if not names:
        return ""
    name = _MADE.sub("", names[0] if language in _FIRST else names[-1])
    owner, _, own = name.replace("::", ".").rpartition(".")
    owner = owner.rpartition(".")[2]
    return f"{owner}.{own}" if owner[:1].isupper() else own
