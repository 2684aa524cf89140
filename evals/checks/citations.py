"""Makes citations of a project as an assistant would write them, and breaks half of them, each in a known way.

Invariant: what is made depends on the project and the seed alone; a good citation is true of the tree as it is left.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from surefoot.domain import Symbol, SymbolKind

# As the sentences of answers go. `lines` is "12" or "12-30", as the style wants it.
SINGLE = (
    "`{name}` in {path}:{first} does this.",
    "The work is done at {path}:{first} (`{name}`).",
    "- `{name}`: what you are looking for ({path}:{first})",
    "See `{path}`, line {first}, for `{name}`.",
    "In {path}:{first}, `{name}` takes care of that.",
    "| `{name}` | the part that matters | {path}:{first} |",
    "Read [`{name}`]({path}#L{first}) for the details.",
    "The definition of `{name}` is found at `{path}:{first}`.",
    "`{name}` (vscode://file{root}/{path}:{first}) is the entry.",
    "**{path}:{first}** — `{name}` is the heart of it.",
)
RANGES = (
    "`{name}` is defined in `{path}` (lines {first}-{last}).",
    "{path}:{first}-{last} holds `{name}`.",
    "Lines {first} to {last} of {path} define `{name}`.",
    "`{name}`, {path}#L{first}-L{last}, is where it happens.",
    "1. **`{name}`** (`{path}:{first}-{last}`)",
    "`{name}`: https://github.com/someone/{project}/blob/main/{path}#L{first}-L{last}",
)
FILES_ONLY = (
    "The file `{path}` has what you want.",
    "All of that is in {path}, as far as it matters.",
)
KINDS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE})
SIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|spec|examples?|docs?|benchmarks?|scripts|fixtures|types|testdata|dist)(?:/|$)"
    r"|[._-](?:test|spec)\.|\.d\.ts$|_test\.|Test\."
)
SHORTEST = 4  # lines of a definition that is cited


@dataclass(frozen=True, slots=True)
class Made:
    """One sentence with one citation. `right` are the strings that may be written instead; none where nothing is."""

    sentence: str
    kind: str  # "good", or how it was broken
    right: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.kind == "good"


@dataclass(slots=True)
class Project:
    """A working copy, and the definitions in it that are cited."""

    root: Path
    name: str
    symbols: dict[str, list[Symbol]]  # by path, in the order of the lines
    random: random.Random
    edits: list[Callable[[], None]] = field(default_factory=list)  # made once all sentences are written

    def lines(self, path: str) -> list[str]:
        """The lines of a file."""
        return (self.root / path).read_text("utf-8", "surrogateescape").split("\n")


def citable(symbols: dict[str, list[Symbol]]) -> dict[str, list[Symbol]]:
    """Definitions with a qualified name of their own, long enough to be cited, outside of tests and examples."""
    counts: dict[str, int] = {}
    for found in symbols.values():
        for symbol in found:
            counts[symbol.qualified_name] = counts.get(symbol.qualified_name, 0) + 1
    return {
        path: kept
        for path, found in sorted(symbols.items())
        if not SIDE.search(path)
        and (
            kept := [
                symbol
                for symbol in found
                if symbol.kind in KINDS
                and counts[symbol.qualified_name] == 1
                and len(symbol.name) > SHORTEST
                and not symbol.name.startswith("__")
                and symbol.name.isidentifier()
                and symbol.span.end - symbol.span.start >= SHORTEST
            ]
        )
    }


def made(project: Project, count: int) -> list[Made]:
    """Half good, half broken in turn in each of the ways. The edits of the project are still to be carried out."""
    paths = [path for path, found in citable(project.symbols).items() if found]
    project.random.shuffle(paths)
    movable = [path for path in paths if _top_level(project, path)]
    reserved = movable[: max(2, len(movable) // 4)]
    kept = [path for path in paths if path not in reserved]
    chosen = _chosen(project, kept)
    styles = cycle(_shuffled(project, [*SINGLE, *RANGES]))
    out = [_good(project, next(chosen), next(styles)) for _ in range(count // 2)]
    ways = cycle((_wrong_line, _near_miss, _past_end, _wrong_case, _wrong_member, _wrong_folder, _misspelt_path))
    gone = list(_gone(project, reserved, kept, styles, max(3, count // 6)))
    out += gone
    while len(out) < count:
        broken = next(ways)(project, next(chosen), next(styles))
        if broken is not None:
            out.append(broken)
    project.random.shuffle(out)
    return out


def _shuffled(project: Project, items: Sequence[str]) -> list[str]:
    mixed = list(items)
    project.random.shuffle(mixed)
    return mixed


def _chosen(project: Project, paths: Sequence[str]) -> Iterator[Symbol]:
    every = [symbol for path in paths for symbol in citable(project.symbols)[path]]
    project.random.shuffle(every)
    return cycle(every)


def _written(project: Project, style: str, name: str, path: str, first: int, last: int) -> str:
    return style.format(name=name, path=path, first=first, last=last, root=project.root, project=project.name)


def _true(project: Project, symbol: Symbol, style: str, name: str = "", path: str = "") -> str:
    first = symbol.span.start if "{last}" in style else symbol.name_line
    return _written(project, style, name or symbol.qualified_name, path or symbol.span.path, first, symbol.span.end)


def _place(project: Project, style: str, path: str, first: int, last: int) -> str:
    """The part of the style that is the place."""
    found = re.search(
        r"(?:vscode|https)://\S*\{last\}|vscode://\S*\{first\}|Lines \{first\} to \{last\} of \{path\}"
        r"|\{path\}`?,? \(?lines? \{first\}(?:-\{last\}\))?|\{path\}[:#]L?\{first\}(?:-L?\{last\})?",
        style,
    )
    return _written(project, found.group() if found else "{path}", "", path, first, last)


def _good(project: Project, symbol: Symbol, style: str) -> Made:
    # Some cite only a part of the definition, which is as good.
    if "{last}" in style and project.random.random() < 0.3:
        end = project.random.randint(symbol.name_line, symbol.span.end)
        return Made(_written(project, style, symbol.qualified_name, symbol.span.path, symbol.name_line, end), "good")
    if project.random.random() < 0.1:
        style = project.random.choice(FILES_ONLY)
    return Made(_true(project, symbol, style), "good")


def _right(project: Project, symbol: Symbol, style: str, path: str = "", shift: int = 0) -> str:
    first = symbol.span.start if "{last}" in style else symbol.name_line
    return _place(project, style, path or symbol.span.path, first + shift, symbol.span.end + shift)


def _wrong_line(project: Project, symbol: Symbol, style: str) -> Made | None:
    lines = project.lines(symbol.span.path)
    length = symbol.span.end - symbol.span.start if "{last}" in style else 0
    name = re.compile(rf"\b{re.escape(symbol.name)}\b")
    starts = [
        start
        for start in range(1, len(lines) - length)
        if (start > symbol.span.end or start + length < symbol.span.start)
        and not any(name.search(line) for line in lines[start - 1 : start + length])
    ]
    if not starts:
        return None
    start = project.random.choice(starts)
    sentence = _written(project, style, symbol.qualified_name, symbol.span.path, start, start + length)
    return Made(sentence, "wrong line", (_right(project, symbol, style),))


def _past_end(project: Project, symbol: Symbol, style: str) -> Made:
    first = len(project.lines(symbol.span.path)) + project.random.randint(5, 400)
    length = symbol.span.end - symbol.span.start
    sentence = _written(project, style, symbol.qualified_name, symbol.span.path, first, first + length)
    return Made(sentence, "past the end", (_right(project, symbol, style),))


def _near_miss(project: Project, symbol: Symbol, style: str) -> Made | None:
    wrong = _typo(symbol.name, project.random)
    if _is_known(project, wrong):
        return None
    return _renamed(project, symbol, style, wrong, "typo in the name")


def _wrong_case(project: Project, symbol: Symbol, style: str) -> Made | None:
    wrong = symbol.name[0].swapcase() + symbol.name[1:]
    if _is_known(project, wrong) or wrong == symbol.name:
        return None
    return _renamed(project, symbol, style, wrong, "wrong case of the name")


def _wrong_member(project: Project, symbol: Symbol, style: str) -> Made | None:
    """A method that some other class has, said of this one, at the place of one that it has."""
    owner = symbol.container.rpartition(".")[2]
    every = [each for found in project.symbols.values() for each in found]
    classes = {each.qualified_name for each in every if each.kind in {SymbolKind.CLASS, SymbolKind.STRUCT}}
    if symbol.container not in classes:
        return None
    own = {word for path in {each.span.path for each in every if each.name == owner} for word in _words(project, path)}
    others = sorted(
        {
            each.name
            for each in every
            if each.kind is SymbolKind.METHOD
            and each.container != symbol.container
            and each.name not in own
            and len(each.name) > SHORTEST
            and each.name.isidentifier()
        }
    )
    if not others:
        return None
    return _renamed(project, symbol, style, project.random.choice(others), "wrong method of the right class")


def _words(project: Project, path: str) -> set[str]:
    return set(re.findall(r"\w+", "\n".join(project.lines(path))))


def _renamed(project: Project, symbol: Symbol, style: str, wrong: str, kind: str) -> Made:
    name = symbol.qualified_name[: -len(symbol.name)] + wrong
    return Made(_true(project, symbol, style, name=name), kind, (symbol.qualified_name,))


def _is_known(project: Project, name: str) -> bool:
    pattern = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    return any(pattern.search("\n".join(project.lines(path))) for path in project.symbols)


def _typo(name: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(name) - 1)
    kind = rng.choice(("swap", "drop", "double", "change"))
    if kind == "swap" and name[at] != name[at + 1]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == "drop":
        return name[:at] + name[at + 1 :]
    if kind == "double":
        return name[:at] + name[at] + name[at:]
    letter = rng.choice([each for each in string.ascii_lowercase if each != name[at].lower()])
    return name[:at] + letter + name[at + 1 :]


def _wrong_folder(project: Project, symbol: Symbol, style: str) -> Made | None:
    folders = sorted({path.rpartition("/")[0] for path in project.symbols} - {symbol.span.path.rpartition("/")[0], ""})
    name = symbol.span.path.rpartition("/")[2]
    free = [folder for folder in folders if not (project.root / folder / name).exists()]
    if not free:
        return None
    wrong = f"{project.random.choice(free)}/{name}"
    return Made(_true(project, symbol, style, path=wrong), "wrong folder", (_right(project, symbol, style),))


def _misspelt_path(project: Project, symbol: Symbol, style: str) -> Made | None:
    folder, _, name = symbol.span.path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    if len(stem) < SHORTEST:
        return None
    wrong = f"{folder}/{_typo(stem, project.random)}.{ending}".lstrip("/")
    if (project.root / wrong).exists():
        return None
    return Made(_true(project, symbol, style, path=wrong), "typo in the path", (_right(project, symbol, style),))


def _top_level(project: Project, path: str) -> list[Symbol]:
    return [symbol for symbol in citable(project.symbols)[path] if not symbol.container]


def _gone(
    project: Project, reserved: Sequence[str], kept: Sequence[str], styles: Iterator[str], count: int
) -> Iterator[Made]:
    """Definitions that are moved to another file, and files that are renamed or deleted, after the answer."""
    ways = cycle((_moved, _file_renamed, _file_deleted))
    left = list(kept)  # into each of which one definition is moved at most
    for path in reserved[:count]:
        way = next(ways)
        if way is _moved and not any(each.rpartition(".")[2] == path.rpartition(".")[2] for each in left):
            way = next(ways)
        yield way(project, path, left, next(styles))


def _moved(project: Project, path: str, kept: list[str], style: str) -> Made:
    symbol = project.random.choice(_top_level(project, path))
    ending = path.rpartition(".")[2]
    same = [each for each in kept if each.endswith(f".{ending}") and _folder(each) == _folder(path)]
    target = project.random.choice(same or [each for each in kept if each.endswith(f".{ending}")])
    kept.remove(target)
    lines, others = project.lines(path), project.lines(target)
    body = lines[symbol.span.start - 1 : symbol.span.end]
    while others and not others[-1].strip():
        others.pop()
    shift = len(others) + 2 - (symbol.span.start - 1)

    def edit() -> None:
        now = project.lines(target)  # others may have been moved there meanwhile
        while now and not now[-1].strip():
            now.pop()
        assert len(now) == len(others), "one definition is moved into a file at most"
        (project.root / target).write_text(
            "\n".join([*now, "", "", *body, ""]), encoding="utf-8", errors="surrogateescape"
        )
        rest = [*lines[: symbol.span.start - 1], *lines[symbol.span.end :]]
        (project.root / path).write_text("\n".join(rest), encoding="utf-8", errors="surrogateescape")

    project.edits.append(edit)
    return Made(
        _true(project, symbol, style), "moved to another file", (_right(project, symbol, style, target, shift),)
    )


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _file_renamed(project: Project, path: str, kept: list[str], style: str) -> Made:
    symbol = project.random.choice(_top_level(project, path))
    folder, _, name = path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    target = f"{folder}/{stem}_{project.random.choice(('core', 'impl', 'base'))}.{ending}".lstrip("/")
    project.edits.append(lambda: (project.root / path).rename(project.root / target) and None)
    return Made(_true(project, symbol, style), "file renamed", (_right(project, symbol, style, target),))


def _file_deleted(project: Project, path: str, kept: list[str], style: str) -> Made:
    symbol = project.random.choice(_top_level(project, path))
    project.edits.append((project.root / path).unlink)
    return Made(_true(project, symbol, style), "file deleted")
