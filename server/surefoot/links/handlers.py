"""The function that a table of routes names beside a path: `r.Post("/orders", s.createOrder)`.

Only what the call of the route is given counts: what is called on it afterwards, comments and quoted texts name others.

Invariant: pure; what is written out at the route itself names no function, nor does a call that is not read to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_RAILS = re.compile(r"\bcontroller:\s{0,4}[:\"'](\w{1,60})[\"']?\s{0,4},\s{0,4}action:\s{0,4}[:\"'](\w{1,60})")
_PHOENIX = re.compile(r"\s{0,4},\s{0,80}([A-Z][\w.]{0,100})\s{0,4},\s{0,80}:(\w{1,60})")  # `OrderController, :show`
_FIRST = frozenset({"python", "rust"})  # there names of arguments follow, or further methods
_METHODS = "get post put patch delete head options any all"
_NONE = frozenset(f"nil None null true false True False this self undefined name to urls {_METHODS}".split())
_ARGUMENT = re.compile(r"\b(?:view_func|endpoint|handler|view)\s{0,4}[=:]\s{0,4}(?=[A-Za-z_$])")
_MADE = re.compile(r"(?:\.(?:as_view|bind)|::class)\Z")
# What makes a handler of a function, and what is put around one: `chain(list, auth)`.
_MAKES_HANDLER = re.compile(r"\b(?:HandlerFunc|Then(?:Func)?)\(\s{0,20}\Z")
_PUT_AROUND = re.compile(
    r"(?:(?i:auth(?:n|z|ed|enticated?|orized?|entication|orization)?|log(?:ged|ging|ger)?|cors|csrf|gzip|mw"
    r"|recover(?:er|y|ed)?|rate_?limit\w*|\w*middlewares?)|(?:[Rr]equire|[Ww]ith|[Ee]nsure)(?:[A-Z_]\w*)?)\Z"
)
_IN_OBJECT = re.compile(r"\bhandler\s{0,4}:\s{0,4}([A-Za-z_$][\w$.]{0,100})\s{0,80}[,}]")
# What stands before the brace of an object; before that of a function stands something else. Go has its type there.
_BEFORE_OBJECT = MappingProxyType({"javascript": "(,[:", "python": "(,[:", "ruby": "(,[:%"})
# Where this stands before it, a name is a symbol, `as: :orders`, or the type of a list, `[]Middleware{auth}`.
_BEFORE_OTHERS = MappingProxyType({"ruby": ":", "go": "]"})

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
    bare, whole = _without_objects(language, bare), bare
    end = _end(bare)
    said = unnaming.sub(lambda match: match[0] if match["quoted"] else " " * len(match[0]), given)[:end]
    name = _action(language, said)
    if not name and not _WRITTEN_OUT.search(bare, 0, end):
        name = _named(language, bare, end) or _in_object(language, whole[:end])
    if name:
        yield found(LinkKind.SYMBOL, name, line, HANDLED)


def _without_objects(language: str, bare: str) -> str:
    """What is given, with spaces for all objects in it that are written to their end: they hold options."""
    begins: list[int] = []
    for brace in re.finditer(r"[{}]", bare):
        if brace[0] == "{":
            begins.append(brace.start())
        elif begins:
            begin = begins.pop()
            before = bare[:begin].rstrip()[-1:]
            is_object = before.isalnum() if language == "go" else before and before in _BEFORE_OBJECT.get(language, "")
            if is_object:
                bare = bare[:begin] + " " * (brace.end() - begin) + bare[brace.end() :]
    return bare


def _in_object(language: str, whole: str) -> str:
    """The function among the options of a route: `{ schema, handler: listOrders }`."""
    option = _IN_OBJECT.search(whole) if language == "javascript" else None
    return _own(option[1]) if option is not None else ""


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


def _action(language: str, said: str) -> str:
    """A method of a controller, as Rails, Phoenix and Laravel have it."""
    if language == "ruby":
        if phoenix := _PHOENIX.match(said):
            return f"{phoenix[1].rpartition('.')[2]}.{phoenix[2]}"
        if rails := _RAILS.search(said):
            return f"{_camel(rails[1])}Controller.{rails[2]}"
    action = _ACTION.search(said)
    if action is not None:
        return f"{_camel(action[1])}Controller.{action[2]}" if "#" in action[0] else f"{action[1]}.{action[2]}"
    pair = _PAIR.search(said)
    return f"{pair[1]}.{pair[2]}" if pair is not None else ""


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _named(language: str, bare: str, end: int) -> str:
    argument = _ARGUMENT.search(bare, 0, end)
    named = [
        each
        for each in _NAME.finditer(bare, argument.end() if argument is not None else 0, end)
        if each.end() < REACH  # one at the end may be cut
        and not _is_none(each[0], _then(bare, each))
        and bare[each.start() - 1 : each.start()] != _BEFORE_OTHERS.get(language)
    ]
    if argument is None and language not in _FIRST:
        return _own(_innermost(bare, named)) if named and end < REACH else ""
    # What stands around the function is called: `login_required(views.order)`.
    uncalled = [each for each in named if _then(bare, each) != "(" or _MADE.search(each[0])]
    return _own((uncalled or named)[0][0]) if named else ""


def _then(bare: str, name: re.Match[str]) -> str:
    """The character behind a name."""
    return bare[name.end() :].lstrip()[:1]


def _innermost(bare: str, named: Sequence[re.Match[str]]) -> str:
    """The function in the last argument that names anything: what is made a handler there, or the last that may be one.

    What is put around a function may stand behind it: `chain(list, auth)`.
    """
    begin = _begin_of_argument(bare, named[-1].start())
    inside = [each for each in named if each.start() >= begin]
    made = [each[0] for each in inside if _MADE.search(each[0]) or _MAKES_HANDLER.search(bare, 0, each.start())]
    values = [each[0] for each in inside if _then(bare, each) != "(" or bare[each.end() :].lstrip("( ")[:1] == ")"]
    return next(iter(made), None) or next(
        (each for each in reversed(values) if not _is_put_around(each)), inside[-1][0]
    )


def _begin_of_argument(bare: str, at: int) -> int:
    """Where the argument of the route begins that a position is in."""
    depth = begin = 0
    for step in re.finditer(r"[()\[\]{},]", bare[:at]):
        if step[0] == ",":
            begin = step.end() if not depth else begin
        else:
            depth += 1 if step[0] in "([{" else -1
    return begin


def _is_put_around(name: str) -> bool:
    return any(_PUT_AROUND.match(part) for part in _SEPARATOR.split(name)[-2:])


def _is_none(name: str, then: str) -> bool:
    """Whether a name is that of an argument or a word of the framework: `routing::get(…)`, but not `orders.get`."""
    own = _SEPARATOR.split(name)[-1]
    return then in {"=", ":"} or (own in _NONE and (own == name or then == "(" or own == "urls"))


def _own(name: str) -> str:
    """A name without its module, with its class."""
    owner, _, own = _MADE.sub("", name).replace("::", ".").rpartition(".")
    owner = owner.rpartition(".")[2]
    return f"{owner}.{own}" if owner[:1].isupper() else own
