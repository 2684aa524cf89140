"""What a text says of the workspace, each with a verdict against the tree now: the guard for anybody's answers.

    find places and names -> pair those that stand together -> judge names -> judge places -> put into order

Invariant: nothing outside of the roots, ignored or secret is read or spoken of; every place that is returned exists.

What is an alarm and what is none is the policy of three modules: `files` for paths, `symbols` for names, `beside` and
`standing` for a name at a place. A verdict is `valid`; `moved` for what stands elsewhere, with the place to write;
`changed` for a file without the lines; `missing` for what is not there, with the nearest that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from surefoot.checks.beside import paired
from surefoot.checks.files import Files
from surefoot.checks.hosted import Hosted
from surefoot.checks.names import WrittenName, written_names
from surefoot.checks.places import Checking, Stated, is_ours, judged_place
from surefoot.checks.saying import Saying
from surefoot.checks.standing import Lines, around, holds
from surefoot.checks.symbols import Judgement, Symbols
from surefoot.checks.units import units_of
from surefoot.checks.words import Words
from surefoot.checks.written import WrittenPlace, written_places
from surefoot.domain import CheckedMention, CitedKind, SymbolKind, TextCheck, Verdict
from surefoot.errors import QueryError
from surefoot.retrieve.named import parts_of_name
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.words import fold

LONGEST_TEXT = 2_000_000  # characters: several seconds of work, and more than any assistant writes


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out about a tree, for whoever checks several texts against it."""

    files: Files
    symbols: Symbols
    hosted: Hosted


def known_of(tree: WorkingTree, words: Words | None = None, files: Files | None = None) -> Known:
    """Nothing yet. `words` are those that count as being there; all of the tree, by default."""
    return Known(files or Files(tree), Symbols(tree, words), Hosted(tree.indexes))


def check_text(text: str, tree: WorkingTree, known: Known | None = None) -> TextCheck:
    """Give every path, place and name of the tree that a text mentions its verdict. Raises QueryError if too long."""
    if len(text) > LONGEST_TEXT:
        raise QueryError(f"The text has {len(text):,} characters and at most {LONGEST_TEXT:,} are checked; cut it up.")
    units = units_of(text)
    known = known or known_of(tree)
    checking = Checking(text, tree, known.files, known.symbols, known.hosted, Saying(text, units))
    places = [each for each in written_places(text) if is_ours(checking, each, is_code=units.is_code(each.extent[0]))]
    names = written_names(text, units)
    pairs = paired(text, places, names, units)
    at_lines = {name for place, name in pairs.name_of.items() if places[place].has_lines}
    judged = [checking.symbols.judge(name, is_placed=number in at_lines) for number, name in enumerate(names)]
    found: list[CheckedMention] = []
    at_place: dict[int, WrittenPlace] = {}
    for number, place in enumerate(places):
        beside = pairs.name_of.get(number)
        stated = _stated(checking, place, names, judged, beside)
        stated = replace(stated, is_defined=number in pairs.defining)
        mention = judged_place(checking, place, stated)
        if mention is not None:
            found.append(mention)
            if beside is not None:
                at_place[beside] = place
    spoken_for = _Covered(len(text), found)
    for number, (name, judgement) in enumerate(zip(names, judged, strict=True)):
        if judgement is not None and not spoken_for.overlaps(name):
            mention = _judged_name(checking, name, judgement, at_place.get(number))
            found += [mention] if mention is not None else []
    return TextCheck(tuple(sorted(found, key=lambda mention: (mention.start, mention.end))))


class _Covered:
    """Which characters are those of a place: a file name in backticks is no attribute."""

    def __init__(self, length: int, mentions: Sequence[CheckedMention]) -> None:
        self._taken = bytearray(length)
        for mention in mentions:
            self._taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)

    def overlaps(self, name: WrittenName) -> bool:
        return any(self._taken[name.extent[0] : name.extent[1]])


def _stated(
    checking: Checking,
    place: WrittenPlace,
    names: Sequence[WrittenName],
    judged: Sequence[Judgement | None],
    beside: int | None,
) -> Stated:
    """What is said to stand at a place: the name beside it, or that of a stack trace."""
    if beside is not None:
        judgement = judged[beside]
        meant = _meant(checking, names[beside], judgement) or _of_variable(checking, place, names[beside])
        is_known = judgement is None or judgement.verdict is not Verdict.MISSING
        return Stated(names[beside].last if is_known else "", meant)
    frame = place.symbol.rpartition(".")[2]
    if not frame.isidentifier():
        return Stated()
    return Stated(frame, checking.symbols.definitions([frame]), is_frame=True)


def _of_variable(checking: Checking, place: WrittenPlace, name: WrittenName) -> tuple[Definition, ...]:
    """`v.ReadInConfig` beside a file that defines ReadInConfig: whatever `v` is, that one is meant."""
    if len(name.parts) != 2 or not name.parts[0][:1].islower() or not name.is_compound:
        return ()
    where = checking.whereabouts(place)
    found = checking.symbols.definitions([name.last]) if where is not None else ()
    return tuple(each for each in found if where and (each.index, each.symbol.span.path) in where.files)


def _meant(checking: Checking, name: WrittenName, judgement: Judgement | None) -> tuple[Definition, ...]:
    """The definitions of a name, or those of the one that should have been written."""
    if judgement is None:
        return ()
    if judgement.definitions or not judgement.instead:
        return judgement.definitions
    parts = [*name.parts[: judgement.part], judgement.instead, *name.parts[judgement.part + 1 :]]
    known = checking.symbols
    return known.definitions(parts) or known.inherited(parts) or known.definitions([parts[-1]])


def _judged_name(
    checking: Checking, name: WrittenName, judgement: Judgement, place: WrittenPlace | None
) -> CheckedMention | None:
    begin, end = name.extent
    mention = CheckedMention(name.text, begin, end, CitedKind.SYMBOL, judgement.verdict, reason=judgement.reason)
    if judgement.verdict is Verdict.MISSING:
        has_lines = place is not None and place.has_lines
        if not has_lines and _is_excused(checking, name, is_near=bool(judgement.instead)):
            return None
        better = _at_lines(checking, name, judgement, place)
        return _with_definition(checking, replace(mention, correction=_rewritten(name, better)), name, better, place)
    if not judgement.definitions:
        return _other_member(checking, name, judgement, place)
    correction = judgement.instead if judgement.verdict is Verdict.MOVED else ""
    return _with_definition(checking, replace(mention, correction=correction), name, judgement, place)


def _is_excused(checking: Checking, name: WrittenName, *, is_near: bool) -> bool:
    """Whether the text does not say that there is such a thing here, or says whose it is, and that is nobody here."""
    if checking.saying.is_excused(name, is_near=is_near):
        return True
    owner = checking.saying.owner_of(name, is_near=is_near)
    if not owner or any(fold(owner) == fold(index.root.path.name) for index in checking.tree.indexes):
        return False
    known = checking.symbols.definitions(parts_of_name(owner))
    return all(each.symbol.kind is SymbolKind.STRING for each in known)  # a heading


def _other_member(
    checking: Checking, name: WrittenName, judgement: Judgement, place: WrittenPlace | None
) -> CheckedMention | None:
    """A member that the class may have from outside of the tree, said to stand where it defines another one."""
    lines = checking.lines_at(place) if place is not None and place.has_lines else None
    if lines is None or holds(checking.tree, lines, name.last, ()):
        return None
    assumed = Judgement(Verdict.MISSING, part=len(name.parts) - 1, reason=f"{name.last} is not in these lines.")
    better = _at_lines(checking, name, assumed, place)
    return _judged_name(checking, name, better, place) if better.instead else None


def _at_lines(checking: Checking, name: WrittenName, judgement: Judgement, place: WrittenPlace | None) -> Judgement:
    """Of a class that has no such member, the member that the lines beside it define, unless the nearest is there."""
    lines = checking.lines_at(place) if place is not None and place.has_lines else None
    symbol = around(checking.tree, lines) if lines is not None else None
    if symbol is None or judgement.part != len(name.parts) - 1:
        return judgement
    near = _meant(checking, name, judgement)
    if any(_is_at(each, lines) for each in near):
        return judgement
    owner = name.parts[-2] if len(name.parts) > 1 else ""
    is_same_owner = owner == symbol.container.rpartition(".")[2] and bool(owner)
    return replace(judgement, instead=symbol.name) if is_same_owner else judgement


def _is_at(definition: Definition, lines: Lines | None) -> bool:
    if lines is None or (definition.index, definition.symbol.span.path) != lines.file:
        return False
    return definition.symbol.span.start <= lines.last and lines.first <= definition.symbol.span.end


def _rewritten(name: WrittenName, judgement: Judgement) -> str:
    """The name with the part that was wrong as it should be written."""
    if not judgement.instead:
        return ""
    at = 0
    for number, part in enumerate(name.parts):
        at = name.text.find(part, at)
        if number == judgement.part:
            return name.text[:at] + judgement.instead + name.text[at + len(part) :]
        at += len(part)
    return judgement.instead


def _with_definition(
    checking: Checking, mention: CheckedMention, name: WrittenName, judgement: Judgement, place: WrittenPlace | None
) -> CheckedMention:
    """The mention with where the definition stands, the one at the place beside it if that is one of them."""
    lines = checking.lines_at(place) if place is not None and place.has_lines else None
    known = checking.standing(_meant(checking, name, judgement), lines.file if lines else None)
    if not known:
        return mention
    here = next((each for each in known if _is_at(each, lines)), known[0])
    symbol = here.symbol
    return replace(mention, root=here.index.root, span=symbol.span, symbol=symbol.qualified_name)
