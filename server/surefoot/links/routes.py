"""Where code handles the operations of an interface, and where it calls them, as frameworks have them written.

Nearly all chunks are about something else, so each is first looked through for a few fixed words.

Invariant: pure and linear in the text; what is no address is no operation, whatever the function is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from surefoot.domain import Chunk, LinkKind, Source
from surefoot.links.found import SERVED, USED, Found, found, line_of
from surefoot.links.graphql import documents_in, fields_in
from surefoot.links.handlers import handler_at
from surefoot.links.operations import ANY, class_keys, described_in, operation, relative

UNSAID = 0.8  # the score where the method of a route is not said
OF_CLASS = 0.5  # for what the routes of a class begin with, at the class
IMPLIED = 0.7  # and where the route is made by rule, as those of a resource are

_METHODS = r"get|put|post|delete|patch|head|options"
_CLIENTS = re.compile(
    r"(?:axios|https?x?|client|requests|session|fetch\w*|api|got|ky|superagent|request|agent|rest\w*|\$)$",
    re.IGNORECASE,
)
# Patterns begin with what `re` looks for fast: a fixed text. What stands before it is looked at afterwards.
# Routes and calls, by the languages that write them so: `m` is the method, `p` the path, `on` what is called.
_P = r"[rfbFRB$@]{0,2}[\"'`](?P<p>[^\"'`\n]{0,300})[\"'`]"
_WITH_METHOD = r"[\"`](?:(?P<m>[A-Z]{3,7}) )?(?P<p>/[^\"`\s]{0,300})[\"`]"
_CALLED = (
    rf"\.(?P<m>{_METHODS}|all|any|del|GET|PUT|POST|DELETE|PATCH|Any|Get|Put|Post|Delete|Patch)"
    rf"(?:<[^<>\n()]{{0,80}}>)?\(\s{{0,80}}(?:[\w.]{{1,40}}\s{{0,8}}\+\s{{0,8}})?{_P}(?P<after>\s{{0,8}}[+,.)]?)"
)
_ON = re.compile(r"([\w$]{1,40}|\))\Z")  # what stands before such a call
_LONGEST_ON = 40
# A function that is given both, as a project's own client is, and some routers: `call("POST", "/orders")`.
_GIVEN_BOTH = (
    r"\(\s{0,80}(?:\w{1,20}\s{0,8},\s{0,80})?(?:http\.Method(?P<go>Get|Put|Post|Delete|Patch)"
    r"|[\"'](?P<m>GET|PUT|POST|DELETE|PATCH)[\"'])\s{0,8},\s{0,80}(?:[\w.]{1,40}\s{0,8}\+\s{0,8})?" + _P
)
_SERVES = re.compile(r"(?:handle\w*|method\w*|route|match|map)\Z", re.IGNORECASE)
_PATTERNS = MappingProxyType({
    "python": (
        rf"@[\w.]{{1,60}}\.(?P<m>{_METHODS}|route|api_route|websocket)\(\s{{0,80}}{_P}(?P<rest>[^\n]{{0,200}})",
        rf"path\((?:(?<![\w.]path\()|(?<=\bre_path\())\s{{0,80}}{_P}\s{{0,8}},\s{{0,80}}[\w.]",
        rf"url\((?<![\w.]url\()\s{{0,80}}{_P}\s{{0,8}},\s{{0,80}}[\w.]",
        rf"Route\((?<!\wRoute\()\s{{0,80}}{_P}(?P<rest>[^\n]{{0,200}})",
        rf"add_(?:url_rule|api_route)\(\s{{0,80}}{_P}(?P<rest>[^\n]{{0,200}})",
        rf"add_(?P<m>{_METHODS})\(\s{{0,80}}{_P}",
        _CALLED,
        _GIVEN_BOTH,
    ),
    "javascript": (
        rf"@(?P<m>Get|Put|Post|Delete|Patch|Head|Options|All)\(\s{{0,80}}(?:{_P})?\s{{0,80}}\)",
        rf"\bmethod:\s{{0,8}}[\"'](?P<m>[A-Z]{{3,7}})[\"'],\s{{0,80}}(?:url|path):\s{{0,8}}{_P}",
        rf"\bfetch\(\s{{0,80}}{_P}(?P<after>\s{{0,8}}[+,)]?)(?P<rest>[^;]{{0,120}})",
        rf"\b(?:url|uri):\s{{0,8}}{_P}(?P<after>\s{{0,8}}[+,]?)(?P<rest>\s{{0,40}}method:[^\n]{{0,40}})",
        rf"\.route\(\s{{0,8}}{_P}\s{{0,8}}\)\s{{0,80}}\.(?P<m>{_METHODS})\(",
        _CALLED,
        _GIVEN_BOTH,
    ),
    "java": (
        r"@(?P<m>Get|Put|Post|Delete|Patch|Request)Mapping(?:\((?P<rest>[^)\n]{0,200})\))?",
        rf"@Path\(\s{{0,8}}{_P}\)(?P<rest>[^{{;]{{0,200}})",
        rf"(?<![\w.@])(?P<m>get|put|post|delete|patch)\(\s{{0,8}}{_P}\s{{0,8}}\)\s{{0,8}}\{{",
        _GIVEN_BOTH,
    ),
    "csharp": (
        rf"\[Http(?P<m>Get|Put|Post|Delete|Patch)(?:\(\s{{0,8}}{_P})?",
        rf"\.Map(?P<m>Get|Put|Post|Delete|Patch)\(\s{{0,80}}{_P}",
        rf"\.(?P<used>Get|Put|Post|Delete|Patch)\w{{0,30}}Async(?:<[^<>\n]{{0,80}}>)?\(\s{{0,80}}{_P}(?P<after>\s{{0,8}}[+,)]?)",
    ),
    "ruby": (
        rf"^[ \t]*(?P<m>get|put|post|delete|patch|match)[ (]{{1,4}}{_P}",
        r"^[ \t]*(?P<many>resources?)[ (]{1,4}:(?P<p>\w{1,60})",
        _GIVEN_BOTH,
    ),
    "php": (
        rf"(?:Route::|\$(?:app|router|r|group)->)(?P<m>{_METHODS}|any)\(\s{{0,80}}{_P}",
        rf"Route::(?P<many>(?:apiR|r)esource)\(\s{{0,80}}{_P}",
        rf"#\[Route\(\s{{0,80}}(?:path:\s{{0,8}})?{_P}(?P<rest>[^\]\n]{{0,200}})",
        _GIVEN_BOTH,
    ),
    "go": (
        rf"\.(?:HandleFunc|Handle)\(\s{{0,80}}{_WITH_METHOD}(?P<rest>[^\n]{{0,200}})",
        _CALLED,
        _GIVEN_BOTH,
    ),
    "rust": (
        rf"\.route\(\s{{0,80}}{_P}\s{{0,8}},\s{{0,80}}(?:\w+::){{0,4}}(?P<m>{_METHODS})\(",
        rf"#\[(?P<m>{_METHODS})\(\s{{0,8}}{_P}",
        _CALLED,
    ),
})  # fmt: skip
_SAME = MappingProxyType({
    "typescript": "javascript", "tsx": "javascript", "vue": "javascript", "svelte": "javascript",
    "kotlin": "java", "scala": "java", "elixir": "ruby",
})  # fmt: skip
_COMPILED = {
    name: tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns) for name, patterns in _PATTERNS.items()
}
_CALLS = (".get(", ".post(", ".put(", ".patch(", ".delete(")
_METHODS_GIVEN = tuple(
    f"{quote}{method}{quote}," for quote in "\"'" for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
)
# One of these stands in every chunk with a route; a chunk without is not looked at further.
_MARKS = MappingProxyType({
    "python": (*_CALLS, *_METHODS_GIVEN, "path(", "route(", "url(", "Route(", "add_", ".options(", ".head("),
    "javascript": (
        *_CALLS, *_METHODS_GIVEN, ".get<", ".post<", ".put<", ".patch<", ".delete<", "fetch(", "url:", "path:",
        ".all(", ".del(", "@Controller(", "@Get", "@Post", "@Put", "@Delete", "@Patch", ".route(",
    ),
    "java": (*_METHODS_GIVEN, "Mapping", "@Path", "get(\"", "post(\"", "put(\"", "delete(\"", "patch(\""),
    "csharp": ("[Http", "[Route(", ".Map", "Async"),
    "ruby": (*_METHODS_GIVEN, "get ", "post ", "put ", "patch ", "delete ", "resource", "match "),
    "php": (*_METHODS_GIVEN, "Route", "->"),
    "go": (
        *_METHODS_GIVEN, "http.Method", "Handle", ".GET(", ".POST(", ".PUT(", ".DELETE(", ".PATCH(", ".Get(", ".Post(",
        ".Put(", ".Patch(", ".Delete(", ".Any(",
    ),
    "rust": ("route(", "#[", *_CALLS),
})  # fmt: skip
_WITH_SLASH = frozenset({"python", "go", "rust", "php"})  # there a route has one, but for those of Django
_SAID = re.compile(
    r"\b(?:methods?\b[\s:=(\[{]{0,6}|Methods\(\s{0,4}|RequestMethod\.)[\"'\[]{0,2}(?:RequestMethod\.)?([A-Za-z]{3,7})\b"
)
_SAID_BY_NAME = re.compile(r"@(GET|PUT|POST|DELETE|PATCH)\b")
# The path among the arguments of an annotation: the first one, or the one that is called so.
_GIVEN_PATH = re.compile(r"(?:^[^=\"']{0,100}|\b(?:value|path)\s{0,4}=[^=\"']{0,80})[\"']([^\"'\n]{0,300})[\"']")
_PREFIX = re.compile(
    r"(?:\bprefix|\burl_prefix)\s{0,4}=\s{0,4}[\"']([^\"'\n]{1,200})[\"']"
    r"|@Controller\(\s{0,8}[\"'`]([^\"'`\n]{1,200})[\"'`]"
    # Of Spring's arguments, the path may be any; each of those before it has one form, so that nothing is read twice.
    r"|@(?:RequestMapping|Path)\(\s{0,80}"
    r"(?:(?:\w{1,20}\s{0,4}=\s{0,4}(?:\"[^\"\n]{0,200}\"|\{[^{}()]{0,200}\}|\[[^\[\]()]{0,200}\]|[\w.]{1,80})\s{0,4},"
    r"\s{0,80}){0,6}(?:value|path)\s{0,4}=\s{0,4})?[{\[]?\s{0,8}[\"']([^\"'\n]{1,200})[\"']\s{0,80}(?:[,}\]][^()]{0,300})?\)"
    r"(?=(?:\s{0,80}@\w+(?:\([^()\n]{0,200}\))?){0,8}\s{0,80}(?:public |abstract |open |final |data ){0,3}class\b)"
    r"|\[Route\(\s{0,8}@?\"([^\"\n]{1,200})\"(?:\s{0,4},[^()\n]{0,200})?\)\s{0,4}[\],]"
    r"(?=[^{};]{0,200}?\bclass\s{1,8}(?P<controller>\w{1,100}))"
)
# What ASP.NET has the name of a class and of its method in place of.
_CONTROLLER = re.compile(r"\[controller\]", re.IGNORECASE)
_ACTION = re.compile(r"/?\[action\]", re.IGNORECASE)
# What a resource of Rails or Laravel has: method, and whether one of the resource is meant.
_RESOURCE = (("GET", ""), ("POST", ""), ("GET", "/{}"), ("PATCH", "/{}"), ("PUT", "/{}"), ("DELETE", "/{}"))
_WITH_CLASSES = frozenset({"java", "javascript", "csharp"})  # there a class may have the beginning of its routes
_UNSAID = frozenset({"route", "api_route", "all", "any", "request", "match", "websocket"})


def operations_in(chunk: Chunk) -> Iterable[Found]:
    """The operations that a chunk describes, handles or calls."""
    if chunk.source is Source.DESIGNS:
        return described_in(chunk)
    if chunk.source is not Source.CODE:
        return ()
    language = _SAME.get(chunk.language, chunk.language)
    text = chunk.text
    if language == "graphql":  # a file of what is asked for; one that has types is a design
        return documents_in(text)
    return [*_served_or_called(language, text), *fields_in(text)]


def _served_or_called(language: str, text: str) -> Iterable[Found]:
    if language in _WITH_SLASH and "/" not in text and "path(" not in text:
        return ()
    for mark in _MARKS.get(language, ()):
        if mark in text:
            return _routes(language, text)
    return ()


def _routes(language: str, text: str) -> Iterator[Found]:
    prefix = _PREFIX.search(text) if "refix" in text or "class" in text else None
    before = _beginning(prefix) if prefix is not None else ""
    if prefix is not None:
        line = line_of(text, prefix.start())
        yield from (Found(LinkKind.OPERATION, key, line, OF_CLASS) for key in class_keys(before))
    seen = set()  # where paths stand that an earlier pattern has read
    for pattern in _COMPILED[language]:
        place = "p" if "p" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            is_prefix = prefix is not None and prefix.start() <= match.start() < prefix.end()
            if not is_prefix and match.start(place) not in seen:
                yield from _operations(language, text, match, before)
            seen.add(match.start(place))


def _beginning(prefix: re.Match[str]) -> str:
    """What the routes of a class begin with, as far as the class tells."""
    written = next(filter(None, prefix.groups()), "")
    if not prefix["controller"]:
        return written
    name = prefix["controller"].removesuffix("Controller").lower()
    return _ACTION.sub("", _CONTROLLER.sub(name, written))


def _operations(language: str, text: str, match: re.Match[str], prefix: str) -> Iterator[Found]:
    groups = match.groupdict()
    method, rest = groups.get("m") or groups.get("used") or groups.get("go") or "", groups.get("rest") or ""
    path = groups.get("p")
    is_use = bool(groups.get("used")) or match[0].startswith("fetch")
    if path is None:
        quoted = _GIVEN_PATH.search(rest)
        path = quoted[1] if quoted is not None else ""
    path = _ACTION.sub("", path) if language == "csharp" else path
    if (groups.get("after") or "").strip() in {"+", "."} and path.endswith("/"):
        path += "{}"
    if match.re.pattern in {_CALLED, _GIVEN_BOTH}:
        if "/" not in path or not path.startswith(("/", "http", "{", "$")):
            return  # `settings.get("a/b")`
        is_use = _is_use(text, match)
    line = line_of(text, match.start())
    if prefix and not is_use:
        path = f"{prefix.rstrip('/')}/{path.lstrip('/')}"
    if groups.get("many"):
        for said, end in _RESOURCE:
            yield from _found(said, path + end, line, IMPLIED)
        return
    method = _said(method, rest, is_use=is_use)
    yield from _found(method, path, line, USED if is_use else UNSAID if method == ANY else SERVED)
    if not prefix and match[0].startswith(("@", "[")) and language in _WITH_CLASSES:
        yield Found(LinkKind.OPERATION, relative(method, path), line, SERVED)
    if not is_use and not match[0].startswith(("@", "[", "#")):  # those stand above their function
        yield from handler_at(language, text, _behind(text, match), line)


def _behind(text: str, match: re.Match[str]) -> int:
    """Where its function is named: behind the path, or in a call on what has it, `.route("/orders").put(f)`."""
    at = match.end("p") + 1
    return match.end() if match.groupdict().get("m") and ")" in text[at : match.end("m")] else at


def _is_use(text: str, match: re.Match[str]) -> bool:
    """Whether what stands before such a call is a client and no router."""
    if match.re.pattern == _CALLED:
        on = _ON.search(text, max(0, match.start() - _LONGEST_ON), match.start())
        return on is not None and _CLIENTS.search(on[1]) is not None
    before = text[max(0, match.start() - _LONGEST_ON) : match.start()]
    return _SERVES.search(before.partition("<")[0]) is None


def _said(method: str, rest: str, *, is_use: bool) -> str:
    if method and method.lower() not in _UNSAID:
        return "DELETE" if method == "del" else method.upper()
    said = _SAID.search(rest) or _SAID_BY_NAME.search(rest)
    if said is not None:
        return said[1].upper()
    return "GET" if is_use else ANY


def _found(method: str, path: str, line: int, score: float) -> Iterator[Found]:
    target = operation(method, path)
    if target:
        yield found(LinkKind.OPERATION, target, line, score)
