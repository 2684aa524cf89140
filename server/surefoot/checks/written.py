r"""What a text says of files: paths, and the lines beside them in every style that people and programs write.

    `path:12`, `path:12-30`, `path:12:5`, `path#L12-L30`, `path(12,5)`, "path (lines 12-30)", "path, line 12",
    "lines 12 to 30 of path", `File "path", line 12, in name`, `at name (path:12:5)`, links to files and hosts of git

Invariant: everything that is found stands in the text at its offsets; the text is read a fixed number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

Extent = tuple[int, int]  # character offsets, the end exclusive
NOWHERE: Extent = (-1, -1)


@dataclass(frozen=True, slots=True)
class WrittenPlace:
    """A path as it stands in a text, with its lines where some are named. `where` of a number is its offsets."""

    extent: Extent
    path: str
    path_at: Extent
    first: int = 0  # 0: no lines are named
    last: int = 0
    first_at: Extent = NOWHERE
    last_at: Extent = NOWHERE  # nowhere: one line
    symbol: str = ""  # the function that a stack trace names
    link: str = ""  # the address that the path was cut out of: its host, owner and repository

    @property
    def has_lines(self) -> bool:
        """Whether lines are named."""
        return self.first > 0


_NUMBER = r"\d{1,7}"
_DASH = r"[-\u2010-\u2015]"
_LINE = r"(?:\blines?\s{0,3}+|\bLl?\.?\s?+)"


def _worded(group: int) -> str:
    """Lines as one says them; the numbers are the groups f and t of this number."""
    return (
        rf"{_LINE}(?P<f{group}>{_NUMBER})(?!\d)"
        rf"(?:\s{{0,3}}+(?:{_DASH}|to|and|through|until)\s{{0,3}}+(?:{_LINE})?(?P<t{group}>{_NUMBER})(?!\d))?+"
    )


_CLOSE = r"[`\"'*_\])]{0,3}+"
_ATTACHED = (
    rf":L?+(?P<f1>{_NUMBER})(?:[:.]\d{{1,5}}(?!\d))?+(?:\s?+{_DASH}\s?+L?+(?P<t1>{_NUMBER})(?::\d{{1,5}})?+)?+(?![\w])"
    rf"|(?:\?[\w=&-]{{1,40}}+)?+\#L(?P<f2>{_NUMBER})(?:C\d{{1,5}})?+(?:-L?+(?P<t2>{_NUMBER})(?:C\d{{1,5}})?+)?+(?!\w)"
    rf"|\#lines-(?P<f3>{_NUMBER})(?::(?P<t3>{_NUMBER}))?+(?!\w)"
    rf"|\((?P<f4>{_NUMBER})(?:,\s?\d{{1,5}}|{_DASH}(?P<t4>{_NUMBER}))?+\)"
)
_AFTER = (
    rf"{_CLOSE}(?:\s{{0,3}}+[,(:\[\u2014|-]?+\s{{0,3}}+)(?:(?:at|on|in|around|near|see|from)\s++)?+(?:the\s++)?+"
    + _worded(5)
    + r"[)\]]?+"
)
_PATH = (
    r"(?<![\w$@~+./\\-])(?:[A-Za-z]:(?=[\\/]))?+"
    r"(?P<path>(?:[\w$@~+./\\-]|\[[\w.-]{1,60}+\](?=[/.\\])|(?<=/)\([\w-]{1,40}+\)(?=/))++)"
)
_BARE = re.compile(rf"{_PATH}(?:(?:{_ATTACHED})|(?:{_AFTER}))?+", re.IGNORECASE)
# The closing mark may stand between a path and the lines that are attached to it: `path`:12, **path**:12.
_MARKED = re.compile(rf"{_PATH}[`*\"']{{1,3}}+(?:{_ATTACHED})", re.IGNORECASE)
_BEFORE = re.compile(
    rf"{_worded(6)}\s{{1,3}}+(?:of|in|from|inside)\s{{1,3}}+(?:the\s++)?+(?:file\s++)?+[`\"'*\[]{{0,3}}+{_PATH}",
    re.IGNORECASE,
)
_PATH_LIKE = re.compile(r"[^./\\]\.\w|[/\\]|^[A-Z][A-Za-z]+file$|^[A-Z]{4,}$")  # else it is a word of a sentence
_FENCED_PLACE = re.compile(
    rf"^[ \t]*+`{{3,}}+(?P<f7>{_NUMBER}):(?P<t7>{_NUMBER}):(?P<path>[^\s`]{{1,300}}+)[ \t]*+$", re.MULTILINE
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,30}+://[^\s<>\"'`|\u200b]{1,2000}+", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"\b(?:data|mailto|urn|node):[^\s<>\"'`]{1,2000}+|[\w.+-]{1,64}+@[\w-]{1,64}+\.[\w.-]{1,64}+"
    r"|(?<![\w./-])(?:[\w-]{1,60}+\.){1,4}(?:com|org|net|dev|io|edu|gov|ai|app|co|uk|de|fr|eu|me|info)(?=[/:])[^\s<>\"'`|)]{1,500}+",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"(?:file|vscode(?:-insiders)?|vscodium|cursor|windsurf|zed|idea|subl)://(?:file|localhost)?", re.I)
_HOSTED = re.compile(
    r"https?://(?P<repo>[^/]++/[^#?]+?)/(?:-/)?(?:blob|tree|blame|raw|edit|src(?:/(?:commit|branch|tag))?)/"
    r"(?P<ref>[^/#?]++)/(?P<path>[^#?]++)",
    re.IGNORECASE,
)
_ADDRESS_LINES = re.compile(
    rf"(?:\#L(?P<f1>{_NUMBER})(?:-L?(?P<t1>{_NUMBER}))?|\#lines-(?P<f2>{_NUMBER})(?::(?P<t2>{_NUMBER}))?"
    rf"|:(?P<f3>{_NUMBER})(?:-(?P<t3>{_NUMBER})|:\d+)?)$"
)
_PYTHON_FRAME = re.compile(rf"File \"[^\"\n]{{1,400}}+\", line {_NUMBER}, in (?P<name>[\w<>.]{{1,200}}+)")
_OTHER_FRAME = re.compile(
    r"\bat (?:async |new )?(?P<name>[\w$.<>]{1,200}+)(?: \[as [\w$.]{1,100}+\])? ?\((?=[^()\n]{1,400}:\d)"
)


def written_places(text: str) -> list[WrittenPlace]:
    """All that is written as a path or a place, in the order of the text and without overlaps."""
    found: list[WrittenPlace] = []
    taken = bytearray(len(text))
    for place in (*_addresses(text), *_foreign(text), *_numbered(text), *_plain(text)):
        begin, end = place.extent
        if not any(taken[begin:end]):
            taken[begin:end] = b"\1" * (end - begin)
            if place.path:
                found.append(place)
    found.sort(key=lambda place: place.extent)
    return _with_frames(text, found)


def _addresses(text: str) -> Iterator[WrittenPlace]:
    """Links: those to files become places, all others only cover their part of the text."""
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?*_")
        address = _without_unopened(address)
        extent = (match.start(), match.start() + len(address))
        yield _local(address, extent) or _hosted(address, extent) or WrittenPlace(extent, "", extent)


def _without_unopened(address: str) -> str:
    """A bracket that closes what was opened before the address does not belong to it."""
    for opening, closing in ("()", "[]", "{}"):
        cut = address.find(closing)
        if cut >= 0 and opening not in address[:cut]:
            address = address[:cut]
    return address.rstrip(".,;:!?*_")


def _local(address: str, extent: Extent) -> WrittenPlace | None:
    scheme = _LOCAL.match(address)
    if scheme is None:
        return None
    path_from = scheme.end()
    if re.match(r"/[A-Za-z](?::|%3A)/", address[path_from:]):  # the slash before a drive belongs to the address
        path_from += 1
    return _of_address(address, extent, path_from, "")


def _hosted(address: str, extent: Extent) -> WrittenPlace | None:
    match = _HOSTED.match(address)
    return _of_address(address, extent, match.start("path"), match["repo"]) if match else None


def _of_address(address: str, extent: Extent, path_from: int, link: str) -> WrittenPlace:
    lines = _ADDRESS_LINES.search(address)
    path_to = len(address)
    for mark in "#?":
        cut = address.find(mark, path_from)
        path_to = min(path_to, cut if cut >= 0 else path_to)
    if lines:
        path_to = min(path_to, lines.start())
    begin = extent[0]
    place = WrittenPlace(extent, unquote(address[path_from:path_to]), (begin + path_from, begin + path_to), link=link)
    return _with_lines(place, lines, begin) if lines else place


def _foreign(text: str) -> Iterator[WrittenPlace]:
    for match in _NOT_OURS.finditer(text):
        yield WrittenPlace(match.span(), "", match.span())


def _numbered(text: str) -> Iterator[WrittenPlace]:
    for pattern in (_FENCED_PLACE, _BEFORE, _MARKED):
        for match in pattern.finditer(text):
            begin = match.start("f7") if pattern is _FENCED_PLACE else match.start()
            end = match.end("path") if pattern is _FENCED_PLACE else match.end()
            yield _with_lines(_place(text, match, (begin, end)), match, 0)


def _plain(text: str) -> Iterator[WrittenPlace]:
    for match in _BARE.finditer(text):
        place = _with_lines(_place(text, match, match.span()), match, 0)
        if place.has_lines or _PATH_LIKE.search(place.path):
            yield place


def _place(text: str, match: re.Match[str], extent: Extent) -> WrittenPlace:
    begin, end = match.span("path")
    drive = match.start() if text[match.start() : match.start() + 2].endswith(":") else begin
    path = text[drive:end]
    if extent[1] == end:  # the full stop of the sentence, and the dash before a number
        path = path.rstrip(".-\\") or path
        extent = (extent[0], drive + len(path))
    return WrittenPlace(extent, path, (drive, drive + len(path)))


def _with_lines(place: WrittenPlace, match: re.Match[str], shift: int) -> WrittenPlace:
    groups = match.re.groupindex
    first = next((name for name in groups if name[0] == "f" and name[1:].isdigit() and match[name]), None)
    if first is None:
        return place
    last = f"t{first[1:]}"
    has_last = last in groups and match[last] is not None and int(match[last]) >= int(match[first])
    number = int(match[first])
    return replace(
        place,
        first=max(1, number),
        last=max(1, int(match[last]) if has_last else number),
        first_at=(match.start(first) + shift, match.end(first) + shift),
        last_at=(match.start(last) + shift, match.end(last) + shift) if has_last else NOWHERE,
    )


def _with_frames(text: str, places: list[WrittenPlace]) -> list[WrittenPlace]:
    """The places of stack traces with the names of their functions."""
    names: dict[int, str] = {}  # by an offset inside of the place, or where it begins
    for match in _PYTHON_FRAME.finditer(text):
        names[match.start() + len('File "')] = match["name"]
    for match in _OTHER_FRAME.finditer(text):
        names[match.end()] = match["name"]
    return [
        replace(place, symbol=names[place.path_at[0]]) if names.get(place.path_at[0]) and place.has_lines else place
        for place in places
    ]
