"""Operations of interfaces: one normal form, which of them may be the same, and where designs describe them.

A router is often mounted under a prefix that another file names, so that of one operation the code has `GET /{}` or
`GET /orders/{}` and the design `GET /api/orders/{}`: keys are compared by the ends of their paths.

Invariant: pure; a key is the same however the parameters of its path are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import Chunk, LinkKind, Source
from surefoot.links.found import SERVED, Found, found, line_of
from surefoot.links.graphql import described_in_graphql

ANY = "ANY"  # the method of a route that does not say which
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CLASS = "CLASS"  # in place of a method, for what all routes of a class begin with
BELOW = "~"  # in front of what a method of such a class adds to that
CONTINUED = 0.5  # the score of an operation in the later parts of a long one
LONGEST_PATH = 300
_MOST_PARTS = 12  # of a path that ends are made of

_METHOD = r"(?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|TRACE|QUERY)"
_OPERATION = re.compile(rf"{_METHOD} \S")
_HOST = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s]*")
# A parameter in any framework: Django's groups and `<int:id>`, `:id`, `{id}`, `${id}`, `#{id}`, `%s`, `*rest`, `[id]`.
_PARAMETER = re.compile(
    r"\(\?P?<\w+>[^()]*\)|\([^()]*\)\??|[$#]?\{[^{}]*\}|<[^<>/]*>|(?<=/)[:*]\w*\??|%[sd]|\[[^\[\]/]*\]|\$\w+|(?<=/)\*+"
)
_IN_PATH = re.compile(r"/[\w{}.~:@!$&'*+,;=%/-]*\Z")
_HAS_NAME = re.compile(r"[A-Za-z]")

_PATH_KEY = re.compile(r"^[ \t]*[\"']?(/[^\"'\s:]*)[\"']?[ \t]*:", re.MULTILINE)
_METHOD_KEY = re.compile(r"(?:^|[\s{,])[\"']?(get|put|post|delete|patch|head|options|trace|query)[\"']?[ \t]*:[\s{]")
_RPC = re.compile(r"^[ \t]*rpc[ \t]+(\w+)|^[ \t]*service[ \t]+(\w+)", re.MULTILINE)
_HTTP_RULE = re.compile(r"\b(get|put|post|delete|patch)[ \t]*:[ \t]*\"(/[^\"\n]{1,300})\"")


def path_of(written: str) -> str:
    """A path as keys have it: "/orders/{}"; empty where what is written can be no path of an operation."""
    if len(written) > LONGEST_PATH:
        return ""
    path = _HOST.sub("", written.strip().lstrip("^"), count=1).split("?" if "(?" not in written else "\0", 1)[0]
    path = f"/{(path.partition('#')[0] if '#{' not in path else path).lstrip('/')}"
    path = _PARAMETER.sub("{}", path).rstrip("$/")
    if path.startswith("/{}/") and not written.startswith("/"):
        path = path[3:]  # what stands in front is the address of the server
    return path if _IN_PATH.match(path) and _HAS_NAME.search(path) else ""


def operation(method: str, written: str) -> str:
    """The operation by its method and its path as it is written; empty where it is none."""
    path = path_of(written)
    return f"{method.upper()} {path}" if path else ""


def relative(method: str, written: str) -> str:
    """An operation as a method of a class has it, of which another chunk has the beginning: "GET ~/{}", "POST ~"."""
    path = _PARAMETER.sub("{}", f"/{written.strip().lstrip('/')}").rstrip("/")
    return f"{method.upper()} {BELOW}{path}" if not path or _IN_PATH.match(path) else ""


def class_keys(written: str) -> tuple[str, ...]:
    """What the routes of a class begin with, also without its first parts: a design may not have those."""
    parts = path_of(written).strip("/").split("/")[:_MOST_PARTS]
    ends = (f"/{'/'.join(parts[start:])}" for start in range(len(parts)))
    return tuple(f"{CLASS} {end}" for end in ends if _HAS_NAME.search(end))


def within_classes(key: str) -> dict[str, frozenset[str]]:
    """For each beginning that an operation may have in the route of a class, what is left for a method of it."""
    method, _, path = key.partition(" ")
    parts = path.strip("/").split("/")[:_MOST_PARTS]
    found: dict[str, frozenset[str]] = {}
    for cut in range(1, len(parts) + 1):
        rest = "".join(f"/{part}" for part in parts[cut:])
        methods = METHODS if method == ANY else (method, ANY)
        for start in range(cut):
            begin = f"/{'/'.join(parts[start:cut])}"
            if _HAS_NAME.search(begin):
                found[f"{CLASS} {begin}"] = frozenset(f"{each} {BELOW}{rest}" for each in methods)
    return found


def operation_keys(key: str) -> tuple[str, ...]:
    """The keys under which an operation may stand elsewhere, the likeliest first: itself, any method, ends of its path.

    Ends have a word of their own: `GET /{}` may be anything.
    """
    method, space, path = key.partition(" ")
    if not space:
        return (key,)
    parts = path.strip("/").split("/")[-_MOST_PARTS:]
    ends = [f"/{'/'.join(parts[start:])}" for start in range(len(parts))]
    methods = (method,) if method == ANY else (method, ANY)
    named = [end for end in ends if _HAS_NAME.search(end)]
    return tuple(f"{each} {end}" for end in [path, *named] for each in methods if end != path or end is path)


def likeness(one: str, other: str) -> float:
    """How likely two keys are the same operation: 1 where they are equal, less by the end of a path, 0 if not."""
    (method, space, path), (method_too, space_too, path_too) = one.partition(" "), other.partition(" ")
    if not space or not space_too:
        return float(one.lower() == other.lower())
    if method != method_too and ANY not in (method, method_too):
        return 0.0
    of_method = 1.0 if method == method_too else 0.8
    shorter, longer = sorted((path.rstrip("/"), path_too.rstrip("/")), key=len)
    if shorter == longer:
        return of_method
    if not longer.endswith(shorter) or not _HAS_NAME.search(shorter):
        return 0.0
    left_out = longer.count("/") - shorter.count("/")
    return of_method * max(0.5, 0.9 - 0.1 * left_out)


def handler_names(key: str) -> tuple[str, ...]:
    """What functions that handle a GraphQL field or a gRPC call are named: `order`, `resolve_order`, `GetOrder`."""
    owner, dot, name = key.rpartition(".")
    if not dot or " " in key or not name:
        return ()
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    camel = name[0].lower() + name[1:]
    names = [f"{owner}.{name}", f"{owner}Resolver.{name}", f"{owner}Resolvers.{name}", f"{owner}Servicer.{name}"]
    names += [f"{owner}Impl.{camel}", f"{owner}Server.{name}", name, camel, snake]
    names += [f"resolve_{snake}", f"resolve{name[0].upper()}{name[1:]}"]
    return tuple(dict.fromkeys(names))


def described_in(chunk: Chunk) -> Iterator[Found]:
    """The operations that a chunk of a design describes."""
    if chunk.source is not Source.DESIGNS:
        return
    if chunk.language in {"yaml", "json"}:
        yield from _of_interface(chunk)
    elif chunk.language == "protobuf":
        yield from _of_protobuf(chunk)
    elif chunk.language == "graphql":
        yield from described_in_graphql(chunk)


def _of_interface(chunk: Chunk) -> Iterator[Found]:
    """Of OpenAPI; the name of the chunk tells it, and tells it of a path that the chunk before has the line of."""
    if not _OPERATION.match(chunk.symbol):
        return
    method, _, path = chunk.symbol.partition(" ")
    named = [(match.start(), match[1]) for match in _PATH_KEY.finditer(chunk.text)]
    key = next((match for match in _METHOD_KEY.finditer(chunk.text) if match[1] == method.lower()), None)
    at = key.start(1) if key is not None else named[0][0] if named else 0
    score = SERVED if key is not None else CONTINUED
    target = operation(method, path)
    if target:
        yield found(LinkKind.OPERATION, target, line_of(chunk.text, at), score)


def _of_protobuf(chunk: Chunk) -> Iterator[Found]:
    service = chunk.symbol.split(".")[-1 if "service " in chunk.text else 0] if chunk.symbol else ""
    for match in _RPC.finditer(chunk.text):
        if match[2]:
            service = match[2]
        elif service:
            yield found(LinkKind.OPERATION, f"{service}.{match[1]}", line_of(chunk.text, match.start(1)), SERVED)
    for match in _HTTP_RULE.finditer(chunk.text):
        target = operation(match[1], match[2])
        if target:
            yield found(LinkKind.OPERATION, target, line_of(chunk.text, match.start()), SERVED)
