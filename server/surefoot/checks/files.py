r"""Which files a written path means, and whether one that is not there is worth an alarm.

Invariant: nothing is read here, and no path that is ignored or looks like a secret gets a verdict.

The policy, held by tests/checks/test_paths.py:

- A path is found as it is written from a root, with the root's own folder before it, or by its end. An absolute path
  is found below a root; one from another machine, by its last two parts or more. Letter case and `\\` for `/` are
  slips: the file is there, and the correction says how it is written.
- The same file name in another folder is `moved`; a name that is nearly that of a file is `missing` with a correction.
- No alarm: patterns and placeholders, addresses, what a text says is to be created, arguments of a command, files of
  packages that the text speaks of and that are not here, absolute paths outside of the roots, names of products
  (`Node.js`), attributes (`response.json`), names that every project has (`config.py`) unless a folder or lines stand
  with them, files that users write (`.tool.toml`, `tool.yaml`, `.tool/x.json`) unless lines stand with them or their
  folder is here, anything without an ending that a file of code or text has, and code in fences unless lines stand
  with it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from surefoot.checks.users_files import may_be_users
from surefoot.checks.written import WrittenPlace
from surefoot.domain import SkipReason
from surefoot.retrieve.named import closest, closest_paths
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.working_tree import WorkingTree
from surefoot.syntax.languages import LANGUAGES
from surefoot.workspace.paths import parts_of
from surefoot.workspace.skip import file_name_skip_reason, is_vendored_folder

File = tuple[RootIndex, str]

NEAR_PATH = 0.8  # similarity of two files' names from which the one may be a slip for the other
NEARLY_THE_PATH = 0.9  # of the whole paths: the folder is misspelt, and no other one is meant
LEAST_STEM = 6  # letters of a file's name; shorter ones are near to many
FEWEST_PARTS = 2  # of a path from another machine that must fit: any project has a `main.py`
MOST_MATCHES = 50  # files that one bare name may mean and that are looked into
MOST_SEARCHES = 300  # for the nearest path or name in one text: each compares with all there are

_CODE_ENDINGS = frozenset(ending[1:] for language in LANGUAGES.values() for ending in language.extensions)
# Endings that are words too: as the last part of a dotted name they say nothing of a file.
_WEAK_ENDINGS = frozenset(
    """
    json json5 text txt html htm c h go sh xml csv log lock env data sql css r d m p s v ex in map key node io ini cfg
    conf sc star bzl ts cs rs md lua php hh cc swift dart zsh bash bat svg png jpg gif ico
    """.split()
)
_OTHER_ENDINGS = frozenset(
    """
    txt cfg ini conf xml csv tsv log lock gradle properties proto vue svelte scss sass less styl svg png jpg jpeg gif
    ico ipynb r jl zig hs ml mli clj erl pl pm tcl vim el cmake mk tf hcl graphql gql prisma bat ps1 cmd fish nix
    """.split()
)
KNOWN_ENDINGS = _CODE_ENDINGS | _OTHER_ENDINGS
# What examples are called, and what every project has: a bare one of these claims nothing.
_GENERIC = frozenset(
    """
    main app index example examples test tests foo bar baz qux config conf settings setup manage server script demo
    hello file path module package my your some conftest __init__ __main__ requirements pyproject tsconfig makefile
    readme changelog license contributing dockerfile gemfile rakefile cargo go build wsgi asgi tasks models views urls
    routes utils helpers types constants docker-compose compose logging deployment values nginx jest babel webpack vite
    eslint supervisord
    """.split()
)
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:path|to|your|my|foo|bar|baz|qux|some|example|examples|xxx+|placeholder)(?=[/_.-]|$)|\.\.\.", re.I
)
_PRODUCT = re.compile(r"[a-z]?[A-Z][A-Za-z0-9]*\.(?:js|ts|io|py|rs|go|css|jl)$|(?:socket|asp)\.\w+$|[a-z]+\.js$")
_KNOWN_PRODUCTS = frozenset("node.js next.js vue.js nuxt.js react.js express.js d3.js three.js discord.js".split())
_FOREIGN_FOLDERS = re.compile(r"(?:^|/)(?:site-packages|dist-packages|node_modules|lib/python3[\d.]*|\.cargo|go/pkg)/")
_CREATED = re.compile(
    r"(?:\b(?:creat(?:e|es|ed|ing)|add(?:s|ed|ing)?|writ(?:e|es|ten|ing)|generat(?:e|es|ed|ing)|sav(?:e|es|ed|ing)"
    r"|nam(?:e|ed|ing)|call(?:ed)?|make|introduc(?:e|es|ing)|produc(?:e|es|ed)|output|mkdir|touch|new|rename\w*"
    r"|will\s+be|would\s+be|news\s+fragment"
    r"|copy|e\.g|for example|such as|like|no|never|remov(?:e|ed|es)|delet(?:e|ed|es))\b[.,]?"
    r"(?:\s+(?:it|this|them|that|the|a|an|your|own|new|another|empty|small|test|module|file|script|folder|directory|to"
    r"|in|into|as|at|with|called|named|code|following|longer)\b)*[\s:`\"'*(]*)$",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"[`*_\"']{0,3}\s{0,2}[(\[]\s?(?:new|to be|not yet|planned|proposed|todo|tbd)\b", re.IGNORECASE)
# Where these stand before it, what is nearly the name of a file is still taken to be that file.
_PUT = re.compile(
    r"\b(?:put|place|move|extract)\s+(?:(?:`[^`\n]{1,60}`|[\w-]+)\s+){1,5}(?:in|into|to|under)\s+[`\"'*(]*$",
    re.IGNORECASE,
)
_UNTICKED = re.compile(r"[ \t]*[-*+][ \t]\[[ \t]\]")
_COMMAND = re.compile(r"`(?:\$ )?(?:[A-Z_]{2,30}=\S{0,60} )*[a-z./][\w./-]{1,40} [^`\n]{0,200}$")


_DIGITS = re.compile(r"\d+")
_LABEL = re.compile(r"[`*_]{0,3}\]\(https?:")  # what an address is shown as says what stands there
_ALONE_BEFORE = re.compile(r"(?:^|\n)[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d+[.)][ \t]+)?[`*_\"']*$")
_HEADING_BEFORE = re.compile(r"(?:^|\n)#{1,6}[ \t]+[`*_\"']*$")
_FENCE_AFTER = re.compile(r"[`*_\"']*[ \t]*:?[`*_]*[^\n]{0,200}\n\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What became of a written path: the files that it means, or else the one to write instead."""

    files: tuple[File, ...] = ()
    instead: File | None = None
    is_slip: bool = False  # the file is there, and is spelled otherwise
    is_elsewhere: bool = False  # the name is right, and the folder is not
    is_folder: bool = False


class Files:
    """The files of the tree by every way in which one may write them."""

    def __init__(self, tree: WorkingTree) -> None:
        self.tree = tree
        self._searches = 0
        self.find = lru_cache(maxsize=65536)(self._find)

    @cached_property
    def _by_name(self) -> dict[str, list[File]]:
        found: dict[str, list[File]] = {}
        for index, paths in self.tree.paths.items():
            for path in paths:
                if not path.endswith("/"):  # a folder that is left out as a whole
                    found.setdefault(path.rpartition("/")[2].lower(), []).append((index, path))
        for files in found.values():
            files.sort(key=lambda file: (len(file[1]), file[1]))
        return found

    @cached_property
    def _folders(self) -> dict[str, list[File]]:
        found: dict[str, list[File]] = {}
        for index, paths in self.tree.paths.items():
            folders = {above for path in paths for above in _above(path)}
            for folder in sorted(folders, key=lambda each: (len(each), each)):
                found.setdefault(folder.rpartition("/")[2].lower(), []).append((index, folder))
        return found

    @cached_property
    def endings(self) -> frozenset[str]:
        """The endings of the files that are there."""
        return frozenset(name.rpartition(".")[2] for name in self._by_name if "." in name.strip("."))

    def _find(self, written: str) -> Whereabouts | None:
        """Where a path stands; None where it is not about the workspace, or must not be judged."""
        if len(written) > 1000 or "\0" in written:
            return None
        wanted = written.replace("\\", "/")
        if re.match(r"[A-Za-z]:/|/|~|\$|%", wanted):
            return self._absolute(wanted)
        wanted = _shortest(wanted)
        if not wanted:
            return None
        found = self._ending_in(wanted, written)
        if found is None and wanted[:2] in {"a/", "b/"}:  # as a diff names them
            found = self._ending_in(wanted[2:], wanted[2:])
        found = found or self._folder(wanted, written)
        ending = wanted.rpartition(".")[2].lower()
        if found is None and "/" not in wanted and ending not in KNOWN_ENDINGS and ending not in self.endings:
            return None  # a dotted name, as most are
        return found or (None if self.is_hidden(wanted) else self._elsewhere(wanted))

    def _absolute(self, wanted: str) -> Whereabouts | None:
        for index in sorted(self.tree.indexes, key=lambda each: -len(each.root.path.parts)):
            root = index.root.path.as_posix()
            inside = _inside(wanted, root)
            if inside is not None:
                inside = _shortest(inside)
                if inside in self.tree.paths[index]:
                    return Whereabouts(((index, inside),))
                folder = self._folder(inside, inside)
                return folder or (None if not inside or self.is_hidden(inside) else self._elsewhere(inside))
        parts = [part for part in wanted.split("/") if part][-12:]
        if not parts or _FOREIGN_FOLDERS.search(wanted):
            return None
        candidates = self._by_name.get(parts[-1].lower(), [])
        scored = [(_common_end(parts, file), file) for file in candidates]
        best = max((score for score, _ in scored), default=0)
        if best < FEWEST_PARTS:
            return None
        return Whereabouts(tuple(file for score, file in scored if score == best)[:MOST_MATCHES])

    def _ending_in(self, wanted: str, written: str) -> Whereabouts | None:
        name = wanted.rpartition("/")[2].lower()
        spelled = [(file, _spellings(*file)) for file in self._by_name.get(name, ())]
        exact = [file for file, spellings in spelled if wanted in spellings]
        ends = exact or [file for file, spellings in spelled if any(each.endswith(f"/{wanted}") for each in spellings)]
        if ends:
            is_slip = "\\" in written
            return Whereabouts(tuple(ends[:MOST_MATCHES]), ends[0] if is_slip else None, is_slip)
        lowered = wanted.lower()
        alike = [
            file for file, spellings in spelled if any(f"/{each.lower()}".endswith(f"/{lowered}") for each in spellings)
        ]
        return Whereabouts(tuple(alike[:MOST_MATCHES]), alike[0], is_slip=True) if alike else None

    def _folder(self, wanted: str, written: str) -> Whereabouts | None:
        found = [
            file
            for file in self._folders.get(wanted.rpartition("/")[2].lower(), ())
            if any(f"/{each}".endswith(f"/{wanted}") for each in _spellings(*file))
        ]
        return Whereabouts(tuple(found[:MOST_MATCHES]), is_folder=True) if found and "\\" not in written else None

    def _elsewhere(self, wanted: str) -> Whereabouts | None:
        name = wanted.rpartition("/")[2].lower()
        same = {path: (index, path) for index, path in self._by_name.get(name, ())[:1000]}
        if same and "/" in wanted:
            return Whereabouts(instead=same[closest_paths(wanted, same)[0]], is_elsewhere=True)
        if "." not in name.strip(".") or self._searches >= MOST_SEARCHES:
            return Whereabouts()
        self._searches += 1
        paths = {path: (index, path) for files in self._by_name.values() for index, path in files}
        stem, _, ending = wanted.lower().rpartition(".")
        alike = [path for path in paths if path.lower().endswith(f".{ending}")]
        near = [path for path in closest_paths(wanted, alike, NEAR_PATH) if not _is_other_number(name, path)]
        # With another ending it is meant where a folder stands with it: `lib/hooks.ts` for `lib/hooks.js`.
        near += [path for path in paths if "/" in wanted and f"/{path.lower()}".rpartition(".")[0].endswith(f"/{stem}")]
        return Whereabouts(instead=paths[near[0]]) if near else Whereabouts()

    def named(self, name: str) -> list[File]:
        """The files of a name, in any folder."""
        return [file for file in self._by_name.get(name.lower(), ()) if file[1].rpartition("/")[2] == name]

    def is_renamed(self, path: str) -> bool:
        """Whether its folder has a file with nearly this name, which is long enough to say so."""
        folder, _, name = path.strip("./").lower().rpartition("/")
        stem, _, ending = name.rpartition(".")
        if len(stem) < LEAST_STEM:
            return False
        beside = [
            other.rpartition(".")[0]
            for other, files in self._by_name.items()
            if other.endswith(f".{ending}")
            and any(f"/{found.lower().rpartition('/')[0]}/".endswith(f"/{folder}/") for _, found in files)
        ]
        return bool(closest(stem, beside, NEAR_PATH))

    def is_made(self, name: str) -> bool:
        """Whether a file of this name is made from a template that is here."""
        return any(
            f"{name.lower()}.{ending}" in self._by_name for ending in ("in", "tmpl", "template", "j2", "erb", "tpl")
        )

    def has_stem(self, path: str) -> bool:
        """Whether its folder has a file of this name with another ending, of which it is made or that stands for it."""
        stem = f"/{path.lstrip('./').rpartition('.')[0]}."
        name = path.rpartition("/")[2].lower()
        begin = f"{name.rpartition('.')[0]}."
        others = (files for each, files in self._by_name.items() if each.startswith(begin) and each != name)
        return any(stem in f"/{found}" for files in others for _, found in files)

    def is_hidden(self, wanted: str) -> bool:
        """Whether a path that is not listed is ignored, a secret or other people's: nothing is said of those."""
        parts = parts_of(wanted)
        if parts is None or file_name_skip_reason(parts[-1]) is SkipReason.SECRET:
            return True
        folders = zip(("", *parts), parts[:-1], strict=False)
        if any(is_vendored_folder(folder, above) or folder == ".git" for above, folder in folders):
            return True
        if any(f"/{secret}".endswith(f"/{wanted}") for secret in self.tree.secrets):
            return True
        return any(self.tree.is_ignored(index.root, _from_root(index, wanted)) for index in self.tree.indexes)


def is_usual_name(name: str) -> bool:
    """Whether any project has a file of this name, in any of its folders."""
    return name.partition(".")[0].lower() in _GENERIC


def _is_other_number(name: str, path: str) -> bool:
    """Whether two names differ in their numbers only, as those of versions and migrations: neither is a slip then."""
    other = path.rpartition("/")[2].lower()
    return name != other and _DIGITS.sub("0", name) == _DIGITS.sub("0", other)


def _from_root(index: RootIndex, wanted: str) -> str:
    """A path that is written with its root's own folder before it, from the root."""
    folder = f"{index.root.path.name}/"
    return wanted.removeprefix(folder) if not (index.root.path / folder).is_dir() else wanted


def _inside(wanted: str, root: str) -> str | None:
    return wanted[len(root) :].lstrip("/") if f"{wanted}/".startswith(f"{root.rstrip('/')}/") else None


def _shortest(path: str) -> str:
    shortest = posixpath.normpath(path) if path else ""
    while shortest.startswith("../"):
        shortest = shortest[3:]
    return "" if shortest in {".", ".."} else shortest.strip("/")


def _above(path: str) -> Iterable[str]:
    parts = path.rstrip("/").split("/")
    last = len(parts) if path.endswith("/") else len(parts) - 1
    return ("/".join(parts[:end]) for end in range(1, last + 1))


def _spellings(index: RootIndex, path: str) -> tuple[str, str]:
    return path, f"{index.root.path.name}/{path}"


def _common_end(parts: list[str], file: File) -> int:
    own = [file[0].root.path.name, *file[1].split("/")]
    count = 0
    for here, there in zip(reversed(parts), reversed(own), strict=False):
        if here != there:
            break
        count += 1
    return count


def _is_quoted(text: str, place: WrittenPlace) -> bool:
    begin, end = place.path_at
    return text[max(0, begin - 1) : begin] in {"`", '"', "'"} and text[end : end + 1] in {"`", '"', "'"}


def is_product(place: WrittenPlace, text: str) -> bool:
    """Whether a bare name with the ending of a file is that of some software: Node.js, uWebSockets.js."""
    is_bare = not place.has_lines and "/" not in place.path
    is_named_so = bool(_PRODUCT.match(place.path)) and not _is_quoted(text, place)
    return is_bare and (is_named_so or place.path.lower() in _KNOWN_PRODUCTS)


def is_title_of_example(text: str, place: WrittenPlace, where: Whereabouts | None) -> bool:
    """Whether a path stands above a block of code, as the name of a file that the text makes up.

    What is nearly the name of a file that is there is that file.
    """
    begin, end = place.path_at
    if where is None or (where.instead is not None and not where.is_elsewhere):
        return False
    if _HEADING_BEFORE.search(text, max(0, begin - 40), begin):
        return True
    is_alone = _ALONE_BEFORE.search(text, max(0, begin - 40), begin)
    return bool(is_alone and _FENCE_AFTER.match(text, end))


def _is_placeholder(path: str, files: Files) -> bool:
    """Whether the path only shows what a path looks like; a folder that is there makes it a real one."""
    folder = path.replace("\\", "/").rpartition("/")[0]
    found = files.find(f"{folder}/") if folder else None
    return bool(_PLACEHOLDER.search(path)) and not (found is not None and found.is_folder)


def _is_users(path: str, where: Whereabouts | None, files: Files) -> bool:
    """Whether a path is that of a file which users write, and neither a slip nor in a folder that is here.

    The same name in another folder is no reason to think of that: one is in the examples of many projects.
    """
    if not may_be_users(path) or (where is not None and where.instead is not None and not where.is_elsewhere):
        return False
    folder, _, name = path.replace("\\", "/").rpartition("/")
    found = files.find(f"{folder}/") if folder.strip("./") else None
    return name.startswith(".") or found is None or not found.is_folder


def _is_slip_for(path: str, where: Whereabouts) -> bool:
    """Whether the whole path is nearly that of the file to write instead, and not only the name."""
    if where.instead is None:
        return False
    near = NEARLY_THE_PATH if where.is_elsewhere else NEAR_PATH
    return "/" not in path or bool(closest(path, [where.instead[1]], near))


def _is_proposed(text: str, place: WrittenPlace, where: Whereabouts | None) -> bool:
    """Whether a path is said to be made, is one of a task not yet done, or an argument of a command."""
    begin, end = place.path_at
    if _CREATED.search(text, max(0, begin - 80), begin) or _TO_COME.match(text, end):
        return True
    if where is not None and _is_slip_for(place.path, where):
        return False
    line = text.rfind("\n", 0, begin) + 1
    return bool(
        _UNTICKED.match(text, line, begin)
        or _PUT.search(text, max(line, begin - 160), begin)
        or _COMMAND.search(text, max(line, begin - 300), begin)
    )


def is_claim(place: WrittenPlace, text: str, files: Files, *, is_code: bool) -> bool:
    """Whether a path that is not there is said to be there: only then its absence is worth an alarm."""
    begin, end = place.path_at
    around = text[max(0, begin - 1) : begin] + text[end : end + 1]
    is_pattern = text[max(0, begin - 2) : begin].endswith("*") and text[begin - 2 : begin] != "**" and around != "**"
    if (
        is_pattern
        or set(around) & set("<>{}%$")
        or _is_placeholder(place.path, files)
        or place.path.startswith(("@", "-"))
    ):
        return False
    name = place.path.replace("\\", "/").rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name.strip(".") else ""
    where = files.find(place.path)
    if place.has_lines and "/" in place.path and where is not None:
        folder = files.find(f"{place.path.rpartition('/')[0]}/")
        if where.is_elsewhere or (folder is not None and folder.is_folder):
            return True  # whatever its ending, lines of something in this folder are meant
    if ending not in KNOWN_ENDINGS and ending not in files.endings:
        return False
    if place.has_lines:  # the lines of a stack trace may be those of a library or of the language itself
        return "/" in place.path or "\\" in place.path or ending not in _WEAK_ENDINGS or ending in files.endings
    if _is_users(place.path, where, files) or _LABEL.match(text, end) or is_title_of_example(text, place, where):
        return False
    if is_code or text[end : end + 1] == "(" or _is_proposed(text, place, where):
        return False
    if "/" in place.path or "\\" in place.path:
        return True
    if is_product(place, text):
        return False
    stem = name.partition(".")[0].lower()
    if ending in files.endings and ending in _CODE_ENDINGS and "_" in stem.strip("_") and _is_quoted(text, place):
        return True  # `queue_test.go`: no attribute is called so
    return ending not in _WEAK_ENDINGS and stem.strip("_") not in _GENERIC and stem not in _GENERIC
