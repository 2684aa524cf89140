"""Tickets, paths, names, commits and addresses in text that people wrote, word by word.

Texts repeat their words, so what a word names is remembered; and a word is looked into only for what it has the
characters of. That makes this a small part of taking a document apart.

Invariant: pure functions; a name counts for less the less it is written like code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from surefoot.domain import LinkKind
from surefoot.links.found import Found, found
from surefoot.links.tickets import ticket_addresses, ticket_ids

MARKED = 0.9  # a name in backticks
CALLED = 0.8  # followed by brackets, or of a shape that only code has
CAPITALS = 0.6  # `RetryPolicy`, which may be the name of a product too
FILE_ALONE = 0.7  # the name of a file without its folder
LONGEST_WORD = 300  # characters; longer ones are data

ENDINGS = (
    "py pyi js jsx mjs cjs ts tsx mts go rs java kt kts c h cc cpp cxx hh hpp cs rb php swift scala sh bash lua ex exs "
    "sql dart html htm css scss less json yaml yml toml md markdown mdx rst adoc txt proto graphql gql xml ini cfg "
    "vue svelte mmd mermaid puml plantuml dot gv drawio excalidraw ipynb pdf csv tf gradle cmake mk zig hs jl ml mli "
    "erl clj pl r m mm fs vb tpl tmpl jinja j2 erb hbs conf"
).split()

_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"'`\]|{}]+")
_PATH = re.compile(
    r"(?<![\w/.:@$~%-])((?:\.{0,2}/)?(?:[\w@+-][\w.@+-]*/|\.[\w-][\w.-]*/)+[\w.@+-]*\w\.[A-Za-z]\w{0,9})(?![\w/])"
)
_WINDOWS_PATH = re.compile(r"(?<![\w\\])((?:[A-Za-z]:\\)?(?:[\w.@+-]+\\)+[\w.@+-]*\w\.[A-Za-z]\w{0,9})(?![\w\\])")
_FILE = re.compile(rf"(?<![\w/.:@$~%\\-])([\w@+-][\w.@+-]*\.(?:{'|'.join(ENDINGS)}))(?![\w/\\-]|\.\w)")
_COMMIT = re.compile(r"(?<![\w/#.+=-])(?=[0-9a-f]*[a-f])(?=[a-f]*\d)[0-9a-f]{7,40}(?![\w+=-]|\.\w)")
_COMMIT_PAGE = re.compile(r"/(?:commit|commits)/([0-9a-f]{7,40})(?![0-9a-f])")
_BLOB_PAGE = re.compile(r"/(?:blob|tree|src|raw)/(?:branch/)?[^/\s]+/([^\s#?]+\.\w+)")
_MARKED = re.compile(r"`[~!]?([A-Za-z_$][\w$.:#>-]*)(?:\([^`]*\)?)?(?=`|$|\()")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$][\w$]*)*")
_CALL = re.compile(r"(?<![\w`./$-])([A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*)\(\)")
_SHAPED = re.compile(
    r"(?<![\w`./$@#-])([a-z]+[a-z0-9]*(?:_[a-z0-9]+)+|[A-Z]+[A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+[a-z0-9]*(?:[A-Z][a-z0-9]+)+"
    r"|(?:[A-Z][a-z0-9]+){2,}(?:\.[a-z_]\w+)?|[A-Z][A-Za-z0-9]*[a-z0-9](?:\.|::|#)[a-z_]\w+)(?![\w`$/-]|\.\w)"
)
_SHORTEST = 3  # letters of a name
_FRAME = re.compile(r", line \d+, in ([A-Za-z_]\w*)")  # of a stack trace
_DIGITS = re.compile(r"\d")


class _Words(dict[str, tuple[Found, ...]]):
    """Remembers what each word names; the lines are those of whoever asks."""

    MOST = 200_000  # words, some 30 MB; a larger vocabulary starts over

    def __missing__(self, word: str) -> tuple[Found, ...]:
        if len(self) >= self.MOST:
            self.clear()
        named = tuple(_in_word(word))
        self[word] = named
        return named


_words = _Words()


def in_prose(text: str) -> Iterator[Found]:
    """Everything that a text names, with the number of the line that names it."""
    for number, line in enumerate(text.split("\n")):
        if ", in " in line:
            yield from (found(LinkKind.SYMBOL, match[1], number, CALLED) for match in _FRAME.finditer(line))
        for word in line.split():
            for kind, target, _, score in _words[word]:
                yield Found(kind, target, number, score)


def _in_word(word: str) -> Iterator[Found]:
    bare = word.strip(".,;:!?()\"'*")
    is_plain = (bare.isalpha() and bare[1:].islower()) or (len(bare) < _SHORTEST and not _DIGITS.search(word))
    if is_plain or len(word) > LONGEST_WORD:
        return
    if "://" in word:
        yield from _addresses(word)
        word = _ADDRESS.sub(" ", word)
    if _DIGITS.search(word):
        yield from ticket_ids(word)
        yield from (found(LinkKind.COMMIT, match[0], 0) for match in _COMMIT.finditer(word))
    if "/" in word or "\\" in word or "." in word:
        yield from _paths(word)
    yield from _names(word)


def _addresses(word: str) -> Iterator[Found]:
    pages = list(ticket_addresses(word))
    yield from pages
    for match in _ADDRESS.finditer(word):
        named = _of_address(match[0].rstrip(".,;:!?)*_"))
        if named.kind is not LinkKind.URL or not pages:
            yield named


def _of_address(address: str) -> Found:
    page = _COMMIT_PAGE.search(address)
    if page is not None:
        return found(LinkKind.COMMIT, page[1], 0)
    blob = _BLOB_PAGE.search(address)
    if blob is not None:
        return found(LinkKind.PATH, unquote(blob[1]), 0, MARKED)
    return found(LinkKind.URL, address, 0)


def _paths(word: str) -> Iterator[Found]:
    """Files, with their folders or without; in a stack trace without what stood above the project."""
    if "/" in word:
        yield from (found(LinkKind.PATH, below_home(match[1]), 0) for match in _PATH.finditer(word))
    elif "\\" in word:
        for match in _WINDOWS_PATH.finditer(word):
            yield found(LinkKind.PATH, below_home(match[1].replace("\\", "/")), 0)
    yield from (found(LinkKind.PATH, match[1], 0, FILE_ALONE) for match in _FILE.finditer(word))


def below_home(path: str) -> str:
    """An absolute path is another machine's: its last folder and the name are what may be the same here."""
    if path.startswith("/") or path[1:3] == ":/":
        return "/".join(path.split("/")[-2:])
    return path


def _names(word: str) -> Iterator[Found]:
    """Names of code: in backticks, with brackets, or of code's shape."""
    if "`" in word:
        for match in _MARKED.finditer(word):
            marked = match[1]
            if (
                len(marked) >= _SHORTEST
                and _NAME.fullmatch(marked)
                and marked.rpartition(".")[2].lower() not in ENDINGS
            ):
                yield found(LinkKind.SYMBOL, marked, 0, MARKED)
    elif "()" in word:
        yield from (found(LinkKind.SYMBOL, match[1], 0, CALLED) for match in _CALL.finditer(word))
    elif "_" in word or word != word.lower():
        for match in _SHAPED.finditer(word):
            is_capitals = match[1][0].isupper() and not {"_", ".", ":", "#"} & set(match[1])
            yield found(LinkKind.SYMBOL, match[1], 0, CAPITALS if is_capitals else CALLED)
