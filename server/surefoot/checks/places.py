"""The verdict on one written place: its file, its lines, and the name that is said to stand there.

Invariant: a correction is the place as it was written, with another path or other numbers in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import quote

from surefoot.checks.files import File, Files, Whereabouts, is_claim, is_product
from surefoot.checks.hosted import Hosted
from surefoot.checks.saying import Saying
from surefoot.checks.standing import Lines, holds, nearest, whole_or_first
from surefoot.checks.symbols import Symbols
from surefoot.checks.users_files import is_data
from surefoot.checks.words import pattern_of
from surefoot.checks.written import NOWHERE, WrittenPlace
from surefoot.domain import CheckedMention, CitedKind, Span, Verdict
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.syntax.languages import is_document, language_of

MOST_STANDING = 40  # definitions of one name that are looked at; a hundred classes have an `__init__`


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text says of a place: the name that stands there, with what it may mean, and how that is said."""

    name: str = ""  # empty where no name stands beside it, or one that is not there at all
    definitions: tuple[Definition, ...] = ()
    is_frame: bool = False  # a stack trace says so
    is_defined: bool = False  # the text says that it is defined there, not only named


@dataclass(frozen=True, slots=True)
class Checking:
    """One text and the tree that it is checked against."""

    text: str
    tree: WorkingTree
    files: Files
    symbols: Symbols
    hosted: Hosted
    saying: Saying

    def whereabouts(self, place: WrittenPlace) -> Whereabouts | None:
        """What a path means; None where it is none of ours."""
        path = self.hosted.path(place) if place.link else place.path
        return self.files.find(path) if path else None

    def lines_at(self, place: WrittenPlace) -> Lines | None:
        """The lines of a place in the first file that has them."""
        where = self.whereabouts(place)
        for file in where.files if where is not None and not where.is_folder else ():
            if place.last <= len(self.tree.lines(*file)):
                return Lines(file, place.first, place.last)
        return None

    def standing(self, definitions: tuple[Definition, ...], file: File | None) -> list[Definition]:
        """Those of the definitions that are there now, the ones in a file first."""
        index, path = file if file is not None else (None, "")
        here = [each for each in definitions if each.index is index and each.symbol.span.path == path]
        some = [*here, *(each for each in definitions if each not in here)] if here else list(definitions)
        now = (self.tree.standing(each) for each in some[: len(here) + MOST_STANDING])
        return [each for each in now if each is not None]


def is_ours(checking: Checking, place: WrittenPlace, *, is_code: bool) -> bool:
    """Whether a written path is one of the tree, or says that it is."""
    where = checking.whereabouts(place)
    if where is None or (where.is_slip and is_product(place, checking.text)):
        return False
    if where.files:
        return True
    if not place.has_lines and where.instead is None and checking.saying.shows_file(place.path):
        return False
    if not place.has_lines and where.instead is None and _is_of_package(checking, place.path):
        return False
    return is_claim(place, checking.text, checking.files, is_code=is_code)


def _is_of_package(checking: Checking, path: str) -> bool:
    """Whether the top folder of a path is no folder here and a package that the text speaks of."""
    top = path.replace("\\", "/").partition("/")[0]
    folder = checking.files.find(f"{top}/")
    is_here = top == path or (folder is not None and folder.is_folder)
    return not is_here and checking.saying.is_package(top)


def judged_place(checking: Checking, place: WrittenPlace, stated: Stated) -> CheckedMention | None:
    """The verdict on a place; None where it says nothing of the tree."""
    where = checking.whereabouts(place)
    if where is None:
        return None
    if not place.has_lines and is_data(place.path):
        # What code defines is only set there.
        stated = replace(stated, definitions=tuple(each for each in stated.definitions if is_data(_path_of(each))))
    if not where.files:
        return _absent(checking, place, stated, where)
    if where.is_folder:
        return _folder(checking, place, where)
    present = _with_lines if place.has_lines else _whole_file
    mention = present(checking, place, stated, where)
    if where.is_slip and where.instead is not None and mention.verdict is Verdict.VALID:
        right = rewritten(checking, place, where.instead, None)
        reason = f"The file is written {where.instead[1]}."
        return replace(mention, verdict=Verdict.MISSING, correction=right, reason=reason)
    return mention


def _mention(checking: Checking, place: WrittenPlace, verdict: Verdict, reason: str = "") -> CheckedMention:
    begin, end = place.extent
    kind = CitedKind.LINES if place.has_lines else CitedKind.PATH
    return CheckedMention(checking.text[begin:end], begin, end, kind, verdict, reason=reason)


def _folder(checking: Checking, place: WrittenPlace, where: Whereabouts) -> CheckedMention | None:
    index, path = where.files[0]
    if place.has_lines or ("/" not in place.path and "\\" not in place.path):
        return None
    return replace(_mention(checking, place, Verdict.VALID), root=index.root, span=Span(path, 0, 0))


def _whole_file(checking: Checking, place: WrittenPlace, stated: Stated, where: Whereabouts) -> CheckedMention:
    """A file without lines: it holds the name beside it, or that has moved to where it is defined."""
    holding = [file for file in where.files if _holds_word(checking, file, stated.name)]
    # A document that a name links to explains it, and does not say that it is defined there.
    if not stated.name or holding or not stated.definitions or _is_prose(where.files[0]):
        return _at_file(checking, _mention(checking, place, Verdict.VALID), (holding or where.files)[0])
    target = nearest(checking.standing(stated.definitions, None), None, 0)
    if target is None:
        return _at_file(checking, _mention(checking, place, Verdict.VALID), where.files[0])
    return _moved(checking, place, stated, target)


def _path_of(definition: Definition) -> str:
    return definition.symbol.span.path


def _is_prose(file: File) -> bool:
    return is_document(file[1], language_of(file[1]))


def _holds_word(checking: Checking, file: File, name: str) -> bool:
    return bool(name) and bool(pattern_of(name).search("\n".join(checking.tree.lines(*file))))


def _at_file(checking: Checking, mention: CheckedMention, file: File) -> CheckedMention:
    index, path = file
    count = len(checking.tree.lines(index, path))
    return replace(mention, root=index.root, span=Span(path, 1 if count else 0, count))


def _with_lines(checking: Checking, place: WrittenPlace, stated: Stated, where: Whereabouts) -> CheckedMention:
    has_them = [
        Lines(file, place.first, place.last) for file in where.files if place.last <= len(checking.tree.lines(*file))
    ]
    known = checking.standing(stated.definitions, where.files[0]) if stated.definitions else []
    right = next((lines for lines in has_them if _is_right(checking, lines, stated, known)), None)
    if right is not None:
        return _followed(checking, place, right) or _valid(checking, place, right, known)
    target = nearest(known, where.files[0], place.first)
    if target is not None:
        return _moved(checking, place, stated, target)
    index, path = where.files[0]
    count = len(checking.tree.lines(index, path))
    if not count:  # too large, no text or behind a link: it is there, and nothing more is known
        return _at_file(checking, _mention(checking, place, Verdict.VALID), where.files[0])
    mention = _mention(checking, place, Verdict.CHANGED, f"{path} has {_counted(count)} now.")
    return replace(mention, root=index.root, span=Span(path, 1, count))


def _counted(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines:,} lines"


def _is_right(checking: Checking, lines: Lines, stated: Stated, known: list[Definition]) -> bool:
    if not stated.name or not known:
        return True  # without a definition there is no place that would be right
    if not stated.is_defined and not stated.is_frame:
        return holds(checking.tree, lines, stated.name, known)
    return holds(checking.tree, lines, "", known)


def _valid(checking: Checking, place: WrittenPlace, lines: Lines, known: list[Definition]) -> CheckedMention:
    index, path = lines.file
    symbol = nearest(known, lines.file, lines.first)
    mention = replace(_mention(checking, place, Verdict.VALID), symbol=symbol.symbol.qualified_name if symbol else "")
    return replace(mention, root=index.root, span=Span(path, lines.first, lines.last))


def _followed(checking: Checking, place: WrittenPlace, lines: Lines) -> CheckedMention | None:
    """A link to lines at a commit: where these lines stand now, if not where they stood."""
    if not place.link:
        return None
    index, path = lines.file
    text = checking.tree.lines(index, path)
    begin, end = place.extent
    first = checking.hosted.lines_now(index, place, checking.text[begin:end], text)
    if first is None or first == place.first:
        return None
    if first == 0:
        mention = _mention(checking, place, Verdict.CHANGED, f"These lines are no longer in {path}.")
        return replace(mention, root=index.root, span=Span(path, 1, len(text)))
    span = Span(path, first, first + place.last - place.first)
    mention = _mention(checking, place, Verdict.MOVED, f"These lines are now {span}.")
    return replace(mention, root=index.root, span=span, correction=str(span))


def _moved(checking: Checking, place: WrittenPlace, stated: Stated, target: Definition) -> CheckedMention:
    symbol = target.symbol
    span = whole_or_first(symbol, is_range=place.last_at != NOWHERE)
    where = str(span) if place.has_lines else span.path
    mention = _mention(checking, place, Verdict.MOVED, f"{symbol.qualified_name} is in {where}.")
    file = (target.index, span.path)
    correction = rewritten(checking, place, file, span)
    return replace(mention, root=target.index.root, span=span, symbol=symbol.qualified_name, correction=correction)


def _absent(checking: Checking, place: WrittenPlace, stated: Stated, where: Whereabouts) -> CheckedMention:
    """A file that is not there: the name beside it says where its content went, or else the file that is nearest."""
    target = nearest(checking.standing(stated.definitions, where.instead), where.instead, place.first)
    if target is not None and not stated.is_frame:
        return _kept_lines(checking, place, stated, target) or _moved(checking, place, stated, target)
    reason = f"There is no file {place.path}."
    if where.instead is None:
        return _mention(checking, place, Verdict.MISSING, reason)
    index, path = where.instead
    lines = checking.tree.lines(index, path)
    verdict = Verdict.MOVED if where.is_elsewhere else Verdict.MISSING
    has_lines = place.last <= len(lines)
    correction = rewritten(checking, place, where.instead, None) if has_lines else ""
    reason = f"{reason[:-1]}; {path} is{' the nearest' if not where.is_elsewhere else ''}."
    mention = replace(_mention(checking, place, verdict, reason), correction=correction)
    if place.has_lines and has_lines:
        return replace(mention, root=index.root, span=Span(path, place.first, place.last))
    return _at_file(checking, mention, where.instead)


def _kept_lines(checking: Checking, place: WrittenPlace, stated: Stated, target: Definition) -> CheckedMention | None:
    """Only the file is written wrongly: in the right one the lines hold the name."""
    file = (target.index, target.symbol.span.path)
    lines = Lines(file, place.first, place.last)
    if not place.has_lines or place.last > len(checking.tree.lines(*file)):
        return None
    if not holds(checking.tree, lines, "", [target]):
        return None
    reason = f"There is no file {place.path}; {target.symbol.qualified_name} is in {target.symbol.span}."
    mention = replace(_mention(checking, place, Verdict.MOVED, reason), symbol=target.symbol.qualified_name)
    correction = rewritten(checking, place, file, None)
    return replace(mention, root=file[0].root, span=Span(file[1], place.first, place.last), correction=correction)


def rewritten(checking: Checking, place: WrittenPlace, file: File, span: Span | None) -> str:
    """The place as it was written, with the path of the file and the numbers of the span where it has some."""
    parts = [(place.path_at, _path_for(checking, place, file))]
    if span is not None and place.has_lines:
        parts.append((place.first_at, str(span.start)))
        parts += [(place.last_at, str(span.end))] if place.last_at != NOWHERE else []
    begin, end = place.extent
    out, at = "", begin
    for (start, stop), new in sorted(parts):
        out += checking.text[at:start] + new
        at = stop
    return out + checking.text[at:end]


def _path_for(checking: Checking, place: WrittenPlace, file: File) -> str:
    """The path to write: as it is where it means this file, else absolute where it was, else from the root."""
    index, path = file
    where = checking.whereabouts(place)
    if where is not None and file in where.files and not where.is_slip:
        return checking.text[place.path_at[0] : place.path_at[1]]
    is_address = checking.text[place.extent[0] : place.path_at[0]].find("://") >= 0
    absolute = (index.root.path / path).as_posix()
    if place.link:
        return _below_top(checking, index.root.path, path)
    if is_address:
        return quote(absolute, safe="/:~")
    return absolute if PurePath(place.path).is_absolute() else path


def _below_top(checking: Checking, root: PurePath, path: str) -> str:
    top = checking.hosted.top(str(root))
    absolute = root / path
    relative = absolute.relative_to(top).as_posix() if top and absolute.is_relative_to(top) else path
    return quote(relative, safe="/~")
